"""The questions: what a mixed day of seekers asks, the same for the same seed."""

from dataclasses import replace
from typing import Any

import numpy as np

from bench.places import Zips, zips
from bench.services import AFFIRMING, MINDS, SUBSTANCES, TERMS, TODAY, TRAFFICKING, TRAUMA, popularity, zipf
from bench.vocabulary import raw_topics, word_list
from entero.directory.matching.query import Query
from entero.directory.matching.text import analyze

RADII = ([5, 10, 25, 50, 100], [0.08, 0.20, 0.34, 0.24, 0.14])
ASKED = ([1, 2, 9, 10, 8, 4], [0.48, 0.22, 0.08, 0.08, 0.06, 0.08])
OFTEN_TERMS, WITH_TERMS, WITHOUT_TERMS = (
    [0.25, 0.45, 0.20, 0.10],
    [0.58, 0.19, 0.11, 0.08, 0.04],
    [0.12, 0.32, 0.24, 0.20, 0.12],
)
NEEDED = ((AFFIRMING, 0.13), (TRAFFICKING, 0.09), (SUBSTANCES, 0.10), (MINDS, 0.12), (TRAUMA, 0.06))
FIRST_LANGUAGE = ([0, 1, 2, 3, 5, 8, 9, 23], [0.5, 0.25, 0.06, 0.06, 0.04, 0.03, 0.03, 0.03])
AGES = range(12, 75)
ODD_RADII = (0.3, 1, 3, 17, 60, 140, 350, 900)
CORNERS = ((61.2, -149.9), (51.9, -176.6), (21.3, -157.9), (32.5, -117.1), (49.0, -95.2), (18.4, -66.1))
DROPPED = {"terms": (), "words": (), "asked": 0, "age": None, "required": 0}
Chance = np.random.Generator


def make_questions(n: int, seed: int) -> list[Query]:
    """Return ``n`` questions; 70 % with a point and radius, half with words, most with who asks."""
    chance = np.random.default_rng(seed)
    return [_question(chance, zips()) for _ in range(n)]


def _pick(chance: Chance, choices: tuple[list[int], list[float]]) -> int:
    return int(chance.choice(choices[0], p=choices[1]))


def _question(chance: Chance, towns: Zips) -> Query:
    def maybe(share: float) -> bool:
        return chance.random() < share

    language = "es" if maybe(0.22) else "en"
    town = int(chance.choice(len(towns.share), p=towns.share))
    state = int(towns.state[town])
    near, remote = maybe(0.70), maybe(0.40)
    terms = _terms(chance)
    words = _words(chance, language, terms, towns.city[town])
    return Query(
        lat=round(float(towns.lat[town] + chance.normal(0, 0.02)), 5) if near else None,
        lon=round(float(towns.lon[town] + chance.normal(0, 0.02)), 5) if near else None,
        radius=float(_pick(chance, RADII)) if near else 0.0,
        remote_state=state if near and remote else None,
        state=None if near else state,
        terms=terms,
        words=words,
        all_words=len(words) <= 2,
        asked=_pick(chance, ASKED) if maybe(0.85) else 0,
        required=sum(bit for bit, share in NEEDED if maybe(share)),
        age=_age(chance) if maybe(0.80) else None,
        languages=_languages(chance, language) if maybe(0.50) else (),
        cost=_pick(chance, ([1, 3, 4, 5], [0.5, 0.3, 0.1, 0.1])) if maybe(0.30) else 0,
        open_slot=_slot(chance) if maybe(0.25) else None,
        not_full=maybe(0.50),
        today=TODAY,
        prefer=AFFIRMING,
    )


def _terms(chance: Chance) -> tuple[int, ...]:
    count = _pick(chance, ([0, 1, 2, 3], OFTEN_TERMS))
    ranks = chance.choice(TERMS, count, p=zipf(TERMS, 0.8, 6))
    return tuple(sorted({int(term) for term in popularity()[ranks]}))


def _words(chance: Chance, language: str, terms: tuple[int, ...], city: str) -> tuple[str, ...]:
    """Return analyzed words: of a topic, common ones, now and then the city."""
    count = _pick(chance, ([0, 1, 2, 3, 4], WITH_TERMS if terms else WITHOUT_TERMS))
    term = terms[0] if terms else int(popularity()[chance.choice(TERMS, p=zipf(TERMS, 0.8, 6))])
    common = word_list("spanish.txt" if language == "es" else "english.txt")
    said = []
    for _ in range(count):
        draw = chance.random()
        if count == 1 and draw < 0.12:
            said.append(city.split(maxsplit=1)[0])
        else:
            said.append(str(chance.choice(raw_topics()[language][term] if draw < 0.85 else common)))
    return tuple(dict.fromkeys(analyze(" ".join(said), language)))


def _age(chance: Chance) -> int:
    weights = np.where(np.arange(len(AGES)) < 24, 3.0, 1.0)
    return int(chance.choice(AGES, p=weights / weights.sum()))


def _languages(chance: Chance, language: str) -> tuple[int, ...]:
    first = 1 if language == "es" else _pick(chance, FIRST_LANGUAGE)
    return (first, 0) if first and chance.random() < 0.3 else (first,)


def _slot(chance: Chance) -> int:
    day = _pick(chance, (list(range(7)), [0.17] * 5 + [0.08, 0.07]))
    return day * 48 + int(chance.integers(14, 46))


def odd_questions(n: int, seed: int) -> list[Query]:
    """Return questions off the beaten track: odd radii, far corners, dropped and turned conditions."""
    chance = np.random.default_rng([seed, 77])
    return [_odd(chance, plain) for plain in make_questions(n, seed + 1)]


def _odd(chance: Chance, plain: Query) -> Query:
    changed: dict[str, Any] = {}
    if plain.lat is not None:
        changed["radius"] = round(float(chance.choice(ODD_RADII) * chance.uniform(0.5, 1.5)), 3)
        if chance.random() < 0.2:
            lat, lon = CORNERS[chance.integers(len(CORNERS))]
            changed["lat"], changed["lon"] = lat + chance.normal(0, 0.3), lon + chance.normal(0, 0.3)
    if plain.words and chance.random() < 0.3:
        changed["all_words"] = not plain.all_words
    changed |= {name: empty for name, empty in DROPPED.items() if chance.random() < 0.25}
    return replace(plain, **changed)
