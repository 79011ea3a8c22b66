"""The directory as tables: one CSV for each table of HSDS, and a descriptor of them."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, TextIO
from uuid import UUID

from entero.directory.hsds import facts, tables
from entero.directory.hsds.columns import Column, Kind, Table
from entero.directory.hsds.landing import Landing
from entero.directory.hsds.records import chunks
from entero.directory.hsds.rows import secret_places, without_point, written
from entero.directory.models import Service, Visibility

Row = dict[str, Any]

ACCEPTANCE_PATH = "acceptance.csv"
ACCEPTANCE_COLUMNS = (
    Column("service_id", Kind.LINK, required=True, field="service"),
    Column("population", required=True),
    Column("answer", required=True, choices=("yes", "no")),
    Column("source", required=True),
    Column("source_name"),
    Column("observed_on", Kind.DATE, required=True),
    Column("checked", Kind.FLAG, required=True),
)
RUNS = re.compile(r"[=@\t\r]|[+-](?![0-9 ().+-]*$)")
"""Begins a formula in a spreadsheet. A signed number or a telephone number only ever becomes a number."""


def write_tables(landing: Landing, level: Visibility = Visibility.PUBLIC) -> int:
    """Write every table and return the number of services."""
    writer = _Tables(level)
    counts: dict[str, int] = {}
    for table in tables.TABLES:
        with landing.file(table.path) as file:
            counts[table.name] = _write(file, table.columns, writer.rows(table))
    with landing.file(ACCEPTANCE_PATH) as file:
        _write(file, ACCEPTANCE_COLUMNS, writer.acceptance())
    return counts[tables.SERVICE.name]


def _write(file: TextIO, columns: tuple[Column, ...], rows: Iterator[Row]) -> int:
    lines = csv.writer(file)
    lines.writerow(column.name for column in columns)
    count = 0
    for row in rows:
        lines.writerow(cell(column, row.get(column.name)) for column in columns)
        count += 1
    return count


def cell(column: Column, value: Any) -> str:
    """Return the value as text that no spreadsheet runs: an apostrophe stands before what looks like it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if column.kind is Kind.INSTANT:
        return re.sub(r"\.\d+", "", text)
    return f"'{text}" if column.kind is not Kind.NUMBER and RUNS.match(text) else text


class _Tables:
    """Reads tables in the order of their owners, and leaves out what hangs on a row that was left out."""

    def __init__(self, level: Visibility) -> None:
        self.level = level
        self._left_out: dict[str, set[str]] = defaultdict(set)

    def rows(self, table: Table) -> Iterator[Row]:
        visible = table.model.objects.visible_to(self.level).select_related(*table.related)
        if table is tables.ATTRIBUTE:
            visible = facts.but_acceptance(visible)
        for chunk in chunks(visible):
            secret = (
                secret_places([row.id for row in chunk], self.level) if table is tables.LOCATION else set()
            )
            linked = self._linked(chunk) if table is tables.ATTRIBUTE else None
            for row in chunk:
                found = written(table, row, self.level, owners=True)
                if found is not None and linked is not None and row.link_id not in linked:
                    found = None
                whole = found and self._attached(table, found)
                if not whole:
                    self._left_out[table.name].add(str(row.id))
                    continue
                yield without_point(table, whole) if row.id in secret else whole
        if table is tables.ATTRIBUTE:
            yield from self._acceptance_attributes()

    def acceptance(self) -> Iterator[Row]:
        for service_id, fact in self._facts():
            yield {"service_id": service_id} | fact.as_property()

    def _attached(self, table: Table, row: Row) -> Row | None:
        """Drop links to what was left out; drop the row when it needed one, or belonged to nothing else."""
        links = [column for column in table.columns if column.kind is Kind.LINK and column.name in row]
        gone = [column for column in links if row[column.name] in self._left_out[str(column.field)]]
        for column in gone:
            del row[column.name]
        lost = gone and not any(column.owner and column.name in row for column in links)
        return None if lost or any(column.required for column in gone) else row

    def _linked(self, attributes: list[Any]) -> set[UUID]:
        """Return which of the described rows may be seen."""
        by_table: dict[str, set[UUID]] = defaultdict(set)
        for attribute in attributes:
            by_table[attribute.link_entity].add(attribute.link_id)
        return {
            row_id
            for table in tables.TABLES
            if (ids := by_table.get(table.name)) and table is not tables.ATTRIBUTE
            for row_id in table.model.objects.visible_to(self.level)
            .filter(id__in=ids)
            .values_list("id", flat=True)
            if str(row_id) not in self._left_out[table.name]
        }

    def _facts(self) -> Iterator[tuple[str, facts.Fact]]:
        for chunk in chunks(Service.objects.visible_to(self.level).only("id")):
            known = facts.facts_of([service.id for service in chunk], self.level)
            for service in chunk:
                if str(service.id) not in self._left_out[tables.SERVICE.name]:
                    yield from ((str(service.id), fact) for fact in known.get(service.id, []))

    def _acceptance_attributes(self) -> Iterator[Row]:
        terms = facts.population_terms(self.level)
        for service_id, fact in self._facts():
            if term := terms.get(fact.claim.population):
                whole = facts.attribute(UUID(service_id), fact, term)
                yield whole | {"link_id": service_id, "taxonomy_term_id": term["id"]}
