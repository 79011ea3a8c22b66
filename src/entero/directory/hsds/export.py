"""Writes all that is public to disk: HSDS 3.1 as JSON, or as a package of tables."""

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

from entero.directory.hsds import descriptor, facts, records, shapes, tables, tabular
from entero.directory.hsds.landing import TargetRefused, landing, single_file
from entero.directory.hsds.paging import text
from entero.directory.hsds.shapes import Shape

__all__ = ["Format", "TargetRefused", "export"]


class Format(StrEnum):
    """What an export is made of."""

    HSDS_JSON = "hsds-json"
    HSDS_DATAPACKAGE = "hsds-datapackage"


FEEDS = {
    "services.json": shapes.SERVICE_FULL,
    "organizations.json": shapes.ORGANIZATION_FULL,
    "taxonomies.json": shapes.TAXONOMY,
    "taxonomy_terms.json": shapes.TAXONOMY_TERM,
}


def export(target: Path, format: Format) -> int:  # noqa: A002
    """Write the export and return its number of services; ``target`` is replaced only once all is written.

    JSON goes to one file of whole services, or to a zip or folder with organizations and taxonomies,
    too; a package of tables goes to a zip or a folder. Raises TargetRefused.
    """
    if target.suffix.lower() == ".json":
        if format is not Format.HSDS_JSON:
            raise TargetRefused("A package of tables is a folder or a file that ends in .zip.")
        with single_file(target) as file:
            return _write_feed(file, shapes.SERVICE_FULL)
    if format is Format.HSDS_JSON:
        return _write_feeds(target)
    return _write_package(target)


def _write_feeds(target: Path) -> int:
    counts: dict[str, int] = {}
    with landing(target, FEEDS) as place:
        for name, shape in FEEDS.items():
            with place.file(name) as file:
                counts[name] = _write_feed(file, shape)
    return counts["services.json"]


def _write_feed(file: TextIO, shape: Shape) -> int:
    """Write one page that holds everything; what is counted comes last, so that nothing is held."""
    count = 0
    file.write('{"contents":[')
    for count, line in enumerate(_lines(shape), start=1):
        file.write(line if count == 1 else f",\n{line}")
    page = {
        "total_items": count,
        "total_pages": min(count, 1),
        "page_number": 1,
        "size": count,
        "first_page": True,
        "last_page": True,
        "empty": count == 0,
    }
    file.write(f"],{text(page)[1:]}\n")
    return count


def _lines(shape: Shape) -> Iterator[str]:
    return map(text, records.records(shape, records.readable(shape)))


def _write_package(target: Path) -> int:
    names = {descriptor.PATH, tabular.ACCEPTANCE_PATH, *(table.path for table in tables.TABLES)}
    with landing(target, names) as place:
        count = tabular.write_tables(place)
        described: dict[str, Any] = descriptor.descriptor(facts.cited())
        with place.file(descriptor.PATH) as file:
            json.dump(described, file, ensure_ascii=False, indent=2)
    return count
