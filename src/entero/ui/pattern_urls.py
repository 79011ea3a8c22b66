"""The pattern page, where it is switched on."""

from django.urls import URLPattern, URLResolver, path

from entero.ui import pattern_views

urlpatterns: list[URLPattern | URLResolver] = [path("", pattern_views.index, name="patterns")]
