"""Writes many rows at once: new ones whole, known ones only in what the file says of them."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models

from entero.directory.importing.entries import Row
from entero.directory.importing.shapes import TABLES, defaults, fields_of, table_name

Adapt = Callable[[Any], Any] | None
CACHE_KILOBYTES = 96_000
ONCE_BY_CONTENT = {"attribute"}
"""Unique by what they say, whatever their id: a second one of the same content adds nothing."""


@dataclass(frozen=True)
class FactRow:
    """A fact to be written."""

    id: UUID
    service_id: UUID
    population: str
    answer: str
    source_id: int
    observed_on: Any


@contextmanager
def many_pages_in_memory() -> Iterator[None]:
    """Let SQLite keep the pages it changes in memory; rows with random ids touch all of them in turn."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        usual = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = {-CACHE_KILOBYTES:d}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {int(usual):d}")


def write_rows(rows: Iterable[tuple[Row, frozenset[str]]]) -> None:
    """Insert or update rows, each with the names of the columns that must stay as they are.

    A row that exists never becomes more visible than it is.
    """
    groups: dict[tuple[str, tuple[str, ...]], list[Row]] = defaultdict(list)
    for row, kept in rows:
        fixed = kept | row.initial if row.initial else kept
        changing = tuple(name for name in (*row.values, "visibility") if name not in fixed)
        groups[row.table, changing].append(row)
    order = {name: position for position, name in enumerate(TABLES)}
    for (table, changing), group in sorted(groups.items(), key=lambda item: order[item[0][0]]):
        _execute(_statement(table, changing), [_tuple(table, row) for row in group])


def _tuple(table: str, row: Row) -> list[Any]:
    template, places, to_id = _plan(table)
    found = template.copy()
    found[0], found[1] = to_id(row.id), row.visibility
    for name, value in row.values.items():
        place, adapt = places[name]
        found[place] = value if adapt is None or value is None else adapt(value)
    return found


@cache
def _plan(table: str) -> tuple[list[Any], dict[str, tuple[int, Adapt]], Callable[[Any], Any]]:
    """Return a row as it is when a file says nothing, where each column stands, and what adapts it."""
    template: list[Any] = [None, 0]
    places: dict[str, tuple[int, Adapt]] = {}
    adapters = {field.attname: adapter(field) for field in fields_of(table)}
    for name, default in defaults(table).items():
        adapt = adapters[name]
        places[name] = (len(template), adapt)
        template.append(default if adapt is None or default is None else adapt(default))
    return template, places, _adapt_id()


def adapter(field: models.Field[Any, Any]) -> Adapt:
    """Return what turns a Python value into what the database driver wants; None when nothing does."""
    target: Any = getattr(field, "target_field", field)
    if isinstance(target, models.UUIDField):
        return _adapt_id()
    if isinstance(target, models.JSONField):
        return _adapt_json(target)
    if isinstance(target, models.CharField | models.TextField | models.IntegerField | models.FloatField):
        return None
    return lambda value: target.get_db_prep_save(value, connection)


def _adapt_json(field: Any) -> Callable[[Any], Any]:
    if connection.vendor == "sqlite":
        return json.dumps
    return lambda value: field.get_db_prep_save(value, connection)


def _adapt_id() -> Callable[[Any], Any]:
    return _as_it_is if connection.features.has_native_uuid_field else _hex


def _hex(value: UUID) -> str:
    return value.hex


def _as_it_is(value: Any) -> Any:
    return value


@cache
def _statement(table: str, changing: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    name = table_name(table)
    names = ["id", "visibility", *defaults(table)]
    head = _insert(name, names)
    if table in ONCE_BY_CONTENT:
        return f"{head} ON CONFLICT DO NOTHING"
    sets = [f"{quote(name)} = excluded.{quote(name)}" for name in changing if name != "visibility"]
    if "visibility" in changing:
        old, new = f"{quote(name)}.visibility", "excluded.visibility"
        sets.append(f"visibility = CASE WHEN {new} > {old} THEN {new} ELSE {old} END")
    return f"{head} ON CONFLICT (id) DO " + (f"UPDATE SET {', '.join(sets)}" if sets else "NOTHING")


def _insert(table: str, names: Sequence[str]) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(map(quote, names))
    places = ", ".join(["%s"] * len(names))
    # The names are those of our own models; every value is a parameter.
    return f"INSERT INTO {quote(table)} ({columns}) VALUES ({places})"  # noqa: S608


FACT_COLUMNS = (
    "id",
    "visibility",
    "hidden_fields",
    "service_id",
    "population",
    "answer",
    "source_id",
    "observed_on",
    "note",
)


def write_facts(facts: Iterable[FactRow]) -> None:
    """Insert facts, or correct the answer of the same day and source, unless somebody has checked it."""
    table = connection.ops.quote_name(table_name("acceptance_fact"))
    statement = (
        _insert(table_name("acceptance_fact"), FACT_COLUMNS)
        + " ON CONFLICT (service_id, population, source_id, observed_on)"
        + f" DO UPDATE SET answer = excluded.answer WHERE {table}.checked_by_id IS NULL"
    )
    template, places, to_id = _plan("acceptance_fact")
    nothing = template[places["hidden_fields"][0]]
    to_day = places["observed_on"][1] or _as_it_is
    _execute(
        statement,
        [
            (
                to_id(fact.id),
                0,
                nothing,
                to_id(fact.service_id),
                fact.population,
                fact.answer,
                fact.source_id,
                to_day(fact.observed_on),
                "",
            )
            for fact in facts
        ],
    )


def _execute(statement: str, rows: Sequence[Sequence[Any]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)
