"""Choosing the way through the index, and going it."""

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from entero.directory.matching import points
from entero.directory.matching.kernels.layout import (
    AGE,
    ALL_WORDS,
    ANY,
    ASKED,
    COSTS,
    EMPTY,
    FIRST,
    FREE,
    LANGUAGES,
    LISTS,
    MUST,
    MUST_NOT,
    OPEN,
    OPTIONS,
    PREFER,
    TERM_COUNT,
    WEIGHTS,
    WORD_COUNT,
    Best,
    Task,
    Way,
)
from entero.directory.matching.kernels.lists import has_term, has_words, lower_bound
from entero.directory.matching.kernels.places import find_places
from entero.directory.matching.kernels.scoring import distance_bounds, offer, threshold
from entero.directory.matching.query import (
    BM25_K1,
    TOP,
    WEIGHT_ACCEPTANCE,
    WEIGHT_DISTANCE,
    WEIGHT_FRESHNESS,
    WEIGHT_WORDS,
    WORDS_HALF_SCORE,
)

# Nanoseconds, roughly: what the cost of a way is made of.
BITMAP_COST = 0.7
ENTRY_COST = 2.0
MERGE_COST = 4.0
SEEK_COST = 12.0
ROW_COST = 15.0

MOST_TO_SORT = 256

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
    """Write which bitmaps are needed; see ``Task``."""
    at = add_bits(bitmaps, add_bits(bitmaps, 0, ask[MUST], 0), ask[MUST + 1], 64)
    if ask[AGE] != ANY and ground.age_bitmap[ask[AGE]] >= 0:
        bitmaps[at] = ground.age_bitmap[ask[AGE]]
        at += 1
    parts[0], parts[1] = 0, at
    for group, mask in ((2, MUST_NOT), (3, LANGUAGES), (4, COSTS)):
        at = add_bits(bitmaps, add_bits(bitmaps, at, ask[mask], 0), ask[mask + 1], 64)
        parts[group] = at


@njit(**OPTIONS)
def make_task(ground, ask, real):
    """Return the query with everything that is worked out once."""
    bitmaps = np.empty(8 * 64, np.int64)
    parts = np.empty(5, np.int64)
    list_bitmaps(ground, ask, bitmaps, parts)
    lists = ask[WORD_COUNT] + ask[TERM_COUNT]
    return Task(
        ask,
        real,
        bitmaps,
        parts,
        distance_bounds(real),
        np.empty(lists, np.int64),
        np.zeros(ask[WORD_COUNT], np.int64),
        np.empty(lists, np.int64),
        np.empty(lists, np.int64),
    )


@njit(**OPTIONS)
def block(ground, task, number):
    """Return which of 64 rows have every facet that is demanded."""
    found = ALL_BITS
    parts = task.parts
    for at in range(parts[0], parts[1]):
        found &= ground.bitmaps[task.bitmaps[at], number]
    for at in range(parts[1], parts[2]):
        found &= ~ground.bitmaps[task.bitmaps[at], number]
    for group in range(2, 4):
        if parts[group] < parts[group + 1]:
            some = np.int64(0)
            for at in range(parts[group], parts[group + 1]):
                some |= ground.bitmaps[task.bitmaps[at], number]
            found &= some
    return found


@njit(**OPTIONS)
def chance(ground, task):
    """Return which share of rows has every facet, as if facets had nothing to do with each other."""
    n = len(ground.records)
    parts = task.parts
    share = 1.0
    for at in range(parts[0], parts[1]):
        share *= ground.bitmap_counts[task.bitmaps[at]] / n
    for at in range(parts[1], parts[2]):
        share *= 1 - ground.bitmap_counts[task.bitmaps[at]] / n
    for group in range(2, 4):
        if parts[group] < parts[group + 1]:
            none = 1.0
            for at in range(parts[group], parts[group + 1]):
                none *= 1 - ground.bitmap_counts[task.bitmaps[at]] / n
            share *= 1 - none
    return share


