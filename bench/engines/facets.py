"""The design that inverted-index peers share: every condition is a token, a query a conjunction of choices.

The exact radius, the opening hours where they are left out, and the stated score are worked out on the
candidates afterwards. That is more than such an engine is usually given.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.engines.common import EARTH_MILES, GENDERS, TOP, box, terms_of
from entero.directory.matching.columns import Columns
from entero.directory.matching.query import Query

LEVELS = (0.08, 0.32, 1.28)
MOST_CELLS = 36
CANDIDATES = 20_000
Groups = list[list[str]]


def cell(lat: float, lon: float, level: int) -> tuple[int, int]:
    size = LEVELS[level]
    return int((lat + 90) // size), int((lon + 180) // (size * 1.3))


def cover(lat: float, lon: float, miles: float) -> list[tuple[int, int, int]]:
    """Return cells (level, row, column) that hold a disc: the finest level that needs few enough."""
    south, north, west, east = box(lat, lon, miles)
    for level in range(len(LEVELS)):
        (a0, o0), (a1, o1) = cell(south, west, level), cell(north, east, level)
        if (a1 - a0 + 1) * (o1 - o0 + 1) <= MOST_CELLS or level == len(LEVELS) - 1:
            break
    return [(level, a, o) for a in range(a0, a1 + 1) for o in range(o0, o1 + 1)]


def place_tokens(query: Query) -> list[str]:
    if query.lat is None or query.lon is None:
        return [f"s{query.state}"]
    tokens = [f"q{level}_{a}_{o}" for level, a, o in cover(query.lat, query.lon, query.radius)]
    return tokens if query.remote_state is None else [*tokens, f"r{query.remote_state}"]


def groups_of(query: Query, limits: dict[str, list[int]], *, hours: bool) -> Groups:
    """Return groups of tokens; a match has at least one of each group."""
    groups = [place_tokens(query)]
    if query.terms:
        groups.append([f"c{term}" for term in query.terms])
    if query.asked:
        asked = query.asked
        groups.append([f"g{mask}" for mask in range(16) if mask == 0 or mask & asked == asked])
    if query.age is not None:
        below = [f"n{age}" for age in limits["min"] if age <= query.age]
        above = [f"x{age}" for age in limits["max"] if age >= query.age]
        groups += [each for each, of in ((below, "min"), (above, "max")) if len(each) < len(limits[of])]
    if query.languages:
        groups.append([f"l{number}" for number in query.languages])
    groups += [[f"f{bit}"] for bit in range(4, 9) if query.required >> bit & 1]
    if query.cost:
        groups.append([f"k{bit}" for bit in range(3) if query.cost >> bit & 1])
    if hours and query.open_slot is not None:
        groups.append([f"o{query.open_slot}"])
    if query.not_full:
        groups.append(["y0", "y1", "y2"])
    return groups


def limits_of(columns: Columns) -> dict[str, list[int]]:
    """Return the age limits that occur."""
    return {"min": np.unique(columns.age_min).tolist(), "max": np.unique(columns.age_max).tolist()}


READ = (
    "state",
    "yes",
    "age_min",
    "age_max",
    "capacity",
    "languages",
    "cost",
    "schedule",
    "in_person",
    "remote",
)


def tokens_of(columns: Columns, order: NDArray[np.int64], *, hours: bool) -> Iterator[str]:
    """Return the tokens of every row, in the given order."""
    opened = [" ".join(f"o{slot}" for slot in np.flatnonzero(week)) for week in columns.schedule_open]
    costs = [_named("k", mask) for mask in range(8)]
    marks = {mask: _named("f", mask & ~GENDERS) for mask in np.unique(columns.yes).tolist()}
    spoken = {mask: _named("l", mask) for mask in np.unique(columns.languages).tolist()}
    terms = terms_of(columns)
    plain = [getattr(columns, name)[order].tolist() for name in (*READ, "lat", "lon")]
    for i, *values in zip(order.tolist(), *plain, strict=True):
        state, yes, low, high, room, said, cost, week, visited, remote, lat, lon = values
        parts = [f"s{state} g{yes & GENDERS} n{low} x{high} y{room}", spoken[said], costs[cost], marks[yes]]
        parts += [f"c{term}" for term in terms[i]]
        if visited:
            parts += ["q{}_{}_{}".format(level, *cell(lat, lon, level)) for level in range(len(LEVELS))]
        if remote:
            parts.append(f"r{state}")
        if hours:
            parts.append(opened[week])
        yield " ".join(parts)


def _named(name: str, mask: int) -> str:
    return " ".join(f"{name}{bit}" for bit in range(64) if mask >> bit & 1)


class Rerank:
    """Exact conditions and the stated score for candidate rows."""

    def __init__(self, folder: Path) -> None:
        def load(name: str) -> NDArray:
            return np.load(folder / f"{name}.npy")

        self.lat, self.lon = np.radians(load("lat")), np.radians(load("lon"))
        self.state, self.remote, self.in_person = load("state"), load("remote"), load("in_person")
        self.yes, self.languages = load("yes").astype(np.int64), load("languages").astype(np.int64)
        self.schedule, self.open = load("schedule"), load("schedule_open")
        room = 0.15 * np.array([0.25, 1, 0.5, 0])[load("capacity")]
        self.fixed = 0.20 * (room + 0.10 * (load("cost") & 1)) + 0.05 * (self.yes >> 4 & 1)
        self.verified = load("verified_day")
        self.limits = {
            "min": np.unique(load("age_min")).tolist(),
            "max": np.unique(load("age_max")).tolist(),
        }

    def top(self, query: Query, rows: NDArray[np.int64], bm25: NDArray[np.float64] | None) -> list[int]:
        """Return the best of the rows; ``bm25`` belongs to them, or is None without words."""
        kept = np.ones(len(rows), bool)
        if query.open_slot is not None:
            kept &= self.open[:, query.open_slot][self.schedule[rows]]
        if query.lat is not None and query.lon is not None:
            miles = self._miles(rows, query.lat, query.lon)
            near = (miles <= query.radius) & self.in_person[rows]
            distance = np.where(near, 1 - miles / query.radius, 0.5)
            if query.remote_state is not None:
                near |= self.remote[rows] & (self.state[rows] == query.remote_state)
            kept &= near
        else:
            distance = np.zeros(len(rows))
        scores = (0.25 * distance)[kept] + self._rest(query, rows[kept])
        if bm25 is not None:
            scores += 0.40 * (bm25[kept] / (bm25[kept] + 5))
        rows = rows[kept]
        if len(rows) > 20 * TOP:
            best = np.argpartition(-scores, TOP + 5)[: TOP + 5]
            rows, scores = rows[best], scores[best]
        found: list[int] = rows[np.lexsort((rows, -scores))[:TOP]].tolist()
        return found

    def _rest(self, query: Query, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the parts for acceptance and freshness."""
        fresh = np.maximum(0, 1 - (query.today - self.verified[rows]) / 730)
        scores: NDArray[np.float64] = self.fixed[rows] + 0.15 * fresh
        if query.asked:
            scores += 0.07 * ((self.yes[rows] & query.asked) == query.asked)
        if query.languages:
            scores += 0.03 * (self.languages[rows] >> query.languages[0] & 1)
        return scores

    def _miles(self, rows: NDArray[np.int64], lat: float, lon: float) -> NDArray[np.float64]:
        here_lat, here_lon, lats = np.radians(lat), np.radians(lon), self.lat[rows]
        h = np.sin((lats - here_lat) / 2) ** 2
        h += np.cos(here_lat) * np.cos(lats) * np.sin((self.lon[rows] - here_lon) / 2) ** 2
        miles: NDArray[np.float64] = 2 * EARTH_MILES * np.arcsin(np.sqrt(h))
        return miles
