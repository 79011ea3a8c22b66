"""Gathers the rows of one record: cleaned, told apart by id, each with all that it belongs to."""

from typing import Any
from uuid import UUID

from entero.directory.importing.cleaning import clean
from entero.directory.importing.entries import Row, name_based
from entero.directory.importing.meaning import language_code
from entero.directory.importing.places import country_code, state_code
from entero.directory.importing.reading.problems import Notes, Repair, RowRefused, Why
from entero.directory.importing.shapes import columns
from entero.directory.models import Visibility

Record = dict[str, Any]
REQUIRED = {
    "organization": ("name",),
    "service": ("name",),
    "program": ("name",),
    "phone": ("number",),
    "url": ("url",),
    "unit": ("name",),
    "taxonomy": ("name",),
    "taxonomy_term": ("code", "name"),
    "organization_identifier": ("identifier_type", "identifier"),
    "service_capacity": ("available", "updated", "unit_id"),
    "metadata": ("last_action_date", "field_name"),
}
FREQUENCIES = {"", "WEEKLY", "MONTHLY"}
TAKEN_ELSEWHERE = {
    "location": {"latitude", "longitude", "time_zone"},
    "service_area": {"state"},
    "service": {"last_modified"},
    "service_capacity": {"population"},
    "phone": {"position"},
}
"""Columns that are worked out or are ours alone, not copied."""


def row_id(table: str, given: Any, notes: Notes) -> UUID:
    """Return the id of a row: the file's own when it is a UUID, else one that its text always gives."""
    text = str(given if given is not None else "").strip()
    if not text or isinstance(given, bool | dict | list):
        raise RowRefused(Why.NO_ID, table)
    try:
        return UUID(text)
    except ValueError:
        notes.repair(Repair.ID)
        return name_based(table, text)


class Rows:
    """The rows of one record."""

    def __init__(self, notes: Notes, line: int) -> None:
        self.notes, self.line = notes, line
        self._rows: dict[tuple[str, UUID], Row] = {}

    def all(self) -> list[Row]:
        return list(self._rows.values())

    def keep(self, row: Row) -> None:
        self._rows.setdefault((row.table, row.id), row)

    def look(self, table: str, record: Record) -> Record:
        """Return the cleaned values of a record. Raises RowRefused."""
        skipped = TAKEN_ELSEWHERE.get(table, set())
        values = {
            name: clean(column, record[name], self.notes)
            for name, column in columns(table).items()
            if name in record and column.kind != "link" and name not in skipped
        }
        for name in [
            name for name, value in values.items() if value is None and not columns(table)[name].null
        ]:
            del values[name]
        if table in FINISHING:
            FINISHING[table](record, values)
        return values

    def add(self, table: str, record: Record, level: int = Visibility.PUBLIC, **more: Any) -> UUID:
        """Add a row and return its id. Raises RowRefused."""
        made = row_id(table, record.get("id"), self.notes)
        values = self.look(table, record) | more
        for name in REQUIRED.get(table, ()):
            if values.get(name) in {None, ""}:
                raise RowRefused(Why.NO_NAME if name == "name" else Why.VALUE, f"{table}.{name}")
        self.put(table, made, values, level)
        return made

    def put(
        self,
        table: str,
        made: UUID,
        values: Record,
        level: int,
        initial: frozenset[str] = frozenset(),
    ) -> None:
        if table in REQUIRED and "name" in REQUIRED[table] and not values.get("name"):
            raise RowRefused(Why.NO_NAME, table)
        known = self._rows.get((table, made))
        if known is None:
            self._rows[table, made] = Row(table, made, values, int(level), initial)
        else:
            known.values.update({name: value for name, value in values.items() if name.endswith("_id")})
            known.visibility = max(known.visibility, int(level))

    def try_add(self, table: str, record: Record, level: int = Visibility.PUBLIC, **more: Any) -> UUID | None:
        """Add a row that others can do without: when it makes no sense, note it and go on."""
        try:
            if table == "service_capacity":
                more["unit_id"] = self._unit(record)
            return self.add(table, record, level, **more)
        except RowRefused as refused:
            self.notes.refuse(self._line_of(record), refused.why, refused.detail or table)
            return None

    def _unit(self, record: Record) -> UUID:
        unit = record.get("unit")
        if not isinstance(unit, dict):
            raise RowRefused(Why.BELONGS_TO_NOTHING, "service_capacity")
        return self.add("unit", unit)

    def _line_of(self, record: Record) -> int:
        line = record.get("_line")
        return line if isinstance(line, int) else self.line


def _finish_address(record: Record, values: Record) -> None:
    values["country"] = country_code(record.get("country"))
    if not any(values.get(name) for name in ("address_1", "city", "postal_code")):
        raise RowRefused(Why.NO_PLACE, "address")


def _finish_area(record: Record, values: Record) -> None:
    values["state"] = state_code(record.get("name")) or state_code(record.get("extent"))


def _finish_language(_record: Record, values: Record) -> None:
    values["code"] = language_code(values.get("code", ""), values.get("name", ""))[:12]


def _finish_schedule(_record: Record, values: Record) -> None:
    values["freq"] = str(values.get("freq", "")).upper()
    if values["freq"] not in FREQUENCIES:
        raise RowRefused(Why.VALUE, f"freq: {values['freq'][:20]}")


FINISHING = {
    "address": _finish_address,
    "service_area": _finish_area,
    "language": _finish_language,
    "schedule": _finish_schedule,
}
