"""The addresses of the HSDS API."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver
from django.views.decorators.csrf import csrf_exempt

from entero.directory.api import api
from entero.kernel.accounts.policy import public

View = Callable[..., HttpResponseBase]


def open_data(view: View) -> View:
    """Let everybody and every site read: nothing here depends on who asks, so there is nothing to forge."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        method = request.method
        if method == "HEAD":
            request.method = "GET"
        answer = view(request, *args, **kwargs)
        request.method = method
        if method in {"GET", "HEAD"}:
            answer["Access-Control-Allow-Origin"] = "*"
        return answer

    return public(csrf_exempt(opened))


app_name = "hsds"
urlpatterns: list[URLPattern | URLResolver] = list(api.urls[0])
for pattern in urlpatterns:
    if isinstance(pattern, URLPattern):
        pattern.callback = open_data(pattern.callback)
