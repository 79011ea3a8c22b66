"""What people of our staff have edited by hand: imports leave it alone.

A person's edit has a note with a random id; notes that came in a file have a name-based one.
"""

from collections import defaultdict
from uuid import UUID

from entero.directory.importing.entries import Entry, Row
from entero.directory.models import Metadata

NAME_BASED = 5
WHOLE_PARTS = {"schedules": "schedule"}
"""Parts of a service that are edited as a whole, by the name of the note on the service."""


class Edits:
    """All edits by people, read once."""

    def __init__(self) -> None:
        self._fields: dict[UUID, set[str]] = defaultdict(set)
        self._deleted: set[UUID] = set()
        columns = ("id", "resource_id", "field_name", "last_action_type")
        for pk, row_id, name, kind in Metadata.objects.values_list(*columns).iterator():
            if pk.version != NAME_BASED:
                self._fields[row_id].add(name)
                if kind == "delete":
                    self._deleted.add(row_id)

    def fields(self, row_id: UUID) -> frozenset[str]:
        """Return the columns of a row that a person has set."""
        return frozenset(self._fields[row_id]) if row_id in self._fields else frozenset()

    def touched(self, row_id: UUID) -> bool:
        return row_id in self._fields

    def keeps_out(self, entry: Entry, row: Row) -> bool:
        """Say whether a person removed the row, or edits its whole part by hand."""
        if row.id in self._deleted:
            return True
        return entry.service_id is not None and self.owns_part(entry.service_id, row.table)

    def owns_part(self, service_id: UUID, table: str) -> bool:
        if service_id not in self._fields:
            return False
        return any(WHOLE_PARTS.get(name) == table for name in self.fields(service_id))
