"""Small directories and questions at random, with the corners of the map in them."""

from dataclasses import replace
from random import Random

import numpy as np

from entero.directory.matching.columns import NO_STATE, Columns
from entero.directory.matching.query import Query

TODAY = 20_600
WORDS = [f"w{number}" for number in range(25)]
STATES = (0, 1, 4, 11, 50, NO_STATE)
SPOTS = (
    (32.7157, -117.1611),  # San Diego
    (40.7128, -74.0060),  # New York
    (61.2181, -149.9003),  # Anchorage
    (51.88, -176.65),  # Adak
    (52.0, 179.99),  # beside the antimeridian
    (52.0, -179.99),
    (21.3069, -157.8583),  # Honolulu
    (-14.27, -170.70),  # American Samoa
    (89.9, 10.0),
    (-90.0, 0.0),
    (0.0, 0.0),
)
RADII = (0.0, 0.001, 0.5, 3, 5, 10, 25, 50, 100, 137.5, 400, 1_500, 6_000, 13_000)


def columns(seed: int, n: int, *, properties: int = 12) -> Columns:
    """Return ``n`` services around the spots; some have no place, some share one, many tie."""
    chance = np.random.default_rng(seed)
    spots = np.array(SPOTS)[chance.integers(0, len(SPOTS), n)]
    spread = chance.choice([0.0, 0.01, 0.3, 2.0], n)[:, None] * chance.normal(size=(n, 2))
    lat = np.clip(spots[:, 0] + spread[:, 0], -90, 90).round(5)
    lon = ((spots[:, 1] + spread[:, 1] + 180) % 360 - 180).round(5)
    nowhere = chance.random(n) < 0.1
    yes = chance.integers(0, 1 << properties, n, dtype=np.uint64)
    no = chance.integers(0, 1 << properties, n, dtype=np.uint64) & ~yes
    counts = chance.integers(0, 4, n)
    return Columns(
        keys=np.frombuffer(chance.bytes(16 * n), "V16"),
        lat=np.where(nowhere, np.nan, lat),
        lon=np.where(nowhere, np.nan, lon),
        state=np.array(STATES, np.uint8)[chance.integers(0, len(STATES), n)],
        in_person=(chance.random(n) < 0.8) & ~nowhere,
        remote=chance.random(n) < 0.3,
        term_start=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        term_values=chance.integers(0, 12, int(counts.sum())).astype(np.uint16),
        yes=yes,
        no=no,
        age_min=chance.choice([0, 12, 18, 21], n).astype(np.uint8),
        age_max=chance.choice([17, 24, 120], n).astype(np.uint8),
        languages=chance.integers(0, 16, n, dtype=np.uint64),
        cost=chance.integers(0, 8, n).astype(np.uint8),
        capacity=chance.integers(0, 4, n).astype(np.uint8),
        verified_day=(TODAY - chance.choice([-3, 0, 30, 365, 729, 730, 4_000], n)).astype(np.int32),
        schedule=chance.integers(0, 6, n).astype(np.uint16),
        zone=np.zeros(n, np.uint8),
        organization=chance.integers(0, max(n // 3, 1), n).astype(np.uint32),
        schedule_open=chance.random((6, 336)) < 0.4,
        tokens=[_text(chance) for _ in range(n)],
    )


def _text(chance: np.random.Generator) -> str:
    ranks = np.minimum(chance.zipf(1.4, chance.integers(0, 30)) - 1, len(WORDS) - 1)
    return " ".join(WORDS[rank] for rank in ranks)


def query(chance: Random) -> Query:
    """Return a question that uses any of the fields."""

    def maybe(share: float) -> bool:
        return chance.random() < share

    lat, lon = chance.choice(SPOTS)
    near = maybe(0.7)
    return Query(
        lat=min(90.0, max(-90.0, lat + chance.gauss(0, 0.2))) if near else None,
        lon=(lon + chance.gauss(0, 0.2) + 180) % 360 - 180 if near else None,
        radius=chance.choice(RADII),
        remote_state=chance.choice(STATES[:-1]) if maybe(0.4) else None,
        state=None if near else chance.choice((*STATES, 77)),
        terms=tuple(chance.sample(range(14), chance.randint(1, 3))) if maybe(0.4) else (),
        words=tuple(chance.choices([*WORDS, "unheard"], k=chance.randint(1, 4))) if maybe(0.5) else (),
        all_words=maybe(0.5),
        asked=chance.choice((1, 2, 3, 1 << 11, 1 << 40)) if maybe(0.5) else 0,
        required=chance.choice((16, 32, 1 << 45)) if maybe(0.3) else 0,
        age=chance.choice((0, 11, 12, 15, 17, 18, 25, 130, 300)) if maybe(0.4) else None,
        languages=tuple(chance.sample(range(6), chance.randint(1, 2))) if maybe(0.4) else (),
        cost=chance.choice((1, 3, 4)) if maybe(0.3) else 0,
        open_slot=chance.choice((0, 100, 335)) if maybe(0.3) else None,
        not_full=maybe(0.5),
        today=TODAY,
        prefer=chance.choice((8, 1 << 50)) if maybe(0.5) else 0,
    )


def equal_columns(n: int) -> Columns:
    """Return ``n`` services in state 4 that differ in nothing but their keys and places."""
    alike = columns(1, n)
    return replace(
        alike,
        state=np.full(n, 4, np.uint8),
        yes=np.zeros(n, np.uint64),
        no=np.zeros(n, np.uint64),
        capacity=np.ones(n, np.uint8),
        cost=np.ones(n, np.uint8),
        verified_day=np.full(n, TODAY - 10, np.int32),
    )
