"""The score of one row, worked out only as far as it can still matter."""

import math

import numpy as np
from numba import njit

from entero.directory.matching import points
from entero.directory.matching.geo import MICRO
from entero.directory.matching.kernels.layout import OPTIONS
from entero.directory.matching.kernels.shape import (
    AGE,
    ANY,
    ASKED,
    BEST,
    EMPTY,
    FIRST,
    FREE,
    FULL,
    IN_PERSON,
    LAT,
    LISTS,
    LON,
    MEAN_LENGTH,
    OPEN,
    PREFER,
    RADIUS,
    ROUNDING,
    SLOT,
    STATE,
    TODAY,
    WAITING,
    WEIGHT,
    WIDTH,
    WORD_COUNT,
)
from entero.directory.matching.query import (
    BM25_B,
    BM25_K1,
    EARTH_RADIUS_MILES,
    FRESH_FOR_DAYS,
    TOP,
    WEIGHT_ACCEPTANCE,
    WEIGHT_DISTANCE,
    WEIGHT_FRESHNESS,
    WEIGHT_WORDS,
    WORDS_HALF_SCORE,
)

REMOTE_SHARE = 0.5
MOST_FOR_PRUNING = 0.2
"""Radians to the edge of a disc up to which its curvature is bounded simply; beyond, nothing is pruned."""


@njit(**OPTIONS)
def keep(scratch, row, score, tie):
    """Put a match where it belongs among the best."""
    n = scratch.filled[BEST]
    if n == TOP:
        worst = scratch.scores[TOP - 1]
        if score < worst or (score == worst and tie > scratch.ties[TOP - 1]):
            return
        n -= 1
    at = n
    while at > 0 and (
        scratch.scores[at - 1] < score or (scratch.scores[at - 1] == score and scratch.ties[at - 1] > tie)
    ):
        scratch.scores[at] = scratch.scores[at - 1]
        scratch.ties[at] = scratch.ties[at - 1]
        scratch.rows[at] = scratch.rows[at - 1]
        at -= 1
    scratch.scores[at] = score
    scratch.ties[at] = tie
    scratch.rows[at] = row
    scratch.filled[BEST] = n + 1


@njit(**OPTIONS)
def threshold(scratch):
    """Return the score that must be reached, with a margin for rounding."""
    return scratch.scores[TOP - 1] - ROUNDING if scratch.filled[BEST] == TOP else EMPTY


@njit(**OPTIONS)
def has_all(ground, ask, at, row, facets):
    """Say whether all bits of a mask are set, and there are any; 1 or 0, so that nothing need branch."""
    first, second = ask[at], ask[at + 1]
    found = np.int64(facets & first == first) & np.int64(first | second != 0)
    if second:
        found &= np.int64(ground.more_facets[row] & second == second)
    return found


@njit(**OPTIONS)
def static_part(ground, ask, row):
    """Return the weighted parts for acceptance and freshness."""
    record = ground.records[row]
    facets = record.facets
    earned = points.ROOM_UNKNOWN
    earned += (points.ROOM_OPEN - points.ROOM_UNKNOWN) * has_all(ground, ask, OPEN, row, facets)
    earned += (points.ROOM_WAITING - points.ROOM_UNKNOWN) * has_all(ground, ask, WAITING, row, facets)
    earned += (points.ROOM_FULL - points.ROOM_UNKNOWN) * has_all(ground, ask, FULL, row, facets)
    earned += points.ASKED * has_all(ground, ask, ASKED, row, facets)
    earned += points.PREFERRED * has_all(ground, ask, PREFER, row, facets)
    earned += points.FIRST_LANGUAGE * has_all(ground, ask, FIRST, row, facets)
    earned += points.FREE * has_all(ground, ask, FREE, row, facets)
    left = FRESH_FOR_DAYS - (ask[TODAY] - np.int64(record.verified_day))
    left = min(max(left, 0), FRESH_FOR_DAYS)
    return WEIGHT_ACCEPTANCE * (earned / points.UNITS) + WEIGHT_FRESHNESS * (left / FRESH_FOR_DAYS)


@njit(**OPTIONS)
def word_part(ground, scratch, row):
    """Return the weighted part for the words, from how often each occurs."""
    total = 0.0
    length = np.float64(ground.records[row].length)
    norm = BM25_K1 * (1 - BM25_B + BM25_B * length / scratch.real[MEAN_LENGTH])
    for word in range(scratch.ask[WORD_COUNT]):
        times = np.float64(scratch.times[word])
        total += scratch.real[LISTS + WIDTH * word + WEIGHT] * times * (BM25_K1 + 1) / (times + norm)
    return WEIGHT_WORDS * (total / (total + WORDS_HALF_SCORE))


