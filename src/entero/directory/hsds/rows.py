"""One row of the directory as HSDS writes it, at a level: what needs a higher one stays here."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.encoding import iri_to_uri

from entero.directory.hsds.columns import Column, Kind, Table
from entero.directory.hsds.tables import LOCATION
from entero.directory.models import Address, Visibility

Value = str | int | float | bool

PLACE_FIELDS = ("address_1", "postal_code")
"""Where one of these is hidden, a point on the map would tell it."""


NOT_IN_URI = frozenset('<>"{}|\\^`')


def written(table: Table, row: Any, level: Visibility, *, owners: bool = False) -> dict[str, Any] | None:
    """Return the row's filled columns, or None when something that HSDS demands may not be told.

    ``owners`` adds the ids of what the row belongs to, which only tables need.
    """
    values: dict[str, Any] = {}
    for column in table.columns:
        if column.owner and not owners:
            continue
        value = _value(column, row, level)
        if value is None:
            value = column.instead
        if value is not None:
            values[column.name] = value
        elif column.required:
            return None
    return values


def seen(row: Any, level: Visibility) -> bool:
    """Say whether a row and all it belongs to may be seen."""
    owners = (getattr(row, name) for name in row.guarded_by if "__" not in name)
    return row.visibility <= level and all(owner is None or seen(owner, level) for owner in owners)


def hides(row: Any, name: str, level: Visibility) -> bool:
    """Say whether the field needs a higher level."""
    return bool(row.hidden_fields) and row.hidden_fields.get(name, Visibility.PUBLIC) > level


def secret_places(location_ids: Iterable[UUID], level: Visibility) -> set[UUID]:
    """Return the places whose address, or a part of it, needs a higher level: their points do, too."""
    addresses = Address.objects.filter(location_id__in=list(location_ids))
    return {
        address.location_id
        for address in addresses.only("location_id", "visibility", "hidden_fields")
        if address.visibility > level or any(hides(address, name, level) for name in PLACE_FIELDS)
    }


def without_point(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a location without its coordinates; other rows as they are."""
    if table is not LOCATION:
        return dict(values)
    return {name: value for name, value in values.items() if name not in {"latitude", "longitude"}}


def _value(column: Column, row: Any, level: Visibility) -> Value | None:
    if column.read is not None:
        found = column.read(row, level)
        return found if isinstance(found, bool) else _text(found)
    name = column.field or column.name
    if column.kind is Kind.LINK:
        return _link(row, name, level)
    value = row.shown(name, level)
    if value is None or value == "":
        return None
    return _WRITERS[column.kind](value) if not column.choices else _chosen(value, column.choices)


def _link(row: Any, name: str, level: Visibility) -> str | None:
    target_id = getattr(row, f"{name}_id")
    if target_id is None or hides(row, name, level) or hides(row, f"{name}_id", level):
        return None
    if name not in row.guarded_by and not seen(getattr(row, name), level):
        return None
    return str(target_id)


def _chosen(value: str, choices: tuple[str, ...]) -> str | None:
    return value if value in choices else None


def _text(value: Any) -> str | None:
    """Return the text without signs that no XML, CSV or JSON reader expects."""
    if value is None:
        return None
    text = str(value)
    if not text.isprintable():
        text = "".join(sign for sign in text if sign >= " " or sign in "\n\t")
    return text.strip() or None


def _uri(value: str) -> str | None:
    """Return an absolute address; a bare host gets its scheme, what is no address is left out."""
    text = value.strip()
    if not text or any(sign.isspace() or sign in NOT_IN_URI for sign in text):
        return None
    text = iri_to_uri(text)
    try:
        parts = urlsplit(text)
        if parts.scheme in {"http", "https"}:
            return text if parts.hostname else None
        if parts.scheme:
            return text if parts.netloc or parts.path else None
        whole = f"http://{text.lstrip('/')}"
        return whole if "." in (urlsplit(whole).hostname or "") else None
    except ValueError:
        return None


def _email(value: str) -> str | None:
    name, _, host = value.strip().partition("@")
    return value.strip() if name and "." in host and " " not in value.strip() else None


def _number(value: Any) -> int | float:
    return value if isinstance(value, int) else float(value)


def instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _date(value: date | time) -> str:
    return value.isoformat()


_WRITERS: dict[Kind, Any] = {
    Kind.TEXT: _text,
    Kind.URI: _uri,
    Kind.EMAIL: _email,
    Kind.NUMBER: _number,
    Kind.FLAG: bool,
    Kind.DATE: _date,
    Kind.TIME: _date,
    Kind.INSTANT: instant,
    Kind.UUID: str,
}
