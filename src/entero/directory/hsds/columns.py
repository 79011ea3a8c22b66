"""What a table of HSDS is made of: columns, their kinds, and what stands for what is hidden."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from entero.directory.models import Visibility

NOT_PUBLIC = "Not public"
"""Stands where HSDS demands a text that is hidden: an address without its street is still a city."""


class Kind(StrEnum):
    """How a value is written."""

    TEXT = "text"
    URI = "uri"
    EMAIL = "email"
    NUMBER = "number"
    FLAG = "flag"
    DATE = "date"
    INSTANT = "instant"
    TIME = "time"
    UUID = "uuid"
    LINK = "link"
    """The id of another row; left out when that row may not be seen."""


Read = Callable[[Any, Visibility], Any]


@dataclass(frozen=True)
class Column:
    """One field as it leaves, and the ``field`` of ours it comes from when that has another name.

    ``instead`` stands where HSDS demands what is hidden or missing; a row that lacks a required value
    with nothing to stand instead is not shared at all.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    instead: str | None = None
    field: str | None = None
    ours: bool = False
    owner: bool = False
    """Only tables say whom a row belongs to; in JSON it lies inside its owner."""
    choices: tuple[str, ...] = ()
    read: Read | None = None
    about: str = ""


@dataclass(frozen=True, eq=False)
class Table:
    """One table: its name and file in HSDS, the model behind it, the relations that reading it follows."""

    name: str
    path: str
    model: Any
    columns: tuple[Column, ...]
    related: tuple[str, ...] = ()


def text(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


def of(kind: Kind, *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, kind) for name in names)


def owners(*names: str) -> tuple[Column, ...]:
    return tuple(Column(f"{name}_id", Kind.LINK, field=name, owner=True) for name in names)


def needed_owner(name: str) -> Column:
    return Column(f"{name}_id", Kind.LINK, field=name, owner=True, required=True)


def withheld(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, required=True, instead=NOT_PUBLIC) for name in names)
