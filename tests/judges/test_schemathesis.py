"""Schemathesis reads our OpenAPI, asks what it allows and what it forbids, and checks every answer against it."""

from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, settings

from entero.directory import api, vocabulary_tables
from tests import make

EXAMPLES = 40

# Not the server's own: that one must first load with the folder of static files that the suite prepares.
schema = schemathesis.openapi.from_wsgi("/api/hsds/openapi.json", get_wsgi_application())


@pytest.fixture(autouse=True)
def directory(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something in every table, and no limit to the API's patience."""
    monkeypatch.setattr(api.limiter, "limit", 1_000_000)
    vocabulary_tables.load()
    make.everything()
    make.everything("Morning group")


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
