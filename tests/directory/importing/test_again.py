"""The same file twice, a newer file, a dry run, and what people of the staff have done in between."""

from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from entero.directory import actions
from entero.directory.importing.run import import_file
from entero.directory.models import (
    AcceptanceFact,
    DirectoryChange,
    ImportRun,
    Language,
    Phone,
    Service,
    SourceRecord,
    Visibility,
)
from tests import make
from tests.directory.importing import files
from tests.directory.importing.tables import everything_in, fingerprint

pytestmark = pytest.mark.django_db


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    return run.new, run.changed, run.same, run.gone


def facilities(path: Path, *names: str, **values: str) -> Path:
    return files.samhsa_csv(path, *(files.facility(name, **values) for name in names))


WHOLE = (
    "Organization",
    "Service",
    "Location",
    "Address",
    "Phone",
    "Attribute",
    "AcceptanceFact",
    "SourceRecord",
)


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    path = facilities(tmp_path, "Harbor", "Mesa", "Cove")
    import_file(path)
    before, changes = everything_in(*WHOLE), DirectoryChange.objects.count()

    run = import_file(path)

    assert counts(run) == (0, 0, 3, 0)
    assert everything_in(*WHOLE) == before
    assert DirectoryChange.objects.count() == changes


@pytest.mark.parametrize("before", [(), ("Harbor", "Mesa")])
def test_a_dry_run_tells_the_same_and_changes_nothing(tmp_path: Path, before: tuple[str, ...]) -> None:
    if before:
        import_file(facilities(tmp_path, *before))
    path = facilities(tmp_path, "Harbor", "Cove", phone="619-555-0123")
    seen = fingerprint()

    tried = import_file(path, dry_run=True)

    assert fingerprint() == seen
    assert tried.state == "dry"
    assert counts(import_file(path)) == counts(tried)


def test_a_changed_row_replaces_what_it_said_before(tmp_path: Path) -> None:
    import_file(facilities(tmp_path, "Harbor", service_code_info="SA OP * MALE ADLT * SP"))
    service = Service.objects.get()
    before = service.last_modified

    run = import_file(facilities(tmp_path, "Harbor", service_code_info="SA OP * ADLT", phone="619-555-0123"))

    assert counts(run) == (0, 1, 0, 0)
    assert Phone.objects.get().number == "619-555-0123"
    assert not Language.objects.exists()
    assert list(AcceptanceFact.objects.values_list("population", "answer")) == [("adult", "yes")]
    service.refresh_from_db()
    assert service.last_modified > before


def test_what_disappears_is_gone_and_its_service_closes(tmp_path: Path) -> None:
    import_file(facilities(tmp_path, "Harbor", "Mesa"))

    run = import_file(facilities(tmp_path, "Harbor"))

    assert counts(run) == (0, 0, 1, 1)
    assert dict(Service.objects.values_list("name", "status")) == {"Harbor": "active", "Mesa": "inactive"}
    gone = SourceRecord.objects.get(service__name="Mesa")
    assert gone.gone_on == timezone.localdate()
    assert AcceptanceFact.objects.filter(service__name="Mesa").exists()


def test_what_comes_back_opens_again(tmp_path: Path) -> None:
    import_file(facilities(tmp_path, "Harbor", "Mesa"))
    import_file(facilities(tmp_path, "Harbor"))

    run = import_file(facilities(tmp_path, "Harbor", "Mesa"))

    assert counts(run) == (0, 1, 1, 0)
    assert set(Service.objects.values_list("status", flat=True)) == {"active"}
    assert not SourceRecord.objects.exclude(gone_on=None).exists()


def test_a_service_that_another_source_holds_stays_open(tmp_path: Path) -> None:
    import_file(facilities(tmp_path, "Harbor", "Mesa"))
    import_file(facilities(tmp_path, "Mesa"), source="a-copy")

    run = import_file(facilities(tmp_path, "Harbor"))

    assert run.gone == 1
    assert set(Service.objects.values_list("status", flat=True)) == {"active"}


def test_a_file_that_lacks_most_of_a_large_source_is_refused(tmp_path: Path) -> None:
    import_file(facilities(tmp_path, *(f"House {number}" for number in range(120))))
    seen = fingerprint()

    run = import_file(facilities(tmp_path, *(f"House {number}" for number in range(40))))

    assert run.state == "refused"
    assert run.error.endswith("(80 / 120)")
    assert fingerprint() == seen


