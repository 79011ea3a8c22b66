"""Our matcher with NumPy alone, as it comes."""

from pathlib import Path
from typing import Any

from bench.engines.common import bytes_of
from entero.directory.matching.build import build as build_index
from entero.directory.matching.columns import Columns
from entero.directory.matching.index import Index, current_version
from entero.directory.matching.query import Query
from entero.directory.matching.search import search

NAME = "Entero (NumPy)"
FOLDER = "entero"
USES: Any = "numpy"


def missing() -> str:
    return ""


def build(columns: Columns, folder: Path) -> float:
    build_index(columns).save(folder / FOLDER)
    return 0.0


def disk_bytes(folder: Path) -> int:
    return bytes_of(folder / FOLDER / str(current_version(folder / FOLDER)))


class Engine:
    def __init__(self, folder: Path, uses: Any = USES) -> None:
        self.index = Index.open(folder / FOLDER)
        self.tie = self.index.arrays.tie
        self.uses = uses

    def query(self, query: Query) -> list[int]:
        return [row for row, _ in self.scored(query)]

    def scored(self, query: Query) -> list[tuple[int, float]]:
        found = search(self.index, query, engine=self.uses)
        return [(int(self.tie[row]), score) for row, score in found]

    def processes(self) -> list[int]:
        return []

    def close(self) -> None:
        pass
