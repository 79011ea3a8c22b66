"""The suite's own surroundings: a data folder that goes away, closed sockets, static files."""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

if "ENTERO_DATA_DIR" not in os.environ or "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["ENTERO_DATA_DIR"] = tempfile.mkdtemp(prefix="entero-test-")
    os.environ["ENTERO_TEST_OWNER"] = str(os.getpid())
OWNER = os.environ.pop("ENTERO_TEST_OWNER", "")
WORKER_DIR = Path(os.environ["ENTERO_DATA_DIR"]) / os.environ.get("PYTEST_XDIST_WORKER", "main")
WORKER_DIR.mkdir(parents=True, exist_ok=True)
# The server warns about a missing folder of static files when it loads, which some modules do on collection.
(Path(os.environ["ENTERO_DATA_DIR"]) / "static").mkdir(exist_ok=True)


def pytest_sessionfinish() -> None:
    if str(os.getpid()) == OWNER:
        shutil.rmtree(os.environ["ENTERO_DATA_DIR"], ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Large data sets are not in the repository: say so where they are absent."""
    if SHARED_DATA.is_dir():
        return
    reason = pytest.mark.skip(reason=f"needs the data sets at {SHARED_DATA.parent.name}/data")
    for item in items:
        if item.get_closest_marker("needs_shared_data"):
            item.add_marker(reason)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    return SHARED_DATA


@pytest.fixture(scope="session", autouse=True)
def _static_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    from django.conf import settings
    from django.core.management import call_command

    settings.STATIC_ROOT = tmp_path_factory.mktemp("static")
    call_command("collectstatic", verbosity=0, interactive=False)


@pytest.fixture(autouse=True)
def _own_index(tmp_path: Path, settings: object) -> None:
    settings.INDEX_DIR = tmp_path / "index"  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _nobody_came_before() -> None:
    """Each test is a visitor of its own: neither the acts nor the language of others are left."""
    from django.utils import translation

    from entero.directory import api, desk_sign_in, views

    for limiter in (api.limiter, desk_sign_in.tries, views.REPORTS):
        limiter.forget()
    translation.deactivate()


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test may speak to anything but this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
    yield
