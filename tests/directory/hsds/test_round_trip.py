"""What we export, we can import again, and it is the same."""

import json
from pathlib import Path
from typing import Any

import pytest

from entero.directory import vocabulary_tables
from entero.directory.hsds.export import Format, export
from entero.directory.importing.run import import_file
from entero.directory.models import ImportRun, Location, Organization, SourceRecord, Taxonomy, Unit
from tests import make

OURS = {
    "acceptance", "sources", "description_es", "prices", "state", "population",  # not of HSDS
    "last_modified", "updated",  # the day of the import; tables write whole seconds
}  # fmt: skip

pytestmark = pytest.mark.django_db


def _emptied() -> None:
    SourceRecord.objects.all().delete()
    Location.objects.all().delete()
    Organization.objects.all().delete()
    Unit.objects.all().delete()
    Taxonomy.objects.all().delete()


def _feed(folder: Path, name: str) -> dict[str, Any]:
    export(folder / name, Format.HSDS_JSON)
    page = json.loads((folder / name).read_text(encoding="utf-8"))
    return {record["id"]: record for record in page["contents"]}


def _standard(found: Any) -> Any:
    """Return a record without what is ours, or says when we were told; rows in the order of their ids."""
    if isinstance(found, list):
        return sorted(map(_standard, found), key=str)
    if not isinstance(found, dict):
        return found
    return {name: _standard(value) for name, value in found.items() if name not in OURS}


@pytest.fixture
def exported(tmp_path: Path) -> dict[str, Any]:
    vocabulary_tables.load()
    rows = make.everything()
    make.everything("Morning group")
    make.fact(rows["service"], "woman", "no")
    export(tmp_path / "package.zip", Format.HSDS_DATAPACKAGE)
    before = _feed(tmp_path, "before.json")
    _emptied()
    return before


@pytest.mark.parametrize("file", ["before.json", "package.zip"])
def test_export_imports_to_the_same_records(tmp_path: Path, exported: dict[str, Any], file: str) -> None:
    run = import_file(tmp_path / file, source="us")
    assert (run.state, run.error, run.refused) == (ImportRun.State.DONE, "", [])
    after = _feed(tmp_path, "after.json")
    assert _standard(after) == _standard(exported)
    assert {key: _takes(record) for key, record in after.items()} == {
        key: _takes(record) for key, record in exported.items()
    }
    assert sorted(map(len, map(_takes, after.values()))) == [1, 2]


def _takes(record: dict[str, Any]) -> set[tuple[str, str]]:
    """Return whom a service takes and refuses; who imports it is the source from then on."""
    return {(fact["population"], fact["answer"]) for fact in record["acceptance"]}
