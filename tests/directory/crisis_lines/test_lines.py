"""Crisis lines belong to places, are sourced, and may not grow old unseen."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from entero.directory.crisis_lines import lines as module
from entero.directory.crisis_lines.lines import lines, lines_for, stale


def test_every_line_says_what_a_caller_must_know() -> None:
    for line in lines():
        assert line.call or line.text or line.chat
        assert all(line.name)
        assert all(line.serves)
        assert all(line.hours)
        assert line.cost
        assert line.serves_men in {"yes", "no", "unknown"}
        assert line.source
        assert line.source_url.startswith("https://")
        assert line.how_verified


def test_the_ended_option_of_988_is_not_offered() -> None:
    line = next(line for line in lines() if line.id == "988")
    assert "3" not in "".join((*line.language_note, *line.serves))


def test_lines_are_found_by_place_never_by_language() -> None:
    assert {line.place for line in lines_for("CA")} == {"US"}
    assert lines_for("CA") == lines_for("TX")


def test_lines_for_a_topic_come_first() -> None:
    assert lines_for("CA", topics=("trafficking_support",))[0].id == "national-human-trafficking-hotline"


def test_stale_names_a_line_after_180_days(monkeypatch: pytest.MonkeyPatch) -> None:
    newest = max(line.verified_on for line in lines())
    assert stale(newest + timedelta(days=180)) == tuple(
        line for line in lines() if (newest - line.verified_on).days > 0
    )
    spoken_for = replace(lines()[0], reverification="2027-06-01: called, answers.")
    monkeypatch.setattr(module, "lines", lambda: (spoken_for, *lines()[1:]))
    named = stale(newest + timedelta(days=181))
    assert spoken_for not in named
    assert len(named) == len(lines()) - 1


def test_no_line_is_stale_today() -> None:
    assert stale(date.today()) == ()  # noqa: DTZ011


def test_dial_is_what_a_phone_takes() -> None:
    assert {line.id: line.dial for line in lines() if line.call}["rainn"] == "+18006564673"
