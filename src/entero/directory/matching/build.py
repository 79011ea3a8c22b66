"""Builds an index out of columns: orders the rows, packs their properties, inverts their words."""

from array import array
from collections import defaultdict
from itertools import count

import numpy as np
from numpy.typing import NDArray

from entero.directory.matching import facets
from entero.directory.matching.columns import Columns
from entero.directory.matching.geo import MICRO, NOWHERE, build_grid, cell_column, cell_row
from entero.directory.matching.index import RECORD, Arrays, Index, Statistics

MAX_ROWS = 1 << 24
"""A posting is 32 bits: 24 for the row, 8 for how often the word occurs in it."""

MAX_TIMES = 255
NO_CELL = np.int32(1 << 20)


def build(
    columns: Columns, *, statistics: Statistics | None = None, ties: NDArray[np.int32] | None = None
) -> Index:
    """Return the index of the columns; the same columns give the same bytes.

    ``statistics`` and ``ties`` are given for a small part that is searched beside a larger index.
    Raises ValueError above 16,777,216 rows, and facets.TooManyProperties.
    """
    n = len(columns.lat)
    if n > MAX_ROWS:
        raise ValueError(f"{n} rows; at most {MAX_ROWS}")
    order, segment, row, column, placed = _order(columns)
    grid = build_grid(segment[order], row[order], column[order], placed[order])
    plan = facets.make_plan(columns)
    packed = facets.pack(columns, plan)
    packed = packed[0][order], packed[1][order] if len(packed[1]) else packed[1]
    ages, age_maps = facets.age_bitmaps(columns.age_min[order], columns.age_max[order])
    bitmaps = np.concatenate((facets.transpose(packed, plan.used), age_maps))
    rank = np.empty(n, np.int32)
    rank[order] = np.arange(n, dtype=np.int32)
    words, word_start, word_posts, length = _invert(columns.tokens, rank)
    high, low, key_order = _keys(columns, order)
    term_start, term_values = _terms_by_row(columns, order)
    term_posts, posts = _rows_by_term(term_start, term_values)
    arrays = Arrays(
        records=_records(columns, order, packed[0], length, ties),
        more_facets=packed[1],
        bitmaps=bitmaps,
        bitmap_counts=np.bitwise_count(bitmaps.view(np.uint64)).sum(axis=1, dtype=np.int64),
        age_bitmap=np.where(ages < 0, ages, ages + plan.used).astype(np.int16),
        plan=plan.place,
        organization=columns.organization[order],
        schedule_open=np.ascontiguousarray(columns.schedule_open.T),
        key_high=high,
        key_low=low,
        key_order=key_order,
        term_start=term_start,
        term_values=term_values,
        term_posts=term_posts + len(word_posts),
        posts=np.concatenate((word_posts, posts)),
        word_start=word_start,
        words=np.frombuffer("\n".join(words).encode(), np.uint8),
        segment_start=grid.segment_start,
        occupied=grid.occupied,
        lines=grid.lines,
        pointers=grid.pointers,
    )
    mean = float(length.mean()) if n else 0.0
    return Index(arrays, statistics or Statistics(n, mean))


def _records(
    columns: Columns,
    order: NDArray[np.int64],
    packed: NDArray[np.int64],
    length: NDArray[np.uint16],
    ties: NDArray[np.int32] | None,
) -> NDArray[np.void]:
    records = np.zeros(len(order), RECORD)
    records["facets"] = packed
    records["lat_micro"] = _micro(columns.lat)[order]
    records["lon_micro"] = _micro(columns.lon)[order]
    records["tie"] = order if ties is None else ties[order]
    records["length"] = length
    for name in ("verified_day", "schedule", "age_min", "age_max", "zone"):
        records[name] = getattr(columns, name)[order]
    return records


def _order(
    columns: Columns,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_]]:
    """Return the order of the ground, and segment, cell row, cell column, placed of each row."""
    placed = ~(np.isnan(columns.lat) | np.isnan(columns.lon))
    row = np.full(len(placed), NO_CELL, np.int32)
    column = np.full(len(placed), NO_CELL, np.int32)
    row[placed] = cell_row(_micro(columns.lat[placed]) / MICRO)
    column[placed] = cell_column(_micro(columns.lon[placed]) / MICRO)
    segment = columns.state.astype(np.int32) * 2 + columns.remote
    key = (segment.astype(np.int64) << 44) | (row.astype(np.int64) << 22) | column
    return np.argsort(key, kind="stable"), segment, row, column, placed


def _micro(degrees: NDArray[np.float64]) -> NDArray[np.int32]:
    return np.where(np.isnan(degrees), NOWHERE, np.round(degrees * MICRO)).astype(np.int32)


def _keys(
    columns: Columns, order: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.int32]]:
    halves = np.ascontiguousarray(columns.keys[order]).view(">u8").reshape(-1, 2)
    high, low = halves[:, 0].astype(np.uint64), halves[:, 1].astype(np.uint64)
    key_order = np.lexsort((low, high)).astype(np.int32)
    return high, low, key_order


def _terms_by_row(columns: Columns, order: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.uint16]]:
    """Return the terms of each row in index order, as starts and values."""
    counts = np.diff(columns.term_start)[order]
    start = np.zeros(len(order) + 1, np.int32)
    np.cumsum(counts, out=start[1:])
    within = np.arange(int(start[-1])) - np.repeat(start[:-1], counts)
    values = columns.term_values[np.repeat(columns.term_start[:-1][order], counts) + within]
    return start, values.astype(np.uint16)


def _rows_by_term(
    start: NDArray[np.int32], values: NDArray[np.uint16]
) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Return where the postings of each term begin, and the postings."""
    rows = np.repeat(np.arange(len(start) - 1, dtype=np.int64), np.diff(start))
    pairs = np.unique((values.astype(np.int64) << 32) | rows)
    most = int(values.max()) + 1 if len(values) else 0
    bounds = np.searchsorted(pairs, np.arange(most + 1, dtype=np.int64) << 32)
    return bounds.astype(np.int64), ((pairs & 0xFFFFFF) << 8 | 1).astype(np.uint32)


def _invert(
    tokens: list[str], rank: NDArray[np.int32]
) -> tuple[list[str], NDArray[np.int64], NDArray[np.uint32], NDArray[np.uint16]]:
    """Return sorted words, where the postings of each begin, the postings, and lengths by row."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    flat = array("i")
    lengths = np.empty(len(tokens), np.int64)
    for position, text in enumerate(tokens):
        words = text.split()
        lengths[position] = len(words)
        flat.extend(map(numbers.__getitem__, words))
    names = sorted(numbers)
    renumber = np.empty(len(names), np.int64)
    for new, name in enumerate(names):
        renumber[numbers[name]] = new
    by_row = np.zeros(len(tokens), np.uint16)
    by_row[rank] = np.minimum(lengths, 65_535)
    keys = renumber[np.frombuffer(flat, np.int32)] if len(flat) else np.zeros(0, np.int64)
    keys <<= 24
    keys |= np.repeat(rank, lengths)
    keys.sort()
    first = np.empty(len(keys), bool)
    first[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    at = np.flatnonzero(first)
    times = np.minimum(np.diff(np.append(at, len(keys))), MAX_TIMES)
    keys = keys[at]
    start = np.searchsorted(keys, np.arange(len(names) + 1, dtype=np.int64) << 24)
    posts = ((keys & 0xFFFFFF) << 8 | times).astype(np.uint32)
    return names, start.astype(np.int64), posts, by_row
