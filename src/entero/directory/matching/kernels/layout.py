"""How a query, an index and an answer are laid out for compiled code.

``ask`` and ``real`` are a query as numbers; everything else is passed in small named groups of arrays,
which the compiler takes apart again.
"""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from entero.directory.matching.query import TOP

Array = NDArray[np.generic]

OPTIONS = {
    "cache": bool(numba.config.CACHE_DIR),
    "nogil": True,
    "error_model": "numpy",
    "forceinline": True,
    "_nrt": False,  # without counting references, which costs more than the search; so nothing is allocated
}

MOST_LISTS = 64
MOST_STRETCHES = 4096
MOST_BANDS = 2252
MOST_BITMAPS = 512
CHUNK = 64
"""Blocks of 64 rows that are looked at together."""

# Where each number of a query lies in ``ask``: masks take two places, one for each word of facets.
MUST, MUST_NOT, LANGUAGES, COSTS, ASKED, PREFER, FIRST = 0, 2, 4, 6, 8, 10, 12
FREE, OPEN, WAITING, FULL, IN_PERSON = 14, 16, 18, 20, 22
AGE, SLOT, STATE, REMOTE, TODAY, ALL_WORDS, WORD_COUNT, TERM_COUNT, LISTS = 24, 25, 26, 27, 28, 29, 30, 31, 32
# And in ``real``: then follows the weight of each word.
LAT, LON, RADIUS, MEAN_LENGTH, WEIGHTS = 0, 1, 2, 3, 4

ANY = -1
EMPTY = -1.0
ROUNDING = 1e-12
VISITED, FROM_AFAR = 0, 1


class Ground(NamedTuple):
    """The arrays of an index that the search reads; see ``index.Arrays``."""

    records: Array
    more_facets: Array
    bitmaps: Array
    bitmap_counts: Array
    age_bitmap: Array
    schedule_open: Array
    posts: Array
    segment_start: Array
    occupied: Array
    lines: Array
    pointers: Array


class Scratch(NamedTuple):
    """Room to work in, one for each thread: the query, the answer, and everything in between.

    Attributes:
        ask, real: the query, in the layout above.
        rows, scores, ties: the best so far, in order; ``filled[BEST]`` of them.
        starts, ends, share, is_remote: disjoint stretches of rows, the most that nearness can be worth in
            each, and whether all in it is remote in the state that is asked for; ``filled[STRETCHES]``.
        order: in which order stretches are gone through.
        columns: of each cell row that a disc touches, first and last cell column, for two sides.
        bitmaps, parts: numbers of bitmaps; from ``parts[i]`` to ``parts[i + 1]`` those that must be set (0),
            must not be set (1), one of the languages (2), one of the costs (3).
        near: what distances are bounded with; ``near[CHANCE]`` is the share of rows with every facet.
        cursors, times: where lists were last looked into, how often each word occurs in the row at hand.
        heads: how far lists that are walked are.
        named: which rows of some blocks they name, lowest bit first.
    """

    ask: Array
    real: Array
    rows: Array
    scores: Array
    ties: Array
    filled: Array
    starts: Array
    ends: Array
    share: Array
    is_remote: Array
    order: Array
    columns: Array
    bitmaps: Array
    parts: Array
    near: Array
    cursors: Array
    times: Array
    heads: Array
    named: Array


BEST, STRETCHES = 0, 1
CHANCE = 6
SIZES = {
    "ask": LISTS + 2 * MOST_LISTS,
    "rows": TOP,
    "ties": TOP,
    "filled": 2,
    "starts": MOST_STRETCHES,
    "ends": MOST_STRETCHES,
    "is_remote": MOST_STRETCHES,
    "order": MOST_STRETCHES,
    "columns": 4 * MOST_BANDS,
    "bitmaps": MOST_BITMAPS,
    "parts": 5,
    "cursors": MOST_LISTS,
    "times": MOST_LISTS,
    "heads": MOST_LISTS,
    "named": CHUNK,
}
REAL_SIZES = {"real": WEIGHTS + MOST_LISTS, "scores": TOP, "share": MOST_STRETCHES, "near": 7}


def make_scratch() -> Scratch:
    """Return room for one thread."""
    return Scratch(
        **{name: np.zeros(size, np.int64) for name, size in SIZES.items()},
        **{name: np.zeros(size) for name, size in REAL_SIZES.items()},
    )


class Way(NamedTuple):
    """How a stretch is walked: by bitmaps alone, or by the lists ``first`` to ``last``."""

    first: int
    last: int
    start: int
    end: int
    is_remote: int
