"""Guards forms: only our own pages may send them, with or without a session."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.views.decorators.csrf import csrf_exempt

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def is_foreign(request: HttpRequest) -> bool:
    """Say whether a browser reports that another site sent this request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("Origin")
    if origin is None or (origin == "null" and site == "same-origin"):
        return False
    return urlsplit(origin).netloc != request.get_host()


def anonymous_form(view: View[P]) -> View[P]:
    """Accept a form without cookie: no CSRF token, but no other site may send it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and is_foreign(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return cast("View[P]", csrf_exempt(guarded))


class SessionFormMiddleware(CsrfViewMiddleware):
    """Django's guard of forms that have a session, for pages that send no referrer.

    Under ``Referrer-Policy: no-referrer`` browsers write ``Origin: null`` even on our own forms. Then
    ``Sec-Fetch-Site``, which no page can forge, says whose form it is; the token is checked all the same.
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        if request.headers.get("Origin") == "null":
            return request.headers.get("Sec-Fetch-Site") == "same-origin"
        return bool(super()._origin_verified(request))  # type: ignore[misc]
