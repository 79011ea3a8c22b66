"""The search by compiled kernels: writes a query into one small array and makes one call."""

import struct
from functools import cache
from itertools import chain
from threading import local
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from entero.directory.matching import by_numpy, compiled, facets
from entero.directory.matching.demand import Demand
from entero.directory.matching.facets import Masks
from entero.directory.matching.index import Arrays, Index
from entero.directory.matching.kernels.shape import AT, GROUND, MOST_LISTS


class Ready(NamedTuple):
    """What is worked out once for an index: its table of addresses, where that lies, and more of the query.

    ``masks`` are those that every query needs.
    """

    table: NDArray[np.int64]
    address: int
    masks: tuple[int, ...]
    mean_length: float


class Room(local):
    """What a thread works in: one array, where that lies, and the answer in it."""

    def __init__(self) -> None:
        self.whole = np.zeros(AT[-1], np.int64)
        self.bytes: Any = self.whole.view(np.uint8)
        self.address = self.whole.ctypes.data
        self.rows = self.whole[AT[1] : AT[2]]
        self.scores = self.whole[AT[2] : AT[3]].view(np.float64)


@cache
def room() -> Room:
    return Room()


@cache
def kernel() -> compiled.Search:
    return compiled.load()


@cache
def packer(lists: int) -> struct.Struct:
    """Return what writes a query with so many lists."""
    return struct.Struct("=32q4d" + lists * "2qd")


def top(index: Index, demand: Demand) -> tuple[list[int], list[float]]:
    """Return the best rows in order, and their scores."""
    lists = demand.words + demand.terms
    if len(lists) > MOST_LISTS:
        return by_numpy.top(index, demand)
    ready = _prepared(index)
    here = room()
    packer(len(lists)).pack_into(
        here.bytes,
        0,
        *demand.wanted.flat,
        *ready.masks,
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
        ready.mean_length,
        *chain.from_iterable(lists),
    )
    count = kernel()(ready.address, here.address)
    return here.rows[:count].tolist(), here.scores[:count].tolist()


def _prepared(index: Index) -> Ready:
    found: Ready | None = index.kept.get(__name__)
    if found is None:
        table = table_of(index.arrays)
        mean_length = max(index.statistics.mean_length, 1e-9)
        found = index.kept[__name__] = Ready(table, table.ctypes.data, _tail(index), mean_length)
    return found


def table_of(arrays: Arrays) -> NDArray[np.int64]:
    """Return where each array lies and how long it is. Raises ValueError for one of another kind."""
    table = np.zeros((len(GROUND), 3), np.int64)
    for number, (name, kind) in enumerate(GROUND.items()):
        array = getattr(arrays, name)
        if (array.dtype, array.ndim) != kind or not array.flags.c_contiguous:
            raise ValueError(f"{name} is not of the kind that compiled code reads")
        table[number, 0] = array.ctypes.data
        table[number, 1 : 1 + array.ndim] = array.shape
    return table


def _tail(index: Index) -> tuple[int, ...]:
    masks: list[Masks] = [index.plan.masks(facets.COST, facets.FREE)[0]]
    others = (facets.OPEN, facets.WAITING, facets.FULL, facets.IN_PERSON)
    masks += [index.plan.masks(facets.OTHER, 1 << bit)[0] for bit in others]
    return tuple(word for mask in masks for word in mask)
