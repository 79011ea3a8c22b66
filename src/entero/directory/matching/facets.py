"""Packs every yes/no property of a row into one or two 64-bit words, and a query into masks over them.

Only bits that occur in the data get a place, so a national directory fits into one word. Words are
signed, because compiled code would turn a mixture of signed and unsigned into floating point.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entero.directory.matching.columns import Columns

WORDS = 2
"""64-bit words a row at most: 128 properties."""

CAPACITY_OPEN, CAPACITY_WAITING, CAPACITY_FULL = 1, 2, 3
YES, NO, LANGUAGE, COST, OTHER = range(5)
IN_PERSON, REMOTE, OPEN, WAITING, FULL = range(5)
FREE = 1
"""The bit of a cost that says it is free."""

MOST_AGE_BITMAPS = 48
REMEMBERED = 10_000

Masks = tuple[int, int]
Words = NDArray[np.int64]


class TooManyProperties(ValueError):
    """The data uses more than 128 different properties."""


@dataclass(frozen=True)
class Plan:
    """Where each property lies: ``place[kind][bit]`` is 0 to 127, or -1 where it never occurs."""

    place: NDArray[np.int16]
    _remembered: dict[tuple[int, int], tuple[Masks, int]] = field(default_factory=dict, compare=False)

    @property
    def used(self) -> int:
        """How many properties have a place."""
        return int(self.place.max()) + 1

    def masks(self, kind: int, bits: int) -> tuple[Masks, int]:
        """Return the mask of these bits in each word, and the bits that have no place."""
        found = self._remembered.get((kind, bits))
        if found is None:
            if len(self._remembered) > REMEMBERED:
                self._remembered.clear()
            found = self._remembered[kind, bits] = self._masks(kind, bits)
        return found

    def _masks(self, kind: int, bits: int) -> tuple[Masks, int]:
        words, lost = [0] * WORDS, 0
        while bits:
            low = bits & -bits
            number = low.bit_length() - 1
            position = int(self.place[kind, number]) if number < 64 else -1
            if position < 0:
                lost |= low
            else:
                words[position >> 6] |= 1 << (position & 63)
            bits ^= low
        return (_signed(words[0]), _signed(words[1])), lost


def _signed(word: int) -> int:
    return word - (1 << 64) if word >> 63 else word


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


def pack(columns: Columns, plan: Plan) -> tuple[Words, Words]:
    """Return the first and the second word of every row; the second is empty when one is enough."""
    n = len(columns.lat)
    packed = [np.zeros(n, np.uint64), np.zeros(n if plan.used > 64 else 0, np.uint64)]
    capacity = columns.capacity
    other = (
        columns.in_person & ~np.isnan(columns.lat) & ~np.isnan(columns.lon),
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
            packed[position >> 6] |= holds.astype(np.uint64) << np.uint64(position & 63)
    return packed[0].view(np.int64), packed[1].view(np.int64)


def transpose(packed: tuple[Words, Words], used: int) -> Words:
    """Return one bitmap a property: ``int64 (used, ceil(n / 64))``, lowest bit first."""
    bitmaps = np.zeros((used, (len(packed[0]) + 63) // 64), np.int64)
    for position in range(used):
        bitmaps[position] = bitmap(packed[position >> 6] >> np.int64(position & 63) & np.int64(1))
    return bitmaps


def bitmap(flags: NDArray[Any]) -> Words:
    """Return 0 or 1 per row as bits, lowest first, in whole words."""
    padded = np.zeros((len(flags) + 63) // 64 * 64, np.uint8)
    padded[: len(flags)] = flags
    return np.packbits(padded, bitorder="little").view(np.int64)


def age_bitmaps(age_min: NDArray[np.uint8], age_max: NDArray[np.uint8]) -> tuple[NDArray[np.int16], Words]:
    """Return which bitmap tells who takes each age (``int16 (256,)``, -1 for none), and the bitmaps.

    Ages between two limits that occur share one; with too many limits there are none at all.
    """
    limits = np.union1d(age_min, age_max.astype(np.int64) + 1)
    limits = limits[(limits > 0) & (limits < 256)]
    if len(limits) >= MOST_AGE_BITMAPS:
        return np.full(256, -1, np.int16), np.zeros((0, (len(age_min) + 63) // 64), np.int64)
    which = np.searchsorted(limits, np.arange(256), side="right").astype(np.int16)
    starts = [0, *limits.tolist()]
    return which, np.stack([bitmap((age_min <= age) & (age <= age_max)) for age in starts])
