"""Reads the columns that the index is built from: only what everybody may see, of services that are active.

A dozen queries, each read as a stream, whatever the size. What is hidden in a row or a field is as if it
were not there: it takes no part in a match, a score or a distance.
"""

import json
from array import array
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from numpy.typing import NDArray

from entero.directory.acceptance.rule import Answer, Claim, Trust, decide
from entero.directory.freshness import Kind, confidence
from entero.directory.matching.columns import (
    AGE_NOT_STATED_MAX,
    AGE_NOT_STATED_MIN,
    HALF_HOURS_A_WEEK,
    Columns,
)
from entero.directory.matching.facets import CAPACITY_FULL, CAPACITY_OPEN, CAPACITY_WAITING
from entero.directory.matching.reasons import NEVER_CHECKED
from entero.directory.matching.score import EPOCH
from entero.directory.matching.text import analyze
from entero.directory.models import (
    AcceptanceFact,
    Attribute,
    Language,
    Schedule,
    Service,
    ServiceCapacity,
    ServiceStatus,
    TaxonomyTerm,
    Visibility,
)
from entero.directory.opening import WEEKDAYS, Opening, half_hours
from entero.directory.queries import SAID
from entero.directory.vocabulary.terms import bits, languages, populations, terms
from entero.directory.vocabulary_tables import Listing, term_by_row_id
from entero.directory.whereabouts import is_remote, state_number, whereabouts

ROOM_BELIEVED_ABOVE = 0.2
"""Room that was told longer ago (a week) is not known: a bed that was free is long taken."""

MOST_ZONES = 255
SERVICE_FIELDS = (
    "name",
    "alternate_name",
    "description",
    "description_es",
    "minimum_age",
    "maximum_age",
    "assured_date",
    "reach",
    "cost",
)
LONG_CODES = {"eng": "en", "spa": "es", "zho": "zh", "cmn": "zh", "vie": "vi", "kor": "ko", "ara": "ar",
              "rus": "ru", "hat": "ht", "por": "pt", "fra": "fr", "hin": "hi", "fas": "fa", "deu": "de",
              "tgl": "tl", "sgn": "ase"}  # fmt: skip
"""ISO 639-3 codes of feeds that do not use the short ones."""


@dataclass
class Zones:
    """Time zones by number; the first is taken where a service's own is not known."""

    names: list[str]

    def number(self, name: str) -> int | None:
        """Return the number of a zone, or None when it is no zone (or there are too many)."""
        if name in self.names:
            return self.names.index(name)
        if not name or len(self.names) > MOST_ZONES or not _is_zone(name):
            return None
        self.names.append(name)
        return len(self.names) - 1


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, ZoneInfoNotFoundError):
        return False
    return True


