"""Removes the parts of a service that its newest record no longer has."""

from collections.abc import Iterable
from uuid import UUID

from entero.directory.importing.entries import Entry
from entero.directory.importing.people import Edits
from entero.directory.importing.shapes import TABLES, columns

OWNER = {"attribute": "link_id"}
SHARED = {"contact", "phone", "schedule", "language", "funding", "url"}
"""One row of these may belong to a service and to something else: then it only leaves the service."""


def remove_vanished(entries: Iterable[Entry], edits: Edits) -> None:
    """Delete rows of the named parts that the entries lack, unless a person has touched them."""
    of_service = {entry.service_id: entry for entry in entries if entry.service_id and entry.content.parts}
    if not of_service:
        return
    brought = {row.id for entry in of_service.values() for row in entry.content.rows}
    for table in sorted({table for entry in of_service.values() for table in entry.content.parts}):
        owners = [pk for pk, entry in of_service.items() if table in entry.content.parts]
        _remove(table, owners, brought, edits)


def _remove(table: str, owners: list[UUID], brought: set[UUID], edits: Edits) -> None:
    column = OWNER.get(table, "service_id")
    rows = TABLES[table].objects.filter(**{f"{column}__in": owners})
    if table == "service_capacity":
        rows = rows.filter(population="")  # room for one group is only ever told to us by hand
    vanished = [
        pk
        for pk, owner in rows.values_list("id", column)
        if pk not in brought and not edits.touched(pk) and not edits.owns_part(owner, table)
    ]
    for start in range(0, len(vanished), 500):
        chosen = TABLES[table].objects.filter(pk__in=vanished[start : start + 500])
        for other in _other_owners(table):
            chosen.filter(**{f"{other}__isnull": False}).update(service_id=None)
        chosen.filter(**{f"{column}__isnull": False}).delete()


def _other_owners(table: str) -> list[str]:
    """Return the columns by which a row can also belong to something else than the service."""
    owned_by = {f"{name}_id" for name in ("organization", "location", "contact", "phone")}
    return [name for name in columns(table) if name in owned_by] if table in SHARED else []
