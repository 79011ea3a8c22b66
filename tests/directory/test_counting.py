"""Counts are exact, and nothing that is hidden is counted."""

from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entero.directory import changes, live
from entero.directory.counting import NATIONAL, Counts, UnknownCode, UnknownSource, by_codes, by_vocabulary
from entero.directory.models import Service, SourceRecord, Visibility
from entero.directory.places.states import STATES
from entero.directory.vocabulary.samhsa import split_codes
from tests import make
from tests.directory.matching.plain_reading import (
    NEEDS,
    PEOPLE,
    Thing,
    apply,
    directories,
    patched,
    things,
)


@settings(max_examples=80, deadline=None)
@given(
    directories(),
    st.lists(things(), min_size=1, max_size=4, unique_by=lambda thing: thing.number),
    st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True),
    st.lists(st.sampled_from(NEEDS), max_size=2, unique=True),
    st.sampled_from([[], ["residential"]]),
)
def test_by_vocabulary_counts_every_service_once(
    everything: list[Thing], changed: list[Thing], who: list[str], needs: list[str], forms: list[str]
) -> None:
    codes = {state.number: state.code for state in STATES} | {255: NATIONAL}
    counted = Counter(
        codes[thing.state]
        for thing in apply(everything, changed)
        if set(who) <= thing.yes and all(thing.offers(term) for term in (*needs, *forms))
    )
    found = by_vocabulary(patched(everything, changed), populations=who, needs=needs, settings=forms)
    assert found == Counts(counted.total(), dict(sorted(counted.items())))


@pytest.mark.django_db
def test_by_vocabulary_leaves_out_what_is_hidden() -> None:
    for name in ("Shown", "Hidden"):
        given_one = make.service(name)
        make.place(given_one)
        make.filed(given_one, "trauma")
        make.fact(given_one, "boy", "yes")
    assert by_vocabulary(live.refresh(), populations=["boy"], needs=["trauma"]).by == {"CA": 2}
    hidden = Service.objects.get(name="Hidden")
    Service.objects.filter(pk=hidden.pk).update(visibility=Visibility.STAFF)
    changes.service_changed(hidden.pk)
    assert by_vocabulary(live.refresh(), populations=["boy"], needs=["trauma"]).by == {"CA": 1}


def record(codes: str, state: str = "CA", **values: object) -> SourceRecord:
    made = make.service(f"Facility {SourceRecord.objects.count()}")
    today = make.timezone.localdate()
    return SourceRecord.objects.create(
        source=make.source(),
        key=str(made.pk),
        service=made,
        codes=f" {codes} ",
        state=state,
        first_seen=today,
        last_seen=today,
        **values,
    )


@pytest.mark.django_db
def test_by_codes_counts_whole_codes_and_what_is_lacking() -> None:
    record("MALE FEM")
    record("MALE")
    record("MALE CHLD", "NY")
    record("MALES")
    record("FEM", "")
    assert by_codes("a-survey", []) == Counts(5, {"CA": 3, "NY": 1, "US": 1})
    assert by_codes("a-survey", ["MALE"]) == Counts(3, {"CA": 2, "NY": 1})
    assert by_codes("a-survey", ["MALE", "!FEM"]) == Counts(2, {"CA": 1, "NY": 1})
    assert by_codes("a-survey", ["!MALE", "!MALES"]) == Counts(1, {"US": 1})


@pytest.mark.django_db
def test_by_codes_leaves_out_what_is_gone_or_hidden() -> None:
    record("MALE")
    record("MALE", gone_on=make.timezone.localdate())
    sealed, owned = record("MALE SEALEDCODE").service, record("MALE").service
    assert sealed is not None
    assert owned is not None
    Service.objects.filter(pk=sealed.pk).update(visibility=Visibility.SEALED)
    type(owned.organization).objects.filter(pk=owned.organization_id).update(visibility=Visibility.STAFF)
    assert by_codes("a-survey", ["MALE"]).total == 1
    with pytest.raises(UnknownCode) as refused:
        by_codes("a-survey", ["SEALEDCODE"])
    assert "SEALEDCODE" not in refused.value.known


@pytest.mark.django_db
def test_by_codes_names_what_it_does_not_know() -> None:
    record("MALE")
    with pytest.raises(UnknownSource) as refused:
        by_codes("another", ["MALE"])
    assert refused.value.known == ("a-survey",)
    with pytest.raises(UnknownCode):
        by_codes("a-survey", ["!MALEE"])


@pytest.mark.django_db
@pytest.mark.needs_shared_data
def test_by_codes_counts_as_the_published_file_does(shared_data: Path) -> None:
    path = shared_data / "samhsa-2022-national-directory" / "National_Directory_SA_Facilities_2022.xlsx"
    book = openpyxl.load_workbook(path, read_only=True)
    rows = book.worksheets[0].iter_rows(min_row=2, values_only=True)
    facilities = [(str(row[5]), split_codes(str(row[12]))) for row in rows if row[0]]
    book.close()
    keep(facilities)
    counted = Counter(state for state, codes in facilities if "MALE" in codes and "FEM" not in codes)
    found = by_codes("a-survey", ["MALE", "!FEM"])
    assert found == Counts(counted.total(), dict(sorted(counted.items())))
    assert (len(facilities), found.total) == (12_176, 702)


def keep(facilities: list[tuple[str, frozenset[str]]]) -> None:
    """Keep the rows of a source, each with its service."""
    owner, today, now = make.organization(), make.timezone.localdate(), make.timezone.now()
    services = [Service(organization=owner, name=str(n), last_modified=now) for n in range(len(facilities))]
    source = make.source()
    Service.objects.bulk_create(services, batch_size=1_000)
    SourceRecord.objects.bulk_create(
        [
            SourceRecord(
                source=source,
                key=service.name,
                service=service,
                codes=f" {' '.join(sorted(codes))} ",
                state=state,
                first_seen=today,
                last_seen=today,
            )
            for service, (state, codes) in zip(services, facilities, strict=True)
        ],
        batch_size=1_000,
    )
