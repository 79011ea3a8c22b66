"""The index as files: one step from the old one to the new one, whatever happens in between."""

import json
import os
import subprocess
import sys
import time
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from entero.directory.matching import index as index_module
from entero.directory.matching.build import build
from entero.directory.matching.index import (
    CURRENT,
    META,
    Arrays,
    Index,
    IndexDamaged,
    IndexMissing,
    current_version,
)
from entero.directory.matching.query import Query
from entero.directory.matching.search import search
from tests.directory.matching import random_directories

QUERY = Query(state=4, words=("w1",), today=random_directories.TODAY)


def made(seed: int = 1, n: int = 300) -> Index:
    return build(random_directories.columns(seed, n))


def current(folder: Path) -> Path:
    version = current_version(folder)
    assert version is not None
    return folder / version


def test_a_saved_index_is_the_same_when_it_is_opened(tmp_path: Path) -> None:
    index = made()
    index.save(tmp_path)
    opened = Index.open(tmp_path)
    for field in fields(Arrays):
        before, after = getattr(index.arrays, field.name), getattr(opened.arrays, field.name)
        assert before.dtype == after.dtype
        assert before.tobytes() == after.tobytes()
    assert opened.statistics == index.statistics
    assert search(opened, QUERY) == search(index, QUERY)


def test_large_arrays_are_mapped_so_that_processes_share_them(tmp_path: Path) -> None:
    made(n=5_000).save(tmp_path)
    records = Index.open(tmp_path).arrays.records
    while records.base is not None and not isinstance(records, np.memmap):
        records = records.base
    assert isinstance(records, np.memmap)


def test_nobody_can_write_to_a_mapped_index(tmp_path: Path) -> None:
    made(n=5_000).save(tmp_path)
    with pytest.raises(ValueError, match="read-only"):
        Index.open(tmp_path).arrays.records["tie"][0] = 1


def test_an_empty_folder_is_missing_not_damaged(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        Index.open(tmp_path)
    with pytest.raises(IndexMissing):
        Index.open(tmp_path / "never made")


@pytest.mark.parametrize(
    "pointer", [b"", b"../elsewhere", b"v2-xyz", b"\xff\xfe", b"v2-0123456789abcdef\nmore"]
)
def test_a_pointer_to_nothing_we_wrote_is_no_index(tmp_path: Path, pointer: bytes) -> None:
    made().save(tmp_path)
    (tmp_path / CURRENT).write_bytes(pointer)
    with pytest.raises(IndexMissing):
        Index.open(tmp_path)


@pytest.mark.parametrize("name", [field.name for field in fields(Arrays)])
def test_a_file_that_was_cut_short_is_noticed(tmp_path: Path, name: str) -> None:
    made(n=40).save(tmp_path)
    path = current(tmp_path) / f"{name}.npy"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(IndexDamaged, match=name):
        Index.open(tmp_path)


def test_a_file_that_is_gone_or_overwritten_is_noticed(tmp_path: Path) -> None:
    made(n=40).save(tmp_path)
    path = current(tmp_path) / "posts.npy"
    path.write_bytes(b"\0" * path.stat().st_size)
    with pytest.raises(IndexDamaged):
        Index.open(tmp_path)
    path.unlink()
    with pytest.raises(IndexDamaged):
        Index.open(tmp_path)


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"format": 2}',
        '{"format": 2, "sizes": []}',
        '{"format": 99, "sizes": {}}',
    ],
)
def test_damaged_notes_are_noticed(tmp_path: Path, damage: str) -> None:
    made(n=40).save(tmp_path)
    (current(tmp_path) / META).write_text(damage)
    with pytest.raises(IndexDamaged):
        Index.open(tmp_path)


def test_an_array_that_is_not_known_or_left_out_is_noticed(tmp_path: Path) -> None:
    made(n=40).save(tmp_path)
    path = current(tmp_path) / META
    meta = json.loads(path.read_text())
    size = meta["sizes"].pop("posts")
    path.write_text(json.dumps(meta))
    with pytest.raises(IndexDamaged):
        Index.open(tmp_path)
    meta["sizes"] |= {"posts": size, "surprise": 1}
    path.write_text(json.dumps(meta))
    with pytest.raises(IndexDamaged):
        Index.open(tmp_path)


CRASH = """
import os, sys
from pathlib import Path
from entero.directory.matching import index
from tests.directory.matching.test_index import made
steps, crash_at = 0, int(sys.argv[2])
plain = os.fsync
def fsync(number):
    global steps
    steps += 1
    if steps == crash_at:
        os._exit(1)
    plain(number)
os.fsync = fsync
made(2, 200).save(Path(sys.argv[1]))
"""


@pytest.mark.parametrize(
    "step", [1, 5, len(fields(Arrays)), len(fields(Arrays)) + 1, len(fields(Arrays)) + 2]
)
def test_a_crash_at_any_step_leaves_the_old_index(tmp_path: Path, step: int) -> None:
    made(1).save(tmp_path)
    before = search(Index.open(tmp_path), QUERY)
    crashed = subprocess.run([sys.executable, "-c", CRASH, str(tmp_path), str(step)], check=False)
    assert crashed.returncode == 1
    assert search(Index.open(tmp_path), QUERY) == before
    made(2, 200).save(tmp_path)
    assert Index.open(tmp_path).n == 200


def test_what_a_crash_left_behind_is_removed_after_an_hour(tmp_path: Path) -> None:
    made(1).save(tmp_path)
    long_ago = time.time() - 2 * index_module.ABANDONED_SECONDS
    for name in (".v2-0123456789abcdef", ".v2-fedcba9876543210"):
        (tmp_path / name).mkdir()
    (tmp_path / ".current-v2-0123456789abcdef").write_text("x")
    for name in (".v2-0123456789abcdef", ".current-v2-0123456789abcdef"):
        os.utime(tmp_path / name, (long_ago, long_ago))
    made(2).save(tmp_path)
    assert [path.name for path in tmp_path.glob(".*")] == [".v2-fedcba9876543210"]


def test_the_version_before_stays_for_those_who_are_about_to_open_it(tmp_path: Path) -> None:
    saved = [made(seed, 30).save(tmp_path).name for seed in range(4)]
    kept = {path.name for path in tmp_path.glob("v*")}
    assert saved[-1] in kept
    assert len(kept) == 2


def test_a_reader_keeps_its_index_while_newer_ones_come(tmp_path: Path) -> None:
    made(1, 5_000).save(tmp_path)
    reader = Index.open(tmp_path)
    before = search(reader, QUERY)
    for seed in range(2, 6):
        made(seed, 100).save(tmp_path)
    assert search(reader, QUERY) == before
    assert Index.open(tmp_path).version != reader.version


def test_notes_of_the_caller_come_back(tmp_path: Path) -> None:
    index = made(1, 10)
    Index(index.arrays, index.statistics, notes={"zones": ["America/Los_Angeles"]}).save(tmp_path)
    assert Index.open(tmp_path).notes == {"zones": ["America/Los_Angeles"]}
