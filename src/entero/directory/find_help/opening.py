"""Is it open now? In the time zone of the place, not of the reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from entero.directory.hours import Hours

ALL_DAY_FROM = time(23, 59)
"""Who closes at 23:59 or at midnight does not close between two open days."""


class Now(StrEnum):
    """Whether somebody would be there."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Opening:
    """The state now, and when it ends: the time it closes, or the day (0 to 6) and time it opens.

    ``until`` is None when it never closes, when it never opens, or when nothing is known.
    """

    now: Now
    until: time | None = None
    weekday: int | None = None
    always: bool = False


def opening(hours: Sequence[Hours], moment: datetime, zone: str) -> Opening:
    """Return the state at an aware moment; unknown without hours or without a time zone that exists."""
    if not hours:
        return Opening(Now.UNKNOWN)
    if is_always(hours):
        return Opening(Now.OPEN, always=True)
    try:
        local = moment.astimezone(ZoneInfo(zone))
    except (ValueError, KeyError, OSError):
        return Opening(Now.UNKNOWN)
    for hour in hours:
        if _covers(hour, local):
            return Opening(Now.OPEN, until=hour.closes_at)
    weekday, opens_at = _next(hours, local)
    return Opening(Now.CLOSED, until=opens_at, weekday=weekday)


def is_always(hours: Sequence[Hours]) -> bool:
    """Say whether it is open day and night, all week."""
    whole = {hour.weekday for hour in hours if hour.opens_at == time(0) and _ends_the_day(hour)}
    return len(whole) == 7


def _ends_the_day(hour: Hours) -> bool:
    return hour.closes_at >= ALL_DAY_FROM or hour.closes_at == time(0)


def _covers(hour: Hours, local: datetime) -> bool:
    """Hours that close at or before they open run past midnight."""
    at, today = local.time(), local.weekday()
    if hour.opens_at < hour.closes_at:
        return hour.weekday == today and hour.opens_at <= at < hour.closes_at
    yesterday = (today - 1) % 7
    return (hour.weekday == today and at >= hour.opens_at) or (
        hour.weekday == yesterday and at < hour.closes_at
    )


def _next(hours: Sequence[Hours], local: datetime) -> tuple[int, time]:
    def wait(hour: Hours) -> timedelta:
        days = (hour.weekday - local.weekday()) % 7
        begins = datetime.combine(local.date() + timedelta(days=days), hour.opens_at)
        ahead = begins - local.replace(tzinfo=None)
        return ahead if ahead > timedelta(0) else ahead + timedelta(days=7)

    soonest = min(hours, key=wait)
    return soonest.weekday, soonest.opens_at
