"""From what somebody types to the needs of the vocabulary, in English and Spanish, typos forgiven.

Phrases of the vocabulary are looked for first, the longest first; a word that is left over may differ from a
known word by one slip (two in words of nine letters and more). Short words are never bent. A need right after
a plain negation ("no drugs", "sin alcohol") is not taken for a wish.
"""

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from entero.directory.vocabulary.terms import terms

MAX_TEXT = 1_000
MAX_WORDS = 120
ONE_SLIP_FROM = 5
TWO_SLIPS_FROM = 9
FIRST_LETTER_SURE_BELOW = 7
"""Shorter words keep their first letter: people seldom get it wrong, and another word is near."""
NEGATIONS = frozenset({"no", "not", "without", "sin", "never", "nunca", "dont", "ni"})
FILLERS = frozenset(
    "a an and are as at be but by do for from had has have he help her here him his how i if im in is it "
    "its me my need of on or our please she so some someone that the their them there they this to us was "
    "we what when where who with you your want looking find al algo alguien ayuda busco como con cual "
    "cuando de del donde el ella en es esta este estoy hay la las le lo los me mi mis muy necesito o para "
    "pero por que quien quiero se ser si soy su sus te tengo tu un una uno unos y ya".split()
)


@dataclass(frozen=True)
class Understood:
    """What a text asks for: ids of terms, the surest first, and the words that said nothing."""

    terms: tuple[str, ...]
    rest: tuple[str, ...]


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case without accents, at most ``MAX_WORDS``."""
    plain = unicodedata.normalize("NFKD", text[:MAX_TEXT].lower().replace("’", "'"))
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign) and sign != "'")
    return "".join(sign if sign.isalnum() else " " for sign in kept).split()[:MAX_WORDS]


def understand(text: str) -> Understood:
    """Return the terms a text names. Total, never raises; reads at most ``MAX_TEXT`` signs."""
    words = words_of(text)
    taken = [False] * len(words)
    found: dict[str, None] = {}
    for length in range(min(_longest(), len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            if any(taken[start : start + length]):
                continue
            hit = _phrases().get(tuple(_stem(word) for word in words[start : start + length]))
            if hit is None and length == 1 and words[start] not in FILLERS:
                hit = _bent(words[start])
            if hit is None:
                continue
            taken[start : start + length] = [True] * length
            if not (start and words[start - 1] in NEGATIONS and length == 1):
                found.update(dict.fromkeys(hit))
    rest = [
        word
        for word, used in zip(words, taken, strict=True)
        if not used and word not in FILLERS and word not in NEGATIONS and len(word) > 2
    ]
    return Understood(tuple(found), tuple(rest))


def _stem(word: str) -> str:
    """Cut the plural: enough to bring drug and drugs, droga and drogas together."""
    if len(word) > 5 and word.endswith("es") and word[-3] not in "aeiou":
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


@cache
def _phrases() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return the terms of each phrase that people type, as stems."""
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for term in terms().values():
        for phrase in (*term.en_words, *term.es_words, term.id.replace("_", " ")):
            key = tuple(_stem(word) for word in words_of(phrase))
            if term.id not in found[key]:
                found[key].append(term.id)
    return {key: tuple(ids) for key, ids in found.items()}


@cache
def _longest() -> int:
    return max(len(key) for key in _phrases())


@cache
def _single_words() -> dict[int, list[str]]:
    """Return the stems that are a phrase of their own, by length."""
    groups: dict[int, list[str]] = defaultdict(list)
    for key in _phrases():
        if len(key) == 1 and len(key[0]) >= ONE_SLIP_FROM:
            groups[len(key[0])].append(key[0])
    return dict(groups)


def _bent(word: str) -> tuple[str, ...] | None:
    """Return the terms of the nearest known word within the slips that its length allows."""
    stem = _stem(word)
    if len(stem) < ONE_SLIP_FROM or not stem.isalpha():
        return None
    allowed = 2 if len(stem) >= TWO_SLIPS_FROM else 1
    best: tuple[int, str] | None = None
    for length in range(len(stem) - allowed, len(stem) + allowed + 1):
        for known in _single_words().get(length, []):
            if len(stem) < FIRST_LETTER_SURE_BELOW and stem[0] != known[0]:
                continue  # "norte" is a name, not a slip of "corte"
            slips = distance(stem, known, allowed)
            if slips <= allowed and (best is None or (slips, known) < best):
                best = (slips, known)
    return _phrases()[(best[1],)] if best else None


def distance(one: str, other: str, limit: int) -> int:
    """Return the slips between two words (insert, drop, replace, swap neighbors).

    Optimal string alignment; returns ``limit + 1`` as soon as the limit is passed.
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        row = [i]
        for j, right in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before, last = last, row
    return min(last[-1], limit + 1)
