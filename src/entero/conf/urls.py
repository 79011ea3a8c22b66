"""Every address of the site."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("entero.ui.urls")),
    path("desk/", include("entero.directory.desk_urls")),
    path("api/hsds/", include("entero.directory.api_urls")),
    *i18n_patterns(
        path("", include("entero.ui.public_urls")),
        path("", include("entero.directory.urls")),
    ),
]
if settings.SHOW_PATTERNS:
    urlpatterns.append(path("ui/", include("entero.ui.pattern_urls")))

handler400 = "entero.ui.errors.bad_request"
handler403 = "entero.ui.errors.forbidden"
handler404 = "entero.ui.errors.not_found"
handler500 = "entero.ui.errors.server_error"
