"""Where to look: first nearby, then wider, one stated step at a time. No step loosens an exclusion."""

from dataclasses import dataclass

import numpy as np

from entero.directory.matching import facets
from entero.directory.matching.answer import Step
from entero.directory.matching.index import Index
from entero.directory.matching.pool import TELEHEALTH, Directory
from entero.directory.matching.profile import Profile
from entero.directory.matching.rows import (
    Rows,
    has_any,
    rows_in_state,
    rows_remote,
    rows_with_any_term,
    rows_within,
)
from entero.directory.vocabulary.terms import terms

SAME_ROWS = frozenset({Step.UNKNOWN_NEEDS, Step.HOTLINES})
"""Steps that look at the same services again, with another eye."""

MILES = {Step.MILES_50: 50.0, Step.MILES_100: 100.0}


@dataclass(frozen=True)
class Reach:
    """How far the search goes by now."""

    miles: float
    steps: tuple[Step, ...] = ()

    def wider(self, step: Step) -> "Reach":
        return Reach(max(self.miles, MILES.get(step, 0.0)), (*self.steps, step))


def steps_for(profile: Profile) -> tuple[Step, ...]:
    """Return the steps that can widen this profile's search, in order."""
    spot, steps = profile.spot, []
    if spot is not None and spot.lat is not None and not profile.remote_only:
        steps += [step for step, miles in MILES.items() if miles > profile.miles]
        steps += [Step.REMOTE, Step.STATEWIDE]
    if profile.wants:
        steps.append(Step.UNKNOWN_NEEDS)
    return (*steps, Step.HOTLINES)


def rows_for(directory: Directory, profile: Profile, reach: Reach) -> list[Rows]:
    """Return the rows of each part that lie within reach."""
    return [_rows(part.index, profile, reach) for part in directory.parts]


def _rows(index: Index, profile: Profile, reach: Reach) -> Rows:
    spot = profile.spot
    if spot is None:
        return _remote_only(index, profile, np.arange(index.n, dtype=np.int32))
    found = [rows_remote(index, spot.state)]
    in_state = rows_in_state(index, spot.state)
    if spot.lat is None or spot.lon is None or Step.STATEWIDE in reach.steps:
        found.append(_remote_only(index, profile, in_state))
    elif Step.REMOTE in reach.steps or profile.remote_only:
        found.append(_by_phone(index, in_state))
    if spot.lat is not None and spot.lon is not None and not profile.remote_only:
        found.append(rows_within(index, spot.lat, spot.lon, reach.miles)[0])
    return np.unique(np.concatenate(found)).astype(np.int32)


def _by_phone(index: Index, rows: Rows) -> Rows:
    return np.intersect1d(rows, rows_with_any_term(index, [terms()[TELEHEALTH].number]))


def _remote_only(index: Index, profile: Profile, rows: Rows) -> Rows:
    if not profile.remote_only:
        return rows
    reachable = has_any(index, rows, facets.OTHER, 1 << facets.REMOTE)
    return np.union1d(rows[reachable], _by_phone(index, rows)).astype(np.int32)
