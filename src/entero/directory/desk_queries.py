"""The lists of the desk: what is looked for, what waits, what to verify next, what was imported."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import log2
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from entero.directory.acceptance.rule import Claim, decide
from entero.directory.freshness import CALL_FIRST_BELOW, HALF_LIFE_DAYS, WEAKEST, call_first
from entero.directory.hours import Hours
from entero.directory.models import (
    AcceptanceFact,
    Address,
    ImportRun,
    Metadata,
    Phone,
    Refusal,
    Service,
    ServiceCapacity,
    ServiceStatus,
    Source,
    TurnedAway,
    Visibility,
)
from entero.directory.queries import (
    addresses_of,
    blank_hidden,
    claim_of,
    facts_of,
    phones_of,
    weekly_hours,
    weekly_rows,
)
from entero.directory.vocabulary.terms import Population, populations

PER_PAGE = 25
NEVER = date(1900, 1, 1)
"""Stands for the last check of what nobody ever checked, so that it comes first everywhere."""

CALL_FIRST_DAYS = int(HALF_LIFE_DAYS[WEAKEST] * log2(1 / CALL_FIRST_BELOW)) + 1
"""A check of so many days ago is too old to rely on (see ``freshness``)."""


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for in the list of services."""

    words: str = ""
    state: str = ""
    status: str = ""
    population: str = ""
    answer: str = ""
    source: str = ""
    order: str = "name"


ORDERS = {
    "name": ("name", "id"),
    "-name": ("-name", "id"),
    "organization": ("organization__name", "name", "id"),
    "-organization": ("-organization__name", "name", "id"),
    "checked": ("last_check", "name", "id"),
    "-checked": ("-last_check", "name", "id"),
}


def services(wanted: Wanted, *, level: Visibility, page: object = 1) -> Page[Service]:
    """Return one page of the services that fit; three queries."""
    found = _with_checks(Service.objects.visible_to(level)).filter(_fits(wanted, level))
    return _paged(found.order_by(*ORDERS.get(wanted.order, ORDERS["name"])), page, level)


def _fits(wanted: Wanted, level: Visibility) -> Q:
    condition = Q()
    for word in wanted.words.split()[:8]:
        condition &= Q(
            Q(name__icontains=word)
            | Q(alternate_name__icontains=word)
            | Q(organization__name__icontains=word)
            | Q(pk__in=_services_at(Q(city__icontains=word) | Q(postal_code=word), level))
        )
    if wanted.state:
        condition &= Q(pk__in=_services_at(Q(state_province=wanted.state), level))
    if wanted.status:
        condition &= Q(status=wanted.status)
    if wanted.source:
        condition &= Q(pk__in=_services_with(Q(source__slug=wanted.source), level))
    return condition & _answers(wanted, level)


def _answers(wanted: Wanted, level: Visibility) -> Q:
    """Fit by population and what any source says of it; "unknown" where none says yes or no."""
    if not wanted.population:
        return Q()
    about = Q(population=wanted.population)
    if wanted.answer == "unknown":
        return ~Q(pk__in=_services_with(about & Q(answer__in=("yes", "no")), level))
    said = about & Q(answer=wanted.answer) if wanted.answer else about
    return Q(pk__in=_services_with(said, level))


def _services_at(where: Q, level: Visibility) -> Any:
    """Return the ids of services by address: a query of its own, so that it runs once and not per row."""
    return Address.objects.visible_to(level).filter(where).values("location__services_here__service")


def _services_with(facts: Q, level: Visibility) -> Any:
    return AcceptanceFact.objects.visible_to(level).filter(facts).values("service")


def _with_checks(rows: Any) -> Any:
    """Add ``last_check`` (of the service, else its newest fact), ``reports`` and ``unreachable``."""
    facts = AcceptanceFact.objects.filter(service=OuterRef("pk"))
    newest = facts.order_by("-observed_on").values("observed_on")[:1]
    about = TurnedAway.objects.filter(service=OuterRef("pk")).order_by()
    waiting = about.filter(reviewed_on__isnull=True).values("service").annotate(n=Count("pk")).values("n")
    gone = about.filter(confirmed=True, reason=Refusal.UNREACHABLE)
    return rows.annotate(
        last_check=Coalesce(F("assured_date"), Subquery(newest), NEVER, output_field=DateField()),
        reports=Coalesce(Subquery(waiting), 0),
        unreachable=Q(assured_date__isnull=True) & Exists(gone),
    )


def _paged(rows: QuerySet[Service], page: object, level: Visibility) -> Page[Service]:
    found = Paginator(rows.select_related("organization"), PER_PAGE).get_page(page)  # type: ignore[arg-type]
    listed: list[Any] = list(found.object_list)
    places = _places([row.pk for row in listed], level)
    today = timezone.localdate()
    for row in listed:
        blank_hidden(row, level)
        blank_hidden(row.organization, level)
        row.place = places.get(row.pk, "")
        row.checked_on = None if row.last_check == NEVER else row.last_check
        row.call_first = call_first(row.last_check, today)
    found.object_list = listed
    return found


