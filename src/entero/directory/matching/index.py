"""The index: immutable columns in the order of the ground, kept as plain files that processes share."""

import json
import math
import os
import re
import secrets
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from entero.directory.matching.facets import Plan
from entero.directory.matching.geo import Grid

FORMAT = 2
CURRENT = "current"
META = "meta.json"
VERSION = re.compile(r"v\d+-[0-9a-f]{16}")
WORTH_SHARING = 1 << 16
"""Bytes. Smaller arrays are simply read."""

ABANDONED_SECONDS = 3_600


class IndexDamaged(Exception):
    """The folder holds no index, another format, or files that were cut short."""


class IndexMissing(IndexDamaged):
    """There is no index in the folder yet."""


RECORD = np.dtype(
    [
        ("facets", "<i8"),
        ("lat_micro", "<i4"),
        ("lon_micro", "<i4"),
        ("tie", "<i4"),
        ("verified_day", "<i4"),
        ("schedule", "<u2"),
        ("length", "<u2"),
        ("age_min", "u1"),
        ("age_max", "u1"),
        ("zone", "u1"),
        ("unused", "u1"),
    ]
)
"""What is asked of single rows, 32 bytes side by side: one row never costs more than one cache line."""


@dataclass(frozen=True, kw_only=True)
class Arrays:
    """What is kept on disk, one ``.npy`` file each; row-aligned arrays are in index order.

    Attributes:
        records: ``RECORD (n,)``.
        more_facets: ``int64 (n,)`` second word of facets, or empty when one is enough.
        bitmaps: ``int64 (properties + age bitmaps, ceil(n / 64))``; ``bitmap_counts`` how many bits are set.
        age_bitmap: ``int16 (256,)`` which bitmap tells who takes an age, or -1.
        plan: see ``facets.Plan``.
        schedule_open: ``bool (336, schedules)``.
        key_high, key_low: the key of each row; ``key_order`` sorts them.
        term_start, term_values: terms of row ``i`` are ``term_values[term_start[i]:term_start[i + 1]]``.
        posts: ``uint32``, the row times 256 plus how often (at most 255), ascending in each list.
        word_start: ``int64``; word ``w`` has ``posts[word_start[w]:word_start[w + 1]]``.
        term_posts: ``int64``, the same for terms.
        words: all words, sorted, UTF-8, a line each.
        segment_start, occupied, lines, pointers: see ``geo.Grid``.
    """

    records: NDArray[np.void]
    more_facets: NDArray[np.int64]
    bitmaps: NDArray[np.int64]
    bitmap_counts: NDArray[np.int64]
    age_bitmap: NDArray[np.int16]
    plan: NDArray[np.int16]
    organization: NDArray[np.uint32]
    schedule_open: NDArray[np.bool_]
    key_high: NDArray[np.uint64]
    key_low: NDArray[np.uint64]
    key_order: NDArray[np.int32]
    term_start: NDArray[np.int32]
    term_values: NDArray[np.uint16]
    term_posts: NDArray[np.int64]
    posts: NDArray[np.uint32]
    word_start: NDArray[np.int64]
    words: NDArray[np.uint8]
    segment_start: NDArray[np.int32]
    occupied: NDArray[np.int32]
    lines: NDArray[np.int32]
    pointers: NDArray[np.int32]

    @property
    def lat_micro(self) -> NDArray[np.int32]:
        return self.records["lat_micro"]

    @property
    def lon_micro(self) -> NDArray[np.int32]:
        return self.records["lon_micro"]

    @property
    def tie(self) -> NDArray[np.int32]:
        return self.records["tie"]

    @property
    def verified_day(self) -> NDArray[np.int32]:
        return self.records["verified_day"]

    @property
    def schedule(self) -> NDArray[np.uint16]:
        return self.records["schedule"]

    @property
    def length(self) -> NDArray[np.uint16]:
        return self.records["length"]

    @property
    def age_min(self) -> NDArray[np.uint8]:
        return self.records["age_min"]

    @property
    def age_max(self) -> NDArray[np.uint8]:
        return self.records["age_max"]

    @property
    def zone(self) -> NDArray[np.uint8]:
        return self.records["zone"]

    def facet_word(self, number: int) -> NDArray[np.int64]:
        """Return the first (0) or the second (1) word of facets of every row."""
        return self.records["facets"] if number == 0 else self.more_facets


