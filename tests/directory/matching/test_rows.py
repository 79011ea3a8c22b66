"""Plain reads of an index against a plain look at the columns."""

from dataclasses import replace

import numpy as np
import pytest

from bench.reference import Reference
from entero.directory.matching import facets, rows
from entero.directory.matching.build import build
from entero.directory.matching.columns import NO_STATE
from entero.directory.matching.query import Query
from tests.directory.matching import random_directories

COLUMNS = random_directories.columns(21, 700)
INDEX = build(COLUMNS)
ORDER = INDEX.arrays.tie
REFERENCE = Reference(COLUMNS, random_directories.WORDS)


def originals(found: np.ndarray) -> set[int]:
    assert list(found) == sorted(set(found.tolist()))
    return set(ORDER[found].tolist())


@pytest.mark.parametrize("miles", [0.0, 3.0, 60.0, 6_000.0])
@pytest.mark.parametrize(("lat", "lon"), random_directories.SPOTS)
def test_rows_within_are_all_that_can_be_visited(lat: float, lon: float, miles: float) -> None:
    found, far = rows.rows_within(INDEX, lat, lon, miles)
    expected = COLUMNS.in_person & (REFERENCE.miles(lat, lon) <= miles)
    assert originals(found) == set(np.flatnonzero(expected).tolist())
    assert far == pytest.approx(REFERENCE.miles(lat, lon)[ORDER[found]], abs=1e-6)


@pytest.mark.parametrize("state", [0, 4, 7, NO_STATE])
def test_rows_in_a_state_and_remote_ones(state: int) -> None:
    assert originals(rows.rows_in_state(INDEX, state)) == set(np.flatnonzero(COLUMNS.state == state))
    everywhere = (COLUMNS.state == state) | (COLUMNS.state == NO_STATE)
    assert originals(rows.rows_remote(INDEX, state)) == set(np.flatnonzero(COLUMNS.remote & everywhere))


@pytest.mark.parametrize("terms", [(), (3,), (3, 4), (99,), (3, 99)])
def test_rows_with_any_term(terms: tuple[int, ...]) -> None:
    bounds = zip(COLUMNS.term_start[:-1], COLUMNS.term_start[1:], strict=True)
    expected = {row for row, (a, b) in enumerate(bounds) if set(terms) & set(COLUMNS.term_values[a:b])}
    assert originals(rows.rows_with_any_term(INDEX, terms)) == expected


def test_has_any_and_has_all_differ_where_one_of_two_holds() -> None:
    every = np.arange(INDEX.n, dtype=np.int32)
    one, two = (rows.has_all(INDEX, every, facets.YES, 1 << bit) for bit in (0, 1))
    assert (rows.has_all(INDEX, every, facets.YES, 3) == (one & two)).all()
    assert (rows.has_any(INDEX, every, facets.YES, 3) == (one | two)).all()
    assert not rows.has_all(INDEX, every, facets.YES, 1 << 60).any()
    assert not rows.has_any(INDEX, every, facets.YES, 1 << 60).any()


def test_distances_are_infinite_without_a_place() -> None:
    every = np.arange(INDEX.n, dtype=np.int32)
    far = rows.distances(INDEX, every, 40.0, -75.0)
    assert (np.isinf(far) == np.isnan(COLUMNS.lat[ORDER])).all()


def test_a_key_that_is_not_there_has_no_row() -> None:
    assert rows.row_of_key(INDEX, b"\0" * 16) is None
    assert rows.row_of_key(INDEX, b"\xff" * 16) is None
    assert rows.row_of_key(build(random_directories.columns(1, 0)), b"\0" * 16) is None


@pytest.mark.parametrize("all_words", [True, False])
@pytest.mark.parametrize("words", [("w0",), ("w1", "w5"), ("w1", "unheard"), ("w2", "w2", "w9")])
def test_word_scores_are_bm25(words: tuple[str, ...], all_words: bool) -> None:
    found, scores = rows.word_scores(INDEX, words, all_words=all_words)
    query = Query(state=0, words=words, all_words=all_words)
    said, relevance = REFERENCE._words(query)
    assert originals(found) == set(np.flatnonzero(said).tolist())
    assert scores / (scores + 5) == pytest.approx(relevance[ORDER[found]])


def test_words_of_an_empty_directory_match_nothing() -> None:
    empty = build(replace(random_directories.columns(1, 0), tokens=[]))
    found, scores = rows.word_scores(empty, ("w1",), all_words=True)
    assert len(found) == len(scores) == 0
