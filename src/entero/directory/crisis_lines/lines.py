"""Reads the crisis lines and says which of them nobody has checked for too long."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

CHECK_EVERY_DAYS = 180
NATIONAL = "US"


@dataclass(frozen=True)
class CrisisLine:
    """A line somebody can reach at once. Texts come in pairs, English and Spanish."""

    id: str
    place: str
    name: tuple[str, str]
    serves: tuple[str, str]
    hours: tuple[str, str]
    language_note: tuple[str, str]
    cost_note: tuple[str, str]
    text_word: tuple[str, str]
    call: str
    text: str
    chat: str
    languages: tuple[str, ...]
    cost: str
    serves_men: str
    ages: tuple[int, int] | None
    topics: tuple[str, ...]
    source: str
    source_url: str
    verified_on: date
    how_verified: str
    reverification: str

    @property
    def dial(self) -> str:
        """The number as a phone dials it."""
        digits = "".join(sign for sign in self.call if sign.isdigit())
        return f"+{digits}" if len(digits) == 11 else digits


@cache
def lines() -> tuple[CrisisLine, ...]:
    """Return every line in the order of the file."""
    raw = files(__package__).joinpath("lines.toml").read_text(encoding="utf-8")
    return tuple(_line(row) for row in tomllib.loads(raw)["line"])


def _pair(row: dict[str, Any], name: str) -> tuple[str, str]:
    return row.get(f"{name}_en", ""), row.get(f"{name}_es", "")


def _line(row: dict[str, Any]) -> CrisisLine:
    return CrisisLine(
        id=row["id"],
        place=row["place"],
        name=_pair(row, "name"),
        serves=_pair(row, "for"),
        hours=_pair(row, "hours"),
        language_note=_pair(row, "language_note"),
        cost_note=_pair(row, "cost_note"),
        text_word=_pair(row, "text_word"),
        call=row.get("call", ""),
        text=row.get("text", ""),
        chat=row.get("chat", ""),
        languages=tuple(row["languages"]),
        cost=row["cost"],
        serves_men=row["serves_men"],
        ages=tuple(row["ages"]) if "ages" in row else None,
        topics=tuple(row["topics"]),
        source=row["source"],
        source_url=row["source_url"],
        verified_on=row["verified_on"],
        how_verified=row["how_verified"],
        reverification=row.get("reverification", ""),
    )


def lines_for(
    state: str | None = None, *, topics: tuple[str, ...] = (), age: int | None = None
) -> tuple[CrisisLine, ...]:
    """Return the lines that serve a place, those of the state and of the topics first."""
    serving = [
        line
        for line in lines()
        if line.place in {NATIONAL, state}
        and (age is None or line.ages is None or line.ages[0] <= age <= line.ages[1])
    ]
    wanted = set(topics)
    return tuple(sorted(serving, key=lambda line: (not wanted & set(line.topics), line.place == NATIONAL)))


def stale(today: date) -> tuple[CrisisLine, ...]:
    """Return the lines last verified over 180 days ago that no note speaks for."""
    return tuple(
        line
        for line in lines()
        if (today - line.verified_on).days > CHECK_EVERY_DAYS and not line.reverification
    )
