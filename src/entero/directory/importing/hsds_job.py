"""Reads HSDS, as JSON or as a data package, and ties up what only the end of a file can tell."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from entero.directory.importing import sources
from entero.directory.importing.entries import Entry
from entero.directory.importing.hsds_entries import Flattener
from entero.directory.importing.reading.feeds import Feed
from entero.directory.importing.reading.files import Format, Looked
from entero.directory.importing.reading.packages import Package
from entero.directory.importing.reading.problems import Notes, RowRefused
from entero.directory.importing.sources import Origin


@dataclass
class HsdsJob:
    """Reads records of HSDS one by one."""

    reader: Feed | Package
    notes: Notes
    origin: Origin
    flattener: Flattener
    total: int = 0
    mentioned: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, looked: Looked, slug: str, notes: Notes) -> "HsdsJob":
        is_package = looked.format is Format.HSDS_TABULAR
        reader = Package(looked, notes) if is_package else Feed(looked)
        origin = sources.of_feed(looked.path.name.split(".")[0] or "feed", slug)
        return cls(reader, notes, origin, Flattener(notes, origin.slug))

    @property
    def whole(self) -> bool:
        return self.reader.whole

    def entries(self) -> Iterator[Entry]:
        for line, record in self.reader.records():
            self.total = getattr(self.reader, "total", 0)
            try:
                yield from self.flattener.entries(line, record)
            except RowRefused as refused:
                self.notes.refuse(line, refused.why, refused.detail)
                self.mentioned |= self.flattener.mentioned(record)

    def finish(self, *, dry_run: bool) -> None:
        self.flattener.tie_up(dry_run=dry_run)
