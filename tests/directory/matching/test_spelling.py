"""Slips of the pen are forgiven, and words that somebody uses are left alone."""

from dataclasses import replace

import pytest

from entero.directory.matching.match import match
from entero.directory.matching.profile import Profile
from entero.directory.matching.spelling import corrected
from tests.directory.matching.plain_reading import TODAY, Thing, apply, directory, patched

THINGS = [
    Thing(number=1, words=("river", "veteran", "counseling")),
    Thing(number=2, words=("rivet",)),
    Thing(number=3, words=("river", "men")),
]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("river", "river"),
        ("rivet", "rivet"),
        ("rivex", "river"),
        ("rvier", "river"),
        ("xiver", "xiver"),
        ("mem", "mem"),
        ("vetran", "veteran"),
        ("vetrn", "vetrn"),
        ("counsling", "counseling"),
        ("cousnlig", "cousnlig"),
        ("conselinng", "counseling"),
        ("", ""),
    ],
)
def test_corrected_bends_only_what_nobody_says(typed: str, meant: str) -> None:
    assert corrected(directory(THINGS), (typed,)) == (meant,)


def test_corrected_knows_what_was_changed_since() -> None:
    changed = [replace(THINGS[0], words=("harbor",))]
    assert apply(THINGS, changed)[0].words == ("harbor",)
    assert corrected(patched(THINGS, changed), ("harbur", "harbor")) == ("harbor",)


def test_match_forgives_a_slip() -> None:
    result = match(directory(THINGS), Profile(words=("vetran",), today=TODAY))
    assert result.matches[0].key == THINGS[0].key
