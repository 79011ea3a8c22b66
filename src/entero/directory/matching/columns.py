"""What the index is built from: one row per service, as plain arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

AGE_NOT_STATED_MIN = 0
AGE_NOT_STATED_MAX = 120
HALF_HOURS_A_WEEK = 336
NO_STATE = 255
"""State number of a service that can be reached from every state (a national line)."""


@dataclass(frozen=True, kw_only=True)
class Columns:
    """One row per service, in the order that breaks ties (a lower row wins a tie).

    All arrays have length ``n`` unless a shape is given.

    Attributes:
        keys: ``V16`` identifiers (the bytes of a UUID), unique.
        lat, lon: ``float64`` degrees; NaN where the service has no public place.
        state: ``uint8`` number of the state, ``NO_STATE`` for everywhere.
        in_person: ``bool``, can be visited at ``lat``/``lon``.
        remote: ``bool``, can be reached from anywhere in ``state`` without a radius
            (by phone or video, statewide, or by service area).
        term_start: ``int64`` of shape ``(n + 1,)``; row ``i`` has the terms
            ``term_values[term_start[i]:term_start[i + 1]]``.
        term_values: ``uint16`` numbers of what the service offers (needs, settings).
        yes: ``uint64`` bit per population that is known to be accepted, and per plain
            property that is known to hold.
        no: ``uint64`` bit per population that is known to be refused. ``yes & no == 0``.
        age_min, age_max: ``uint8`` years, inclusive; 0 and 120 where not stated.
        languages: ``uint64`` bit per language the service is offered in.
        cost: ``uint8`` bits: 1 free, 2 sliding scale, 4 takes insurance.
        capacity: ``uint8``: 0 unknown, 1 open, 2 waiting list, 3 full.
        verified_day: ``int32`` days since 1970-01-01 of the newest check.
        schedule: ``uint16`` row of ``schedule_open``; row 0 stands for hours that are not known.
        zone: ``uint8`` number of its time zone, in a list that the caller keeps.
        organization: ``uint32`` number of who runs it.
        schedule_open: ``bool`` of shape ``(schedules, 336)``: open in that half hour of
            the week, Monday 00:00 first, in the service's own time zone.
        tokens: analyzed words of name and description of each row, separated by a space.
    """

    keys: NDArray[np.void]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    state: NDArray[np.uint8]
    in_person: NDArray[np.bool_]
    remote: NDArray[np.bool_]
    term_start: NDArray[np.int64]
    term_values: NDArray[np.uint16]
    yes: NDArray[np.uint64]
    no: NDArray[np.uint64]
    age_min: NDArray[np.uint8]
    age_max: NDArray[np.uint8]
    languages: NDArray[np.uint64]
    cost: NDArray[np.uint8]
    capacity: NDArray[np.uint8]
    verified_day: NDArray[np.int32]
    schedule: NDArray[np.uint16]
    zone: NDArray[np.uint8]
    organization: NDArray[np.uint32]
    schedule_open: NDArray[np.bool_]
    tokens: list[str]
