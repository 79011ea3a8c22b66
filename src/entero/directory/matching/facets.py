"""Packs every yes/no property of a row into one or two 64-bit words, and a query into masks over them.

Only bits that occur in the data get a place, so a national directory fits into one word.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entero.directory.matching.columns import Columns
from entero.directory.matching.query import Query

WORDS = 2
"""64-bit words a row: 128 properties."""

CAPACITY_OPEN, CAPACITY_WAITING, CAPACITY_FULL = 1, 2, 3
YES, NO, LANGUAGE, COST, OTHER = range(5)
IN_PERSON, REMOTE, OPEN, WAITING, FULL = range(5)


class TooManyProperties(ValueError):
    """The data uses more than 128 different properties."""


@dataclass(frozen=True)
class Plan:
    """Where each property lies: ``place[kind][bit]`` is 0 to 127, or -1 where it never occurs."""

    place: NDArray[np.int16]

    def masks(self, kind: int, bits: int) -> tuple[list[int], int]:
        """Return the mask of these bits in each word, and the bits that have no place."""
        words, lost = [0] * WORDS, 0
        while bits:
            low = bits & -bits
            position = int(self.place[kind, low.bit_length() - 1])
            if position < 0:
                lost |= low
            else:
                words[position >> 6] |= 1 << (position & 63)
            bits ^= low
        return words, lost


def make_plan(columns: Columns) -> Plan:
    """Give every property that occurs a place."""
    place = np.full((5, 64), -1, np.int16)
    used = 0
    for kind, values in ((YES, columns.yes), (NO, columns.no), (LANGUAGE, columns.languages)):
        everything = int(np.bitwise_or.reduce(values)) if len(values) else 0
        for bit in range(64):
            if everything >> bit & 1:
                place[kind, bit] = used
                used += 1
    for kind, count in ((COST, 3), (OTHER, 5)):
        for bit in range(count):
            place[kind, bit] = used
            used += 1
    if used > 64 * WORDS:
        raise TooManyProperties(f"{used} properties; at most {64 * WORDS}")
    return Plan(place)


def pack(columns: Columns, plan: Plan) -> NDArray[np.uint64]:
    """Return ``uint64 (n, WORDS)`` with the properties of every row."""
    packed = np.zeros((len(columns.lat), WORDS), np.uint64)
    capacity = columns.capacity
    other = (
        columns.in_person,
        columns.remote,
        capacity == CAPACITY_OPEN,
        capacity == CAPACITY_WAITING,
        capacity == CAPACITY_FULL,
    )
    sources: dict[int, NDArray[Any]] = {
        YES: columns.yes,
        NO: columns.no,
        LANGUAGE: columns.languages,
        COST: columns.cost,
    }
    for kind in range(5):
        for bit in range(64):
            position = int(plan.place[kind, bit])
            if position < 0:
                continue
            holds = other[bit] if kind == OTHER else sources[kind] >> np.uint64(bit) & np.uint64(1)
            packed[:, position >> 6] |= holds.astype(np.uint64) << np.uint64(position & 63)
    return packed


def transpose(packed: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return one bitmap a property: ``uint64 (64 * WORDS, ceil(n / 64))``, lowest bit first."""
    n = len(packed)
    blocks = (n + 63) // 64
    bitmaps = np.zeros((64 * WORDS, blocks), np.uint64)
    padded = np.zeros(blocks * 64, np.uint64)
    for position in range(64 * WORDS):
        padded[:n] = packed[:, position >> 6] >> np.uint64(position & 63) & np.uint64(1)
        if padded.any():
            bits = np.packbits(padded.astype(np.uint8), bitorder="little")
            bitmaps[position] = bits.view(np.uint64)
    return bitmaps


@dataclass(frozen=True)
class Filter:
    """A query's demands as masks over the two words; ``impossible`` when nothing can fit.

    ``masks`` holds, for each word: must be set, must not be set, one of these languages, one of these costs.
    """

    masks: tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]
    asked: tuple[int, int]
    prefer: tuple[int, int]
    first_language: tuple[int, int]
    impossible: bool


def compile_filter(query: Query, plan: Plan) -> Filter:
    """Translate what a query demands of single rows."""
    must, lost = plan.masks(YES, query.required)
    impossible = bool(lost)
    must_not, _ = plan.masks(NO, query.asked)
    if query.not_full:
        full, _ = plan.masks(OTHER, 1 << FULL)
        must_not = [a | b for a, b in zip(must_not, full, strict=True)]
    spoken = 0
    for number in query.languages:
        spoken |= 1 << number
    languages, _ = plan.masks(LANGUAGE, spoken)
    costs, _ = plan.masks(COST, query.cost)
    impossible |= bool(spoken and not any(languages)) or bool(query.cost and not any(costs))
    asked, lost = plan.masks(YES, query.asked)
    if lost:
        asked = [0, 0]
    prefer, _ = plan.masks(YES, query.prefer)
    first = plan.masks(LANGUAGE, 1 << query.languages[0])[0] if query.languages else [0, 0]
    return Filter(
        masks=(_pair(must), _pair(must_not), _pair(languages), _pair(costs)),
        asked=_pair(asked),
        prefer=_pair(prefer),
        first_language=_pair(first),
        impossible=impossible,
    )


def _pair(words: list[int]) -> tuple[int, int]:
    return words[0], words[1]
