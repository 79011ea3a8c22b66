"""Schemathesis reads our OpenAPI, asks what it allows and what it forbids, and checks every answer against it."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings

from entero.directory import api, vocabulary_tables
from tests import make

EXAMPLES = 40

# Not the server's own: that one must first load with the folder of static files that the suite prepares.
schema = schemathesis.openapi.from_wsgi("/api/hsds/openapi.json", get_wsgi_application())


@pytest.fixture(autouse=True)
def directory(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Something in every table, no limit to the API's patience, and one connection for test and server.

    A server closes its connection around a request; here that would end the test's own transaction.
    """
    monkeypatch.setattr(api.limiter, "limit", 1_000_000)
    vocabulary_tables.load()
    make.everything()
    make.everything("Morning group")
    around = (request_started, request_finished)
    for signal in around:
        signal.disconnect(close_old_connections)
    yield
    for signal in around:
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_api_keeps_its_word(case: Any) -> None:
    answer = case.call(headers={"Accept-Encoding": "identity"})
    asked = case.query or {}
    if "proximity" in asked and "postcode" not in asked and answer.status_code == 422:
        return  # OpenAPI cannot say that one parameter needs another
    case.validate_response(answer)
