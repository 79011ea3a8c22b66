"""What single properties of an HSDS record say: ages, places, reach, cost, days."""

from datetime import date, datetime
from typing import Any

from entero.directory.importing import places
from entero.directory.importing.cleaning import text
from entero.directory.importing.reading.problems import Notes, RowRefused, Why
from entero.directory.models import Reach

Record = dict[str, Any]


def check_ages(lowest: int | None, highest: int | None) -> None:
    if lowest is not None and highest is not None and lowest > highest:
        raise RowRefused(Why.AGES, f"{lowest} > {highest}")


def whereabouts(record: Record, addresses: list[Record], notes: Notes) -> Record:
    found = places.coordinates(record.get("latitude"), record.get("longitude"), notes)
    center = places.zip_place(addresses)
    values: Record = {}
    if found is None and center is not None and center.lat is not None and center.lon is not None:
        found = center.lat, center.lon
    if found is not None or {"latitude", "longitude"} & record.keys():
        values["latitude"], values["longitude"] = found or (None, None)
    if center is not None:
        values["time_zone"] = center.time_zone
    return values


def reach_and_cost(record: Record, locations: list[Record]) -> Record:
    values: Record = {}
    if "service_areas" in record and locations:
        types = [str(location.get("location_type") or "physical") for location in locations]
        values["reach"] = places.reach(dicts(record["service_areas"]), types)
    if record.get("cost_options"):
        values["cost"] = cost_bits(dicts(record["cost_options"]))
    return values | _from_our_own_export(record)


PRICES = {"free": 1, "sliding_scale": 2, "insurance": 4}


def _from_our_own_export(record: Record) -> Record:
    """Return what another installation of ours exports; that a service is an invented sample stays said."""
    values = sample(record)
    if record.get("reach") in Reach.values:
        values["reach"] = record["reach"]
    prices = {PRICES.get(word, 0) for word in str(record.get("prices") or "").split(",")}
    if any(prices):
        values["cost"] = sum(prices)
    if isinstance(record.get("description_es"), str):
        values["description_es"] = text(record["description_es"], Notes())
    return values


FREE = frozenset({"free", "free of charge", "no cost", "no charge", "gratis"})
INSURANCE = ("insurance", "medicaid", "medicare", "tricare")


def cost_bits(options: list[Record]) -> int:
    """Return the bits that cost options plainly state: 1 free, 2 sliding scale, 4 insurance."""
    bits = 0
    for option in options:
        text = str(option.get("option") or "").strip().casefold()
        bits |= 1 if text in FREE or str(option.get("amount")) in {"0", "0.0", "0.00"} else 0
        bits |= 2 if "sliding" in text else 0
        bits |= 4 if any(word in text for word in INSURANCE) else 0
    return bits


def observed_on(record: Record) -> date | None:
    """Return the day the record speaks of: when it was assured, else when it was last changed."""
    for name in ("assured_date", "last_modified"):
        try:
            return datetime.fromisoformat(str(record.get(name) or "")).date()
        except ValueError:
            continue
    return None


def state_of(record: Record) -> str:
    for at in dicts(record.get("service_at_locations")):
        for address in dicts(as_dict(at.get("location")).get("addresses")):
            code = places.state_code(address.get("state_province"))
            if code:
                return code
    return ""


def as_dict(value: Any) -> Record:
    return value if isinstance(value, dict) else {}


def dicts(value: Any) -> list[Record]:
    return [found for found in value if isinstance(found, dict)] if isinstance(value, list) else []


def sample(record: Record) -> Record:
    return {"is_sample": True} if str(record.get("is_sample")).lower() == "true" else {}
