"""What one installation exports, another takes in whole."""

from pathlib import Path

import pytest

from entero.directory.hsds.export import Format, export
from entero.directory.importing.run import import_file
from entero.directory.models import AcceptanceFact, Organization, Service
from tests.directory.importing import files
from tests.directory.importing.tables import everything_in

pytestmark = pytest.mark.django_db

TABLES = ("Organization", "Location", "Address", "Phone", "Language", "CostOption", "ServiceAtLocation")


@pytest.mark.parametrize(
    ("name", "form"),
    [("all.json", "hsds-json"), ("all.zip", "hsds-datapackage"), ("all", "hsds-datapackage")],
)
def test_an_export_comes_back_as_it_was(tmp_path: Path, name: str, form: str) -> None:
    import_file(
        files.samhsa_csv(
            tmp_path,
            files.facility("Harbor", name2="Clinic", intake1="619-555-0101 x7"),
            files.facility("Harbor", name2="House", service_code_info=files.BOYS),
        )
    )
    Service.objects.filter(name="House").update(is_sample=True, reach="state", description_es="Para jóvenes.")
    before = everything_in(*TABLES)
    services = list(Service.objects.order_by("pk").values_list("pk", "name", "cost", "reach", "is_sample"))
    facts = set(AcceptanceFact.objects.values_list("service", "population", "answer", "observed_on"))
    export(tmp_path / name, Format(form))
    Organization.objects.all().delete()
    assert not AcceptanceFact.objects.exists()

    run = import_file(tmp_path / name, source="a-neighbor")

    assert (run.state, run.new, run.refused, run.error) == ("done", 2, [], "")
    found = Service.objects.order_by("pk").values_list("pk", "name", "cost", "reach", "is_sample")
    assert list(found) == services
    assert set(AcceptanceFact.objects.values_list("service", "population", "answer", "observed_on")) == facts
    again = everything_in(*TABLES)
    for table in TABLES:
        assert [_said(row) for row in again[table]] == [_said(row) for row in before[table]], table


def _said(row: dict[str, object]) -> dict[str, object]:
    """Leave out what HSDS does not carry (the order of telephones) or asks for (a description)."""
    return {name: value for name, value in row.items() if name not in {"position", "description"}}
