"""The addresses of the directory desk."""

from django.urls import URLPattern, URLResolver, path

from entero.directory import desk_import_views as importing
from entero.directory import desk_sign_in as door
from entero.directory import desk_views as views

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.directory, name="directory"),
    path("sign-in/", door.sign_in, name="sign_in"),
    path("sign-out/", door.sign_out, name="sign_out"),
    path("language/", door.language, name="language"),
    path("reports/", views.reports, name="reports"),
    path("reports/<int:report_id>/", views.review, name="review"),
    path("queue/", views.queue, name="queue"),
    path("services/", views.services, name="services"),
    path("services/<uuid:service_id>/", views.service, name="service"),
    path("services/<uuid:service_id>/fact/", views.fact, name="fact"),
    path("services/<uuid:service_id>/edit/", views.edit, name="edit"),
    path("services/<uuid:service_id>/visibility/", views.visibility, name="visibility"),
    path("services/<uuid:service_id>/verify/", views.verify, name="verify"),
    path("services/<uuid:service_id>/capacity/", views.capacity, name="capacity"),
    path("services/<uuid:service_id>/close/", views.close, name="close"),
    path("services/<uuid:service_id>/reopen/", views.reopen, name="reopen"),
    path("import/", importing.imports, name="import"),
    path("import/<int:run_id>/", importing.run, name="run"),
    path("import/<int:run_id>/now/", importing.import_now, name="import_now"),
]
