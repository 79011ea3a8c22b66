"""How far an old fact can still be believed.

Confidence is ``0.5 ** (age / half-life)``: 1 on the day of the check, one half after a half-life.
The half-lives come from the two editions of SAMHSA's directory that lie two years apart (2022 and 2024),
measured by matching facilities by street and ZIP code: 34 to 41 in 100 addresses were not found again,
17 to 19 in 100 telephone numbers had changed, 15 to 17 in 100 stated services or groups had been dropped.
A share ``lost`` in two years gives the half-life ``2 / log2(1 / (1 - lost))`` years.
"""

from datetime import date
from enum import StrEnum
from math import log2

YEARS_APART = 2.0
DAYS_A_YEAR = 365.25
CALL_FIRST_BELOW = 0.6
"""Below this confidence a page says to call first; about two years after a survey."""


class Kind(StrEnum):
    """What a fact is about; each kind ages at its own pace."""

    PLACE = "place"
    PHONE = "phone"
    ACCEPTANCE = "acceptance"
    CAPACITY = "capacity"


LOST_IN_TWO_YEARS = {Kind.PLACE: 0.375, Kind.PHONE: 0.18, Kind.ACCEPTANCE: 0.16}
HALF_LIFE_DAYS = {
    kind: YEARS_APART / log2(1 / (1 - lost)) * DAYS_A_YEAR for kind, lost in LOST_IN_TWO_YEARS.items()
} | {Kind.CAPACITY: 3.0}
"""Days. Room changes within days: no source measures it, so three days are our own cautious choice."""

WEAKEST = Kind.PLACE
"""A service as a whole is only as sure as its address: this half-life speaks for it."""


def confidence(observed_on: date, today: date, kind: Kind = WEAKEST) -> float:
    """Return how far a fact can be believed, from 1 down to 0; a date in the future counts as today."""
    days = max((today - observed_on).days, 0)
    return float(0.5 ** (days / HALF_LIFE_DAYS[kind]))


def call_first(observed_on: date, today: date) -> bool:
    """Say whether the newest check is so old that a page must say: call first."""
    return confidence(observed_on, today) < CALL_FIRST_BELOW
