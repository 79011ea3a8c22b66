"""Every one of the 21,213 facilities of SAMHSA's directories of 2022 leaves as a valid HSDS record.

All are judged by the compiled validator that Schemathesis brings along, every tenth by the reference
one as well: alone it takes minutes for them all.
"""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema_rs
import pytest

from entero.directory.hsds import records
from entero.directory.importing.run import import_file
from entero.directory.models import ImportRun
from tests.judges.conftest import Judge

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.needs_shared_data]
"""Inside the transaction of a test, SQLite would keep a journal in memory and walk it for every row."""

FACILITIES = {
    "National_Directory_MH_Facilities_2022.xlsx": 9_037,
    "National_Directory_SA_Facilities_2022.xlsx": 12_176,
}
EVERY = 10


def test_every_facility_fits_the_schema(shared_data: Path, judge: Callable[[str], Judge]) -> None:
    for name, count in FACILITIES.items():
        run = import_file(shared_data / "samhsa-2022-national-directory" / name)
        assert (run.state, run.new) == (ImportRun.State.DONE, count)
    schema = json.loads((shared_data / "hsds-3.1/schema/compiled/service.json").read_text(encoding="utf-8"))
    quick = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    assert not quick.is_valid({"id": "1", "name": "no", "status": "open"})
    wrong: list[str] = []
    judged = 0
    for record in records.services():
        wrong += [f"{record['id']} {error.message[:200]}" for error in quick.iter_errors(record)]
        if judged % EVERY == 0:
            wrong += judge("service")([record])
        judged += 1
    assert (wrong[:10], judged) == ([], 21_213)
