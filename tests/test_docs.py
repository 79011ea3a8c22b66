"""The documentation keeps its word: links lead somewhere, commands exist, settings are all told."""

import argparse
import re
import shlex
from inspect import getmembers, isclass, isfunction
from pathlib import Path

import pytest
from django.apps import apps

from entero.conf.command import build_parser
from entero.conf.environment import SECRETS, VARIABLES
from entero.directory import actions, events
from entero.directory.acceptance.rule import GIVES_WAY_BELOW
from entero.directory.freshness import CALL_FIRST_BELOW, LOST_IN_TWO_YEARS
from entero.directory.matching import weights
from entero.directory.schemas import (
    AskedOrganizations,
    AskedPlaces,
    AskedServices,
    AskedTaxonomies,
    AskedTerms,
)
from entero.directory.vocabulary.terms import languages, populations, terms

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(
    [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "src").rglob("*.md"), *(ROOT / "bench").glob("*.md")]
)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"```[a-z]*\n(.*?)```", re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
MANY_PAGES = 25
MOST_BYTES = 150_000


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _anchors(text: str) -> set[str]:
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
        for heading in HEADING.findall(FENCE.sub("", text))
    }


def _code(text: str) -> list[str]:
    """Return every line of code blocks and every piece of inline code."""
    lines = [line.strip().removeprefix("$ ") for block in FENCE.findall(text) for line in block.splitlines()]
    return lines + INLINE.findall(FENCE.sub("", text))


def _commands(text: str, name: str) -> list[str]:
    """Return the calls of one program, up to a pipe, a redirection or a second command."""
    found = []
    for code in _code(text):
        call = re.sub(r"^(sudo |\.venv/bin/|[A-Z_]+=\S+ )*", "", code)
        if call.startswith(f"{name} "):
            found.append(re.split(r" [|>#] | && |;|…", f"{call} ")[0].strip())
    return found


