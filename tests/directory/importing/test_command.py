"""``entero directory import`` says what came of a file, to people and to programs."""

import json
from pathlib import Path

import pytest

from entero.conf.command import build_parser
from entero.directory.commands.importing import import_file
from entero.directory.importing import words
from entero.directory.importing.reading.problems import Problem, Refusal, Repair, Why
from entero.directory.models import Service
from tests.directory.importing import files


def run(*words: str) -> int:
    return import_file(build_parser().parse_args(["directory", "import", *words]))


@pytest.mark.django_db
def test_a_file_is_imported_and_summed_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = files.samhsa_csv(
        tmp_path, files.facility(), files.facility(zip="501", state="NY"), files.facility(zip="x")
    )
    assert run(str(path)) == 0
    assert capsys.readouterr().out.splitlines() == [
        "facilities.csv from samhsa-2022-sa: 2 new, 0 changed, 0 same, 0 gone, 1 refused.",
        "  mended: 1 ZIP code had lost its leading zeros",
        "  refused, line 4: The row looks shifted: a column holds what belongs into another. (x)",
    ]


@pytest.mark.django_db
def test_a_dry_run_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = files.samhsa_csv(tmp_path, files.facility())
    assert run(str(path), "--dry-run", "--source", "local-list") == 0
    assert capsys.readouterr().out == (
        "facilities.csv: 1 new, 0 changed, 0 same, 0 gone, 0 refused (dry run: nothing changed).\n"
    )
    assert not Service.objects.exists()


@pytest.mark.django_db
def test_programs_read_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = files.feed(tmp_path, files.service(1))
    assert run(str(path), "--source", "local-list", "--format", "hsds-json", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "file": "feed.json",
        "source": "local-list",
        "state": "done",
        "new": 1,
        "changed": 0,
        "same": 0,
        "gone": 0,
        "refused": [],
        "repaired": {},
        "error": "",
    }


@pytest.mark.django_db
def test_a_refused_file_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(files.write(tmp_path / "picture.xlsx", b"\x89PNG"))) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[0] == "picture.xlsx: refused, nothing changed."


@pytest.mark.django_db
def test_long_lists_of_refusals_are_cut_for_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = [files.facility(zip="") for _ in range(30)]
    run(str(files.samhsa_csv(tmp_path, files.facility(), *bad)))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 22
    assert lines[-1] == "  and 10 more refused rows; --json lists them."


@pytest.mark.parametrize("why", Why)
def test_every_reason_has_words(why: Why) -> None:
    assert words.problem(Problem(why)) == words.refusal(Refusal(1, why))[1] != ""


@pytest.mark.parametrize("repair", Repair)
def test_every_repair_has_words_for_one_and_many(repair: Repair) -> None:
    [one], [many] = words.repairs({repair: 1}), words.repairs({repair: 2})
    assert one.startswith("1 ")
    assert many.startswith("2 ")
