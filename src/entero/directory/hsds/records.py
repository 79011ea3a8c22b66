"""HSDS 3.1 records out of the directory: whole, or as in lists."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from entero.directory.hsds import facts, shapes, tables
from entero.directory.hsds.columns import Table
from entero.directory.hsds.pool import Pool
from entero.directory.hsds.rows import hides, without_point, written
from entero.directory.hsds.shapes import Many, Parts, Shape
from entero.directory.models import Attribute, Visibility

Record = dict[str, Any]

CHUNK = 200
"""How many records are read at once."""

UNDESCRIBED = {tables.ATTRIBUTE, tables.TAXONOMY_TERM, tables.TAXONOMY}
"""What describes others is not described itself, or there would be no end."""


def record(shape: Shape, row_id: UUID, level: Visibility = Visibility.PUBLIC) -> Record | None:
    """Return one record, or None when it is not there at this level."""
    return next(records(shape, readable(shape, level).filter(id=row_id), level), None)


def service(service_id: UUID, level: Visibility = Visibility.PUBLIC) -> Record | None:
    """Return one whole service, or None when it is not there at this level."""
    return record(shapes.SERVICE_FULL, service_id, level)


def services(level: Visibility = Visibility.PUBLIC) -> Iterator[Record]:
    """Yield every whole service, a chunk at a time."""
    return records(shapes.SERVICE_FULL, readable(shapes.SERVICE_FULL, level), level)


def organizations(level: Visibility = Visibility.PUBLIC) -> Iterator[Record]:
    """Yield every whole organization, a chunk at a time."""
    return records(shapes.ORGANIZATION_FULL, readable(shapes.ORGANIZATION_FULL, level), level)


def readable(shape: Shape, level: Visibility = Visibility.PUBLIC) -> QuerySet[Any]:
    """Return the rows of a shape that may be seen and can be written."""
    rows: QuerySet[Any] = shape.table.model.objects.visible_to(level)
    unwritable = [name for part in shape.parts if _demands(part) for name in (part.by, f"{part.by}_id")]
    return rows.exclude(hidden_fields__has_any_keys=["id", *unwritable]).select_related(*shape.table.related)


def _demands(part: Many | shapes.One) -> bool:
    return isinstance(part, shapes.One) and part.required


def records(shape: Shape, rows: QuerySet[Any], level: Visibility = Visibility.PUBLIC) -> Iterator[Record]:
    """Yield the records of these rows by id, however many there are, never all at once."""
    for chunk in chunks(rows):
        yield from assembled(shape, chunk, level)


def chunks(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """Walk over rows by id, so that rows which come or go meanwhile disturb nothing."""
    rest = rows.order_by("id")
    chunk = list(rest[:CHUNK])
    while chunk:
        yield chunk
        chunk = list(rest.filter(id__gt=chunk[-1].id)[:CHUNK]) if len(chunk) == CHUNK else []


def assembled(shape: Shape, rows: Iterable[Any], level: Visibility = Visibility.PUBLIC) -> list[Record]:
    """Return the records of some rows, in their order, in a number of queries that is always the same."""
    kept = list(rows)
    return _Assembly(shape, kept, level).records(kept)


class _Assembly:
    """Puts the rows of a pool together as a shape says."""

    def __init__(self, shape: Shape, rows: list[Any], level: Visibility) -> None:
        self.shape, self.level = shape, level
        self.pool = Pool(shape, rows, level)
        service_ids = self.pool.service_ids() if shape.described else set()
        self.facts = facts.facts_of(service_ids, level) if service_ids else {}
        self.sources = facts.sources_of(service_ids) if service_ids else {}
        self.terms = facts.population_terms(level) if self.facts else {}
        self._words: dict[tuple[str, UUID], Record | None] = {}

    def records(self, rows: Iterable[Any]) -> list[Record]:
        found = (self._whole(self.shape.table, row, self.shape.parts) for row in rows)
        return [whole for whole in found if whole is not None]

    def _whole(self, table: Table, row: Any, parts: Parts) -> Record | None:
        whole = written(table, row, self.level)
        if whole is None:
            return None
        if row.id in self.pool.secret_places:
            whole = without_point(table, whole)
        for part in parts:
            found = self._many(part, row) if isinstance(part, Many) else self._one(part, row)
            if found:
                whole[part.name] = found
            elif not isinstance(part, Many) and part.required:
                return None
        if self.shape.described and table not in UNDESCRIBED:
            self._describe(table, row, whole)
        return whole

    def _many(self, part: Many, row: Any) -> list[Record]:
        found = (self._whole(part.table, child, part.parts) for child in self.pool.children(part, row.id))
        return [whole for whole in found if whole is not None]

    def _one(self, part: shapes.One, row: Any) -> Record | None:
        target = self.pool.target(part, row)
        if target is None:
            return None
        if part.table not in UNDESCRIBED:
            return self._whole(part.table, target, part.parts)
        key = (part.name, target.id)
        if key not in self._words:
            self._words[key] = self._whole(part.table, target, part.parts)
        return self._words[key]

    def _describe(self, table: Table, row: Any, whole: Record) -> None:
        """Add attributes; a service also gets whom it takes, and the sources to be cited."""
        attributes = map(self._attribute, self.pool.attributes(row.id))
        found = [attribute for attribute in attributes if attribute is not None]
        if table is tables.SERVICE:
            known = self.facts.get(row.id, [])
            found += [
                facts.attribute(row.id, fact, self.terms[fact.claim.population])
                for fact in known
                if fact.claim.population in self.terms
            ]
            if known:
                whole["acceptance"] = [fact.as_property() for fact in known]
            if row.id in self.sources:
                whole["sources"] = self.sources[row.id]
        if found:
            whole["attributes"] = found

    def _attribute(self, attribute: Attribute) -> Record | None:
        if any(hides(attribute, name, self.level) for name in ("link_id", "link_entity")):
            return None
        return self._whole(tables.ATTRIBUTE, attribute, shapes.ATTRIBUTE_PARTS)
