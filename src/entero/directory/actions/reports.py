"""Somebody was turned away: an anonymous report, and what our staff found when they asked."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from entero.directory.acceptance.refusals import population_refused, speaks_of
from entero.directory.actions import trace
from entero.directory.actions.facts import checked_by_us, record_fact
from entero.directory.actions.refused import (
    AlreadyReviewed,
    PopulationNeeded,
    UnknownCode,
    UnknownService,
)
from entero.directory.events import ReportReviewed, TurnedAwayReported
from entero.directory.models import Answer, Refusal, Service, TurnedAway
from entero.directory.vocabulary.terms import populations
from entero.kernel import events
from entero.kernel.accounts.models import User


@transaction.atomic
def report_turned_away(service_id: UUID, *, reason: str, population: str = "") -> TurnedAway:
    """Keep a report: the day, the reason and, if told, as whom. Nothing about the person who tells it.

    It changes no fact until somebody has reviewed it. Raises UnknownService and UnknownCode.
    """
    if reason not in Refusal.values or (population and population not in populations()):
        raise UnknownCode
    service = Service.objects.public().filter(pk=service_id).first()
    if service is None:
        raise UnknownService
    report = TurnedAway.objects.create(
        service=service, reason=reason, population=population, reported_on=timezone.localdate()
    )
    events.emit(TurnedAwayReported(report.pk, str(service.pk), reason))
    return report


@transaction.atomic
def review_report(report: TurnedAway, *, confirmed: bool, by: User, population: str = "") -> None:
    """Close a report once somebody has asked the service.

    A confirmed reason that speaks of a population becomes a fact "no", checked by our staff today. A
    confirmed "nobody answered, or the place is gone" takes the service's last check away, so that it is
    the next to be verified. Whoever comes first decides: AlreadyReviewed for everybody else.
    Raises PopulationNeeded when the reason speaks of a population and nobody said which.
    """
    first = TurnedAway.objects.filter(pk=report.pk, reviewed_on__isnull=True).update(
        reviewed_on=timezone.localdate(), reviewed_by=by, confirmed=confirmed
    )
    if not first:
        raise AlreadyReviewed
    if confirmed:
        _draw_conclusion(report, population, by)
    report.refresh_from_db(fields=["reviewed_on", "reviewed_by", "confirmed"])
    events.emit(ReportReviewed(report.pk, str(report.service_id), report.reason, confirmed))


def _draw_conclusion(report: TurnedAway, population: str, by: User) -> None:
    if report.reason == Refusal.UNREACHABLE:
        service = trace.locked(report.service_id)
        trace.change(service, {"assured_date": None}, by=by)
        trace.touch(service)
    if not speaks_of(report.reason):
        return
    refused = population_refused(report.reason, population, report.population)
    if not refused:
        raise PopulationNeeded
    record_fact(
        report.service,
        population=refused,
        answer=Answer.NO,
        source=checked_by_us(),
        observed_on=timezone.localdate(),
        by=by,
    )