def test_there_are_pages_to_look_at() -> None:
    assert len(PAGES) > MANY_PAGES


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_relative_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    broken = []
    text = page.read_text(encoding="utf-8")
    for link in LINK.findall(FENCE.sub("", text)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in _anchors(target.read_text(encoding="utf-8"))):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_command_that_is_named_exists(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unknown = []
    for command in _commands(page.read_text(encoding="utf-8"), "entero"):
        arguments = [word for word in shlex.split(command)[1:] if word not in {"--help", "--version"}]
        try:
            build_parser().parse_args(arguments)
        except SystemExit:
            problem = capsys.readouterr().err.strip().splitlines()[-1]
            if "arguments are required" not in problem:  # a command may be named without what it takes
                unknown.append(f"{command}: {problem}")
    assert unknown == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = {command.split()[1] for command in _commands(page.read_text(encoding="utf-8"), "make")}
    assert {name for name in named if "=" not in name} - targets == set()


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_no_page_names_a_setting_that_does_not_exist(page: Path) -> None:
    known = set(VARIABLES) | {f"{name}_FILE" for name in SECRETS}
    named = set(re.findall(r"ENTERO_[A-Z_]*[A-Z]", page.read_text(encoding="utf-8")))
    assert named - known == set()


def test_the_settings_page_tells_every_setting_in_its_order() -> None:
    text = (DOCS / "reference/settings.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(ENTERO_[A-Z_]+)`", text, re.MULTILINE) == list(VARIABLES)


def _leaves(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        return [parser]
    return [leaf for group in groups for child in group.choices.values() for leaf in _leaves(child)]


@pytest.mark.parametrize("leaf", _leaves(build_parser()), ids=lambda leaf: leaf.prog)
def test_the_command_page_tells_every_command_and_option(leaf: argparse.ArgumentParser) -> None:
    text = (DOCS / "reference/command.md").read_text(encoding="utf-8")
    section = text.split(f"\n### {leaf.prog}\n")[1].split("\n### ")[0]
    told = set(re.findall(r"`(--[a-z-]+)", section))
    assert told == {name for action in leaf._actions for name in action.option_strings} - {"-h", "--help"}


def test_every_decision_is_listed() -> None:
    pages = {path.name for path in (DOCS / "decisions").glob("0*.md")}
    index = (DOCS / "decisions/README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\((0[^)]+)\)", index)) == pages


@pytest.mark.parametrize("room", ["kernel", "ui", "directory"])
def test_every_room_has_its_page(room: str) -> None:
    assert (ROOT / "src/entero" / room).is_dir()
    assert list((ROOT / "src/entero" / room).rglob("README.md")) != []


def test_the_data_model_tells_every_table() -> None:
    text = (DOCS / "reference/data-model.md").read_text(encoding="utf-8")
    ours = {
        model.__name__
        for name in ("directory", "accounts")
        for model in apps.get_app_config(name).get_models()
    }
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == ours


def test_the_vocabulary_tells_every_term_in_both_languages() -> None:
    text = (DOCS / "reference/vocabulary.md").read_text(encoding="utf-8")
    named = [*terms().values(), *populations().values()]
    assert [term.id for term in named if f"`{term.id}` | {term.en} | {term.es} |" not in text] == []
    spoken = languages().values()
    assert [
        one.code for one in spoken if f"| `{one.code}` | {one.en} | {one.es} | {one.own} |" not in text
    ] == []


def test_matching_tells_every_weight() -> None:
    text = (DOCS / "explanation/matching.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| ([a-z ]+) \| (0\.\d+) \|", text, re.MULTILINE))
    room_is_capacity = {"room": "capacity", "open now": "open_now"}
    said = {room_is_capacity.get(name, name).upper(): float(weight) for name, weight in told.items()}
    assert said == {name: getattr(weights, name) for name in said}
    assert set(said) == {
        "ACCEPTANCE", "NEEDS", "DISTANCE", "WORDS", "LANGUAGE", "FRESHNESS", "CAPACITY", "OPEN_NOW", "COST",
    }  # fmt: skip
    assert f"not known {weights.UNKNOWN}" in text
    assert f"halves every {weights.HALF_WAY_MILES:.0f} miles" in text


def test_acceptance_tells_the_half_lives() -> None:
    text = (DOCS / "explanation/acceptance.md").read_text(encoding="utf-8")
    for kind, lost in LOST_IN_TWO_YEARS.items():
        assert f"{100 * lost:g} %" in text, kind
    assert f"{100 * GIVES_WAY_BELOW:.0f} %" in text
    assert f"confidence of {CALL_FIRST_BELOW}" in text


def test_the_api_page_tells_every_parameter() -> None:
    text = (DOCS / "reference/api.md").read_text(encoding="utf-8")
    asked = (AskedServices, AskedOrganizations, AskedPlaces, AskedTaxonomies, AskedTerms)
    table = text.split("## Parameters of lists")[1].split("##")[0]
    told = {name for row in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE) for name in INLINE.findall(row)}
    assert told == {name for schema in asked for name in schema.model_fields}


def test_the_directory_page_tells_its_verbs_and_events() -> None:
    text = (ROOT / "src/entero/directory/README.md").read_text(encoding="utf-8")
    verbs, announced = (text.split(f"## {title}")[1].split("##")[0] for title in ("Verbs", "Events"))
    functions = {name for name in actions.__all__ if isfunction(getattr(actions, name))}
    assert set(INLINE.findall(verbs)) >= functions
    classes = {name for name, _ in getmembers(events, isclass) if name[0].isupper()}
    assert set(INLINE.findall(announced)) == classes


def test_every_picture_is_small_and_shown() -> None:
    pictures = set((DOCS / "screenshots").glob("*.png"))
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [path.name for path in pictures if path.stat().st_size > MOST_BYTES] == []
    assert [path.name for path in pictures if f"screenshots/{path.name})" not in text] == []
