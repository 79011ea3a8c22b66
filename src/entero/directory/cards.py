"""What a page says about a service: public names, numbers and places, read in a few queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.utils import timezone

from entero.directory import queries
from entero.directory.hours import WEEKDAYS, Hours
from entero.directory.models import (
    Accessibility,
    Address,
    Attribute,
    Guarded,
    GuardedQuerySet,
    Language,
    Phone,
    RequiredDocument,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceCapacity,
    ServiceStatus,
    Source,
    SourceRecord,
    Visibility,
)
from entero.directory.vocabulary.terms import terms
from entero.directory.vocabulary_tables import Listing, term_by_row_id

OURS = frozenset({Listing.NEEDS, Listing.SETTINGS})


@dataclass(frozen=True)
class Call:
    """A number to call, as it is shown and as a phone dials it."""

    number: str
    dial: str
    note: str


@dataclass(frozen=True)
class Place:
    """An address that everyone may know."""

    lines: tuple[str, ...]
    city: str
    state: str
    postal_code: str
    latitude: float | None
    longitude: float | None
    time_zone: str


@dataclass(frozen=True)
class Card:
    """One service as everybody may see it."""

    id: UUID
    name: str
    organization: str
    description: str
    is_sample: bool
    phones: tuple[Call, ...] = ()
    place: Place | None = None
    hours: tuple[Hours, ...] = ()
    languages: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    accessibility: tuple[str, ...] = ()
    url: str = ""
    email: str = ""
    alert: str = ""
    eligibility: str = ""
    how_to_apply: str = ""
    interpretation: str = ""
    fees: str = ""
    description_language: str = "en"
    ages: tuple[int | None, int | None] = (None, None)
    cost: int = 0
    assured_on: date | None = None


@dataclass(frozen=True)
class Brief:
    """What a list says of a service: its name, its town and the first number to call."""

    id: UUID
    name: str
    organization: str
    is_sample: bool
    phone: Call | None
    city: str


@dataclass(frozen=True)
class Said:
    """What is known about whom a service takes, and who says so."""

    population: str
    answer: str
    source: str
    observed_on: date
    checked: bool


@dataclass(frozen=True)
class Room:
    """How much room there was, and when somebody last said so."""

    available: int
    waiting_list: bool
    on: date


@dataclass(frozen=True)
class Details:
    """Everything that the page of one service says."""

    card: Card
    said: tuple[Said, ...]
    terms: tuple[str, ...]
    """Ids of the needs and settings it says it has."""
    sources: tuple[str, ...]
    checked_on: date | None
    """The newest day that anybody is known to have checked anything."""
    room: Room | None = None


@cache
def _public(model: type[Guarded]) -> GuardedQuerySet:
    """Return the public rows of a table; to work out what guards them takes longer than to read them."""
    rows: GuardedQuerySet = model.objects.public()
    return rows


def briefs_for(ids: Iterable[UUID]) -> dict[UUID, Brief]:
    """Return what a list says of each id that is public and active, in four or five queries."""
    wanted = list(ids)
    columns = (
        "id",
        "name",
        "is_sample",
        "hidden_fields",
        "organization__name",
        "organization__hidden_fields",
    )
    services = _public(Service).filter(id__in=wanted, status=ServiceStatus.ACTIVE).values_list(*columns)
    place_of = _first_places(wanted)
    cities = _cities(place_of.values())
    calls = _first_calls("service_id", wanted)
    there = _first_calls(
        "location_id", [place_of[one] for one in wanted if one in place_of and one not in calls]
    )
    return {
        key: Brief(
            id=key,
            name=_seen(name, "name", hidden),
            organization=_seen(organization, "name", hidden_too),
            is_sample=is_sample,
            phone=calls.get(key) or there.get(place_of.get(key)),
            city=cities.get(place_of.get(key), ""),
        )
        for key, name, is_sample, hidden, organization, hidden_too in services
    }


def _seen(text: str, name: str, hidden: Mapping[str, int]) -> str:
    return "" if hidden.get(name, Visibility.PUBLIC) > Visibility.PUBLIC else text


def _first_places(ids: list[UUID]) -> dict[UUID, UUID]:
    rows = _public(ServiceAtLocation).filter(service_id__in=ids).order_by("id")
    found: dict[UUID, UUID] = {}
    for service, location in rows.values_list("service_id", "location_id"):
        found.setdefault(service, location)
    return found


def _cities(places: Iterable[UUID]) -> dict[UUID | None, str]:
    rows = _public(Address).filter(location_id__in=list(places)).order_by("-id")
    columns = ("location_id", "city", "state_province", "hidden_fields")
    return {
        place: ", ".join(filter(None, (_seen(city, "city", hidden), _seen(state, "state_province", hidden))))
        for place, city, state, hidden in rows.values_list(*columns)
    }


def _first_calls(column: str, ids: list[UUID]) -> dict[UUID | None, Call]:
    if not ids:
        return {}
    rows = _public(Phone).filter(**{f"{column}__in": ids}).order_by("position", "id")
    found: dict[UUID | None, Call] = {}
    for row in rows.only(column, "number", "extension", "description", "hidden_fields"):
        if row.shown("number"):
            found.setdefault(getattr(row, column), _call(row))
    return found


def cards_for(ids: Iterable[UUID], *, language: str) -> dict[UUID, Card]:
    """Return a card for each id that is public and active, in nine queries at the most."""
    wanted = list(ids)
    services = (
        _public(Service).filter(id__in=wanted, status=ServiceStatus.ACTIVE).select_related("organization")
    )
    parts = _Parts(wanted)
    return {service.id: _card(service, parts, language) for service in services}


def card_for(service_id: UUID, *, language: str) -> Card | None:
    """Return the card of one service, or None when it is not public."""
    return cards_for([service_id], language=language).get(service_id)


def details_of(service_id: UUID, *, language: str) -> Details | None:
    """Return what everybody may know of a service, or None when it is not public or not active."""
    card = card_for(service_id, language=language)
    if card is None:
        return None
    claims = queries.acceptance_of([service_id]).get(service_id, {})
    records = SourceRecord.objects.filter(service_id=service_id).select_related("source")
    names = source_names((claim.source for claim in claims.values()), language)
    said = tuple(
        Said(claim.population, claim.answer, names[claim.source], claim.observed_on, claim.checked)
        for claim in claims.values()
    )
    found_in = {record.source.slug: _source_name(record.source, language) for record in records}
    days = [said_one.observed_on for said_one in said]
    days += [record.source.observed_on for record in records if record.source.observed_on]
    days += [card.assured_on] if card.assured_on else []
    return Details(
        card=card,
        said=said,
        terms=_terms_of(service_id),
        sources=tuple(dict.fromkeys((*found_in.values(), *names.values()))),
        checked_on=max(days, default=None),
        room=_room(service_id),
    )


def _room(service_id: UUID) -> Room | None:
    """Return the newest word on room for everybody; room for some only is not spoken of here."""
    rows = _public(ServiceCapacity).filter(service_id=service_id, population="").order_by("-updated")
    row = rows.first()
    if row is None or row.shown("available") is None:
        return None
    return Room(row.available, bool(row.shown("waiting_list")), timezone.localdate(row.updated))


def source_names(slugs: Iterable[str], language: str) -> dict[str, str]:
    """Return what the sources are called, by slug."""
    rows = Source.objects.filter(slug__in=set(slugs))
    return {row.slug: _source_name(row, language) for row in rows}


def _source_name(source: Source, language: str) -> str:
    return (source.name_es if language == "es" else "") or source.name


def _terms_of(service_id: UUID) -> tuple[str, ...]:
    known = term_by_row_id()
    rows = _public(Attribute).filter(link_id=service_id).values_list("taxonomy_term_id", flat=True)
    codes = {known[row][1] for row in rows if row in known and known[row][0] in OURS}
    return tuple(name for name in terms() if name in codes)


class _Parts:
    """The rows that belong to some services, grouped by service; only public ones are read."""

    def __init__(self, ids: list[UUID]) -> None:
        self.place_of = _first_places(ids)
        places = list(self.place_of.values())
        self.addresses = _grouped(
            _public(Address).filter(location_id__in=places).select_related("location"),
            "location_id",
        )
        self.phones = _grouped(_public(Phone).filter(service_id__in=ids), "service_id")
        without = [place for service, place in self.place_of.items() if service not in self.phones]
        self.place_phones = _grouped(_public(Phone).filter(location_id__in=without), "location_id")
        self.schedules = _grouped(_public(Schedule).filter(service_id__in=ids), "service_id")
        self.languages = _grouped(_public(Language).filter(service_id__in=ids).order_by("name"), "service_id")
        self.documents = _grouped(
            _public(RequiredDocument).filter(service_id__in=ids).order_by("id"),
            "service_id",
        )
        self.accessibility = _grouped(
            _public(Accessibility).filter(location_id__in=places).order_by("id"),
            "location_id",
        )


def _grouped(rows: Iterable[Any], key: str) -> dict[UUID, list[Any]]:
    groups: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, key)].append(row)
    return groups


def _card(service: Service, parts: _Parts, language: str) -> Card:
    place_id = parts.place_of.get(service.id)
    here = parts.addresses.get(place_id, []) if place_id else []
    phones = parts.phones.get(service.id) or (parts.place_phones.get(place_id, []) if place_id else [])
    described = service.shown("description_es") if language == "es" else None
    return Card(
        id=service.id,
        name=_text(service, "name"),
        organization=_text(service.organization, "name"),
        description=described or _text(service, "description"),
        description_language="es" if described else "en",
        is_sample=service.is_sample,
        phones=tuple(_call(phone) for phone in phones if phone.shown("number")),
        place=_place(here[0]) if here else None,
        hours=_hours(parts.schedules.get(service.id, [])),
        languages=_texts(parts.languages.get(service.id, []), "code"),
        documents=_texts(parts.documents.get(service.id, []), "document"),
        accessibility=_texts(parts.accessibility.get(place_id, []) if place_id else [], "description"),
        url=_text(service, "url") or _text(service.organization, "website"),
        email=_text(service, "email"),
        alert=_text(service, "alert"),
        eligibility=_text(service, "eligibility_description"),
        how_to_apply=_text(service, "application_process"),
        interpretation=_text(service, "interpretation_services"),
        fees=_text(service, "fees_description"),
        ages=(service.shown("minimum_age"), service.shown("maximum_age")),
        cost=service.shown("cost") or 0,
        assured_on=service.shown("assured_date"),
    )


def _text(row: Any, name: str) -> str:
    return row.shown(name) or ""


def _texts(rows: Iterable[Any], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for row in rows if (text := row.shown(name))))


def _call(phone: Phone) -> Call:
    number = phone.shown("number")
    extension = phone.shown("extension")
    digits = "".join(sign for sign in number if sign.isdigit() or sign == "+")
    if len(digits) == 10:
        digits = f"+1{digits}"
    return Call(
        number=f"{number} x{extension}" if extension else number,
        dial=f"{digits},{extension}" if extension else digits,
        note=phone.shown("description") or "",
    )


def _place(address: Address) -> Place | None:
    street, city = address.shown("address_1"), address.shown("city")
    lines = tuple(line for line in (street, address.shown("address_2")) if line)
    location = address.location
    if not (lines or city):
        return None
    return Place(
        lines=lines,
        city=city or "",
        state=address.shown("state_province") or "",
        postal_code=address.shown("postal_code") or "",
        latitude=location.shown("latitude") if location and street else None,
        longitude=location.shown("longitude") if location and street else None,
        time_zone=_text(location, "time_zone") if location else "",
    )


def _hours(schedules: Iterable[Schedule]) -> tuple[Hours, ...]:
    hours = [
        Hours(WEEKDAYS.index(day), opens_at, closes_at)
        for row in schedules
        if (opens_at := row.shown("opens_at")) and (closes_at := row.shown("closes_at"))
        if row.shown("freq") in {"", "WEEKLY"}
        for day in _text(row, "byday").replace(" ", "").split(",")
        if day in WEEKDAYS
    ]
    return tuple(sorted(hours, key=lambda hour: (hour.weekday, hour.opens_at)))
