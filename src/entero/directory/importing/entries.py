"""What readers hand to the writer: one entry for each record of a file, with the rows it becomes."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

NAMESPACE = UUID("0f0a8d0e-6f1d-5b53-9f0b-7f4a3f1f8c1d")
"""Ids that a file does not bring along are UUIDs of version 5 below this one; it never changes."""


@dataclass(slots=True)
class Row:
    """One row of a table. ``values`` holds what the file says; what it does not say stays as it is.

    ``initial`` names values that only a new row gets.
    """

    table: str
    id: UUID
    values: dict[str, Any]
    visibility: int = 0
    initial: frozenset[str] = frozenset()


@dataclass(slots=True)
class Content:
    """What an entry becomes.

    Attributes:
        rows: owners first.
        facts: populations with the answer yes or no; what a file is silent about is not here.
        days: the day a fact speaks of, where it is not the day of the entry.
        parts: tables of which the file names all rows of this service: what it lacks is gone.
    """

    rows: list[Row]
    facts: dict[str, str] = field(default_factory=dict)
    parts: frozenset[str] = frozenset()
    days: dict[str, date] = field(default_factory=dict)


@dataclass(slots=True)
class Entry:
    """One record of a file.

    Attributes:
        key: what the source calls it, starting with its kind, a colon between.
        line: where it stands in the file.
        digest: of all that the file says of it.
        make: returns its content; only called when the digest is new.
        service_id: the service it is about, if any.
        counted: whether the summary counts it; what is only mentioned inside another is not.
    """

    key: str
    line: int
    digest: str
    make: Callable[[], Content]
    service_id: UUID | None = None
    codes: str = ""
    state: str = ""
    observed_on: date | None = None
    counted: bool = True
    content: Content = field(default_factory=lambda: Content([]))

    @property
    def kind(self) -> str:
        return self.key.split(":", 1)[0]


def name_based(*parts: object) -> UUID:
    """Return the UUID that these words always give (RFC 9562, version 5)."""
    text = "|".join([part.hex if type(part) is UUID else str(part) for part in parts])
    return UUID(bytes=hashlib.sha1(NAMESPACE.bytes + text.encode()).digest()[:16], version=5)  # noqa: S324


def part_of(owner: UUID, *parts: object) -> UUID:
    """Return the UUID that these words always give below an owner, near its other parts.

    All parts of an owner begin with the same 48 bits, so that a database finds and writes them together;
    the other bits are those of a name-based UUID.
    """
    text = "|".join([part.hex if type(part) is UUID else str(part) for part in parts])
    start = owner.bytes
    return UUID(bytes=start[:6] + hashlib.sha1(start + text.encode()).digest()[:10], version=5)  # noqa: S324


def digest(record: object) -> str:
    """Return 32 hex digits that change when anything in the record does."""
    return digest_of_text(json.dumps(record, sort_keys=True, ensure_ascii=False, default=str))


def digest_of_text(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
