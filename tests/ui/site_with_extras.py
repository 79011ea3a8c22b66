"""The whole site, the pattern page, and views that only tests need."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from entero.conf.urls import handler400, handler403, handler404, handler500
from entero.conf.urls import urlpatterns as site
from entero.kernel.accounts.policy import public
from entero.kernel.safety.origin import anonymous_form

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

FORM = """{% extends "ui/base.html" %}{% block main %}<div class="wrap"><h1>{{ words }}</h1>
<form method="post" action="/answered/">{% button "Go on" name="next" value="two" %}</form></div>{% endblock %}"""


@public
def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a name that nobody may read")


@public
@anonymous_form
def posted(request: HttpRequest) -> HttpResponse:
    words = f"You said {request.POST['next']}" if request.method == "POST" else "A question"
    context = {"words": words, "journey_start": "home"}
    return HttpResponse(engines["django"].from_string(FORM).render(context, request))


urlpatterns = [
    *(entry for entry in site if str(entry.pattern) != "ui/"),
    path("ui/", include("entero.ui.pattern_urls")),
    path("breaks/", breaks),
    path("question/", posted),
    path("answered/", posted),
]
