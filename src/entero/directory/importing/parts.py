"""Removes the parts of a service that its newest record no longer has."""

from collections.abc import Iterable
from uuid import UUID

from entero.directory.importing.entries import Entry
from entero.directory.importing.people import Edits
from entero.directory.importing.shapes import TABLES

OWNER = {"attribute": "link_id"}


def remove_vanished(entries: Iterable[Entry], edits: Edits) -> None:
    """Delete rows of the named parts that the entries lack, unless a person has touched them."""
    of_service = {entry.service_id: entry for entry in entries if entry.service_id and entry.parts}
    if not of_service:
        return
    brought = {row.id for entry in of_service.values() for row in entry.rows}
    for table in sorted({table for entry in of_service.values() for table in entry.parts}):
        owners = [pk for pk, entry in of_service.items() if table in entry.parts]
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
        TABLES[table].objects.filter(pk__in=vanished[start : start + 500]).delete()
