"""The search by compiled kernels: packs a query into two small arrays and makes one call."""

import ctypes
import hashlib
import os
import struct
from collections.abc import Callable
from functools import cache
from importlib import import_module
from itertools import chain
from pathlib import Path
from tempfile import gettempdir
from threading import local
from typing import Any, NamedTuple

import numba
import numpy as np

from entero.directory.matching import by_numpy, facets
from entero.directory.matching.demand import Demand
from entero.directory.matching.facets import Masks
from entero.directory.matching.index import Index

KERNELS = "entero.directory.matching.kernels"
ALSO_COMPILED = ("geo.py", "points.py", "query.py", "columns.py", "index.py")
OTHERS_MAY_WRITE = 0o022
MOST_LISTS = 64


class Kernel(NamedTuple):
    """The compiled function, and the type of the group of arrays that it takes."""

    top: Callable[..., int]
    ground: Any


@cache
def kernel() -> Kernel:
    """Import the kernels; compiled code is kept between processes where that is safe."""
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = cache_folder()
    try:
        layout = import_module(f"{KERNELS}.layout")
        return Kernel(import_module(f"{KERNELS}.walk").top, layout.Ground)
    finally:
        settings.CACHE_DIR = before


def cache_folder() -> str:
    """Return where compiled code is kept, or "" when no folder can be trusted or written.

    The name holds a hash of the source, so code of another version is never run.
    """
    here = Path(__file__).parent
    used = sorted((here / "kernels").glob("*.py")) + [here / name for name in ALSO_COMPILED]
    sources = [path.read_bytes() for path in used]
    version = hashlib.sha256(b"\0".join([numba.__version__.encode(), *sources])).hexdigest()[:16]
    for home in _homes():
        folder = home / f"kernels-{version}"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _is_ours(home) and _is_ours(folder):
                return str(folder)
        except OSError:
            continue
    return ""


def _homes() -> list[Path]:
    """Return the places to try: the user's own cache, then one of this user's in the temporary folder."""
    wanted = os.environ.get("XDG_CACHE_HOME")
    own = Path(wanted) if wanted else Path("~").expanduser() / ".cache"
    return [own / "entero", Path(gettempdir()) / f"entero-{os.getuid()}"]


def _is_ours(folder: Path) -> bool:
    """Say whether nobody else could have put code there."""
    state = folder.lstat()
    return state.st_uid == os.getuid() and not state.st_mode & OTHERS_MAY_WRITE and os.access(folder, os.W_OK)


class Room(local):
    """What a thread works in: one array, the bytes of it that a query is written to, and the answer in it."""

    def __init__(self) -> None:
        at = import_module(f"{KERNELS}.layout").AT
        self.whole = np.zeros(at[-1], np.int64)
        self.bytes: Any = self.whole.view(np.uint8)
        self.rows = self.whole[at[1] : at[2]]
        self.scores = self.whole[at[2] : at[3]].view(np.float64)


@cache
def room() -> Room:
    return Room()


@cache
def packer(lists: int) -> struct.Struct:
    """Return what writes a query with so many lists."""
    return struct.Struct("=32q4d" + lists * "2qd")


def top(index: Index, demand: Demand) -> tuple[list[int], list[float]]:
    """Return the best rows in order, and their scores."""
    lists = demand.words + demand.terms
    if len(lists) > MOST_LISTS:
        return by_numpy.top(index, demand)
    ground, tail, mean_length = _prepared(index)
    here = room()
    packer(len(lists)).pack_into(
        here.bytes,
        0,
        *demand.must,
        *demand.must_not,
        *demand.languages,
        *demand.costs,
        *demand.asked,
        *demand.prefer,
        *demand.first_language,
        *tail,
        demand.age,
        demand.slot,
        demand.state,
        demand.remote,
        demand.today,
        demand.all_words,
        len(demand.words),
        len(demand.terms),
        demand.lat,
        demand.lon,
        demand.radius,
        mean_length,
        *chain.from_iterable(lists),
    )
    count = kernel().top(ground, here.whole)
    return here.rows[:count].tolist(), here.scores[:count].tolist()


def _prepared(index: Index) -> tuple[Any, tuple[int, ...], float]:
    """Return the arrays of an index, its masks that every query needs, and its mean length."""
    found = index.kept.get(KERNELS)
    if found is None:
        arrays = index.arrays
        views = [getattr(arrays, name).view() for name in kernel().ground._fields]
        for view in views:
            view.flags.writeable = False
        ground = kernel().ground(*views)
        mean_length = max(index.statistics.mean_length, 1e-9)
        _load_code(ground)
        found = index.kept[KERNELS] = (ground, _tail(index), mean_length)
    return found


def _load_code(ground: Any) -> None:
    """Have the compiled code loaded by a question of zeros, then give back the memory that loading took."""
    kernel().top(ground, np.zeros_like(room().whole))
    give_back = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if give_back is not None:
        give_back(0)


def _tail(index: Index) -> tuple[int, ...]:
    masks: list[Masks] = [index.plan.masks(facets.COST, facets.FREE)[0]]
    others = (facets.OPEN, facets.WAITING, facets.FULL, facets.IN_PERSON)
    masks += [index.plan.masks(facets.OTHER, 1 << bit)[0] for bit in others]
    return tuple(word for mask in masks for word in mask)
