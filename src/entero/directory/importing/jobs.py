"""Which reader a file needs, and what it says of itself before the first record."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from entero.directory.importing import sources
from entero.directory.importing.entries import Entry
from entero.directory.importing.reading import facilities
from entero.directory.importing.reading.files import Format, Looked
from entero.directory.importing.reading.problems import Notes
from entero.directory.importing.samhsa_entries import Facilities
from entero.directory.importing.sources import Origin


class Job(Protocol):
    """One file on its way in.

    ``total`` is the number of records, 0 when nobody knows; ``whole`` says, once all entries were read,
    whether what the file lacks is gone; ``mentioned`` are keys of records that are in the file but
    could not be taken.
    """

    origin: Origin
    total: int
    mentioned: set[str]

    @property
    def whole(self) -> bool: ...

    def entries(self) -> Iterator[Entry]: ...

    def finish(self, *, dry_run: bool) -> None:
        """Do what only the end of the file allows."""


def job_for(looked: Looked, slug: str, notes: Notes) -> Job:
    """Return the job of reading a file. Raises Problem."""
    if looked.format is Format.SAMHSA:
        return SamhsaJob.of(looked, slug, notes)
    from entero.directory.importing.hsds_job import HsdsJob

    return HsdsJob.of(looked, slug, notes)


@dataclass
class SamhsaJob:
    """Reads one of SAMHSA's directories."""

    found: Iterator[facilities.Facility]
    origin: Origin
    total: int = 0
    whole: bool = True
    mentioned: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, looked: Looked, slug: str, notes: Notes) -> "SamhsaJob":
        edition, found = facilities.read_facilities(looked, notes)
        return cls(found, sources.of_edition(edition, slug))

    def entries(self) -> Iterator[Entry]:
        assert self.origin.observed_on is not None  # noqa: S101
        make = Facilities(self.origin.observed_on)
        return (make.entry(facility) for facility in self.found)

    def finish(self, *, dry_run: bool) -> None:
        pass
