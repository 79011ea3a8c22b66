"""Writing down whom a service takes."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from entero.directory.actions import trace
from entero.directory.actions.refused import DateAhead, UnknownCode
from entero.directory.events import FactRecorded
from entero.directory.models import AcceptanceFact, Answer, Service, Source, Trust, Visibility
from entero.directory.vocabulary.terms import populations
from entero.kernel import events
from entero.kernel.accounts.models import User

CHECKED_BY_US = "checked-by-us"
WORD_OF_PROVIDER = "word-of-provider"
OUR_OWN: dict[str, dict[str, Any]] = {
    CHECKED_BY_US: {
        "name": "Checked by our staff",
        "name_es": "Verificado por nuestro equipo",
        "trust": Trust.CHECKED,
    },
    WORD_OF_PROVIDER: {
        "name": "The provider's own word",
        "name_es": "Palabra del propio servicio",
        "trust": Trust.PROVIDER,
    },
}


@transaction.atomic
def record_fact(
    service: Service,
    *,
    population: str,
    answer: str,
    source: Source,
    observed_on: date,
    by: User | None,
    note: str = "",
    visibility: Visibility = Visibility.PUBLIC,
) -> AcceptanceFact:
    """Write down one source's word on one population; a second word of that source and day corrects it.

    Raises UnknownCode and DateAhead.
    """
    if population not in populations() or answer not in Answer.values:
        raise UnknownCode
    if observed_on > timezone.localdate():
        raise DateAhead
    service = trace.locked(service.pk)
    same_day = AcceptanceFact.objects.filter(
        service=service, population=population, source=source, observed_on=observed_on
    ).first()
    fact: AcceptanceFact = same_day or AcceptanceFact(
        service=service, population=population, source=source, observed_on=observed_on
    )
    if same_day and by is not None and fact.answer != answer:
        trace.note(fact, "answer", before=fact.answer, after=answer, by=by)
    fact.answer, fact.note, fact.checked_by = answer, note[:255], by
    fact.visibility = max(visibility, fact.visibility) if same_day else visibility
    fact.save()
    trace.touch(service)
    events.emit(FactRecorded(str(service.pk), population, answer))
    return fact


def source_named(slug: str) -> Source:
    """Return a source by its slug; the two of our own are made when they are missing.

    Raises UnknownCode.
    """
    if slug in OUR_OWN:
        found, _ = Source.objects.get_or_create(slug=slug, defaults=OUR_OWN[slug])
        return found
    known = Source.objects.filter(slug=slug).first()
    if known is None:
        raise UnknownCode
    return known


def checked_by_us() -> Source:
    """Return the source of what our own staff found out by asking."""
    return source_named(CHECKED_BY_US)
