"""Words as the index knows them: lower case, function words dropped, stemmed, accents folded."""

import re
import unicodedata
from functools import lru_cache

import Stemmer

WORD = re.compile(r"[^\W_]+")
FUNCTION_WORDS = frozenset(
    "a an and are as at be by for from has he her his in is it its of on or our she that the their they "
    "this to was we will with you your al como con de del el en es la las lo los para por que se su sus "
    "un una y o e".split()
)
_STEMMERS = {"en": Stemmer.Stemmer("english"), "es": Stemmer.Stemmer("spanish")}


def fold(text: str) -> str:
    """Return the text without accents."""
    parts = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in parts if unicodedata.category(sign) != "Mn")


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """Return the Snowball stem of a lower-case word in English or Spanish, folded."""
    return fold(_STEMMERS[language].stemWord(word))


def analyze(text: str, language: str) -> list[str]:
    """Return the words of a text in order; ``language`` is ``en`` or ``es``. Never raises on text."""
    return [stem(word, language) for word in WORD.findall(text.lower()) if word not in FUNCTION_WORDS]
