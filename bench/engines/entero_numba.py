"""Our matcher with compiled kernels (``entero[fast]``); the index is the same."""

from pathlib import Path

from bench.engines import entero_numpy
from bench.engines.common import missing_package

NAME = "Entero (numba)"
build = entero_numpy.build
disk_bytes = entero_numpy.disk_bytes


def missing() -> str:
    return missing_package("numba")


class Engine(entero_numpy.Engine):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder, uses="numba")
