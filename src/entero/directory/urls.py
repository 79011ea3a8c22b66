"""The public addresses of the directory. None of them says anything about a visitor."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from entero.directory import views

app_name = "directory"
urlpatterns: list[URLPattern | URLResolver] = [
    path(_("find-help/"), views.find_help, name="find_help"),
    path(_("find-help/places/"), views.results, name="results"),
    path(_("find-help/places/sheet/"), views.print_results, name="print_results"),
    path(_("find-help/places/text/"), views.plain_text_results, name="plain_text_results"),
    path(_("services/<uuid:service_id>/"), views.service, name="service"),
    path(_("services/<uuid:service_id>/sheet/"), views.print_service, name="print"),
    path(_("services/<uuid:service_id>/text/"), views.plain_text_service, name="plain_text"),
    path(_("services/<uuid:service_id>/report/"), views.turned_away, name="turned_away"),
    path(_("crisis-lines/"), views.crisis, name="crisis"),
]
