"""Links between records that may stand anywhere in a file, or not in it at all."""

from typing import Any
from uuid import UUID

from entero.directory.importing.reading.problems import Notes, Repair, RowRefused
from entero.directory.importing.rows import row_id
from entero.directory.importing.shapes import TABLES

COLUMNS = {"organization": "parent_organization_id", "taxonomy_term": "parent_id"}


class Links:
    """Remembers parents until all rows are in, and knows which rows there are."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self._parents: dict[str, dict[UUID, UUID]] = {table: {} for table in COLUMNS}
        self._known: dict[tuple[str, UUID], bool] = {}

    def parent(self, table: str, child: UUID, given: Any) -> None:
        """Remember the parent of a row, if the file names one."""
        if not given:
            return
        try:
            parent = row_id(table, given, Notes())
        except RowRefused:
            return
        if parent != child:
            self._parents[table][child] = parent

    def exists(self, table: str, pk: UUID, *, seen: set[str]) -> bool:
        """Say whether a row is in the file so far, or in the database."""
        if f"{table}:{pk}" in seen:
            return True
        if (table, pk) not in self._known:
            self._known[table, pk] = TABLES[table].objects.filter(pk=pk).exists()
        return self._known[table, pk]

    def tie_up(self, *, dry_run: bool) -> None:
        """Set the parents that exist and differ; the others lead to nothing and are noted."""
        for table, parents in self._parents.items():
            column = COLUMNS[table]
            model = TABLES[table]
            wanted = set(parents.values())
            there = set(_existing(table, wanted))
            now = dict(model.objects.filter(**{f"{column}__isnull": False}).values_list("pk", column))
            for child, parent in parents.items():
                if parent not in there and parent not in parents:
                    self.notes.repair(Repair.LOOSE_LINK)
                elif not dry_run and parent in there and now.get(child) != parent:
                    model.objects.filter(pk=child).update(**{column: parent})


def _existing(table: str, wanted: set[UUID]) -> list[UUID]:
    ids = sorted(wanted)
    return [
        pk
        for start in range(0, len(ids), 500)
        for pk in TABLES[table].objects.filter(pk__in=ids[start : start + 500]).values_list("pk", flat=True)
    ]
