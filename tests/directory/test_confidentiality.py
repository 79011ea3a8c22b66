"""Nothing above public leaves: not by page, feed, search, count, index, export or log.

Every text in the directory is a canary. Any rows and fields are hidden, at any level; then everything that
leaves is collected and searched for what is secret, and for ids of rows that are.
"""

import io
import json
import logging
import zipfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from entero.directory import api, counting, live, vocabulary_tables
from entero.directory.columns_of import Zones, columns_of
from entero.directory.commands import matching
from entero.directory.find_help import journey
from entero.directory.find_help.answers import Answers
from entero.directory.hsds.export import Format, export
from entero.directory.models import Visibility
from tests import planting
from tests.planting import Hidden, Planted

pytestmark = pytest.mark.django_db

FEEDS = ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms")
RECORDS = {
    "services": "service",
    "organizations": "organization",
    "service_at_locations": "service_at_location",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}
SEARCHED = {
    "services": ("service", "organization"),
    "organizations": ("organization", "parent_organization"),
    "service_at_locations": ("service", "organization"),
    "taxonomies": ("taxonomy",),
    "taxonomy_terms": ("taxonomy_term", "parent_term"),
}
LEVELS = st.sampled_from([Visibility.PARTNER, Visibility.STAFF, Visibility.SEALED]).map(int)
LABELS = [
    "organization", "program", "service", "service_at_location", "location", "address", "contact", "phone",
    "schedule", "funding", "service_area", "required_document", "language", "accessibility", "cost_option",
    "organization_identifier", "url", "unit", "service_capacity", "taxonomy", "taxonomy_term", "attribute",
    "acceptance_fact", "parent_organization", "parent_term", "contact_of_organization", "contact_at_location",
    "contact_of_location", "phone_of_contact", "phone_of_location", "phone_of_organization",
    "phone_at_location", "phone_of_two", "schedule_of_location", "schedule_at_location", "language_of_phone",
    "language_of_location", "area_at_location", "url_of_organization", "funding_of_organization", "need",
    "attribute_of_phone",
]  # fmt: skip
FIELDS = (
    "name", "description", "alternate_name", "number", "extension", "address_1", "address_2", "city",
    "postal_code", "latitude", "longitude", "email", "website", "url", "title", "label", "value", "source",
    "document", "note", "code", "description_es", "eligibility_description", "alert", "fees_description",
    "application_process", "interpretation_services", "opens_at", "closes_at", "byday", "available", "maximum",
    "updated", "amount", "identifier", "identifier_type", "minimum_age", "population", "answer", "observed_on",
    "state", "state_province", "last_modified", "assured_date", "organization", "program", "taxonomy_term",
    "status", "details", "tax_id", "department", "valid_from",
)  # fmt: skip
HIDDEN = st.dictionaries(
    st.sampled_from(LABELS),
    LEVELS | st.dictionaries(st.sampled_from(FIELDS), LEVELS, min_size=1, max_size=8),
    min_size=1,
    max_size=4,
)


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _log() -> Iterator[io.StringIO]:
    """Collect what would be written to the log at its most talkative, queries with their values included."""
    root = logging.getLogger()
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(root.handlers[0].formatter)
    level, debug = root.level, connection.force_debug_cursor
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    connection.force_debug_cursor = True
    try:
        yield handler.stream
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        connection.force_debug_cursor = debug


def _body(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode()) + str(dict(answer.headers))


def _feeds(client: Client) -> Iterator[tuple[str, str]]:
    for path in FEEDS:
        asked: list[dict[str, str]] = [{}, {"format": "ndjson"}]
        if path not in {"taxonomies", "taxonomy_terms"}:
            asked.append({"full": "true"})
        if path == "services":
            asked.append({"minimal": "true"})
        if path == "organizations":
            asked.append({"full_service": "true"})
        if path == "service_at_locations":
            asked.append({"postcode": "92101", "proximity": "900000"})
        for question in asked:
            size = {} if "minimal" in question else {"per_page": "100"}
            yield f"{path} {question}", _body(client.get(f"/api/hsds/{path}", question | size))


def _records(client: Client, planted: Planted) -> Iterator[tuple[str, str]]:
    for path, label in RECORDS.items():
        answer = client.get(f"/api/hsds/{path}/{planted.rows[label].pk}")
        assert answer.status_code == (404 if _gone(planted, label) else 200), label
        yield f"one of {path}", _body(answer)


def _gone(planted: Planted, label: str) -> bool:
    links = {"service_at_location": ("service", "location")}
    return planted.is_secret(label, *links.get(label, ()))


def _exports(folder: Path) -> Iterator[tuple[str, str]]:
    export(folder / "all.json", Format.HSDS_JSON)
    yield "export to one file", (folder / "all.json").read_text(encoding="utf-8")
    for form in Format:
        export(folder / f"{form}.zip", form)
        with zipfile.ZipFile(folder / f"{form}.zip") as archive:
            for name in archive.namelist():
                yield f"export {name}", archive.read(name).decode()


def _pages(client: Client, planted: Planted) -> Iterator[tuple[str, str]]:
    service_id = planted.rows["service"].pk
    for start in ("/en/services", "/es/servicios"):
        for end in ("", *(("sheet/", "text/") if start.startswith("/en") else ())):
            answer = client.get(f"{start}/{service_id}/{end}")
            assert answer.status_code == (404 if planted.is_secret("service") else 200), (start, end)
            yield f"page {start} {end}", _body(answer)
    state = journey.sealed(Answers(needs=("trauma",)))
    for end in ("", "sheet/", "text/"):
        answer = client.post(f"/en/find-help/places/{end}", {"state": state})
        assert answer.status_code == 200
        yield f"results {end}", _body(answer).replace(str(dict(answer.headers)), "")


