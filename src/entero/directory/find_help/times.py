"""Hours in words."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import time

from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from entero.directory.find_help.opening import Now, Opening, is_always
from entero.directory.hours import Hours


def clock(at: time) -> str:
    """Return a time of day as the reader's language writes it."""
    return time_format(at, "TIME_FORMAT")


def span(hour: Hours) -> str:
    return _("%(opens)s to %(closes)s") % {"opens": clock(hour.opens_at), "closes": clock(hour.closes_at)}


def lines(hours: Sequence[Hours]) -> list[tuple[str, str]]:
    """Return (days, hours) in the order of the week; days in a row with the same hours share a line."""
    if is_always(hours):
        return [(_("Every day"), _("Day and night"))]
    by_day = [(day, _together(hour for hour in hours if hour.weekday == day)) for day in range(7)]
    runs: list[tuple[list[int], str]] = []
    for day, text in by_day:
        if not text:
            continue
        if runs and runs[-1][1] == text and runs[-1][0][-1] == day - 1:
            runs[-1][0].append(day)
        else:
            runs.append(([day], text))
    return [(_days(days), text) for days, text in runs]


def _together(hours: Iterable[Hours]) -> str:
    return ", ".join(dict.fromkeys(span(hour) for hour in hours))


def _days(days: Sequence[int]) -> str:
    first, last = _weekday(days[0]), _weekday(days[-1])
    text = first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}
    return text[:1].upper() + text[1:]


def _weekday(day: int) -> str:
    """Spanish writes the days small; the first letter of a line is made large later."""
    name = str(WEEKDAYS[day])
    return name.lower() if (get_language() or "").startswith("es") else name


def now_line(state: Opening) -> str:
    """Say whether it is open now and until when."""
    if state.always:
        return _("Open now. Open day and night.")
    if state.now is Now.UNKNOWN:
        return _("We do not know when it is open. Call to ask.")
    if state.now is Now.OPEN and state.until is not None:
        return _("Open now, until %(time)s.") % {"time": clock(state.until)}
    if state.until is None or state.weekday is None:
        return _("Closed now.")
    return _("Closed now. Opens %(day)s at %(time)s.") % {
        "day": _weekday(state.weekday),
        "time": clock(state.until),
    }


def plain(hours: Sequence[Hours]) -> Iterator[str]:
    """Yield one line of text for each run of days."""
    for days, text in lines(hours):
        yield f"{days}: {text}"
