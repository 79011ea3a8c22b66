"""Choosing the way through the index, and going it."""

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from entero.directory.matching import points
from entero.directory.matching.kernels.layout import OPTIONS, Way, scratch_in
from entero.directory.matching.kernels.lists import has_term, has_words, lower_bound
from entero.directory.matching.kernels.places import find_places
from entero.directory.matching.kernels.scoring import distance_bounds, offer, threshold
from entero.directory.matching.kernels.shape import (
    AGE,
    ALL_WORDS,
    ANY,
    ASKED,
    BEST,
    CHANCE,
    CHUNK,
    COSTS,
    FIRST,
    FREE,
    LANGUAGES,
    LISTS,
    MUST,
    MUST_NOT,
    OPEN,
    PREFER,
    STRETCHES,
    TERM_COUNT,
    WEIGHT,
    WIDTH,
    WORD_COUNT,
)
from entero.directory.matching.query import (
    BM25_K1,
    WEIGHT_ACCEPTANCE,
    WEIGHT_DISTANCE,
    WEIGHT_FRESHNESS,
    WEIGHT_WORDS,
    WORDS_HALF_SCORE,
)

# Nanoseconds, roughly: what the cost of a way is made of.
BITMAP_COST = 0.7
ENTRY_COST = 1.5
SEEK_COST = 10.0
ROW_COST = 40.0

MOST_TO_SORT = 256

UNSET = -1
NO_LIST = -1
"""Stands for a walk by bitmaps alone."""
ALL_BITS = np.int64(-1)


@intrinsic
def lowest_bit(_typing, _value):
    """Return the number of the lowest bit that is set."""

    def codegen(_context, builder, _signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.int64), codegen


@njit(**OPTIONS)
def add_bits(bitmaps, at, mask, offset):
    """Write the numbers of the bits of a mask, and return where the next ones go."""
    while mask:
        bitmaps[at] = offset + lowest_bit(mask)
        at += 1
        mask &= mask - 1
    return at


@njit(**OPTIONS)
def list_bitmaps(ground, ask, bitmaps, parts):
    """Write which bitmaps are needed; see ``Scratch``."""
    at = add_bits(bitmaps, add_bits(bitmaps, 0, ask[MUST], 0), ask[MUST + 1], 64)
    if ask[AGE] != ANY and ground.age_bitmap[ask[AGE]] >= 0:
        bitmaps[at] = ground.age_bitmap[ask[AGE]]
        at += 1
    parts[0], parts[1] = 0, at
    for group, mask in ((2, MUST_NOT), (3, LANGUAGES), (4, COSTS)):
        at = add_bits(bitmaps, add_bits(bitmaps, at, ask[mask], 0), ask[mask + 1], 64)
        parts[group] = at


@njit(**OPTIONS)
def block(ground, scratch, number):
    """Return which of 64 rows have every facet that is demanded."""
    found = ALL_BITS
    parts = scratch.parts
    for at in range(parts[0], parts[1]):
        found &= ground.bitmaps[scratch.bitmaps[at], number]
    for at in range(parts[1], parts[2]):
        found &= ~ground.bitmaps[scratch.bitmaps[at], number]
    for group in range(2, 4):
        if parts[group] < parts[group + 1]:
            some = np.int64(0)
            for at in range(parts[group], parts[group + 1]):
                some |= ground.bitmaps[scratch.bitmaps[at], number]
            found &= some
    return found


@njit(**OPTIONS)
def chance(ground, scratch):
    """Return which share of rows has every facet, as if facets had nothing to do with each other."""
    n = len(ground.records)
    parts = scratch.parts
    share = 1.0
    for at in range(parts[0], parts[1]):
        share *= ground.bitmap_counts[scratch.bitmaps[at]] / n
    for at in range(parts[1], parts[2]):
        share *= 1 - ground.bitmap_counts[scratch.bitmaps[at]] / n
    for group in range(2, 4):
        if parts[group] < parts[group + 1]:
            none = 1.0
            for at in range(parts[group], parts[group + 1]):
                none *= 1 - ground.bitmap_counts[scratch.bitmaps[at]] / n
            share *= 1 - none
    return share


