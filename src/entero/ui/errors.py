"""The error pages: what happened, what to do next, and the number to read out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

LAST_RESORT = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Error</title>
<h1>Something broke on our side</h1><p>It is not your fault. Please try again in a few minutes.</p>
<p lang="es">Algo falló de nuestro lado. No es culpa tuya. Inténtalo de nuevo en unos minutos.</p>
<p>{number}</p>
<p><a href="/exit">Leave this site &middot; <span lang="es">Salir de este sitio</span></a></p></html>
"""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return render(request, "ui/errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return render(request, "ui/errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return render(request, "ui/errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer without a database or static files, since either may be what broke."""
    number = str(request.META.get("entero.request_id", ""))
    try:
        page: str = render_to_string("ui/errors/500.html", {"request_id": number})
    except Exception:  # whatever broke the page may break its error page too
        page = LAST_RESORT.replace("{number}", number)
    return HttpResponse(page, status=500)
