"""Our vocabulary as rows of the directory, so that services can be filed under it and feeds can carry it.

The data files in ``vocabulary`` are the original; these rows are a copy with ids that never change.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from uuid import UUID, uuid5

from django.db import transaction

from entero.directory.models import Taxonomy, TaxonomyTerm
from entero.directory.vocabulary import samhsa
from entero.directory.vocabulary.terms import Kind, populations, terms

NAMESPACE = UUID("5b6e8a0c-3f0d-5c7e-9d57-0e1f6e7465e0")
"""Every id of a taxonomy or term is a UUID of version 5 below this one; it never changes."""


class Listing(StrEnum):
    """The taxonomies that the directory brings along."""

    NEEDS = "needs"
    SETTINGS = "settings"
    POPULATIONS = "populations"
    SAMHSA = "samhsa"


TAXONOMIES = {
    Listing.NEEDS: ("Entero needs", "What somebody looks for. Our own words, CC0."),
    Listing.SETTINGS: ("Entero settings", "The form in which help is given. Our own words, CC0."),
    Listing.POPULATIONS: ("Entero populations", "Whom a service may take or refuse. Our own words, CC0."),
    Listing.SAMHSA: (
        "SAMHSA",
        "Service codes of SAMHSA's directories of treatment facilities, editions 2022 and 2024.",
    ),
}
FIELDS = ("name", "description", "parent_id", "taxonomy_id", "language")
TAXONOMY_FIELDS = ("name", "description")


def taxonomy_id(taxonomy: str) -> UUID:
    """Return the id of a taxonomy; the same on every installation."""
    return uuid5(NAMESPACE, Listing(taxonomy))


def term_row_id(taxonomy: str, code: str) -> UUID:
    """Return the id of a term's row; the same on every installation."""
    return uuid5(NAMESPACE, f"{Listing(taxonomy)}/{code}")


def listing_of(term_id: str) -> Listing:
    """Say whether a term of the vocabulary is filed under needs or settings."""
    return Listing.NEEDS if terms()[term_id].kind is Kind.NEED else Listing.SETTINGS


@cache
def term_by_row_id() -> dict[UUID, tuple[Listing, str]]:
    """Return the taxonomy and the code of each row id, for readers of attributes."""
    return {row.id: (_listing_by_id()[row.taxonomy_id], row.code) for row in _term_rows()}


def load() -> None:
    """Write what is missing and mend what has changed; a second run writes nothing."""
    with transaction.atomic():
        taxonomies, found = _outdated()
        Taxonomy.objects.bulk_create(
            taxonomies,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=TAXONOMY_FIELDS,
        )
        TaxonomyTerm.objects.bulk_create(
            found, update_conflicts=True, unique_fields=["id"], update_fields=("code", *FIELDS)
        )


def outdated_count() -> int:
    """Return how many rows are missing or differ from the data files."""
    taxonomies, found = _outdated()
    return len(taxonomies) + len(found)


def _outdated() -> tuple[list[Taxonomy], list[TaxonomyTerm]]:
    ids = [taxonomy_id(listing) for listing in Listing]
    kept_taxonomies = set(Taxonomy.objects.filter(id__in=ids).values_list("id", *TAXONOMY_FIELDS))
    kept_terms = set(TaxonomyTerm.objects.filter(taxonomy_id__in=ids).values_list("id", "code", *FIELDS))
    taxonomies = [row for row in _taxonomy_rows() if _values(row, TAXONOMY_FIELDS) not in kept_taxonomies]
    found = [row for row in _term_rows() if _values(row, ("code", *FIELDS)) not in kept_terms]
    return taxonomies, found


def _values(row: Taxonomy | TaxonomyTerm, fields: tuple[str, ...]) -> tuple[object, ...]:
    return (row.id, *(getattr(row, name) for name in fields))


def _listing_by_id() -> dict[UUID | None, Listing]:
    return {taxonomy_id(listing): listing for listing in Listing}


def _taxonomy_rows() -> list[Taxonomy]:
    return [
        Taxonomy(id=taxonomy_id(listing), name=name, description=description)
        for listing, (name, description) in TAXONOMIES.items()
    ]


def _term_rows() -> Iterator[TaxonomyTerm]:
    for term in terms().values():
        yield _row(listing_of(term.id), term.id, term.en, term.es, term.open_eligibility, term.parent)
    for population in populations().values():
        yield _row(
            Listing.POPULATIONS, population.id, population.en, population.es, population.open_eligibility
        )
    for code, label in samhsa.labels().items():
        yield _term(Listing.SAMHSA, code, name=label, description=label)


def _row(
    listing: Listing, code: str, en: str, es: str, open_eligibility: str | None, parent: str | None = None
) -> TaxonomyTerm:
    same_elsewhere = f" Open Eligibility: {open_eligibility}." if open_eligibility else ""
    return _term(listing, code, name=en, description=f"Español: {es}.{same_elsewhere}", parent=parent)


def _term(
    listing: Listing, code: str, *, name: str, description: str, parent: str | None = None
) -> TaxonomyTerm:
    return TaxonomyTerm(
        id=term_row_id(listing, code),
        code=code,
        name=name[:255],
        description=description,
        parent_id=term_row_id(listing_of(parent), parent) if parent else None,
        taxonomy_id=taxonomy_id(listing),
        language="en",
    )
