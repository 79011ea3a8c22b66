"""Words as the index knows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entero.directory.matching.text import FUNCTION_WORDS, WORD, analyze, fold


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Counseling for the boys", "en", ["counsel", "boy"]),
        ("counselling, BOY'S", "en", ["counsel", "boy", "s"]),
        ("Sobrevivientes de la explotación", "es", ["sobrevivient", "explot"]),
        ("niños y niñas", "es", ["nin", "nin"]),
        ("", "en", []),
        ("the of and", "en", []),
        ("24/7 hotline", "en", ["24", "7", "hotlin"]),
    ],
)
def test_analyze_gives_stems_without_function_words(text: str, language: str, expected: list[str]) -> None:
    assert analyze(text, language) == expected


def test_accents_typed_or_not_are_the_same_word() -> None:
    assert analyze("adicción", "es") == [fold(word) for word in analyze("adicción", "es")]
    assert fold("Ñandú, ÁÉÍÓÚ ü") == "Nandu, AEIOU u"


@given(text=st.text(), language=st.sampled_from(["en", "es"]))
def test_analyze_never_raises_and_gives_clean_words(text: str, language: str) -> None:
    for word in analyze(text, language):
        assert word
        assert not any(sign.isspace() for sign in word)


@given(words=st.lists(st.sampled_from(["shelter", "boys", "help", "ayuda", "refugio"]), max_size=5))
def test_every_word_that_is_no_function_word_gives_one(words: list[str]) -> None:
    kept = [word for word in WORD.findall(" ".join(words)) if word not in FUNCTION_WORDS]
    assert len(analyze(" ".join(words), "en")) == len(kept)
