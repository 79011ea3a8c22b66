"""Shows the components to those who build pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from entero.kernel.accounts.policy import public
from entero.ui import patterns


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/patterns.html", {"patterns": patterns.all_patterns()})
