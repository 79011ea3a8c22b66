"""What a source has brought before, and which of several sources writes a service."""

from collections.abc import Iterable
from datetime import date
from enum import Enum
from uuid import UUID

from entero.directory.importing.entries import Entry
from entero.directory.importing.shapes import TABLES
from entero.directory.models import Source, SourceRecord

NOT_WRITTEN = "-"
"""Stands before the digest of a record whose rows belong to somebody else."""


class Known(Enum):
    """How a record of a file stands to what was brought before."""

    NEW = 1
    CHANGED = 2
    SAME = 3


class Holding:
    """The records of one source."""

    def __init__(self, source: Source, today: date) -> None:
        self.source, self.today = source, today
        self._digests: dict[str, str] = {}
        self._gone: set[str] = set()
        if source.pk:
            self._read()

    def _read(self) -> None:
        rows = SourceRecord.objects.filter(source=self.source)
        for key, digest, gone_on in rows.values_list("key", "digest", "gone_on").iterator():
            self._digests[key] = digest
            if gone_on:
                self._gone.add(key)

    def known(self, entry: Entry) -> Known:
        digest = self._digests.get(entry.key)
        if digest is None:
            return Known.NEW
        same = digest.removeprefix(NOT_WRITTEN) == entry.digest and entry.key not in self._gone
        return Known.SAME if same else Known.CHANGED

    def count(self, kinds: set[str]) -> int:
        return sum(key.split(":", 1)[0] in kinds for key in self._digests.keys() - self._gone)

    def missing(self, seen: set[str], kinds: set[str]) -> list[str]:
        """Return the keys of these kinds that the source held until now and a file lacks."""
        return sorted(
            key for key in self._digests.keys() - self._gone - seen if key.split(":", 1)[0] in kinds
        )

    def writable(self, changing: list[tuple[Entry, Known]]) -> set[str]:
        """Return the keys of the entries whose rows this source may write; remember the others."""
        others = self._others([entry for entry, _ in changing])
        foreign = self._foreign([entry for entry, _ in changing if not self._wrote(entry)], others)
        mine = (self.source.trust, self.source.observed_on or self.today)
        allowed = {
            entry.key
            for entry, _ in changing
            if entry.key not in foreign and max(others.get(_holder(entry), [mine])) <= mine
        }
        for entry, _ in changing:
            if entry.key not in allowed:
                entry.digest = NOT_WRITTEN + entry.digest
        return allowed

    def _wrote(self, entry: Entry) -> bool:
        return not self._digests.get(entry.key, NOT_WRITTEN).startswith(NOT_WRITTEN)

    def _others(self, entries: list[Entry]) -> dict[UUID | str, list[tuple[int, date]]]:
        """Return the trust and day of each other source that holds the same service or row."""
        live = SourceRecord.objects.exclude(source=self.source).filter(gone_on__isnull=True)
        services = [entry.service_id for entry in entries if entry.service_id]
        keys = [entry.key for entry in entries if not entry.service_id]
        found: dict[UUID | str, list[tuple[int, date]]] = {}
        columns = ("source__trust", "source__observed_on", "last_seen")
        for column, wanted in (("service_id", services), ("key", keys)):
            if wanted:
                for holder, trust, day, seen in live.filter(**{f"{column}__in": wanted}).values_list(
                    column, *columns
                ):
                    found.setdefault(holder, []).append((trust, day or seen))
        return found

    def _foreign(self, entries: list[Entry], others: dict[UUID | str, list[tuple[int, date]]]) -> set[str]:
        """Return the keys of the entries whose row exists though no import has brought it."""
        by_table: dict[str, dict[UUID, str]] = {}
        for entry in entries:
            if _holder(entry) not in others:
                table, row_id = _main_row(entry)
                by_table.setdefault(table, {})[row_id] = entry.key
        return {
            keys[row_id]
            for table, keys in by_table.items()
            for row_id in TABLES[table].objects.filter(pk__in=list(keys)).values_list("pk", flat=True)
        }

    def save(self, entries: Iterable[Entry]) -> None:
        """Write the records of entries that are new or have changed."""
        rows = [
            SourceRecord(
                source=self.source,
                key=entry.key,
                service_id=entry.service_id,
                codes=entry.codes,
                state=entry.state,
                digest=entry.digest,
                first_seen=self.today,
                last_seen=self.today,
            )
            for entry in entries
        ]
        SourceRecord.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["source", "key"],
            update_fields=["service", "codes", "state", "digest", "last_seen", "gone_on"],
        )

    def see(self, keys: set[str]) -> None:
        """Stamp the records that were in the file today."""
        stale = SourceRecord.objects.filter(source=self.source, last_seen__lt=self.today)
        old = [pk for pk, key in stale.values_list("pk", "key") if key in keys]
        for start in range(0, len(old), 1000):
            SourceRecord.objects.filter(pk__in=old[start : start + 1000]).update(last_seen=self.today)


def _holder(entry: Entry) -> UUID | str:
    return entry.service_id or entry.key


def _main_row(entry: Entry) -> tuple[str, UUID]:
    if entry.service_id is not None:
        return "service", entry.service_id
    return entry.kind, UUID(entry.key.split(":", 1)[1])
