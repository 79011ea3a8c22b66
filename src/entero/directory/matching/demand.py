"""A query translated into the terms of one index: masks, lists and numbers instead of meanings."""

from dataclasses import dataclass, fields
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from entero.directory.matching import facets
from entero.directory.matching.columns import HALF_HOURS_A_WEEK
from entero.directory.matching.facets import Masks
from entero.directory.matching.index import Index, PostList
from entero.directory.matching.query import Query

NOTHING: Masks = (0, 0)
OLDEST = 255
REMEMBERED = 10_000
ANY = -1
"""Stands for an age or half hour that is not asked about."""


@dataclass(frozen=True)
class Wanted:
    """Masks over both words of facets: what rows must and must not have, and what earns points.

    ``flat`` is all of them, one after the other.
    """

    must: Masks
    must_not: Masks
    languages: Masks
    costs: Masks
    asked: Masks
    prefer: Masks
    first_language: Masks

    @cached_property
    def flat(self) -> tuple[int, ...]:
        return tuple(chain.from_iterable(getattr(self, each.name) for each in fields(self)))


class Demand(NamedTuple):
    """What is asked of rows, and which lists say who has it.

    ``remote`` is the number of the state whose remote services count too, or ``ANY`` for none; ``state``
    is ``ANY`` for a query with a point.
    """

    wanted: Wanted
    age: int
    slot: int
    state: int
    remote: int
    lat: float
    lon: float
    radius: float
    today: int
    words: tuple[PostList, ...]
    all_words: bool
    terms: tuple[PostList, ...]


def compile_query(index: Index, query: Query) -> Demand | None:
    """Translate a query, or return None when nothing can match. Raises ValueError for no place at all."""
    state, remote, lat, lon, radius = _place(query)
    age = ANY if query.age is None else query.age
    slot = ANY if query.open_slot is None else query.open_slot
    if not index.n or not _can_be(query):
        return None
    wanted, words, terms = _wanted(index, query), _words(index, query), _terms(index, query)
    if wanted is None or words is None or terms is None:
        return None
    return Demand(
        wanted, age, slot, state, remote, lat, lon, radius, query.today, words, query.all_words, terms
    )


def _place(query: Query) -> tuple[int, int, float, float, float]:
    """Return state, remote state, latitude, longitude and radius."""
    if query.lat is not None and query.lon is not None:
        remote = ANY if query.remote_state is None else query.remote_state
        return ANY, remote, query.lat, query.lon, query.radius
    if query.state is None:
        raise ValueError("a query needs a point or a state")
    return query.state, ANY, 0.0, 0.0, 0.0


def _can_be(query: Query) -> bool:
    """Say whether there is such an age and such a half hour."""
    return (query.age is None or 0 <= query.age <= OLDEST) and (
        query.open_slot is None or 0 <= query.open_slot < HALF_HOURS_A_WEEK
    )


def _wanted(index: Index, query: Query) -> Wanted | None:
    """Return the masks, which are remembered, or None when nothing can have them."""
    known: dict[object, Wanted | None] = index.kept.setdefault(__name__, {})
    key = (query.asked, query.required, query.prefer, query.languages, query.cost, query.not_full)
    if key not in known:
        if len(known) > REMEMBERED:
            known.clear()
        known[key] = _masks(index, query)
    return known[key]


def _masks(index: Index, query: Query) -> Wanted | None:
    masks = index.plan.masks
    must, lost = masks(facets.YES, query.required)
    must_not, _ = masks(facets.NO, query.asked)
    if query.not_full:
        full = masks(facets.OTHER, 1 << facets.FULL)[0]
        must_not = must_not[0] | full[0], must_not[1] | full[1]
    spoken = 0
    for number in query.languages:
        spoken |= 1 << number
    languages = masks(facets.LANGUAGE, spoken)[0]
    costs = masks(facets.COST, query.cost)[0]
    if lost or (spoken and languages == NOTHING) or (query.cost and costs == NOTHING):
        return None
    asked, unknown = masks(facets.YES, query.asked)
    prefer = masks(facets.YES, query.prefer)[0]
    first = masks(facets.LANGUAGE, 1 << query.languages[0])[0] if query.languages else NOTHING
    return Wanted(must, must_not, languages, costs, NOTHING if unknown else asked, prefer, first)


def _words(index: Index, query: Query) -> tuple[PostList, ...] | None:
    """Return the lists of the words, or None when they cannot match."""
    if not query.words:
        return ()
    wanted = query.words if len(query.words) == 1 else tuple(dict.fromkeys(query.words))
    found = []
    for word in wanted:
        known = index.word_list(word)
        if known is not None:
            found.append(known)
        elif query.all_words:
            return None
    return tuple(found) or None


def _terms(index: Index, query: Query) -> tuple[PostList, ...] | None:
    """Return the lists of the terms that occur, or None when none of them does."""
    if not query.terms:
        return ()
    found = []
    for term in query.terms if len(query.terms) == 1 else dict.fromkeys(query.terms):
        known = index.term_list(term)
        if known is not None:
            found.append(known)
    return tuple(found) or None
