"""Security headers stand on every answer, no cookie on any public one, and nothing is kept by accident."""

from contextlib import closing

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.templatetags.static import static
from django.test import Client

from entero.ui.headers import content_security_policy
from tests.ui.addresses import public_pages, public_paths

EVERYWHERE = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def test_policy_is_written_from_the_settings_of_django_6() -> None:
    assert content_security_policy(settings.SECURE_CSP) == EVERYWHERE["Content-Security-Policy"]
    written = content_security_policy({"img-src": ["'self'", "data:"], "sandbox": []})
    assert written == "img-src 'self' data:; sandbox"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_public_address_has_the_headers_and_sets_no_cookie(language: str) -> None:
    client = Client(raise_request_exception=False)
    paths = [
        *public_paths(language),
        f"/{language}/nothing/",
        static("ui/entero.css"),
    ]
    assert len(paths) > 12
    wrong: dict[str, object] = {}
    for path in paths:
        for answer in (client.get(path), client.post(path, {"a": "b"})):
            given = {name: answer.headers.get(name) for name in EVERYWHERE}
            answer.close()
            if given != EVERYWHERE or answer.cookies or "Cookie" in answer.headers.get("Vary", ""):
                wrong[path] = (answer.status_code, given, answer.cookies, answer.headers.get("Vary"))
    wrong.pop("/desk/sign-in/", None)  # cookie-based protection begins where somebody signs in
    assert wrong == {}


@pytest.mark.django_db
def test_answers_are_stored_by_nobody_unless_the_view_says_so(client: Client) -> None:
    control = {path: client.get(path).headers["Cache-Control"] for path in public_pages("en")}
    kept = {path for path, value in control.items() if value == "public, max-age=300"}
    assert {"/en/", "/en/leaving-fast/", "/en/what-we-cannot-protect/"} <= kept
    assert {value for path, value in control.items() if path not in kept} <= {"no-store"}


def test_cacheable_page_is_not_sent_twice(client: Client) -> None:
    first = client.get("/en/")
    again = client.get("/en/", headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.django_db
def test_page_for_a_session_is_stored_by_nobody(client: Client) -> None:
    client.force_login(get_user_model().objects.create_user("ana"))
    answer = client.get("/en/")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer.headers


def test_refused_page_is_not_stored(client: Client) -> None:
    answer = client.get("/en/nothing/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


@pytest.mark.django_db
def test_static_file_is_kept_for_good(client: Client) -> None:
    with closing(client.get(static("ui/entero.css"))) as answer:
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