@njit(**OPTIONS)
def nearness(lat, reach):
    """Return factors of squared micro-degrees of latitude and longitude that never exceed squared miles."""
    lowest = math.cos(min(abs(lat) + reach, math.pi / 2))
    if reach > MOST_FOR_PRUNING or lowest < 0.1:
        return 0.0, 0.0
    across = math.asin(min(1.0, math.sin(reach / 2) / lowest))
    scale = (EARTH_RADIUS_MILES * math.pi / 180 / MICRO) ** 2 * (1 - 1e-9)
    north = scale * (1 - (reach / 2) ** 2 / 3)
    east = scale * (1 - across**2 / 3) * math.cos(lat) * lowest
    return north, east


@njit(**OPTIONS)
def distance_bounds(near, real):
    """Write latitude, longitude (radians), factors of squared micro-degrees, and both in micro-degrees."""
    near[0] = math.radians(real[LAT])
    near[1] = math.radians(real[LON])
    near[2], near[3] = nearness(near[0], real[RADIUS] / EARTH_RADIUS_MILES)
    near[4] = real[LAT] * MICRO
    near[5] = real[LON] * MICRO


@njit(**OPTIONS)
def miles_to(near, lat_micro, lon_micro):
    """Return great-circle miles (haversine)."""
    lat = math.radians(lat_micro / MICRO)
    lon = math.radians(lon_micro / MICRO)
    north = math.sin((lat - near[0]) / 2)
    east = math.sin((lon - near[1]) / 2)
    h = north * north + math.cos(near[0]) * math.cos(lat) * (east * east)
    return 2 * EARTH_RADIUS_MILES * math.asin(math.sqrt(min(h, 1.0)))


@njit(**OPTIONS)
def too_far(near, lat_micro, lon_micro, miles):
    """Say whether a place is certainly farther than so many miles, without trigonometry."""
    if miles < 0:
        return True
    north = lat_micro - near[4]
    east = abs(lon_micro - near[5])
    if east > 180.0 * MICRO:
        east = 360.0 * MICRO - east
    return north * north * near[2] + east * east * near[3] > miles * miles * (1 + 1e-9) + 1e-9


@njit(**OPTIONS)
def place_part(ground, scratch, row, is_remote, needed):
    """Return the weighted part for distance, or EMPTY when it is out of reach or below ``needed``."""
    if scratch.ask[STATE] != ANY:
        return 0.0
    record = ground.records[row]
    otherwise = WEIGHT_DISTANCE * REMOTE_SHARE if is_remote else EMPTY
    if not has_all(ground, scratch.ask, IN_PERSON, row, record.facets):
        return otherwise
    radius = scratch.real[RADIUS]
    farthest = radius
    if needed > 0 and not is_remote:
        farthest = radius * (1 - needed / WEIGHT_DISTANCE) + ROUNDING
    lat_micro, lon_micro = np.float64(record.lat_micro), np.float64(record.lon_micro)
    if too_far(scratch.near, lat_micro, lon_micro, min(farthest, radius)):
        return otherwise
    miles = miles_to(scratch.near, lat_micro, lon_micro)
    if miles > radius:
        return otherwise
    return WEIGHT_DISTANCE * (1 - miles / radius) if radius > 0 else WEIGHT_DISTANCE


@njit(**OPTIONS)
def offer(ground, scratch, row, is_remote):
    """Score a row that has all facets and lists, and keep it if it is among the best."""
    ask = scratch.ask
    record = ground.records[row]
    if ask[AGE] != ANY and not record.age_min <= ask[AGE] <= record.age_max:
        return
    if ask[SLOT] != ANY and not ground.schedule_open[ask[SLOT], record.schedule]:
        return
    part = static_part(ground, ask, row)
    if ask[WORD_COUNT]:
        part = word_part(ground, scratch, row) + part
    needed = threshold(scratch) - part
    if needed > WEIGHT_DISTANCE or (needed > 0 and ask[STATE] != ANY):
        return
    place = place_part(ground, scratch, row, is_remote, needed)
    if place >= 0:
        keep(scratch, row, part + place, np.int64(record.tie))