def _index(capsys: Any) -> Iterator[tuple[str, str]]:
    live.rebuild()
    yield "columns", " ".join(columns_of(Zones([""]), today=timezone.localdate()).tokens)
    for path in sorted(settings.INDEX_DIR.rglob("*")):
        if path.is_file():
            yield f"index {path.suffix}", path.read_bytes().decode("latin-1")
    capsys.readouterr()
    wanted = Namespace(
        age=15, gender="boy", identity="", near="", needs="trauma", circumstances="", language="", words="",
        free=False, remote=False, open_now=False, limit=10, interface="en", json=True,
    )  # fmt: skip
    assert matching.match(wanted) == 0
    yield "match", capsys.readouterr().out


def _leaks(planted: Planted, outputs: Iterator[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Return where something secret is seen: a value, or the id of a row that should not be there."""
    ids = {label: str(planted.rows[label].pk) for label in planted.secret_rows}
    found = []
    for output, text in outputs:
        for canary in planted.secret:
            found += [(output, canary.row, canary.name) for word in canary.texts if word in text]
        if not output.startswith("page"):  # its own address is in a page that says it is not there
            found += [(output, label, "id") for label, key in ids.items() if key in text]
    return found


def _check_searches(client: Client, planted: Planted) -> None:
    for path, labels in SEARCHED.items():
        words = [word for label in labels for word in planted.words(label) if word.isalpha()]
        for word in words[:4]:
            answer = client.post(
                f"/api/hsds/{path}", json.dumps({"search": word}), content_type="application/json"
            )
            assert answer.json()["total_items"] == 0, (path, word)
    names = [word for label in ("service", "organization") for word in planted.words(label)]
    for word in [word for word in names if word.isalpha()][:4]:
        assert live.search_text(word, "en") == []


def _check_counts(client: Client, planted: Planted) -> None:
    def total(path: str, **asked: Any) -> int:
        found: int = client.get(f"/api/hsds/{path}", asked).json()["total_items"]
        return found

    shown, houses = not planted.is_secret("service"), ("organization", "parent_organization")
    assert total("services") == shown
    assert total("organizations") == sum(not planted.is_secret(label) for label in houses)
    assert total("service_at_locations") == (not _gone(planted, "service_at_location"))
    owner = planted.rows["organization"].pk
    assert total("services", organization_id=owner) == (not planted.is_secret("service", "organization"))
    filed = shown and not planted.is_secret("attribute", "taxonomy_term")
    assert total("services", taxonomy_term_id=planted.rows["taxonomy_term"].pk) == filed
    takes = not planted.is_secret("acceptance_fact", "population", "answer", "source", "observed_on")
    boy = vocabulary_tables.term_row_id("populations", "boy")
    assert total("services", taxonomy_term_id=boy) == takes
    active = shown and not planted.is_secret("service", "status")
    if active or not shown:
        here = live.directory()
        assert counting.by_vocabulary(here, populations=["boy"]).total == takes
        if not planted.rows["need"].hidden_fields:
            assert counting.by_vocabulary(here, needs=["trauma"]).total == (not planted.is_secret("need"))


@given(hidden=HIDDEN)
@example(hidden={})
@example(hidden=dict.fromkeys(["service"], 3))
@example(hidden=dict.fromkeys(["organization"], 1))
@example(hidden=dict.fromkeys(["location"], 2))
@example(hidden={"address": 2})
@example(hidden={"contact": 1, "phone": 2, "service_at_location": {"description": 1}})
@example(hidden=dict.fromkeys(LABELS, dict.fromkeys(FIELDS, 2)))
@hypothesis_settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_nothing_above_public_leaves(
    hidden: Hidden,
    client: Client,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Any,
) -> None:
    monkeypatch.setattr(api.limiter, "limit", 1_000_000)
    monkeypatch.setattr(settings, "INDEX_DIR", tmp_path_factory.mktemp("index"))
    with _undone(), _log() as log:
        vocabulary_tables.load()
        planted = planting.plant(hidden)
        outputs = [
            *_index(capsys),
            *_feeds(client),
            *_records(client, planted),
            *_exports(tmp_path_factory.mktemp("export")),
            *_pages(client, planted),
        ]
        _check_searches(client, planted)
        _check_counts(client, planted)
        logging.getLogger("django.request").error(
            "failed", exc_info=(ValueError, ValueError(planted.rows["service"].name), None)
        )
        outputs.append(("log", log.getvalue()))
    assert _leaks(planted, iter(outputs)) == []
    if not hidden:
        _everything_public_is_told(planted, outputs)


def _everything_public_is_told(planted: Planted, outputs: list[tuple[str, str]]) -> None:
    """What is looked for can be found: with nothing hidden, every canary is seen where it belongs."""
    text = dict(outputs)
    files = ("to one file", "organizations.json", "taxonomy_terms.json", "phones.csv")
    exported = "".join(text[f"export {name}"] for name in files)
    missing = {
        (canary.row, canary.name)
        for canary in planted.told
        if not any(word in exported for word in canary.texts)
    }
    kept = {("acceptance_fact", "note")}
    assert missing - kept == set()
    name = planted.rows["service"].name
    for output in (
        "columns",
        "match",
        "page /en/services ",
        "page /es/servicios ",
        "results ",
        "results text/",
    ):
        assert name in text[output], output
    assert len(planted.told) > 100
    assert "directory_service" in text["log"] or "%" in text["log"]
