"""Pages for people who look for help are plain in both languages."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from tests.ui import readability

HELP_PAGES = ("home", "protection", "limits", "leaving", "directory:find_help", "directory:crisis")
BLOCKS = re.compile(r"</(?:p|li|h\d|dt|dd|summary|button|legend|label|a|b|td|th)>")


def _words_of(client: Client, name: str, language: str) -> str:
    with override(language):
        page = client.get(reverse(name)).content.decode()
    main = page.split("<main", 1)[1].split("</main>", 1)[0]
    return unescape(re.sub(r"<[^>]+>", " ", BLOCKS.sub("\n", main)).split(">", 1)[1])


@pytest.mark.django_db
@pytest.mark.parametrize("name", HELP_PAGES)
def test_help_page_reads_at_grade_six_or_below_in_english(client: Client, name: str) -> None:
    assert readability.flesch_kincaid_grade(_words_of(client, name, "en")) <= 6


@pytest.mark.django_db
@pytest.mark.parametrize("name", HELP_PAGES)
def test_help_page_reads_easily_in_spanish(client: Client, name: str) -> None:
    assert readability.inflesz(_words_of(client, name, "es")) >= 65


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("help", 1), ("alone", 2), ("table", 2), ("walked", 1), ("history", 3), ("places", 2)],
)
def test_english_syllables(word: str, syllables: int) -> None:
    assert readability.english_syllables(word) == syllables


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("ayuda", 3),
        ("día", 2),
        ("país", 2),
        ("idea", 3),
        ("leer", 2),
        ("cuidado", 3),
        ("quien", 1),
        ("hoy", 1),
    ],
)
def test_spanish_syllables(word: str, syllables: int) -> None:
    assert readability.spanish_syllables(word) == syllables


def test_hard_texts_are_told_from_easy_ones() -> None:
    easy, hard = (
        "You can call. It is free.",
        "Notwithstanding jurisdictional considerations, eligibility varies.",
    )
    assert readability.flesch_kincaid_grade(easy) < 3 < 12 < readability.flesch_kincaid_grade(hard)
    facil, dificil = (
        "Puedes llamar. Es gratis.",
        "Las consideraciones jurisdiccionales determinan la elegibilidad.",
    )
    assert readability.inflesz(dificil) < 40 < 65 < readability.inflesz(facil)