@njit(**OPTIONS)
def cost_of(ground, task, share, size, first, last):
    """Return what walking the lists ``first`` to ``last`` costs in a place of ``size`` rows."""
    entries = 0.0
    for number in range(first, last):
        entries += task.ask[LISTS + 2 * number + 1] - task.ask[LISTS + 2 * number]
    entries *= size / len(ground.records)
    blocks = min(entries, size / 64) * (task.parts[4] + 1) * BITMAP_COST
    others = len(task.cursors) - (last - first)
    each = ENTRY_COST + MERGE_COST * (last - first - 1) + share * (ROW_COST + SEEK_COST * others)
    return entries * each + blocks


@njit(**OPTIONS)
def choose(ground, task, size):
    """Return which lists to walk, first and last, or NO_LIST to walk by bitmaps."""
    ask = task.ask
    words, terms = ask[WORD_COUNT], ask[TERM_COUNT]
    share = chance(ground, task)
    least = size / 64 * (task.parts[4] + 2) * BITMAP_COST
    least += size * share * (ROW_COST + SEEK_COST * (words + terms))
    first, last = NO_LIST, NO_LIST
    if terms:
        cost = cost_of(ground, task, share, size, words, words + terms)
        if cost < least:
            least, first, last = cost, words, words + terms
    step = 1 if ask[ALL_WORDS] else max(words, 1)
    for word in range(0, words, step):
        cost = cost_of(ground, task, share, size, word, word + step)
        if cost < least:
            least, first, last = cost, word, word + step
    return first, last


@njit(**OPTIONS)
def most_besides(task):
    """Return the most that everything but nearness can be worth."""
    words = 0.0
    for word in range(task.ask[WORD_COUNT]):
        words += task.real[WEIGHTS + word] * (BM25_K1 + 1)
    earned = points.ROOM_OPEN + points.FREE
    for mask, worth in ((ASKED, points.ASKED), (PREFER, points.PREFERRED), (FIRST, points.FIRST_LANGUAGE)):
        if task.ask[mask] or task.ask[mask + 1]:
            earned += worth
    most = WEIGHT_WORDS * (words / (words + WORDS_HALF_SCORE)) + WEIGHT_FRESHNESS
    return most + WEIGHT_ACCEPTANCE * (earned / points.UNITS)


@njit(**OPTIONS)
def needed_bitmaps(task, spare):
    """Add the bitmaps of what a row cannot do without any more, where ``spare`` is all it may lose."""
    at = task.parts[4]
    for mask, worth in (
        (ASKED, points.ASKED),
        (PREFER, points.PREFERRED),
        (FIRST, points.FIRST_LANGUAGE),
        (FREE, points.FREE),
        (OPEN, points.ROOM_OPEN - points.ROOM_WAITING),
    ):
        if WEIGHT_ACCEPTANCE * (worth / points.UNITS) > spare:
            at = add_bits(task.bitmaps, at, task.ask[mask], 0)
            at = add_bits(task.bitmaps, at, task.ask[mask + 1], 64)
    return at


@njit(**OPTIONS)
def needed_block(ground, task, number, last):
    found = ALL_BITS
    for at in range(task.parts[4], last):
        found &= ground.bitmaps[task.bitmaps[at], number]
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
def consider(ground, task, best, way, row, known):
    """Check the other lists for a row that the walked ones name and whose facets fit."""
    words, terms = task.ask[WORD_COUNT], task.ask[TERM_COUNT]
    by_words = 0 <= way.first < words
    by_terms = way.first >= words
    if words and (not by_words or task.ask[ALL_WORDS]) and not has_words(ground.posts, task, row, known):
        return
    if terms and not by_terms and not has_term(ground.posts, task, row):
        return
    offer(ground, task, best, row, way.is_remote)


@njit(**OPTIONS)
def scan(ground, task, best, way, most):
    """Go through blocks of 64 rows; ``most`` is what a row can be worth here."""
    reached, last = EMPTY, task.parts[4]
    for number in range(way.start >> 6, ((way.end - 1) >> 6) + 1):
        found = block(ground, task, number) & inside(number, way.start, way.end)
        if not found:
            continue
        if threshold(best) > reached:
            reached = threshold(best)
            if reached > most:
                return
            last = needed_bitmaps(task, most - reached)
        found &= needed_block(ground, task, number, last)
        while found:
            row = (number << 6) + lowest_bit(found)
            found &= found - 1
            consider(ground, task, best, way, row, ANY)


