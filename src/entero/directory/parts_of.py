"""The parts of a service whose visibility can be set one by one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from entero.directory.models import (
    Address,
    Guarded,
    Location,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
    Visibility,
)

TEXTS = (
    "description",
    "description_es",
    "email",
    "url",
    "eligibility_description",
    "application_process",
    "fees_description",
    "alert",
)
STREET = ("attention", "address_1", "address_2")
POINT = ("latitude", "longitude")


@dataclass(frozen=True)
class Part:
    """Something that can be hidden.

    Attributes:
        key: names it in a form ("service", "email", "place:<address>", "street:<address>",
            "phone:<id>", "hours").
        kind: the part of the key before the colon.
        shows: what it says now.
        level: who may see it now; of several rows the most hidden.
        hides: rows and, unless the whole row is meant, their fields.
        location_id: the place it belongs to, which other services may share.
    """

    key: str
    kind: str
    shows: str
    level: Visibility
    hides: tuple[tuple[Guarded, tuple[str, ...]], ...]
    location_id: UUID | None = None


def parts_of(service: Service, level: Visibility) -> list[Part]:
    """Return what somebody of this level can see and so may hide; four queries."""
    found = [_part("service", service.name, [(service, ())])]
    found += [
        _part(name, str(getattr(service, name)), [(service, (name,))])
        for name in TEXTS
        if getattr(service, name)
    ]
    found += _places(service, level)
    found += _phones(service, level)
    hours = list(Schedule.objects.visible_to(level).filter(service=service).order_by("id"))
    if hours:
        found.append(_part("hours", "", [(row, ()) for row in hours]))
    return [part for part in found if part.level <= level]


def _places(service: Service, level: Visibility) -> Iterator[Part]:
    here = ServiceAtLocation.objects.visible_to(level).filter(service=service).values("location")
    addresses = Address.objects.visible_to(level).filter(location__in=here)
    for address in addresses.select_related("location").order_by("id"):
        place: Location = address.location
        shows = f"{address.address_1}, {address.city}"
        yield _part(f"place:{address.pk}", shows, [(place, ()), (address, ())], place.pk)
        yield _part(f"street:{address.pk}", address.address_1, [(address, STREET), (place, POINT)], place.pk)


def _phones(service: Service, level: Visibility) -> Iterator[Part]:
    own = Phone.objects.visible_to(level).filter(service=service)
    there = Phone.objects.visible_to(level).filter(location__services_here__service=service)
    for phone in (*own.order_by("position", "id"), *there.order_by("position", "id")):
        yield _part(f"phone:{phone.pk}", phone.number, [(phone, ())], phone.location_id)


def _part(
    key: str,
    shows: str,
    hides: Iterable[tuple[Guarded, tuple[str, ...]]],
    location_id: UUID | None = None,
) -> Part:
    rows = tuple(hides)
    level = max(_level(row, fields) for row, fields in rows)
    return Part(key, key.partition(":")[0], shows, Visibility(level), rows, location_id)


def _level(row: Guarded, fields: tuple[str, ...]) -> int:
    if not fields:
        return row.visibility
    return max(int((row.hidden_fields or {}).get(name, Visibility.PUBLIC)) for name in fields)
