"""What every change of a service leaves behind: who changed what, and the word that it changed."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from entero.directory.changes import service_changed
from entero.directory.models import Guarded, Metadata, Service, Visibility
from entero.kernel.accounts.models import User


def note(
    row: Guarded,
    field: str,
    *,
    before: object,
    after: object,
    by: User,
    kind: str = "update",
    level: int = Visibility.STAFF,
) -> None:
    """Write down one changed field. Only staff may read it: it may hold what was hidden."""
    Metadata.objects.create(
        resource_id=row.pk,
        resource_type=type(row).__name__.lower(),
        last_action_date=timezone.localdate(),
        last_action_type=kind,
        field_name=field,
        previous_value=_text(before),
        replacement_value=_text(after),
        updated_by=by.username[:100],
        visibility=max(Visibility.STAFF, level, row.visibility, _hidden_level(row, field)),
    )


def change(row: Guarded, changes: Mapping[str, Any], *, by: User) -> list[str]:
    """Set fields of one row, save and note those that differ; return their names."""
    changed = {name: value for name, value in changes.items() if getattr(row, name) != value}
    for name, value in changed.items():
        note(row, name, before=getattr(row, name), after=value, by=by)
        setattr(row, name, value)
    if changed:
        row.save(update_fields=[*changed])
    return [*changed]


def touch(service: Service) -> None:
    """Stamp a service as changed now and put it into the log of changes."""
    service.last_modified = timezone.now()
    service.save(update_fields=["last_modified"])
    service_changed(service.pk)


def touch_all_at(location_ids: Iterable[UUID]) -> None:
    """Stamp every service that is given at one of these places."""
    here = Service.objects.filter(at_locations__location__in=location_ids)
    ids = list(here.order_by("pk").values_list("pk", flat=True).distinct())
    Service.objects.filter(pk__in=ids).update(last_modified=timezone.now())
    service_changed(*ids)


def locked(service_id: UUID) -> Service:
    """Return the service as it is now; others who change it wait until this transaction ends."""
    return Service.objects.select_for_update().get(pk=service_id)  # type: ignore[no-any-return]


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _hidden_level(row: Guarded, field: str) -> int:
    return int((row.hidden_fields or {}).get(field, Visibility.PUBLIC))
