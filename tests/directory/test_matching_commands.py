"""The commands as they are typed."""

import json
from typing import Any

import pytest

from entero.conf.command import build_parser
from entero.directory.commands import matching
from entero.directory.models import Language, SourceRecord
from tests import make

pytestmark = pytest.mark.django_db

Out = pytest.CaptureFixture[str]
BOY = ["match", "--age", "15", "--gender", "boy", "--near", "92101"]


def run(*words: str) -> int:
    options = build_parser().parse_args(words)
    result = getattr(matching, options.function)(options)
    assert isinstance(result, int)
    return result


def said(out: Out) -> Any:
    return json.loads(out.readouterr().out)


@pytest.fixture
def harbor() -> None:
    given = make.service("Evening group", minimum_age=12, maximum_age=17)
    make.place(given)
    make.phone(given)
    make.filed(given, "trauma", "substance_use")
    make.fact(given, "boy", "yes", days_ago=21)
    Language.objects.create(service=given, code="es")
    women = make.service("House for women", of=given.organization)
    make.place(women)
    make.filed(women, "trauma")
    make.fact(women, "boy", "no")


@pytest.mark.usefixtures("harbor")
def test_match_prints_the_answer_as_data(capsys: Out) -> None:
    assert run(*BOY, "--needs", "trauma,substance_use", "--language", "es", "--json") == 0
    answer = said(capsys)
    assert list(answer) == [
        "matches",
        "near_misses",
        "next_question",
        "widened",
        "plan",
        "crisis_lines",
        "total",
        "refused",
    ]
    (found,) = answer["matches"]
    assert (found["service"], found["organization"]) == ("Evening group", "Harbor House")
    assert found["summary"] == "Takes boys 12-17. Spanish. Less than a mile. Checked 3 weeks ago."
    assert found["distance_miles"] < 2
    assert 0 < found["score"] <= 100
    first = found["reasons"][0]
    assert (first["text"], first["source"], first["checked"]) == ("Takes boys", "a-survey", False)
    assert [one["text"] for one in found["unknowns"]] == [
        "Does not name children or adolescents",
        "Ask if there is room",
    ]
    assert [missed["fails"]["text"] for missed in answer["near_misses"]] == ["Does not take boys"]
    assert answer["widened"][-1] == "hotlines"
    assert "988" in {line["call"] for line in answer["crisis_lines"]}
    assert answer["plan"]["kind"] == "one_place"
    assert answer["refused"] == 1


@pytest.mark.usefixtures("harbor")
def test_match_speaks_both_languages(capsys: Out) -> None:
    assert run(*BOY, "--needs", "trauma", "--interface", "es") == 0
    text = capsys.readouterr().out
    assert (
        "Recibe a niños y muchachos de 12 a 17 años. Menos de una milla. Verificado hace 3 semanas." in text
    )
    assert "x House for women: No recibe a niños ni muchachos" in text
    assert "619-555-0100" in text


@pytest.mark.usefixtures("harbor")
def test_match_reads_what_is_written_in_own_words(capsys: Out) -> None:
    assert run("match", "--words", "flashbacks evening", "--json") == 0
    assert [found["service"] for found in said(capsys)["matches"]] == ["Evening group", "House for women"]


@pytest.mark.usefixtures("harbor")
def test_match_takes_every_option(capsys: Out) -> None:
    every = ["--free", "--remote", "--open-now", "--limit", "1", "--identity", "gay-bisexual"]
    assert run(*BOY, *every, "--circumstances", "veteran", "--needs", "residential", "--json") == 0
    assert said(capsys)["matches"] == []


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--needs", "detx"], "there is no need 'detx'. Did you mean detox?"),
        (["--gender", "boi"], "Did you mean boy?"),
        (["--language", "zzz"], "There are: en, es"),
        (["--circumstances", "veterans"], "Did you mean veteran or"),
        (["--near", "00000"], "there is no place '00000'. Try a ZIP code."),
        (["--near", "Springfield"], "may be Springfield, MO or"),
        (["--age", "200"], "an age is a number of years from 0 to 120."),
    ],
)
def test_match_refuses_what_it_does_not_know_and_says_what_is_meant(
    words: list[str], hint: str, capsys: Out
) -> None:
    assert run("match", *words) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert hint in shown.err


def test_count_by_vocabulary(harbor: None, capsys: Out) -> None:
    assert (
        run("directory", "count", "--population", "boy", "--need", "trauma", "--by", "state", "--json") == 0
    )
    assert said(capsys) == {"total": 1, "by": {"CA": 1}}
    assert run("directory", "count", "--need", "trauma", "--json") == 0
    assert said(capsys) == {"total": 2}
    assert run("directory", "count", "--need", "trauma", "--by", "state") == 0
    assert capsys.readouterr().out.split() == ["CA", "2", "2"]


def test_count_by_codes(harbor: None, capsys: Out) -> None:
    today = make.timezone.localdate()
    SourceRecord.objects.create(
        source=make.source(),
        key="1",
        service=make.service(),
        codes=" MALE CHLD ",
        state="CA",
        first_seen=today,
        last_seen=today,
    )
    counted = ["directory", "count", "--source", "a-survey", "--code", "MALE", "--code", "!FEM"]
    assert run(*counted, "--by", "state", "--json") == 0
    assert said(capsys) == {"total": 1, "by": {"CA": 1}}


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--population", "boys"], "Did you mean boy?"),
        (["--need", "residential"], "there is no need 'residential'"),
        (["--source", "nowhere"], "There are: a-survey."),
        (["--source", "a-survey", "--code", "MALEE"], "Did you mean MALE"),
        (["--source", "a-survey", "--need", "trauma"], "not by both"),
        (["--code", "MALE"], "name it with --source"),
    ],
)
def test_count_refuses_what_it_does_not_know(words: list[str], hint: str, capsys: Out) -> None:
    make.source()
    assert run("directory", "count", *words) == 1
    assert hint in capsys.readouterr().err


def test_audit_compares_and_says_so(harbor: None, capsys: Out) -> None:
    flipped = ["directory", "audit", "--flip", "gender", "--profiles", "8"]
    assert run(*flipped, "--json") == 0
    answer = said(capsys)
    assert answer["all"]["profiles"] == sum(row["profiles"] for row in answer["by"]) == 8
    assert set(answer["all"]["difference"]) == {"matches", "silent", "refused", "nothing"}
    assert run(*flipped) == 0
    assert "US" in capsys.readouterr().out
    assert run("directory", "audit", "--flip", "gender", "--profiles", "0") == 1


def test_index_is_built_anew(harbor: None, capsys: Out) -> None:
    assert run("directory", "index") == 0
    assert capsys.readouterr().out.startswith("2 services are indexed")
