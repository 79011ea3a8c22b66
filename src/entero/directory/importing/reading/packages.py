"""Reads HSDS tabular data packages, 1.1 and 3.x, and joins their tables into records like HSDS JSON."""

import stat
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from entero.directory.importing.reading import limits, older
from entero.directory.importing.reading.archives import open_archive, open_member
from entero.directory.importing.reading.files import DESCRIPTOR, Looked, Shape, read_small_json
from entero.directory.importing.reading.problems import Notes, Problem, Why
from entero.directory.importing.reading.staging import Record, Staging
from entero.directory.importing.reading.streams import open_bytes
from entero.directory.importing.reading.tables import read_table

OWNERS = {
    "service": ("organization",),
    "program": ("organization",),
    "location": ("organization",),
    "service_at_location": ("service", "location"),
    "contact": ("service", "service_at_location", "location", "organization"),
    "phone": ("service", "service_at_location", "location", "contact", "organization"),
    "address": ("location",),
    "schedule": ("service", "service_at_location", "location"),
    "funding": ("service", "organization"),
    "service_area": ("service", "service_at_location"),
    "required_document": ("service",),
    "language": ("service", "location", "phone"),
    "accessibility": ("location",),
    "cost_option": ("service",),
    "organization_identifier": ("organization",),
    "url": ("service", "organization"),
    "service_capacity": ("service",),
    "eligibility": ("service",),
    "acceptance": ("service",),
}
WITHOUT_ID = {"eligibility", "acceptance"}
ALONE = ("unit", "taxonomy", "taxonomy_term", "meta_table_description")
TABLES = {*OWNERS, *ALONE, "organization", "attribute", "metadata"}
FILED = ("service", "organization", "location", "service_at_location")
"""Rows whose attributes and metadata are kept."""

NEEDS_OWNER = {*OWNERS} - {"location", "service"}
LISTS = {
    "organization": {
        "funding": "funding",
        "contacts": "contact",
        "phones": "phone",
        "programs": "program",
        "organization_identifiers": "organization_identifier",
        "additional_websites": "url",
    },
    "service": {
        "phones": "phone",
        "schedules": "schedule",
        "service_areas": "service_area",
        "languages": "language",
        "funding": "funding",
        "cost_options": "cost_option",
        "required_documents": "required_document",
        "contacts": "contact",
        "additional_urls": "url",
        "capacities": "service_capacity",
        "service_at_locations": "service_at_location",
        "acceptance": "acceptance",
    },
    "service_at_location": {
        "phones": "phone",
        "schedules": "schedule",
        "service_areas": "service_area",
        "contacts": "contact",
    },
    "location": {
        "languages": "language",
        "addresses": "address",
        "contacts": "contact",
        "accessibility": "accessibility",
        "phones": "phone",
        "schedules": "schedule",
    },
    "contact": {"phones": "phone"},
    "phone": {"languages": "language"},
}
"""Names of the lists of each record in HSDS JSON, and the tables they come from."""


