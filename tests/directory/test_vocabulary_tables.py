"""The vocabulary as rows: stable, complete, and written once."""

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entero.directory import vocabulary_tables
from entero.directory.models import Taxonomy, TaxonomyTerm
from entero.directory.vocabulary import samhsa
from entero.directory.vocabulary.terms import populations, terms
from entero.directory.vocabulary_tables import Listing, term_row_id


def test_term_row_id_is_the_same_on_every_installation() -> None:
    assert term_row_id("needs", "trauma") == UUID("64ff6980-ec5c-59eb-9707-4214707fdfef")


def test_term_row_id_differs_between_taxonomies() -> None:
    assert len({term_row_id(listing, "man") for listing in Listing}) == len(Listing)


def test_term_row_id_of_an_unknown_taxonomy_is_refused() -> None:
    with pytest.raises(ValueError, match="colors"):
        term_row_id("colors", "red")


@pytest.mark.django_db
def test_load_writes_every_term_of_the_data_files() -> None:
    vocabulary_tables.load()
    written = {
        listing: set(TaxonomyTerm.objects.filter(taxonomy__name=name).values_list("code", flat=True))
        for listing, (name, _) in vocabulary_tables.TAXONOMIES.items()
    }
    assert written[Listing.NEEDS] | written[Listing.SETTINGS] == set(terms())
    assert written[Listing.POPULATIONS] == set(populations())
    assert written[Listing.SAMHSA] == set(samhsa.labels())


@pytest.mark.django_db
def test_load_keeps_parents_names_and_the_spanish_name() -> None:
    vocabulary_tables.load()
    row = TaxonomyTerm.objects.get(id=term_row_id("needs", "detox"))
    assert row.parent == TaxonomyTerm.objects.get(id=term_row_id("needs", "substance_use"))
    assert (row.name, row.language) == (terms()["detox"].en, "en")
    assert row.description.startswith(f"Español: {terms()['detox'].es}.")


@pytest.mark.django_db
def test_load_a_second_time_only_reads() -> None:
    vocabulary_tables.load()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        vocabulary_tables.load()
    assert [
        query["sql"]
        for query in queries
        if not query["sql"].startswith(("SELECT", "BEGIN", "SAVEPOINT", "RELEASE"))
    ] == []


@pytest.mark.django_db
def test_load_mends_what_was_changed_and_keeps_what_is_not_ours() -> None:
    vocabulary_tables.load()
    TaxonomyTerm.objects.filter(id=term_row_id("needs", "trauma")).update(name="Something else")
    other = Taxonomy.objects.create(name="Theirs", description="of another directory")
    TaxonomyTerm.objects.create(taxonomy=other, code="trauma", name="Theirs", description="theirs")
    assert vocabulary_tables.outdated_count() == 1
    vocabulary_tables.load()
    assert vocabulary_tables.outdated_count() == 0
    assert TaxonomyTerm.objects.get(taxonomy=other).name == "Theirs"


def test_term_by_row_id_leads_back_to_the_code() -> None:
    found = vocabulary_tables.term_by_row_id()
    assert found[term_row_id("settings", "residential")] == (Listing.SETTINGS, "residential")
    assert found[term_row_id("samhsa", "MALE")] == (Listing.SAMHSA, "MALE")
