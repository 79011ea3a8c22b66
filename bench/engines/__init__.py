"""Our matcher and its peers, each behind the same few functions.

An engine is a module with ``NAME``, ``missing()`` (why it cannot be measured here, or ""),
``build(columns, folder)`` returning the CPU seconds of its server, ``disk_bytes(folder)`` and
``Engine(folder)``, which has ``query(query)`` returning up to 20 rows of the columns, best first,
``processes()`` (ids of its server processes) and ``close()``.
"""

from importlib import import_module
from types import ModuleType

OURS = ("entero_numba", "entero_numpy")
PEERS = ("postgres", "postgres_expert", "sqlite", "tantivy", "xapian")


def engine(name: str) -> ModuleType:
    return import_module(f"bench.engines.{name}")
