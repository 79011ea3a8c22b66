"""HSDS data packages: folders and zip files, 3.x and 1.1, whose rows may stand in any order."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from entero.directory.importing.run import import_file
from entero.directory.models import (
    Accessibility,
    Address,
    Attribute,
    CostOption,
    Language,
    Location,
    Organization,
    Phone,
    RequiredDocument,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    TaxonomyTerm,
)
from tests.directory.importing import files

pytestmark = pytest.mark.django_db

Tables = dict[str, list[dict[str, str]]]

NEW: Tables = {
    "phone": [
        {"id": "p1", "service_id": "s1", "number": "619-555-0100", "organization_id": "o1"},
        {"id": "p2", "service_id": "nobody", "number": "619-555-0101", "organization_id": ""},
    ],
    "service_at_location": [{"id": "a1", "service_id": "s1", "location_id": "l1"}],
    "location": [
        {"id": "l1", "organization_id": "o1", "location_type": "physical", "latitude": "", "longitude": ""}
    ],
    "address": [
        {
            "id": "d1",
            "location_id": "l1",
            "address_1": "100 Elm Street",
            "city": "San Diego",
            "state_province": "CA",
            "postal_code": "92101",
            "country": "US",
            "address_type": "physical",
        }
    ],
    "attribute": [{"id": "x1", "link_id": "s1", "taxonomy_term_id": "t1", "link_entity": "service"}],
    "taxonomy_term": [
        {
            "id": "t1",
            "code": "gender:men",
            "name": "Men",
            "description": "Men",
            "taxonomy": "Open Eligibility",
        }
    ],
    "organization": [
        {"id": "o1", "name": "Harbor House", "description": "Help"},
        {"id": "o2", "name": "No services yet", "description": ""},
    ],
    "service": [
        {"id": "s1", "organization_id": "o1", "name": "Evening group", "status": "active"},
        {"id": "s2", "organization_id": "o9", "name": "Of nobody", "status": "active"},
    ],
}

OLD: Tables = {
    "organization": [
        {"id": "1", "name": "Harbor House", "description": "Help", "url": "https://example.org"}
    ],
    "service": [
        {
            "id": "1",
            "organization_id": "1",
            "name": "Evening group",
            "status": "",
            "fees": "Ask us.",
            "accrediations": "Licensed",
        }
    ],
    "location": [
        {"id": "1", "organization_id": "1", "name": "House", "latitude": "32.5", "longitude": "-117.1"}
    ],
    "service_at_location": [{"id": "1", "service_id": "1", "location_id": "1"}],
    "phone": [{"id": "1", "service_id": "1", "number": "619-555-0100"}],
    "physical_address": [
        {
            "id": "1",
            "location_id": "1",
            "address_1": "100 Elm Street",
            "address_2": "Suite 3",
            "address_3": "Back door",
            "city": "San Diego",
            "state_province": "CA",
            "postal_code": "92101",
            "country": "US",
        }
    ],
    "postal_address": [
        {"id": "1", "location_id": "1", "address_1": "PO Box 1", "city": "San Diego", "state_province": "CA"}
    ],
    "regular_schedule": [
        {"id": "1", "service_id": "1", "weekday": "Monday", "opens_at": "09:00", "closes_at": "17:00"},
        {"id": "2", "service_id": "1", "weekday": "2", "opens_at": "09:00", "closes_at": "17:00"},
    ],
    "holiday_schedule": [{"id": "1", "service_id": "1", "closed": "true", "start_date": "2026-12-25"}],
    "eligibility": [
        {"id": "", "service_id": "1", "eligibility": "Boys 12 to 17"},
        {"id": "", "service_id": "1", "eligibility": "Residents"},
    ],
    "service_area": [{"id": "1", "service_id": "1", "service_area": "California"}],
    "required_document": [{"id": "1", "service_id": "1", "document": "Nothing"}],
    "payment_accepted": [{"id": "1", "service_id": "1", "payment": "Medicaid"}],
    "language": [{"id": "1", "service_id": "1", "language": "Spanish"}],
    "accessibility_for_disabilities": [{"id": "1", "location_id": "1", "accessibility": "Ramp"}],
    "taxonomy": [{"id": "LR-1", "name": "Legal help", "parent_id": "", "vocabulary": "A list"}],
    "service_taxonomy": [{"id": "1", "service_id": "1", "taxonomy_id": "LR-1"}],
}


@pytest.mark.parametrize("as_zip", [False, True])
def test_a_package_is_joined_from_its_tables(tmp_path: Path, as_zip: bool) -> None:
    path = files.package(tmp_path / "package", NEW)
    path = files.zipped(path, tmp_path / "package.zip") if as_zip else path

    run = import_file(path)

    assert (run.state, run.new, run.error) == ("done", 2, "")
    assert sorted(reason for _, reason in run.refused) == [
        "The row belongs to nothing in the file. (phone)",
        "The service belongs to no organization.",
    ]
    service = Service.objects.get()
    assert (service.name, service.organization.name) == ("Evening group", "Harbor House")
    phone = Phone.objects.get()
    assert (phone.service, phone.organization) == (service, service.organization)
    assert Address.objects.get().location == ServiceAtLocation.objects.get().location
    assert service.acceptance.get().population == "man"
    assert Organization.objects.count() == 2
    assert import_file(path).same == 2


@pytest.mark.parametrize("as_zip", [False, True])
def test_a_package_of_the_old_standard_becomes_the_new(tmp_path: Path, as_zip: bool) -> None:
    path = files.package(tmp_path / "package", OLD)
    path = files.zipped(path, tmp_path / "package.zip") if as_zip else path

    run = import_file(path)

    assert (run.state, run.new, run.refused) == ("done", 1, [])
    service = Service.objects.get()
    assert (service.status, service.fees_description, service.accreditations) == (
        "active",
        "Ask us.",
        "Licensed",
    )
    assert service.eligibility_description == "Boys 12 to 17; Residents"
    assert not service.acceptance.exists()
    assert Organization.objects.get().website == "https://example.org"
    assert sorted(Address.objects.values_list("address_type", "address_1", "address_2")) == [
        ("physical", "100 Elm Street", "Suite 3, Back door"),
        ("postal", "PO Box 1", ""),
    ]
    assert sorted(Schedule.objects.values_list("freq", "byday", "notes")) == [
        ("", "", "Closed"),
        ("WEEKLY", "MO", ""),
        ("WEEKLY", "TU", ""),
    ]
    assert Location.objects.get().latitude == 32.5
    assert Language.objects.get().code == "es"
    assert ServiceArea.objects.get().state == "CA"
    assert RequiredDocument.objects.get().document == "Nothing"
    assert CostOption.objects.get().option == "Medicaid"
    assert Accessibility.objects.get().description == "Ramp"
    term = TaxonomyTerm.objects.get(code="LR-1")
    assert Attribute.objects.get().taxonomy_term == term
    assert import_file(path).same == 1


def test_a_newer_package_closes_what_it_lacks(tmp_path: Path) -> None:
    more = NEW | {"service": [*NEW["service"][:1], NEW["service"][0] | {"id": "s3", "name": "Morning group"}]}
    import_file(files.package(tmp_path / "package", more))
    run = import_file(files.package(tmp_path / "package", NEW))
    assert (run.gone, run.same, run.changed) == (1, 2, 0)
    assert Service.objects.get(name="Morning group").status == "inactive"


def test_moving_a_row_to_another_line_changes_nothing(tmp_path: Path) -> None:
    import_file(files.package(tmp_path / "package", NEW))
    turned = {name: list(reversed(rows)) for name, rows in NEW.items()}
    run = import_file(files.package(tmp_path / "package", turned))
    assert (run.same, run.changed, run.new, run.gone) == (2, 0, 0, 0)


def test_a_folder_without_a_descriptor_is_read_by_its_names(tmp_path: Path) -> None:
    path = files.package(tmp_path / "package", NEW)
    (path / "datapackage.json").unlink()
    assert import_file(path).new == 2


def test_a_second_row_of_one_id_is_refused(tmp_path: Path) -> None:
    doubled = NEW | {"organization": [NEW["organization"][0], NEW["organization"][0] | {"name": "Again"}]}
    run = import_file(files.package(tmp_path / "package", doubled))
    assert [3, "Another record of the file has the same id. (organization o1)"] in run.refused
    assert Organization.objects.get().name == "Harbor House"


@pytest.mark.parametrize(
    "resources",
    [
        [{"name": "service", "path": "../../secret.csv"}],
        [{"name": "service", "path": "/etc/passwd"}],
        [{"name": "service", "path": "https://example.org/services.csv"}],
        [{"name": "service", "path": ["a.csv", "b.csv"]}],
        [{"name": "service"}],
        ["service"],
    ],
)
def test_a_descriptor_cannot_lead_elsewhere(tmp_path: Path, resources: list[Any]) -> None:
    path = files.package(tmp_path / "package", NEW, {"name": "bent", "resources": resources})
    run = import_file(path)
    assert run.state == "refused"
    assert not Service.objects.exists()


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    path = files.package(tmp_path / "package", NEW)
    outside = shutil.move(path / "service.csv", tmp_path / "outside.csv")
    (path / "service.csv").symlink_to(outside)
    run = import_file(path)
    assert (run.state, run.error) == ("refused", "The archive holds something unsafe. (a symbolic link)")


@pytest.mark.needs_shared_data
@pytest.mark.parametrize("as_zip", [False, True])
def test_the_example_package_of_the_standard_is_taken(
    tmp_path: Path, shared_data: Path, as_zip: bool
) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    for path in (shared_data / "hsds-3.1" / "examples" / "csv").glob("*.csv"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "datapackage.json").write_bytes((shared_data / "hsds-3.1" / "datapackage.json").read_bytes())

    run = import_file(files.zipped(folder, tmp_path / "package.zip") if as_zip else folder)

    assert (run.state, run.new) == ("done", 1)
    assert sorted(reason for _, reason in run.refused) == [
        f"The row belongs to nothing in the file. ({table})"
        for table in ("attribute", "metadata", "service_capacity", "url")
    ]
    assert Service.objects.get().name == "Community Counselling"


@pytest.mark.needs_shared_data
def test_the_descriptor_of_the_old_standard_is_read(tmp_path: Path, shared_data: Path) -> None:
    descriptor = json.loads((shared_data / "hsds-3.1" / "datapackage-1.1.0.json").read_text())
    paths = {resource["name"]: resource["path"] for resource in descriptor["resources"]}
    folder = files.package(tmp_path / "package", OLD, descriptor)
    for name in OLD:
        (folder / f"{name}.csv").rename(folder / paths[name])
    run = import_file(folder)
    assert (run.state, run.new, run.refused) == ("done", 1, [])
    assert Schedule.objects.count() == 3
