"""Bends a word that nobody uses to the nearest one that somebody does."""

from entero.directory.matching.index import Index
from entero.directory.matching.pool import Directory
from entero.directory.vocabulary.free_text import ONE_SLIP_FROM, TWO_SLIPS_FROM, distance


def corrected(directory: Directory, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the analyzed words as names and descriptions spell them.

    A word that occurs is never touched; another may differ by one slip from five letters on, by two from
    nine on, and keeps its first letter. Of equally near words the more frequent wins, then the first in
    the alphabet.
    """
    return tuple(dict.fromkeys(_corrected(directory, word) for word in words))


def _corrected(directory: Directory, word: str) -> str:
    indexes = [part.index for part in directory.parts]
    if len(word) < ONE_SLIP_FROM or any(word in index.word_numbers for index in indexes):
        return word
    return min((near for index in indexes for near in _near(index, word)), default=(0, 0, word))[2]


def _near(index: Index, word: str) -> list[tuple[int, int, str]]:
    """Return slips, rarity and spelling of the words that are close."""
    allowed = 2 if len(word) >= TWO_SLIPS_FROM else 1
    close = []
    for known in index.word_numbers:
        if known[0] == word[0] and abs(len(known) - len(word)) <= allowed:
            slips = distance(word, known, allowed)
            if slips <= allowed:
                close.append((slips, -index.frequency(known), known))
    return close