@dataclass
class _Rows:
    """The wanted services, in the order of their ids, with what belongs to each."""

    ids: Collection[UUID] | None
    today: date
    order: list[UUID] = field(default_factory=list)
    at: dict[UUID, int] = field(default_factory=dict)
    at_text: dict[str, int] = field(default_factory=dict)

    def narrow(self, rows: QuerySet[Any], name: str) -> QuerySet[Any]:
        if self.ids is None:
            return rows.filter(**{f"{name}__isnull": False})
        return rows.filter(**{f"{name}__in": self.ids})

    def read(self, rows: QuerySet[Any], *names: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield the position of the service of each public row and its fields; hidden fields are None."""
        chosen = self.narrow(rows, "service_id").values_list("service_id", "hidden_fields", *names)
        for service_id, hidden, *values in chosen.iterator():
            position = self.at.get(service_id)
            if position is not None:
                yield position, _visible(hidden, names, values)


def _visible(hidden: dict[str, int], names: tuple[str, ...], values: list[Any]) -> dict[str, Any]:
    shown = dict(zip(names, values, strict=True))
    for name, level in hidden.items():
        if level > Visibility.PUBLIC and name in shown:
            shown[name] = None
    return shown


def columns_of(zones: Zones, *, today: date, ids: Collection[UUID] | None = None) -> Columns:
    """Return one row for each public and active service (of these ids), in the order of their ids.

    New time zones are added to ``zones``. Every value a person could learn from a match is public.
    """
    rows = _Rows(ids, today)
    services = _services(rows)
    n = len(rows.order)
    places = whereabouts(rows.order, rows.narrow)
    term_start, term_values = _terms(rows)
    yes, no, checked = _acceptance(rows)
    schedule, patterns = _schedules(rows)
    ordered = [places[service_id] for service_id in rows.order]
    reaches = services["reach"]
    points = [place.point or (np.nan, np.nan) for place in ordered]
    numbers = [zones.number(place.zone) for place in ordered]
    whole_week = np.asarray(patterns.all(axis=1))
    known = np.array([number is not None for number in numbers], bool) | whole_week[schedule]
    return Columns(
        keys=np.frombuffer(b"".join(key.bytes for key in rows.order), "V16"),
        lat=np.array([lat for lat, _ in points], np.float64),
        lon=np.array([lon for _, lon in points], np.float64),
        state=_array(map(state_number, reaches, ordered), np.uint8, n),
        in_person=np.array([place.visited for place in ordered], bool),
        remote=_array(map(is_remote, reaches, ordered), np.bool_, n),
        term_start=term_start,
        term_values=term_values,
        yes=yes,
        no=no,
        age_min=np.array(services["minimum_age"], np.uint8),
        age_max=np.array(services["maximum_age"], np.uint8),
        languages=_languages(rows),
        cost=np.array(services["cost"], np.uint8),
        capacity=_capacity(rows),
        verified_day=np.maximum(np.array(services["assured_date"], np.int32), checked),
        schedule=np.where(known, schedule, 0).astype(np.uint16),
        zone=np.array([number or 0 for number in numbers], np.uint8),
        organization=np.array(services["organization"], np.uint32),
        schedule_open=patterns,
        tokens=services["tokens"],
    )


def _array(values: Iterator[Any], kind: Any, count: int) -> NDArray[Any]:
    return np.fromiter(values, kind, count)


def _services(rows: _Rows) -> dict[str, list[Any]]:
    """Read the services themselves, and learn which ones there are."""
    found: dict[str, list[Any]] = {
        name: []
        for name in ("minimum_age", "maximum_age", "assured_date", "reach", "cost", "organization", "tokens")
    }
    wanted = Service.objects.public().filter(status=ServiceStatus.ACTIVE).order_by("id")
    if rows.ids is not None:
        wanted = wanted.filter(id__in=rows.ids)
    owner = ("organization_id", "organization__name", "organization__hidden_fields")
    for key, hidden, owner_id, owner_name, owner_hidden, *values in wanted.values_list(
        "id", "hidden_fields", *owner, *SERVICE_FIELDS
    ).iterator():
        rows.at[key] = rows.at_text[key.hex] = len(rows.order)
        rows.order.append(key)
        shown = _visible(hidden, SERVICE_FIELDS, values)
        by = _visible(owner_hidden, ("name",), [owner_name])["name"]
        found["minimum_age"].append(_age(shown["minimum_age"], AGE_NOT_STATED_MIN))
        found["maximum_age"].append(_age(shown["maximum_age"], AGE_NOT_STATED_MAX))
        found["assured_date"].append(_day(shown["assured_date"], rows.today))
        found["reach"].append(shown["reach"] or "place")
        found["cost"].append(shown["cost"] or 0)
        found["organization"].append(organization_number(owner_id))
        found["tokens"].append(_tokens(shown, by or ""))
    return found


def _age(years: int | None, otherwise: int) -> int:
    return otherwise if years is None else min(years, AGE_NOT_STATED_MAX)


def _day(day: date | None, today: date) -> int:
    """Return the day as a number; a date in the future counts as today."""
    return NEVER_CHECKED if day is None else (min(day, today) - EPOCH).days


def organization_number(key: UUID) -> int:
    """Return 32 bits of an organization's id: enough to tell the owners of one answer apart."""
    return (key.int ^ key.int >> 32 ^ key.int >> 64 ^ key.int >> 96) & 0xFFFFFFFF


def _tokens(shown: dict[str, Any], owner: str) -> str:
    """Return the words of the names in both languages, and of each description in its own."""
    names = " ".join(filter(None, (shown["name"], shown["alternate_name"], owner)))
    words = dict.fromkeys((*analyze(names, "en"), *analyze(names, "es")))
    described = (
        *analyze(shown["description"] or "", "en"),
        *analyze(shown["description_es"] or "", "es"),
    )
    return " ".join((*words, *described))


def _terms(rows: _Rows) -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
    """Return the needs and settings that each service is filed under."""
    ours = {
        row_id: terms()[code].number
        for row_id, (listing, code) in term_by_row_id().items()
        if listing in {Listing.NEEDS, Listing.SETTINGS}
    }
    shown = TaxonomyTerm.objects.public().filter(id__in=list(ours)).values_list("id", flat=True)
    number_of = {term_id.hex: ours[term_id] for term_id in shown}
    filed = Attribute.objects.filter(
        visibility=Visibility.PUBLIC, hidden_fields={}, taxonomy_term_id__in=list(shown)
    )
    filed = filed.filter(link_id__in=rows.ids) if rows.ids is not None else filed
    packed = array("q")
    for link_id, term_id in filed.values_list(_text("link_id"), _text("taxonomy_term_id")).iterator():
        at = rows.at_text.get(link_id.replace("-", ""))
        if at is not None:
            packed.append(at << 16 | number_of[term_id.replace("-", "")])
    pairs = np.unique(np.frombuffer(packed, np.int64)) if packed else np.zeros(0, np.int64)
    start = np.searchsorted(pairs, np.arange(len(rows.order) + 1, dtype=np.int64) << 16)
    return start.astype(np.int64), (pairs & 0xFFFF).astype(np.uint16)


def _text(name: str) -> Cast:
    """Read a UUID or a date as text: with hundreds of thousands, making objects of them takes the time."""
    return Cast(name, CharField())


def _acceptance(rows: _Rows) -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.int32]]:
    """Return who is taken, who is refused, and the day of the newest claim that counts.

    The same as ``queries.acceptance_of`` says of each service, read in bulk.
    """
    n = len(rows.order)
    yes, no = np.zeros(n, np.uint64), np.zeros(n, np.uint64)
    checked = np.full(n, NEVER_CHECKED, np.int32)
    for at, claims in _claims(rows):
        counting = [_deciding(told, rows.today) for told in claims.values()]
        known = [claim for claim in counting if claim is not None]
        yes[at] = bits([claim.population for claim in known if claim.answer == Answer.YES])
        no[at] = bits([claim.population for claim in known if claim.answer == Answer.NO])
        checked[at] = max((_day(claim.observed_on, rows.today) for claim in known), default=NEVER_CHECKED)
    return yes, no, checked


