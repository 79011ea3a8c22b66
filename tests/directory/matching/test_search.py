"""The search against a look at every single service."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.reference import Reference
from entero.directory.matching.build import build
from entero.directory.matching.index import Index
from entero.directory.matching.query import TOP, Query
from entero.directory.matching.search import search
from tests.directory.matching import random_directories

SIZES = (0, 1, 7, 60, 400, 2_000)
NEARLY = 1e-9


def assert_right(index: Index, reference: Reference, query: Query, *, engine: str) -> int:
    """Compare one answer with the reference; rows may change places only where scores are equal."""
    expected = reference.top(query)
    found = search(index, query, engine=engine)
    assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=NEARLY)
    rows = [int(index.arrays.tie[row]) for row, _ in found]
    assert len(set(rows)) == len(rows)
    matches, scores = reference.evaluate(query)
    assert all(matches[rows])
    assert [score for _, score in found] == pytest.approx(list(scores[rows]), abs=NEARLY)
    return len(found)


@pytest.mark.parametrize("engine", ["numpy", "numba"])
@pytest.mark.parametrize(("seed", "n"), list(enumerate(SIZES)))
def test_search_equals_a_look_at_every_service(seed: int, n: int, engine: str) -> None:
    columns = random_directories.columns(seed, n, properties=50 if seed % 2 else 12)
    index, reference = build(columns), Reference(columns, random_directories.WORDS)
    chance = Random(seed)
    found = sum(
        assert_right(index, reference, random_directories.query(chance), engine=engine) for _ in range(150)
    )
    assert found > 0 or n < 7


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(0, 90))
def test_both_engines_agree(seed: int, n: int) -> None:
    columns = random_directories.columns(seed, n)
    index = build(columns)
    chance = Random(seed)
    for _ in range(20):
        query = random_directories.query(chance)
        by_numpy, compiled = search(index, query, engine="numpy"), search(index, query, engine="numba")
        assert [score for _, score in compiled] == pytest.approx([score for _, score in by_numpy], abs=NEARLY)


@pytest.mark.parametrize("engine", ["numpy", "numba"])
def test_equal_scores_come_in_the_order_of_the_columns(engine: str) -> None:
    index = build(random_directories.equal_columns(50))
    found = search(index, Query(state=4, today=random_directories.TODAY), engine=engine)
    assert [int(index.arrays.tie[row]) for row, _ in found] == list(range(TOP))
    assert len({score for _, score in found}) == 1


@pytest.mark.parametrize("engine", ["numpy", "numba"])
def test_what_cannot_match_is_an_empty_answer(engine: str) -> None:
    index = build(random_directories.columns(3, 200))
    for query in (
        Query(state=200),
        Query(state=4, words=("unheard",)),
        Query(state=4, terms=(999,)),
        Query(state=4, required=1 << 60),
        Query(state=4, languages=(60,)),
        Query(state=4, age=-1),
        Query(state=4, open_slot=336),
        Query(lat=0.0, lon=0.0, radius=-1.0),
    ):
        assert search(index, query, engine=engine) == []


def test_a_query_without_a_place_is_refused() -> None:
    with pytest.raises(ValueError, match="a point or a state"):
        search(build(random_directories.columns(3, 20)), Query(words=("w1",)))
