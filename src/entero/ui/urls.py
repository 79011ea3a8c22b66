"""The addresses that have no language."""

from django.urls import URLPattern, URLResolver, path

from entero.ui import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.root, name="root"),
    path("exit", views.leave, name="exit"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
]
