"""Importing at the desk: looked at first, taken once, and nothing left lying about."""

import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from entero.directory import actions, desk_import_views, kept_files, tasks
from entero.directory.actions.imports import GONE
from entero.directory.models import ImportRun, Service
from tests import make
from tests.directory.importing import files

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make.staff())
    return client


@pytest.fixture
def directory(tmp_path: Path) -> bytes:
    return files.samhsa_csv(
        tmp_path, files.facility("Harbor House"), files.facility("Second House")
    ).read_bytes()


def lying_about() -> list[Path]:
    return [path for path in kept_files.folder().rglob("*") if path.is_file()]


def send(desk: Client, content: bytes, name: str = "facilities.csv", source: str = "") -> Any:
    return desk.post(
        "/desk/import/", {"file": SimpleUploadedFile(name, content), "source": source}, follow=True
    )


def test_file_is_looked_at_and_nothing_changes(desk: Client, directory: bytes) -> None:
    page = send(desk, directory)
    run = ImportRun.objects.get()
    assert page.redirect_chain == [(f"/desk/import/{run.pk}/", 302)]
    assert (run.state, run.new, run.file_name, str(run.by)) == ("dry", 2, "facilities.csv", "heron")
    assert page.context["can_import"] is True
    assert b"Import now" in page.content
    assert not Service.objects.exists()


def test_kept_file_is_ours_alone_and_under_a_random_name(desk: Client, directory: bytes) -> None:
    send(desk, directory)
    (kept,) = lying_about()
    assert kept.read_bytes() == directory
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert len(kept.parent.name) > 32


def test_import_now_takes_the_file_once(desk: Client, directory: bytes) -> None:
    send(desk, directory)
    dry = ImportRun.objects.get()
    page = desk.post(f"/desk/import/{dry.pk}/now/", follow=True)
    assert (page.context["run"].state, page.context["run"].new) == ("done", 2)
    assert Service.objects.count() == 2
    assert ImportRun.objects.count() == 2
    assert lying_about() == []
    again = desk.post(f"/desk/import/{dry.pk}/now/", follow=True)
    assert "not here any more" in str(next(iter(again.context["messages"])))
    assert b"Import now" not in again.content
    assert ImportRun.objects.count() == 2


def test_named_source_is_remembered_until_the_import(desk: Client, directory: bytes) -> None:
    send(desk, directory, source="our-own-list")
    dry = ImportRun.objects.get()
    page = desk.post(f"/desk/import/{dry.pk}/now/", follow=True)
    assert page.context["run"].source.slug == "our-own-list"


def test_large_file_waits_for_the_worker(
    desk: Client, directory: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_import_views, "AT_ONCE_BYTES", 10)
    send(desk, directory)
    page = desk.post(f"/desk/import/{ImportRun.objects.get().pk}/now/", follow=True)
    waiting = page.context["run"]
    assert waiting.state == "waiting"
    assert b"This file waits for the worker." in page.content
    assert not Service.objects.exists()
    tasks.import_kept_file.call(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.new, Service.objects.count()) == ("done", 2, 2)
    tasks.import_kept_file.call(waiting.pk)
    assert Service.objects.count() == 2
    assert lying_about() == []


@pytest.mark.parametrize("content", [b"", b"not a directory", b"\x00\x01", b"{", b"PK\x03\x04"])
def test_file_that_is_no_directory_is_refused_and_dropped(desk: Client, content: bytes) -> None:
    page = send(desk, content, "../../etc/odd name.csv")
    run = ImportRun.objects.get()
    assert (run.state, page.status_code) == ("refused", 200)
    assert run.error in page.content.decode()
    assert b"Import now" not in page.content
    assert lying_about() == []


def test_refused_rows_and_repairs_are_shown(desk: Client, tmp_path: Path) -> None:
    rows = [
        files.facility("Harbor House", zip="2118", state="MA", city="Boston"),
        files.facility("Odd", zip="text"),
    ]
    page = send(desk, files.samhsa_csv(tmp_path, *rows).read_bytes()).content.decode()
    assert "1 ZIP code had lost its leading zeros" in page
    assert "The row looks shifted" in page


def test_too_large_a_file_is_refused_before_it_is_kept(
    desk: Client, directory: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_files, "MAX_BYTES", 10)
    page = send(desk, directory)
    assert page.status_code == 422
    assert b"larger than 60 MB" in page.content
    assert lying_about() == []
    assert not ImportRun.objects.exists()


def test_missing_file_is_asked_for_and_the_source_kept(desk: Client) -> None:
    page = desk.post("/desk/import/", {"source": "kept-name"})
    assert page.status_code == 422
    assert b'value="kept-name"' in page.content


def test_old_files_are_dropped_when_the_next_one_comes(desk: Client, directory: bytes) -> None:
    send(desk, directory)
    (kept,) = lying_about()
    old = time.time() - kept_files.KEPT_SECONDS - 10
    os.utime(kept.parent, (old, old))
    send(desk, directory, "second.csv")
    assert [path.name for path in lying_about()] == ["second.csv"]


def test_run_that_waits_without_its_file_says_so_and_waits_no_more() -> None:
    run = ImportRun.objects.create(file_name="f.csv", state="waiting", started_at=timezone.now())
    actions.carry_out(run)
    run.refresh_from_db()
    assert (run.state, run.error) == ("refused", str(GONE))


def test_two_who_import_now_at_once_import_once(desk: Client, directory: bytes) -> None:
    send(desk, directory)
    dry = ImportRun.objects.get()
    with ThreadPoolExecutor(8) as several:
        taken = list(several.map(lambda _: kept_files.take(dry.pk), range(8)))
    assert [path.name for path in taken if path] == ["facilities.csv"]


@given(st.text(max_size=200))
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    kept = kept_files.safe_name(name)
    assert kept == Path(kept).name
    assert kept not in {"", ".", ".."}
    assert not kept.startswith(".")
    assert len(kept.encode()) <= 255