@dataclass
class Package:
    """A data package, zipped or as a folder."""

    looked: Looked
    notes: Notes
    name: str = ""
    total: int = 0
    whole: bool = True

    def records(self) -> Iterator[tuple[int, Record]]:
        """Yield (line, record), owners first; an organization counts by itself when it has no service."""
        with ExitStack() as stack:
            folder = stack.enter_context(_open(self.looked))
            staging = stack.enter_context(Staging())
            self._stage(folder, staging)
            self.total = staging.count("service") or staging.count("organization")
            for table in sorted(NEEDS_OWNER):
                for line in staging.lost(table):
                    self.notes.refuse(line, Why.BELONGS_TO_NOTHING, table)
            for table in ("attribute", "metadata"):
                for line in staging.unlinked(table, FILED):
                    self.notes.refuse(line, Why.BELONGS_TO_NOTHING, table)
            yield from _joined(staging)

    def _stage(self, folder: "_Folder", staging: Staging) -> None:
        descriptor = folder.descriptor()
        self.name = str(descriptor.get("name") or "")
        files = _tables(descriptor) if descriptor else folder.known_files()
        if not files:
            raise Problem(Why.UNKNOWN_KIND)
        old = older.is_old(set(files))
        for name, path in files.items():
            if folder.has(path):
                self._stage_table(folder, name, path, staging, old=old)
        if not staging.count("organization") and not staging.count("service"):
            raise Problem(Why.NOTHING_USABLE)

    def _stage_table(
        self,
        folder: "_Folder",
        name: str,
        path: str,
        staging: Staging,
        *,
        old: bool,
    ) -> None:
        lines = read_table(lambda: folder.open(path), self.notes)
        _, header = next(lines, (0, []))
        columns = [column.strip().lower() for column in header]
        doubled = {column for column in columns if columns.count(column) > 1}
        if doubled:
            raise Problem(Why.DOUBLE_COLUMN, f"{path}: {', '.join(sorted(doubled))}"[:80])
        for line, cells in lines:
            row = {column: cell for column, cell in zip(columns, cells, strict=True) if cell != ""}
            for table, newer in older.newer_rows(name, row) if old else [(name, row)]:
                self._stage_row(table, newer, line, staging)

    def _stage_row(self, table: str, row: Record, line: int, staging: Staging) -> None:
        if table not in TABLES:
            return
        row_id = str(row.get("id") or (f"line {line}" if table in WITHOUT_ID else "")).strip()
        if not row_id:
            self.notes.refuse(line, Why.NO_ID, table)
            return
        links = [
            (owner, str(row[f"{owner}_id"])) for owner in OWNERS.get(table, ()) if row.get(f"{owner}_id")
        ]
        if table in {"attribute", "metadata"}:
            links = [("link", str(row.get("link_id") or row.get("resource_id")))]
        if not staging.add(table, row_id, line, row, links):
            self.notes.refuse(line, Why.SAME_ID, f"{table} {row_id}")


def _joined(staging: Staging) -> Iterator[tuple[int, Record]]:
    for table in ("unit", "taxonomy", "meta_table_description"):
        for row in staging.all(table):
            yield row["_line"], row | {"_table": table}
    for term in staging.all("taxonomy_term"):
        yield term["_line"], _with_taxonomy(term, staging) | {"_table": "taxonomy_term"}
    for organization in staging.all("organization"):
        record = _filled("organization", organization, staging)
        record["locations"] = [
            _filled("location", location, staging)
            for location in staging.of("organization", organization["id"], "location")
        ]
        told = not staging.of("organization", organization["id"], "service")
        yield record["_line"], record | {"_table": "organization", "_counted": told}
    for service in staging.all("service"):
        yield service["_line"], _service(service, staging)
    for location in staging.all("location"):
        if not location.get("organization_id"):
            yield location["_line"], _filled("location", location, staging) | {"_table": "location"}


def _service(service: Record, staging: Staging) -> Record:
    record = _filled("service", service, staging)
    for at in record["service_at_locations"]:
        location = staging.get("location", at.get("location_id", ""))
        if location:
            at["location"] = _filled("location", location, staging)
    organization = staging.get("organization", service.get("organization_id", ""))
    if organization:
        record["organization"] = _filled("organization", organization, staging)
    program = staging.get("program", service.get("program_id", ""))
    if program:
        record["program"] = program
    for capacity in record["capacities"]:
        capacity["unit"] = staging.get("unit", capacity.get("unit_id", ""))
    texts = [str(row.get("eligibility") or "") for row in staging.of("service", service["id"], "eligibility")]
    if texts:
        record["eligibility_description"] = "; ".join(filter(None, texts))
    return record | {"_table": "service"}


def _filled(table: str, row: Record, staging: Staging) -> Record:
    record = dict(row)
    for name, child in LISTS.get(table, {}).items():
        record[name] = [_filled(child, found, staging) for found in staging.of(table, row["id"], child)]
    if table in FILED:
        attributes = staging.of("link", row["id"], "attribute")
        record["attributes"] = [_with_term(attribute, staging) for attribute in attributes]
        record["metadata"] = staging.of("link", row["id"], "metadata")
    return record


