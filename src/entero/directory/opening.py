"""Opening hours as half hours of the week, which is how the search knows them."""

from collections.abc import Iterable
from datetime import time

import numpy as np
from numpy.typing import NDArray

from entero.directory.matching.columns import HALF_HOURS_A_WEEK

HALF_HOURS_A_DAY = 48
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

Opening = tuple[int, time, time]
"""Weekday (0 is Monday), when it opens, when it closes."""


def half_hours(openings: Iterable[Opening]) -> NDArray[np.bool_]:
    """Return ``bool (336,)``: open in at least a part of that half hour, Monday 00:00 first.

    Who closes at or before the hour of opening stays open past midnight; equal hours are a whole day.
    A half hour that is open in part counts as open: nobody is sent away from a door that may be open.
    """
    week = np.zeros(HALF_HOURS_A_WEEK, bool)
    for weekday, opens, closes in openings:
        start = opens.hour * 60 + opens.minute
        end = closes.hour * 60 + closes.minute
        if end <= start:
            end += 24 * 60
        first = weekday * HALF_HOURS_A_DAY + start // 30
        last = weekday * HALF_HOURS_A_DAY + -(-end // 30)
        week[np.arange(first, last) % HALF_HOURS_A_WEEK] = True
    return week
