"""Access is denied by default: a view that declares no policy answers 403.

``@public`` and ``@staff`` mark a view; ``PolicyMiddleware`` refuses what neither marks.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

V = TypeVar("V", bound=Callable[..., Any])

ATTRIBUTE = "entero_policy"


class Policy(StrEnum):
    """Who may call a view."""

    PUBLIC = "public"
    STAFF = "staff"


def public(view: V) -> V:
    """Anyone may call this view, signed in or not."""
    return declare(view, Policy.PUBLIC)


def staff(view: V) -> V:
    """Only people who work at the desk may call this view."""
    return declare(view, Policy.STAFF)


def declare(view: V, policy: Policy) -> V:
    setattr(view, ATTRIBUTE, policy)
    return view


def policy_of(view: Callable[..., Any]) -> Policy | None:
    """Return what a view (or the function inside a wrapped one) declares."""
    found: Policy | None = getattr(view, ATTRIBUTE, None)
    return found


class PolicyMiddleware:
    """Check the declared policy before any view runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        match policy_of(view):
            case Policy.PUBLIC:
                return None
            case Policy.STAFF:
                return _staff_only(request)
            case _:
                raise PermissionDenied


def _staff_only(request: HttpRequest) -> HttpResponse | None:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
    if not (request.user.is_active and request.user.is_staff):
        raise PermissionDenied
    return None
