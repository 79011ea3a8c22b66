"""The front page, what we promise, and the way out."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from entero.kernel.accounts.policy import public
from entero.ui.headers import cacheable

ROBOTS = "User-agent: *\nDisallow: /desk/\nDisallow: /exit\nDisallow: /ui/\n"


@public
@require_safe
def root(_request: HttpRequest) -> HttpResponse:
    """Send a visitor to the front page in the language the browser asks for."""
    return redirect("home")


@public
@require_safe
@cacheable
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/home.html")


@public
@require_safe
@cacheable
def protection(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/protection.html")


@public
@require_safe
@cacheable
def limits(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/limits.html")


@public
@require_safe
@cacheable
def leaving(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/leaving.html")


@public
@require_safe
def leave(_request: HttpRequest) -> HttpResponse:
    """Send a visitor away and ask the browser to forget what we left there; nothing is noted."""
    response = HttpResponseRedirect(settings.EXIT_URL)
    response.status_code = 303
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    response.headers["Cache-Control"] = "no-store"
    return response


@public
@require_safe
@cacheable
def robots(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


@public
@require_safe
@cacheable
def favicon(_request: HttpRequest) -> HttpResponse:
    """Browsers ask for this by themselves; a picture here could tell what the page is."""
    return HttpResponse(status=204)
