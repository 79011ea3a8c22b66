"""Compiled code: where it is kept, what happens when it may not be, and that nobody pays who does not use it."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from entero.directory.matching import by_numba, by_numpy, compiled
from entero.directory.matching.build import build
from entero.directory.matching.demand import compile_query
from entero.directory.matching.index import Index
from entero.directory.matching.query import Query
from entero.directory.matching.search import engine_of, search
from tests.directory.matching import random_directories
from tests.directory.matching.random_directories import TODAY


def in_a_new_process(code: str, **environment: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return finished.stdout.strip()


def test_searching_with_numpy_never_imports_numba() -> None:
    code = """
import sys
from entero.directory.matching.search import engine_of
engine_of("numpy")
print("numba" in sys.modules)
"""
    assert in_a_new_process(code) == "False"


def test_without_numba_the_search_is_numpy() -> None:
    code = """
import sys
sys.modules["numba"] = None
from entero.directory.matching.search import engine_of
print(engine_of(None).__module__)
"""
    assert in_a_new_process(code) == "entero.directory.matching.by_numpy"


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    return tmp_path


def test_compiled_code_is_kept_where_only_its_owner_writes(own_cache: Path) -> None:
    folder = Path(compiled.cache_folder())
    assert folder.parent == own_cache / "cache" / "entero"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_others_may_write_is_not_trusted(own_cache: Path) -> None:
    for home in compiled._homes():
        home.mkdir(parents=True)
        home.chmod(0o777)
    assert compiled.cache_folder() == ""


def test_a_link_to_elsewhere_is_not_trusted(own_cache: Path) -> None:
    (own_cache / "elsewhere").mkdir()
    for home in compiled._homes():
        home.parent.mkdir(parents=True, exist_ok=True)
        home.symlink_to(own_cache / "elsewhere")
    assert compiled.cache_folder() == ""


def test_where_nothing_can_be_written_nothing_is_kept(own_cache: Path) -> None:
    (own_cache / "cache").touch()
    (own_cache / "temporary").touch()
    assert compiled.cache_folder() == ""


@pytest.mark.parametrize("damage", [lambda _kept: b"", lambda kept: kept[:-1], lambda kept: b"x" + kept])
def test_damaged_code_is_never_run(own_cache: Path, damage: Callable[[bytes], bytes]) -> None:
    path = own_cache / "search-here"
    compiled._write(path, "name", b"code\nwith lines")
    assert compiled._read(path) == ("name", b"code\nwith lines")
    path.write_bytes(damage(path.read_bytes()))
    assert compiled._read(path) is None


def test_the_second_process_needs_no_numba(tmp_path: Path) -> None:
    code = """
import sys
from entero.directory.matching.build import build
from entero.directory.matching.index import Index
from entero.directory.matching.query import Query
from entero.directory.matching.search import search
from tests.directory.matching import random_directories
found = search(build(random_directories.columns(1, 500)), Query(state=4), engine="numba")
print(len(found), "numba" in sys.modules)
"""
    by_numba.kernel()
    assert in_a_new_process(code) == "20 False"


def test_an_index_of_another_kind_never_reaches_compiled_code() -> None:
    index = build(random_directories.columns(1, 50))
    for wrong in (index.arrays.pointers.astype(np.int16), np.repeat(index.arrays.pointers, 2)[::2]):
        other = replace(index.arrays, pointers=wrong)
        with pytest.raises(ValueError, match="pointers"):
            by_numba.table_of(other)


def test_more_lists_than_there_is_room_for_are_answered_all_the_same() -> None:
    index = build(random_directories.columns(5, 300))
    words = tuple(f"w{number}" for number in range(25))
    query = Query(state=4, words=words, terms=tuple(range(12)), all_words=False, today=TODAY)
    many = compile_query(index, query)
    assert many is not None
    crowded = many._replace(words=many.words * 4)
    assert len(crowded.words) + len(crowded.terms) > by_numba.MOST_LISTS
    assert by_numba.top(index, crowded) == by_numpy.top(index, crowded)


def test_threads_do_not_get_in_each_others_way() -> None:
    index = build(random_directories.columns(6, 2_000))
    chance = Random(6)
    queries = [random_directories.query(chance) for _ in range(200)]
    alone = [search(index, query, engine="numba") for query in queries]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):
            assert list(pool.map(lambda query: search(index, query, engine="numba"), queries)) == alone


def test_an_index_answers_alike_from_memory_and_from_disk(tmp_path: Path) -> None:
    index = build(random_directories.columns(7, 3_000))
    index.save(tmp_path)
    query = Query(state=4, today=TODAY)
    assert search(Index.open(tmp_path), query, engine="numba") == search(index, query, engine="numba")


def test_a_numba_that_does_not_load_leaves_numpy() -> None:
    code = """
import sys
import numba
sys.modules["llvmlite"] = None
from entero.directory.matching.search import engine_of
print(engine_of(None).__module__)
"""
    assert in_a_new_process(code) == "entero.directory.matching.by_numpy"


def test_the_engine_is_numba_where_it_is_installed() -> None:
    assert engine_of(None).__module__ == by_numba.__name__
