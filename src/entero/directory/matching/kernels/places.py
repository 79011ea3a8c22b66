"""Where matches may lie: stretches of rows, each with how near it can be."""

import math

import numpy as np
from numba import njit

from entero.directory.matching import geo
from entero.directory.matching.columns import NO_STATE
from entero.directory.matching.geo import COLUMN_DEGREES, ROW_DEGREES
from entero.directory.matching.kernels.layout import (
    ANY,
    FROM_AFAR,
    LAT,
    LON,
    OPTIONS,
    RADIUS,
    REMOTE,
    STATE,
    VISITED,
    Stretches,
)
from entero.directory.matching.query import EARTH_RADIUS_MILES

disc_rows = njit(**OPTIONS)(geo.disc_rows)
half_width = njit(**OPTIONS)(geo.half_width)

MILES_A_DEGREE = EARTH_RADIUS_MILES * math.pi / 180 * (1 - 1e-9)
NEXT_DOOR = 64
"""Stretches with fewer rows between them than this are always made one."""


@njit(**OPTIONS)
def empty(capacity):
    count = np.zeros(1, np.int64)
    bounds = np.empty((capacity, 2), np.int64)
    return Stretches(count, bounds, np.empty(capacity, np.float64), np.empty(capacity, np.bool_))


@njit(**OPTIONS)
def add(stretches, first, last, share, is_remote):
    """Note a stretch; ``share`` is the most that nearness can be worth there."""
    at = stretches.filled[0]
    stretches.bounds[at, 0] = first
    stretches.bounds[at, 1] = last
    stretches.share[at] = share
    stretches.is_remote[at] = is_remote
    stretches.filled[0] = at + 1


@njit(**OPTIONS)
def add_remote(ground, ask, stretches):
    """Add what is remote in the state that is asked for, and everywhere."""
    state = ask[REMOTE]
    if not 0 <= state <= NO_STATE:
        return
    for number in (2 * state + 1, 2 * NO_STATE + 1):
        first, last = ground.segment_start[number], ground.segment_start[number + 1]
        if first < last:
            add(stretches, first, last, 1.0, FROM_AFAR)
        if state == NO_STATE:
            return


@njit(**OPTIONS)
def band_columns(real, first, last):
    """Return, for each cell row, first and last cell column, twice where it crosses the antimeridian."""
    columns = np.empty((last - first + 1, 4), np.int64)
    for number in range(first, last + 1):
        width = half_width(real[LAT], real[RADIUS], number)
        west, east = real[LON] - width, real[LON] + width
        low, high = 0.0, -1.0
        if width >= 180.0 - COLUMN_DEGREES:
            west, east = -180.0, 180.0
        elif west < -180.0:
            low, high, west = west + 360.0, 180.0, -180.0
        elif east > 180.0:
            west, east, low, high = -180.0, east - 360.0, west, 180.0
        row = columns[number - first]
        row[0] = math.floor((west + 180.0) / COLUMN_DEGREES)
        row[1] = math.floor((east + 180.0) / COLUMN_DEGREES)
        row[2] = math.floor((low + 180.0) / COLUMN_DEGREES)
        row[3] = math.floor((high + 180.0) / COLUMN_DEGREES) if low <= high else -1
    return columns


@njit(**OPTIONS)
def band_share(real, number):
    """Return the most that nearness can be worth in a cell row."""
    low = number * ROW_DEGREES - 90.0
    gap = max(low - real[LAT], real[LAT] - low - ROW_DEGREES, 0.0)
    return max(0.0, 1 - gap * MILES_A_DEGREE / real[RADIUS]) if real[RADIUS] > 0 else 1.0


@njit(**OPTIONS)
def is_left_out(ask, segment):
    """Say whether a segment is taken whole anyway."""
    if not 0 <= ask[REMOTE] <= NO_STATE:
        return False
    return segment in (2 * ask[REMOTE] + 1, 2 * NO_STATE + 1)


@njit(**OPTIONS)
def room_for(ground, first, last):
    """Return how many stretches a disc between two cell rows can have at most."""
    room = 2
    for k in range(len(ground.occupied)):
        r0 = ground.occupied[k, 1]
        overlap = min(last, r0 + ground.occupied[k, 2] - 1) - max(first, r0) + 1
        room += 2 * max(overlap, 0)
    return room


@njit(**OPTIONS)
def add_disc(ground, ask, real, stretches, first, last):
    """Add the stretches of each segment that a disc can touch, in order."""
    columns = band_columns(real, first, last)
    for k in range(len(ground.occupied)):
        r0, nr, line0 = ground.occupied[k, 1], ground.occupied[k, 2], ground.occupied[k, 3]
        if first >= r0 + nr or last < r0 or is_left_out(ask, ground.occupied[k, 0]):
            continue
        begin = stretches.filled[0]
        for number in range(max(first, r0), min(last, r0 + nr - 1) + 1):
            line = ground.lines[line0 + number - r0]
            for side in (0, 2):
                a = max(columns[number - first, side] - line[0], 0)
                b = min(columns[number - first, side + 1] - line[0], line[1] - 1)
                if a > b:
                    continue
                start, end = ground.pointers[line[2] + a], ground.pointers[line[2] + b + 1]
                if start < end:
                    join(stretches, begin, start, end, band_share(real, number))


@njit(**OPTIONS)
def join(stretches, begin, start, end, share):
    """Add a stretch, or widen the last one of the same segment if it is next door."""
    at = stretches.filled[0] - 1
    if at >= begin and 0 <= start - stretches.bounds[at, 1] < NEXT_DOOR:
        stretches.bounds[at, 1] = end
        stretches.share[at] = max(stretches.share[at], share)
    else:
        add(stretches, start, end, share, VISITED)


@njit(**OPTIONS)
def find_places(ground, ask, real):
    """Return disjoint stretches of rows that hold every match."""
    if ask[STATE] != ANY:
        stretches = empty(1)
        if 0 <= ask[STATE] <= NO_STATE:
            first, last = ground.segment_start[2 * ask[STATE]], ground.segment_start[2 * ask[STATE] + 2]
            if first < last:
                add(stretches, first, last, 0.0, VISITED)
        return stretches
    if real[RADIUS] < 0:
        stretches = empty(2)
        add_remote(ground, ask, stretches)
        return stretches
    first, last = disc_rows(real[LAT], real[RADIUS])
    stretches = empty(room_for(ground, first, last))
    add_disc(ground, ask, real, stretches, first, last)
    add_remote(ground, ask, stretches)
    return stretches
