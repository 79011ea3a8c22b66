"""The tabular package has the tables and columns of HSDS 3.1, and its links lead somewhere."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from entero.directory import vocabulary_tables
from entero.directory.hsds.export import Format, export
from tests import make

pytestmark = pytest.mark.django_db

LEFT_OUT = {"metadata", "meta_table_description"}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    vocabulary_tables.load()
    rows = make.everything()
    make.fact(rows["service"], "woman", "no")
    make.place(make.service("Bare", of=make.organization("Bare house")))
    assert export(tmp_path / "package", Format.HSDS_DATAPACKAGE) == 2
    return tmp_path / "package"


def _descriptor(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return found


def _rows(folder: Path, path: str) -> list[dict[str, str]]:
    with (folder / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.needs_shared_data
def test_tables_and_columns_are_those_of_the_standard(package: Path, shared_data: Path) -> None:
    standard = json.loads((shared_data / "hsds-3.1" / "datapackage.json").read_text(encoding="utf-8"))
    ours = {resource["name"]: resource for resource in _descriptor(package)["resources"]}
    compared = 0
    for resource in standard["resources"]:
        if resource["name"] in LEFT_OUT:
            assert resource["name"] not in ours
            continue
        mine = ours[resource["name"]]
        assert mine["path"] == resource["path"]
        names = [field["name"] for field in resource["schema"]["fields"]]
        own_names = [field["name"] for field in mine["schema"]["fields"]]
        if (
            resource["name"] == "service_capacity"
        ):  # its descriptor lists only what links; its example lists all
            with (shared_data / "hsds-3.1/examples/csv/service_capacity.csv").open(encoding="utf-8") as file:
                names = next(csv.reader(file))
        assert own_names[: len(names)] == names, resource["name"]
        types = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
        own_types = {field["name"]: field["type"] for field in mine["schema"]["fields"]}
        assert own_types | types == own_types, resource["name"]
        compared += 1
    assert compared == 22
    assert set(ours) - {resource["name"] for resource in standard["resources"]} == {"acceptance"}


def test_every_file_has_the_columns_it_declares_and_nothing_demanded_is_empty(package: Path) -> None:
    for resource in _descriptor(package)["resources"]:
        with (package / resource["path"]).open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        assert header == [field["name"] for field in resource["schema"]["fields"]]
        rows = _rows(package, resource["path"])
        assert rows != [], resource["name"]
        for field in resource["schema"]["fields"]:
            if field.get("constraints", {}).get("required"):
                assert all(row[field["name"]] for row in rows), (resource["name"], field["name"])


def test_every_link_leads_to_a_row_of_the_package(package: Path) -> None:
    resources = {resource["name"]: resource for resource in _descriptor(package)["resources"]}
    ids = {
        name: {row["id"] for row in _rows(package, resource["path"])}
        for name, resource in resources.items()
        if name != "acceptance"
    }
    followed = 0
    for resource in resources.values():
        for key in resource["schema"].get("foreignKeys", []):
            for row in _rows(package, resource["path"]):
                if target := row[key["fields"]]:
                    assert target in ids[key["reference"]["resource"]]
                    followed += 1
    assert followed > 30