def _deciding(told: list[Claim], today: date) -> Claim | None:
    """Apply the rule; a single claim needs no weighing."""
    if len(told) > 1:
        return decide(told, today=today)
    return told[0] if told[0].trust > Trust.REPORT else None


def _claims(rows: _Rows) -> Iterator[tuple[int, dict[str, list[Claim]]]]:
    """Yield the position of each service that says something, with the public claims by population."""
    names = ("population", "answer", "source__trust", "source__slug", "checked_by_id")
    facts = rows.narrow(AcceptanceFact.objects.public(), "service_id").order_by("service_id")
    read = facts.values_list(_text("service_id"), _text("hidden_fields"), _text("observed_on"), *names)
    for key, group in groupby(read.iterator(), key=itemgetter(0)):
        at = rows.at_text.get(key.replace("-", ""))
        claims: dict[str, list[Claim]] = {}
        for _key, hidden, day, name, answer, trust, source, checked_by in group:
            if name in populations() and (hidden == "{}" or not _says_nothing(json.loads(hidden))):
                claim = Claim(name, answer, trust, source, _date(day), checked_by is not None)
                claims.setdefault(name, []).append(claim)
        if at is not None and claims:
            yield at, claims


def _says_nothing(hidden: dict[str, int]) -> bool:
    return any(name in SAID and level > Visibility.PUBLIC for name, level in hidden.items())


@lru_cache(maxsize=10_000)
def _date(text: str) -> date:
    return date.fromisoformat(text)


def _languages(rows: _Rows) -> NDArray[np.uint64]:
    spoken = [0] * len(rows.order)
    for at, row in rows.read(Language.objects.public(), "code"):
        code = (row["code"] or "").lower().replace("_", "-").split("-")[0]
        language = languages().get(LONG_CODES.get(code, code))
        if language is not None:
            spoken[at] |= 1 << language.bit
    return np.array(spoken, np.uint64)


def _capacity(rows: _Rows) -> NDArray[np.uint8]:
    """Return whether there is room for anybody, as far as that was told lately."""
    found = np.zeros(len(rows.order), np.uint8)
    told = ServiceCapacity.objects.public().filter(population="").order_by("updated", "id")
    for at, row in rows.read(told, "available", "waiting_list", "updated"):
        updated, available = row["updated"], row["available"]
        if updated is None or available is None:
            continue
        if confidence(updated.date(), rows.today, Kind.CAPACITY) < ROOM_BELIEVED_ABOVE:
            continue
        waiting = CAPACITY_WAITING if row["waiting_list"] else CAPACITY_FULL
        found[at] = CAPACITY_OPEN if available else waiting
    return found


def _schedules(rows: _Rows) -> tuple[NDArray[np.uint16], NDArray[np.bool_]]:
    """Return the pattern of each service's week, and the patterns; pattern 0 stands for unknown hours."""
    openings: dict[int, list[Opening]] = {}
    weekly = Schedule.objects.public().filter(
        freq__in=("", "WEEKLY"), valid_from__isnull=True, valid_to__isnull=True
    )
    for at, row in rows.read(weekly, "byday", "opens_at", "closes_at", "interval"):
        if not row["opens_at"] or not row["closes_at"] or (row["interval"] or 1) != 1:
            continue
        for day in (row["byday"] or "").replace(" ", "").split(","):
            if day in WEEKDAYS:
                opening = (WEEKDAYS.index(day), row["opens_at"], row["closes_at"])
                openings.setdefault(at, []).append(opening)
    number_of = {np.zeros(HALF_HOURS_A_WEEK, bool).tobytes(): 0}
    schedule = np.zeros(len(rows.order), np.uint16)
    for at, week in openings.items():
        pattern = half_hours(week).tobytes()
        if pattern in number_of or len(number_of) <= np.iinfo(np.uint16).max:
            schedule[at] = number_of.setdefault(pattern, len(number_of))
    patterns = np.frombuffer(b"".join(number_of), bool).reshape(-1, HALF_HOURS_A_WEEK)
    return schedule, patterns
