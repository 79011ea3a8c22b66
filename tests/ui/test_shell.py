"""The shell: the way out, the other language, the help line, error pages, and nothing inline."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override

import entero
from entero.ui import errors
from entero.ui.navigation import Door, open_doors

EXTRAS = pytest.mark.urls("tests.ui.site_with_extras")
SOURCE = Path(entero.__file__).parent
INLINE = re.compile(
    r"<style\b|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:|https?://[^\s\"']*\.(?:js|css|png|woff)"
)


def _switch(page: str) -> list[tuple[str, str]]:
    return re.findall(r'class="languages" href="([^"]+)" hreflang="(\w+)"', page)


def test_root_goes_to_the_language_that_the_browser_asks_for(client: Client) -> None:
    answers = [client.get("/", headers={"accept-language": wanted}) for wanted in ("es-MX,es", "en", "ht")]
    assert [answer.headers["Location"] for answer in answers] == ["/es/", "/en/", "/en/"]
    assert all("Accept-Language" in answer.headers["Vary"] for answer in answers)


def test_exit_clears_what_the_browser_kept_and_sets_nothing(client: Client) -> None:
    answer = client.get("/exit")
    assert answer.status_code == 303
    assert answer.headers["Location"] == settings.EXIT_URL
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies


def test_exit_is_never_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    client.get("/exit")
    assert caplog.records == []


def test_language_switch_leads_to_the_same_page_in_its_own_words(client: Client) -> None:
    assert _switch(client.get("/en/leaving-fast/").content.decode()) == [("/es/salir-rapido/", "es")]
    assert _switch(client.get("/es/salir-rapido/").content.decode()) == [("/en/leaving-fast/", "en")]
    assert ">Español</a>" in client.get("/en/").content.decode()


@EXTRAS
def test_language_switch_of_a_posted_page_leads_to_the_start(client: Client) -> None:
    answer = client.post("/answered/", {"next": "two"}, headers={"accept-language": "en"})
    assert _switch(answer.content.decode()) == [("/es/", "es")]


def test_language_switch_of_a_missing_page_leads_home(client: Client) -> None:
    assert _switch(client.get("/es/no-hay/").content.decode()) == [("/en/", "en")]


def test_every_page_shows_the_first_crisis_line(client: Client) -> None:
    page = client.get("/es/").content.decode()
    assert 'href="tel:988"' in page
    assert "Gratis." in page
    assert "AYUDA" in page


@pytest.mark.parametrize("path", ["/en/", "/es/", "/en/leaving-fast/"])
def test_way_out_is_a_plain_link_at_both_ends(client: Client, path: str) -> None:
    assert client.get(path).content.decode().count('href="/exit"') == 2


def test_doors_that_lead_nowhere_are_left_out() -> None:
    doors = [Door("Home", "home"), Door("Groups", "groups:index")]
    with override("en"):
        found = list(open_doors(doors, "/en/"))
    assert [(door.label, door.url, door.is_here) for door in found] == [("Home", "/en/", True)]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/en/nothing/", 404, "There is no page here"),
        ("/es/nada/", 404, "Aquí no hay ninguna página"),
        ("/nothing", 404, "There is no page here"),
    ],
)
def test_missing_page_says_so_in_its_language(client: Client, path: str, status: int, words: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert "entero.request_id" not in answer.content.decode()


@EXTRAS
def test_form_from_another_site_is_refused_with_a_page(client: Client) -> None:
    answer = client.post("/answered/", {"next": "x"}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert "This page is closed" in answer.content.decode()


def test_host_that_is_not_ours_gets_a_page(client: Client) -> None:
    answer = client.get("/en/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "We could not read that" in answer.content.decode()


@EXTRAS
@pytest.mark.parametrize(
    ("language", "words"), [("en", "Something broke on our side"), ("es", "Algo falló de nuestro lado")]
)
def test_broken_view_shows_a_number_and_nothing_else(language: str, words: str) -> None:
    client = Client(raise_request_exception=False)
    answer = client.get("/breaks/", headers={"accept-language": language})
    page = answer.content.decode()
    assert answer.status_code == 500
    assert words in page
    assert "a name that nobody may read" not in page
    assert re.search(r": [0-9a-f]{12}<", page)
    assert "/static/" not in page
    assert answer.headers["Cache-Control"] == "no-store"


def test_error_page_survives_broken_templates(rf: object, settings: object) -> None:
    settings.TEMPLATES = []  # type: ignore[attr-defined]
    request = rf.get("/")  # type: ignore[attr-defined]
    request.META["entero.request_id"] = "abc123"
    answer = errors.server_error(request)
    assert answer.status_code == 500
    assert b"abc123" in answer.content


def test_robots_are_kept_from_the_desk_and_the_way_out(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert {"Disallow: /desk/", "Disallow: /exit"} <= set(lines)


def test_browser_is_given_no_telling_picture(client: Client) -> None:
    assert client.get("/favicon.ico").status_code == 204


def test_no_template_has_anything_inline_or_from_elsewhere() -> None:
    files = sorted(SOURCE.rglob("templates/**/*.html"))
    assert len(files) > 30
    found = [
        f"{file.relative_to(SOURCE)}: {match.group(0)}"
        for file in files
        for match in INLINE.finditer(file.read_text(encoding="utf-8"))
    ]
    assert found == []
