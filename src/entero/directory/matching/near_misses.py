"""Why not: the best services that fail exactly one thing."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from entero.directory.matching.answer import Evidence, NearMiss
from entero.directory.matching.pool import CLOSED, Pool
from entero.directory.matching.profile import Profile
from entero.directory.matching.reasons import failures_of
from entero.directory.matching.rows import Flags
from entero.directory.matching.score import Numbers


def failing_once(pool: Pool, profile: Profile) -> Flags:
    """Say which services exactly one thing speaks against."""
    against = pool.no.sum(axis=0) + pool.barred + pool.age_outside(profile.ages) + pool.full
    if profile.now is not None:
        against = against + (pool.open_now == CLOSED)
    return np.asarray(against == 1)


def near_misses(
    pool: Pool,
    totals: Numbers,
    profile: Profile,
    at: NDArray[np.intp],
    evidence: Mapping[bytes, Mapping[str, Evidence]],
) -> tuple[NearMiss, ...]:
    """Return the services at these positions of a pool, each with exactly what fails."""
    found = []
    for position in at.tolist():
        key = pool.key(position)
        (fails,) = failures_of(pool, position, profile, evidence.get(key, {}))
        found.append(
            NearMiss(key=key, fails=fails, miles=pool.miles_or_none(position), score=float(totals[position]))
        )
    return tuple(found)
