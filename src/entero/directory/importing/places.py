"""Where a place of a feed lies, and which state a service area names."""

from functools import cache
from typing import Any

from entero.directory.importing.reading.problems import Notes, Repair
from entero.directory.models import Reach
from entero.directory.places.finder import Place, fold, of_zip
from entero.directory.places.states import STATES

UNITED_STATES = frozenset({"us", "usa", "united states", "united states of america", "estados unidos"})
NATION = UNITED_STATES | {"national", "nationwide", "nation", "entire united states", "all states"}


def coordinates(latitude: Any, longitude: Any, notes: Notes) -> tuple[float, float] | None:
    """Return coordinates on earth. The point where both are zero is the sea, and means a missing value."""
    if all(value is None or value == "" for value in (latitude, longitude)):
        return None
    try:
        found = float(latitude), float(longitude)
    except (TypeError, ValueError, OverflowError):
        found = (float("nan"), float("nan"))
    on_earth = -90 <= found[0] <= 90 and -180 <= found[1] <= 180
    if on_earth and found != (0, 0):
        return found
    notes.repair(Repair.COORDINATES)
    return None


def zip_place(addresses: list[dict[str, Any]]) -> Place | None:
    """Return the middle of the first ZIP code among addresses in the United States."""
    for address in addresses:
        if country_code(address.get("country")) == "US":
            place = of_zip(str(address.get("postal_code") or "").strip()[:5])
            if place is not None:
                return place
    return None


def country_code(text: Any) -> str:
    """Return two letters: those of the file, US for nothing and for its names, else an empty text."""
    plain = fold(str(text or ""))
    if not plain or plain in UNITED_STATES:
        return "US"
    return plain.upper() if len(plain) == 2 else ""


def state_code(text: Any) -> str:
    """Return the code of the state of this name or code, in either language; else an empty text."""
    plain = fold(str(text or "")[:60])
    return _states().get(plain.removeprefix("state of ").removesuffix(" statewide"), "")


@cache
def _states() -> dict[str, str]:
    names = {fold(name): state.code for state in STATES for name in (state.code, state.en, state.es)}
    return names | {"washington dc": "DC"}


def reach(areas: list[dict[str, Any]], location_types: list[str]) -> str:
    """Return how far a service reaches from anywhere; only one without a place to go to does."""
    if not location_types or set(location_types) != {"virtual"}:
        return Reach.PLACE
    names = [fold(str(area.get(key) or "")[:60]) for area in areas for key in ("name", "extent")]
    if any(name in NATION for name in names):
        return Reach.NATION
    return Reach.STATE if any(state_code(name) for name in names) else Reach.PLACE
