"""SAMHSA's directories become organizations, services, places and facts."""

from datetime import date
from pathlib import Path

import pytest

from entero.directory.importing.run import Format, import_file
from entero.directory.models import (
    AcceptanceFact,
    Address,
    Attribute,
    CostOption,
    DirectoryChange,
    ImportRun,
    Language,
    Location,
    Organization,
    Phone,
    Service,
    Source,
    SourceRecord,
    Trust,
)
from tests.directory.importing import files

pytestmark = pytest.mark.django_db


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    return run.new, run.changed, run.same, run.gone


def facts(of: Service) -> dict[str, str]:
    return dict(AcceptanceFact.objects.filter(service=of).values_list("population", "answer"))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_facility_becomes_all_its_rows(tmp_path: Path, kind: str) -> None:
    row = files.facility(
        "Harbor House", name2="Evening Clinic", intake1="619-555-0101 x12", street2="Suite 3"
    )
    path = files.samhsa_csv(tmp_path, row) if kind == "csv" else files.workbook(tmp_path, row)

    run = import_file(path, source="samhsa-2022-sa")

    assert (run.state, counts(run), run.refused, run.repaired, run.error) == (
        "done",
        (1, 0, 0, 0),
        [],
        {},
        "",
    )
    service = Service.objects.get()
    assert (service.name, service.organization.name, service.status) == (
        "Evening Clinic",
        "Harbor House",
        "active",
    )
    address = Address.objects.get()
    assert (address.address_1, address.address_2, address.city, address.state_province) == (
        "100 Elm Street",
        "Suite 3",
        "San Diego",
        "CA",
    )
    assert address.postal_code == "92101"
    assert list(Phone.objects.values_list("number", "extension", "service")) == [
        ("619-555-0100", None, service.pk),
        ("619-555-0101", 12, service.pk),
    ]


def test_a_place_lies_in_the_middle_of_its_zip_code(tmp_path: Path) -> None:
    import_file(files.samhsa_csv(tmp_path, files.facility()))
    location = Location.objects.get()
    assert location.latitude == pytest.approx(32.7, abs=0.1)
    assert location.longitude == pytest.approx(-117.2, abs=0.1)
    assert location.time_zone == "America/Los_Angeles"


def test_coordinates_of_the_file_come_before_the_middle_of_the_zip_code(tmp_path: Path) -> None:
    rows = [
        files.facility("Near", latitude="32.5", longitude="-117.5"),
        files.facility("None", latitude="NA", longitude="NA"),
        files.facility("Off", latitude="132.5", longitude="-117.5"),
    ]
    text = files.csv_text(rows, [*files.HEADER, "latitude", "longitude"])
    run = import_file(files.write(tmp_path / "located.csv", text))
    found = dict(Location.objects.values_list("organization__name", "latitude"))
    assert found["Near"] == 32.5
    assert found["None"] == found["Off"] != 32.5
    assert run.repaired == {"coordinates": 1}


def test_codes_say_yes_and_silence_says_nothing(tmp_path: Path) -> None:
    import_file(files.samhsa_csv(tmp_path, files.facility(service_code_info=files.BOYS)))
    assert facts(Service.objects.get()) == {"boy": "yes", "minor": "yes"}
    assert not AcceptanceFact.objects.filter(answer="no").exists()


def test_an_exclusion_is_a_fact(tmp_path: Path) -> None:
    import_file(files.samhsa_csv(tmp_path, files.facility(service_code_info="SA * OP * DUO * MALE ADLT")))
    assert facts(Service.objects.get()) == {"man": "yes", "adult": "yes", "not_dui_only": "no"}


def test_terms_languages_and_costs_come_from_the_codes(tmp_path: Path) -> None:
    import_file(files.samhsa_csv(tmp_path, files.facility(service_code_info=files.CODES)))
    service = Service.objects.get()
    terms = Attribute.objects.filter(link_id=service.pk).values_list(
        "taxonomy_term__taxonomy__name", "taxonomy_term__code"
    )
    ours = {code for taxonomy, code in terms if taxonomy != "SAMHSA"}
    assert ours == {
        "substance_use",
        "co_occurring",
        "detox",
        "sexual_abuse",
        "trauma",
        "outpatient",
        "residential",
    }
    assert {code for taxonomy, code in terms if taxonomy == "SAMHSA"} == {"SA", "DT", "SUMH", "OP", "RES"}
    assert list(Language.objects.values_list("code", "name")) == [("es", "Spanish")]
    assert service.cost == 6
    assert CostOption.objects.count() == 2


def test_the_source_is_kept_with_every_row_and_fact(tmp_path: Path) -> None:
    import_file(files.samhsa_csv(tmp_path, files.facility(service_code_info=files.BOYS)))
    source = Source.objects.get()
    assert (source.slug, source.trust, source.observed_on) == (
        "samhsa-2022-sa",
        Trust.SURVEY,
        date(2022, 1, 1),
    )
    record = SourceRecord.objects.get()
    assert (record.source, record.service, record.state) == (source, Service.objects.get(), "CA")
    assert record.codes == " CHLD MALE RES SA TRMA "
    assert set(AcceptanceFact.objects.values_list("source", "observed_on")) == {(source.pk, date(2022, 1, 1))}
    assert DirectoryChange.objects.filter(service_id=None).count() == 1


