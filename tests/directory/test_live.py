"""The index that all processes share: fresh, whole, and never in anybody's way."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from entero.directory import building, changes, live
from entero.directory.building import LATE, Seen, build_and_save, changed_since, latest, seen_now
from entero.directory.matching.answer import WHOLE, Evidence
from entero.directory.matching.index import current_version
from entero.directory.matching.match import match
from entero.directory.matching.pool import Directory
from entero.directory.matching.profile import Profile
from entero.directory.models import (
    AcceptanceFact,
    DirectoryChange,
    Service,
    ServiceStatus,
    SourceRecord,
    Trust,
    Visibility,
)
from entero.directory.vocabulary.people import Gender
from tests import make

pytestmark = pytest.mark.django_db

BOY = Profile(age=15, gender=Gender.BOY, today=timezone.localdate())


def found(directory: Directory) -> set[bytes]:
    return {hit.key for hit in match(directory, BOY, limit=10_000).matches}


def test_the_index_is_built_when_there_is_none() -> None:
    given = make.service()
    assert found(live.directory()) == {given.pk.bytes}
    assert current_version(settings.INDEX_DIR) is not None


def test_an_empty_directory_has_an_index_too() -> None:
    assert found(live.directory()) == set()
    given = make.service()
    changes.service_changed(given.pk)
    assert found(live.directory()) == {given.pk.bytes}


def test_a_new_a_changed_and_a_deleted_service_are_seen_at_once() -> None:
    kept, gone = make.service("Kept"), make.service("Gone")
    version = live.directory() and current_version(settings.INDEX_DIR)
    new = make.service("New")
    make.fact(kept, "boy", "no")
    changes.service_changed(new.pk, gone.pk)
    gone.delete()
    assert found(live.directory()) == {new.pk.bytes}
    assert current_version(settings.INDEX_DIR) == version
    AcceptanceFact.objects.update(answer="yes")
    changes.service_changed(kept.pk)
    assert found(live.directory()) == {new.pk.bytes, kept.pk.bytes}


@pytest.mark.parametrize(
    "values",
    [
        {"visibility": Visibility.STAFF},
        {"visibility": Visibility.SEALED},
        {"status": ServiceStatus.CLOSED},
    ],
)
@pytest.mark.parametrize("everything", [True, False])
def test_what_is_hidden_is_gone_and_stays_gone(values: dict[str, Any], *, everything: bool) -> None:
    given, other = make.service("Hidden"), make.service("Shown")
    live.directory()
    Service.objects.filter(pk=given.pk).update(**values)
    changes.everything_changed() if everything else changes.service_changed(given.pk)
    assert found(live.directory()) == {other.pk.bytes}
    assert live.search_text("hidden", "en") == []
    live.rebuild()
    assert found(live.directory()) == {other.pk.bytes}


def test_hidden_rows_are_gone_while_another_process_builds() -> None:
    given, other = make.service("Hidden"), make.service("Shown")
    live.directory()
    Service.objects.filter(pk=given.pk).update(visibility=Visibility.STAFF)
    changes.everything_changed()
    with building.building(settings.INDEX_DIR, wait=True):
        version = current_version(settings.INDEX_DIR)
        assert found(live.directory()) == {other.pk.bytes}
        assert current_version(settings.INDEX_DIR) == version
    assert found(live.refresh()) == {other.pk.bytes}
    assert current_version(settings.INDEX_DIR) != version


def test_a_change_of_everything_builds_the_index_anew() -> None:
    live.directory()
    version = current_version(settings.INDEX_DIR)
    given = make.service()
    changes.everything_changed()
    assert found(live.directory()) == {given.pk.bytes}
    assert current_version(settings.INDEX_DIR) != version
    assert len(live.directory().parts) == 1


def test_too_many_changes_build_the_index_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "REBUILD_ABOVE", 2)
    some = [make.service(f"Group {number}") for number in range(3)]
    live.directory()
    version = current_version(settings.INDEX_DIR)
    changes.service_changed(some[0].pk, some[1].pk)
    assert len(live.directory().parts) == 2
    assert current_version(settings.INDEX_DIR) == version
    changes.service_changed(some[2].pk)
    assert len(live.directory().parts) == 1
    assert current_version(settings.INDEX_DIR) != version


def test_the_index_is_built_anew_on_a_new_day(time_machine_tomorrow: Any) -> None:
    given = make.service()
    live.directory()
    version = current_version(settings.INDEX_DIR)
    with time_machine_tomorrow():
        assert found(live.refresh()) == {given.pk.bytes}
        assert current_version(settings.INDEX_DIR) != version


@pytest.fixture
def time_machine_tomorrow() -> Any:
    import time_machine

    return lambda: time_machine.travel(timezone.now() + timezone.timedelta(days=1), tick=True)


def test_a_builder_that_dies_leaves_the_old_index(monkeypatch: pytest.MonkeyPatch) -> None:
    given = make.service()
    before = found(live.directory())
    monkeypatch.setattr(Path, "rename", dying)
    with pytest.raises(OSError, match="no room"):
        live.rebuild()
    monkeypatch.undo()
    assert list(settings.INDEX_DIR.glob(".v*")) != []
    assert found(live.refresh()) == before == {given.pk.bytes}
    live.rebuild()
    assert list(settings.INDEX_DIR.glob(".v*")) == []


def dying(self: Path, target: Path) -> None:
    raise OSError("no room")


@pytest.mark.parametrize("harm", ["cut", "meta", "pointer"])
def test_a_damaged_index_is_built_anew(harm: str) -> None:
    given = make.service()
    live.directory()
    folder = settings.INDEX_DIR / (current_version(settings.INDEX_DIR) or "")
    if harm == "cut":
        path = max(folder.glob("*.npy"), key=lambda file: file.stat().st_size)
        path.write_bytes(path.read_bytes()[:-8])
    elif harm == "meta":
        (folder / "meta.json").write_text("{", encoding="utf-8")
    else:
        (settings.INDEX_DIR / "current").write_text("v0-none", encoding="utf-8")
    live._keeper.state = None
    assert found(live.directory()) == {given.pk.bytes}


def test_changes_are_looked_for_once_a_second(django_assert_num_queries: Any) -> None:
    make.service()
    live.directory()
    with django_assert_num_queries(0):
        live.directory()
    live._keeper.looked -= live.LOOK_EVERY_SECONDS
    with django_assert_num_queries(1):
        live.directory()


def test_a_change_of_another_process_is_seen_a_second_later() -> None:
    given = make.service()
    live.directory()
    Service.objects.filter(pk=given.pk).delete()
    DirectoryChange.objects.create(service_id=given.pk)
    assert found(live.directory()) == {given.pk.bytes}
    live._keeper.looked -= live.LOOK_EVERY_SECONDS
    assert found(live.directory()) == set()


def test_a_change_with_a_lower_number_that_commits_late_is_still_seen() -> None:
    DirectoryChange.objects.create(id=50, service_id=make.service("First").pk)
    given = make.service("Late")
    live.directory()
    Service.objects.filter(pk=given.pk).update(visibility=Visibility.STAFF)
    DirectoryChange.objects.create(id=49, service_id=given.pk)
    assert given.pk.bytes not in found(live.refresh())


def test_changes_that_no_index_needs_are_removed() -> None:
    given = make.service()
    DirectoryChange.objects.create(id=5, service_id=given.pk)
    DirectoryChange.objects.create(id=LATE + 10, service_id=given.pk)
    settings.INDEX_DIR.mkdir(parents=True)
    for left in (2, 1):
        build_and_save(settings.INDEX_DIR)
        assert DirectoryChange.objects.count() == left


def test_what_was_seen_is_kept_with_the_index() -> None:
    given = make.service()
    changes.service_changed(given.pk)
    seen = seen_now()
    assert latest(seen) is seen
    assert Seen.from_notes({"changes": seen.as_notes()}) == seen
    assert changed_since(seen) == (False, set())
    changes.service_changed(given.pk)
    assert latest(seen) != seen
    assert changed_since(seen) == (False, {given.pk})
    changes.everything_changed()
    assert changed_since(seen) == (True, {given.pk})


def test_evidence_names_the_source_and_the_day() -> None:
    given, silent = make.service(), make.service("Silent")
    fact = make.fact(given, "boy", "yes", by=make.staff())
    keys = [given.pk.bytes, silent.pk.bytes]
    evidence = live.evidence_of(keys)
    assert evidence[silent.pk.bytes] == {}
    (said,) = evidence[given.pk.bytes].values()
    assert (said.source, said.observed_on) == (fact.source.slug, fact.observed_on)


def test_evidence_names_who_lists_a_service_now() -> None:
    given, gone = make.service(), make.service("Gone")
    old = make.source("old-list", trust=Trust.LISTING, observed_on=date(2026, 1, 1))
    survey = make.source("survey", trust=Trust.SURVEY, observed_on=date(2022, 1, 1))
    seen = {"digest": "x", "first_seen": date(2022, 1, 1), "last_seen": date(2026, 1, 1)}
    for number, source in enumerate((old, survey)):
        SourceRecord.objects.create(source=source, key=str(number), service=given, **seen)
    SourceRecord.objects.create(source=survey, key="gone", service=gone, gone_on=date(2026, 1, 1), **seen)
    evidence = live.evidence_of([given.pk.bytes, gone.pk.bytes])
    assert evidence == {
        given.pk.bytes: {WHOLE: Evidence("survey", date(2022, 1, 1))},
        gone.pk.bytes: {},
    }


def test_search_text_finds_names_in_both_languages_and_all_words_first() -> None:
    both = make.service("River men", description_es="Grupo para hombres")
    one = make.service("River")
    make.service("Nothing of it")
    assert live.search_text("river men", "en") == [both.pk]
    assert live.search_text("River", "en") == [one.pk, both.pk]
    assert live.search_text("hombres", "es") == [both.pk]
    assert live.search_text("river elephants", "en") == [one.pk, both.pk]
    assert live.search_text("", "en") == []
    assert live.search_text("river", "en", limit=1) == [one.pk]


def test_threads_and_processes_are_answered_and_see_the_change(tmp_path: Path) -> None:
    """Runs in a process of its own with a database file: threads of a test share one connection."""
    environment = os.environ | {
        "ENTERO_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "entero.conf.settings",
    }
    environment.pop("ENTERO_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.directory.live_race"],
        check=False,
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (done.stdout, done.returncode) == ("done\n", 0), done.stderr
