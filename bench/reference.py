"""The right answer, by looking at every service: what all engines are judged by.

Written from the meaning stated at ``entero.directory.matching.query.Query`` alone, without the index.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from entero.directory.matching.columns import NO_STATE, Columns
from entero.directory.matching.query import Query

RADIUS_OF_EARTH = 3958.7613
TOP = 20


class Reference:
    """A full scan over columns; ``words`` are all that will ever be asked for."""

    def __init__(self, columns: Columns, words: Iterable[str]) -> None:
        self.columns = columns
        self.n = len(columns.lat)
        self.lat = np.radians(np.round(columns.lat * 1e6) / 1e6)
        self.lon = np.radians(np.round(columns.lon * 1e6) / 1e6)
        self.term_rows = np.repeat(np.arange(self.n), np.diff(columns.term_start))
        self.lengths = np.zeros(self.n)
        self.rows_of, self.times_of = self._postings(set(words))
        self.mean_length = max(self.lengths.sum(), 1) / max(self.n, 1)

    def _postings(self, wanted: set[str]) -> tuple[dict[str, NDArray], dict[str, NDArray]]:
        found: defaultdict[str, array] = defaultdict(lambda: array("i"))
        for row, text in enumerate(self.columns.tokens):
            said = text.split()
            self.lengths[row] = len(said)
            for word in wanted.intersection(said):
                found[word].extend([row] * said.count(word))
        pairs = {word: np.unique(np.array(rows), return_counts=True) for word, rows in found.items()}
        return {word: pair[0] for word, pair in pairs.items()}, {
            word: pair[1] for word, pair in pairs.items()
        }

    def top(self, query: Query) -> list[tuple[int, float]]:
        """Return up to 20 rows of the columns and their scores, best first."""
        matches, scores = self.evaluate(query)
        rows = np.flatnonzero(matches)
        order = np.lexsort((rows, -scores[rows]))[:TOP]
        return list(zip(rows[order].tolist(), scores[rows[order]].tolist(), strict=True))

    def evaluate(self, query: Query) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Return for every row whether it matches, and its score (which counts only where it does)."""
        matches, distance = self._place(query)
        matches &= self._facets(query)
        said, relevance = self._words(query)
        acceptance, freshness = self._acceptance(query), self._freshness(query)
        scores = 0.40 * relevance + 0.25 * distance + 0.20 * acceptance + 0.15 * freshness
        return matches & said, scores

    def miles(self, lat: float, lon: float) -> NDArray[np.float64]:
        here_lat, here_lon = np.radians(lat), np.radians(lon)
        h = np.sin((self.lat - here_lat) / 2) ** 2
        h += np.cos(here_lat) * np.cos(self.lat) * np.sin((self.lon - here_lon) / 2) ** 2
        return 2 * RADIUS_OF_EARTH * np.arcsin(np.sqrt(np.minimum(h, 1)))

    def _place(self, query: Query) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        c = self.columns
        if query.lat is None or query.lon is None:
            return c.state == query.state, np.zeros(self.n)
        miles = self.miles(query.lat, query.lon)
        near = c.in_person & (miles <= query.radius)
        share = 1 - miles / query.radius if query.radius else np.ones(self.n)
        matches = near.copy()
        if query.remote_state is not None:
            matches |= c.remote & ((c.state == query.remote_state) | (c.state == NO_STATE))
        return matches, np.where(near, share, 0.5)

    def _facets(self, query: Query) -> NDArray[np.bool_]:
        c = self.columns
        fits = (c.no & np.uint64(query.asked)) == 0
        fits &= (c.yes & np.uint64(query.required)) == query.required
        if query.terms:
            offers = np.zeros(self.n, bool)
            offers[self.term_rows[np.isin(c.term_values, query.terms)]] = True
            fits &= offers
        if query.age is not None:
            fits &= (c.age_min <= query.age) & (query.age <= c.age_max)
        if query.languages:
            fits &= (c.languages & np.uint64(sum({1 << number for number in query.languages}))) != 0
        if query.cost:
            fits &= (c.cost & query.cost) != 0
        if query.open_slot is not None:
            fits &= c.schedule_open[c.schedule, query.open_slot]
        if query.not_full:
            fits &= c.capacity != 3
        return fits

    def _words(self, query: Query) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        if not query.words:
            return np.ones(self.n, bool), np.zeros(self.n)
        words = set(query.words)
        bm25 = np.zeros(self.n)
        hits = np.zeros(self.n, int)
        for word in sorted(words):
            rows = self.rows_of.get(word, np.zeros(0, int))
            times = np.minimum(self.times_of.get(word, np.zeros(0, int)), 255)
            weight = np.log(1 + (self.n - len(rows) + 0.5) / (len(rows) + 0.5))
            norm = 1.2 * (1 - 0.75 + 0.75 * self.lengths[rows] / self.mean_length)
            bm25[rows] += weight * times * 2.2 / (times + norm)
            hits[rows] += 1
        return hits >= (len(words) if query.all_words else 1), bm25 / (bm25 + 5)

    def _acceptance(self, query: Query) -> NDArray[np.float64]:
        c = self.columns
        earned = 0.15 * np.array([0.25, 1, 0.5, 0])[c.capacity] + 0.10 * ((c.cost & 1) > 0)
        if query.asked:
            earned += 0.35 * ((c.yes & np.uint64(query.asked)) == query.asked)
        if query.prefer:
            earned += 0.25 * ((c.yes & np.uint64(query.prefer)) == query.prefer)
        if query.languages:
            earned += 0.15 * ((c.languages >> np.uint64(query.languages[0]) & np.uint64(1)) > 0)
        return earned

    def _freshness(self, query: Query) -> NDArray[np.float64]:
        return np.clip(1 - (query.today - self.columns.verified_day) / 730, 0, 1)
