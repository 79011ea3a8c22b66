"""A made-up national directory: any number of services, the same for the same seed.

Nothing in it is real but where people live. Shares follow what directories of services look like: a
third does not state genders, most do not say much about ages, a few topics are everywhere.
"""

import numpy as np
from numpy.typing import NDArray

from bench.places import Zips, zips
from bench.vocabulary import Vocabulary, vocabulary
from entero.directory.matching.columns import Columns

TODAY = 20_600
TERMS = 300
SCHEDULES = 4_000
LANGUAGES = 25
MAN, WOMAN, NONBINARY, TRANS = 1, 2, 4, 8
GENDERS = 15
AFFIRMING, TRAFFICKING, SUBSTANCES, MINDS, TRAUMA = (1 << bit for bit in range(4, 9))

GENDER_CHOICES = ((0, 0.35), (15, 0.27), (2, 0.10), (1, 0.05), (3, 0.12), (14, 0.04), (7, 0.02), (12, 0.01))
GENDER_CHOICES += ((9, 0.01), (11, 0.03))
AGE_CHOICES = (
    ((0, 120), 0.38),
    ((18, 120), 0.30),
    ((12, 17), 0.05),
    ((14, 24), 0.06),
    ((18, 24), 0.04),
    ((60, 120), 0.05),
    ((13, 120), 0.02),
    ((16, 120), 0.02),
    ((21, 120), 0.02),
    ((0, 17), 0.03),
    ((18, 64), 0.03),
)
Chance = np.random.Generator
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]


def zipf(n: int, power: float = 1.0, shift: float = 3.0) -> NDArray[np.float64]:
    """Return probabilities that fall with the rank."""
    weights = 1.0 / (np.arange(n) + shift) ** power
    return weights / weights.sum()


def popularity() -> Numbers:
    """Return the term at each rank of popularity, the same for every seed and size."""
    return np.random.default_rng(5).permutation(TERMS)


def make_services(n: int, seed: int) -> Columns:
    """Return ``n`` services."""
    chance = np.random.default_rng([seed, n])
    towns = zips()
    words = vocabulary(towns.city)
    organization, zip_of, lat, lon = _sites(chance, n, towns)
    terms = _terms(chance, n)
    remote, in_person, marks = _marks(chance, terms, words)
    genders = _genders(chance, terms, words)
    age_min, age_max = _ages(chance, terms, words)
    counts = (terms >= 0).sum(axis=1)
    return Columns(
        keys=np.frombuffer(chance.bytes(16 * n), "V16"),
        lat=lat,
        lon=lon,
        state=towns.state[zip_of],
        in_person=in_person,
        remote=remote,
        term_start=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        term_values=terms[terms >= 0].astype(np.uint16),
        yes=(genders | marks).astype(np.uint64),
        no=np.where(genders > 0, GENDERS & ~genders, 0).astype(np.uint64),
        age_min=age_min,
        age_max=age_max,
        languages=_languages(chance, towns.hispanic[zip_of]),
        cost=_cost(chance, n),
        capacity=chance.choice(4, n, p=[0.45, 0.33, 0.14, 0.08]).astype(np.uint8),
        verified_day=(TODAY - np.minimum(chance.gamma(1.3, 260, n), 2_500)).astype(np.int32),
        schedule=chance.choice(SCHEDULES, n, p=zipf(SCHEDULES, 0.8, 5)).astype(np.uint16),
        zone=np.zeros(n, np.uint8),
        organization=organization.astype(np.uint32),
        schedule_open=schedules(),
        tokens=_texts(chance, terms, towns, zip_of, words),
    )