@njit(**OPTIONS)
def cost_of(ground, scratch, size, first, last):
    """Return what walking the lists ``first`` to ``last`` costs in a place of ``size`` rows."""
    entries = 0.0
    for number in range(first, last):
        entries += scratch.ask[LISTS + WIDTH * number + 1] - scratch.ask[LISTS + WIDTH * number]
    return cost(scratch, entries * (size / len(ground.records)), size, first, ENTRY_COST)


@njit(**OPTIONS)
def cost(scratch, entries, size, first, each):
    """Return what it costs to look at so many rows, of which each costs so much to find."""
    words, terms = scratch.ask[WORD_COUNT], scratch.ask[TERM_COUNT]
    seeks = words + (terms if first < words else 0)
    blocks = min(entries, size / 64) * scratch.parts[4] * BITMAP_COST
    return entries * (each + scratch.near[CHANCE] * (ROW_COST + SEEK_COST * seeks)) + blocks


@njit(**OPTIONS)
def choose(ground, scratch, size):
    """Return which lists to walk, first and last, or NO_LIST to walk by bitmaps."""
    ask = scratch.ask
    words, terms = ask[WORD_COUNT], ask[TERM_COUNT]
    scratch.near[CHANCE] = chance(ground, scratch)
    least = cost(scratch, np.float64(size), size, NO_LIST, 0.0)
    first, last = NO_LIST, NO_LIST
    if terms:
        found = cost_of(ground, scratch, size, words, words + terms)
        if found < least:
            least, first, last = found, words, words + terms
    step = 1 if ask[ALL_WORDS] else max(words, 1)
    for word in range(0, words, step):
        found = cost_of(ground, scratch, size, word, word + step)
        if found < least:
            least, first, last = found, word, word + step
    return first, last


@njit(**OPTIONS)
def most_besides(scratch):
    """Return the most that everything but nearness can be worth."""
    words = 0.0
    for word in range(scratch.ask[WORD_COUNT]):
        words += scratch.real[LISTS + WIDTH * word + WEIGHT] * (BM25_K1 + 1)
    earned = points.ROOM_OPEN + points.FREE
    for mask, worth in ((ASKED, points.ASKED), (PREFER, points.PREFERRED), (FIRST, points.FIRST_LANGUAGE)):
        if scratch.ask[mask] or scratch.ask[mask + 1]:
            earned += worth
    most = WEIGHT_WORDS * (words / (words + WORDS_HALF_SCORE)) + WEIGHT_FRESHNESS
    return most + WEIGHT_ACCEPTANCE * (earned / points.UNITS)


@njit(**OPTIONS)
def needed_bitmaps(scratch, spare):
    """Add the bitmaps of what a row cannot do without any more, where ``spare`` is all it may lose."""
    at = scratch.parts[4]
    for mask, worth in (
        (ASKED, points.ASKED),
        (PREFER, points.PREFERRED),
        (FIRST, points.FIRST_LANGUAGE),
        (FREE, points.FREE),
        (OPEN, points.ROOM_OPEN - points.ROOM_WAITING),
    ):
        if WEIGHT_ACCEPTANCE * (worth / points.UNITS) > spare:
            at = add_bits(scratch.bitmaps, at, scratch.ask[mask], 0)
            at = add_bits(scratch.bitmaps, at, scratch.ask[mask + 1], 64)
    return at


@njit(**OPTIONS)
def needed_block(ground, scratch, number, last):
    found = ALL_BITS
    for at in range(scratch.parts[4], last):
        found &= ground.bitmaps[scratch.bitmaps[at], number]
    return found


@njit(**OPTIONS)
def inside(number, start, end):
    """Return the bits of a block that lie between two rows."""
    found = ALL_BITS
    if number == start >> 6:
        found &= ALL_BITS << (start & 63)
    if number == (end - 1) >> 6 and end & 63:
        found &= (np.int64(1) << (end & 63)) - 1
    return found


@njit(**OPTIONS)
def start_heads(ground, scratch, way):
    """Set the heads of the walked lists to their first row that is not before the way."""
    for number in range(way.first, way.last):
        low, high = scratch.ask[LISTS + WIDTH * number], scratch.ask[LISTS + WIDTH * number + 1]
        scratch.heads[number] = lower_bound(ground.posts, low, high, way.start << 8)


