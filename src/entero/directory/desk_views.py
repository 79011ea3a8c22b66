"""The desk of the directory: thin pages over the verbs, each for staff only."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from entero.directory import access, actions, desk_queries, parts_of, queries
from entero.directory.access import level_of, somebody
from entero.directory.desk_edit_forms import EditForms
from entero.directory.desk_forms import (
    CapacityForm,
    CloseForm,
    FactForm,
    FilterForm,
    ReviewForm,
    VisibilityForm,
)
from entero.kernel.accounts.policy import staff

GET_OR_POST = ("GET", "HEAD", "POST")


def page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, f"directory/desk/{name}.html", {"sensitive": False, **context}, status=status)


def sent(request: HttpRequest) -> QueryDict | None:
    """Return what a form was filled with, None when it was only opened."""
    return request.POST if request.method == "POST" else None


def given_back(form: Any) -> int:
    """Return the status of a page with a form: 422 when it comes back with errors."""
    return 422 if form.errors else 200


# --- what needs checking


@staff
@require_GET
def directory(request: HttpRequest) -> HttpResponse:
    level = level_of(somebody(request))
    return page(
        request,
        "directory",
        {
            "counts": desk_queries.counts(level=level),
            "reports": desk_queries.reports_waiting(level=level).object_list[:5],
            "to_verify": desk_queries.to_verify(level=level).object_list[:5],
            "runs": desk_queries.last_import_runs(),
        },
    )


@staff
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    found = desk_queries.reports_waiting(level=level_of(somebody(request)), page=request.GET.get("page"))
    return page(request, "reports", {"page": found})


@staff
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    found = desk_queries.to_verify(level=level_of(somebody(request)), page=request.GET.get("page"))
    return page(request, "queue", {"page": found})


@staff
@require_http_methods(GET_OR_POST)
def review(request: HttpRequest, report_id: int) -> HttpResponse:
    report = access.report_for(somebody(request), report_id)
    form = ReviewForm(sent(request), report=report)
    if form.is_valid():
        return _reviewed(request, report, form)
    level = level_of(somebody(request))
    context = {"form": form, "report": report, "whole": desk_queries.whole(report.service, level)}
    return page(request, "review", context, given_back(form))


def _reviewed(request: HttpRequest, report: Any, form: ReviewForm) -> HttpResponse:
    confirmed = form.cleaned_data["confirmed"]
    population = form.cleaned_data.get("population", "")
    try:
        actions.review_report(report, confirmed=confirmed, by=somebody(request), population=population)
    except actions.AlreadyReviewed:
        messages.warning(request, _("Somebody else has reviewed this report. Nothing was changed."))
    else:
        messages.success(request, _("The report is reviewed."))
    return redirect("desk:reports")


# --- services


@staff
@require_GET
def services(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    wanted = desk_queries.Wanted(**form.found(), order=request.GET.get("sort", "name"))
    found = desk_queries.services(wanted, level=level_of(somebody(request)), page=request.GET.get("page"))
    return page(request, "services", {"filters": form, "page": found, "heads": _heads(request, wanted.order)})


def _heads(request: HttpRequest, order: str) -> list[dict[str, Any]]:
    """Return the heads of the table: a link sorts it, again turns the order, and the filter is kept."""
    texts = {
        "name": _("Service"),
        "organization": _("Organization"),
        "checked": _("Last check"),
    }
    heads = []
    for key, text in texts.items():
        kept = request.GET.copy()
        kept.pop("page", None)
        kept["sort"] = f"-{key}" if order == key else key
        head = {"text": text, "url": f"?{kept.urlencode()}", "order": ""}
        if order.removeprefix("-") == key:
            head["order"] = "descending" if order.startswith("-") else "ascending"
        heads.append(head)
    return heads


@staff
@require_GET
def service(request: HttpRequest, service_id: UUID) -> HttpResponse:
    found = access.service_for(somebody(request), service_id)
    level = level_of(somebody(request))
    lines = desk_queries.acceptance_lines(found, level)
    context = {
        "service": found,
        "lines": lines,
        "outvoted": [fact for line in lines for fact in line.others],
        "whole": desk_queries.whole(found, level),
    }
    return page(request, "service", context)


@staff
@require_http_methods(GET_OR_POST)
def fact(request: HttpRequest, service_id: UUID) -> HttpResponse:
    found = access.service_for(somebody(request), service_id)
    level = level_of(somebody(request))
    form = FactForm(sent(request), level=level, population=request.GET.get("about", ""))
    if not form.is_valid():
        return page(request, "fact", {"form": form, "service": found}, given_back(form))
    written = dict(form.cleaned_data)
    source = actions.source_named(written.pop("source"))
    actions.record_fact(found, source=source, by=somebody(request), **written)
    messages.success(request, _("The fact is written down."))
    return redirect("desk:service", found.pk)


@staff
@require_http_methods(GET_OR_POST)
def edit(request: HttpRequest, service_id: UUID) -> HttpResponse:
    found = access.service_for(somebody(request), service_id)
    level = level_of(somebody(request))
    forms = EditForms(
        sent(request),
        service=found,
        level=level,
        phones=queries.phones_of(found, level),
        addresses=queries.addresses_of(found, level),
        hours=queries.weekly_hours(queries.weekly_rows(found, level)),
    )
    status = 200
    if request.method == "POST":
        if forms.are_valid() and _edited(request, found, forms):
            return redirect("desk:service", found.pk)
        status = 422
    return page(request, "edit", {"forms": forms, "form": forms, "service": found}, status)


def _edited(request: HttpRequest, found: Any, forms: EditForms) -> bool:
    try:
        changed = actions.edit_service(
            found,
            by=somebody(request),
            fields=forms.service.changes(),
            phones=forms.phone_rows(),
            places=forms.place_rows(),
            hours=forms.hours.rows(),
            seen=forms.service.cleaned_data["seen"],
        )
    except (actions.ChangedMeanwhile, actions.UnknownField):
        forms.service.add_error(
            None,
            _(
                "Somebody else changed this service while you wrote. Your text is still here: open the"
                " service in another tab, compare, and write it again there."
            ),
        )
        return False
    messages.success(request, _("The changes are saved.") if changed else _("Nothing was different."))
    return True


@staff
@require_http_methods(GET_OR_POST)
def visibility(request: HttpRequest, service_id: UUID) -> HttpResponse:
    found = access.service_for(somebody(request), service_id)
    level = level_of(somebody(request))
    form = VisibilityForm(sent(request), parts=parts_of.parts_of(found, level), level=level)
    if not form.is_valid():
        return page(request, "visibility", {"form": form, "service": found}, given_back(form))
    actions.set_visibility(found, levels=form.cleaned_data, by=somebody(request))
    messages.success(request, _("Who may see what is saved."))
    return redirect("desk:service", found.pk)


@staff
@require_POST
def verify(request: HttpRequest, service_id: UUID) -> HttpResponse:
    found = access.service_for(somebody(request), service_id)
    actions.verify_service(found, by=somebody(request))
    messages.success(request, _("Checked today: %(name)s.") % {"name": found.name})
    return redirect("desk:queue") if "next" in request.POST else redirect("desk:service", found.pk)


@staff
@require_http_methods(GET_OR_POST)
def capacity(request: HttpRequest, service_id: UUID) -> HttpResponse:
    found = access.service_for(somebody(request), service_id)
    form = CapacityForm(sent(request))
    if not form.is_valid():
        return page(request, "capacity", {"form": form, "service": found}, given_back(form))
    actions.set_capacity(found, by=somebody(request), **form.cleaned_data)
    available = form.cleaned_data["available"]
    messages.success(
        request,
        ngettext("%(count)s free, as of today.", "%(count)s free, as of today.", available)
        % {"count": available},
    )
    return redirect("desk:service", found.pk)


@staff
@require_http_methods(GET_OR_POST)
def close(request: HttpRequest, service_id: UUID) -> HttpResponse:
    found = access.service_for(somebody(request), service_id)
    form = CloseForm(sent(request))
    if not form.is_valid():
        return page(request, "close", {"form": form, "service": found}, given_back(form))
    try:
        actions.close_service(found, for_good=form.cleaned_data["for_good"], by=somebody(request))
    except actions.NotOpen:
        messages.warning(request, _("It was closed already."))
    else:
        messages.success(request, _("Closed. It is in no answer from now on."))
    return redirect("desk:service", found.pk)


@staff
@require_POST
def reopen(request: HttpRequest, service_id: UUID) -> HttpResponse:
    found = access.service_for(somebody(request), service_id)
    try:
        actions.reopen_service(found, by=somebody(request))
    except actions.NotOpen:
        messages.warning(request, _("It is open already."))
    else:
        messages.success(request, _("Open again."))
    return redirect("desk:service", found.pk)
