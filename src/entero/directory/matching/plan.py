"""Several needs at once: the fewest places that meet them together."""

from collections.abc import Sequence
from itertools import combinations

from entero.directory.matching.answer import Match, Plan, PlanKind, Stop

LOOKED_AT = 200
MAX_NEEDS = 12


def make_plan(matches: Sequence[Match], needs: tuple[str, ...]) -> Plan | None:
    """Return the plan with the fewest hand-offs over matches in order of score; None for one need.

    Exact: a smallest set of places that covers all the needs that are covered at all. Among equally small
    sets, one that stays within one organization wins (a hand-off between colleagues), then the better scores.
    """
    wanted = needs[:MAX_NEEDS]
    if len(wanted) < 2:
        return None
    places = [(match, _bits(match, wanted)) for match in matches[:LOOKED_AT]]
    whole = 0
    for _, bits in places:
        whole |= bits
    missing = tuple(need for number, need in enumerate(wanted) if not whole >> number & 1)
    if not whole:
        return Plan(kind=PlanKind.INCOMPLETE, stops=(), missing=missing)
    chosen = _smallest(places, whole)
    stops = _stops(chosen, wanted)
    if missing:
        return Plan(kind=PlanKind.INCOMPLETE, stops=stops, missing=missing)
    if len(stops) == 1:
        return Plan(kind=PlanKind.ONE_PLACE, stops=stops)
    same = len({match.organization for match, _ in chosen}) == 1
    return Plan(kind=PlanKind.SAME_ORGANIZATION if same else PlanKind.CHAIN, stops=stops)


def _bits(match: Match, needs: tuple[str, ...]) -> int:
    return sum(1 << number for number, need in enumerate(needs) if need in match.covers)


Place = tuple[Match, int]


def _smallest(places: Sequence[Place], whole: int) -> tuple[Place, ...]:
    """Return a smallest cover; at most one place per organization and set of needs can matter."""
    telling: dict[tuple[int, int], Place] = {}
    for match, bits in places:
        telling.setdefault((match.organization, bits), (match, bits))
    useful = _not_dominated([place for place in telling.values() if place[1]])
    for size in range(1, whole.bit_count() + 1):
        best: tuple[tuple[bool, float], tuple[Place, ...]] | None = None
        for group in combinations(useful, size):
            together = 0
            for _, bits in group:
                together |= bits
            if together != whole:
                continue
            rank = (len({m.organization for m, _ in group}) == 1, sum(m.score for m, _ in group))
            if best is None or rank > best[0]:
                best = (rank, group)
        if best:
            return best[1]
    raise AssertionError("the union of all places covers the whole")


def _not_dominated(places: list[Place]) -> list[Place]:
    """Keep, for each set of needs, the best few places; that keeps the search small and exact in size."""
    kept: dict[int, list[Place]] = {}
    for place in places:
        group = kept.setdefault(place[1], [])
        if len(group) < 3:
            group.append(place)
    return [place for group in kept.values() for place in group]


def _stops(chosen: tuple[Place, ...], needs: tuple[str, ...]) -> tuple[Stop, ...]:
    """Share the needs out, each to the first stop that meets it, the stop that meets most first."""
    left = set(range(len(needs)))
    stops = []
    for match, bits in sorted(chosen, key=lambda place: (-place[1].bit_count(), -place[0].score)):
        mine = [number for number in sorted(left) if bits >> number & 1]
        left -= set(mine)
        stops.append(Stop(key=match.key, needs=tuple(needs[number] for number in mine)))
    return tuple(stops)