@njit(**OPTIONS)
def next_block(ground, scratch, way):
    """Return the block of the lowest row at the heads, or one behind the end of the way."""
    row = way.end + 63
    for number in range(way.first, way.last):
        at = scratch.heads[number]
        if at < scratch.ask[LISTS + WIDTH * number + 1]:
            row = min(row, np.int64(ground.posts[at]) >> 8)
    return row >> 6


@njit(**OPTIONS)
def gather(ground, scratch, way, begin, end):
    """Note which rows of blocks ``begin`` to ``end`` the walked lists name, and move their heads on."""
    for number in range(begin, end):
        scratch.named[number - begin] = 0
    for number in range(way.first, way.last):
        at, high = scratch.heads[number], scratch.ask[LISTS + WIDTH * number + 1]
        while at < high:
            row = np.int64(ground.posts[at]) >> 8
            if row >> 6 >= end:
                break
            scratch.named[(row >> 6) - begin] |= np.int64(1) << (row & 63)
            at += 1
        scratch.heads[number] = at


@njit(**OPTIONS)
def consider(ground, scratch, way, row):
    """Check the lists for a row whose facets fit."""
    words, terms = scratch.ask[WORD_COUNT], scratch.ask[TERM_COUNT]
    if words and not has_words(ground.posts, scratch, row):
        return
    if terms and way.first < words and not has_term(ground.posts, scratch, row):
        return
    offer(ground, scratch, row, way.is_remote)


@njit(**OPTIONS)
def sweep(ground, scratch, way, begin, end, last):
    """Go through blocks of 64 rows, of which only those count that are named."""
    for number in range(begin, end):
        found = scratch.named[number - begin] & inside(number, way.start, way.end)
        if found:
            found &= block(ground, scratch, number)
        if found:
            found &= needed_block(ground, scratch, number, last)
        while found:
            row = (number << 6) + lowest_bit(found)
            found &= found - 1
            consider(ground, scratch, way, row)


@njit(**OPTIONS)
def walk(ground, scratch, way, most):
    """Go through one stretch; ``most`` is what a row can be worth there."""
    end = ((way.end - 1) >> 6) + 1
    begin = way.start >> 6
    start_heads(ground, scratch, way)
    while True:
        if way.first != NO_LIST:
            begin = next_block(ground, scratch, way)
        if begin >= end:
            return
        spare = most - threshold(scratch)
        if spare < 0:
            return
        until = min(begin + CHUNK, end)
        if way.first == NO_LIST:
            scratch.named[:] = ALL_BITS
        else:
            gather(ground, scratch, way, begin, until)
        sweep(ground, scratch, way, begin, until, needed_bitmaps(scratch, spare))
        begin = until


@njit(**OPTIONS)
def order_by_share(scratch):
    """Put the stretches in the order in which they are best gone through: the nearest first."""
    n, order = scratch.filled[STRETCHES], scratch.order
    for place in range(n):
        at, share = place, scratch.share[place]
        while n <= MOST_TO_SORT and at > 0 and scratch.share[order[at - 1]] < share:
            order[at] = order[at - 1]
            at -= 1
        order[at] = place


@njit(**OPTIONS)
def top(ground, room):
    """Leave the best rows and their scores in the room, best first, and return how many there are."""
    scratch = scratch_in(room)
    ask = scratch.ask
    scratch.filled[BEST] = 0
    size = find_places(ground, scratch)
    if size == 0:
        return 0
    list_bitmaps(ground, ask, scratch.bitmaps, scratch.parts)
    distance_bounds(scratch.near, scratch.real)
    first, last = choose(ground, scratch, size)
    besides = most_besides(scratch)
    order_by_share(scratch)
    for place in range(scratch.filled[STRETCHES]):
        at = scratch.order[place]
        most = besides + WEIGHT_DISTANCE * scratch.share[at]
        if threshold(scratch) > most:
            continue
        for number in range(ask[WORD_COUNT] + ask[TERM_COUNT]):
            scratch.cursors[number] = UNSET
        way = Way(first, last, scratch.starts[at], scratch.ends[at], scratch.is_remote[at])
        walk(ground, scratch, way, most)
    return scratch.filled[BEST]
