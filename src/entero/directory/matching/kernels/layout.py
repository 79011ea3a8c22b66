"""The groups of arrays that kernels pass on; see ``shape`` for what lies where."""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from entero.directory.matching.kernels.shape import AT

Array = NDArray[np.generic]

OPTIONS = {
    "nogil": True,
    "error_model": "numpy",
    "forceinline": True,
    "_nrt": False,  # without counting references, which costs more than the search; so nothing is allocated
}


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
    """Room to work in: the query, the answer, and everything in between.

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


@numba.njit(**OPTIONS)
def scratch_in(room):
    """Return the parts of one thread's room; it is one array, because each that is passed takes its time."""
    real = room.view(np.float64)
    return Scratch(
        room[AT[0] : AT[1]],
        real[AT[0] : AT[1]],
        room[AT[1] : AT[2]],
        real[AT[2] : AT[3]],
        room[AT[3] : AT[4]],
        room[AT[4] : AT[5]],
        room[AT[5] : AT[6]],
        room[AT[6] : AT[7]],
        real[AT[7] : AT[8]],
        room[AT[8] : AT[9]],
        room[AT[9] : AT[10]],
        room[AT[10] : AT[11]],
        room[AT[11] : AT[12]],
        room[AT[12] : AT[13]],
        real[AT[13] : AT[14]],
        room[AT[14] : AT[15]],
        room[AT[15] : AT[16]],
        room[AT[16] : AT[17]],
        room[AT[17] : AT[18]],
    )


class Way(NamedTuple):
    """How a stretch is walked: by bitmaps alone, or by the lists ``first`` to ``last``."""

    first: int
    last: int
    start: int
    end: int
    is_remote: int
