"""Files that lie, break off or attack: each a clear error, and nothing half imported."""

import gzip
import io
import json
import re
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entero.directory.importing.reading import limits
from entero.directory.importing.run import import_file
from entero.directory.models import ImportRun, Service
from tests.directory.importing import files
from tests.directory.importing.tables import fingerprint

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
GOOD = files.csv_text([files.facility(f"House {number}") for number in range(50)])


def workbook_bytes(change: Callable[[dict[str, bytes]], None], tmp_path: Path) -> bytes:
    """A good workbook whose parts were changed."""
    path = files.workbook(tmp_path, files.facility(), name="source.xlsx")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    return zip_bytes(parts)


def zip_bytes(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_link(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("services.csv")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, name)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
BOMB = b"\n" * (limits.RATIO_FREE_BYTES * 4)
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
DEEP = '{"a":' * 200 + "1" + "}" * 200
HEADER = ",".join(files.HEADER)

CASES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "The file is empty."),
    "only spaces": (b"\xef\xbb\xbf  \n ", "The file is empty."),
    "a picture": (PNG, "This is not a file that can be imported."),
    "prose": (b"Dear all, my name is Nobody.\n", "The table lacks columns."),
    "utf-16": (GOOD.encode("utf-16"), "The file is saved as UTF-16."),
    "utf-16 without a mark": (GOOD.encode("utf-16-le"), "The file is saved as UTF-16."),
    "no known encoding": (GOOD.encode() + b"\x81\x8d\xff", "The file is neither UTF-8 nor Windows text."),
    "a zero byte": ((HEADER + "\na\0b").encode() + b"," * 12, "This is not a file that can be imported."),
    "a late zero byte": (GOOD.encode() + b"\0", "The file holds zero bytes"),
    "a shortened gzip": (gzip.compress(GOOD.encode())[:-20], "The file breaks off before its end."),
    "a damaged gzip": (gzip.compress(GOOD.encode())[:40] + b"xx" * 40, "The file breaks off before its end."),
    "a gzip in a gzip": (gzip.compress(gzip.compress(GOOD.encode())), "The archive holds something unsafe."),
    "a gzip bomb": (
        gzip.compress(HEADER.encode() + b"\n" + BOMB),
        "The file unpacks to far more than a directory can be.",
    ),
    "a shortened zip": (
        zip_bytes({"services.csv": GOOD.encode()})[:-30],
        "The file breaks off before its end.",
    ),
    "a zip bomb": (zip_bytes({"services.csv": BOMB}), "The file unpacks to far more"),
    "a zip of strangers": (zip_bytes({"readme.txt": b"hello"}), "This is not a file that can be imported."),
    "a zip in a zip": (
        zip_bytes({"services.csv": b"id\n", "inner.zip": zip_bytes({"a": b"b"})}),
        "The archive holds something unsafe. (an archive inside the archive)",
    ),
    "a path that climbs": (
        zip_bytes({"../services.csv": b"id\n"}),
        "The archive holds something unsafe. (a path that leaves the archive)",
    ),
    "an absolute path": (zip_bytes({"/etc/services.csv": b"id\n"}), "The archive holds something unsafe."),
    "a symbolic link": (with_link("/etc/passwd"), "The archive holds something unsafe. (a symbolic link)"),
    "too many members": (
        zip_bytes({f"{number}.csv": b"" for number in range(limits.MEMBERS + 1)}),
        "The archive holds something unsafe. (1001 members)",
    ),
    "a line without an end": (
        (HEADER + "\n" + "x" * (limits.LINE_BYTES + 10)).encode(),
        "Line 2: A field or a line is longer than any real one.",
    ),
    "a quote without an end": (
        (HEADER + '\n"' + "x\n" * 200_000).encode(),
        "Line 2: A field or a line is longer than any real one.",
    ),
    "a text that ends inside quotes": ((HEADER + '\n"x').encode(), "Line 2: The file breaks off"),
    "a text that ends inside a row": ((GOOD + "Harbor,,100 Elm").encode(), "Line 52: The file breaks off"),
    "a column missing": (
        files.csv_text([{"name1": "a", "city": "b"}], ["name1", "city"]).encode(),
        "The table lacks columns. (intake1, intake2, name2, phone, service_code_info, state, street1, street2, zip)",
    ),
    "a column twice": ((HEADER + ",zip\n").encode(), "Two columns have the same name. (zip)"),
    "many columns": ((HEADER + ",x" * 1000 + "\n").encode(), "The table has too many columns. (1013)"),
    "a header alone": (HEADER.encode() + b"\n", "Nothing in the file could be taken."),
    "shortened JSON": (json.dumps(files.page(files.service(1))).encode()[:-5], "The file breaks off"),
    "JSON with a tail": (json.dumps(files.service(1)).encode() + b" x", "The file is damaged"),
    "JSON that is not": (b"{name: 1}", "The file is damaged and cannot be read."),
    "a key twice": (b'{"id": "1", "id": "2"}', "A record names the same property twice. (id)"),
    "a key twice in a page": (
        b'{"contents": [{"id": "1", "name": "a", "name": "b"}]}',
        "A record names the same property twice. (name)",
    ),
    "deep JSON": (DEEP.encode(), "The records are nested too deep."),
    "deep lists": (b"[" * 5000, "The records are nested too deep."),
    "no number": (b'[{"id": "1", "latitude": NaN}]', "The file is damaged and cannot be read."),
    "a number without an end": (b'[{"id": ' + b"9" * 6000 + b"}]", "The file is damaged"),
    "latin-1 JSON": ('[{"id": "1", "name": "Niños"}]'.encode("latin-1"), "The file is neither UTF-8"),
    "a text without an end": (
        b'[{"id": "' + rb"\"" * limits.FIELD_BYTES + b'"}]',
        "A field or a line is longer than any real one.",
    ),
    "a record without an end": (
        b'[{"id": "1", "x": [' + b"1," * (limits.RECORD_NODES + 10) + b"1]}]",
        "One record is too big.",
    ),
    "JSON of strangers": (b'{"version": "3.0", "openapi_url": "x"}', "Nothing in the file could be taken."),
    "a list of numbers": (b"[1, 2, 3]", "Nothing in the file could be taken."),
}


