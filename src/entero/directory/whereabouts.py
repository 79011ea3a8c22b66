"""Where the search may say a service is: never closer than what everybody may see of its address."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from entero.directory.matching.columns import NO_STATE
from entero.directory.models import (
    Address,
    Location,
    LocationType,
    Reach,
    ServiceArea,
    ServiceAtLocation,
    Visibility,
)
from entero.directory.places import finder
from entero.directory.places.states import STATES, by_code, state_of_zip

Point = tuple[float, float]
Narrow = Callable[[QuerySet[Any], str], QuerySet[Any]]
"""Keeps the rows of the wanted services, or of all."""

NEARLY_ALL_STATES = 50
"""Whoever serves as many states as this counts as national."""


@dataclass(slots=True)
class Whereabouts:
    """What is public of where a service is.

    Attributes:
        state: its number, or NO_STATE.
        point: degrees, or None when there is no place to come to, or nobody may know it.
        visited: whether people come to it.
        zone: its time zone, or an empty string.
        areas: numbers of the states that it serves whole.
    """

    state: int = NO_STATE
    point: Point | None = None
    visited: bool = False
    zone: str = ""
    areas: set[int] = field(default_factory=set)


def whereabouts(service_ids: Iterable[UUID], narrow: Narrow) -> dict[UUID, Whereabouts]:
    """Return where each service is; four queries."""
    found = {service_id: Whereabouts() for service_id in service_ids}
    location_of: dict[UUID, UUID] = {}
    rows = narrow(ServiceAtLocation.objects.public(), "service_id").order_by("id")
    for service_id, location_id in rows.values_list("service_id", "location_id").iterator():
        if service_id in found:
            location_of.setdefault(service_id, location_id)
    locations = set(location_of.values())
    points, addresses, hidden = _points(locations), _addresses(locations), _with_hidden_address(locations)
    for service_id, location_id in location_of.items():
        _settle(
            found[service_id],
            points.get(location_id),
            addresses.get(location_id),
            exact=location_id not in hidden,
        )
    _add_areas(found, narrow)
    return found


def is_remote(reach: str, place: Whereabouts) -> bool:
    """Say whether people from all over its state are served without coming close first."""
    state = state_number(reach, place)
    return reach != Reach.PLACE or state in place.areas or len(place.areas) >= NEARLY_ALL_STATES


def state_number(reach: str, place: Whereabouts) -> int:
    """Return the state it is filed under; NO_STATE for a service that every state can reach."""
    if reach == Reach.NATION or len(place.areas) >= NEARLY_ALL_STATES:
        return NO_STATE
    if place.state == NO_STATE and place.areas:
        return min(place.areas)
    return place.state


@dataclass(frozen=True, slots=True)
class _Spot:
    """What is public of a location."""

    point: Point | None
    physical: bool
    zone: str


@dataclass(frozen=True, slots=True)
class _Post:
    """What is public of an address."""

    street: str
    city: str
    state: str
    postal_code: str


AT_ONCE = 10_000


def _of(rows: QuerySet[Any], name: str, ids: Collection[UUID]) -> QuerySet[Any]:
    """Narrow rows to some ids, unless there are so many that reading all is quicker."""
    return rows.filter(**{f"{name}__in": ids}) if len(ids) <= AT_ONCE else rows


def _shown(hidden: dict[str, int], name: str, value: Any) -> Any:
    return value if hidden.get(name, Visibility.PUBLIC) <= Visibility.PUBLIC else None


def _points(ids: Collection[UUID]) -> dict[UUID, _Spot]:
    rows = _of(Location.objects.public(), "id", ids)
    found = {}
    fields = ("id", "latitude", "longitude", "location_type", "time_zone", "hidden_fields")
    for key, latitude, longitude, kind, time_zone, hidden in rows.values_list(*fields).iterator():
        lat, lon = _shown(hidden, "latitude", latitude), _shown(hidden, "longitude", longitude)
        point = None if lat is None or lon is None else (lat, lon)
        zone = _shown(hidden, "time_zone", time_zone) or ""
        found[key] = _Spot(point, kind == LocationType.PHYSICAL, zone)
    return found


def _addresses(ids: Collection[UUID]) -> dict[UUID, _Post]:
    rows = _of(Address.objects.public().filter(location__isnull=False), "location_id", ids).order_by("id")
    fields = ("address_1", "city", "state_province", "postal_code")
    found: dict[UUID, _Post] = {}
    for key, hidden, *values in rows.values_list("location_id", "hidden_fields", *fields).iterator():
        shown = (_shown(hidden, name, value) or "" for name, value in zip(fields, values, strict=True))
        found.setdefault(key, _Post(*shown))
    return found


def _with_hidden_address(ids: Collection[UUID]) -> set[UUID]:
    """Return the locations with an address, or a street, that not everybody may see."""
    rows = _of(Address.objects.filter(location__isnull=False), "location_id", ids)
    return {
        key
        for key, level, hidden in rows.values_list("location_id", "visibility", "hidden_fields").iterator()
        if level > Visibility.PUBLIC or _shown(hidden, "address_1", "") is None
    }


def _settle(place: Whereabouts, spot: _Spot | None, post: _Post | None, *, exact: bool) -> None:
    """Say where it is: by coordinates where the whole address is public, else by the ZIP code's center."""
    center = _center(post) if post else None
    if post:
        place.state = _state(post)
    if spot is None:
        return
    if spot.point and exact:
        place.point = spot.point
    elif center and center.lat is not None and center.lon is not None:
        place.point = center.lat, center.lon
    place.visited = spot.physical and place.point is not None
    place.zone = spot.zone or (center.time_zone if center else "")


def _state(post: _Post) -> int:
    code = _state_code(post.state) or state_of_zip(post.postal_code)
    return by_code()[code].number if code else NO_STATE


@lru_cache(maxsize=1_000)
def _state_code(text: str) -> str | None:
    """Return the code of a state that is written as a code or a name, in English or Spanish."""
    folded = finder.fold(text)
    for state in STATES:
        if folded in {finder.fold(state.code), finder.fold(state.en), finder.fold(state.es)}:
            return state.code
    return None


@lru_cache(maxsize=50_000)
def _center_of(zip_code: str) -> finder.Place | None:
    return finder.of_zip(zip_code)


def _center(post: _Post) -> finder.Place | None:
    center = _center_of(post.postal_code[:5])
    if center is None and post.city and _state_code(post.state):
        answer = finder.find(f"{post.city}, {_state_code(post.state)}")
        center = answer.place if isinstance(answer, finder.Found) else None
    return center


def _add_areas(found: dict[UUID, Whereabouts], narrow: Narrow) -> None:
    rows = narrow(ServiceArea.objects.public().exclude(state=""), "service_id")
    for service_id, state, hidden in rows.values_list("service_id", "state", "hidden_fields").iterator():
        code = _state_code(_shown(hidden, "state", state) or "")
        if code and service_id in found:
            found[service_id].areas.add(by_code()[code].number)
