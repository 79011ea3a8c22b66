"""What ``entero check`` says about the directory, and when it says that something is wrong."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from entero.directory import changes, demo, health, live, vocabulary_tables
from entero.directory.crisis_lines.lines import lines
from entero.directory.matching.index import current_version
from entero.directory.models import Source, TaxonomyTerm, TurnedAway


@pytest.fixture(autouse=True)
def _vocabulary(db: None) -> Iterator[None]:
    vocabulary_tables.load()
    yield


def _found(name: str) -> tuple[bool, str]:
    return next((ok, say) for check, ok, say in health.findings() if check == name)


def test_a_fresh_installation_is_well() -> None:
    assert [finding for finding in health.findings() if not finding[1]] == []


def test_the_demo_is_well() -> None:
    demo.load()
    assert [finding for finding in health.findings() if not finding[1]] == []


def test_a_changed_vocabulary_is_found() -> None:
    TaxonomyTerm.objects.filter(code="trauma").update(name="Something else")
    assert _found("vocabulary") == (False, "1 terms are missing or old: run entero init")


def test_a_damaged_index_is_found(settings: object) -> None:
    live.rebuild()
    folder: Path = settings.INDEX_DIR  # type: ignore[attr-defined]
    (folder / (current_version(folder) or "") / "meta.json").write_text("{")
    ok, say = _found("index")
    assert not ok
    assert "run entero directory index" in say


def test_an_index_is_told_with_what_changed_since() -> None:
    demo.load()
    live.rebuild()
    assert _found("index")[1].endswith("; 0 changed since")
    changes.service_changed(demo.sample_id("casa-norte"))
    assert _found("index")[1].startswith("171 services, built on ")
    assert _found("index")[1].endswith("; 1 changed since")


def test_crisis_lines_that_nobody_verified_for_long_are_found() -> None:
    last = max(line.verified_on for line in lines())
    with time_machine.travel(last + timedelta(days=182), tick=False):
        ok, say = _found("crisis lines")
    assert not ok
    assert "988" in say


def test_a_source_is_told_with_its_age() -> None:
    with time_machine.travel(date(2026, 1, 1), tick=False):
        Source.objects.create(slug="old-list", name="An old list", observed_on=date(2022, 1, 1))
        assert _found("source") == (
            True,
            "old-list: facts of 2022-01-01, 4.0 years old; pages say to call first",
        )


def test_samples_in_production_are_found(settings: object) -> None:
    demo.load()
    assert _found("samples") == (True, "11 invented services")
    settings.PRODUCTION = True  # type: ignore[attr-defined]
    assert not _found("samples")[0]


def test_a_report_that_waits_for_long_is_found() -> None:
    demo.load()
    assert _found("reports") == (True, "5 wait at the desk")
    old = timezone.localdate() - timedelta(days=health.REPORT_DAYS + 1)
    TurnedAway.objects.filter(pk=TurnedAway.objects.earliest("id").pk).update(reported_on=old)
    assert _found("reports") == (False, "1 have waited for more than 30 days at the desk")
    TurnedAway.objects.update(reviewed_on=old, confirmed=False)
    assert _found("reports") == (True, "0 wait at the desk")


def test_services_that_were_checked_long_ago_are_counted() -> None:
    demo.load()
    assert _found("to check") == (True, "161 of 171 services were last checked long ago, or never")


def test_the_last_import_is_told() -> None:
    assert _found("imports") == (True, "none yet")
    demo.load()
    assert _found("imports")[1].startswith("samhsa-2022-mh.csv on ")