def _sites(
    chance: Chance, n: int, towns: Zips
) -> tuple[Numbers, Numbers, NDArray[np.float64], NDArray[np.float64]]:
    """Return organization, ZIP and place; several services share a site, several sites an owner."""
    sites = max(1, int(n / 2.5))
    owner = np.sort(chance.integers(0, max(1, n // 4), sites))
    where = chance.choice(len(towns.share), sites, p=towns.share)
    beside = np.concatenate(([False], owner[1:] == owner[:-1])) & (chance.random(sites) < 0.6)
    where = where[np.maximum.accumulate(np.where(beside, 0, np.arange(sites)))]
    lat = np.round(towns.lat[where] + chance.normal(size=sites) * towns.spread[where], 5)
    lon = np.round(towns.lon[where] + chance.normal(size=sites) * towns.spread[where], 5)
    site = chance.integers(0, sites, n)
    return owner[site], where[site], lat[site], lon[site]


def _terms(chance: Chance, n: int) -> Numbers:
    """Return one to four terms per service, -1 where there are fewer."""
    terms = popularity()[chance.choice(TERMS, (n, 4), p=zipf(TERMS))]
    counts = chance.choice([1, 2, 3, 4], n, p=[0.40, 0.32, 0.18, 0.10])
    for column in range(1, 4):
        again = (terms[:, :column] == terms[:, column : column + 1]).any(axis=1)
        terms[again | (counts <= column), column] = -1
    return terms


def _about(terms: Numbers, chosen: list[bool]) -> Flags:
    """Say which services have one of the chosen terms."""
    return np.array([*chosen, False])[terms].any(axis=1)


def _marks(chance: Chance, terms: Numbers, words: Vocabulary) -> tuple[Flags, Flags, Numbers]:
    """Return remote, in person, and the bits of the plain properties."""

    def often(when: Flags, yes: float, no: float) -> Flags:
        return chance.random(len(terms)) < np.where(when, yes, no)

    def group(name: str) -> Flags:
        return _about(terms, [each == name for each in words.group])

    minds, survivors = group("mh"), group("survivor")
    remote = often(minds, 0.35, 0.12)
    in_person = ~remote | often(minds, 0.5, 0.5)
    marks = AFFIRMING * often(group("identity"), 0.99, 0.20) + TRAFFICKING * often(survivors, 0.45, 0.04)
    marks += SUBSTANCES * often(group("sud"), 0.92, 0.08) + MINDS * often(minds, 0.93, 0.12)
    return remote, in_person, marks + TRAUMA * often(survivors | minds, 0.40, 0.08)


def _genders(chance: Chance, terms: Numbers, words: Vocabulary) -> Numbers:
    """Return the genders that are stated to be accepted; 0 is not stated."""
    values, shares = zip(*GENDER_CHOICES, strict=True)
    genders = chance.choice(values, len(terms), p=shares)
    for people, mostly, seldom in (("women", WOMAN, 14), ("men", MAN, MAN | TRANS)):
        meant = _about(terms, [each == people for each in words.people]) & (chance.random(len(terms)) < 0.55)
        genders = np.where(meant, np.where(chance.random(len(terms)) < 0.7, mostly, seldom), genders)
    return genders


def _ages(chance: Chance, terms: Numbers, words: Vocabulary) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    limits, shares = zip(*AGE_CHOICES, strict=True)
    chosen = chance.choice(len(limits), len(terms), p=shares)
    young = _about(terms, [each == "youth" for each in words.people]) & (chance.random(len(terms)) < 0.6)
    chosen = np.where(young, chance.choice([2, 3, 4, 9], len(terms)), chosen)
    ages = np.array(limits, np.uint8)[chosen]
    return ages[:, 0].copy(), ages[:, 1].copy()


def _languages(chance: Chance, hispanic: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Return bits: English, Spanish where it is spoken around, and up to three of 23 others."""
    n = len(hispanic)
    spoken = (chance.random(n) < 0.97).astype(np.int64)
    spoken |= 2 * (chance.random(n) < np.clip(0.15 + 1.2 * hispanic, 0, 0.9))
    more = chance.choice(4, n, p=[0.70, 0.18, 0.08, 0.04])
    others = chance.choice(LANGUAGES - 2, (n, 3), p=zipf(LANGUAGES - 2, 1, 1)) + 2
    for column in range(3):
        spoken |= np.where(more > column, 1 << others[:, column], 0)
    return np.where(spoken == 0, 1, spoken).astype(np.uint64)


def _cost(chance: Chance, n: int) -> NDArray[np.uint8]:
    cost = (chance.random((n, 3)) < (0.62, 0.30, 0.35)) @ np.array([1, 2, 4])
    return np.where(cost == 0, 1, cost).astype(np.uint8)


def schedules() -> Flags:
    """Return 4,000 weeks of half hours; the first is always open."""
    chance = np.random.default_rng(6)
    days = ([0, 1, 2, 3, 4],) * 2 + ([*range(6)], [*range(7)], [1, 3], [0, 2, 4], [5, 6], [1, 2, 3, 4])
    weeks = np.zeros((SCHEDULES, 7, 48), bool)
    weeks[0] = True
    for week in weeks[1:]:
        opens, closes = int(chance.integers(14, 22)), int(chance.integers(30, 44))
        lunch, late = chance.random() < 0.25, chance.random() < 0.1
        for day in days[chance.integers(len(days))]:
            end = min(48, closes + int(chance.integers(-6, 5))) if chance.random() < 0.12 else closes
            week[day, opens:end] = True
            if lunch:
                week[day, 24:26] = False
        if late:
            week[chance.integers(5), 34:42] = True
    return weeks.reshape(SCHEDULES, 336)


def _texts(chance: Chance, terms: Numbers, towns: Zips, zip_of: Numbers, words: Vocabulary) -> list[str]:
    """Return the analyzed name and description of every service."""
    n = len(terms)
    spanish = chance.random(n) < np.clip(0.04 + 0.45 * towns.hispanic[zip_of], 0, 0.6)
    texts = np.empty(n, object)
    for language, rows in (("en", np.flatnonzero(~spanish)), ("es", np.flatnonzero(spanish))):
        for part in np.array_split(rows, max(1, len(rows) // 50_000)):
            texts[part] = _written(chance, language, terms[part], zip_of[part], words)
    return texts.tolist()


def _written(chance: Chance, language: str, terms: Numbers, zip_of: Numbers, words: Vocabulary) -> list[str]:
    """Return texts of 13 to 40 words beside function words: common words, words of the topics, the city."""
    n = len(terms)
    lengths = chance.binomial(chance.integers(20, 61, n), 0.66)
    of = np.repeat(np.arange(n), lengths)
    kind = chance.random(len(of))
    common = words.common[language]
    chosen = common[chance.choice(len(common), len(of), p=zipf(len(common), 0.9, 5))]
    topical, local = (kind >= 0.545) & (kind < 0.955), kind >= 0.955
    term = terms[of[topical], chance.integers(0, 4, int(topical.sum()))]
    term = np.where(term < 0, terms[of[topical], 0], term)
    chosen[topical] = _topic_words(chance, words.topic[language], term)
    chosen[local] = words.cities[zip_of[of[local]]]
    named = np.where(chance.random(n) < 0.75, chance.choice(words.names, n), words.cities[zip_of])
    kinds = chance.choice(words.kinds[language], n)
    first = _topic_words(chance, words.topic[language], terms[:, 0])
    text = np.array(words.texts[language], object)
    spoken, ends = text[chosen].tolist(), np.cumsum(lengths).tolist()
    names = zip(text[named], text[first], text[kinds], strict=True)
    starts = [0, *ends[:-1]]
    return [
        " ".join(" ".join([*name, *spoken[start:end]]).split())
        for name, start, end in zip(names, starts, ends, strict=True)
    ]


def _topic_words(chance: Chance, topic: list[Numbers], term: Numbers) -> Numbers:
    longest = max(map(len, topic))
    table = np.array([np.resize(each, longest) for each in topic])
    sizes = np.array([len(each) for each in topic])
    return table[term, (chance.random(len(term)) * sizes[term]).astype(int)]
