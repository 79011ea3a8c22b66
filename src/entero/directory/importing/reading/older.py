"""Names of HSDS tables and files, and what became of the tables of HSDS 1.1 in 3.x."""

from collections.abc import Callable, Iterator
from typing import Any

Record = dict[str, Any]
Rows = Iterator[tuple[str, Record]]

PLURALS = {
    "organizations": "organization",
    "programs": "program",
    "services": "service",
    "attributes": "attribute",
    "locations": "location",
    "phones": "phone",
    "contacts": "contact",
    "addresses": "address",
    "schedules": "schedule",
    "service_areas": "service_area",
    "required_documents": "required_document",
    "languages": "language",
    "taxonomy_terms": "taxonomy_term",
    "taxonomies": "taxonomy",
    "cost_options": "cost_option",
    "organization_identifiers": "organization_identifier",
    "service_capacities": "service_capacity",
    "units": "unit",
    "urls": "url",
    "services_at_location": "service_at_location",
    "service_at_locations": "service_at_location",
    "physical_addresses": "physical_address",
    "postal_addresses": "postal_address",
    "regular_schedules": "regular_schedule",
    "holiday_schedules": "holiday_schedule",
    "payments_accepted": "payment_accepted",
    "services_taxonomy": "service_taxonomy",
    "meta_table_descriptions": "meta_table_description",
}
ONLY_OLD = {
    "physical_address",
    "postal_address",
    "regular_schedule",
    "holiday_schedule",
    "payment_accepted",
    "service_taxonomy",
    "accessibility_for_disabilities",
    "eligibility",
}
WEEKDAYS = {
    name: day
    for number, day in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), 1)
    for name in (str(number), day.lower())
} | {
    "monday": "MO",
    "tuesday": "TU",
    "wednesday": "WE",
    "thursday": "TH",
    "friday": "FR",
    "saturday": "SA",
    "sunday": "SU",
}


def table_of(name: str) -> str:
    """Return the HSDS table that a resource or a file is called after."""
    plain = name.strip().lower().removesuffix(".csv").replace("-", "_")
    return PLURALS.get(plain, plain)


def is_old(tables: set[str]) -> bool:
    """Say whether a package has tables that only HSDS 1.x knows."""
    return bool(tables & ONLY_OLD)


def newer_rows(table: str, row: Record) -> Rows:
    """Yield the rows of 3.x that a row of 1.1 becomes."""
    return CHANGES.get(table, _same(table))(row)


def _same(table: str) -> Callable[[Record], Rows]:
    def change(row: Record) -> Rows:
        yield table, row

    return change


def _renamed(table: str, **names: str) -> Callable[[Record], Rows]:
    def change(row: Record) -> Rows:
        yield table, {names.get(name, name): value for name, value in row.items()}

    return change


def _service(row: Record) -> Rows:
    new = {name: value for name, value in row.items() if name != "taxonomy_ids"}
    if "fees" in new:
        new["fees_description"] = new.pop("fees")
    for wrong in ("accrediations",):
        if wrong in new:
            new["accreditations"] = new.pop(wrong)
    new.setdefault("status", "active")
    yield "service", new
    for number, term in enumerate(str(row.get("taxonomy_ids", "")).replace(";", ",").split(",")):
        if term.strip():
            yield from _filed(f"{row.get('id')}-{number}", row.get("id"), term.strip())


def _service_taxonomy(row: Record) -> Rows:
    yield from _filed(row.get("id"), row.get("service_id"), row.get("taxonomy_id"))


def _filed(row_id: Any, service_id: Any, term_id: Any) -> Rows:
    yield (
        "attribute",
        {"id": row_id, "link_id": service_id, "link_entity": "service", "taxonomy_term_id": term_id},
    )


def _term(row: Record) -> Rows:
    """1.1 calls a term a taxonomy, and the taxonomy a vocabulary."""
    new = {name: value for name, value in row.items() if name in {"id", "name", "parent_id"}}
    new |= {"code": row.get("id"), "description": row.get("name"), "taxonomy": row.get("vocabulary", "")}
    yield "taxonomy_term", new


def _address(kind: str) -> Callable[[Record], Rows]:
    def change(row: Record) -> Rows:
        new = dict(row)
        more = [new.pop(name) for name in ("address_2", "address_3", "address_4") if name in new]
        if more:
            new["address_2"] = ", ".join(more)
        if new.get("id"):
            new["id"] = f"{kind}-{new['id']}"
        yield "address", new | {"address_type": kind}

    return change


def _regular_schedule(row: Record) -> Rows:
    day = WEEKDAYS.get(str(row.get("weekday", "")).strip().lower())
    new = {name: value for name, value in row.items() if name != "weekday"}
    if new.get("id"):
        new["id"] = f"regular-{new['id']}"
    yield "schedule", new | ({"freq": "WEEKLY", "byday": day} if day else {})


def _holiday_schedule(row: Record) -> Rows:
    new = {name: row[name] for name in row if name.endswith("_id") or name in {"opens_at", "closes_at"}}
    if row.get("id"):
        new["id"] = f"holiday-{row['id']}"
    for old, name in (("start_date", "valid_from"), ("end_date", "valid_to")):
        if old in row:
            new[name] = row[old]
    if str(row.get("closed", "")).strip().lower() in {"true", "1", "yes", "y", "t"}:
        new["notes"] = "Closed"
    yield "schedule", new


CHANGES: dict[str, Callable[[Record], Rows]] = {
    "organization": _renamed("organization", url="website"),
    "service": _service,
    "service_taxonomy": _service_taxonomy,
    "taxonomy": _term,
    "physical_address": _address("physical"),
    "postal_address": _address("postal"),
    "regular_schedule": _regular_schedule,
    "holiday_schedule": _holiday_schedule,
    "payment_accepted": _renamed("cost_option", payment="option"),
    "accessibility_for_disabilities": _renamed("accessibility", accessibility="description"),
    "service_area": _renamed("service_area", service_area="name"),
    "language": _renamed("language", language="name"),
}
