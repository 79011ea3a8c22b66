"""Walks the site's addresses, so that a test can look at every page there is."""

from collections.abc import Callable, Iterator
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import override

from entero.kernel.accounts.policy import Policy, policy_of


def _patterns(resolver: URLResolver, prefix: str = "/") -> Iterator[tuple[str, Callable[..., Any]]]:
    for entry in resolver.url_patterns:
        where = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, where)
        elif isinstance(entry, URLPattern):
            yield where, entry.callback


def public_paths(language: str) -> list[str]:
    """Return the public addresses that need no argument, as they are in a language."""
    with override(language):
        return [
            path
            for path, view in _patterns(get_resolver())
            if policy_of(view) is Policy.PUBLIC and not set("<(^") & set(path)
        ]


def public_pages(language: str) -> list[str]:
    """Return those public addresses of a language that answer with a page."""
    client = Client(raise_request_exception=False, headers={"accept-language": language})
    pages = []
    for path in public_paths(language):
        answer = client.get(path)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            pages.append(path)
    return pages
