"""Why not: the best services that fail exactly one thing."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from entero.directory.matching import weights
from entero.directory.matching.answer import Evidence, NearMiss
from entero.directory.matching.pool import CLOSED, Pool
from entero.directory.matching.profile import Profile
from entero.directory.matching.reasons import failures_of
from entero.directory.matching.score import Numbers, best, helpful


def failing_once(pool: Pool, profile: Profile) -> NDArray[np.intp]:
    """Return the positions of helpful services that exactly one thing speaks against."""
    against = pool.no.sum(axis=0) + pool.age_outside(profile.ages) + pool.full
    if profile.now is not None:
        against = against + (pool.open_now == CLOSED)
    return np.flatnonzero((against == 1) & helpful(pool, profile))


def near_misses(
    pool: Pool,
    totals: Numbers,
    profile: Profile,
    evidence: Mapping[bytes, Mapping[str, Evidence]],
) -> tuple[NearMiss, ...]:
    """Return the best few near misses, each with exactly what fails; ``pool`` holds only such."""
    found = []
    for at in best(pool, totals, weights.NEAR_MISSES):
        position = int(at)
        key = pool.key(position)
        fails = failures_of(pool, position, profile, evidence.get(key, {}))
        miles = float(pool.miles[position])
        found.append(
            NearMiss(
                key=key,
                fails=fails[0],
                miles=miles if np.isfinite(miles) else None,
                score=float(totals[position]),
            )
        )
    return tuple(found)
