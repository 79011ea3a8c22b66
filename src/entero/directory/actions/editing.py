"""Correcting what is known about a service: its own fields, numbers to call, places and hours."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction

from entero.directory.access import level_of
from entero.directory.actions import trace
from entero.directory.actions.refused import ChangedMeanwhile, UnknownField
from entero.directory.events import ServiceEdited
from entero.directory.hours import WEEKDAYS, Hours
from entero.directory.models import Address, Guarded, Phone, Schedule, Service, Visibility
from entero.directory.places import finder
from entero.directory.queries import addresses_of, phones_of, weekly_hours, weekly_rows
from entero.kernel import events
from entero.kernel.accounts.models import User

EDITABLE = frozenset(
    {
        "name",
        "alternate_name",
        "description",
        "description_es",
        "url",
        "email",
        "interpretation_services",
        "application_process",
        "fees_description",
        "wait_time",
        "eligibility_description",
        "minimum_age",
        "maximum_age",
        "alert",
        "reach",
        "cost",
    }
)


@dataclass(frozen=True)
class PhoneRow:
    """A number to call as it should be: without ``id`` a new one, without ``number`` one to remove."""

    id: UUID | None
    number: str
    extension: int | None = None
    description: str = ""


@dataclass(frozen=True)
class PlaceRow:
    """An address as it should be."""

    id: UUID
    address_1: str
    address_2: str
    city: str
    state_province: str
    postal_code: str


@transaction.atomic
def edit_service(
    service: Service,
    *,
    by: User,
    fields: Mapping[str, Any],
    phones: Sequence[PhoneRow] = (),
    places: Sequence[PlaceRow] = (),
    hours: Sequence[Hours] | None = None,
    seen: datetime | None = None,
) -> tuple[str, ...]:
    """Set what differs, note each field with its old value, and return the names of what changed.

    ``hours`` replaces the weekly hours; None leaves them. ``seen`` is the ``last_modified`` that the
    editor saw: ChangedMeanwhile is raised when somebody else was quicker. Raises UnknownField for what
    cannot be edited here or is hidden from this person.
    """
    service = trace.locked(service.pk)
    if seen is not None and service.last_modified != seen:
        raise ChangedMeanwhile
    _refuse_hidden(service, fields, by, allowed=EDITABLE)
    changed = trace.change(service, fields, by=by)
    changed += _edit_phones(service, phones, by)
    changed += _edit_places(service, places, by)
    if hours is not None:
        changed += _replace_hours(service, hours, by)
    if changed:
        trace.touch(service)
        events.emit(ServiceEdited(str(service.pk), tuple(dict.fromkeys(changed))))
    return tuple(dict.fromkeys(changed))


def _refuse_hidden(row: Guarded, fields: Iterable[str], by: User, allowed: frozenset[str]) -> None:
    level = level_of(by)
    hidden = {name for name, needed in row.hidden_fields.items() if needed > level}
    if set(fields) - allowed or set(fields) & hidden:
        raise UnknownField


def _edit_phones(service: Service, phones: Sequence[PhoneRow], by: User) -> list[str]:
    mine = {row.pk: row for row in phones_of(service, level_of(by))}
    changed: list[str] = []
    for phone in phones:
        row = None if phone.id is None else _pick(mine, phone.id)
        if row is None and phone.number:
            row = Phone(service=service, position=len(mine))
            changed += _add_phone(row, phone, by)
        elif row is not None:
            changed += _change_phone(row, phone, by)
    return changed


def _add_phone(row: Phone, phone: PhoneRow, by: User) -> list[str]:
    row.number, row.extension, row.description = phone.number, phone.extension, phone.description
    row.save()
    trace.note(row, "number", before="", after=phone.number, by=by, kind="create")
    return ["phones"]


def _change_phone(row: Phone, phone: PhoneRow, by: User) -> list[str]:
    _share(row.location_id)
    if not phone.number:
        trace.note(row, "number", before=row.number, after="", by=by, kind="delete")
        row.delete()
        return ["phones"]
    wanted = asdict(phone)
    del wanted["id"]
    return ["phones"] if trace.change(row, wanted, by=by) else []


def _edit_places(service: Service, places: Sequence[PlaceRow], by: User) -> list[str]:
    mine = {row.pk: row for row in addresses_of(service, level_of(by))}
    changed: list[str] = []
    for place in places:
        row = _pick(mine, place.id)
        wanted = asdict(place)
        del wanted["id"]
        names = trace.change(row, wanted, by=by)
        if "postal_code" in names:
            _move(row, by)
        if names:
            _share(row.location_id)
            changed.append("addresses")
    return changed


def _move(address: Address, by: User) -> None:
    """Put the place of an address into the middle of its new ZIP code."""
    if address.location is None:
        return
    found = finder.find(address.postal_code)
    place = found.place if isinstance(found, finder.Found) else None
    changes: dict[str, Any] = {
        "latitude": place.lat if place else None,
        "longitude": place.lon if place else None,
    }
    if place and place.time_zone:
        changes["time_zone"] = place.time_zone
    trace.change(address.location, changes, by=by)


def _share(location_id: UUID | None) -> None:
    if location_id is not None:
        trace.touch_all_at([location_id])


def _replace_hours(service: Service, hours: Sequence[Hours], by: User) -> list[str]:
    rows = weekly_rows(service, level_of(by))
    before, after = weekly_hours(rows), sorted(set(hours), key=astuple)
    if before == after:
        return []
    visibility = max((row.visibility for row in rows), default=Visibility.PUBLIC)
    hidden = {name: level for row in rows for name, level in row.hidden_fields.items()}
    Schedule.objects.filter(pk__in=[row.pk for row in rows]).delete()
    days: dict[tuple[time, time], list[str]] = defaultdict(list)
    for row in after:
        days[row.opens_at, row.closes_at].append(WEEKDAYS[row.weekday])
    for (opens_at, closes_at), names in days.items():
        Schedule.objects.create(
            service=service,
            freq="WEEKLY",
            byday=",".join(names),
            opens_at=opens_at,
            closes_at=closes_at,
            visibility=visibility,
            hidden_fields=hidden,
        )
    trace.note(service, "schedules", before=_told(before), after=_told(after), by=by, level=visibility)
    return ["schedules"]


def _told(hours: Iterable[Hours]) -> str:
    return "; ".join(f"{WEEKDAYS[row.weekday]} {row.opens_at:%H:%M}-{row.closes_at:%H:%M}" for row in hours)


def _pick(rows: Mapping[UUID, Any], wanted: UUID) -> Any:
    if wanted not in rows:
        raise UnknownField
    return rows[wanted]
