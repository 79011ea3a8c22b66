"""Plans for several needs against every set of places there is."""

from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from entero.directory.matching.answer import Plan, PlanKind, Stop
from entero.directory.matching.match import find, match
from entero.directory.matching.profile import Profile
from tests.directory.matching.plain_reading import CALIFORNIA, NEEDS, SPOTS, TODAY, Thing, directory

LOOKING = Profile(needs=NEEDS[:4], today=TODAY)


@st.composite
def places(draw: st.DrawFn) -> list[Thing]:
    kinds = st.tuples(
        st.frozensets(st.sampled_from(NEEDS[:4]), max_size=3), st.integers(0, 3), st.integers(0, 4)
    )
    return [
        Thing(
            number=number,
            point=SPOTS[spot][:2],
            state=CALIFORNIA,
            terms=needs,
            organization=owner,
            checked=20_000 - number,
        )
        for number, (needs, owner, spot) in enumerate(draw(st.lists(kinds, max_size=9)), 1)
    ]


def every_smallest(things: list[Thing], needs: tuple[str, ...]) -> tuple[list[tuple[Thing, ...]], set[str]]:
    """Return all sets of the fewest places that meet what can be met, and what that is."""

    def met(group: tuple[Thing, ...]) -> set[str]:
        return {need for need in needs for thing in group if thing.offers(need)}

    whole = met(tuple(things))
    for size in range(len(things) + 1):
        found = [group for group in combinations(things, size) if met(group) == whole]
        if found:
            return found, whole
    raise AssertionError("all of them together are one")


@settings(max_examples=150, deadline=None)
@given(places())
def test_plan_is_one_of_the_smallest_and_the_best_of_those(things: list[Thing]) -> None:
    if not things:
        return
    here = directory(things)
    plan, found = match(here, LOOKING).plan, find(here, LOOKING)
    assert plan is not None
    smallest, whole = every_smallest(things, LOOKING.needs)
    assert plan.missing == tuple(need for need in LOOKING.needs if need not in whole)
    assert [need for stop in plan.stops for need in stop.needs].__len__() == len(whole)
    scores = {found.pool.key(at): float(found.scores.total[at]) for at in range(found.pool.size)}

    def worth(group: tuple[Thing, ...]) -> tuple[bool, float]:
        one = len({thing.organization for thing in group}) == 1 and len(group) > 1
        return one, round(sum(scores[thing.key] for thing in group), 6)

    by_key = {thing.key: thing for thing in things}
    chosen = tuple(by_key[stop.key] for stop in plan.stops)
    assert len(chosen) == len(smallest[0])
    assert worth(chosen) == max(worth(group) for group in smallest)
    for stop in plan.stops:
        assert stop.needs != ()
        assert all(by_key[stop.key].offers(need) for need in stop.needs)
    assert plan.kind is expected_kind(plan, chosen)


def expected_kind(plan: Plan, chosen: tuple[Thing, ...]) -> PlanKind:
    if plan.missing:
        return PlanKind.INCOMPLETE
    if len(chosen) == 1:
        return PlanKind.ONE_PLACE
    one = len({thing.organization for thing in chosen}) == 1
    return PlanKind.SAME_ORGANIZATION if one else PlanKind.CHAIN


def thing(number: int, *needs: str, owner: int = 0) -> Thing:
    return Thing(number=number, point=SPOTS[0][:2], terms=frozenset(needs), organization=owner)


def test_plan_prefers_colleagues_to_a_chain() -> None:
    everything = [
        thing(1, "trauma", owner=1),
        thing(2, "shelter", owner=2),
        thing(3, "trauma", owner=3),
        thing(4, "shelter", owner=3),
    ]
    plan = match(directory(everything), replace(LOOKING, needs=("trauma", "shelter"))).plan
    assert plan == Plan(
        kind=PlanKind.SAME_ORGANIZATION,
        stops=(
            Stop(key=thing(3).key, needs=("trauma",)),
            Stop(key=thing(4).key, needs=("shelter",)),
        ),
    )


def test_plan_says_what_nobody_meets() -> None:
    plan = match(directory([thing(1, "trauma")]), replace(LOOKING, needs=("trauma", "shelter"))).plan
    assert plan == Plan(
        kind=PlanKind.INCOMPLETE,
        stops=(Stop(key=thing(1).key, needs=("trauma",)),),
        missing=("shelter",),
    )


def test_no_plan_for_one_need() -> None:
    assert match(directory([thing(1, "trauma")]), replace(LOOKING, needs=("trauma",))).plan is None
