"""The index: immutable columns in the order of the ground, kept as plain files that processes share."""

import json
import os
import secrets
import shutil
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from entero.directory.matching.facets import Plan
from entero.directory.matching.geo import Grid

FORMAT = 1
CURRENT = "current"
META = "meta.json"


class IndexDamaged(Exception):
    """The folder holds no index, another format, or files that were cut short."""


class IndexMissing(IndexDamaged):
    """There is no index in the folder yet."""


@dataclass(frozen=True, kw_only=True)
class Arrays:
    """What is kept on disk, one ``.npy`` file each; row-aligned arrays are in index order."""

    packed: NDArray[np.uint64]
    bitmaps: NDArray[np.uint64]
    plan: NDArray[np.int16]
    lat_micro: NDArray[np.int32]
    lon_micro: NDArray[np.int32]
    age_min: NDArray[np.uint8]
    age_max: NDArray[np.uint8]
    schedule: NDArray[np.uint16]
    zone: NDArray[np.uint8]
    organization: NDArray[np.uint32]
    schedule_open: NDArray[np.bool_]
    verified_day: NDArray[np.int32]
    length: NDArray[np.uint16]
    tie: NDArray[np.int32]
    key_high: NDArray[np.uint64]
    key_low: NDArray[np.uint64]
    key_order: NDArray[np.int32]
    term_start: NDArray[np.int32]
    term_values: NDArray[np.uint16]
    term_row_start: NDArray[np.int64]
    term_rows: NDArray[np.int32]
    word_start: NDArray[np.int64]
    word_posts: NDArray[np.uint32]
    words: NDArray[np.uint8]
    segment_start: NDArray[np.int32]
    box: NDArray[np.int32]
    pointers: NDArray[np.int32]


@dataclass(frozen=True)
class Statistics:
    """What the BM25 of a word needs to know of the whole collection."""

    rows: int
    mean_length: float
    frequency: dict[str, int] | None = None


@dataclass(frozen=True)
class Index:
    """Arrays and what is worked out from them once per process."""

    arrays: Arrays
    statistics: Statistics
    version: str = ""

    @property
    def n(self) -> int:
        return len(self.arrays.tie)

    @cached_property
    def plan(self) -> Plan:
        return Plan(np.asarray(self.arrays.plan))

    @cached_property
    def grid(self) -> Grid:
        return Grid(self.arrays.segment_start, self.arrays.box, self.arrays.pointers)

    @cached_property
    def word_numbers(self) -> dict[str, int]:
        text = self.arrays.words.tobytes().decode()
        return {word: number for number, word in enumerate(text.split("\n"))} if text else {}

    def frequency(self, word: str) -> int:
        """Return in how many rows of the whole collection the word occurs."""
        known = self.statistics.frequency
        if known is not None:
            return known.get(word, 0)
        number = self.word_numbers.get(word)
        if number is None:
            return 0
        return int(self.arrays.word_start[number + 1] - self.arrays.word_start[number])

    def save(self, folder: Path) -> Path:
        """Write a new version beside the old ones, then point ``current`` at it, atomically.

        Readers of an older version keep their files; versions before the last two are removed.
        """
        folder.mkdir(parents=True, exist_ok=True)
        version = f"v{FORMAT}-{secrets.token_hex(8)}"
        target = folder / version
        temporary = folder / f".{version}"
        temporary.mkdir()
        sizes = {}
        for field in fields(Arrays):
            path = temporary / f"{field.name}.npy"
            with path.open("wb") as file:
                np.save(file, getattr(self.arrays, field.name), allow_pickle=False)
                file.flush()
                os.fsync(file.fileno())
            sizes[field.name] = path.stat().st_size
        meta = {
            "format": FORMAT,
            "sizes": sizes,
            "rows": self.statistics.rows,
            "mean_length": self.statistics.mean_length,
        }
        (temporary / META).write_text(json.dumps(meta, sort_keys=True), encoding="utf-8")
        temporary.rename(target)
        pointer = folder / f".{CURRENT}-{version}"
        pointer.write_text(version, encoding="utf-8")
        pointer.replace(folder / CURRENT)
        _remove_old(folder, keep=version)
        return target

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Map the current version of a folder. Raises IndexMissing or IndexDamaged."""
        version = current_version(folder)
        if version is None:
            raise IndexMissing(f"no index in {folder.name}")
        place = folder / version
        try:
            meta = json.loads((place / META).read_text(encoding="utf-8"))
            if meta["format"] != FORMAT:
                raise IndexDamaged(f"format {meta['format']}, not {FORMAT}")
            arrays = {name: _mapped(place / f"{name}.npy", size) for name, size in meta["sizes"].items()}
            statistics = Statistics(int(meta["rows"]), float(meta["mean_length"]))
            return cls(Arrays(**arrays), statistics, version)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(str(error)) from error


def current_version(folder: Path) -> str | None:
    """Return the name of the version that ``current`` points at; one small read."""
    try:
        return (folder / CURRENT).read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def _mapped(path: Path, size: int) -> NDArray[Any]:
    if path.stat().st_size != size:
        raise IndexDamaged(f"{path.name} was cut short")
    array: NDArray[Any] = np.load(path, allow_pickle=False)
    if array.size == 0 or array.nbytes < 1 << 16:
        return array
    return np.load(path, mmap_mode="r", allow_pickle=False).view(np.ndarray)  # type: ignore[no-any-return]


def _remove_old(folder: Path, *, keep: str) -> None:
    """Remove all versions but the current and the one before it, which others may still open."""
    versions = sorted(
        (path for path in folder.glob("v*-*") if path.is_dir() and path.name != keep),
        key=lambda path: path.stat().st_mtime,
    )
    for path in versions[:-1]:
        shutil.rmtree(path, ignore_errors=True)
