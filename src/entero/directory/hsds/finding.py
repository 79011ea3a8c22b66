"""Which rows a question to the API is about. Only what everybody may see is compared, counted or sorted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from entero.directory.acceptance.rule import Answer, Trust
from entero.directory.hsds import facts, shapes
from entero.directory.hsds.nearby import Circle
from entero.directory.hsds.records import readable
from entero.directory.hsds.rows import PLACE_FIELDS
from entero.directory.models import (
    AcceptanceFact,
    Address,
    Attribute,
    Reach,
    Service,
    ServiceArea,
    TaxonomyTerm,
    Visibility,
)
from entero.directory.queries import SAID
from entero.directory.vocabulary_tables import Listing, taxonomy_id, term_by_row_id


@dataclass(frozen=True)
class Question:
    """What is asked for; what is empty does not narrow. ``state`` and ``circle`` come from a postal code."""

    search: str = ""
    taxonomy_term_id: UUID | None = None
    taxonomy_id: UUID | None = None
    organization_id: UUID | None = None
    parent_id: UUID | None = None
    modified_after: datetime | None = None
    top_only: bool = False
    state: str = ""
    circle: Circle | None = None


def services(question: Question) -> QuerySet[Any]:
    """Return services by words, terms, organization and day of change."""
    return _services(readable(shapes.SERVICE), question)


def _services(rows: QuerySet[Any], question: Question) -> QuerySet[Any]:
    rows = _with_words(
        rows,
        question.search,
        ("name", "alternate_name", "description", "description_es", "organization__name"),
    )
    if question.organization_id:
        rows = _telling(rows, "organization").filter(organization_id=question.organization_id)
    if question.modified_after:
        rows = _telling(rows, "last_modified").filter(last_modified__gte=question.modified_after)
    return _filed(rows, question)


def organizations(question: Question) -> QuerySet[Any]:
    """Return organizations by words, and by the terms of their own or of their services."""
    rows = _with_words(
        readable(shapes.ORGANIZATION), question.search, ("name", "alternate_name", "description")
    )
    if not (question.taxonomy_term_id or question.taxonomy_id):
        return rows
    owners = _filed(_telling(Service.objects.public(), "organization"), question).values("organization_id")
    own = _filed(rows, question).values("id")
    return rows.filter(Q(id__in=own) | Q(id__in=owners))


def service_at_locations(question: Question) -> QuerySet[Any]:
    """Return services at their places; those that say they serve other states are left out."""
    rows = readable(shapes.SERVICE_AT_LOCATION)
    asked_of_service = (
        question.search
        or question.taxonomy_term_id
        or question.taxonomy_id
        or question.organization_id
        or question.modified_after
    )
    if asked_of_service:
        rows = rows.filter(service__in=_services(Service.objects.public(), question).values("id"))
    if question.state:
        rows = _covering(rows, question.state)
    return _within(rows, question.circle) if question.circle else rows


def taxonomies(question: Question) -> QuerySet[Any]:
    return _with_words(readable(shapes.TAXONOMY), question.search, ("name", "description"))


def taxonomy_terms(question: Question) -> QuerySet[Any]:
    """Return terms by words, taxonomy and parent; a parent that may not be seen is no parent."""
    rows = _with_words(readable(shapes.TAXONOMY_TERM), question.search, ("name", "description", "code"))
    if question.taxonomy_id:
        rows = _telling(rows, "taxonomy").filter(taxonomy_id=question.taxonomy_id)
    seen = TaxonomyTerm.objects.public().values("id")
    if question.parent_id:
        rows = _telling(rows, "parent").filter(parent_id=question.parent_id, parent_id__in=seen)
    if question.top_only:
        hidden = Q(hidden_fields__has_key="parent")
        rows = rows.filter(Q(parent__isnull=True) | hidden | ~Q(parent_id__in=seen))
    return rows


def _telling(rows: QuerySet[Any], *names: str) -> QuerySet[Any]:
    """Keep the rows that hide none of these fields: what is hidden answers no question."""
    return rows.exclude(hidden_fields__has_any_keys=[*names, *(f"{name}_id" for name in names)])


def _with_words(rows: QuerySet[Any], text: str, fields: tuple[str, ...]) -> QuerySet[Any]:
    for word in text.split():
        found = Q()
        for field in fields:
            owner, _, name = field.rpartition("__")
            hidden = f"{owner}__hidden_fields" if owner else "hidden_fields"
            found |= Q(**{f"{field}__icontains": word}) & ~Q(**{f"{hidden}__has_any_keys": [name, owner]})
        rows = rows.filter(found)
    return rows


def _filed(rows: QuerySet[Any], question: Question) -> QuerySet[Any]:
    """Keep the rows that are filed under the term and the taxonomy. Of acceptance only a yes counts."""
    if question.taxonomy_term_id:
        links = _links(Attribute.objects.public().filter(taxonomy_term_id=question.taxonomy_term_id))
        found = Q(id__in=links)
        listing, code = term_by_row_id().get(question.taxonomy_term_id, (None, ""))
        if listing is Listing.POPULATIONS:
            found |= _taking(code)
        rows = rows.filter(found)
    if question.taxonomy_id:
        links = _links(Attribute.objects.public().filter(taxonomy_term__taxonomy_id=question.taxonomy_id))
        found = Q(id__in=links)
        if question.taxonomy_id == taxonomy_id(Listing.POPULATIONS):
            found |= Q(id__in=_claims().filter(answer=Answer.YES).values("service_id"))
        rows = rows.filter(found)
    return rows


def _links(attributes: QuerySet[Any]) -> QuerySet[Any]:
    told = _telling(facts.but_acceptance(attributes), "taxonomy_term", "link", "link_entity")
    return told.values("link_id")


def _claims() -> QuerySet[Any]:
    return _telling(AcceptanceFact.objects.public(), *SAID).filter(source__trust__gt=Trust.REPORT)


def _taking(population: str) -> Q:
    """Services with a claim that they take somebody, but those whose other claims overrule it."""
    claims = _claims().filter(population=population)
    disputed = claims.exclude(answer=Answer.YES).filter(
        service_id__in=claims.filter(answer=Answer.YES).values("service_id")
    )
    known = facts.facts_of(set(disputed.values_list("service_id", flat=True)), Visibility.PUBLIC)
    overruled = [
        service_id
        for service_id, found in known.items()
        if (population, Answer.YES) not in {(fact.claim.population, fact.claim.answer) for fact in found}
    ]
    return Q(id__in=claims.filter(answer=Answer.YES).values("service_id")) & ~Q(id__in=overruled)


def _covering(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    """Leave out what names the states it serves and not this one; silence is not a no."""
    areas = _telling(ServiceArea.objects.public(), "state").filter(
        Q(service_id=OuterRef("service_id")) | Q(service_at_location_id=OuterRef("id"))
    )
    elsewhere = Exists(areas.exclude(state="")) & ~Exists(areas.filter(state__in=["", state]))
    return rows.filter(~elsewhere | Q(service__reach=Reach.NATION))


def _within(rows: QuerySet[Any], circle: Circle) -> QuerySet[Any]:
    """Keep what lies in the circle; a place whose address is not for everybody has no point for anybody."""
    addresses = Address.objects.filter(location_id=OuterRef("location_id"))
    secret = addresses.filter(
        Q(visibility__gt=Visibility.PUBLIC) | Q(hidden_fields__has_any_keys=list(PLACE_FIELDS))
    )
    return (
        rows.exclude(location__hidden_fields__has_any_keys=["latitude", "longitude"])
        .filter(~Exists(secret))
        .filter(circle.band("location__"), location__longitude__isnull=False)
        .filter(circle.around("location__"))
    )
