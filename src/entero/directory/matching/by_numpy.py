"""The search in NumPy: find candidates by the shortest list or by bitmaps, prune, score exactly."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from entero.directory.matching import facets, points
from entero.directory.matching.columns import NO_STATE
from entero.directory.matching.demand import ANY, NOTHING, Demand
from entero.directory.matching.facets import Masks
from entero.directory.matching.geo import MICRO, disc_bounds, miles_from
from entero.directory.matching.index import RECORD, Index
from entero.directory.matching.query import (
    BM25_B,
    BM25_K1,
    EARTH_RADIUS_MILES,
    FRESH_FOR_DAYS,
    TOP,
    WEIGHT_ACCEPTANCE,
    WEIGHT_DISTANCE,
    WEIGHT_FRESHNESS,
    WEIGHT_WORDS,
    WORDS_HALF_SCORE,
)

Rows = NDArray[np.int64]
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

LIST_ENTRY_COST = 8.0
"""How much dearer a list entry is than a row that bitmaps answer for."""

CLUSTER_GAP = 1 << 14
PRUNE_ABOVE = 256
SURE = 64
ROUNDING = 1e-9
REMOTE_SHARE = 0.5
NO_ROWS: Rows = np.zeros(0, np.int64)


class Place(NamedTuple):
    """Stretches of rows where matches may lie, ascending and disjoint, and which of them are remote."""

    starts: Rows
    ends: Rows
    remote: tuple[tuple[int, int], ...]

    @property
    def size(self) -> int:
        return int((self.ends - self.starts).sum())


def top(index: Index, demand: Demand) -> tuple[list[int], list[float]]:
    """Return the best rows in order, and their scores."""
    place = find_place(index, demand)
    rows, facets_fit = _candidates(index, demand, place)
    if not facets_fit:
        rows = rows[_facets_fit(index, demand, rows)]
    if not len(rows):
        return [], []
    records = _records(index, rows)
    kept = _fits(index, demand, records)
    if kept is not None:
        rows, records = rows[kept], records[kept]
    if not len(rows):
        return [], []
    scores = _points(index, demand, rows, records)
    if demand.words:
        said = _word_part(index, demand, rows, records["length"])
        rows, records, scores = rows[said >= 0], records[said >= 0], (said + scores)[said >= 0]
    if demand.state == ANY:
        rows, records, scores = _with_distance(index, demand, place, rows, records, scores)
    return _best(rows, records["tie"], scores)


def _records(index: Index, rows: Rows) -> NDArray[np.void]:
    """Return the records of rows; as words they are copied far faster than as records."""
    words = index.arrays.records.view(np.int64).reshape(-1, RECORD.itemsize // 8)
    taken: NDArray[np.void] = words[rows].reshape(-1).view(RECORD)
    return taken


def find_place(index: Index, demand: Demand) -> Place:
    """Return where matches may lie."""
    start = index.arrays.segment_start
    if demand.state != ANY:
        if not 0 <= demand.state <= NO_STATE:
            return Place(NO_ROWS, NO_ROWS, ())
        first, last = start[2 * demand.state], start[2 * demand.state + 2]
        return Place(np.array([first], np.int64), np.array([last], np.int64), ())
    segments: set[int] = set()
    if 0 <= demand.remote <= NO_STATE:
        segments = {2 * demand.remote + 1, 2 * NO_STATE + 1}
    remote = tuple((int(start[number]), int(start[number + 1])) for number in segments)
    starts, ends = disc_bounds(index.grid, demand.lat, demand.lon, demand.radius, without=segments)
    if remote:
        bounds = np.array([stretch for stretch in remote if stretch[0] < stretch[1]], np.int32).reshape(-1, 2)
        starts, ends = np.concatenate((starts, bounds[:, 0])), np.concatenate((ends, bounds[:, 1]))
        order = np.argsort(starts)
        starts, ends = starts[order], ends[order]
    return Place(starts.astype(np.int64), ends.astype(np.int64), remote)


def _candidates(index: Index, demand: Demand, place: Place) -> tuple[Rows, bool]:
    """Return rows in place that all lists allow, by the cheapest way, and whether their facets fit too."""
    if not len(place.starts):
        return NO_ROWS, True
    groups = _groups(demand)
    parts = [[_in_place(index, bounds, place) for bounds in group] for group in groups]
    sizes = [sum(map(len, part)) for part in parts]
    if sizes and min(sizes) == 0:
        return NO_ROWS, True
    driver = min(range(len(groups)), key=sizes.__getitem__) if groups else -1
    by_bitmaps = driver < 0 or sizes[driver] * LIST_ENTRY_COST > place.size
    if by_bitmaps:
        rows, driver = _scan(index, demand, place), -1
    elif len(parts[driver]) == 1:
        rows = parts[driver][0]
    else:
        rows = np.concatenate(parts[driver])
        rows.sort()
        rows = rows[np.concatenate(([True], rows[1:] != rows[:-1]))]
    for number, part in enumerate(parts):
        if number != driver and len(rows):
            rows = rows[_among(rows, part)]
    return rows, by_bitmaps


def _groups(demand: Demand) -> list[list[tuple[int, int]]]:
    """Return groups of lists; a match is in at least one list of each group."""
    groups = []
    if demand.words and demand.all_words:
        groups += [[word[:2]] for word in demand.words]
    elif demand.words:
        groups.append([word[:2] for word in demand.words])
    if demand.terms:
        groups.append([term[:2] for term in demand.terms])
    return groups


def _in_place(index: Index, bounds: tuple[int, int], place: Place) -> Rows:
    posts = index.arrays.posts[bounds[0] : bounds[1]]
    lows = posts.searchsorted((place.starts << 8).astype(np.uint32))
    highs = posts.searchsorted((place.ends << 8).astype(np.uint32))
    some = np.flatnonzero(lows < highs)
    if not len(some):
        return NO_ROWS
    parts = [posts[low:high] for low, high in zip(lows[some].tolist(), highs[some].tolist(), strict=True)]
    found = parts[0] if len(parts) == 1 else np.concatenate(parts)
    return (found >> np.uint32(8)).astype(np.int64)


def _among(rows: Rows, lists: list[Rows]) -> Flags:
    """Say which rows are in at least one of the lists."""
    found = np.zeros(len(rows), bool)
    for values in lists:
        if len(values):
            at = np.minimum(values.searchsorted(rows), len(values) - 1)
            found |= values[at] == rows
    return found


def _scan(index: Index, demand: Demand, place: Place) -> Rows:
    """Return the rows in place whose bitmaps say yes to every facet."""
    starts, ends = place.starts.tolist(), place.ends.tolist()
    breaks = np.flatnonzero(place.starts[1:] - place.ends[:-1] > CLUSTER_GAP) + 1
    found = []
    for chunk in np.split(np.arange(len(starts)), breaks):
        first, last = starts[chunk[0]] >> 6, (ends[chunk[-1]] + 63) >> 6
        words = _bits(index, demand, first, last)
        bits = np.unpackbits(words.view(np.uint8), bitorder="little")
        for number in chunk.tolist():
            base = starts[number]
            found.append(np.flatnonzero(bits[base - (first << 6) : ends[number] - (first << 6)]) + base)
    return found[0] if len(found) == 1 else np.concatenate(found)


def _bits(index: Index, demand: Demand, first: int, last: int) -> NDArray[np.int64]:
    """Return the bitmap of what all facets and the age allow, for blocks ``first`` to ``last``."""
    bitmaps = index.arrays.bitmaps
    words = np.full(last - first, -1, np.int64)
    for position in _positions(demand.wanted.must):
        words &= bitmaps[position, first:last]
    for position in _positions(demand.wanted.must_not):
        words &= ~bitmaps[position, first:last]
    for masks in (demand.wanted.languages, demand.wanted.costs):
        if masks != NOTHING:
            words &= np.bitwise_or.reduce(bitmaps[_positions(masks), first:last], axis=0)
    if demand.age != ANY:
        number = int(index.arrays.age_bitmap[demand.age])
        if number >= 0:
            words &= bitmaps[number, first:last]
    return words


def _positions(masks: Masks) -> list[int]:
    return [64 * word + bit for word in (0, 1) for bit in range(64) if masks[word] >> bit & 1]


def _word(index: Index, rows: Rows, number: int) -> NDArray[np.int64]:
    return index.arrays.facet_word(number)[rows]


def _facets_fit(index: Index, demand: Demand, rows: Rows) -> Flags:
    """Say which rows have the facets that are demanded."""
    fits = np.ones(len(rows), bool)
    for number in (0, 1):
        must, must_not = demand.wanted.must[number], demand.wanted.must_not[number]
        if must | must_not:
            fits &= (_word(index, rows, number) & (must | must_not)) == must
    for masks in (demand.wanted.languages, demand.wanted.costs):
        if masks != NOTHING:
            fits &= _any_of(index, rows, masks)
    return fits


def _fits(index: Index, demand: Demand, records: NDArray[np.void]) -> Flags | None:
    """Say which rows take the age and are open; None for all of them."""
    fits: Flags | None = None
    if demand.age != ANY:
        fits = (records["age_min"] <= demand.age) & (records["age_max"] >= demand.age)
    if demand.slot != ANY:
        opened = index.arrays.schedule_open[demand.slot][records["schedule"]]
        fits = opened if fits is None else fits & opened
    return fits


def _any_of(index: Index, rows: Rows, masks: Masks) -> Flags:
    found: Flags = np.zeros(len(rows), bool)
    for number in (0, 1):
        if masks[number]:
            found |= (_word(index, rows, number) & masks[number]) != 0
    return found


def _all_of(index: Index, rows: Rows, records: NDArray[np.void], masks: Masks) -> Flags:
    found: Flags = np.ones(len(rows), bool)
    for number in (0, 1):
        if masks[number]:
            word = records["facets"] if number == 0 else _word(index, rows, number)
            found &= (word & masks[number]) == masks[number]
    return found


def _points(index: Index, demand: Demand, rows: Rows, records: NDArray[np.void]) -> Numbers:
    """Return the weighted parts for acceptance and freshness."""
    earned = np.zeros(len(rows), np.int64)
    for masks, worth in (
        (demand.wanted.asked, points.ASKED),
        (demand.wanted.prefer, points.PREFERRED),
        (demand.wanted.first_language, points.FIRST_LANGUAGE),
        (index.plan.masks(facets.COST, facets.FREE)[0], points.FREE),
    ):
        if masks != NOTHING:
            earned += worth * _all_of(index, rows, records, masks)
    earned += points.ROOM_UNKNOWN
    for bit, worth in (
        (facets.OPEN, points.ROOM_OPEN),
        (facets.WAITING, points.ROOM_WAITING),
        (facets.FULL, points.ROOM_FULL),
    ):
        masks = index.plan.masks(facets.OTHER, 1 << bit)[0]
        earned += (worth - points.ROOM_UNKNOWN) * _all_of(index, rows, records, masks)
    left = FRESH_FOR_DAYS - (demand.today - records["verified_day"].astype(np.int64))
    left = np.minimum(np.maximum(left, 0), FRESH_FOR_DAYS)
    return WEIGHT_ACCEPTANCE * (earned / points.UNITS) + WEIGHT_FRESHNESS * (left / FRESH_FOR_DAYS)


def _word_part(index: Index, demand: Demand, rows: Rows, length: NDArray[np.uint16]) -> Numbers:
    """Return the weighted part for the words; -1 where the words do not match."""
    total = np.zeros(len(rows))
    hits = np.zeros(len(rows), np.int64)
    norm = BM25_K1 * (1 - BM25_B + BM25_B * length / max(index.statistics.mean_length, ROUNDING))
    keys = (rows << 8).astype(np.uint32)
    for first, last, weight in demand.words:
        posts = index.arrays.posts[first:last]
        post = posts[np.minimum(posts.searchsorted(keys), len(posts) - 1)]
        times = np.where(post >> np.uint32(8) == rows, post & np.uint32(255), 0).astype(np.float64)
        total += weight * times * (BM25_K1 + 1) / (times + norm)
        hits += times > 0
    needed = len(demand.words) if demand.all_words else 1
    return np.where(hits >= needed, WEIGHT_WORDS * (total / (total + WORDS_HALF_SCORE)), -1.0)


def _with_distance(
    index: Index, demand: Demand, place: Place, rows: Rows, records: NDArray[np.void], scores: Numbers
) -> tuple[Rows, NDArray[np.void], Numbers]:
    """Add the part for distance, and drop what is too far or cannot be among the best."""
    if len(rows) > PRUNE_ABOVE:
        most = scores + WEIGHT_DISTANCE * _most_near(demand, place, rows, records)
        likely = np.argpartition(-most, SURE)[:SURE]
        exact = _exact(index, demand, place, rows[likely], records[likely], scores[likely])
        if (exact >= 0).sum() >= TOP:
            kept = most >= np.partition(exact, SURE - TOP)[SURE - TOP] - ROUNDING
            rows, records, scores = rows[kept], records[kept], scores[kept]
    total = _exact(index, demand, place, rows, records, scores)
    kept = total >= 0
    return rows[kept], records[kept], total[kept]


def _exact(
    index: Index, demand: Demand, place: Place, rows: Rows, records: NDArray[np.void], scores: Numbers
) -> Numbers:
    """Return the whole scores; -1 where it is out of reach."""
    visited = _all_of(index, rows, records, index.plan.masks(facets.OTHER, 1 << facets.IN_PERSON)[0])
    miles = miles_from(demand.lat, demand.lon, records["lat_micro"] / MICRO, records["lon_micro"] / MICRO)
    near = visited & (miles <= demand.radius)
    share = 1 - miles / demand.radius if demand.radius > 0 else np.ones(len(rows))
    far = np.where(_remote(place, rows), scores + WEIGHT_DISTANCE * REMOTE_SHARE, -1.0)
    return np.where(near, scores + WEIGHT_DISTANCE * share, far)


def _remote(place: Place, rows: Rows) -> Flags:
    found: Flags = np.zeros(len(rows), bool)
    for first, last in place.remote:
        found |= (rows >= first) & (rows < last)
    return found


def _most_near(demand: Demand, place: Place, rows: Rows, records: NDArray[np.void]) -> Numbers:
    """Return at least the part for distance, by latitude alone: cheap, and never too small."""
    degrees = np.abs(records["lat_micro"] / MICRO - demand.lat)
    miles = degrees * (math.radians(1) * EARTH_RADIUS_MILES * (1 - ROUNDING))
    share: Numbers = np.maximum(1 - miles / max(demand.radius, ROUNDING), REMOTE_SHARE * _remote(place, rows))
    return share


def _best(rows: Rows, tie: NDArray[np.int32], scores: Numbers) -> tuple[list[int], list[float]]:
    if len(scores) > 4 * TOP:
        edge = np.partition(scores, len(scores) - TOP)[len(scores) - TOP]
        kept = scores >= edge
        rows, tie, scores = rows[kept], tie[kept], scores[kept]
    order = np.lexsort((tie, -scores))[:TOP]
    return rows[order].tolist(), scores[order].tolist()
