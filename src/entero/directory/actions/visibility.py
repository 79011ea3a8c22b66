"""Who may see a service, a part of it, or one of its fields."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from entero.directory.access import level_of
from entero.directory.actions import trace
from entero.directory.actions.refused import UnknownField
from entero.directory.events import VisibilityChanged
from entero.directory.models import Guarded, Service, Visibility
from entero.directory.parts_of import Part, parts_of
from entero.kernel import events
from entero.kernel.accounts.models import User


@transaction.atomic
def set_visibility(service: Service, *, levels: Mapping[str, Visibility], by: User) -> None:
    """Set who may see the parts that are named by their keys (see ``parts_of``).

    Nobody can hide a part from himself. Hiding a street hides the point on the map, too.
    Raises UnknownField for a part that this person cannot see, or a level above his own.
    """
    mine = level_of(by)
    service = trace.locked(service.pk)
    parts = {part.key: part for part in parts_of(service, mine)}
    if set(levels) - set(parts) or any(level > mine for level in levels.values()):
        raise UnknownField
    places: set[UUID] = set()
    for key, level in levels.items():
        part = parts[key]
        if level != part.level:
            _set(part, level, by)
            places |= {part.location_id} if part.location_id else set()
    trace.touch_all_at(places)
    trace.touch(service)
    events.emit(VisibilityChanged(str(service.pk)))


def _set(part: Part, level: Visibility, by: User) -> None:
    for row, fields in part.hides:
        if not fields:
            trace.note(row, "visibility", before=row.visibility, after=int(level), by=by, level=level)
            row.visibility = level
            row.save(update_fields=["visibility"])
        else:
            _hide(row, fields, level, by)


def _hide(row: Guarded, fields: tuple[str, ...], level: Visibility, by: User) -> None:
    before = dict(row.hidden_fields)
    row.hidden_fields = {name: kept for name, kept in before.items() if name not in fields}
    if level > Visibility.PUBLIC:
        row.hidden_fields |= {name: int(level) for name in fields}
    trace.note(row, "hidden_fields", before=before, after=row.hidden_fields, by=by)
    row.save(update_fields=["hidden_fields"])
