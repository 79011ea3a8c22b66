"""What the matcher answers: coded reasons, without a word in any language."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Code(StrEnum):
    """What a reason speaks of. ``subject`` and ``numbers`` of the reason fill it in."""

    ACCEPTS = "accepts"  # subject: population
    AGES = "ages"  # numbers: lowest and highest age
    NEED = "need"  # subject: term
    SETTING = "setting"  # subject: term
    LANGUAGE = "language"  # subject: language
    DISTANCE = "distance"  # numbers: miles
    REMOTE = "remote"
    NATIONAL = "national"
    OPEN_NOW = "open_now"
    COST = "cost"  # subject: free, sliding, insurance
    ROOM = "room"  # subject: open, waiting
    WORDS = "words"
    CHECKED = "checked"  # observed_on: the newest check
    CALL_FIRST = "call_first"  # observed_on: an old check, or none at all
    REFUSES = "refuses"  # subject: population
    AGE_OUTSIDE = "age_outside"  # numbers: lowest and highest age
    FULL = "full"
    CLOSED_NOW = "closed_now"
    TOO_FAR = "too_far"  # numbers: miles


WHOLE = ""
"""Stands for a service as a whole where its evidence is kept by population: who says what it offers."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a fact comes from."""

    source: str
    observed_on: date
    checked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """One thing that is known, not known, or in the way."""

    code: Code
    subject: str = ""
    numbers: tuple[float, ...] = ()
    evidence: Evidence | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A service that may take this person.

    Attributes:
        key: the 16 bytes of its id.
        score: 0 to 100; ``parts`` says what it is made of (each 0 to 1).
        miles: how far, or None when nobody has to travel or the place is not known.
        reasons: what speaks for it, with sources; ``unknowns``: what to ask about.
        covers: ids of the needs it says it meets.
    """

    key: bytes
    score: float
    parts: dict[str, float]
    miles: float | None
    reasons: tuple[Reason, ...] = ()
    unknowns: tuple[Reason, ...] = ()
    covers: tuple[str, ...] = ()
    organization: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class NearMiss:
    """A service that fails exactly one thing."""

    key: bytes
    fails: Reason
    miles: float | None
    score: float


class Step(StrEnum):
    """How the search was widened, in the order in which it is."""

    MILES_50 = "miles_50"
    MILES_100 = "miles_100"
    REMOTE = "remote"
    STATEWIDE = "statewide"
    UNKNOWN_NEEDS = "unknown_needs"
    HOTLINES = "hotlines"


@dataclass(frozen=True, slots=True)
class Question:
    """One more question that would help the most; ``gain`` is in bits."""

    id: str
    gain: float


class PlanKind(StrEnum):
    """How several needs can be met together."""

    ONE_PLACE = "one_place"
    SAME_ORGANIZATION = "same_organization"
    CHAIN = "chain"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """One place of a plan and the needs it is for."""

    key: bytes
    needs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """The fewest places that meet all needs; ``missing`` is met nowhere that was found."""

    kind: PlanKind
    stops: tuple[Stop, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """The whole answer. ``total`` counts every match, shown or not."""

    matches: tuple[Match, ...]
    near_misses: tuple[NearMiss, ...] = ()
    next_question: Question | None = None
    widened: tuple[Step, ...] = ()
    plan: Plan | None = None
    total: int = 0
    refused: int = field(default=0)
    """How many services nearby say that they do not take this person."""
