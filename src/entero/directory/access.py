"""The only doors from an address to a row of the directory, for people at the desk."""

from uuid import UUID

from django.http import Http404, HttpRequest

from entero.directory.models import (
    AcceptanceFact,
    ImportRun,
    Service,
    TurnedAway,
    Visibility,
)
from entero.directory.queries import blank_hidden
from entero.kernel.accounts.models import User


def somebody(request: HttpRequest) -> User:
    """Return who is signed in. Only views for staff may ask."""
    if not isinstance(request.user, User):
        raise TypeError("a view for staff was called by nobody")
    return request.user


def level_of(user: User) -> Visibility:
    """Return what somebody may see: superusers what is sealed, staff all else, others what is public."""
    if not (user.is_active and user.is_staff):
        return Visibility.PUBLIC
    return Visibility.SEALED if user.is_superuser else Visibility.STAFF


def service_for(user: User, service_id: UUID) -> Service:
    """Return a service that this person may see. Raises Http404."""
    found: Service | None = (
        Service.objects.visible_to(level_of(user))
        .select_related("organization")
        .filter(pk=service_id)
        .first()
    )
    if found is None:
        raise Http404
    blank_hidden(found, level_of(user))
    blank_hidden(found.organization, level_of(user))
    return found


def report_for(user: User, report_id: int) -> TurnedAway:
    """Return a report about a service that this person may see. Raises Http404."""
    found = TurnedAway.objects.select_related("service__organization").filter(pk=report_id).first()
    if found is None:
        raise Http404
    found.service = service_for(user, found.service_id)
    return found


def fact_for(user: User, fact_id: UUID) -> AcceptanceFact:
    """Return a fact that this person may see. Raises Http404."""
    found: AcceptanceFact | None = (
        AcceptanceFact.objects.visible_to(level_of(user)).filter(pk=fact_id).first()
    )
    if found is None:
        raise Http404
    return found


def import_run_for(_user: User, run_id: int) -> ImportRun:
    """Return an import run. Raises Http404."""
    found = ImportRun.objects.select_related("source", "by").filter(pk=run_id).first()
    if found is None:
        raise Http404
    return found
