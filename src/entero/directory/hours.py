"""Opening hours, and how staff type those of a day: "9:00-12:00, 13:00-17:30", or nothing when closed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Hours:
    """Open on one weekday (0 is Monday) from one time to another."""

    weekday: int
    opens_at: time
    closes_at: time


_TIME = re.compile(r"^(\d{1,2})(?:[:.](\d{2}))?\s*([ap]\.?\s?m\.?)?$", re.IGNORECASE)
MAX_PARTS = 6


class NotHours(ValueError):
    """The text is no list of opening hours; ``part`` is what could not be read."""

    def __init__(self, part: str) -> None:
        self.part = part
        super().__init__(part)


def parse(text: str) -> tuple[tuple[time, time], ...]:
    """Return the hours of one day in order of time. Raises NotHours.

    Each part has a start before its end, and no two overlap. A night is written on both of its days.
    """
    parts = [part.strip() for part in text.replace("–", "-").replace(";", ",").split(",") if part.strip()]
    found = sorted(_part(part) for part in parts)
    overlapping = any(later[0] < earlier[1] for earlier, later in pairwise(found))
    if len(found) > MAX_PARTS or overlapping:
        raise NotHours(text.strip())
    return tuple(found)


def _part(part: str) -> tuple[time, time]:
    opens, _, closes = part.partition("-")
    try:
        hours = _time(opens.strip()), _time(closes.strip())
    except ValueError as error:
        raise NotHours(part) from error
    if hours[0] >= hours[1]:
        raise NotHours(part)
    return hours


def _time(text: str) -> time:
    match = _TIME.match(text)
    if match is None:
        raise NotHours(text)
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= 12:
            raise NotHours(text)
        hour = hour % 12 + (12 if match[3][0].lower() == "p" else 0)
    if (hour, minute) == (24, 0):
        return time(23, 59)
    return time(hour, minute)


def show(hours: Iterable[tuple[time, time]]) -> str:
    """Return the text that ``parse`` reads back."""
    return ", ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in sorted(hours))
