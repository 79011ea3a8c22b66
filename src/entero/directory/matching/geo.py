"""Where rows lie: a grid of cells, and which stretches of rows a disc can touch.

Rows are ordered by segment (state, then whether it is remote), then by cell, south to north and west to east.
So a state is one stretch of rows, what is remote in a state is one, and a disc is a few dozen.
Distances are great circles on a sphere of ``EARTH_RADIUS_MILES``.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from entero.directory.matching.query import EARTH_RADIUS_MILES

ROW_DEGREES = 0.08
COLUMN_DEGREES = 0.104
SEGMENTS = 512
"""Two for each possible state number: what is visited only, and what is remote."""

MICRO = 1_000_000
"""Positions are kept to a millionth of a degree (11 cm)."""

NOWHERE = 2**31 - 1
"""Stands for a latitude or longitude that is not known."""

SLACK = 1e-6
"""Degrees that a disc is widened by, more than any rounding."""

TINY = 1e-18

IntArray = NDArray[np.int32]
Stretch = tuple[int, int]
NO_BOUNDS = np.zeros(0, np.int32), np.zeros(0, np.int32)


@dataclass(frozen=True)
class Grid:
    """First document row of every cell that lies between the outermost services of its line of cells.

    Attributes:
        segment_start: ``int32 (SEGMENTS + 1,)`` first row of each segment.
        occupied: ``int32 (k, 4)``, one entry per segment with placed services: number of the segment,
            its first cell row, its number of cell rows, and which line is its first.
        lines: ``int32 (lines, 3)`` first cell column, number of columns, where its pointers begin.
        pointers: ``int32`` first document row of each cell, with one entry more at each line's end.
    """

    segment_start: IntArray
    occupied: IntArray
    lines: IntArray
    pointers: IntArray

    @cached_property
    def by_row(self) -> "Lines":
        """All lines of all segments, from south to north."""
        counts = self.occupied[:, 2]
        within = np.arange(len(self.lines), dtype=np.int32) - np.repeat(self.occupied[:, 3], counts)
        row = np.repeat(self.occupied[:, 1], counts) + within
        segment = np.repeat(self.occupied[:, 0], counts)
        order = np.argsort(row, kind="stable")
        column, width, base = self.lines[order].T
        return Lines(row[order], segment[order], column, width, base)


class Lines(NamedTuple):
    """Cell row, segment, first cell column, number of columns, and where the pointers of each line begin."""

    row: IntArray
    segment: IntArray
    column: IntArray
    width: IntArray
    base: IntArray


def cell_row(lat: NDArray[np.float64]) -> IntArray:
    return np.floor((lat + 90.0) / ROW_DEGREES).astype(np.int32)


def cell_column(lon: NDArray[np.float64]) -> IntArray:
    return np.floor((lon + 180.0) / COLUMN_DEGREES).astype(np.int32)


def build_grid(segment: IntArray, row: IntArray, column: IntArray, placed: NDArray[np.bool_]) -> Grid:
    """Make the grid of rows that are already in order; rows without a place come last in a segment."""
    starts = np.searchsorted(segment, np.arange(SEGMENTS + 1)).astype(np.int32)
    occupied: list[tuple[int, int, int, int]] = []
    lines: list[tuple[int, int, int]] = []
    parts: list[IntArray] = []
    used = 0
    for number in range(SEGMENTS):
        first, last = int(starts[number]), int(starts[number + 1])
        last = first + int(np.count_nonzero(placed[first:last]))
        if first == last:
            continue
        r0, nr = int(row[first]), int(row[last - 1]) - int(row[first]) + 1
        occupied.append((number, r0, nr, len(lines)))
        bounds = first + np.searchsorted(row[first:last], r0 + np.arange(nr + 1))
        for a, b in pairwise(bounds.tolist()):
            if a == b:
                lines.append((0, 0, 0))
                continue
            c0, nc = int(column[a]), int(column[b - 1]) - int(column[a]) + 1
            lines.append((c0, nc, used))
            parts.append((a + np.searchsorted(column[a:b], c0 + np.arange(nc + 1))).astype(np.int32))
            used += nc + 1
    pointers = np.concatenate(parts) if parts else np.zeros(0, np.int32)
    return Grid(
        starts,
        np.array(occupied, np.int32).reshape(-1, 4),
        np.array(lines, np.int32).reshape(-1, 3),
        pointers,
    )


def disc_rows(lat: float, miles: float) -> tuple[int, int]:
    """Return the first and last cell row that a disc can touch."""
    reach = math.degrees(min(miles / EARTH_RADIUS_MILES, math.pi)) + SLACK
    first = max(0, math.floor((lat - reach + 90.0) / ROW_DEGREES))
    last = min(math.floor(180.0 / ROW_DEGREES), math.floor((lat + reach + 90.0) / ROW_DEGREES))
    return first, last


def half_width(lat: float, miles: float, number: Any) -> Any:
    """Return how many degrees of longitude a disc spans to either side in a cell row, 180 for all.

    ``number`` is one row or an array of rows. Never too small: the widest span inside the row is taken.
    """
    angle = min(miles / EARTH_RADIUS_MILES, math.pi)
    low = number * ROW_DEGREES - 90.0
    high = np.minimum(low + ROW_DEGREES, 90.0)
    gap = np.radians(np.maximum(np.maximum(low - lat, lat - high), 0.0))
    narrowest = np.minimum(np.cos(np.radians(low)), np.cos(np.radians(high))) * math.cos(math.radians(lat))
    room = np.maximum(math.sin(angle / 2) ** 2 - np.sin(gap / 2) ** 2, 0.0)
    ratio = np.minimum((room + TINY) / np.maximum(narrowest, TINY), 1.0)
    width = np.degrees(2 * np.arcsin(np.sqrt(ratio))) + SLACK
    if abs(lat) + math.degrees(angle) + SLACK >= 90.0:
        width = width + 180.0
    return np.minimum(width, 180.0)


def disc_stretches(
    grid: Grid, lat: float, lon: float, miles: float, *, without: Collection[int] = ()
) -> list[Stretch]:
    """Return stretches of rows that hold every placed row of a disc, and some beside it.

    They are in order and disjoint. ``without`` names segments to leave out.
    """
    starts, ends = disc_bounds(grid, lat, lon, miles, without=without)
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def disc_bounds(
    grid: Grid, lat: float, lon: float, miles: float, *, without: Collection[int] = ()
) -> tuple[IntArray, IntArray]:
    """Return the same as ``disc_stretches`` as two arrays."""
    if miles < 0:
        return NO_BOUNDS
    first, last = disc_rows(lat, miles)
    lines = grid.by_row
    a, b = lines.row.searchsorted((first, last + 1)).tolist()
    width = half_width(lat, miles, np.arange(first, last + 1))[lines.row[a:b] - first]
    west, east = lon - width, lon + width
    all_round = width >= 180.0
    west[all_round], east[all_round] = -180.0, 180.0
    found = [_within(grid, lines, a, b, np.maximum(west, -180.0), np.minimum(east, 180.0))]
    if (west < -180.0).any():
        found.append(_within(grid, lines, a, b, west + 360.0, np.full(b - a, 180.0)))
    if (east > 180.0).any():
        found.append(_within(grid, lines, a, b, np.full(b - a, -180.0), east - 360.0))
    starts, ends, segments = (np.concatenate(parts) for parts in zip(*found, strict=True))
    for number in without:
        kept = segments != number
        starts, ends, segments = starts[kept], ends[kept], segments[kept]
    return _joined(starts, ends)


def _within(
    grid: Grid, lines: "Lines", first: int, last: int, west: NDArray[np.float64], east: NDArray[np.float64]
) -> tuple[IntArray, IntArray, IntArray]:
    """Return what lies between two longitudes in each of some lines: starts, ends, segments."""
    column, count = lines.column[first:last], lines.width[first:last]
    a = np.maximum(cell_column(west) - column, 0)
    b = np.minimum(cell_column(east) - column, count - 1)
    touched = np.flatnonzero(a <= b)
    base = lines.base[first:last][touched]
    starts, ends = grid.pointers[base + a[touched]], grid.pointers[base + b[touched] + 1]
    some = starts < ends
    return starts[some], ends[some], lines.segment[first:last][touched[some]]


def _joined(starts: IntArray, ends: IntArray) -> tuple[IntArray, IntArray]:
    """Return stretches in order, with those that touch or overlap made one."""
    if len(starts) < 2:
        return starts, ends
    order = np.argsort(starts)
    starts, ends = starts[order], np.maximum.accumulate(ends[order])
    apart = np.flatnonzero(starts[1:] > ends[:-1])
    return starts[np.concatenate(([0], apart + 1))], ends[np.concatenate((apart, [len(ends) - 1]))]


def miles_from(
    lat: float, lon: float, lats: NDArray[np.float64], lons: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return great-circle miles from a point to points in degrees (haversine)."""
    la, las = math.radians(lat), np.radians(lats)
    lo, los = math.radians(lon), np.radians(lons)
    h = np.sin((las - la) / 2) ** 2 + math.cos(la) * np.cos(las) * np.sin((los - lo) / 2) ** 2
    miles: NDArray[np.float64] = 2 * EARTH_RADIUS_MILES * np.arcsin(np.sqrt(np.minimum(h, 1.0)))
    return miles