@pytest.mark.parametrize("name", CASES)
def test_a_bad_file_is_refused_whole(tmp_path: Path, name: str) -> None:
    content, error = CASES[name]
    seen = fingerprint()
    run = import_file(files.write(tmp_path / "facilities.xlsx", content))
    assert (run.state, run.new, run.source) == ("refused", 0, None)
    assert run.error.startswith(error)
    assert fingerprint() == seen
    assert ImportRun.objects.get().pk == run.pk


def laughing(parts: dict[str, bytes]) -> None:
    parts["xl/sharedStrings.xml"] = LAUGHS + b"<sst>&b;</sst>"


def without_sheet(parts: dict[str, bytes]) -> None:
    del parts[SHEET]


def broken_sheet(parts: dict[str, bytes]) -> None:
    parts[SHEET] = parts[SHEET][: len(parts[SHEET]) // 2]


def strange_cells(parts: dict[str, bytes]) -> None:
    cell = b'<c r="A2" t="s"><v>99999</v></c>'
    parts[SHEET] = re.sub(rb'<c r="A2".*?</c>', lambda _: cell, parts[SHEET], count=1)


def far_row(parts: dict[str, bytes]) -> None:
    parts[SHEET] = re.sub(rb'<row r="2"', b'<row r="99999999999"', parts[SHEET])


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (laughing, "The workbook defines entities of its own"),
        (without_sheet, "The table lacks columns."),
        (broken_sheet, "The file is damaged"),
        (strange_cells, "The file is damaged"),
        (far_row, "The file is too big."),
    ],
)
def test_a_bad_workbook_is_refused_whole(
    tmp_path: Path, change: Callable[[dict[str, bytes]], None], error: str
) -> None:
    path = files.write(tmp_path / "bad.xlsx", workbook_bytes(change, tmp_path))
    seen = fingerprint()
    run = import_file(path)
    assert run.state == "refused"
    assert run.error.startswith(error)
    assert fingerprint() == seen


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    run = import_file(tmp_path / "nowhere.csv")
    assert (run.state, run.error) == ("refused", "There is no such file. (nowhere.csv)")


