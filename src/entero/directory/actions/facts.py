"""Writing down whom a service takes."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from entero.directory.actions import trace
from entero.directory.actions.refused import DateAhead, UnknownCode
from entero.directory.events import FactRecorded
from entero.directory.models import AcceptanceFact, Answer, Service, Source, Trust
from entero.directory.vocabulary.terms import populations
from entero.kernel import events
from entero.kernel.accounts.models import User

CHECKED_BY_US = "checked-by-us"
WORD_OF_PROVIDER = "word-of-provider"


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
    fact.save()
    trace.touch(service)
    events.emit(FactRecorded(str(service.pk), population, answer))
    return fact


def checked_by_us() -> Source:
    """Return the source of what our own staff found out by asking; made when it is missing."""
    found, _ = Source.objects.get_or_create(
        slug=CHECKED_BY_US,
        defaults={
            "name": "Checked by our staff",
            "name_es": "Verificado por nuestro equipo",
            "trust": Trust.CHECKED,
        },
    )
    return found


def word_of_provider() -> Source:
    """Return the source of what a provider says of itself; made when it is missing."""
    found, _ = Source.objects.get_or_create(
        slug=WORD_OF_PROVIDER,
        defaults={
            "name": "The provider's own word",
            "name_es": "Palabra del propio servicio",
            "trust": Trust.PROVIDER,
        },
    )
    return found
