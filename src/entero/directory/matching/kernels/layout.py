"""How a query, an index and an answer are laid out for compiled code.

``ask`` and ``real`` are a query as numbers; everything else is passed in small named groups of arrays,
which the compiler takes apart again.
"""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.generic]

OPTIONS = {"cache": bool(numba.config.CACHE_DIR), "nogil": True, "error_model": "numpy"}

# Where each number of a query lies in ``ask``: masks take two places, one for each word of facets.
MUST, MUST_NOT, LANGUAGES, COSTS, ASKED, PREFER, FIRST = 0, 2, 4, 6, 8, 10, 12
FREE, OPEN, WAITING, FULL, IN_PERSON = 14, 16, 18, 20, 22
AGE, SLOT, STATE, REMOTE, TODAY, ALL_WORDS, WORD_COUNT, TERM_COUNT, LISTS = 24, 25, 26, 27, 28, 29, 30, 31, 32
# And in ``real``: then follows the weight of each word.
LAT, LON, RADIUS, MEAN_LENGTH, WEIGHTS = 0, 1, 2, 3, 4

ANY = -1
EMPTY = -1.0
ROUNDING = 1e-12
VISITED, FROM_AFAR = False, True


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


class Stretches(NamedTuple):
    """Disjoint stretches of rows, ``filled[0]`` of them: ``bounds`` first and last, the most that nearness
    can be worth in each, and whether all in it is remote in the state that is asked for.
    """

    filled: Array
    bounds: Array
    share: Array
    is_remote: Array


class Best(NamedTuple):
    """The best so far, in order; ``filled[0]`` of them."""

    rows: Array
    scores: Array
    ties: Array
    filled: Array


class Task(NamedTuple):
    """A query, and what is worked out from it.

    ``bitmaps`` are numbers of bitmaps, and ``parts[i]:parts[i + 1]`` in them those that must be set (0),
    must not be set (1), one of the languages (2), one of the costs (3). ``near`` is the bound of distance,
    ``cursors`` where lists were last looked into, ``times`` how often each word occurs in the row at hand,
    ``heads`` and ``rows`` how far lists that are walked side by side are.
    """

    ask: Array
    real: Array
    bitmaps: Array
    parts: Array
    near: Array
    cursors: Array
    times: Array
    heads: Array
    rows: Array


class Way(NamedTuple):
    """How a stretch is walked: by bitmaps alone, or by the lists ``first`` to ``last``."""

    first: int
    last: int
    start: int
    end: int
    is_remote: bool
