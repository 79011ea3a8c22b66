"""Security headers on every answer, and nothing kept in a cache that was not meant for it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

SHORT_SECONDS = 300
NEVER = "no-store"
NEVER_PRIVATE = "private, no-store"
CLOSED_FEATURES = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "payment",
    "usb",
)


def cacheable(view: View[P]) -> View[P]:
    """Let a page that is the same for everybody be kept for five minutes; all others are never stored."""

    @wraps(view)
    def kept(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method in {"GET", "HEAD"} and response.status_code == 200:
            response.headers.setdefault("Cache-Control", f"public, max-age={SHORT_SECONDS}")
        return response

    return cast("View[P]", kept)


def content_security_policy(directives: dict[str, list[str]]) -> str:
    """Return the header's value for directives written as Django 6 writes them."""
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())


class HeadersMiddleware:
    """Set the headers that every answer needs, static files and error pages included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.always = {
            "Content-Security-Policy": content_security_policy(settings.SECURE_CSP),
            "Permissions-Policy": ", ".join(f"{feature}=()" for feature in CLOSED_FEATURES),
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Embedder-Policy": "require-corp",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.always.items():
            response.headers.setdefault(name, value)
        _keep_out_of_caches(request, response)
        return response


def _keep_out_of_caches(request: HttpRequest, response: HttpResponse) -> None:
    """Without the view's leave nothing is stored; a page made for a session is stored by nobody."""
    if request.path.startswith(settings.STATIC_URL) and "Cache-Control" in response.headers:
        return
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        response.headers["Cache-Control"] = NEVER_PRIVATE
    else:
        response.headers.setdefault("Cache-Control", NEVER)
    if NEVER in response.headers["Cache-Control"]:
        del response.headers["ETag"]
