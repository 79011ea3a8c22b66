"""The OpenAPI document that is kept in git is the one that is served."""

import json
from pathlib import Path

import pytest
from django.test import Client

from entero.directory import api

KEPT = Path(__file__).resolve().parents[3] / "docs" / "reference" / "openapi.json"


def test_kept_document_is_current() -> None:
    assert KEPT.read_text(encoding="utf-8") == api.openapi_document(), "run: python scripts/openapi.py"


def test_served_document_is_the_kept_one(client: Client) -> None:
    assert client.get("/api/hsds/openapi.json").json() == json.loads(KEPT.read_text(encoding="utf-8"))


@pytest.mark.needs_shared_data
def test_every_operation_and_parameter_of_the_standard_is_there(shared_data: Path) -> None:
    standard = json.loads((shared_data / "hsds-3.1/schema/openapi.json").read_text(encoding="utf-8"))
    ours = json.loads(KEPT.read_text(encoding="utf-8"))
    paths = {path.split("{")[0]: operations for path, operations in ours["paths"].items()}
    named = standard["components"]["parameters"]
    compared = 0
    for path, operations in standard["paths"].items():
        mine = paths["/api/hsds" + path.split("{")[0]]
        for method in {"get", "post"} & set(operations):
            asked = {
                parameter.get("name") or named[parameter["$ref"].rsplit("/", 1)[1]]["name"]
                for parameter in operations[method].get("parameters", [])
            }
            body = mine[method].get("requestBody", {}).get("content", {}).get("application/json", {})
            known = {parameter["name"] for parameter in mine[method]["parameters"]}
            known |= set(body.get("schema", {}).get("properties", {}))
            assert asked <= known, (method, path)
            compared += 1
    assert compared == 16
