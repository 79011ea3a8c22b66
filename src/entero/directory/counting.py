"""Counts services exactly: by our vocabulary from the search index, or by a source's own codes.

Only what everybody may see is counted.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from entero.directory.matching import facets
from entero.directory.matching.columns import NO_STATE
from entero.directory.matching.pool import Directory, Part
from entero.directory.matching.rows import Flags, has_all
from entero.directory.models import Source, SourceRecord, Visibility
from entero.directory.places.states import STATES
from entero.directory.vocabulary.samhsa import labels
from entero.directory.vocabulary.terms import bits

NATIONAL = "US"
"""Stands for services that every state can reach, and for those whose state is not public."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many services there are, and how many in each state; states without any are left out."""

    total: int
    by: dict[str, int]


class UnknownSource(ValueError):
    """There is no source of this name; ``known`` holds those there are."""

    def __init__(self, slug: str, known: tuple[str, ...]) -> None:
        self.slug, self.known = slug, known
        super().__init__(slug)


class UnknownCode(ValueError):
    """No row of the source has this code, and no key lists it."""

    def __init__(self, code: str, known: Collection[str]) -> None:
        self.code, self.known = code, known
        super().__init__(code)


def by_vocabulary(
    directory: Directory,
    *,
    populations: Iterable[str] = (),
    needs: Iterable[str] = (),
    settings: Iterable[str] = (),
) -> Counts:
    """Count the services that say yes to all of these populations and offer all of these terms.

    Silence is not counted. Who offers a term that lies below another, offers that as well.
    """
    asked, wanted = bits(list(populations)), (*needs, *settings)
    totals: Counter[str] = Counter()
    for part in directory.parts:
        totals.update(_by_state(part, _holding(part, asked, wanted)))
    return _counts(totals)


def _holding(part: Part, asked: int, wanted: Iterable[str]) -> Flags:
    rows = np.arange(part.index.n, dtype=np.int32)
    holds = has_all(part.index, rows, facets.YES, asked) if asked else np.ones(part.index.n, bool)
    if part.hidden is not None:
        holds = holds & ~part.hidden
    for term in wanted:
        holds = holds & part.offering(term)
    return holds


def _by_state(part: Part, holds: Flags) -> dict[str, int]:
    before = np.concatenate(([0], np.cumsum(holds)))
    starts = part.index.arrays.segment_start
    codes = {state.number: state.code for state in STATES} | {NO_STATE: NATIONAL}
    return {
        code: int(before[starts[2 * number + 2]] - before[starts[2 * number]])
        for number, code in codes.items()
    }


def by_codes(slug: str, codes: Sequence[str]) -> Counts:
    """Count the current rows of a source that have all of these codes; ``!CODE`` for one they lack.

    Raises UnknownSource and UnknownCode.
    """
    known = tuple(Source.objects.order_by("slug").values_list("slug", flat=True))
    if slug not in known:
        raise UnknownSource(slug, known)
    wanted = {code for code in codes if not code.startswith("!")}
    lacking = {code[1:] for code in codes if code.startswith("!")}
    totals: Counter[str] = Counter()
    seen: set[str] = set()
    rows = SourceRecord.objects.filter(
        source__slug=slug,
        gone_on__isnull=True,
        service__visibility=Visibility.PUBLIC,
        service__organization__visibility=Visibility.PUBLIC,
    )
    for text, state in rows.values_list("codes", "state").iterator():
        having = set(text.split())
        seen |= having
        if wanted <= having and not lacking & having:
            totals[state or NATIONAL] += 1
    for code in sorted(wanted | lacking):
        if code not in seen and code not in labels():
            raise UnknownCode(code, seen | labels().keys())
    return _counts(totals)


def _counts(totals: Counter[str]) -> Counts:
    return Counts(totals.total(), {state: totals[state] for state in sorted(totals) if totals[state]})