def _with_term(attribute: Record, staging: Staging) -> Record:
    term = staging.get("taxonomy_term", attribute.get("taxonomy_term_id", ""))
    return attribute | ({"taxonomy_term": _with_taxonomy(term, staging)} if term else {})


def _with_taxonomy(term: Record, staging: Staging) -> Record:
    taxonomy = staging.get("taxonomy", term.get("taxonomy_id", ""))
    return term | ({"taxonomy_detail": taxonomy} if taxonomy else {})


def _tables(descriptor: Record) -> dict[str, str]:
    """Return the file of each table that the descriptor names. Raises Problem for a path that leaves."""
    found: dict[str, str] = {}
    resources = descriptor.get("resources")
    for resource in resources if isinstance(resources, list) else []:
        name, path = (resource.get("name"), resource.get("path")) if isinstance(resource, dict) else (0, 0)
        if not isinstance(name, str) or not isinstance(path, str):
            raise Problem(Why.BROKEN, DESCRIPTOR)
        pure = PurePosixPath(path.replace("\\", "/"))
        if pure.is_absolute() or ".." in pure.parts or ":" in path:
            raise Problem(Why.UNSAFE_ARCHIVE, "a path that leaves the package")
        found[older.table_of(name)] = str(pure)
    return found


def _open(looked: Looked) -> "_Folder":
    return _Zipped(looked.path) if looked.shape is Shape.ARCHIVE else _Plain(looked.path)


class _Folder(ABC):
    """Files by their names inside the package."""

    def __enter__(self) -> "_Folder":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    @abstractmethod
    def names(self) -> list[str]: ...

    @abstractmethod
    def has(self, name: str) -> bool: ...

    @abstractmethod
    def open(self, name: str) -> IO[bytes]: ...

    @abstractmethod
    def close(self) -> None: ...

    def descriptor(self) -> Record:
        if not self.has(DESCRIPTOR):
            return {}
        with self.open(DESCRIPTOR) as stream:
            found = read_small_json(stream.read(limits.FIELD_BYTES * 4))
        if not isinstance(found, dict):
            raise Problem(Why.BROKEN, DESCRIPTOR)
        return found

    def known_files(self) -> dict[str, str]:
        """Return the files that are called as HSDS calls its tables."""
        found = {older.table_of(PurePosixPath(name).stem): name for name in self.names() if "/" not in name}
        return {table: name for table, name in found.items() if table and name.lower().endswith(".csv")}


class _Zipped(_Folder):
    """A zip file, whose files may all lie in one folder."""

    def __init__(self, path: Path) -> None:
        self.archive: zipfile.ZipFile = open_archive(path)
        names = [name for name in self.archive.namelist() if not name.endswith("/")]
        heads = {name.split("/")[0] for name in names}
        one_folder = len(heads) == 1 and all("/" in name for name in names)
        self.prefix = f"{heads.pop()}/" if one_folder else ""
        self.inside = {name.removeprefix(self.prefix) for name in names}

    def names(self) -> list[str]:
        return sorted(self.inside)

    def has(self, name: str) -> bool:
        return name in self.inside

    def open(self, name: str) -> IO[bytes]:
        return open_member(self.archive, self.prefix + name)

    def close(self) -> None:
        self.archive.close()


class _Plain(_Folder):
    """A folder; links that lead out of it are not followed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def names(self) -> list[str]:
        return sorted(entry.name for entry in self.path.iterdir() if entry.is_file())

    def has(self, name: str) -> bool:
        return (self.path / name).exists()

    def open(self, name: str) -> IO[bytes]:
        path = self.path / name
        if not path.resolve().is_relative_to(self.path.resolve()) or not stat.S_ISREG(path.lstat().st_mode):
            raise Problem(Why.UNSAFE_ARCHIVE, "a symbolic link")
        if path.stat().st_size > limits.FILE_BYTES:
            raise Problem(Why.TOO_BIG)
        return open_bytes(path)

    def close(self) -> None:
        pass