@njit(**OPTIONS)
def walk_one(ground, task, best, way):
    """Go through the part of one list that lies between two rows."""
    number = way.first
    low, high = task.ask[LISTS + 2 * number], task.ask[LISTS + 2 * number + 1]
    is_word = number < task.ask[WORD_COUNT]
    at = lower_bound(ground.posts, low, high, way.start << 8)
    at_block, fits = np.int64(-1), ALL_BITS
    while at < high:
        post = np.int64(ground.posts[at])
        row = post >> 8
        if row >= way.end:
            return
        if row >> 6 != at_block:
            at_block = row >> 6
            fits = block(ground, task, at_block)
        if fits >> (row & 63) & 1:
            if is_word:
                task.times[number] = post & 255
            consider(ground, task, best, way, row, number)
        at += 1


@njit(**OPTIONS)
def start_heads(ground, task, way):
    """Set the heads of the walked lists to their first row that is not before the way."""
    for number in range(way.first, way.last):
        low, high = task.ask[LISTS + 2 * number], task.ask[LISTS + 2 * number + 1]
        at = lower_bound(ground.posts, low, high, way.start << 8)
        task.heads[number] = at
        task.rows[number] = np.int64(ground.posts[at]) >> 8 if at < high else way.end


@njit(**OPTIONS)
def next_row(ground, task, way):
    """Return the lowest row at the heads, note how often each word occurs in it, and move on."""
    row = way.end
    for number in range(way.first, way.last):
        row = min(row, task.rows[number])
    if row == way.end:
        return row
    words = task.ask[WORD_COUNT]
    for number in range(way.first, way.last):
        times = 0
        if task.rows[number] == row:
            at = task.heads[number]
            times = np.int64(ground.posts[at]) & 255
            at += 1
            task.heads[number] = at
            more = at < task.ask[LISTS + 2 * number + 1]
            task.rows[number] = min(way.end, np.int64(ground.posts[at]) >> 8) if more else way.end
        if number < words:
            task.times[number] = times
    return row


@njit(**OPTIONS)
def walk_some(ground, task, best, way):
    """Go through several lists side by side; a row need only be in one of them."""
    start_heads(ground, task, way)
    at_block, fits = np.int64(-1), ALL_BITS
    row = next_row(ground, task, way)
    while row < way.end:
        if row >> 6 != at_block:
            at_block = row >> 6
            fits = block(ground, task, at_block)
        if fits >> (row & 63) & 1:
            consider(ground, task, best, way, row, ANY)
        row = next_row(ground, task, way)


@njit(**OPTIONS)
def order_by_share(stretches):
    """Return the stretches in the order in which they are best gone through: the nearest first."""
    n = stretches.filled[0]
    order = np.arange(n)
    if n > MOST_TO_SORT:
        return order
    for place in range(1, n):
        at, number = place, order[place]
        share = stretches.share[number]
        while at > 0 and stretches.share[order[at - 1]] < share:
            order[at] = order[at - 1]
            at -= 1
        order[at] = number
    return order


@njit(**OPTIONS)
def top(ground, ask, real, rows, scores):
    """Write the best rows and their scores, best first, and return how many there are."""
    stretches = find_places(ground, ask, real)
    size = 0
    for at in range(stretches.filled[0]):
        size += stretches.bounds[at, 1] - stretches.bounds[at, 0]
    if size == 0:
        return 0
    task = make_task(ground, ask, real)
    first, last = choose(ground, task, size)
    best = Best(rows, scores, np.empty(TOP, np.int64), np.zeros(1, np.int64))
    besides = most_besides(task)
    for at in order_by_share(stretches):
        most = besides + WEIGHT_DISTANCE * stretches.share[at]
        if threshold(best) > most:
            continue
        task.cursors[:] = -1
        way = Way(first, last, stretches.bounds[at, 0], stretches.bounds[at, 1], stretches.is_remote[at])
        if first == NO_LIST:
            scan(ground, task, best, way, most)
        elif last - first == 1:
            walk_one(ground, task, best, way)
        else:
            walk_some(ground, task, best, way)
    return best.filled[0]
