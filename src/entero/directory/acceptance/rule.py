"""Which of several claims counts, when sources do not agree about whom a service takes.

The rule, for one service and one population:

1. **Silence is not known.** Without a claim there is no answer: ``None``, never no and never yes.
2. **Anonymous reports never decide** (trust ``REPORT``). Somebody checks them first; what the check
   finds is a claim of its own.
3. **What has aged too far gives way.** Every claim is measured on the day of the newest claim that is
   left. When less than ``GIVES_WAY_BELOW`` of its confidence was left on that day, it no longer counts.
   The newest claim itself always counts, so an answer never disappears by growing old alone.
4. **Trust first.** Of what is left, the most trusted counts: what our staff checked, then the
   provider's own word, then a survey the provider answered, then another directory.
5. **Then the newest** of the same trust.
6. **Then the safer answer**, when two claims share trust and day: no, then not known, then yes. A man
   who calls a place that would have taken him loses less than one who stands before a closed door.
7. What is left are claims that say the same: one that our staff checked comes before one that nobody
   did, then the source whose name comes first.

An ``unknown`` that was recorded on purpose is a claim like any other: it withdraws what it outranks, and
is returned so that a page can say who could not say, and when. Readers treat it as not known.

Populations never speak for each other here. Who is a boy is also a minor, and the matcher asks for both:
a no for minors keeps him from being sent, and a yes for minors does not promise that boys are taken.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from entero.directory.freshness import Kind, confidence

GIVES_WAY_BELOW = 0.75
"""A claim gives way to a newer, less trusted one when less of its confidence was left on the newer day.
With the measured half-life of acceptance (about eight years) this takes three years and four months."""


class Answer(StrEnum):
    """What a claim says. Unknown is not no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Trust(IntEnum):
    """How much a source is believed."""

    REPORT = 0
    LISTING = 1
    SURVEY = 2
    PROVIDER = 3
    CHECKED = 4


@dataclass(frozen=True, slots=True)
class Claim:
    """One source's word on whether a service takes a population.

    Attributes:
        population: its id in the vocabulary.
        answer: yes, no or unknown.
        trust: how much the source is believed, 0 to 4 (see ``Trust``).
        source: the slug of the source.
        observed_on: the day it speaks of.
        checked: whether somebody of our staff stands behind it.
    """

    population: str
    answer: str
    trust: int
    source: str
    observed_on: date
    checked: bool = False


_SAFEST_FIRST = {Answer.NO: 0, Answer.UNKNOWN: 1, Answer.YES: 2}


def decide(claims: Iterable[Claim], *, today: date | None = None) -> Claim | None:
    """Return the claim that counts, or None when nothing is known; their order never matters.

    All claims speak of one service and one population. With ``today``, a claim that is dated later
    counts as made today, so that a slip in a date cannot outdate everything else.
    """
    trusted = [claim for claim in claims if claim.trust > Trust.REPORT]
    if len(trusted) < 2:
        return trusted[0] if trusted else None
    newest = max(_day(claim, today) for claim in trusted)
    fresh = [
        claim
        for claim in trusted
        if confidence(_day(claim, today), newest, Kind.ACCEPTANCE) >= GIVES_WAY_BELOW
    ]
    return min(fresh, key=lambda claim: _rank(claim, today))


def _day(claim: Claim, today: date | None) -> date:
    return claim.observed_on if today is None else min(claim.observed_on, today)


def _rank(claim: Claim, today: date | None) -> tuple[int, int, int, bool, str, int]:
    return (
        -claim.trust,
        -_day(claim, today).toordinal(),
        _SAFEST_FIRST[Answer(claim.answer)],
        not claim.checked,
        claim.source,
        -claim.observed_on.toordinal(),
    )
