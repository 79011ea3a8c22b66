"""The addresses of the HSDS API."""

from django.urls import URLPattern, URLResolver

app_name = "hsds"
urlpatterns: list[URLPattern | URLResolver] = []
