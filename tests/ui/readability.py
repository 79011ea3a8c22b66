"""How hard a text is to read: Flesch-Kincaid for English, INFLESZ (Szigriszt) for Spanish."""

import re

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
SENTENCE_END = re.compile(r"[.!?:;…]+|\n+")
SPANISH_VOWELS = re.compile(
    r"[iuüy]?[aeoáéó][iuyü](?![^\W\d_]*[íú])|[iuü][aeoáéó]|[aeoáéó][iuy]|[iu]{2}|[aeiouáéíóúüy]",
    re.IGNORECASE,
)


def english_syllables(word: str) -> int:
    """Count groups of vowels, without a silent e at the end."""
    word = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", word))
    if re.search(r"[^aeiouy]e$|[^aeiouydt]ed$|[^aeiouyscxz]es$", word) and not re.search(
        r"[^aeiou]le$", word
    ):
        groups -= 1
    return max(groups, 1)


def spanish_syllables(word: str) -> int:
    """Count vowels, taking a weak one beside a strong one as the same syllable."""
    word = re.sub(r"qu|gu(?=[eiéí])", "k", word.lower())
    return max(len(SPANISH_VOWELS.findall(word)), 1)


def _counts(text: str) -> tuple[list[str], int]:
    sentences = [part for part in SENTENCE_END.split(text) if WORD.search(part)]
    return WORD.findall(text), max(len(sentences), 1)


def flesch_kincaid_grade(text: str) -> float:
    """Return the school grade (Kincaid et al., 1975)."""
    words, sentences = _counts(text)
    syllables = sum(map(english_syllables, words))
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def inflesz(text: str) -> float:
    """Return Szigriszt's ease (1992); 65 and more is fairly easy on the INFLESZ scale."""
    words, sentences = _counts(text)
    syllables = sum(map(spanish_syllables, words))
    return 206.835 - 62.3 * syllables / len(words) - len(words) / sentences
