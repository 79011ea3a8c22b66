"""Where matches may lie: stretches of rows, each with how near it can be."""

import math

from numba import njit

from entero.directory.matching import geo
from entero.directory.matching.columns import NO_STATE
from entero.directory.matching.geo import COLUMN_DEGREES, ROW_DEGREES
from entero.directory.matching.kernels.layout import OPTIONS
from entero.directory.matching.kernels.shape import (
    ANY,
    FROM_AFAR,
    LAT,
    LON,
    MOST_STRETCHES,
    RADIUS,
    REMOTE,
    STATE,
    STRETCHES,
    VISITED,
)
from entero.directory.matching.query import EARTH_RADIUS_MILES

disc_rows = njit(**OPTIONS)(geo.disc_rows)
half_width = njit(**OPTIONS)(geo.half_width)

MILES_A_DEGREE = EARTH_RADIUS_MILES * math.pi / 180 * (1 - 1e-9)
NEXT_DOOR = 64
"""Stretches with fewer rows between them than this are always made one."""


@njit(**OPTIONS)
def add(scratch, start, end, share, is_remote):
    """Note a stretch; ``share`` is the most that nearness can be worth there."""
    at = scratch.filled[STRETCHES]
    scratch.starts[at] = start
    scratch.ends[at] = end
    scratch.share[at] = share
    scratch.is_remote[at] = is_remote
    scratch.filled[STRETCHES] = at + 1


@njit(**OPTIONS)
def add_remote(ground, scratch):
    """Add what is remote in the state that is asked for, and everywhere."""
    state = scratch.ask[REMOTE]
    if not 0 <= state <= NO_STATE:
        return
    for number in (2 * state + 1, 2 * NO_STATE + 1):
        first, last = ground.segment_start[number], ground.segment_start[number + 1]
        if first < last:
            add(scratch, first, last, 1.0, FROM_AFAR)
        if state == NO_STATE:
            return


@njit(**OPTIONS)
def band_columns(columns, real, first, last):
    """Write, for each cell row, first and last cell column, twice where it crosses the antimeridian."""
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
        at = 4 * (number - first)
        columns[at] = math.floor((west + 180.0) / COLUMN_DEGREES)
        columns[at + 1] = math.floor((east + 180.0) / COLUMN_DEGREES)
        columns[at + 2] = math.floor((low + 180.0) / COLUMN_DEGREES)
        columns[at + 3] = math.floor((high + 180.0) / COLUMN_DEGREES) if low <= high else -1


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
def add_disc(ground, scratch, first, last):
    """Add the stretches of each segment that a disc can touch, in order."""
    band_columns(scratch.columns, scratch.real, first, last)
    for k in range(len(ground.occupied)):
        r0, nr = ground.occupied[k, 1], ground.occupied[k, 2]
        if first < r0 + nr and last >= r0 and not is_left_out(scratch.ask, ground.occupied[k, 0]):
            add_lines(ground, scratch, k, max(first, r0), min(last, r0 + nr - 1), first)


@njit(**OPTIONS)
def add_lines(ground, scratch, k, lowest, highest, first):
    """Add the stretches of one segment, from its lowest to its highest cell row in the disc."""
    columns, begin = scratch.columns, scratch.filled[STRETCHES]
    for number in range(lowest, highest + 1):
        line = ground.occupied[k, 3] + number - ground.occupied[k, 1]
        c0, nc, base = ground.lines[line, 0], ground.lines[line, 1], ground.lines[line, 2]
        for side in range(2):
            at = 4 * (number - first) + 2 * side
            a = max(columns[at] - c0, 0)
            b = min(columns[at + 1] - c0, nc - 1)
            if a <= b:
                start, end = ground.pointers[base + a], ground.pointers[base + b + 1]
                if start < end:
                    join(scratch, begin, start, end, band_share(scratch.real, number))


@njit(**OPTIONS)
def join(scratch, begin, start, end, share):
    """Add a stretch, or widen the last one of the same segment if it is next door."""
    at = scratch.filled[STRETCHES] - 1
    if at >= begin and start - scratch.ends[at] < NEXT_DOOR:
        scratch.ends[at] = end
        scratch.share[at] = max(scratch.share[at], share)
    else:
        add(scratch, start, end, share, VISITED)


@njit(**OPTIONS)
def add_whole_segments(ground, scratch):
    """Add all that can be visited anywhere: for discs so large that nothing is gained by cutting them out."""
    for k in range(len(ground.occupied)):
        number = ground.occupied[k, 0]
        if not is_left_out(scratch.ask, number):
            add(scratch, ground.segment_start[number], ground.segment_start[number + 1], 1.0, VISITED)


@njit(**OPTIONS)
def find_places(ground, scratch):
    """Find disjoint stretches of rows that hold every match, and return how many rows that are."""
    ask, real = scratch.ask, scratch.real
    scratch.filled[STRETCHES] = 0
    if ask[STATE] != ANY:
        if 0 <= ask[STATE] <= NO_STATE:
            start, end = ground.segment_start[2 * ask[STATE]], ground.segment_start[2 * ask[STATE] + 2]
            if start < end:
                add(scratch, start, end, 0.0, VISITED)
    else:
        add_remote(ground, scratch)
        if real[RADIUS] >= 0:
            first, last = disc_rows(real[LAT], real[RADIUS])
            if room_for(ground, first, last) <= MOST_STRETCHES:
                add_disc(ground, scratch, first, last)
            else:
                add_whole_segments(ground, scratch)
    rows = 0
    for at in range(scratch.filled[STRETCHES]):
        rows += scratch.ends[at] - scratch.starts[at]
    return rows
