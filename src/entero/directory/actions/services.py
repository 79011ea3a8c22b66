"""Whether a service is open, has room, and when somebody last asked it."""

from django.db import transaction
from django.utils import timezone

from entero.directory.actions import trace
from entero.directory.actions.refused import NotOpen, TooMuchRoom, UnknownCode
from entero.directory.events import CapacitySet, ServiceClosed, ServiceReopened, ServiceVerified
from entero.directory.models import Service, ServiceCapacity, ServiceStatus, Unit
from entero.directory.vocabulary.terms import populations
from entero.kernel import events
from entero.kernel.accounts.models import User

UNITS = ("beds", "places")


@transaction.atomic
def verify_service(service: Service, *, by: User) -> None:
    """Write down that our staff asked the service today and found its entry right."""
    service = trace.locked(service.pk)
    if not trace.change(service, {"assured_date": timezone.localdate()}, by=by):
        trace.note(
            service,
            "assured_date",
            before=service.assured_date,
            after=service.assured_date,
            by=by,
            kind="verify",
        )
    trace.touch(service)
    events.emit(ServiceVerified(str(service.pk)))


@transaction.atomic
def set_capacity(
    service: Service,
    *,
    available: int,
    by: User,
    maximum: int | None = None,
    unit: str = "beds",
    population: str = "",
    waiting_list: bool | None = None,
) -> ServiceCapacity:
    """Write down how much room there is now, for everybody or for one population.

    Raises TooMuchRoom and UnknownCode.
    """
    if unit not in UNITS or (population and population not in populations()):
        raise UnknownCode
    if maximum is not None and available > maximum:
        raise TooMuchRoom
    service = trace.locked(service.pk)
    counted_in = Unit.objects.filter(name=unit).first() or Unit.objects.create(name=unit)
    rows = ServiceCapacity.objects.filter(service=service, population=population)
    room: ServiceCapacity = rows.first() or ServiceCapacity(service=service, population=population)
    before = None if room.available is None else room.available
    room.unit, room.available, room.maximum = counted_in, available, maximum
    room.waiting_list, room.updated = waiting_list, timezone.now()
    room.save()
    trace.note(room, "available", before=before, after=available, by=by)
    trace.touch(service)
    events.emit(CapacitySet(str(service.pk), population, available))
    return room


@transaction.atomic
def close_service(service: Service, *, for_good: bool, by: User) -> None:
    """Take a service out of every answer, for now or for good. Raises NotOpen when it is so already."""
    service = trace.locked(service.pk)
    status = ServiceStatus.DEFUNCT if for_good else ServiceStatus.CLOSED
    if not trace.change(service, {"status": status}, by=by):
        raise NotOpen
    trace.touch(service)
    events.emit(ServiceClosed(str(service.pk), for_good))


@transaction.atomic
def reopen_service(service: Service, *, by: User) -> None:
    """Bring a closed service back. Raises NotOpen when it is not closed."""
    service = trace.locked(service.pk)
    if not trace.change(service, {"status": ServiceStatus.ACTIVE}, by=by):
        raise NotOpen
    trace.touch(service)
    events.emit(ServiceReopened(str(service.pk)))
