"""Builds the search index from the database, one process at a time, and knows which changes it holds."""

import fcntl
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import numpy as np
import structlog
from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import Count, Max
from django.utils import timezone

from entero.directory.columns_of import Zones, columns_of
from entero.directory.matching.build import build
from entero.directory.matching.index import Index, IndexDamaged
from entero.directory.matching.rows import Flags
from entero.directory.models import DirectoryChange, Service, ServiceStatus

BUILT_ON, CHANGES, ZONES = "built_on", "changes", "zones"
LOCK = "lock"
LATE = 1_000
"""PostgreSQL hands out numbers before transactions end, so a change may become visible after one with a
higher number. Changes among the last thousand numbers that were not there yet are still waited for."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Seen:
    """Which changes are known: all up to ``floor``, and above it ``count`` up to ``highest``.

    ``ids`` are those above the floor, kept only with an index.
    """

    floor: int
    highest: int
    count: int
    ids: frozenset[int] = frozenset()

    @classmethod
    def from_notes(cls, notes: Mapping[str, Any]) -> Self:
        floor, ids = notes[CHANGES]["floor"], notes[CHANGES]["ids"]
        return cls(floor, max(ids, default=floor), len(ids), frozenset(ids))

    def as_notes(self) -> dict[str, Any]:
        return {"floor": self.floor, "ids": sorted(self.ids)}


def _above(floor: int) -> Any:
    return DirectoryChange.objects.filter(id__gt=floor)


def seen_now() -> Seen:
    """Return which changes are committed by now."""
    highest = DirectoryChange.objects.aggregate(highest=Max("id"))["highest"] or 0
    floor = max(highest - LATE, 0)
    ids = frozenset(_above(floor).values_list("id", flat=True))
    return Seen(floor, max(ids, default=floor), len(ids), ids)


def latest(seen: Seen) -> Seen:
    """Return what is known by now of the changes above the same floor; one small query."""
    now = _above(seen.floor).aggregate(highest=Max("id"), count=Count("id"))
    highest = now["highest"] or seen.floor
    if (highest, now["count"]) == (seen.highest, seen.count):
        return seen
    return replace(seen, highest=highest, count=now["count"])


def changed_since(seen: Seen) -> tuple[bool, set[UUID]]:
    """Return whether everything may have changed, and which services did."""
    rows = _above(seen.floor).values_list("id", "service_id")
    changed = {service_id for number, service_id in rows.iterator() if number not in seen.ids}
    return None in changed, {service_id for service_id in changed if service_id is not None}


@contextmanager
def building(folder: Path, *, wait: bool) -> Iterator[bool]:
    """Hold the right to build in this folder; yield False when another process has it and nobody waits."""
    with (folder / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def build_and_save(folder: Path) -> Index:
    """Build the index, save it and open it as the others will; the caller holds the right to build.

    The changes are read before the rows: what is committed in between is in the index or will be added to it.
    """
    _remove_unfinished(folder)
    seen = seen_now()
    today = timezone.localdate()
    zones = Zones([settings.TIME_ZONE])
    index = build(columns_of(zones, today=today))
    notes = {CHANGES: seen.as_notes(), ZONES: zones.names, BUILT_ON: today.isoformat()}
    before = _floor_of(folder)
    replace(index, notes=notes).save(folder)
    _forget(before)
    return open_index(folder)


def _forget(before: int) -> None:
    """Remove changes that nobody needs; when somebody else is writing, the next builder will."""
    if before and DirectoryChange.objects.filter(id__lte=before).exists():
        try:
            with transaction.atomic():
                DirectoryChange.objects.filter(id__lte=before).delete()
        except OperationalError:
            log.info("changes_kept")


def open_index(folder: Path) -> Index:
    """Open the saved index. Raises IndexMissing or IndexDamaged."""
    index = Index.open(folder)
    if not {CHANGES, ZONES, BUILT_ON} <= index.notes.keys():
        raise IndexDamaged("it does not say what it holds")
    return index


def _floor_of(folder: Path) -> int:
    """Return up to where no process needs the changes: those that still use the last index know them."""
    try:
        return Seen.from_notes(open_index(folder).notes).floor
    except IndexDamaged:
        return 0


def _remove_unfinished(folder: Path) -> None:
    """Remove what a builder that was killed left behind."""
    for path in folder.glob(".v*"):
        shutil.rmtree(path, ignore_errors=True)


def gone(index: Index) -> Flags:
    """Return which rows of an index belong to services that are public and active no more."""
    active = Service.objects.public().filter(status=ServiceStatus.ACTIVE).values_list("id", flat=True)
    halves = np.frombuffer(b"".join(key.bytes for key in active.iterator()), ">u8").reshape(-1, 2)
    here = np.column_stack((index.arrays.key_high, index.arrays.key_low)).astype(">u8")
    pair = np.dtype([("high", ">u8"), ("low", ">u8")])
    known = np.ascontiguousarray(halves).view(pair).ravel()
    return ~np.isin(here.view(pair).ravel(), known)
