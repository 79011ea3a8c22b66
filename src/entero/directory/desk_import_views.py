"""Importing at the desk: a file is looked at first, and taken when somebody says so."""

from collections import defaultdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from entero.directory import access, actions, desk_queries, kept_files, tasks
from entero.directory.access import somebody
from entero.directory.actions.imports import GONE
from entero.directory.desk_forms import ImportForm
from entero.directory.desk_views import GET_OR_POST, given_back, page, sent
from entero.directory.importing import words
from entero.kernel.accounts.policy import staff

LINES_SHOWN = 40
AT_ONCE_BYTES = 4 * 1024 * 1024
"""Up to this size a file is imported while one waits; larger ones are left to the worker."""


@staff
@require_http_methods(GET_OR_POST)
def imports(request: HttpRequest) -> HttpResponse:
    form = ImportForm(sent(request), request.FILES if request.method == "POST" else None)
    if form.is_valid():
        run = actions.try_file(
            form.cleaned_data["file"], source=form.cleaned_data["source"], by=somebody(request)
        )
        return redirect("desk:run", run.pk)
    runs = desk_queries.import_runs(page=request.GET.get("page"))
    return page(request, "imports", {"form": form, "page": runs}, given_back(form))


@staff
@require_GET
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    found = access.import_run_for(somebody(request), run_id)
    context = {
        "run": found,
        "repairs": words.repairs(found.repaired),
        "refusals": _by_reason(found.refused),
        "can_import": found.state == "dry" and kept_files.is_kept(found.pk),
    }
    return page(request, "run", context)


def _by_reason(refused: list[tuple[int, str]]) -> list[tuple[str, int, str]]:
    """Return each reason with how many rows it kept out and the first lines, most frequent first."""
    lines: dict[str, list[int]] = defaultdict(list)
    for line, reason in refused:
        lines[reason].append(line)
    most_first = sorted(lines.items(), key=lambda item: -len(item[1]))
    return [(reason, len(found), _some(found)) for reason, found in most_first]


def _some(lines: list[int]) -> str:
    more = ", …" if len(lines) > LINES_SHOWN else ""
    return ", ".join(str(line) for line in lines[:LINES_SHOWN]) + more


@staff
@require_POST
def import_now(request: HttpRequest, run_id: int) -> HttpResponse:
    dry = access.import_run_for(somebody(request), run_id)
    size = kept_files.size(dry.pk)
    try:
        waiting = actions.plan_import(dry, by=somebody(request))
    except actions.FileGone:
        messages.warning(request, str(GONE))
        return redirect("desk:run", dry.pk)
    if size > AT_ONCE_BYTES:
        tasks.import_kept_file.enqueue(waiting.pk)
    else:
        actions.carry_out(waiting)
    return redirect("desk:run", waiting.pk)
