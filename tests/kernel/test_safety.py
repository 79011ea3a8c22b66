"""Form state, foreign origins, and limits that remember nobody."""

from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from entero.kernel.safety import origin, rate, state

ANSWERS = st.dictionaries(st.text(max_size=20), st.integers() | st.text(max_size=50), max_size=8)


@given(answers=ANSWERS)
def test_state_comes_back_as_it_was(answers: dict[str, object]) -> None:
    assert state.unseal(state.seal(answers)) == answers


@given(answers=ANSWERS, position=st.integers(min_value=0), letter=st.sampled_from("aZ0-_:"))
def test_state_changed_on_the_way_is_refused(answers: dict[str, object], position: int, letter: str) -> None:
    field = state.seal(answers)
    at = position % len(field)
    changed = field[:at] + letter + field[at + 1 :]
    if changed == field:
        return
    try:
        assert state.unseal(changed) == answers  # base64 may hold spare bits; never other answers
    except state.StateExpired:
        pass


@given(text=st.text(max_size=200))
def test_state_that_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(state.StateExpired):
        state.unseal(text)


def test_state_expires() -> None:
    with time_machine.travel(1_000_000, tick=False):
        field = state.seal({"age": 15})
    with time_machine.travel(1_000_000 + state.LIFETIME_SECONDS - 1, tick=False):
        assert state.unseal(field) == {"age": 15}
    with time_machine.travel(1_000_000 + state.LIFETIME_SECONDS + 2, tick=False):
        with pytest.raises(state.StateExpired):
            state.unseal(field)


def test_state_that_is_too_long_is_refused() -> None:
    with pytest.raises(state.StateExpired):
        state.unseal("x" * (state.MAX_LENGTH + 1))


@origin.anonymous_form
def write(request: HttpRequest) -> HttpResponse:
    return HttpResponse("written")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://testserver"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_our_own_form_is_accepted(rf: RequestFactory, headers: dict[str, str]) -> None:
    assert write(rf.post("/", headers=headers)).content == b"written"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://testserver.evil.example"},
    ],
)
def test_another_sites_form_is_refused(rf: RequestFactory, headers: dict[str, str]) -> None:
    with pytest.raises(PermissionDenied):
        write(rf.post("/", headers=headers))


def test_limiter_counts_each_visitor_alone(rf: RequestFactory) -> None:
    limiter = rate.Limiter(limit=2, seconds=60)
    one, other = rf.get("/", REMOTE_ADDR="192.0.2.1"), rf.get("/", REMOTE_ADDR="192.0.2.2")
    assert [limiter.allows(one) for _ in range(3)] == [True, True, False]
    assert limiter.allows(other) is True


def test_limiter_tells_visitors_behind_the_proxy_apart(rf: RequestFactory, settings: Any) -> None:
    settings.BEHIND_PROXY = True
    limiter = rate.Limiter(limit=1, seconds=60)
    proxy = {"REMOTE_ADDR": "127.0.0.1"}
    one = rf.get("/", **proxy, headers={"X-Forwarded-For": "198.51.100.9, 192.0.2.1"})
    forged = rf.get("/", **proxy, headers={"X-Forwarded-For": "203.0.113.5, 192.0.2.1"})
    other = rf.get("/", **proxy, headers={"X-Forwarded-For": "192.0.2.2"})
    assert [limiter.allows(request) for request in (one, forged, other)] == [True, False, True]


def test_limiter_believes_no_header_without_a_proxy(rf: RequestFactory, settings: Any) -> None:
    settings.BEHIND_PROXY = False
    limiter = rate.Limiter(limit=1, seconds=60)
    tries = [rf.get("/", headers={"X-Forwarded-For": f"192.0.2.{n}"}) for n in range(2)]
    assert [limiter.allows(request) for request in tries] == [True, False]


def test_limiter_forgets_after_its_window(rf: RequestFactory) -> None:
    limiter = rate.Limiter(limit=1, seconds=60)
    request = rf.get("/", REMOTE_ADDR="192.0.2.1")
    with time_machine.travel(1_000_000, tick=False):
        assert [limiter.allows(request), limiter.allows(request)] == [True, False]
    with time_machine.travel(1_000_061, tick=False):
        assert limiter.allows(request) is True


def test_limiter_keeps_no_address(rf: RequestFactory) -> None:
    limiter = rate.Limiter(limit=1, seconds=60)
    limiter.allows(rf.get("/", REMOTE_ADDR="192.0.2.77"))
    assert len(limiter._windows) == 1
    assert "192.0.2.77" not in repr(limiter)
    assert b"192.0.2.77" not in b"".join(limiter._windows)


def test_limiter_changes_its_key_every_day(rf: RequestFactory) -> None:
    limiter = rate.Limiter(limit=1, seconds=10 * rate.DAY_SECONDS)
    request = rf.get("/", REMOTE_ADDR="192.0.2.1")
    with time_machine.travel(10 * rate.DAY_SECONDS, tick=False):
        limiter.allows(request)
        first = set(limiter._windows)
    with time_machine.travel(11 * rate.DAY_SECONDS, tick=False):
        limiter.allows(request)
    assert len(first) == len(limiter._windows) == 1
    assert first.isdisjoint(limiter._windows)


def test_limiter_stays_small(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "MAX_TRACKED", 10)
    limiter = rate.Limiter(limit=1, seconds=60)
    for number in range(30):
        limiter.allows(rf.get("/", REMOTE_ADDR=f"192.0.2.{number}"))
    assert len(limiter._windows) == 10


def answer_ok(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@pytest.mark.parametrize(
    ("headers", "is_taken"),
    [
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, False),
    ],
)
def test_session_form_is_taken_from_our_own_pages_only(
    rf: RequestFactory, headers: dict[str, str], is_taken: bool
) -> None:
    guard = origin.SessionFormMiddleware(answer_ok)
    secret = "a" * 32
    request = rf.post("/", {"csrfmiddlewaretoken": secret}, headers=headers)
    request.COOKIES[settings.CSRF_COOKIE_NAME] = secret
    guard.process_request(request)
    assert (guard.process_view(request, answer_ok, (), {}) is None) == is_taken


def test_session_form_needs_its_token_from_our_own_pages_too(rf: RequestFactory) -> None:
    guard = origin.SessionFormMiddleware(answer_ok)
    request = rf.post("/", headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"})
    request.COOKIES[settings.CSRF_COOKIE_NAME] = "a" * 32
    guard.process_request(request)
    refused = guard.process_view(request, answer_ok, (), {})
    assert refused is not None
    assert refused.status_code == 403
