"""Turns what somebody types into a place: a ZIP, its first three digits, a city, or a state."""

import gzip
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import zip2info

from entero.directory.places.states import STATES, by_code, by_prefix, state_of_zip

MAX_TEXT = 80


class Precision(StrEnum):
    """How exactly the place is known."""

    ZIP = "zip"
    PREFIX = "prefix"
    CITY = "city"
    STATE = "state"


@dataclass(frozen=True)
class Place:
    """A point in a state. ``lat`` and ``lon`` are degrees; None when only the state is known."""

    label: str
    state: str
    precision: Precision
    lat: float | None = None
    lon: float | None = None
    time_zone: str = ""


@dataclass(frozen=True)
class Found:
    """Exactly one place fits."""

    place: Place


@dataclass(frozen=True)
class Ambiguous:
    """Several places fit; the largest first, at most eight."""

    places: tuple[Place, ...]


@dataclass(frozen=True)
class NotFound:
    """Nothing fits; names that come close, at most three."""

    hints: tuple[str, ...] = ()


def fold(text: str) -> str:
    """Return the text in lower-case ASCII letters and digits, with single spaces."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join("".join(sign if sign.isalnum() else " " for sign in plain.lower()).split())


def find(text: str) -> Found | Ambiguous | NotFound:
    """Return the place of a ZIP code, three digits, "city", "city, state" or a state.

    Never raises; text longer than ``MAX_TEXT`` signs is not found.
    """
    folded = fold(text[:MAX_TEXT])
    if not folded or len(text) > MAX_TEXT:
        return NotFound()
    digits = folded.replace(" ", "")
    if digits.isascii() and digits.isdigit():
        return _by_digits(digits)
    if folded in _states():
        state = by_code()[_states()[folded]]
        same_name = _cities().get(folded, [])
        if not same_name or folded in {state.code.lower()} or max(p for p, _ in same_name) < 1e5:
            return Found(Place(state.en, state.code, Precision.STATE))
    return _by_name(folded)


def _by_digits(digits: str) -> Found | NotFound:
    if len(digits) == 9:
        digits = digits[:5]
    if len(digits) == 5:
        place = of_zip(digits)
        return Found(place) if place else NotFound()
    if len(digits) == 3 and digits in by_prefix():
        centers = _prefix_centers()
        if digits in centers:
            lat, lon, zone = centers[digits]
            place = Place(f"{digits}··", by_prefix()[digits], Precision.PREFIX, lat, lon, zone)
            return Found(place)
    return NotFound()


@cache
def _zip_infos() -> dict[str, tuple[float, float, str]]:
    return {
        f"{int(code):05d}": (info.latitude, info.longitude, info.timezone)
        for code, info in ((key, zip2info.info(key)) for key in range(100_000))
        if info is not None
    }


def of_zip(zip_code: str) -> Place | None:
    """Return the center of a five-digit ZIP code, or None when there is no such code."""
    info = zip2info.info(zip_code) if zip_code.isdigit() and len(zip_code) == 5 else None
    state = state_of_zip(zip_code)
    if info is None or state is None:
        return None
    return Place(zip_code, state, Precision.ZIP, info.latitude, info.longitude, info.timezone)


@cache
def _prefix_centers() -> dict[str, tuple[float, float, str]]:
    """Return the mean center and the commonest time zone of each three first digits."""
    groups: dict[str, list[tuple[float, float, str]]] = defaultdict(list)
    for code, info in _zip_infos().items():
        groups[code[:3]].append(info)
    return {
        prefix: (
            sum(lat for lat, _, _ in infos) / len(infos),
            sum(lon for _, lon, _ in infos) / len(infos),
            max({zone for _, _, zone in infos}, key=[zone for _, _, zone in infos].count),
        )
        for prefix, infos in groups.items()
    }


@cache
def _states() -> dict[str, str]:
    """Return the state code of each folded name and code, in both languages."""
    names: dict[str, str] = {}
    for state in STATES:
        for name in (state.code, state.en, state.es):
            names[fold(name)] = state.code
    names["washington dc"] = names["d c"] = "DC"
    names["virgin islands"] = names["us virgin islands"] = "VI"
    return names


@cache
def _cities() -> dict[str, list[tuple[int, Place]]]:
    """Return places by folded name, the largest first."""
    raw = gzip.decompress(files(__package__).joinpath("places.tsv.gz").read_bytes()).decode()
    found: dict[str, list[tuple[int, Place]]] = defaultdict(list)
    for line in raw.splitlines():
        name, state, lat, lon, people, others = line.split("\t")
        if state not in by_code():
            continue
        place = Place(f"{name}, {state}", state, Precision.CITY, float(lat), float(lon))
        for folded in {fold(name), *filter(None, others.split("|"))}:
            found[folded].append((int(people), place))
    for places in found.values():
        places.sort(key=lambda item: (-item[0], item[1].state))
    return dict(found)


def _by_name(folded: str) -> Found | Ambiguous | NotFound:
    words = folded.split()
    for cut in range(len(words) - 1, 0, -1):
        state = _states().get(" ".join(words[cut:]))
        inside = [
            (people, place)
            for people, place in _cities().get(" ".join(words[:cut]), [])
            if place.state == state
        ]
        if state and inside:
            return Found(_with_zone(inside[0][1]))
    places = _cities().get(folded, [])
    if not places:
        return NotFound(_hints(folded))
    if len(places) == 1 or places[0][0] >= 10 * places[1][0]:
        return Found(_with_zone(places[0][1]))
    return Ambiguous(tuple(_with_zone(place) for _, place in places[:8]))


def _with_zone(place: Place) -> Place:
    """Give a city the time zone of the nearest ZIP center."""
    if place.lat is None or place.lon is None:
        return place
    zone = _nearest_zone(round(place.lat, 2), round(place.lon, 2))
    return Place(place.label, place.state, place.precision, place.lat, place.lon, zone)


@cache
def _zones() -> tuple[list[float], list[float], list[str]]:
    infos = list(_zip_infos().values())
    return [i[0] for i in infos], [i[1] for i in infos], [i[2] for i in infos]


def _nearest_zone(lat: float, lon: float) -> str:
    lats, lons, zones = _zones()
    best = min(range(len(lats)), key=lambda i: (lats[i] - lat) ** 2 + (lons[i] - lon) ** 2)
    return zones[best]


def _hints(folded: str) -> tuple[str, ...]:
    import difflib

    near = difflib.get_close_matches(folded, _big_names(), n=3, cutoff=0.75)
    return tuple(_cities()[name][0][1].label for name in near)


@cache
def _big_names() -> list[str]:
    return [name for name, places in _cities().items() if places[0][0] >= 20_000]
