"""The public pages of the directory. Nothing about the visitor is in an address, a cookie or a log."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import translate_url
from django.utils.translation import get_language, get_language_info
from django.views.decorators.http import require_http_methods, require_safe

from entero.directory import actions
from entero.directory.find_help import crisis_page, journey, report, results_page, service_page, sheets
from entero.directory.forms import TurnedAwayForm
from entero.kernel.accounts.policy import public
from entero.kernel.safety.origin import anonymous_form
from entero.kernel.safety.rate import Limiter
from entero.ui.headers import cacheable

START = "directory:find_help"
READ_AND_WRITE = ["GET", "HEAD", "POST"]
REPORTS = Limiter(limit=5, seconds=3600)


@public
@anonymous_form
@require_http_methods(READ_AND_WRITE)
def find_help(request: HttpRequest) -> HttpResponse:
    """The start by GET; every question by POST."""
    if request.method != "POST":
        return render(request, "directory/start.html", {"sensitive": True})
    return _shown(request, journey.next_page(request.POST))


@public
@anonymous_form
@require_http_methods(READ_AND_WRITE)
def results(request: HttpRequest) -> HttpResponse:
    """The places that come into question, and the one question more that is answered there."""
    if request.method != "POST":
        return redirect(START)
    posted = request.POST
    if "step" in posted:
        return _shown(request, journey.next_page(posted))
    answers, expired = journey.opened(posted)
    return _shown(request, journey.Page(answers, expired=expired))


def _shown(request: HttpRequest, page: journey.Page) -> HttpResponse:
    """Show a question, the start again, or the results."""
    if page.at_start or (page.expired and page.step is None):
        return _page(request, "directory/start.html", {"page": page})
    if page.step is not None:
        return _page(request, "directory/question.html", journey.question_context(page))
    return _page(request, "directory/results.html", results_page.context_of(page.answers, request.POST))


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    shell: dict[str, Any] = {"sensitive": True, "journey_start": START if request.method == "POST" else ""}
    if request.method == "POST":
        shell["other_languages"] = _other_languages(request)
    return render(request, template, {**shell, **context}, status=status)


def _other_languages(request: HttpRequest) -> list[dict[str, str]]:
    """Return where this page is in the other languages: a button takes what was told along."""
    return [
        {
            "code": code,
            "name": str(get_language_info(code)["name_local"]).capitalize(),
            "url": translate_url(request.path, code),
        }
        for code, _name in settings.LANGUAGES
        if code != get_language()
    ]


@public
@anonymous_form
@require_http_methods(READ_AND_WRITE)
def print_results(request: HttpRequest) -> HttpResponse:
    return _results_sheet(request, "directory/sheet.html")


@public
@anonymous_form
@require_http_methods(READ_AND_WRITE)
def plain_text_results(request: HttpRequest) -> HttpResponse:
    return _results_sheet(request, "directory/plain_text.html")


def _results_sheet(request: HttpRequest, template: str) -> HttpResponse:
    if request.method != "POST":
        return redirect(START)
    answers, expired = journey.opened(request.POST)
    if expired:
        return _shown(request, journey.Page(answers, expired=True))
    entries = sheets.of_results(answers)
    context = {"entries": entries, "text": sheets.as_text(entries), "state": journey.sealed(answers)}
    return _page(request, template, context)


@public
@require_safe
def print_service(request: HttpRequest, service_id: UUID) -> HttpResponse:
    return _service_sheet(request, service_id, "directory/sheet.html")


@public
@require_safe
def plain_text_service(request: HttpRequest, service_id: UUID) -> HttpResponse:
    return _service_sheet(request, service_id, "directory/plain_text.html")


def _service_sheet(request: HttpRequest, service_id: UUID, template: str) -> HttpResponse:
    entries = sheets.of_service(service_id)
    if not entries:
        raise Http404
    context = {"entries": entries, "text": sheets.as_text(entries), "service_id": service_id}
    return _page(request, template, context)


@public
@anonymous_form
@require_http_methods(READ_AND_WRITE)
def service(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """One service. Who comes from the results brings his answers along by POST."""
    context = service_page.context_of(service_id, request.POST)
    if context is None:
        raise Http404
    return _page(request, "directory/service.html", {**context, "journey_start": ""})


@public
@anonymous_form
@require_http_methods(READ_AND_WRITE)
def turned_away(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Take the report that a service said no, and offer the next places."""
    posted = request.POST
    context = service_page.context_of(service_id, posted)
    if context is None:
        raise Http404
    form = TurnedAwayForm(posted if "send" in posted else None)
    if "send" not in posted or not form.is_valid():
        return _page(request, "directory/turned_away.html", {**context, "form": form, "journey_start": ""})
    if not REPORTS.allows(request):
        return _page(request, "directory/turned_away.html", {**context, "form": form, "too_many": True}, 429)
    actions.report_turned_away(service_id, **form.cleaned_data)
    answers = journey.opened(posted)[0] if context["state"] else None
    return _page(
        request,
        "directory/turned_away_thanks.html",
        {**context, **report.next_places(service_id, answers, **form.cleaned_data)},
    )


@public
@anonymous_form
@require_http_methods(READ_AND_WRITE)
@cacheable
def crisis(request: HttpRequest) -> HttpResponse:
    """The lines of the country, or of a state that is chosen without leaving a trace in the address."""
    return _page(
        request,
        "directory/crisis_lines.html",
        {**crisis_page.context_of(request.POST or None), "journey_start": ""},
    )
