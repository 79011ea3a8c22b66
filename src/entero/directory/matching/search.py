"""The search itself: the twenty best services for a query, exactly.

Two engines give the same answer: compiled kernels when numba is installed (``entero[fast]``),
NumPy otherwise.
"""

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import Literal

from entero.directory.matching.demand import Demand, compile_query
from entero.directory.matching.index import Index
from entero.directory.matching.query import Query

Engine = Literal["numba", "numpy"]
Top = Callable[[Index, Demand], tuple[list[int], list[float]]]


def search(index: Index, query: Query, *, engine: Engine | None = None) -> list[tuple[int, float]]:
    """Return up to ``TOP`` rows and their scores, by the meaning stated at ``Query``, best first.

    ``engine`` is chosen by what is installed. Raises ValueError for a query without any place, and
    ImportError when numba is asked for and missing.
    """
    demand = compile_query(index, query)
    if demand is None:
        return []
    rows, scores = engine_of(engine)(index, demand)
    return list(zip(rows, scores, strict=True))


@cache
def engine_of(engine: Engine | None) -> Top:
    """Return the function of an engine; what is not needed is never imported.

    The compiled one is made ready here: the very first time on a machine that takes some seconds.
    """
    if engine == "numba" or (engine is None and find_spec("numba")):
        try:
            from entero.directory.matching import by_numba

            by_numba.kernel()
        except (ImportError, OSError):  # installed, but not for this machine
            if engine == "numba":
                raise
        else:
            return by_numba.top
    from entero.directory.matching import by_numpy

    return by_numpy.top
