"""Reads of the directory that are used twice, or that decide who may see."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from entero.directory.acceptance.rule import Claim, decide
from entero.directory.hours import WEEKDAYS, Hours
from entero.directory.models import (
    AcceptanceFact,
    Address,
    Guarded,
    ImportRun,
    Phone,
    Schedule,
    Service,
    SourceRecord,
    Visibility,
)

R = TypeVar("R", bound=Guarded)

AT_ONCE = 10_000
"""Ids in one query: below the limit of every database."""

SAID = frozenset({"population", "answer", "source", "observed_on"})
"""Fields without which a fact says nothing: when one is hidden, the fact is."""

LISTING_FIELDS = ("service_id", "source__slug", "source__trust", "source__observed_on", "last_seen")
CLAIM_FIELDS = ("service_id", "population", "answer", "source__trust", "source__slug", "observed_on")


def acceptance_of(
    service_ids: Iterable[UUID], *, level: Visibility = Visibility.PUBLIC
) -> dict[UUID, dict[str, Claim]]:
    """Return the claim that counts, by service and population; one query for 10,000 services.

    Only facts at or below the level take part. A population without a claim is not known; a claim whose
    answer is ``unknown`` is not known either, on somebody's word.
    """
    today = timezone.localdate()
    decided: dict[UUID, dict[str, Claim]] = {}
    for chunk in _chunks(service_ids):
        for service_id, by_population in _claims(chunk, level).items():
            found = {name: decide(claims, today=today) for name, claims in by_population.items()}
            decided[service_id] = {name: claim for name, claim in found.items() if claim is not None}
    return decided


def _chunks(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    rest = iter(ids)
    while chunk := list(islice(rest, AT_ONCE)):
        yield chunk


def _claims(ids: list[UUID], level: Visibility) -> Mapping[UUID, Mapping[str, list[Claim]]]:
    claims: dict[UUID, dict[str, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    rows = (
        AcceptanceFact.objects.visible_to(level)
        .filter(service_id__in=ids)
        .values_list(*CLAIM_FIELDS, "checked_by_id", "hidden_fields")
    )
    for service_id, population, answer, trust, source, observed_on, checked_by, hidden in rows:
        if any(field in SAID and needed > level for field, needed in hidden.items()):
            continue
        claims[service_id][population].append(
            Claim(population, answer, trust, source, observed_on, checked_by is not None)
        )
    return claims


def listed_by(service_ids: Iterable[UUID]) -> dict[UUID, tuple[str, date]]:
    """Return the most trusted source that lists each service now, the newest of these, and its day.

    It stands for what a service offers: needs, settings, languages and cost carry no source of their own.
    One query for 10,000 services; services that no source lists are left out.
    """
    found: dict[UUID, tuple[tuple[int, date], str]] = {}
    for chunk in _chunks(service_ids):
        rows = SourceRecord.objects.filter(service_id__in=chunk, gone_on__isnull=True)
        for service_id, slug, trust, observed_on, last_seen in rows.order_by("source__slug").values_list(
            *LISTING_FIELDS
        ):
            rank = (trust, observed_on or last_seen)
            if service_id not in found or rank > found[service_id][0]:
                found[service_id] = (rank, slug)
    return {service_id: (slug, day) for service_id, ((_, day), slug) in found.items()}


def facts_of(service: Service, level: Visibility) -> list[AcceptanceFact]:
    """Return every fact of a service, newest first, with its source and who checked it; one query."""
    return list(
        AcceptanceFact.objects.visible_to(level)
        .filter(service=service)
        .select_related("source", "checked_by")
        .order_by("-observed_on", "-source__trust", "id")
    )


def claim_of(fact: AcceptanceFact) -> Claim:
    """Return a fact as the rule sees it; its source is read when it is not there yet."""
    return Claim(
        population=fact.population,
        answer=fact.answer,
        trust=fact.source.trust,
        source=fact.source.slug,
        observed_on=fact.observed_on,
        checked=fact.checked_by_id is not None,
    )


def weekly_rows(service: Service, level: Visibility) -> list[Schedule]:
    """Return the schedules of a service that repeat every week, without those of a season; one query."""
    rows = Schedule.objects.visible_to(level).filter(
        service=service, freq__in=("", "WEEKLY"), valid_from__isnull=True, valid_to__isnull=True
    )
    return [row for row in rows.order_by("id") if _days(row)]


def weekly_hours(rows: Iterable[Schedule]) -> list[Hours]:
    """Return the opening hours of these schedules, by weekday and time, each once."""
    found = {
        (day, row.opens_at, row.closes_at)
        for row in rows
        for day in _days(row)
        if row.opens_at and row.closes_at
    }
    return [Hours(*hours) for hours in sorted(found)]


def _days(row: Schedule) -> list[int]:
    names = row.byday.replace(" ", "").split(",")
    return [WEEKDAYS.index(name) for name in names if name in WEEKDAYS]


def import_run(run_id: int) -> ImportRun | None:
    return ImportRun.objects.select_related("source", "by").filter(pk=run_id).first()


def phones_of(service: Service, level: Visibility) -> list[Phone]:
    """Return the numbers of a service and of its places of which the level may see every field."""
    mine = Q(service=service) | Q(location__services_here__service=service)
    rows = Phone.objects.visible_to(level).filter(mine).distinct()
    return _seen_whole(rows.order_by("position", "id"), level)


def addresses_of(service: Service, level: Visibility) -> list[Address]:
    """Return the addresses of a service of which the level may see every field."""
    rows = Address.objects.visible_to(level).filter(location__services_here__service=service)
    return _seen_whole(rows.select_related("location").distinct().order_by("id"), level)


def _seen_whole(rows: Iterable[R], level: Visibility) -> list[R]:
    return [row for row in rows if max(row.hidden_fields.values(), default=0) <= level]


def blank_hidden(row: Guarded, level: Visibility) -> None:
    """Empty the fields of an unsaved copy that the level may not see, so that no page can show them."""
    for name, needed in row.hidden_fields.items():
        if needed > level and isinstance(getattr(row, name, None), str):
            setattr(row, name, "")
