"""The rules of the matcher read once more, one service at a time, and small directories to try them on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import strategies as st

from entero.directory.freshness import HALF_LIFE_DAYS, WEAKEST
from entero.directory.matching import weights
from entero.directory.matching.answer import Step
from entero.directory.matching.build import build
from entero.directory.matching.columns import NO_STATE, Columns
from entero.directory.matching.index import Statistics
from entero.directory.matching.pool import Directory, Part
from entero.directory.matching.profile import Cost, Profile, Spot
from entero.directory.matching.query import BM25_B, BM25_K1, EARTH_RADIUS_MILES
from entero.directory.vocabulary.people import Gender
from entero.directory.vocabulary.terms import bits, languages, populations, terms, with_children

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 18, 10, tzinfo=UTC)
ZONES = ("America/Los_Angeles", "America/New_York")
CALIFORNIA, ARIZONA, NEVADA = 4, 2, 28
SPOTS = (
    (32.7157, -117.1611, CALIFORNIA),
    (32.8, -117.0, CALIFORNIA),
    (33.2, -116.9, CALIFORNIA),
    (32.70, -114.65, CALIFORNIA),
    (32.72, -114.60, ARIZONA),
    (34.0, -114.2, ARIZONA),
    (40.8, -124.1, CALIFORNIA),
)
NEEDS = ("trauma", "substance_use", "detox", "shelter", "sexual_abuse")
TERMS = (*NEEDS, "recovery_support", "residential", "telehealth", "hotline")
PEOPLE = ("boy", "man", "girl", "woman", "minor", "adult", "veteran", "gay_bisexual", "not_dui_only")
WORDS = ("men", "river", "group")


@dataclass(frozen=True, kw_only=True)
class Thing:
    """A service in plain words."""

    number: int
    point: tuple[float, float] | None = None
    state: int = CALIFORNIA
    visited: bool = True
    remote: bool = False
    terms: frozenset[str] = frozenset()
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    ages: tuple[int, int] = (0, 120)
    languages: frozenset[str] = frozenset()
    cost: frozenset[str] = frozenset()
    capacity: int = 0
    checked: int = 20_000
    opens: int | None = None
    zone: int = 0
    organization: int = 0
    words: tuple[str, ...] = ()

    @property
    def key(self) -> bytes:
        return self.number.to_bytes(16, "big")

    def offers(self, term: str) -> bool:
        return bool(self.terms & set(with_children(term)))

    @property
    def in_person(self) -> bool:
        return self.visited and self.point is not None


COSTS = {"free": 1, "sliding": 2, "insurance": 4}


def columns(things: Sequence[Thing]) -> Columns:
    counts = [len(thing.terms) for thing in things]
    points = [thing.point or (math.nan, math.nan) for thing in things]
    opening = np.zeros((3, 336), bool)
    opening[1, 16:40] = opening[2] = True  # 1: Monday only, 2: always
    opening[1, 96 + 16 : 96 + 40] = True  # and Wednesday
    spoken = [sum(1 << languages()[code].bit for code in thing.languages) for thing in things]
    return Columns(
        keys=np.frombuffer(b"".join(thing.key for thing in things), "V16"),
        lat=np.array([lat for lat, _ in points], np.float64),
        lon=np.array([lon for _, lon in points], np.float64),
        state=np.array([thing.state for thing in things], np.uint8),
        in_person=np.array([thing.in_person for thing in things], bool),
        remote=np.array([thing.remote for thing in things], bool),
        term_start=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        term_values=np.array([terms()[t].number for thing in things for t in sorted(thing.terms)], np.uint16),
        yes=np.array([bits(sorted(thing.yes)) for thing in things], np.uint64),
        no=np.array([bits(sorted(thing.no)) for thing in things], np.uint64),
        age_min=np.array([thing.ages[0] for thing in things], np.uint8),
        age_max=np.array([thing.ages[1] for thing in things], np.uint8),
        languages=np.array(spoken, np.uint64),
        cost=np.array([sum(COSTS[name] for name in thing.cost) for thing in things], np.uint8),
        capacity=np.array([thing.capacity for thing in things], np.uint8),
        verified_day=np.array([thing.checked for thing in things], np.int32),
        schedule=np.array([thing.opens or 0 for thing in things], np.uint16),
        zone=np.array([thing.zone for thing in things], np.uint8),
        organization=np.array([thing.organization for thing in things], np.uint32),
        schedule_open=opening,
        tokens=[" ".join(thing.words) for thing in things],
    )


def directory(things: Sequence[Thing]) -> Directory:
    return Directory((Part(build(columns(things))),), ZONES)


def patched(things: Sequence[Thing], changed: Sequence[Thing]) -> Directory:
    """Return a directory of ``things`` in which some were changed after the index was built."""
    main = build(columns(things))
    numbers = {thing.number for thing in changed}
    by_key = np.array([int(low) in numbers for low in main.arrays.key_low], bool)
    whole = build(columns(apply(things, changed)))
    known = Statistics(whole.n, whole.statistics.mean_length, {w: whole.frequency(w) for w in WORDS})
    parts = (
        Part(replace(main, statistics=known), hidden=by_key),
        Part(build(columns(changed), statistics=known)),
    )
    return Directory(parts, ZONES)


def apply(things: Sequence[Thing], changed: Sequence[Thing]) -> list[Thing]:
    return list(({t.number: t for t in things} | {t.number: t for t in changed}).values())


# --- at random


@st.composite
def things(draw: st.DrawFn, number: int | None = None) -> Thing:
    lat, lon, state = draw(st.sampled_from(SPOTS))
    yes = draw(st.frozensets(st.sampled_from(PEOPLE), max_size=4))
    return Thing(
        number=draw(st.integers(1, 60)) if number is None else number,
        point=draw(st.sampled_from([(lat, lon), (lat, lon), (lat, lon), None])),
        state=draw(st.sampled_from([state, state, state, NO_STATE])),
        visited=draw(st.sampled_from([True, True, False])),
        remote=draw(st.sampled_from([False, False, True])),
        terms=draw(st.frozensets(st.sampled_from(TERMS), max_size=4)),
        yes=yes,
        no=draw(st.frozensets(st.sampled_from(PEOPLE), max_size=2)) - yes,
        ages=draw(st.sampled_from([(0, 120), (0, 120), (12, 17), (18, 120), (0, 17), (18, 25)])),
        languages=draw(st.frozensets(st.sampled_from(["en", "es", "vi"]), max_size=2)),
        cost=draw(st.frozensets(st.sampled_from(sorted(COSTS)), max_size=2)),
        capacity=draw(st.integers(0, 3)),
        checked=draw(st.sampled_from([0, 20_000, 20_700, 20_780, 30_000])),
        opens=draw(st.sampled_from([None, None, 1, 2])),
        zone=draw(st.integers(0, 1)),
        organization=draw(st.integers(0, 4)),
        words=tuple(draw(st.lists(st.sampled_from(WORDS), max_size=3))),
    )


def directories(most: int = 25) -> st.SearchStrategy[list[Thing]]:
    return st.lists(things(), min_size=1, max_size=most, unique_by=lambda thing: thing.number)


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    lat, lon, state = draw(st.sampled_from(SPOTS))
    at = Spot(state=state, lat=lat, lon=lon)
    return Profile(
        age=draw(st.sampled_from([None, 15, 17, 18, 40])),
        band=draw(st.sampled_from([None, None, "minor", "adult"])),
        gender=draw(st.sampled_from([None, Gender.BOY, Gender.MAN, Gender.WOMAN, Gender.TRANS_MAN])),
        identities=draw(st.sampled_from([(), ("gay_bisexual",)])),
        circumstances=draw(st.sampled_from([(), ("veteran",)])),
        spot=draw(st.sampled_from([at, at, at, Spot(state=state), Spot(state=NEVADA), None])),
        needs=tuple(draw(st.lists(st.sampled_from(NEEDS), max_size=3, unique=True))),
        settings=draw(st.sampled_from([(), (), ("residential",)])),
        languages=draw(st.sampled_from([(), ("es",), ("es", "en"), ("de",)])),
        cost=draw(st.sampled_from([None, Cost.FREE, Cost.INSURANCE])),
        remote_only=draw(st.sampled_from([False, False, True])),
        now=draw(st.sampled_from([None, None, NOW])),
        words=draw(st.sampled_from([(), (), ("river",), ("men", "group"), ("unheard",)])),
        miles=draw(st.sampled_from([5.0, 25.0, 60.0, 200.0])),
        today=TODAY,
        away=draw(st.sampled_from([frozenset(), frozenset({(7).to_bytes(16, "big")})])),
    )


# --- the rules, one service at a time


def miles(thing: Thing, spot: Spot | None) -> float:
    """Great-circle miles, or infinity."""
    if thing.point is None or spot is None or spot.lat is None or spot.lon is None:
        return math.inf
    la, lo, lb, lp = map(math.radians, (*thing.point, spot.lat, spot.lon))
    h = math.sin((la - lb) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin((lo - lp) / 2) ** 2
    return 2 * EARTH_RADIUS_MILES * math.asin(math.sqrt(min(h, 1.0)))


def is_in_reach(thing: Thing, profile: Profile, steps: tuple[Step, ...]) -> bool:
    spot, by_phone = profile.spot, thing.offers("telehealth")
    if spot is None:
        return thing.remote or by_phone or not profile.remote_only
    here = thing.state == spot.state
    if thing.remote and (here or thing.state == NO_STATE):
        return True
    if here and by_phone and (Step.REMOTE in steps or profile.remote_only):
        return True
    if here and (spot.lat is None or Step.STATEWIDE in steps):
        return thing.remote or by_phone or not profile.remote_only
    far = {Step.MILES_50: 50.0, Step.MILES_100: 100.0}
    limit = max([profile.miles, *(far[step] for step in steps if step in far)])
    return not profile.remote_only and thing.in_person and miles(thing, spot) <= limit


def against(thing: Thing, profile: Profile) -> list[str]:
    """Everything that keeps it from being a match."""
    found = [name for name in profile.asked if name in thing.no]
    found += ["not_dui_only"] if "not_dui_only" in thing.no else []
    ages = profile.ages
    found += ["age"] if ages and (thing.ages[1] < ages[0] or thing.ages[0] > ages[1]) else []
    found += ["full"] if thing.capacity == 3 else []
    found += ["closed"] if profile.now and is_open(thing, profile.now) is False else []
    return found


def is_open(thing: Thing, now: datetime) -> bool | None:
    if thing.opens is None:
        return None
    there = now.astimezone(ZoneInfo(ZONES[thing.zone]))
    return thing.opens == 2 or (there.weekday() in {0, 2} and 8 <= there.hour < 20)


def helps(thing: Thing, profile: Profile) -> bool:
    says = bool(set(profile.words) & set(thing.words))
    meets = any(thing.offers(need) for need in profile.needs)
    wants_nothing = not profile.needs and not profile.words
    fits = not profile.settings or any(thing.offers(name) for name in profile.settings)
    return fits and (says or meets or wants_nothing)


def score(thing: Thing, profile: Profile, everything: Sequence[Thing]) -> float:
    parts: list[tuple[float, float]] = []
    if profile.asked:
        counted = [
            (2.0 if populations()[name].group == "gender" else 1.0, 1.0 if name in thing.yes else 0.4)
            for name in profile.asked
        ]
        mean = sum(count * answer for count, answer in counted) / sum(count for count, _ in counted)
        parts.append((weights.ACCEPTANCE, mean))
    wanted = (*profile.needs, *profile.settings)
    if wanted:
        parts.append((weights.NEEDS, sum(thing.offers(name) for name in wanted) / len(wanted)))
    if profile.spot and profile.spot.lat is not None and not profile.remote_only:
        far = miles(thing, profile.spot) if thing.in_person else math.inf
        near = 2.0 ** (-far / 15.0)
        parts.append((weights.DISTANCE, max(near, 0.6) if thing.remote else near))
    if profile.words:
        found = bm25(thing, profile.words, everything)
        parts.append((weights.WORDS, found / (found + 5.0)))
    if profile.languages:
        other = 0.8 if set(profile.languages) & thing.languages else 0.4
        parts.append((weights.LANGUAGE, 1.0 if profile.languages[0] in thing.languages else other))
    days = max((profile.today - date(1970, 1, 1)).days - thing.checked, 0)
    parts.append((weights.FRESHNESS, 0.5 ** (days / HALF_LIFE_DAYS[WEAKEST])))
    parts.append((weights.CAPACITY, 1.0 if thing.capacity == 1 else 0.5))
    if profile.now:
        parts.append((weights.OPEN_NOW, {True: 1.0, None: 0.4, False: 0.0}[is_open(thing, profile.now)]))
    if profile.cost is not None:
        parts.append((weights.COST, affordable(thing, profile.cost)))
    return 100 * sum(weight * part for weight, part in parts) / sum(weight for weight, _ in parts)


def affordable(thing: Thing, cost: Cost) -> float:
    if "free" in thing.cost or (cost is Cost.INSURANCE and "insurance" in thing.cost):
        return 1.0
    if cost is Cost.FREE and "sliding" in thing.cost:
        return 0.6
    return 0.2 if thing.cost else 0.4


def bm25(thing: Thing, words: tuple[str, ...], everything: Sequence[Thing]) -> float:
    mean = sum(len(other.words) for other in everything) / len(everything)
    total = 0.0
    for word in set(words):
        holding, times = sum(word in other.words for other in everything), thing.words.count(word)
        idf = math.log(1 + (len(everything) - holding + 0.5) / (holding + 0.5))
        norm = BM25_K1 * (1 - BM25_B + BM25_B * len(thing.words) / mean) if mean else 1.0
        total += idf * times * (BM25_K1 + 1) / (times + norm) if times else 0.0
    return total


def found_within(
    everything: Sequence[Thing], profile: Profile, steps: tuple[Step, ...]
) -> tuple[list[Thing], list[Thing]]:
    """Return those that say they can help, and those that the last steps add, each in their order."""
    able = [
        thing
        for thing in everything
        if is_in_reach(thing, profile, steps)
        and not against(thing, profile)
        and thing.key not in profile.away
    ]
    helping = ranked([thing for thing in able if helps(thing, profile)], profile, everything)
    rest = [thing for thing in able if not helps(thing, profile)]
    added: list[Thing] = []
    if Step.UNKNOWN_NEEDS in steps:
        above = {terms()[need].parent for need in profile.needs} - {None}
        akin = [thing for thing in rest if any(thing.offers(name) for name in above if name)]
        other = [thing for thing in rest if thing not in akin]
        lacking = max(weights.ENOUGH - len(helping), 0)
        added = [*ranked(akin, profile, everything), *ranked(other, profile, everything)][:lacking]
    if Step.HOTLINES in steps:
        added += [thing for thing in rest if thing.offers("hotline") and thing not in added]
    return helping, ranked(added, profile, everything)


def ranked(found: list[Thing], profile: Profile, everything: Sequence[Thing]) -> list[Thing]:
    def rank(thing: Thing) -> tuple[float, float, bytes]:
        far = miles(thing, profile.spot) if thing.in_person and not profile.remote_only else math.inf
        return -round(score(thing, profile, everything), 6), far, thing.key

    return sorted(found, key=rank)
