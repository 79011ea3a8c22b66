"""Every address says who may call it, and an undeclared view is refused."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, path

from entero.kernel.accounts import policy


def _patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    for entry in resolver.url_patterns:
        where = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, where)
        elif isinstance(entry, URLPattern):
            yield where, entry.callback


def test_every_url_declares_a_policy() -> None:
    patterns = list(_patterns(get_resolver()))
    assert len(patterns) > 20
    assert [where for where, view in patterns if policy.policy_of(view) is None] == []


def test_desk_urls_are_for_staff_or_sign_in() -> None:
    public = {
        where
        for where, view in _patterns(get_resolver())
        if where.startswith("desk/") and policy.policy_of(view) is policy.Policy.PUBLIC
    }
    assert public == {"desk/sign-in/"}


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


urlpatterns = [path("undeclared/", undeclared)]
handler403 = "tests.architecture.test_policies.plain_forbidden"


def plain_forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse("no", status=403)


@pytest.mark.urls("tests.architecture.test_policies")
def test_undeclared_view_is_refused(rf: RequestFactory, client: Client) -> None:
    assert undeclared(rf.get("/")).content == b"secret"
    answer = client.get("/undeclared/")
    assert (answer.status_code, answer.content) == (403, b"no")
