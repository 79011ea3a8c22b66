"""The compiled JSON Schemas of HSDS 3.1 find nothing wrong with what we serve and export."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from entero.directory import vocabulary_tables
from entero.directory.hsds import records, shapes
from entero.directory.hsds.export import Format, export
from tests import make
from tests.judges.conftest import Judge

pytestmark = [pytest.mark.django_db, pytest.mark.needs_shared_data]

ENDPOINTS = (
    ("services", "service"),
    ("organizations", "organization"),
    ("service_at_locations", "service_at_location"),
)


def test_judges_are_awake(judge: Callable[[str], Judge]) -> None:
    assert len(judge("service")([{"id": "1", "name": 2, "status": "open"}])) >= 2


@pytest.fixture
def whole_service() -> dict[str, Any]:
    vocabulary_tables.load()
    rows = make.everything()
    make.fact(rows["service"], "woman", "no")
    bare = make.service("Bare", of=make.organization("Bare house"))
    make.place(bare)
    return rows


@pytest.mark.parametrize(("path", "schema"), ENDPOINTS)
def test_lists_fit_the_schemas(
    client: Client, judge: Callable[[str], Judge], whole_service: dict[str, Any], path: str, schema: str
) -> None:
    page = client.get(f"/api/hsds/{path}").json()
    assert page["total_items"] == 2
    assert judge(f"{schema}_list")(page["contents"]) == []


@pytest.mark.parametrize(("path", "schema"), ENDPOINTS)
def test_whole_records_fit_the_schemas(
    client: Client, judge: Callable[[str], Judge], whole_service: dict[str, Any], path: str, schema: str
) -> None:
    page = client.get(f"/api/hsds/{path}", {"full": "true"}).json()
    one = client.get(f"/api/hsds/{path}/{whole_service[schema].pk}").json()
    assert one in page["contents"]
    assert judge(schema)([*page["contents"], one]) == []


def test_organizations_with_whole_services_fit_the_schema(
    client: Client, judge: Callable[[str], Judge], whole_service: dict[str, Any]
) -> None:
    page = client.get("/api/hsds/organizations", {"full_service": "true"}).json()
    assert [len(one["services"]) for one in page["contents"]] == [1, 1]
    assert judge("organization")(page["contents"]) == []


def test_terms_fit_the_schema_of_attributes(
    client: Client, shared_data: Path, whole_service: dict[str, Any]
) -> None:
    page = client.get("/api/hsds/taxonomy_terms", {"per_page": 100}).json()
    example = json.loads((shared_data / "hsds-3.1/examples/taxonomy_term.json").read_text())
    assert {name for term in page["contents"] for name in term} <= set(example)


def test_exported_file_fits_the_schema(
    tmp_path: Path, judge: Callable[[str], Judge], whole_service: dict[str, Any]
) -> None:
    assert export(tmp_path / "all.json", Format.HSDS_JSON) == 2
    page = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    assert (page["total_items"], page["size"], page["empty"]) == (2, 2, False)
    assert judge("service")(page["contents"]) == []


def test_hidden_demanded_fields_still_fit_the_schema(judge: Callable[[str], Judge]) -> None:
    rows = make.everything()
    for name, table in rows.items():
        table.hidden_fields = {
            field.name: 2
            for field in table._meta.concrete_fields
            if field.name not in {"id", "visibility", "hidden_fields"}
        }
        if name != "service_at_location":
            table.save()
    found = list(records.services())
    assert judge("service")(found) == []
    assert [one["name"] for one in found] == ["Not public"]
    at_places = records.records(
        shapes.SERVICE_AT_LOCATION_FULL, records.readable(shapes.SERVICE_AT_LOCATION_FULL)
    )
    assert judge("service_at_location")(at_places) == []
