"""Brings the entries of one file into the tables, in the caller's transaction.

Whose word counts for a service, its places and its parts (facts have a rule of their own):

- What a person of our staff has edited stays, field by field; what they added is not removed, what
  they removed does not come back.
- A row that no import brought belongs to our staff: an import adds facts to it, nothing else.
- Of several sources that hold the same service, the most trusted writes; among equals the newest.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from uuid import UUID

from django.utils import timezone

from entero.directory.importing.entries import Entry, Row, part_of
from entero.directory.importing.holding import Holding, Known
from entero.directory.importing.parts import remove_vanished
from entero.directory.importing.people import Edits
from entero.directory.importing.reading.problems import Problem, Why
from entero.directory.importing.upsert import FactRow, write_facts, write_rows
from entero.directory.models import AcceptanceFact, Service, ServiceStatus, Source, SourceRecord

BATCH = 400
MANY = 100
"""A source with fewer records than this may lose most of them at once."""


@dataclass
class Summary:
    """What came of a file, counted by its records."""

    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    seen_kinds: set[str] = field(default_factory=set)

    @property
    def taken(self) -> int:
        return self.new + self.changed + self.same


class Writer:
    """Writes entries in batches; a dry run looks and counts but writes nothing."""

    def __init__(self, source: Source, *, dry_run: bool) -> None:
        self.source, self.dry_run = source, dry_run
        self.now = timezone.now()
        self.today = timezone.localdate()
        self.summary = Summary()
        self.has_written = False
        self._holding = Holding(source, self.today)
        self._edits = Edits()
        self._seen: set[str] = set()
        self._shared: set[UUID] = set()

    def write(self, entries: Iterable[Entry]) -> Iterable[Entry]:
        """Take every entry; yield the last of each batch once the batch is in."""
        stream = iter(entries)
        while batch := list(islice(stream, BATCH)):
            self._write_batch(batch)
            yield batch[-1]

    def mention(self, keys: Iterable[str]) -> None:
        """Note records that are in the file but could not be taken: they are not gone."""
        self._seen.update(keys)

    def _write_batch(self, batch: list[Entry]) -> None:
        changing = [(entry, known) for entry in batch if (known := self._differs(entry)) is not None]
        if not changing or self.dry_run:
            return
        self.has_written = True
        for entry, _ in changing:
            entry.content = entry.make()
        writable = self._holding.writable(changing)
        entries = [entry for entry, _ in changing]
        there = _services_there(entries)
        self._write_rows([entry for entry in entries if entry.key in writable])
        remove_vanished(
            (entry for entry in entries if entry.key in writable and entry.service_id in there), self._edits
        )
        self._write_facts(entries, there)
        self._holding.save(entries)

    def _differs(self, entry: Entry) -> Known | None:
        """Count the entry; return how it is known, or None when nothing about it has changed."""
        self._seen.add(entry.key)
        known = self._holding.known(entry)
        if entry.counted:
            self.summary.seen_kinds.add(entry.kind)
            name = {Known.NEW: "new", Known.CHANGED: "changed", Known.SAME: "same"}[known]
            setattr(self.summary, name, getattr(self.summary, name) + 1)
        return None if known is Known.SAME else known

    def _write_rows(self, entries: list[Entry]) -> None:
        rows: list[tuple[Row, frozenset[str]]] = []
        for entry in entries:
            for row in entry.content.rows:
                if row.table in {"organization", "location", "address"}:
                    if row.id in self._shared:
                        continue
                    self._shared.add(row.id)
                if row.table == "service":
                    row.values["last_modified"] = self.now
                if not self._edits.keeps_out(entry, row):
                    rows.append((row, self._edits.fields(row.id)))
        write_rows(rows)

    def _write_facts(self, entries: list[Entry], there: set[UUID]) -> None:
        """Write what the entries say; what this source said before and no longer says is withdrawn."""
        facts = [
            fact for entry in entries if entry.service_id for fact in self._facts(entry, entry.service_id)
        ]
        if there:
            wanted = {(fact.service_id, fact.population, fact.observed_on) for fact in facts}
            old = AcceptanceFact.objects.filter(
                source=self.source, service_id__in=there, checked_by__isnull=True
            ).values_list("id", "service_id", "population", "observed_on")
            AcceptanceFact.objects.filter(id__in=[row[0] for row in old if row[1:] not in wanted]).delete()
        write_facts(facts)

    def _facts(self, entry: Entry, service_id: UUID) -> Iterator[FactRow]:
        for population, answer in entry.content.facts.items():
            day = entry.content.days.get(population) or entry.observed_on or self.today
            day = min(day, self.today)
            yield FactRow(
                id=part_of(service_id, "fact", population, self.source.slug, day),
                service_id=service_id,
                population=population,
                answer=answer,
                source_id=self.source.pk,
                observed_on=day,
            )

    def finish(self, *, whole: bool) -> None:
        """Mark as gone what a whole file no longer has; its services close unless others hold them."""
        gone = self._holding.missing(self._seen, self.summary.seen_kinds) if whole else []
        held = self._holding.count(self.summary.seen_kinds)
        if held >= MANY and len(gone) * 2 > held:
            raise Problem(Why.MOST_WOULD_GO, f"{len(gone)} / {held}")
        self.summary.gone = len(gone)
        if not self.dry_run:
            self._holding.see(self._seen - set(gone))
            self.has_written |= bool(gone)
            self._let_go(gone, self.today)

    def _let_go(self, keys: list[str], today: date) -> None:
        for start in range(0, len(keys), BATCH):
            records = SourceRecord.objects.filter(source=self.source, key__in=keys[start : start + BATCH])
            services = [pk for pk in records.values_list("service_id", flat=True) if pk is not None]
            records.update(gone_on=today)
            held = SourceRecord.objects.filter(service_id__in=services, gone_on__isnull=True)
            orphans = set(services) - set(held.values_list("service_id", flat=True))
            orphans = {pk for pk in orphans if "status" not in self._edits.fields(pk)}
            Service.objects.filter(pk__in=orphans, status=ServiceStatus.ACTIVE).update(
                status=ServiceStatus.INACTIVE, last_modified=self.now
            )


def _services_there(entries: list[Entry]) -> set[UUID]:
    """Return the services of these entries that exist already."""
    ids = [entry.service_id for entry in entries if entry.service_id is not None]
    return set(Service.objects.filter(pk__in=ids).values_list("pk", flat=True))