class PostList(NamedTuple):
    """Where the postings of a word lie in ``posts``, and its weight (idf; 0 for a term)."""

    first: int
    last: int
    weight: float


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
    notes: Mapping[str, Any] = field(default_factory=dict)
    """What the caller wants to find again with this version; kept as JSON."""

    @property
    def n(self) -> int:
        return len(self.arrays.records)

    @cached_property
    def plan(self) -> Plan:
        return Plan(np.asarray(self.arrays.plan))

    @cached_property
    def grid(self) -> Grid:
        arrays = self.arrays
        return Grid(arrays.segment_start, arrays.occupied, arrays.lines, arrays.pointers)

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

    @cached_property
    def kept(self) -> dict[str, Any]:
        """What an engine worked out once, by its name."""
        return {}

    @cached_property
    def _word_lists(self) -> dict[str, PostList]:
        return {}

    @cached_property
    def _term_lists(self) -> list[PostList]:
        return [PostList(first, last, 0.0) for first, last in pairwise(self.arrays.term_posts.tolist())]

    def word_list(self, word: str) -> PostList | None:
        """Return where the postings of a word lie, or None when it occurs nowhere."""
        found = self._word_lists.get(word)
        if found is None:
            number = self.word_numbers.get(word)
            if number is None:
                return None
            first, last = (int(bound) for bound in self.arrays.word_start[number : number + 2])
            found = PostList(first, last, idf(self.statistics.rows, self.frequency(word)))
            self._word_lists[word] = found
        return found

    def term_list(self, term: int) -> PostList | None:
        """Return where the postings of a term lie, or None when it occurs nowhere."""
        lists = self._term_lists
        if not 0 <= term < len(lists) or lists[term].first == lists[term].last:
            return None
        return lists[term]

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
        for column in fields(Arrays):
            path = temporary / f"{column.name}.npy"
            with path.open("wb") as file:
                np.save(file, getattr(self.arrays, column.name), allow_pickle=False)
                _to_disk(file)
            sizes[column.name] = path.stat().st_size
        meta = {
            "format": FORMAT,
            "sizes": sizes,
            "rows": self.statistics.rows,
            "mean_length": self.statistics.mean_length,
            "notes": dict(self.notes),
        }
        _write(temporary / META, json.dumps(meta, sort_keys=True))
        temporary.rename(target)
        pointer = folder / f".{CURRENT}-{version}"
        _write(pointer, version)
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
            return cls(Arrays(**arrays), statistics, version, meta.get("notes", {}))
        except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise IndexDamaged(str(error)) from error


def idf(rows: int, frequency: int) -> float:
    """Return the weight of a word that occurs in ``frequency`` of ``rows`` rows (BM25)."""
    return math.log(1 + (rows - frequency + 0.5) / (frequency + 0.5))


def current_version(folder: Path) -> str | None:
    """Return the name of the version that ``current`` points at, or None; one small read."""
    try:
        version = (folder / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None
    return version if VERSION.fullmatch(version) else None


def _write(path: Path, text: str) -> None:
    with path.open("wb") as file:
        file.write(text.encode())
        _to_disk(file)


def _to_disk(file: IO[bytes]) -> None:
    """Wait until what was written would survive a power cut."""
    file.flush()
    os.fsync(file.fileno())


def _mapped(path: Path, size: int) -> NDArray[Any]:
    if path.stat().st_size != size:
        raise IndexDamaged(f"{path.name} was cut short")
    shared = size >= WORTH_SHARING
    array: NDArray[Any] = np.load(path, mmap_mode="r" if shared else None, allow_pickle=False)
    return array.view(np.ndarray)


def _remove_old(folder: Path, *, keep: str) -> None:
    """Remove all versions but the current and the one before it, which others may still open.

    What a crash left unfinished is removed too, once nobody can be at it any more.
    """
    versions = sorted(
        (path for path in folder.glob("v*-*") if path.is_dir() and path.name != keep),
        key=lambda path: path.stat().st_mtime,
    )
    abandoned = [
        path for path in folder.glob(".*-*") if time.time() - path.stat().st_mtime > ABANDONED_SECONDS
    ]
    for path in [*versions[:-1], *abandoned]:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