def _places(ids: list[UUID], level: Visibility) -> dict[UUID, str]:
    """Return "City, ST" by service; one query."""
    addresses = (
        Address.objects.visible_to(level)
        .filter(location__services_here__service__in=ids)
        .order_by("-id")
        .values_list("location__services_here__service", "city", "state_province")
    )
    return {service_id: f"{city}, {state}" for service_id, city, state in addresses}


def to_verify(*, level: Visibility, page: object = 1) -> Page[Service]:
    """Return the open services by who needs a call most: those nobody reached, then the oldest check."""
    rows = _with_checks(Service.objects.visible_to(level)).filter(status=ServiceStatus.ACTIVE)
    return _paged(rows.order_by("-unreachable", "last_check", "name", "id"), page, level)


def reports_waiting(*, level: Visibility, page: object = 1) -> Page[TurnedAway]:
    """Return the reports that nobody has reviewed, oldest first; two queries."""
    rows = TurnedAway.objects.filter(
        reviewed_on__isnull=True, service__in=Service.objects.visible_to(level)
    ).select_related("service__organization")
    return Paginator(rows.order_by("reported_on", "id"), PER_PAGE).get_page(page)  # type: ignore[arg-type]


def import_runs(*, page: object = 1) -> Page[ImportRun]:
    """Return the runs of importers, newest first; two queries."""
    rows = ImportRun.objects.select_related("source", "by")
    return Paginator(rows, PER_PAGE).get_page(page)  # type: ignore[arg-type]


def last_import_runs() -> list[ImportRun]:
    return list(ImportRun.objects.select_related("source", "by")[:5])


@dataclass(frozen=True)
class Counts:
    """What needs somebody, in numbers."""

    reports: int
    unreachable: int
    call_first: int
    services: int


def counts(*, level: Visibility) -> Counts:
    """Return how much waits; four queries."""
    seen = Service.objects.visible_to(level)
    rows = _with_checks(seen).filter(status=ServiceStatus.ACTIVE)
    old = Q(last_check__lte=timezone.localdate() - timedelta(days=CALL_FIRST_DAYS))
    reports = TurnedAway.objects.filter(reviewed_on__isnull=True, service__in=seen).count()
    return Counts(
        reports=reports,
        unreachable=rows.filter(unreachable=True).count(),
        call_first=rows.filter(old).count(),
        services=rows.count(),
    )


@dataclass(frozen=True)
class Line:
    """What is known about one population, and the facts it comes from, newest first.

    ``counts`` is the fact that decides; None where nobody said anything.
    """

    population: Population
    counts: AcceptanceFact | None
    facts: tuple[AcceptanceFact, ...] = ()

    @property
    def answer(self) -> str:
        return self.counts.answer if self.counts else "unknown"

    @property
    def others(self) -> tuple[AcceptanceFact, ...]:
        return tuple(fact for fact in self.facts if fact is not self.counts)


def acceptance_lines(service: Service, level: Visibility) -> list[Line]:
    """Return every gender, and whatever else somebody said something about; one query."""
    said: dict[str, list[AcceptanceFact]] = {}
    for fact in facts_of(service, level):
        said.setdefault(fact.population, []).append(fact)
    return [
        Line(population, _deciding(said.get(population.id, [])), tuple(said.get(population.id, [])))
        for population in populations().values()
        if population.group == "gender" or population.id in said
    ]


def _deciding(facts: list[AcceptanceFact]) -> AcceptanceFact | None:
    by_claim: dict[Claim, AcceptanceFact] = {claim_of(fact): fact for fact in facts}
    claim = decide(by_claim, today=timezone.localdate())
    return by_claim[claim] if claim else None


@dataclass(frozen=True)
class Whole:
    """Everything the page of one service shows besides its facts."""

    addresses: list[Address]
    phones: list[Phone]
    hours: list[Hours]
    capacities: list[ServiceCapacity]
    sources: list[Source]
    changes: list[Metadata]
    reports: list[TurnedAway]


def whole(service: Service, level: Visibility) -> Whole:
    """Return what belongs to a service; six queries."""
    rooms = ServiceCapacity.objects.visible_to(level).filter(service=service).select_related("unit")
    changes = Metadata.objects.visible_to(level).filter(resource_id=service.pk)
    return Whole(
        addresses=addresses_of(service, level),
        phones=phones_of(service, level),
        hours=weekly_hours(weekly_rows(service, level)),
        capacities=list(rooms.order_by("population")),
        sources=list(Source.objects.filter(records__service=service).distinct()),
        changes=list(changes.order_by("-last_action_date", "-id")[:10]),
        reports=list(TurnedAway.objects.filter(service=service).order_by("-reported_on", "-id")[:10]),
    )
