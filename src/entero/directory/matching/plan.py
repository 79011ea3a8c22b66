"""Several needs at once: the fewest places that meet them together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entero.directory.matching.answer import Plan, PlanKind, Stop
from entero.directory.matching.pool import Pool
from entero.directory.matching.rows import Flags
from entero.directory.matching.score import Numbers, best

Bits = NDArray[np.int64]

MOST_NEEDS = 8
"""More needs than this at once are planned for the first eight."""


@dataclass(frozen=True, slots=True)
class Place:
    """A candidate: its position in the pool, and the needs it meets as bits."""

    at: int
    bits: int
    score: float


def make_plan(pool: Pool, totals: Numbers, flags: Flags, needs: tuple[str, ...]) -> Plan | None:
    """Return the plan with the fewest hand-offs over the flagged services; None for fewer than two needs.

    Exact: no smaller set of places meets the needs that are met at all. Among equally small sets, one that
    stays within one organization wins (a hand-off between colleagues), then the higher sum of scores.
    """
    wanted = needs[:MOST_NEEDS]
    if len(wanted) < 2:
        return None
    bits = np.where(flags, (1 << np.arange(len(wanted))) @ pool.needs[: len(wanted)], 0)
    whole = int(np.bitwise_or.reduce(bits)) if len(bits) else 0
    missing = tuple(need for number, need in enumerate(wanted) if not whole >> number & 1)
    if not whole:
        return Plan(kind=PlanKind.INCOMPLETE, stops=(), missing=missing)
    everywhere = _smallest(_places(pool, totals, bits, bits > 0), whole)
    within = _within_one(pool, totals, bits, whole, len(everywhere))
    stops = _stops(pool, within or everywhere, wanted)
    return Plan(kind=_kind(missing, len(stops), within is not None), stops=stops, missing=missing)


def _kind(missing: tuple[str, ...], stops: int, within_one: bool) -> PlanKind:
    if missing:
        return PlanKind.INCOMPLETE
    if stops == 1:
        return PlanKind.ONE_PLACE
    return PlanKind.SAME_ORGANIZATION if within_one else PlanKind.CHAIN


def _places(pool: Pool, totals: Numbers, bits: Bits, flags: Flags) -> list[Place]:
    """Return the best place for each set of needs: a smallest cover never holds two of the same set."""
    found = []
    for needs in np.unique(bits[flags]).tolist():
        (at,) = best(pool, totals, flags & (bits == needs), 1).tolist()
        found.append(Place(at, needs, float(totals[at])))
    return found


Cover = tuple[Place, ...]


def _smallest(places: list[Place], whole: int) -> Cover:
    """Return the cover with the fewest places, then the highest sum of scores.

    Level by level over the sets of needs that are met so far. Each step meets the lowest need that is
    still open, which every cover must, so nothing is missed.
    """
    level: dict[int, tuple[float, Cover]] = {0: (0.0, ())}
    while whole not in level:
        wider: dict[int, tuple[float, Cover]] = {}
        for met, (score, cover) in level.items():
            lowest = (whole & ~met) & -(whole & ~met)
            for place in places:
                if place.bits & lowest:
                    then, value = met | place.bits, score + place.score
                    if then not in wider or value > wider[then][0]:
                        wider[then] = (value, (*cover, place))
        level = wider
    return level[whole][1]


def _within_one(pool: Pool, totals: Numbers, bits: Bits, whole: int, size: int) -> Cover | None:
    """Return the best cover of that size within one organization, if there is one."""
    if size == 1:
        return None
    at = np.flatnonzero(bits)
    order = at[np.argsort(pool.organization[at], kind="stable")]
    starts = np.flatnonzero(np.diff(pool.organization[order].astype(np.int64), prepend=-1))
    together = np.bitwise_or.reduceat(bits[order], starts)
    covers = []
    for start in starts[together == whole].tolist():
        mine = (pool.organization == pool.organization[order[start]]) & (bits > 0)
        covers.append(_smallest(_places(pool, totals, bits, mine), whole))
    fitting = [cover for cover in covers if len(cover) == size]
    return max(fitting, key=lambda cover: sum(place.score for place in cover), default=None)


def _stops(pool: Pool, chosen: Cover, needs: tuple[str, ...]) -> tuple[Stop, ...]:
    """Share the needs out, each to the first stop that meets it, the stop that meets most first."""
    left = set(range(len(needs)))
    stops = []
    for place in sorted(chosen, key=lambda place: (-place.bits.bit_count(), -place.score, place.at)):
        mine = [number for number in sorted(left) if place.bits >> number & 1]
        left -= set(mine)
        stops.append(Stop(key=pool.key(place.at), needs=tuple(needs[number] for number in mine)))
    return tuple(stops)
