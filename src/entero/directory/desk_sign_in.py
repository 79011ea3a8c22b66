"""Who sits at the desk: signing in and out, and the language of the desk."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from entero.directory.desk_forms import SignInForm
from entero.kernel.accounts.policy import public, staff
from entero.kernel.safety.rate import Limiter

TRIES = 20
TRIES_SECONDS = 300
tries = Limiter(TRIES, TRIES_SECONDS)


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Answer the same for an unknown name, a wrong password and an account that is not for the desk."""
    if "language" in request.POST:
        return _in_language(request)
    wanted = _inside(request.POST.get("next") or request.GET.get("next", ""))
    if request.user.is_authenticated and getattr(request.user, "is_staff", False):
        return redirect(wanted)
    form = SignInForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = _try(request, form)
        if status == 303:
            return redirect(wanted)
    return render(
        request,
        "directory/desk/sign_in.html",
        {"form": form, "next": wanted, "sensitive": False},
        status=status,
    )


def _try(request: HttpRequest, form: SignInForm) -> int:
    """Sign in and return 303, or say what is wrong and return the status of the page."""
    if not tries.allows(request):
        form.is_valid()
        form.add_error(None, _("That was too often. Wait five minutes, then try again."))
        return 429
    if not form.is_valid():
        return 422
    user = authenticate(
        request, username=form.cleaned_data["username"], password=form.cleaned_data["password"]
    )
    if user is None or not getattr(user, "is_staff", False):
        form.add_error(None, _("The name and the password do not belong together."))
        return 422
    login(request, user)
    return 303


def _inside(wanted: str) -> str:
    """Return the address when it is a page of the desk, else its first page."""
    home = reverse("desk:directory")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return home
    try:
        return wanted if resolve(urlsplit(wanted).path).app_name == "desk" else home
    except Resolver404:
        return home


@staff
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("desk:sign_in")


@staff
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    return _in_language(request)


def _in_language(request: HttpRequest) -> HttpResponse:
    """Remember the language for the desk alone, and go back to where it was chosen."""
    response = redirect(_inside(request.POST.get("next", "")))
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES) and check_for_language(code):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            path=reverse("desk:directory"),
            secure=settings.HTTPS,
            httponly=True,
            samesite="Strict",
        )
    return response
