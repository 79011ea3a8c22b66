"""Building: the same directory gives the same bytes, and nothing is lost or made up."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entero.directory.matching import facets
from entero.directory.matching.build import build
from entero.directory.matching.columns import NO_STATE
from entero.directory.matching.facets import TooManyProperties
from entero.directory.matching.index import Arrays, Statistics
from entero.directory.matching.rows import has_all, key_of, postings, row_of_key, terms_of
from tests.directory.matching import random_directories


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(0, 120))
def test_the_same_columns_give_the_same_bytes(seed: int, n: int) -> None:
    one, other = (build(random_directories.columns(seed, n)) for _ in range(2))
    for field in fields(Arrays):
        assert getattr(one.arrays, field.name).tobytes() == getattr(other.arrays, field.name).tobytes()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(1, 120))
def test_every_service_is_found_again_as_it_was(seed: int, n: int) -> None:
    columns = random_directories.columns(seed, n)
    index = build(columns)
    for original in range(n):
        row = row_of_key(index, columns.keys[original].tobytes())
        assert row is not None
        assert key_of(index, row) == columns.keys[original].tobytes()
        record = index.arrays.records[row]
        assert record["tie"] == original
        assert record["age_min"] == columns.age_min[original]
        assert record["age_max"] == columns.age_max[original]
        assert record["verified_day"] == columns.verified_day[original]
        assert record["schedule"] == columns.schedule[original]
        assert record["length"] == len(columns.tokens[original].split())
        start, end = columns.term_start[original : original + 2]
        assert terms_of(index, row) == tuple(columns.term_values[start:end])


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), properties=st.sampled_from([3, 12, 50]))
def test_properties_are_the_same_as_records_and_as_bitmaps(seed: int, properties: int) -> None:
    columns = random_directories.columns(seed, 130, properties=properties)
    index = build(columns)
    order = index.arrays.tie
    rows = np.arange(130, dtype=np.int32)
    for kind, values in (
        (facets.YES, columns.yes),
        (facets.NO, columns.no),
        (facets.LANGUAGE, columns.languages),
    ):
        for bit in range(properties):
            expected = (values[order] >> np.uint64(bit) & np.uint64(1)).astype(bool)
            assert (has_all(index, rows, kind, 1 << bit) == expected).all()
            position = index.plan.place[kind, bit]
            if position >= 0:
                bits = np.unpackbits(index.arrays.bitmaps[position].view(np.uint8), bitorder="little")
                assert (bits[:130] == expected).all()
                assert index.arrays.bitmap_counts[position] == expected.sum()
            else:
                assert not expected.any()


def test_ages_share_a_bitmap_between_limits() -> None:
    columns = random_directories.columns(5, 200)
    index = build(columns)
    order = index.arrays.tie
    for age in (0, 11, 12, 17, 18, 24, 25, 120, 121, 255):
        bitmap = index.arrays.bitmaps[index.arrays.age_bitmap[age]]
        bits = np.unpackbits(bitmap.view(np.uint8), bitorder="little")[:200]
        assert (bits == ((columns.age_min <= age) & (columns.age_max >= age))[order]).all()


def test_too_many_age_limits_give_no_bitmaps() -> None:
    columns = random_directories.columns(5, 200)
    index = build(replace(columns, age_min=np.arange(200, dtype=np.uint8) % 100))
    assert (index.arrays.age_bitmap == -1).all()


def test_postings_say_where_and_how_often() -> None:
    columns = random_directories.columns(7, 80)
    index = build(columns)
    for word in (*random_directories.WORDS, "unheard"):
        rows, times = postings(index, word)
        found = dict(zip(index.arrays.tie[rows].tolist(), times.tolist(), strict=True))
        said = {row: text.split().count(word) for row, text in enumerate(columns.tokens)}
        assert found == {row: count for row, count in said.items() if count}
        assert list(rows) == sorted(rows)
        assert index.frequency(word) == len(rows)


def test_rows_lie_by_state_then_remote_then_ground() -> None:
    columns = random_directories.columns(9, 500)
    index = build(columns)
    order = index.arrays.tie
    segment = columns.state[order].astype(int) * 2 + columns.remote[order]
    assert (np.diff(segment) >= 0).all()
    start = index.arrays.segment_start
    assert start[-1] == 500
    for state in (0, 4, NO_STATE):
        assert start[2 * state + 2] - start[2 * state] == (columns.state == state).sum()


def test_a_part_beside_a_large_index_takes_its_statistics_and_ties() -> None:
    columns = random_directories.columns(3, 4)
    statistics = Statistics(1_000, 12.5, {"w1": 40})
    index = build(columns, statistics=statistics, ties=np.array([7, 5, 3, 1], np.int32))
    assert index.statistics is statistics
    assert index.frequency("w1") == 40
    assert index.frequency("w2") == 0
    assert set(index.arrays.tie) == {1, 3, 5, 7}


def test_too_many_properties_are_refused() -> None:
    with pytest.raises(TooManyProperties, match="at most 128"):
        build(random_directories.columns(1, 500, properties=62))


def test_an_unplaced_service_cannot_be_visited() -> None:
    columns = random_directories.columns(2, 60)
    index = build(replace(columns, in_person=np.ones(60, bool)))
    visited = has_all(index, np.arange(60, dtype=np.int32), facets.OTHER, 1 << facets.IN_PERSON)
    assert (visited == ~np.isnan(columns.lat[index.arrays.tie])).all()
