"""All rows that some records need, read with one query for each table however many records there are."""

from collections import defaultdict
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q

from entero.directory.hsds import tables
from entero.directory.hsds.columns import Table
from entero.directory.hsds.facts import but_acceptance
from entero.directory.hsds.rows import hides, secret_places, seen
from entero.directory.hsds.shapes import Many, One, Shape, edges
from entero.directory.models import Attribute, TaxonomyTerm, Visibility

ORDER = (
    tables.ORGANIZATION,
    tables.SERVICE,
    tables.SERVICE_AT_LOCATION,
    tables.LOCATION,
    tables.CONTACT,
    tables.PHONE,
)
"""Rows that others hang on come first."""


class Pool:
    """The rows around some records of one shape, at one level.

    Relations are named as the tables that they point to.
    """

    def __init__(self, shape: Shape, rows: Iterable[Any], level: Visibility) -> None:
        self.level = level
        self._parts = list(edges(shape.parts, shape.table))
        self._children: dict[tuple[str, str, UUID], list[Any]] = defaultdict(list)
        self._ids: dict[str, set[UUID]] = defaultdict(set)
        self._taken: dict[str, set[UUID]] = defaultdict(set)
        self._take(shape.table, rows)
        for table in sorted({part.table for _, part in self._parts}, key=_place_in_order):
            self._read(table)
        places = self._ids[tables.LOCATION.name]
        self.secret_places = secret_places(places, level) if places else set()
        self._attributes = self._read_attributes() if shape.described else {}

    def children(self, part: Many, row_id: UUID) -> list[Any]:
        return self._children.get((part.table.name, part.by, row_id), [])

    def target(self, part: One, row: Any) -> Any | None:
        """Return the row that is pointed to, unless it or the pointing itself is not for this level."""
        found = getattr(row, part.by)
        if found is None or hides(row, part.by, self.level) or not seen(found, self.level):
            return None
        return found

    def attributes(self, row_id: UUID) -> list[Attribute]:
        return self._attributes.get(row_id, [])

    def service_ids(self) -> set[UUID]:
        return self._ids[tables.SERVICE.name]

    def _read(self, table: Table) -> None:
        owners = {part.by for _, part in self._parts if isinstance(part, Many) and part.table is table}
        wanted = [
            Q(**{f"{owner}_id__in": list(ids)}) for owner in sorted(owners) if (ids := self._ids[owner])
        ]
        if not wanted:
            return
        rows = list(
            table.model.objects.visible_to(self.level)
            .filter(reduce(or_, wanted))
            .select_related(*table.related)
            .order_by("id")
        )
        for row in rows:
            for owner in owners:
                if (owner_id := getattr(row, f"{owner}_id")) is not None and not hides(
                    row, owner, self.level
                ):
                    self._children[table.name, owner, owner_id].append(row)
        self._take(table, rows)

    def _take(self, table: Table, rows: Iterable[Any]) -> None:
        """Remember ids, also those of the single rows that these point to."""
        fresh = [row for row in rows if row.id not in self._taken[table.name]]
        self._taken[table.name].update(row.id for row in fresh)
        self._ids[table.name].update(row.id for row in fresh)
        for around, part in self._parts:
            if around is table and isinstance(part, One):
                targets = {found.id: found for row in fresh if (found := self.target(part, row))}
                self._take(part.table, targets.values())

    def _read_attributes(self) -> dict[UUID, list[Attribute]]:
        """Read the attributes of all rows; thousands of them share a few terms, which are read once."""
        ids = [row_id for some in self._ids.values() for row_id in some]
        rows = but_acceptance(Attribute.objects.visible_to(self.level))
        attributes = list(rows.filter(link_id__in=ids).order_by("id"))
        terms = TaxonomyTerm.objects.select_related(*tables.TAXONOMY_TERM.related).in_bulk(
            {attribute.taxonomy_term_id for attribute in attributes}
        )
        found: dict[UUID, list[Attribute]] = defaultdict(list)
        for attribute in attributes:
            if term := terms.get(attribute.taxonomy_term_id):
                attribute.taxonomy_term = term
                found[attribute.link_id].append(attribute)
        return found


def _place_in_order(table: Table) -> tuple[int, str]:
    return (ORDER.index(table) if table in ORDER else len(ORDER), table.name)
