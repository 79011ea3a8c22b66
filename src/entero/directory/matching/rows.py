"""Plain reads of an index: which rows lie somewhere, offer something, or say a word.

Rows are ``int32`` numbers in index order, always ascending and without repeats.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from entero.directory.matching import facets
from entero.directory.matching.columns import NO_STATE
from entero.directory.matching.geo import MICRO, NOWHERE, disc_stretches, miles_from
from entero.directory.matching.index import Index, idf
from entero.directory.matching.query import BM25_B, BM25_K1

Rows = NDArray[np.int32]
Flags = NDArray[np.bool_]


def spread(stretches: Iterable[tuple[int, int]]) -> Rows:
    """Return the rows of disjoint stretches ``[first, last)``."""
    parts = [np.arange(first, last, dtype=np.int32) for first, last in stretches if first < last]
    return np.concatenate(parts) if parts else np.zeros(0, np.int32)


def rows_within(index: Index, lat: float, lon: float, miles: float) -> tuple[Rows, NDArray[np.float64]]:
    """Return what can be visited within ``miles`` of a point in degrees, and how far each is."""
    rows = spread(disc_stretches(index.grid, lat, lon, miles))
    rows = rows[has_all(index, rows, facets.OTHER, 1 << facets.IN_PERSON)]
    far = distances(index, rows, lat, lon)
    near = far <= miles
    return rows[near], far[near]


def distances(index: Index, rows: Rows, lat: float, lon: float) -> NDArray[np.float64]:
    """Return great-circle miles to each row; infinity for rows without a place."""
    lats = index.arrays.lat_micro[rows]
    far = miles_from(lat, lon, lats / MICRO, index.arrays.lon_micro[rows] / MICRO)
    return np.where(lats == NOWHERE, np.inf, far)


def rows_in_state(index: Index, state: int) -> Rows:
    """Return everything whose state this is, remote or not."""
    start = index.arrays.segment_start
    return spread([(int(start[2 * state]), int(start[2 * state + 2]))])


def rows_remote(index: Index, state: int) -> Rows:
    """Return what can be reached from anywhere in a state, national services included."""
    start = index.arrays.segment_start
    segments = sorted({2 * state + 1, 2 * NO_STATE + 1})
    return spread((int(start[number]), int(start[number + 1])) for number in segments)


def rows_with_any_term(index: Index, terms: Iterable[int]) -> Rows:
    """Return the rows that have at least one of these terms."""
    start, posts = index.arrays.term_posts, index.arrays.posts
    lists = [
        (posts[start[term] : start[term + 1]] >> np.uint32(8)).astype(np.int32)
        for term in terms
        if term < len(start) - 1
    ]
    if len(lists) == 1:
        return lists[0]
    return np.unique(np.concatenate(lists)) if lists else np.zeros(0, np.int32)


def terms_of(index: Index, row: int) -> tuple[int, ...]:
    """Return the terms of one row."""
    start = index.arrays.term_start
    return tuple(int(term) for term in index.arrays.term_values[start[row] : start[row + 1]])


def flags_of(index: Index, chosen: Rows) -> Flags:
    """Return ``bool (n,)`` that is true for the chosen rows."""
    flags = np.zeros(index.n, bool)
    flags[chosen] = True
    return flags


def has_all(index: Index, rows: Rows, kind: int, bits: int) -> Flags:
    """Say for each row whether all of these properties hold."""
    masks, lost = index.plan.masks(kind, bits)
    if lost:
        return np.zeros(len(rows), bool)
    found = np.ones(len(rows), bool)
    for word, mask in enumerate(masks):
        if mask:
            found &= (index.arrays.facet_word(word)[rows] & mask) == mask
    return found


def has_any(index: Index, rows: Rows, kind: int, bits: int) -> Flags:
    """Say for each row whether at least one of these properties holds."""
    masks, _ = index.plan.masks(kind, bits)
    found = np.zeros(len(rows), bool)
    for word, mask in enumerate(masks):
        if mask:
            found |= (index.arrays.facet_word(word)[rows] & mask) != 0
    return found


def key_of(index: Index, row: int) -> bytes:
    """Return the 16 bytes that identify a row outside of the index."""
    high, low = int(index.arrays.key_high[row]), int(index.arrays.key_low[row])
    return high.to_bytes(8, "big") + low.to_bytes(8, "big")


def row_of_key(index: Index, key: bytes) -> int | None:
    """Return the row with this key, or None."""
    order = index.arrays.key_order
    wanted = int.from_bytes(key, "big")
    low, high = 0, len(order)
    while low < high:
        middle = (low + high) // 2
        if int.from_bytes(key_of(index, int(order[middle])), "big") < wanted:
            low = middle + 1
        else:
            high = middle
    if low < len(order) and key_of(index, int(order[low])) == key:
        return int(order[low])
    return None


def postings(index: Index, word: str) -> tuple[Rows, NDArray[np.uint32]]:
    """Return the rows in which a word occurs, and how often (at most 255)."""
    number = index.word_numbers.get(word)
    if number is None:
        return np.zeros(0, np.int32), np.zeros(0, np.uint32)
    start = index.arrays.word_start
    posts = index.arrays.posts[start[number] : start[number + 1]]
    return (posts >> np.uint32(8)).astype(np.int32), posts & np.uint32(255)


def word_scores(index: Index, words: tuple[str, ...], *, all_words: bool) -> tuple[Rows, NDArray[np.float64]]:
    """Return the rows in which all (or any) of the words occur, and the BM25 of each."""
    if not words:
        return np.zeros(0, np.int32), np.zeros(0)
    known = index.statistics
    scores = np.zeros(index.n)
    hits = np.zeros(index.n, np.uint8)
    for word in dict.fromkeys(words):
        rows, times = postings(index, word)
        length = index.arrays.length[rows]
        norm = BM25_K1 * (1 - BM25_B + BM25_B * length / max(known.mean_length, 1e-9))
        weight = idf(known.rows, index.frequency(word))
        scores[rows] += weight * times * (BM25_K1 + 1) / (times + norm)
        hits[rows] += 1
    needed = len(dict.fromkeys(words)) if all_words else 1
    rows = np.flatnonzero(hits >= needed).astype(np.int32)
    return rows, scores[rows]