@pytest.mark.parametrize(
    ("codes", "slug"), [(files.CODES, "samhsa-2022-sa"), ("MH * OP * CHLD", "samhsa-2022-mh")]
)
def test_the_source_is_told_from_the_content(tmp_path: Path, codes: str, slug: str) -> None:
    import_file(files.samhsa_csv(tmp_path, files.facility(service_code_info=codes), name="anything.txt"))
    assert Source.objects.get().slug == slug


def test_the_edition_with_both_kinds_keeps_them_apart(tmp_path: Path) -> None:
    rows = [files.facility(), files.facility(directory_type="mental", service_code_info="MH * OP")]
    run = import_file(files.samhsa_csv_of_both(tmp_path, *rows))
    assert run.source is not None
    assert (run.source.slug, counts(run)) == ("samhsa-2024", (2, 0, 0, 0))
    assert Organization.objects.count() == Location.objects.count() == 1


def test_one_facility_has_one_id_in_both_editions(tmp_path: Path) -> None:
    import_file(files.samhsa_csv(tmp_path, files.facility()))
    import_file(files.samhsa_csv_of_both(tmp_path, files.facility(phone="619-555-0199")))
    assert Service.objects.count() == 1
    assert Phone.objects.get().number == "619-555-0199"
    assert SourceRecord.objects.count() == 2


def test_an_older_edition_adds_facts_and_changes_nothing_else(tmp_path: Path) -> None:
    import_file(files.samhsa_csv_of_both(tmp_path, files.facility(phone="619-555-0199")))
    import_file(files.samhsa_csv(tmp_path, files.facility()))
    assert Phone.objects.get().number == "619-555-0199"
    days = AcceptanceFact.objects.filter(population="man").values_list("observed_on", flat=True)
    assert sorted(days) == [date(2022, 1, 1), date(2024, 1, 1)]


@pytest.mark.parametrize(
    ("given", "state", "whole"),
    [
        ("501", "NY", "00501"),
        ("1001", "MA", "01001"),
        ("92101", "CA", "92101"),
        ("92101-1234", "CA", "92101"),
    ],
)
def test_lost_zeros_of_a_zip_code_are_put_back(tmp_path: Path, given: str, state: str, whole: str) -> None:
    run = import_file(files.samhsa_csv(tmp_path, files.facility(zip=given, state=state)))
    assert Address.objects.get().postal_code == whole
    assert run.repaired == ({"zip_zeros": 1} if len(given) < 5 else {})


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"zip": "1001", "state": "CA"}, "The ZIP code is not one. (1001)"),
        ({"zip": "SA OP"}, "The row looks shifted: a column holds what belongs into another. (SA OP)"),
        ({"zip": ""}, "The ZIP code is not one."),
        ({"state": "ZZ"}, "The state is not one. (ZZ)"),
        ({"name1": ""}, "There is no name."),
        ({"name1": "n" * 300}, f"The name is too long. ({'n' * 40})"),
        ({"street1": ""}, "There is no street or no city."),
        ({"service_code_info": ""}, "There are no service codes."),
        (
            {"service_code_info": "a long sentence"},
            "The row looks shifted: a column holds what belongs into another. (a long sentence)",
        ),
        (dict.fromkeys(files.HEADER, ""), "The row is empty."),
    ],
)
def test_a_row_that_makes_no_sense_is_refused_with_its_line(
    tmp_path: Path, values: dict[str, str], reason: str
) -> None:
    run = import_file(files.samhsa_csv(tmp_path, files.facility("Good"), files.facility(**values) | values))
    assert (run.state, run.new, run.refused) == ("done", 1, [[3, reason]])
    assert Service.objects.count() == 1


def test_cells_that_look_like_formulas_are_text(tmp_path: Path) -> None:
    names = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)"]
    run = import_file(files.samhsa_csv(tmp_path, *(files.facility(name) for name in names)))
    assert run.new == 4
    assert sorted(Service.objects.values_list("name", flat=True)) == sorted(names)


def test_two_rows_of_one_name_and_address_are_two_services(tmp_path: Path) -> None:
    path = files.samhsa_csv(tmp_path, files.facility(), files.facility(phone="619-555-0102"))
    assert counts(import_file(path)) == (2, 0, 0, 0)
    assert counts(import_file(path)) == (0, 0, 2, 0)


def test_text_of_windows_is_read_and_said(tmp_path: Path) -> None:
    text = files.csv_text([files.facility("Niños y Jóvenes")])
    run = import_file(files.write(tmp_path / "windows.csv", text.encode("cp1252")))
    assert (run.state, run.repaired) == ("done", {"encoding": 1})
    assert Organization.objects.get().name == "Niños y Jóvenes"


def test_another_format_than_asked_for_is_refused(tmp_path: Path) -> None:
    run = import_file(files.samhsa_csv(tmp_path, files.facility()), format=Format.HSDS_JSON)
    assert (run.state, run.error) == (
        "refused",
        "The content of the file is of another format than you asked for. (samhsa)",
    )


def test_a_source_name_must_be_one(tmp_path: Path) -> None:
    run = import_file(files.samhsa_csv(tmp_path, files.facility()), source="Not A Slug!")
    assert run.state == "refused"
    assert not Source.objects.exists()