def test_a_fact_that_staff_checked_survives(tmp_path: Path) -> None:
    import_file(facilities(tmp_path, "Harbor", service_code_info=files.BOYS))
    service, heron = Service.objects.get(), make.staff()
    make.fact(service, "boy", "no", by=heron)
    fact = AcceptanceFact.objects.get(service=service, population="minor")
    AcceptanceFact.objects.filter(pk=fact.pk).update(checked_by=heron, answer="no")

    import_file(facilities(tmp_path, "Harbor", service_code_info=files.BOYS + " * SP"))
    import_file(facilities(tmp_path, "Harbor", service_code_info="SA OP"))

    found = set(AcceptanceFact.objects.values_list("population", "answer", "checked_by"))
    assert found == {("boy", "no", heron.pk), ("minor", "no", heron.pk)}


def test_what_staff_edited_stays_field_by_field(tmp_path: Path) -> None:
    import_file(facilities(tmp_path, "Harbor"))
    service, heron = Service.objects.get(), make.staff()
    number = Phone.objects.get()
    actions.edit_service(
        service,
        by=heron,
        fields={"name": "Harbor for boys"},
        phones=[actions.PhoneRow(number.pk, "619-555-0177"), actions.PhoneRow(None, "619-555-0188")],
    )

    run = import_file(facilities(tmp_path, "Harbor", intake1="619-555-0166", service_code_info="SA OP * NP"))

    service.refresh_from_db()
    assert (run.changed, service.name, service.cost) == (1, "Harbor for boys", 1)
    assert sorted(Phone.objects.values_list("number", flat=True)) == [
        "619-555-0166",
        "619-555-0177",
        "619-555-0188",
    ]


def test_what_staff_removed_does_not_come_back(tmp_path: Path) -> None:
    import_file(facilities(tmp_path, "Harbor"))
    number = Phone.objects.get()
    actions.edit_service(
        Service.objects.get(), by=make.staff(), fields={}, phones=[actions.PhoneRow(number.pk, "")]
    )

    import_file(facilities(tmp_path, "Harbor", intake1="619-555-0166"))

    assert list(Phone.objects.values_list("number", flat=True)) == ["619-555-0166"]


def test_a_service_that_staff_closed_stays_closed(tmp_path: Path) -> None:
    import_file(facilities(tmp_path, "Harbor"))
    actions.close_service(Service.objects.get(), for_good=False, by=make.staff())
    closed = Service.objects.get().status

    import_file(facilities(tmp_path, "Harbor", intake1="619-555-0166"))

    assert closed != "active"
    assert Service.objects.get().status == closed


def test_an_import_never_makes_a_row_more_visible(tmp_path: Path) -> None:
    import_file(facilities(tmp_path, "Harbor"))
    Service.objects.update(visibility=Visibility.SEALED, hidden_fields={"name": Visibility.STAFF})

    import_file(facilities(tmp_path, "Harbor", intake1="619-555-0166"))

    service = Service.objects.get()
    assert (service.visibility, service.hidden_fields) == (Visibility.SEALED, {"name": Visibility.STAFF})


def test_a_service_of_our_own_gets_facts_and_nothing_else(tmp_path: Path) -> None:
    ours = make.service("Evening group", description="Ours.")
    record = files.service(1, id=str(ours.pk), description="Theirs.", attributes=[files.term("gender:men")])

    for _ in range(2):
        import_file(files.feed(tmp_path, files.page(record)))
        record["alert"] = "Changed."

    ours.refresh_from_db()
    assert (ours.name, ours.description, ours.alert) == ("Evening group", "Ours.", "")
    assert list(AcceptanceFact.objects.values_list("service", "population", "answer")) == [
        (ours.pk, "man", "yes")
    ]


def test_a_run_is_kept_with_who_and_when(tmp_path: Path) -> None:
    heron = make.staff()
    import_file(facilities(tmp_path, "Harbor"), by=heron)
    run = ImportRun.objects.get()
    assert (run.by, run.file_name, run.state) == (heron, "facilities.csv", "done")
    assert run.started_at.date() <= date.max
    assert run.finished_at is not None
    assert run.finished_at >= run.started_at
