"""The addresses of the shell's own pages, in the words of each language."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from entero.ui import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path(_("how-we-protect-you/"), views.protection, name="protection"),
    path(_("what-we-cannot-protect/"), views.limits, name="limits"),
    path(_("leaving-fast/"), views.leaving, name="leaving"),
]
