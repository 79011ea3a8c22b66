"""Compiled code: where it is kept, what it does when it may not be kept, and that nobody pays who does not use it."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from entero.directory.matching import by_numba, by_numpy
from entero.directory.matching.build import build
from entero.directory.matching.demand import compile_query
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


def test_compiled_code_is_kept_where_only_its_owner_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = Path(by_numba.cache_folder())
    assert folder.parent == tmp_path / "entero"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_others_may_write_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    for home in by_numba._homes():
        home.mkdir(parents=True)
        home.chmod(0o777)
    assert by_numba.cache_folder() == ""


def test_a_link_to_elsewhere_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "elsewhere").mkdir(mode=0o777)
    (tmp_path / "elsewhere").chmod(0o777)
    for home in by_numba._homes():
        home.parent.mkdir(parents=True, exist_ok=True)
        home.symlink_to(tmp_path / "elsewhere")
    assert by_numba.cache_folder() == ""


def test_where_nothing_can_be_written_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "a file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "a file"))
    assert by_numba.cache_folder() == ""


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


def test_the_same_index_from_memory_and_from_disk_needs_no_new_code(tmp_path: Path) -> None:
    index = build(random_directories.columns(7, 3_000))
    index.save(tmp_path)
    query = Query(state=4, today=TODAY)
    in_memory = search(index, query, engine="numba")
    compiled = len(by_numba.kernel().top.signatures)  # type: ignore[attr-defined]
    assert search(type(index).open(tmp_path), query, engine="numba") == in_memory
    assert len(by_numba.kernel().top.signatures) == compiled == 1  # type: ignore[attr-defined]


def test_the_engine_is_numba_where_it_is_installed() -> None:
    assert engine_of(None).__module__ == by_numba.__name__
