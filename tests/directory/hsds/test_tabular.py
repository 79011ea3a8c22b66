"""Cells, links and landings of an export."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entero.directory.commands import exporting
from entero.directory.hsds.columns import Column, Kind
from entero.directory.hsds.export import Format, TargetRefused, export
from entero.directory.hsds.tabular import cell
from entero.directory.models import Visibility
from tests import make

TEXT = Column("name")


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "\t=1"])
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert cell(TEXT, text) == f"'{text}"


@pytest.mark.parametrize("text", ["+1 (619) 555-0100", "-117.16", "plain", "a=b", "", "'quoted"])
def test_numbers_and_plain_text_stay_as_they_are(text: str) -> None:
    assert cell(TEXT, text) == text


def test_numbers_dates_and_flags_are_plain() -> None:
    assert cell(Column("latitude", Kind.NUMBER), -117.16) == "-117.16"
    assert cell(Column("updated", Kind.INSTANT), "2026-01-02T03:04:05.678901Z") == "2026-01-02T03:04:05Z"
    assert (cell(TEXT, value=True), cell(TEXT, value=False), cell(TEXT, None)) == ("true", "false", "")


@given(st.text())
def test_no_cell_begins_a_formula(text: str) -> None:
    written = cell(TEXT, text)
    assert not written.startswith(("=", "@", "\t", "\r"))
    if written.startswith(("+", "-")):
        assert set(written) <= set("+-0123456789 ().")


def _table(target: Path, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(target) as archive:
        return list(csv.DictReader(io.StringIO(archive.read(name).decode())))


@pytest.mark.django_db
def test_what_hangs_on_a_row_that_is_left_out_is_left_out(tmp_path: Path) -> None:
    rows = make.everything()
    kept = make.everything("Morning group")
    rows["service"].hidden_fields = {"organization": Visibility.STAFF}
    rows["service"].save()
    target = tmp_path / "package.zip"
    assert export(target, Format.HSDS_DATAPACKAGE) == 1
    assert [row["id"] for row in _table(target, "services.csv")] == [str(kept["service"].pk)]
    for name in ("phones.csv", "service_capacity.csv", "attributes.csv", "acceptance.csv"):
        assert str(rows["service"].pk) not in str(_table(target, name))
    assert [row["id"] for row in _table(target, "phones.csv")] == [str(kept["phone"].pk)]


@pytest.mark.django_db
def test_failed_export_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make.service()
    target = tmp_path / "all.json"
    target.write_text("old")

    def breaks_off(value: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("entero.directory.hsds.export.text", breaks_off)
    with pytest.raises(OSError, match="No space"):
        export(target, Format.HSDS_JSON)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["all.json"]


@pytest.mark.django_db
def test_folder_of_an_earlier_export_is_replaced_and_no_other(tmp_path: Path) -> None:
    make.service()
    folder = tmp_path / "out"
    for form in (Format.HSDS_JSON, Format.HSDS_JSON):
        assert export(folder, form) == 1
    (folder / "diary.txt").write_text("mine")
    with pytest.raises(TargetRefused):
        export(folder, Format.HSDS_JSON)
    assert (folder / "diary.txt").read_text() == "mine"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["missing/all.json", "package.json"])
def test_command_says_what_is_wrong_with_the_target(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from argparse import Namespace

    form = "hsds-datapackage" if name == "package.json" else "hsds-json"
    assert exporting.export(Namespace(target=str(tmp_path / name), format=form)) == 1
    said = capsys.readouterr()
    assert (said.out, said.err.startswith("entero: ")) == ("", True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_command_exports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from argparse import Namespace

    make.service()
    assert exporting.export(Namespace(target=str(tmp_path / "all.json"), format="hsds-json")) == 0
    assert capsys.readouterr().out.startswith("1 services written")
