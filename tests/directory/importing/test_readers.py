"""The pure readers give back what was written, whatever it was."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entero.directory.importing import cleaning, confidential
from entero.directory.importing.entries import digest, name_based
from entero.directory.importing.meaning import language_code
from entero.directory.importing.reading import facilities, feeds, files, older, tables
from entero.directory.importing.reading.problems import Notes
from entero.directory.importing.reading.streams import open_bytes
from entero.directory.importing.shapes import columns
from entero.directory.models import Visibility
from tests.directory.importing import files as write

fresh = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
WORDS = (
    st.text(
        alphabet=st.characters(min_codepoint=32, max_codepoint=0x2FF, blacklist_categories=("Cc", "Cs")),
        min_size=1,
        max_size=40,
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
FACILITY = st.builds(
    lambda name, branch, street, city, more: write.facility(
        name, name2=branch, street1=street, city=city, street2=more
    ),
    WORDS,
    WORDS,
    WORDS,
    WORDS,
    WORDS,
)


@fresh
@given(rows=st.lists(FACILITY, min_size=1, max_size=5), as_sheet=st.booleans())
def test_facilities_come_back_as_they_were_written(
    tmp_path: Path, rows: list[dict[str, str]], as_sheet: bool
) -> None:
    as_sheet = as_sheet and not any(value.startswith("=") for row in rows for value in row.values())
    path = write.workbook(tmp_path, *rows) if as_sheet else write.samhsa_csv(tmp_path, *rows)
    notes = Notes()
    _, found = facilities.read_facilities(files.look(path), notes)
    assert [(one.name, one.branch, one.street, one.city, one.street_more) for one in found] == [
        tuple(row[column] for column in ("name1", "name2", "street1", "city", "street2")) for row in rows
    ]
    assert (notes.refused, dict(notes.repaired)) == ([], {})


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@fresh
@given(records=st.lists(st.dictionaries(st.text(min_size=1, max_size=8), VALUES, max_size=5), max_size=5))
def test_records_come_back_as_they_were_written(tmp_path: Path, records: list[dict[str, Any]]) -> None:
    text = json.dumps({"total_pages": 1, "contents": records}, ensure_ascii=True)
    feed = feeds.Feed(files.look(write.write(tmp_path / "feed.json", text)))
    again = json.loads(text)["contents"]
    if "\\ud" not in text:
        assert [record for _, record in feed.records()] == again
        assert feed.page["total_pages"] == 1
        assert feed.whole


@fresh
@given(
    rows=st.lists(
        st.lists(st.text(max_size=20).filter(lambda t: "\0" not in t), min_size=2, max_size=2), min_size=1
    )
)
def test_tables_come_back_as_they_were_written(tmp_path: Path, rows: list[list[str]]) -> None:
    import csv
    import io

    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([["a", "b"], *rows])
    path = write.write(tmp_path / "table.csv", out.getvalue().encode("utf-8", "surrogatepass"))
    found = [cells for _, cells in tables.read_table(lambda: open_bytes(path), Notes())]
    assert found[1:] == rows


@given(table=st.sampled_from(["service", "location", "schedule", "cost_option", "phone"]), value=VALUES)
def test_any_value_becomes_one_that_the_column_can_hold(table: str, value: Any) -> None:
    for column in columns(table).values():
        if column.kind in {"link", "uuid"}:
            continue
        try:
            found = cleaning.clean(column, value, Notes())
        except cleaning.RowRefused:
            continue
        assert (
            found is None or not isinstance(found, str) or column.length == 0 or len(found) <= column.length
        )
        assert not isinstance(found, float) or found == found


@given(text=st.text(max_size=60))
def test_cleaned_text_is_plain_and_stays_as_it_is(text: str) -> None:
    once = cleaning.text(text, Notes())
    assert not cleaning.CONTROL.search(once)
    assert "<script" not in cleaning.text(f"<script>{text}</script>", Notes()).lower() or "&lt" in text


@given(record=st.dictionaries(st.text(max_size=12), VALUES, max_size=6))
def test_confidentiality_is_decided_for_any_record(record: dict[str, Any]) -> None:
    assert confidential.level(record) in {Visibility.PUBLIC, Visibility.STAFF}
    assert confidential.level(record | {"confidential": True}) is Visibility.STAFF


def test_ids_made_of_names_never_change() -> None:
    assert str(name_based("facility", "a", 1)) == str(name_based("facility", "a", "1"))
    assert name_based("facility", "harbor").version == 5
    assert str(name_based("facility", "harbor")) == "656df942-d0f2-5784-9dce-0333bd10c98d"


@given(record=st.dictionaries(st.text(max_size=6), VALUES, max_size=5))
def test_a_digest_does_not_depend_on_the_order_of_names(record: dict[str, Any]) -> None:
    turned = dict(reversed(record.items()))
    assert digest(record) == digest(turned)


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("services.csv", "service"),
        ("Service-At-Location", "service_at_location"),
        ("physical_addresses", "physical_address"),
        ("url", "url"),
        ("strange", "strange"),
    ],
)
def test_tables_are_known_by_their_files(name: str, table: str) -> None:
    assert older.table_of(name) == table


@pytest.mark.parametrize(
    ("code", "name", "found"),
    [("es", "", "es"), ("ES-us", "", "es"), ("hat", "", "ht"), ("", "tagalog", "tl"), ("", "Klingon", "")],
)
def test_language_codes(code: str, name: str, found: str) -> None:
    assert language_code(code, name) == found
