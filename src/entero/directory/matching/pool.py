"""The services that come into question for a profile, with everything the score needs, as columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from entero.directory.matching import facets
from entero.directory.matching.columns import AGE_NOT_STATED_MAX, NO_STATE
from entero.directory.matching.index import Index
from entero.directory.matching.profile import Profile
from entero.directory.matching.rows import (
    Flags,
    Rows,
    distances,
    flags_of,
    has_any,
    rows_with_any_term,
    word_scores,
)
from entero.directory.vocabulary.terms import languages, populations, terms, with_children

OPEN, CLOSED, HOURS_UNKNOWN = 1, 0, -1
ONLY_FOR_OTHERS = "not_dui_only"
"""Known no: only for people whom a court sends. Nobody is asked about it, and it holds for everybody."""

HOTLINE, TELEHEALTH = "hotline", "telehealth"


@dataclass(frozen=True, eq=False)
class Part:
    """An index and the rows of it that do not count any more (``bool (n,)``), or None.

    ``offers`` remembers which rows offer a term: it may be handed on as long as the index is the same.
    """

    index: Index
    hidden: Flags | None = None
    offers: dict[str, Flags] = field(default_factory=dict)

    def offering(self, term: str) -> Flags:
        """Return ``bool (n,)``: who offers the term, or one below it, offers it."""
        found = self.offers.get(term)
        if found is None:
            numbers = [terms()[name].number for name in with_children(term)]
            found = self.offers[term] = flags_of(self.index, rows_with_any_term(self.index, numbers))
        return found


@dataclass(frozen=True, eq=False)
class Directory:
    """Everything that is searched: the index, and what changed since it was built."""

    parts: tuple[Part, ...]
    zones: tuple[str, ...] = ("America/Los_Angeles",)

    @property
    def n(self) -> int:
        return sum(part.index.n for part in self.parts)


@dataclass(frozen=True, kw_only=True)
class Pool:
    """One entry per service (``m`` of them); matrices have a row per thing that is asked.

    ``yes``, ``no``: ``bool (asked, m)``; ``needs``: ``bool (needs, m)``; ``settings``, ``spoken`` alike.
    ``barred``: only for people who are not meant here. ``akin``: offers something close to a need.
    ``miles``: infinity without a place. ``open_now``: OPEN, CLOSED or HOURS_UNKNOWN.
    """

    part: NDArray[np.uint8]
    row: Rows
    key_high: NDArray[np.uint64]
    key_low: NDArray[np.uint64]
    organization: NDArray[np.uint32]
    miles: NDArray[np.float64]
    remote: Flags
    national: Flags
    yes: Flags
    no: Flags
    barred: Flags
    age_min: NDArray[np.uint8]
    age_max: NDArray[np.uint8]
    needs: Flags
    akin: Flags
    settings: Flags
    hotline: Flags
    by_phone: Flags
    spoken: Flags
    room: Flags
    waiting: Flags
    full: Flags
    free: Flags
    sliding: Flags
    insurance: Flags
    open_now: NDArray[np.int8]
    words: NDArray[np.float64]
    verified_day: NDArray[np.int32]

    @property
    def size(self) -> int:
        return len(self.row)

    @property
    def ages_stated(self) -> Flags:
        return (self.age_min > 0) | (self.age_max < AGE_NOT_STATED_MAX)

    def age_outside(self, ages: tuple[int, int] | None) -> Flags:
        """Say for each service whether all of these years lie outside of its ages."""
        if ages is None:
            return np.zeros(self.size, bool)
        return (self.age_max < ages[0]) | (self.age_min > ages[1])

    def key(self, position: int) -> bytes:
        high, low = int(self.key_high[position]), int(self.key_low[position])
        return high.to_bytes(8, "big") + low.to_bytes(8, "big")

    def miles_or_none(self, position: int) -> float | None:
        miles = float(self.miles[position])
        return miles if np.isfinite(miles) else None

    def take(self, chosen: NDArray[np.intp] | Flags) -> "Pool":
        """Return only the chosen entries."""
        return Pool(**{field.name: getattr(self, field.name)[..., chosen] for field in fields(self)})


def open_slot(now: datetime, zone: str) -> int:
    """Return the half hour of the week (0 is Monday 00:00) that it is in a time zone."""
    there = now.astimezone(ZoneInfo(zone))
    return there.weekday() * 48 + there.hour * 2 + there.minute // 30


def make_pool(directory: Directory, profile: Profile, rows: Sequence[Rows]) -> Pool:
    """Read what is asked of the given rows of each part; hidden rows are left out."""
    pools = []
    for number, (part, chosen) in enumerate(zip(directory.parts, rows, strict=True)):
        kept = chosen if part.hidden is None else chosen[~part.hidden[chosen]]
        pools.append(_read(directory, number, profile, kept))
    if len(pools) == 1:
        return pools[0]
    return Pool(
        **{
            field.name: np.concatenate([getattr(pool, field.name) for pool in pools], axis=-1)
            for field in fields(Pool)
        }
    )


def _read(directory: Directory, number: int, profile: Profile, rows: Rows) -> Pool:
    part = directory.parts[number]
    index, arrays = part.index, part.index.arrays
    bits = [populations()[name].bit for name in profile.asked]
    spoken = [languages()[code].bit for code in profile.languages]
    other = [has_any(index, rows, facets.OTHER, 1 << bit) for bit in range(5)]
    cost = [has_any(index, rows, facets.COST, 1 << bit) for bit in range(3)]
    return Pool(
        part=np.full(len(rows), number, np.uint8),
        row=rows,
        key_high=arrays.key_high[rows],
        key_low=arrays.key_low[rows],
        organization=arrays.organization[rows],
        miles=_miles(index, rows, profile),
        remote=other[facets.REMOTE],
        national=rows >= arrays.segment_start[2 * NO_STATE],
        yes=_matrix(rows, (has_any(index, rows, facets.YES, 1 << bit) for bit in bits)),
        no=_matrix(rows, (has_any(index, rows, facets.NO, 1 << bit) for bit in bits)),
        barred=has_any(index, rows, facets.NO, 1 << populations()[ONLY_FOR_OTHERS].bit),
        age_min=arrays.age_min[rows],
        age_max=arrays.age_max[rows],
        needs=_matrix(rows, (part.offering(need)[rows] for need in profile.needs)),
        akin=_any(rows, (part.offering(need)[rows] for need in _kin(profile.needs))),
        settings=_matrix(rows, (part.offering(setting)[rows] for setting in profile.settings)),
        hotline=part.offering(HOTLINE)[rows],
        by_phone=part.offering(TELEHEALTH)[rows],
        spoken=_matrix(rows, (has_any(index, rows, facets.LANGUAGE, 1 << bit) for bit in spoken)),
        room=other[facets.OPEN],
        waiting=other[facets.WAITING],
        full=other[facets.FULL],
        free=cost[0],
        sliding=cost[1],
        insurance=cost[2],
        open_now=_open_now(directory, index, rows, profile.now),
        words=_words(index, rows, profile.words),
        verified_day=arrays.verified_day[rows],
    )


def _matrix(rows: Rows, flags: Iterable[Flags]) -> Flags:
    found = list(flags)
    return np.stack(found) if found else np.zeros((0, len(rows)), bool)


def _any(rows: Rows, flags: Iterable[Flags]) -> Flags:
    found = np.zeros(len(rows), bool)
    for some in flags:
        found |= some
    return found


def _kin(needs: tuple[str, ...]) -> set[str]:
    """Return what lies above the needs; who offers that, or something else below it, may know further."""
    return {parent for need in needs if (parent := terms()[need].parent) is not None}


def _miles(index: Index, rows: Rows, profile: Profile) -> NDArray[np.float64]:
    spot = profile.spot
    if spot is None or spot.lat is None or spot.lon is None or profile.remote_only:
        return np.full(len(rows), np.inf)
    visited = has_any(index, rows, facets.OTHER, 1 << facets.IN_PERSON)
    return np.where(visited, distances(index, rows, spot.lat, spot.lon), np.inf)


def _open_now(directory: Directory, index: Index, rows: Rows, now: datetime | None) -> NDArray[np.int8]:
    found = np.full(len(rows), HOURS_UNKNOWN, np.int8)
    if now is None or not len(rows):
        return found
    slots = np.array([open_slot(now, zone) for zone in directory.zones])
    schedule = index.arrays.schedule[rows]
    opened = index.arrays.schedule_open[slots[index.arrays.zone[rows]], schedule]
    return np.where(schedule == 0, HOURS_UNKNOWN, np.where(opened, OPEN, CLOSED)).astype(np.int8)


def _words(index: Index, rows: Rows, words: tuple[str, ...]) -> NDArray[np.float64]:
    if not words:
        return np.zeros(len(rows))
    everywhere = np.zeros(index.n)
    hits, scores = word_scores(index, words, all_words=False)
    everywhere[hits] = scores
    found: NDArray[np.float64] = everywhere[rows]
    return found
