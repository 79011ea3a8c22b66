"""Where rows lie: a grid of cells, and which stretches of rows a disc can touch.

Rows are ordered by segment (state, then whether it is remote), then by cell, south to north and west to east.
So a state is one stretch of rows, what is remote in a state is one, and a disc is a few dozen.
Distances are great circles on a sphere of ``EARTH_RADIUS_MILES``.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entero.directory.matching.query import EARTH_RADIUS_MILES

ROW_DEGREES = 0.08
COLUMN_DEGREES = 0.104
SEGMENTS = 512
"""Two for each possible state number: what is visited only, and what is remote."""

MICRO = 1_000_000
"""Positions are kept to a millionth of a degree (11 cm)."""

NOWHERE = np.int32(2**31 - 1)

IntArray = NDArray[np.int32]
Stretch = tuple[int, int]


@dataclass(frozen=True)
class Grid:
    """First row of every cell of every segment, with one entry more at each row's end.

    Attributes:
        segment_start: ``int32 (SEGMENTS + 1,)`` first row of each segment.
        box: ``int32 (SEGMENTS, 5)`` first cell row, number of cell rows, first cell column, number of
            cell columns, and where the segment's pointers begin in ``pointers``.
        pointers: ``int32`` first document row of each cell, row by row.
    """

    segment_start: IntArray
    box: IntArray
    pointers: IntArray


def cell_row(lat: NDArray[np.float64]) -> IntArray:
    return np.floor((lat + 90.0) / ROW_DEGREES).astype(np.int32)


def cell_column(lon: NDArray[np.float64]) -> IntArray:
    return np.floor((lon + 180.0) / COLUMN_DEGREES).astype(np.int32)


def build_grid(segment: IntArray, row: IntArray, column: IntArray, placed: NDArray[np.bool_]) -> Grid:
    """Make the grid of rows that are already in order; rows without a place come last in a segment."""
    starts = np.searchsorted(segment, np.arange(SEGMENTS + 1)).astype(np.int32)
    box = np.zeros((SEGMENTS, 5), np.int32)
    parts: list[IntArray] = []
    used = 0
    for number in range(SEGMENTS):
        first, last = int(starts[number]), int(starts[number + 1])
        last = first + int(np.count_nonzero(placed[first:last]))
        if first == last:
            continue
        rows, columns = row[first:last], column[first:last]
        r0, c0 = int(rows.min()), int(columns.min())
        nr, nc = int(rows.max()) - r0 + 1, int(columns.max()) - c0 + 1
        cells = (rows - r0).astype(np.int64) * (nc + 1) + (columns - c0)
        table = first + np.searchsorted(cells, np.arange(nr * (nc + 1))).astype(np.int32)
        box[number] = (r0, nr, c0, nc, used)
        parts.append(table)
        used += len(table)
    pointers = np.concatenate(parts) if parts else np.zeros(0, np.int32)
    return Grid(starts, box, pointers)


def disc_bands(lat: float, lon: float, miles: float) -> list[tuple[int, float, float]]:
    """Return cell rows that a disc can touch, each with the longitudes it spans there.

    Never too small: the widest span of the disc inside the row is taken. West may be below -180 and
    east above 180; a row that the disc surrounds spans -180 to 180.
    """
    angle = min(miles / EARTH_RADIUS_MILES, math.pi)
    reach = math.degrees(angle) + 1e-6
    first = max(0, math.floor((lat - reach + 90.0) / ROW_DEGREES))
    last = min(math.floor(180.0 / ROW_DEGREES), math.floor((lat + reach + 90.0) / ROW_DEGREES))
    round_pole = abs(lat) + reach >= 90.0
    half = math.sin(angle / 2) ** 2
    cos_here = math.cos(math.radians(lat))
    bands = []
    for number in range(first, last + 1):
        low = number * ROW_DEGREES - 90.0
        high = low + ROW_DEGREES
        gap = math.radians(max(low - lat, lat - high, 0.0))
        cos_least = min(math.cos(math.radians(low)), math.cos(math.radians(min(high, 90.0))))
        room = half - math.sin(gap / 2) ** 2
        if round_pole or cos_least <= 1e-9:
            bands.append((number, -180.0, 180.0))
            continue
        ratio = max(room, 0.0) / (cos_least * cos_here)
        width = 180.0 if ratio >= 1 else math.degrees(2 * math.asin(math.sqrt(ratio))) + 1e-6
        if width >= 180.0:
            bands.append((number, -180.0, 180.0))
        else:
            bands.append((number, lon - width, lon + width))
    return bands


def disc_stretches(grid: Grid, lat: float, lon: float, miles: float) -> list[Stretch]:
    """Return stretches of rows that hold every placed row of a disc, and some beside it."""
    found: list[Stretch] = []
    bands = disc_bands(lat, lon, miles)
    if not bands:
        return found
    for number in np.flatnonzero(grid.box[:, 1]):
        r0, nr, c0, nc, base = (int(value) for value in grid.box[number])
        if bands[0][0] >= r0 + nr or bands[-1][0] < r0:
            continue
        for row, west, east in bands:
            if not r0 <= row < r0 + nr:
                continue
            for left, right in _wrapped(west, east):
                a = max(math.floor((left + 180.0) / COLUMN_DEGREES) - c0, 0)
                b = min(math.floor((right + 180.0) / COLUMN_DEGREES) - c0, nc - 1)
                if a > b:
                    continue
                line = base + (row - r0) * (nc + 1)
                first, last = int(grid.pointers[line + a]), int(grid.pointers[line + b + 1])
                if first < last:
                    found.append((first, last))
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
