"""Walking through lists of postings, which are in the order of the ground."""

import numpy as np
from numba import njit

from entero.directory.matching.kernels.layout import OPTIONS
from entero.directory.matching.kernels.shape import ALL_WORDS, LISTS, TERM_COUNT, WIDTH, WORD_COUNT


@njit(**OPTIONS)
def lower_bound(posts, low, high, key):
    """Return the first position whose posting is not below the key."""
    while low < high:
        middle = (low + high) >> 1
        if np.int64(posts[middle]) < key:
            low = middle + 1
        else:
            high = middle
    return low


@njit(**OPTIONS)
def gallop(posts, low, high, key):
    """Return the same as ``lower_bound``, quickly when it is near ``low``."""
    step = 1
    at = low
    while at < high and np.int64(posts[at]) < key:
        low = at + 1
        at += step
        step <<= 1
    return lower_bound(posts, low, min(at, high), key)


@njit(**OPTIONS)
def times_in(posts, scratch, number, row):
    """Return how often a list names the row, moving its cursor there."""
    last = scratch.ask[LISTS + WIDTH * number + 1]
    key = row << 8
    at = scratch.cursors[number]
    if at < 0:
        at = lower_bound(posts, scratch.ask[LISTS + WIDTH * number], last, key)
    else:
        at = gallop(posts, at, last, key)
    scratch.cursors[number] = at
    if at < last and np.int64(posts[at]) >> 8 == row:
        return np.int64(posts[at]) & 255
    return 0


@njit(**OPTIONS)
def has_words(posts, scratch, row):
    """Say whether the words match, and note how often each occurs."""
    hits = 0
    for word in range(scratch.ask[WORD_COUNT]):
        times = times_in(posts, scratch, word, row)
        scratch.times[word] = times
        if times:
            hits += 1
        elif scratch.ask[ALL_WORDS]:
            return False
    return hits > 0


@njit(**OPTIONS)
def has_term(posts, scratch, row):
    words = scratch.ask[WORD_COUNT]
    for number in range(words, words + scratch.ask[TERM_COUNT]):
        if times_in(posts, scratch, number, row) > 0:
            return True
    return False
