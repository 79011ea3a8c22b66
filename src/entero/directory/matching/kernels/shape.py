"""How a query, an index and an answer are laid out; known to both sides of the call, without numba.

``ask`` and ``real`` are a query as numbers; everything else is passed in small named groups of arrays,
which the compiler takes apart again.
"""

from itertools import accumulate

import numpy as np

from entero.directory.matching.index import RECORD
from entero.directory.matching.query import TOP

GROUND = {
    "records": (RECORD, 1),
    "more_facets": (np.dtype(np.int64), 1),
    "bitmaps": (np.dtype(np.int64), 2),
    "bitmap_counts": (np.dtype(np.int64), 1),
    "age_bitmap": (np.dtype(np.int16), 1),
    "schedule_open": (np.dtype(np.bool_), 2),
    "posts": (np.dtype(np.uint32), 1),
    "segment_start": (np.dtype(np.int32), 1),
    "occupied": (np.dtype(np.int32), 2),
    "lines": (np.dtype(np.int32), 2),
    "pointers": (np.dtype(np.int32), 1),
}
"""The arrays of an index that the search reads, in the order of the table of addresses; type, dimensions."""

MOST_LISTS = 64
MOST_STRETCHES = 4096
MOST_BANDS = 2252
MOST_BITMAPS = 512
CHUNK = 64
"""Blocks of 64 rows that are looked at together."""

# Where each number of a query lies in ``ask``: masks take two places, one for each word of facets.
MUST, MUST_NOT, LANGUAGES, COSTS, ASKED, PREFER, FIRST = 0, 2, 4, 6, 8, 10, 12
FREE, OPEN, WAITING, FULL, IN_PERSON = 14, 16, 18, 20, 22
AGE, SLOT, STATE, REMOTE, TODAY, ALL_WORDS, WORD_COUNT, TERM_COUNT = 24, 25, 26, 27, 28, 29, 30, 31
# In ``real``, which is the same memory as floating point:
LAT, LON, RADIUS, MEAN_LENGTH = 32, 33, 34, 35
# Then three for each list, words before terms: first and last posting, and (real) weight.
LISTS, WIDTH, WEIGHT = 36, 3, 2

ANY = -1
EMPTY = -1.0
ROUNDING = 1e-12
VISITED, FROM_AFAR = 0, 1

BEST, STRETCHES = 0, 1
CHANCE = 6
SIZES = (
    LISTS + WIDTH * MOST_LISTS,  # ask and real
    TOP,  # rows
    TOP,  # scores
    TOP,  # ties
    2,  # filled
    MOST_STRETCHES,  # starts
    MOST_STRETCHES,  # ends
    MOST_STRETCHES,  # share
    MOST_STRETCHES,  # is_remote
    MOST_STRETCHES,  # order
    4 * MOST_BANDS,  # columns
    MOST_BITMAPS,  # bitmaps
    5,  # parts
    7,  # near
    MOST_LISTS,  # cursors
    MOST_LISTS,  # times
    MOST_LISTS,  # heads
    CHUNK,  # named
)
AT = tuple(accumulate(SIZES, initial=0))
"""Where each part of a room begins, and where the last one ends."""
