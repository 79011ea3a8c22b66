"""Each request gets a random id, the only thing that ties log lines together."""

import secrets
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse


class RequestIdMiddleware:
    """Bind a random id to the logs of this request and show it on error pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = secrets.token_hex(6)
        request.META["entero.request_id"] = request_id
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            return self.get_response(request)
