"""Every public page in a real browser: findable by everybody, light, quiet, and quickly left."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page

import entero.ui
from tests.ui.addresses import public_pages

STATIC = Path(entero.ui.__file__).parent / "static" / "ui"
EXTRAS = pytest.mark.urls("tests.ui.site_with_extras")
LANGUAGES = ("en", "es", "en-xa", "ar")
SCHEMES: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"scheme": "dark"},
    "contrast": {"contrast": "more"},
    "dark-contrast": {"scheme": "dark", "contrast": "more"},
    "forced": {"forced_colors": "active"},
}
LOOKS = [(language, "light") for language in LANGUAGES] + [("en", scheme) for scheme in list(SCHEMES)[1:]]


@EXTRAS
@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_axe_finds_nothing_on_any_public_page(
    visit: Callable[..., Any], pseudo_languages: None, language: str, scheme: str
) -> None:
    visitor = visit("phone", language=language, **SCHEMES[scheme])
    pages = public_pages(language)
    assert {f"/{language}/", "/ui/"} <= set(pages)
    found = {}
    for path in pages:
        visitor.open(path)
        found[path] = visitor.findings()
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_public_page_scrolls_sideways_at_320_pixels(
    visit: Callable[..., Any], pseudo_languages: None, language: str
) -> None:
    visitor = visit("small", language=language)
    wide = []
    for path in public_pages(language):
        visitor.open(path)
        wide += [path] * visitor.overflows()
    assert wide == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_public_page_is_light(visit: Callable[..., Any], language: str) -> None:
    heavy = {}
    for path in public_pages(language):
        visitor = visit("phone", language=language)
        visitor.open(path)
        visitor.page.wait_for_load_state("networkidle")
        names = [request.resource_type for request in visitor.requests]
        weight = visitor.transferred()
        if weight > 50_000 or len(names) > 6 or names.count("stylesheet") > 1:
            heavy[path] = (weight, names)
    assert heavy == {}


def test_style_and_script_fit_their_budgets() -> None:
    sizes = {
        kind: sum(len(gzip.compress(file.read_bytes(), 9)) for file in STATIC.glob(f"*.{kind}"))
        for kind in ("css", "js")
    }
    assert sizes["css"] <= 12 * 1024
    assert sizes["js"] <= 5 * 1024
    assert len(list(STATIC.glob("*.css"))) == 1


def _tab(page: Page) -> str:
    page.keyboard.press("Tab")
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def test_keyboard_meets_the_content_and_the_way_out_first(visit: Callable[..., Any]) -> None:
    page = visit("desktop").open("/en/")
    assert [_tab(page) for _ in range(3)] == ["Go to the content", "Leave this site now", "Entero"]
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


COVERED = """() => {
  const focused = document.activeElement.getBoundingClientRect();
  const leave = document.querySelector('[data-exit]');
  if (document.activeElement === leave || !focused.height) return false;
  const over = leave.getBoundingClientRect();
  const seen = Math.min((focused.top + focused.bottom) / 2, focused.top + 24);
  return seen > over.top && focused.right > over.left && focused.left < over.right;
}"""


@EXTRAS
@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_way_out_never_covers_what_has_the_focus(visit: Callable[..., Any], screen: str) -> None:
    page = visit(screen).open("/ui/")
    stops, covered = 0, []
    while stops < 200:
        words = _tab(page)
        if page.evaluate("document.activeElement === document.body"):
            break
        stops += 1
        if page.evaluate(COVERED):
            covered.append(words[:40] or page.evaluate("document.activeElement.outerHTML"))
    assert stops > 30
    assert covered == []


@pytest.mark.parametrize("javascript", [True, False])
def test_leaving_works_with_and_without_javascript(visit: Callable[..., Any], javascript: bool) -> None:
    visitor = visit(javascript=javascript)
    visitor.context.add_cookies([{"name": "left", "value": "behind", "url": visitor.base}])
    page = visitor.open("/en/")
    page.get_by_role("link", name="Leave this site", exact=True).click()
    page.wait_for_url(settings.EXIT_URL)
    assert visitor.context.cookies() == []


def test_shift_three_times_leaves(visit: Callable[..., Any]) -> None:
    page = visit("desktop").open("/en/")
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(settings.EXIT_URL)


def test_shift_used_for_writing_does_not_leave(visit: Callable[..., Any]) -> None:
    page = visit("desktop").open("/en/")
    for _ in range(2):
        page.keyboard.press("Shift")
    for letter in "ABC":
        page.keyboard.press(f"Shift+{letter}")
    page.keyboard.press("Shift")
    assert page.locator(".blank").count() == 0
    assert page.url.endswith("/en/")


def test_back_after_leaving_shows_the_page_without_its_blank(visit: Callable[..., Any]) -> None:
    visitor = visit()
    page = visitor.open("/en/leaving-fast/")
    visitor.open("/en/")
    page.get_by_role("link", name="Leave this site", exact=True).click()
    page.wait_for_url(settings.EXIT_URL)
    page.go_back()
    assert page.url.endswith("/en/leaving-fast/")  # the page that was left is gone: its place was taken
    assert page.locator(".blank").count() == 0


@EXTRAS
def test_discreet_mode_leaves_nothing_behind_it_but_the_page_before(visit: Callable[..., Any]) -> None:
    visitor = visit("desktop")
    page = visitor.page
    before_us = f"{visitor.elsewhere}/robots.txt?before"
    page.goto(before_us)
    visitor.open("/en/#discreet")
    assert (page.url, page.title()) == (f"{visitor.base}/en/", "Weather")
    before = page.evaluate("history.length")
    page.get_by_role("link", name="How we protect you").first.click()
    page.wait_for_url("**/how-we-protect-you/")
    page.evaluate("location.replace('/question/')")
    page.wait_for_url("**/question/")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="You said two").wait_for()
    assert (page.url, page.title()) == (f"{visitor.base}/answered/", "Weather")
    assert page.evaluate("history.length") == before
    page.get_by_role("link", name="Leave this site", exact=True).click()
    page.wait_for_url(settings.EXIT_URL)
    page.go_back()
    assert page.url == before_us


def test_discreet_mode_is_turned_on_by_its_button(visit: Callable[..., Any]) -> None:
    page = visit().open("/en/leaving-fast/")
    page.get_by_role("button", name="Turn on discreet mode").click()
    page.get_by_text("Discreet mode is on").wait_for()
    assert page.url.endswith("/en/leaving-fast/")
    assert page.title() == "Weather"


def test_without_javascript_nothing_is_offered_that_needs_it(visit: Callable[..., Any]) -> None:
    page = visit(javascript=False).open("/en/leaving-fast/")
    assert page.get_by_role("button").count() == 0
    assert page.get_by_text("This needs JavaScript").is_visible()


@EXTRAS
def test_copy_button_copies_what_is_written(visit: Callable[..., Any]) -> None:
    visitor = visit("desktop", permissions=["clipboard-read", "clipboard-write"])
    page = visitor.open("/ui/")
    page.get_by_role("button", name="Copy as plain text").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "Harbor Clinic, 619-555-0142"


def test_paper_shows_the_words_and_no_shell(visit: Callable[..., Any]) -> None:
    page = visit("desktop").open("/en/what-we-cannot-protect/")
    page.emulate_media(media="print")
    assert page.get_by_role("heading", name="What we cannot protect").is_visible()
    shell = [".top", ".leave", ".foot", ".help-line"]
    assert [name for name in shell if page.locator(name).is_visible()] == []


def test_language_switch_leads_to_the_same_page(visit: Callable[..., Any]) -> None:
    page = visit().open("/en/leaving-fast/")
    page.get_by_role("link", name="Español").click()
    page.wait_for_url("**/es/salir-rapido/")
    assert page.locator("html").get_attribute("lang") == "es"
