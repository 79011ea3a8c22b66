"""Pages of HSDS records, and streams of them."""

import json
import math
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from entero.directory.hsds import records
from entero.directory.hsds.rows import hides, instant
from entero.directory.hsds.shapes import Shape
from entero.directory.models import Visibility


class NoSuchPage(Exception):
    """The page lies behind the last one."""


def page(shape: Shape, rows: QuerySet[Any], *, number: int, size: int) -> dict[str, Any]:
    """Return one page of whole records. Raises NoSuchPage."""
    total = rows.count()
    frame = _frame(total, number, size)
    chunk = rows.order_by("id")[(number - 1) * size : number * size] if total else []
    return frame | _contents(records.assembled(shape, chunk))


def minimal_page(rows: QuerySet[Any], *, number: int, size: int | None) -> dict[str, Any]:
    """Return one page of services as ids and dates of change; all of them without a size."""
    total = rows.count()
    size = size or max(total, 1)
    frame = _frame(total, number, size)
    return frame | _contents(list(minimal(rows.order_by("id")[(number - 1) * size : number * size])))


def minimal(rows: QuerySet[Any]) -> Iterator[dict[str, Any]]:
    """Yield ids and dates of change: ``modified_date`` is what the API calls it, the other the table."""
    for row in rows.select_related(None).only("id", "last_modified", "hidden_fields"):
        found = {"id": str(row.id)}
        if not hides(row, "last_modified", Visibility.PUBLIC):
            found["modified_date"] = found["last_modified"] = instant(row.last_modified)
        yield found


def lines(found: Iterator[dict[str, Any]]) -> Iterator[str]:
    """Yield records as newline-delimited JSON."""
    for record in found:
        yield text(record) + "\n"


def text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _frame(total: int, number: int, size: int) -> dict[str, Any]:
    pages = math.ceil(total / size)
    if number > max(pages, 1):
        raise NoSuchPage
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "first_page": number == 1,
        "last_page": number >= pages,
    }


def _contents(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {"size": len(found), "empty": not found, "contents": found}
