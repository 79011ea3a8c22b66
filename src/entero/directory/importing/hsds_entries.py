"""Turns records of HSDS, nested as its JSON has them, into entries with flat rows."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from entero.directory.importing import confidential
from entero.directory.importing.entries import Content, Entry, digest
from entero.directory.importing.filing import Filing
from entero.directory.importing.hsds_values import (
    as_dict,
    check_ages,
    dicts,
    observed_on,
    reach_and_cost,
    sample,
    state_of,
    whereabouts,
)
from entero.directory.importing.links import Links
from entero.directory.importing.reading.problems import Notes, RowRefused, Why
from entero.directory.importing.rows import Rows, row_id
from entero.directory.importing.samhsa_entries import attribute, term_row
from entero.directory.models import Visibility

Record = dict[str, Any]
PARTS = {
    "phones": "phone",
    "schedules": "schedule",
    "languages": "language",
    "funding": "funding",
    "service_areas": "service_area",
    "cost_options": "cost_option",
    "required_documents": "required_document",
    "contacts": "contact",
    "additional_urls": "url",
    "capacities": "service_capacity",
    "service_at_locations": "service_at_location",
    "attributes": "attribute",
}
ORGANIZATION_PARTS = {
    "funding": "funding",
    "contacts": "contact",
    "phones": "phone",
    "organization_identifiers": "organization_identifier",
    "additional_websites": "url",
    "programs": "program",
}
LOCATION_PARTS = {
    "languages": "language",
    "addresses": "address",
    "contacts": "contact",
    "accessibility": "accessibility",
    "phones": "phone",
    "schedules": "schedule",
}
AT_PARTS = {
    "service_areas": "service_area",
    "contacts": "contact",
    "phones": "phone",
    "schedules": "schedule",
}
SIMPLE = {"unit", "meta_table_description"}


GUESSED = frozenset({"organization_id"})


@dataclass(frozen=True)
class Owner:
    """Who a place belongs to: told by the file, or taken from the service that is given there."""

    organization_id: UUID | None = None
    level: int = Visibility.PUBLIC
    initial: frozenset[str] = frozenset()


NOBODY = Owner()


class Flattener:
    """Makes entries of the records of one file; each organization, place and service becomes one."""

    def __init__(self, notes: Notes, source: str) -> None:
        self.notes = notes
        self.links = Links(notes)
        self.filing = Filing(notes, source, self.links)
        self._seen: set[str] = set()

    def entries(self, line: int, record: Record) -> Iterator[Entry]:
        """Yield the entries of one record of the file. Raises RowRefused for one that makes no sense."""
        kind = kind_of(record)
        if kind == "service":
            yield from self._service(line, record)
        elif kind == "organization":
            yield from self._organization(line, record, counted=record.get("_counted", True))
        elif kind == "service_at_location":
            yield from self._service_at_location(line, record)
        elif kind == "location":
            yield from self._location(line, record, counted=True)
        elif kind in {"taxonomy", "taxonomy_term"}:
            counted = "_table" not in record  # in a package they only serve the services
            yield from self._fresh(self.filing.entries(kind, line, record, counted=counted))
        elif kind in SIMPLE:
            yield from self._simple(kind, line, record)
        else:
            raise RowRefused(Why.UNKNOWN_RECORD)

    def mentioned(self, record: Record) -> set[str]:
        """Return the key of a record that could not be taken, so that it does not count as gone."""
        kind = kind_of(record)
        try:
            return {f"{kind}:{row_id(kind, record.get('id'), Notes())}"}
        except RowRefused:
            return set()

    def tie_up(self, *, dry_run: bool) -> None:
        """Set the parents of organizations and terms, which may stand after their children."""
        self.links.tie_up(dry_run=dry_run)

    def _fresh(self, entries: Iterator[Entry]) -> Iterator[Entry]:
        for entry in entries:
            if entry.key not in self._seen:
                self._seen.add(entry.key)
                yield entry

    def _simple(self, kind: str, line: int, record: Record) -> Iterator[Entry]:
        rows = Rows(self.notes, line)
        made = rows.add(kind, record)
        entry = _entry(f"{kind}:{made}", line, record, Content(rows.all()), counted=False)
        yield from self._fresh(iter([entry]))

    def _organization(self, line: int, record: Record, *, counted: bool) -> Iterator[Entry]:
        rows = Rows(self.notes, line)
        made = rows.add("organization", record, level=confidential.level(record), **sample(record))
        key = f"organization:{made}"
        if key not in self._seen:
            self._seen.add(key)
            self.links.parent("organization", made, record.get("parent_organization_id"))
            self._children(rows, record, ORGANIZATION_PARTS, organization_id=made)
            yield from self._filed(rows, record, made, "organization", line)
            yield _entry(key, line, record, Content(rows.all()), counted=counted)
        for location in dicts(record.get("locations")):
            of = Owner(made, confidential.level(record))
            yield from self._tolerant(self._location(line, location, of=of), line)
        for service in dicts(record.get("services")):
            yield from self._tolerant(self._service(line, service, organization_id=made), line)

    def _tolerant(self, entries: Iterator[Entry], line: int) -> Iterator[Entry]:
        """A part that makes no sense does not take the whole record with it."""
        try:
            yield from entries
        except RowRefused as refused:
            self.notes.refuse(line, refused.why, refused.detail)

    def _location(
        self, line: int, record: Record, *, of: Owner = NOBODY, counted: bool = False
    ) -> Iterator[Entry]:
        """Yield a place. One that is only told inside something confidential is confidential, too."""
        made = row_id("location", record.get("id"), self.notes)
        key = f"location:{made}"
        if key in self._seen:
            return
        rows = Rows(self.notes, line)
        addresses = dicts(record.get("addresses"))
        level = max(of.level, *(confidential.level(found) for found in (record, *addresses)))
        values = rows.look("location", record) | whereabouts(record, addresses, self.notes)
        if of.organization_id is not None:
            values["organization_id"] = of.organization_id
        rows.put("location", made, values, level, of.initial)
        self._seen.add(key)
        self._children(rows, record, LOCATION_PARTS, location_id=made)
        yield from self._filed(rows, record, made, "location", line)
        yield _entry(key, line, record, Content(rows.all()), counted=counted)

    def _service(self, line: int, record: Record, *, organization_id: UUID | None = None) -> Iterator[Entry]:
        made = row_id("service", record.get("id"), self.notes)
        key = f"service:{made}"
        if key in self._seen:
            raise RowRefused(Why.SAME_ID, str(made))
        rows = Rows(self.notes, line)
        checked = rows.look("service", record)
        owner = organization_id
        if owner is None:
            owner = yield from self._owner(line, record)
        values: Record = {"organization_id": owner} | self._program(rows, record, owner)
        locations = [as_dict(at.get("location")) for at in dicts(record.get("service_at_locations"))]
        values |= reach_and_cost(record, locations)
        check_ages(checked.get("minimum_age"), checked.get("maximum_age"))
        level = confidential.level(record)
        rows.put("service", made, {"status": "active"} | checked | values, level)
        self._seen.add(key)
        self._children(rows, record, PARTS, service_id=made)
        of = Owner(owner, max(level, confidential.level(as_dict(record.get("organization")))), GUESSED)
        for at in dicts(record.get("service_at_locations")):
            yield from self._at(rows, at, made, of, line)
        yield from self._filed(rows, record, made, "service", line)
        yield self._service_entry(key, line, record, rows, made)

    def _service_entry(self, key: str, line: int, record: Record, rows: Rows, made: UUID) -> Entry:
        meaning, codes = self.filing.meaning(record)
        for term in meaning.terms:
            rows.keep(attribute(made, term_row(term)))
        parts = frozenset(table for name, table in PARTS.items() if name in record)
        return _entry(
            key,
            line,
            record,
            Content(rows.all(), meaning.facts, parts, meaning.days),
            service_id=made,
            codes=codes,
            state=state_of(record),
            observed_on=observed_on(record),
        )

    def _owner(self, line: int, record: Record) -> Generator[Entry, None, UUID]:
        organization = record.get("organization")
        if isinstance(organization, dict):
            yield from self._organization(line, organization, counted=False)
            return row_id("organization", organization.get("id"), Notes())
        given = record.get("organization_id")
        owner = row_id("organization", given, Notes()) if given else None
        if owner is None or not self.links.exists("organization", owner, seen=self._seen):
            raise RowRefused(Why.NO_ORGANIZATION)
        return owner

    def _program(self, rows: Rows, record: Record, organization_id: UUID) -> Record:
        program = record.get("program")
        if not isinstance(program, dict):
            return {}
        made = rows.try_add("program", program, organization_id=organization_id)
        return {"program_id": made} if made else {}

    def _at(self, rows: Rows, at: Record, service_id: UUID, of: Owner, line: int) -> Iterator[Entry]:
        """Add a service at a location, with its place when the record brings it along."""
        location = at.get("location")
        if isinstance(location, dict):
            yield from self._tolerant(self._location(line, location, of=of), line)
        given = location.get("id") if isinstance(location, dict) else at.get("location_id")
        place = row_id("location", given, Notes()) if given else None
        if place is None or not self.links.exists("location", place, seen=self._seen):
            self.notes.refuse(line, Why.BELONGS_TO_NOTHING, "service_at_location")
            return
        level = confidential.level(at)
        made = rows.try_add("service_at_location", at, level, service_id=service_id, location_id=place)
        if made:
            self._children(rows, at, AT_PARTS, service_at_location_id=made)
            yield from self._filed(rows, at, made, "service_at_location", line)

    def _service_at_location(self, line: int, record: Record) -> Iterator[Entry]:
        """Read a service at a location on its own: the service is told without its other places."""
        service = record.get("service")
        if not isinstance(service, dict):
            raise RowRefused(Why.UNKNOWN_RECORD, "service_at_location")
        at = {name: value for name, value in record.items() if name != "service"}
        whole = service | {"service_at_locations": [at]}
        for entry in self._service(line, whole):
            entry.content.parts -= {"service_at_location"}
            yield entry

    def _children(self, rows: Rows, record: Record, parts: dict[str, str], **owner: UUID) -> None:
        for name, table in parts.items():
            if table in {"attribute", "service_at_location"}:
                continue
            for child in dicts(record.get(name)):
                made = rows.try_add(table, child, confidential.level(child), **owner)
                if made and table in {"contact", "phone"}:
                    nested = {"phones": "phone"} if table == "contact" else {"languages": "language"}
                    self._children(rows, child, nested, **{f"{table}_id": made})

    def _filed(self, rows: Rows, record: Record, made: UUID, entity: str, line: int) -> Iterator[Entry]:
        yield from self._fresh(self.filing.attributes(rows, record, made, entity, line))
        self.filing.metadata(rows, record, made, entity)


def kind_of(record: Record) -> str:
    """Return what a record is, from the properties that only its kind has; "" for none of HSDS."""
    if "_table" in record:
        return str(record["_table"])
    names = record.keys()
    if "openapi_url" in names or "id" not in names:
        return ""
    for kind, telling in (
        ("service_at_location", {"location", "location_id"}),
        ("service", {"status", "organization", "organization_id", "service_at_locations", "program"}),
        ("location", {"location_type", "latitude", "addresses"}),
        ("taxonomy_term", {"taxonomy_detail", "taxonomy", "code", "taxonomy_id"}),
        ("taxonomy", {"version", "taxonomy_terms"}),
    ):
        if telling & names:
            return kind
    return "organization" if "name" in names else ""


def _entry(key: str, line: int, record: Record, content: Content, **more: Any) -> Entry:
    return Entry(key=key, line=line, digest=digest(_bare(record)), make=lambda: content, **more)


def _bare(value: Any) -> Any:
    """Return a record without what is a record of its own, and without our own notes on it."""
    if isinstance(value, list):
        return [_bare(found) for found in value]
    if not isinstance(value, dict):
        return value
    return {
        name: as_dict(found).get("id") if name in {"organization", "location"} else _bare(found)
        for name, found in value.items()
        if not name.startswith("_") and name not in {"locations", "services"}
    }
