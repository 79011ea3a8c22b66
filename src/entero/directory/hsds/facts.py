"""Acceptance facts in HSDS: an attribute of our populations, and a property of ours with source and date."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db.models import QuerySet

from entero.directory.acceptance.rule import Answer, Claim
from entero.directory.hsds import tables
from entero.directory.hsds.rows import Value, written
from entero.directory.models import Source, SourceRecord, TaxonomyTerm, Visibility
from entero.directory.queries import acceptance_of
from entero.directory.vocabulary.terms import populations
from entero.directory.vocabulary_tables import NAMESPACE, Listing, taxonomy_id

LINK_TYPE = "acceptance"


@dataclass(frozen=True)
class Fact:
    """The claim that counts for one population, with the name of its source."""

    claim: Claim
    source_name: str

    def attribute_id(self, service_id: UUID) -> UUID:
        """Return an id that stays the same when a newer claim takes over."""
        return uuid5(NAMESPACE, f"acceptance/{service_id}/{self.claim.population}")

    def label(self) -> str:
        return populations()[self.claim.population].sentence(self.claim.answer, "en")

    def as_property(self) -> dict[str, Value]:
        return {
            "population": self.claim.population,
            "answer": self.claim.answer,
            "source": self.claim.source,
            "source_name": self.source_name,
            "observed_on": self.claim.observed_on.isoformat(),
            "checked": self.claim.checked,
        }


def facts_of(service_ids: Collection[UUID], level: Visibility) -> dict[UUID, list[Fact]]:
    """Return what is known of each service: one fact a population; what is not known is left out."""
    decided = acceptance_of(service_ids, level=level)
    slugs = {claim.source for claims in decided.values() for claim in claims.values()}
    names = dict(Source.objects.filter(slug__in=slugs).values_list("slug", "name"))
    return {
        service_id: [Fact(claim, names[claim.source]) for claim in _known(claims)]
        for service_id, claims in decided.items()
    }


def _known(claims: Mapping[str, Claim]) -> list[Claim]:
    """Return the claims that say yes or no, in the order of the vocabulary."""
    known = [
        claim
        for population, claim in claims.items()
        if population in populations() and claim.answer != Answer.UNKNOWN
    ]
    return sorted(known, key=lambda claim: populations()[claim.population].bit)


def but_acceptance(attributes: QuerySet[Any]) -> QuerySet[Any]:
    """Leave out copies of acceptance that came with a feed: facts alone say whom a service takes."""
    return attributes.exclude(
        taxonomy_term__taxonomy_id=taxonomy_id(Listing.POPULATIONS), link_entity="service"
    )


def population_terms(level: Visibility) -> dict[str, dict[str, Any]]:
    """Return the terms of our populations taxonomy by code, as HSDS writes them; none when not loaded."""
    rows = (
        TaxonomyTerm.objects.visible_to(level)
        .filter(taxonomy_id=taxonomy_id(Listing.POPULATIONS))
        .select_related(*tables.TAXONOMY_TERM.related)
    )
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        term = written(tables.TAXONOMY_TERM, row, level)
        if term is not None:
            found[row.code] = term
    return found


def attribute(service_id: UUID, fact: Fact, term: dict[str, Any]) -> dict[str, Any]:
    """Return the fact as an HSDS attribute; yes and no are its value, and its label says so in words."""
    return {
        "id": str(fact.attribute_id(service_id)),
        "link_type": LINK_TYPE,
        "link_entity": "service",
        "value": fact.claim.answer,
        "label": fact.label(),
        "taxonomy_term": term,
    }


def sources_of(service_ids: Collection[UUID]) -> dict[UUID, list[dict[str, str]]]:
    """Return the sources to be cited for each service."""
    rows = (
        SourceRecord.objects.filter(service_id__in=list(service_ids), gone_on__isnull=True)
        .values_list("service_id", "source__name", "source__url", "source__license")
        .order_by("service_id", "source__slug")
        .distinct()
    )
    found: dict[UUID, list[dict[str, str]]] = defaultdict(list)
    for service_id, *values in rows:
        pairs = zip(("name", "url", "license"), values, strict=True)
        found[service_id].append({name: value for name, value in pairs if value})
    return found


def cited() -> list[dict[str, str]]:
    """Return every source that the directory holds records of, as a package cites them."""
    rows = Source.objects.filter(records__gone_on__isnull=True, records__isnull=False).distinct()
    return [
        {"title": source.name} | ({"path": source.url} if source.url else {})
        for source in rows.order_by("slug")
    ]
