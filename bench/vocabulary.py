"""The words of a made-up directory, English and Spanish: 60 topics for 5 groups make 300 terms."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from entero.directory.matching.text import analyze

FOLDER = Path(__file__).parent / "words"
LANGUAGES = ("en", "es")

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Vocabulary:
    """``texts`` are analyzed words by number and language; everything else points into them.

    ``topic[language][term]`` are the words of a term; ``group`` and ``people`` say what each term is about.
    """

    texts: dict[str, list[str]]
    common: dict[str, Numbers]
    kinds: dict[str, Numbers]
    names: Numbers
    cities: Numbers
    topic: dict[str, list[Numbers]]
    group: list[str]
    people: list[str]


def table(name: str) -> list[list[str]]:
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line]


def word_list(name: str) -> list[str]:
    return list(dict.fromkeys((FOLDER / name).read_text(encoding="utf-8").split()))


@cache
def raw_topics() -> dict[str, list[list[str]]]:
    """Return the plain words of each of the 300 terms, by language."""
    topics, people = table("topics.tsv"), table("people.tsv")
    return {
        language: [(topic[at].split() + group[at].split()) for topic in topics for group in people]
        for at, language in enumerate(LANGUAGES, start=1)
    }


def vocabulary(cities: list[str]) -> Vocabulary:
    """Return all words, with those of the given cities (one entry per city, in their order)."""
    known: dict[str, int] = {}

    def numbers(words: list[str]) -> Numbers:
        return np.array([known.setdefault(word, len(known)) for word in words], np.int64)

    kinds = [row[0].split() for row in table("kinds.tsv")]
    common = {"en": numbers(word_list("english.txt")), "es": numbers(word_list("spanish.txt"))}
    kind = {"en": numbers(kinds[0]), "es": numbers(kinds[1])}
    names, towns = numbers(word_list("names.txt")), numbers(cities)
    topic = {language: [numbers(words) for words in raw_topics()[language]] for language in LANGUAGES}
    return Vocabulary(
        texts={language: [" ".join(analyze(word, language)) for word in known] for language in LANGUAGES},
        common=common,
        kinds=kind,
        names=names,
        cities=towns,
        topic=topic,
        group=[row[0] for row in table("topics.tsv") for _ in table("people.tsv")],
        people=[row[0] for _ in table("topics.tsv") for row in table("people.tsv")],
    )
