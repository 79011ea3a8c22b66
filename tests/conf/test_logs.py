"""Only what is on the list is ever written to a log."""

import logging

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from entero.conf import logs

SECRET = "canary-6b1f"


def _written(handler: logging.Handler, record: logging.LogRecord) -> str:
    return handler.format(record)


@pytest.fixture
def handler() -> logging.Handler:
    return logging.getLogger().handlers[0] if logging.getLogger().handlers else _configured()


def _configured() -> logging.Handler:
    logs.configure("INFO")
    return logging.getLogger().handlers[0]


@given(extra=st.dictionaries(st.text(min_size=1, max_size=12), st.just(SECRET), max_size=5))
def test_keep_allowed_drops_every_other_key(extra: dict[str, str]) -> None:
    entry: dict[str, object] = {**extra, "event": "index built", "rows": 3}
    kept = logs.keep_allowed(None, "info", entry)
    assert set(kept) <= logs.ALLOWED_KEYS


def test_our_own_logger_drops_unlisted_keys(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO")
    structlog.get_logger("entero").info("index built", rows=3, name=SECRET, ip=SECRET)
    written = capsys.readouterr().err
    assert "index built" in written
    assert "rows=3" in written
    assert SECRET not in written


def test_library_messages_lose_their_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO")
    logging.getLogger("django.request").warning("Not Found: %s", f"/{SECRET}")
    written = capsys.readouterr().err
    assert "Not Found" in written
    assert SECRET not in written


def test_exceptions_lose_their_text_and_values(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO")
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", SECRET)
    written = capsys.readouterr().err
    assert "error='ValueError'" in written
    assert "tests.conf.test_logs" in written
    assert SECRET not in written
