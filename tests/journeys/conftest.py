"""A real browser: Debian's Chromium, one for the whole run, never allowed to reach anybody else."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polib
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import clear_url_caches
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, Route, sync_playwright
from pytest_django.live_server_helper import LiveServer

from scripts.check_messages import SOURCE, catalogues

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_A_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SCREENS = {"small": (320, 640), "phone": (360, 740), "desktop": (1280, 860)}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser and a server that runs in another thread."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.django_db(transaction=True))


def find_chromium() -> str:
    for name in NAMES:
        if found := shutil.which(name):
            return found
    if ON_A_MAC.exists():
        return str(ON_A_MAC)
    return pytest.fail("Chromium is missing: run scripts/get-chromium.sh", pytrace=False)


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's own event loop runs in this thread
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(_playwright: Playwright) -> Iterator[Browser]:
    running = _playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
    yield running
    running.close()


@dataclass
class Visit:
    """One visitor's window, and everything that it asked for or complained about."""

    page: Page
    context: BrowserContext
    base: str
    elsewhere: str
    foreign: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.page

    def findings(self) -> list[str]:
        """Return what axe finds wrong with the page, once its styles are there."""
        self.page.wait_for_load_state("load")
        options: dict[str, Any] = {"runOnly": {"type": "tag", "values": WCAG}}
        if self.page.evaluate("matchMedia('(forced-colors: active)').matches"):
            options["rules"] = {"color-contrast": {"enabled": False}}  # the colors are the visitor's own
        with self.whole_page():
            found = Axe().run(self.page, options=options).response["violations"]
        return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]

    @contextmanager
    def whole_page(self) -> Iterator[None]:
        """Make the window as high as the page, so that what stays in sight lies over nothing."""
        size = self.page.viewport_size or {"width": 360, "height": 740}
        height = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
        yield
        self.page.set_viewport_size({"width": size["width"], "height": size["height"]})

    def overflows(self) -> bool:
        """Say whether the page can be scrolled sideways."""
        self.page.wait_for_load_state("load")
        return bool(
            self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        )

    def transferred(self) -> int:
        """Return the bytes that came over the line, headers and compressed bodies."""
        sizes = [request.sizes() for request in self.requests if not request.failure]
        return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)


VisitFactory = Callable[..., Visit]


class RealServer(LiveServer):
    """The site as it is served: static files hashed and compressed, not Django's stand-in for them."""

    def __init__(self) -> None:
        super().__init__("localhost", start=False)
        self.thread.static_handler = lambda application: application  # type: ignore[assignment]
        self.start()


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    server = RealServer()
    yield server
    server.stop()


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer, settings: Any) -> Iterator[VisitFactory]:
    """Open windows: ``visit("phone", language="es", javascript=False, scheme="dark")``.

    Elsewhere is our server under its other name, another site to the browser: the exit leads there.
    Any other address is refused and remembered in ``foreign``, and fails the test when it ends.
    """
    elsewhere = str(live_server).replace("localhost", "127.0.0.1")
    settings.EXIT_URL = f"{elsewhere}/robots.txt"
    visits: list[Visit] = []

    def make(
        screen: str = "phone", *, language: str = "en", javascript: bool = True, **options: object
    ) -> Visit:
        width, height = SCREENS[screen]
        scheme = options.pop("scheme", "light")
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale={"en": "en-US", "es": "es-US"}.get(language, language),
            java_script_enabled=javascript,
            color_scheme=scheme,  # type: ignore[arg-type]
            **options,  # type: ignore[arg-type]
        )
        visit = Visit(context.new_page(), context, str(live_server), elsewhere)
        _listen(visit)
        visits.append(visit)
        return visit

    yield make
    foreign = [address for visit in visits for address in visit.foreign]
    complaints = [words for visit in visits for words in visit.complaints]
    for visit in visits:
        visit.context.close()
    assert foreign == [], "the pages reached for somebody else's server"
    assert complaints == [], "the browser complained"


def _listen(visit: Visit) -> None:
    def gate(route: Route) -> None:
        address = route.request.url
        if address.startswith((visit.base, visit.elsewhere, "data:", "about:")):
            route.continue_()
        else:
            visit.foreign.append(address)
            route.abort()

    def note(request: Request) -> None:
        visit.requests.append(request)

    def complain(words: str) -> None:
        if "Failed to load resource" not in words:
            visit.complaints.append(words)

    visit.context.route("**/*", gate)
    visit.page.on("request", note)
    visit.page.on("pageerror", lambda error: complain(str(error)))
    visit.page.on("console", lambda message: message.type == "error" and complain(message.text))


# --- languages that only exist in tests

VOWELS = str.maketrans("aeiouyAEIOUYcnsz", "áéíóúýÁÉÍÓÚÝçñšž")
KEEP = re.compile(r"(%\(\w+\)[sd]|%%|%[sd]|\{\w*\}|<[^>]*>|&\w+;)")


def pseudo(text: str) -> str:
    """Return a text a third longer, with accents, and with placeholders and tags left alone."""
    parts = KEEP.split(text)
    changed = "".join(part if KEEP.fullmatch(part) else part.translate(VOWELS) for part in parts)
    return f"[{changed}{' ~' * (len(text) // 6)}]"


def write_pseudo_catalogue(folder: Path, code: str) -> None:
    """Write a catalogue in which every text of ours, addresses excepted, is its own pseudo form."""
    target = folder / code / "LC_MESSAGES"
    target.mkdir(parents=True)
    made = polib.POFile()
    made.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for path in catalogues(SOURCE):
        for entry in polib.pofile(str(path)):
            if entry.msgid.endswith("/") or made.find(entry.msgid, msgctxt=entry.msgctxt):
                continue
            new = polib.POEntry(msgid=entry.msgid, msgctxt=entry.msgctxt)
            if entry.msgid_plural:
                new.msgid_plural = entry.msgid_plural
                new.msgstr_plural = {0: pseudo(entry.msgid), 1: pseudo(entry.msgid_plural)}
            else:
                new.msgstr = pseudo(entry.msgid)
            made.append(new)
    made.save_as_mofile(str(target / "django.mo"))


@pytest.fixture(scope="session")
def pseudo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("locale")
    for code in ("en_XA", "ar"):
        write_pseudo_catalogue(folder, code)
    return folder


@pytest.fixture
def pseudo_languages(pseudo_folder: Path, settings: Any) -> Iterator[None]:
    """Add ``/en-xa/`` (long, accented) and ``/ar/`` (the same, right to left) to the site."""
    settings.LANGUAGES = [*settings.LANGUAGES, ("en-xa", "Pseudo"), ("ar", "Arabic")]
    settings.LOCALE_PATHS = [*settings.LOCALE_PATHS, pseudo_folder]
    clear_url_caches()
    yield
    clear_url_caches()