def test_a_formula_is_never_computed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(files.HEADER)
    for name in ("Harbor", '=HYPERLINK("https://example.org","Click")', "Cove"):
        sheet.append([files.facility(name)[column] or None for column in files.HEADER])
    book.save(tmp_path / "formula.xlsx")

    run = import_file(tmp_path / "formula.xlsx")

    assert (run.new, run.refused) == (2, [[3, "A cell holds a formula without a stored value."]])
    assert sorted(Service.objects.values_list("name", flat=True)) == ["Cove", "Harbor"]


def test_the_stored_value_of_a_formula_is_taken_and_said(tmp_path: Path) -> None:
    def stored(parts: dict[str, bytes]) -> None:
        cell = b'<c r="A2" t="str"><f>HYPERLINK("https://example.org")</f><v>Harbor</v></c>'
        parts[SHEET] = re.sub(rb'<c r="A2".*?</c>', lambda _: cell, parts[SHEET], count=1)

    run = import_file(files.write(tmp_path / "stored.xlsx", workbook_bytes(stored, tmp_path)))

    assert (run.new, run.repaired, run.refused) == (1, {"formula": 1}, [])
    assert Service.objects.get().name == "Harbor"


def test_invisible_signs_are_taken_out(tmp_path: Path) -> None:
    record = files.service(1, name="Har\u0000bor group\u0007")
    run = import_file(files.feed(tmp_path, record))
    assert (run.state, run.repaired) == ("done", {"control_signs": 1})
    assert Service.objects.get().name == "Harbor group"


def test_strange_values_never_break_an_import(tmp_path: Path) -> None:
    strange = {
        "minimum_age": 1e300,
        "maximum_age": -3,
        "assured_date": "0000-99-99",
        "email": False,
        "url": {"a": 1},
        "last_modified": [],
        "phones": "none",
        "schedules": [{"id": "1", "opens_at": "25:00", "freq": "HOURLY"}, 7, None],
        "capacities": [{"id": "1", "available": "many"}],
        "attributes": [{"id": "1"}, {"taxonomy_term": {}}, "x"],
        "service_at_locations": [{"id": "1"}, {"location": {"id": []}}],
        "metadata": [{}],
        "languages": [{"id": True}],
        "organization": files.ORGANIZATION | {"parent_organization_id": []},
    }
    run = import_file(files.feed(tmp_path, files.page(files.service(1), files.service(2, **strange))))
    assert run.state == "done"
    assert run.new >= 1
    assert Service.objects.filter(name="Group 1").exists()


def test_a_workbook_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    """The directory of the archive says little, the member unpacks to much."""
    content = bytearray(zip_bytes({"services.csv": b"x" * 100_000, "datapackage.json": b"{}"}))
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(b"PK\x01\x02"))
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    run = import_file(files.write(tmp_path / "lying.zip", bytes(content)))
    assert run.state == "refused"
    assert not Service.objects.exists()


HEADS = st.sampled_from(
    [b"", b"PK\x03\x04", b"\x1f\x8b\x08\x00", b"{", b'[{"id":"1",', HEADER.encode() + b"\n", b"name,zip\n"]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(head=HEADS, tail=st.binary(max_size=400))
def test_random_bytes_never_crash(tmp_path: Path, head: bytes, tail: bytes) -> None:
    run = import_file(files.write(tmp_path / "random", head + tail))
    assert run.state == "refused"
    assert run.error


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(min_value=0, max_value=4000), kind=st.sampled_from(["xlsx", "json", "csv.gz"]))
def test_a_file_cut_anywhere_is_refused(tmp_path: Path, cut: int, kind: str) -> None:
    whole = {
        "xlsx": lambda: files.workbook(tmp_path, files.facility(), name="whole.xlsx").read_bytes(),
        "json": lambda: json.dumps(files.page(files.service(1), files.service(2))).encode(),
        "csv.gz": lambda: gzip.compress(GOOD.encode()),
    }[kind]()
    run = import_file(files.write(tmp_path / "cut", whole[: cut % len(whole)]))
    assert run.state == "refused"
    assert not Service.objects.exists()
