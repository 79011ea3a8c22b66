"""Where rows lie: a grid of cells, and which stretches of rows a disc can touch.

Rows are ordered by segment (state, then whether it is remote), then by cell, south to north and west to east.
So a state is one stretch of rows, what is remote in a state is one, and a disc is a few dozen.
Distances are great circles on a sphere of ``EARTH_RADIUS_MILES``.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

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

IntArray = NDArray[np.int32]
Stretch = tuple[int, int]


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


def half_width(lat: float, miles: float, number: int) -> float:
    """Return how many degrees of longitude a disc spans to either side in a cell row, 180 for all.

    Never too small: the widest span of the disc inside the row is taken.
    """
    angle = min(miles / EARTH_RADIUS_MILES, math.pi)
    if abs(lat) + math.degrees(angle) + SLACK >= 90.0:
        return 180.0
    low = number * ROW_DEGREES - 90.0
    high = low + ROW_DEGREES
    gap = math.radians(max(low - lat, lat - high, 0.0))
    narrowest = min(math.cos(math.radians(low)), math.cos(math.radians(min(high, 90.0))))
    if narrowest <= 1e-9:
        return 180.0
    room = max(math.sin(angle / 2) ** 2 - math.sin(gap / 2) ** 2, 0.0)
    ratio = room / (narrowest * math.cos(math.radians(lat)))
    if ratio >= 1.0:
        return 180.0
    return min(180.0, math.degrees(2 * math.asin(math.sqrt(ratio))) + SLACK)


def disc_bands(lat: float, lon: float, miles: float) -> list[tuple[int, float, float]]:
    """Return cell rows that a disc can touch, each with the longitudes it spans there.

    West may be below -180 and east above 180; a row that the disc surrounds spans -180 to 180.
    """
    if miles < 0:
        return []
    bands = []
    first, last = disc_rows(lat, miles)
    for number in range(first, last + 1):
        width = half_width(lat, miles, number)
        west, east = (-180.0, 180.0) if width >= 180.0 else (lon - width, lon + width)
        bands.append((number, west, east))
    return bands


def disc_stretches(
    grid: Grid, lat: float, lon: float, miles: float, *, without: Collection[int] = ()
) -> list[Stretch]:
    """Return stretches of rows that hold every placed row of a disc, and some beside it.

    ``without`` names segments to leave out.
    """
    spans = [
        (row, left, right)
        for row, west, east in disc_bands(lat, lon, miles)
        for left, right in _wrapped(west, east)
    ]
    if not spans:
        return []
    rows, lefts, rights = (np.array(part) for part in zip(*spans, strict=True))
    first_column, last_column = cell_column(lefts), cell_column(rights)
    found: list[Stretch] = []
    lowest, highest = spans[0][0], spans[-1][0]
    for number, r0, nr, line0 in grid.occupied.tolist():
        if highest < r0 or lowest >= r0 + nr or number in without:
            continue
        inside = (rows >= r0) & (rows < r0 + nr)
        lines = grid.lines[line0 + rows[inside] - r0]
        a = np.maximum(first_column[inside] - lines[:, 0], 0)
        b = np.minimum(last_column[inside] - lines[:, 0], lines[:, 1] - 1)
        touched = a <= b
        base = lines[touched, 2]
        starts = grid.pointers[base + a[touched]].tolist()
        ends = grid.pointers[base + b[touched] + 1].tolist()
        found += [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]
    return merged(found)


def _wrapped(west: float, east: float) -> list[tuple[float, float]]:
    """Split a span of longitudes at the antimeridian."""
    if west < -180.0:
        return [(-180.0, east), (west + 360.0, 180.0)]
    if east > 180.0:
        return [(west, 180.0), (-180.0, east - 360.0)]
    return [(west, east)]


def merged(stretches: list[Stretch]) -> list[Stretch]:
    """Return the stretches in order, with those that touch or overlap made one."""
    joined: list[Stretch] = []
    for first, last in sorted(stretches):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def miles_from(
    lat: float, lon: float, lats: NDArray[np.float64], lons: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return great-circle miles from a point to points in degrees (haversine)."""
    la, las = math.radians(lat), np.radians(lats)
    lo, los = math.radians(lon), np.radians(lons)
    h = np.sin((las - la) / 2) ** 2 + math.cos(la) * np.cos(las) * np.sin((los - lo) / 2) ** 2
    miles: NDArray[np.float64] = 2 * EARTH_RADIUS_MILES * np.arcsin(np.sqrt(np.minimum(h, 1.0)))
    return miles
