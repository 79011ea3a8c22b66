"""Turns one value of a file into one value of a column, or says what was wrong with it."""

# ruff: noqa: ARG001  every cleaner takes the same three things

import html
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import nh3

from entero.directory.importing.reading.problems import Notes, Repair, RowRefused, Why
from entero.directory.importing.shapes import Column

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
EMAIL = re.compile(r"[^@\s<>\"',;:]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
HOST = re.compile(r"[A-Za-z0-9.-]+\.[A-Za-z]{2,}(:\d{1,5})?")
FIRST_YEAR, LAST_YEAR = 1900, 2200


def clean(column: Column, value: Any, notes: Notes) -> Any:
    """Return the value for the column; None or "" when the file's is unusable, which is noted.

    Raises RowRefused when the row makes no sense without it.
    """
    if value is None or (isinstance(value, str) and value.strip() in {"", "NULL", "null"}):
        return None if column.null or column.kind in NEEDS_VALUE else ""
    return CLEANERS[column.kind](column, value, notes)


def text(value: Any, notes: Notes) -> str:
    """Return plain text: without control signs, without markup, without space around it."""
    found = value if isinstance(value, str) else _plain(value)
    if not found.isprintable() and CONTROL.search(found):
        notes.repair(Repair.CONTROL_SIGNS)
        found = CONTROL.sub("", found)
    if "<" in found or "&" in found:
        stripped = html.unescape(nh3.clean(found, tags=set()))
        if stripped != found:
            notes.repair(Repair.MARKUP)
            found = stripped
    return found.strip()


def _plain(value: Any) -> str:
    if isinstance(value, bool | int | float | Decimal):
        return str(value)
    raise RowRefused(Why.VALUE, "text")


def _short(column: Column, value: Any, notes: Notes) -> str:
    found = text(value, notes)
    if column.choices and found and found not in column.choices:
        raise RowRefused(Why.STATUS if column.name == "status" else Why.VALUE, f"{column.name}: {found}")
    if len(found) <= column.length:
        return found
    if column.name == "name":
        raise RowRefused(Why.NAME_TOO_LONG, found[:40])
    notes.repair(Repair.SHORTENED)
    return found[: column.length - 1] + "…"


def _long(column: Column, value: Any, notes: Notes) -> str:
    return text(value, notes)


def _url(column: Column, value: Any, notes: Notes) -> str:
    found = text(value, notes)
    if HOST.fullmatch(found.split("/")[0]):
        found = f"https://{found}"
        notes.repair(Repair.WEB_ADDRESS)
    if _is_web_address(found) and len(found) <= column.length:
        return found
    notes.repair(Repair.WEB_ADDRESS)
    return ""


def _is_web_address(found: str) -> bool:
    try:
        parts = urlsplit(found)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and port_is_fine and " " not in found


def _email(column: Column, value: Any, notes: Notes) -> str:
    found = text(value, notes) if isinstance(value, str) else ""
    if EMAIL.fullmatch(found) and len(found) <= column.length:
        return found
    notes.repair(Repair.EMAIL)
    return ""


def _uuid(column: Column, value: Any, notes: Notes) -> UUID:
    if isinstance(value, UUID):
        return value
    raise RowRefused(Why.VALUE, column.name)


def _flag(column: Column, value: Any, notes: Notes) -> bool | None:
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    return known.get(str(value).strip().lower())


def _number(column: Column, value: Any, notes: Notes) -> float | None:
    try:
        found = float(value)
    except (ValueError, TypeError, OverflowError):
        found = math.nan
    if math.isfinite(found):
        return found
    notes.repair(Repair.NUMBER)
    return None


def _count(column: Column, value: Any, notes: Notes) -> int | None:
    """Take whole numbers; "12.0" is one, "12.5" and -1 are not."""
    found = _number(column, value, notes)
    if found is None:
        return None
    if found.is_integer() and 0 <= found <= column.largest:
        return int(found)
    notes.repair(Repair.NUMBER)
    return None


def _amount(column: Column, value: Any, notes: Notes) -> Decimal | None:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        found = Decimal("nan")
    if found.is_finite() and abs(found) < 100_000_000:
        return round(found, 2)
    notes.repair(Repair.NUMBER)
    return None


def _moment(column: Column, value: Any, notes: Notes) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value).strip())
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise ValueError
    except ValueError:
        notes.repair(Repair.DATE)
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _day(column: Column, value: Any, notes: Notes) -> date | None:
    try:
        found = datetime.fromisoformat(str(value).strip()).date()
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise ValueError
    except ValueError:
        notes.repair(Repair.DATE)
        return None
    return found


def _time(column: Column, value: Any, notes: Notes) -> time | None:
    try:
        return time.fromisoformat(str(value).strip().removesuffix("Z")).replace(tzinfo=None)
    except ValueError:
        notes.repair(Repair.DATE)
        return None


NEEDS_VALUE = {"link", "uuid", "moment", "day", "time", "count", "number", "amount"}
CLEANERS: dict[str, Callable[[Column, Any, Notes], Any]] = {
    "text": _short,
    "long": _long,
    "url": _url,
    "email": _email,
    "uuid": _uuid,
    "link": _uuid,
    "flag": _flag,
    "number": _number,
    "count": _count,
    "amount": _amount,
    "moment": _moment,
    "day": _day,
    "time": _time,
}
