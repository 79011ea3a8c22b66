"""Draw every page of the demo, on a phone and on a desk, in both languages.

Usage: python scripts/screenshots.py FOLDER. All pages go to FOLDER/all; the few that the documentation shows
go to FOLDER itself. It loads the demo into a folder of its own, which is removed afterwards.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Browser, Page, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entero.conf.settings")
django.setup()

from entero.directory import demo  # noqa: E402 - needs the framework

ROOT = Path(__file__).resolve().parents[1]
ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SCREENS = {"phone": (360, 740), "desktop": (1280, 860)}
LANGUAGES = {"en": "en-US", "es": "es-US"}
START_SECONDS = 120

ANSWERS = {
    "who": ("radio", ["other"]),
    "place": ("text", ["92101"]),
    "needs": ("checkbox", ["trauma", "substance_use"]),
    "age": ("text", ["15"]),
    "gender": ("radio", ["boy"]),
    "languages": ("checkbox", ["es"]),
}
"""What is told in the journey; everything else is skipped."""

SHOWN = {
    "results-desktop-en": ("results.png", (100, 0, 1080, 890)),
    "results-phone-es": ("results-phone-es.png", (0, 0, 360, 1400)),
    "home-desktop-en": ("home.png", (0, 0, 1280, 600)),
    "service-phone-en": ("service-phone.png", (0, 0, 360, 1400)),
    "desk-service-desktop-en": ("desk-service.png", (40, 0, 1200, 1000)),
}
"""Pages that the documentation shows, and which part of them (left, top, width, height)."""
PLAIN_PICTURE = ".leave { visibility: hidden }"
"""The way out floats on a screen; on a picture of a whole page it would cover the text."""


@contextmanager
def served_demo() -> Iterator[str]:
    """Serve the demo from an empty folder on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tempfile.mkdtemp(prefix="entero-screens-")
    names = {key: value for key, value in os.environ.items() if not key.startswith("ENTERO_")}
    command = [sys.executable, "-m", "entero.conf.command", "demo", "--port", str(port)]
    server = subprocess.Popen(command, env={**names, "ENTERO_DATA_DIR": folder}, stdout=subprocess.DEVNULL)
    try:
        base = f"http://127.0.0.1:{port}"
        _wait_for(base, server)
        yield base
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(base: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(f"{base}/robots.txt", timeout=5).close()  # noqa: S310 - our own server
            return
        except urllib.error.URLError:
            time.sleep(0.5)
    sys.exit("The demo did not start.")


class Camera:
    """One window that takes pictures under the names of pages."""

    def __init__(self, page: Page, base: str, target: Path, label: str) -> None:
        self.page, self.base, self.target, self.label = page, base, target, label

    def open(self, path: str, name: str) -> None:
        self.page.goto(self.base + path)
        self.take(name)

    def take(self, name: str, page: Page | None = None) -> None:
        title, shown = f"{name}-{self.label}", page or self.page
        whole = {"full_page": True, "style": PLAIN_PICTURE}
        shown.screenshot(path=self.target / "all" / f"{title}.png", **whole)
        if title in SHOWN:
            file, (left, top, width, height) = SHOWN[title]
            clip = {"x": left, "y": top, "width": width, "height": height}
            shown.screenshot(path=self.target / file, clip=clip, **whole)


def draw_shell(camera: Camera) -> None:
    """Draw the pages that are the same for everybody."""
    for name in ("home", "protection", "limits", "leaving", "directory:crisis"):
        camera.open(reverse(name), name.rpartition(":")[2])
    camera.open(reverse("home") + "nothing-here/", "not-found")


def draw_journey(camera: Camera) -> None:
    """Answer the questions one by one, draw each, then the results and one service."""
    page = camera.page
    camera.open(reverse("directory:find_help"), "find-help")
    page.locator("main form button").first.click()
    while page.locator("main button[name=go][value=skip]").count() and not page.locator(".results").count():
        step = page.locator("main form[novalidate] input[name=step]").get_attribute("value") or ""
        camera.take(f"find-help-{step}")
        page.locator(f"main button[name=go][value={_answer(page, step)}]").first.click()
    camera.take("results")
    _draw_from_results(camera)


def _answer(page: Page, step: str) -> str:
    """Fill the question in and say which button to press."""
    if step not in ANSWERS:
        return "skip"
    kind, values = ANSWERS[step]
    for value in values:
        if kind == "text":
            page.locator(f"main input[name={step}]").first.fill(value)
        else:
            page.locator(f"main input[type={kind}][value={value}]").first.check()
    return "next"


def _draw_from_results(camera: Camera) -> None:
    page = camera.page
    for name in ("print_results", "plain_text_results"):
        button = page.locator(f"button[formaction='{reverse(f'directory:{name}')}']").first
        button.evaluate("button => { button.formTarget = '_blank' }")
        with page.context.expect_page() as opened:
            button.click()
        opened.value.wait_for_load_state()
        camera.take(name, opened.value)
        opened.value.close()
    page.locator("article.card h2 button").first.click()
    camera.take("service")
    report = reverse("directory:turned_away", args=[demo.sample_id("casa-norte")])
    page.goto(camera.base + report)
    camera.take("turned-away")
    page.locator("main input[type=radio]").first.check()
    page.locator("main button[name=send]").first.click()
    camera.take("turned-away-thanks")
    camera.open(reverse("directory:print", args=[demo.sample_id("casa-norte")]), "sheet")


def draw_desk(camera: Camera) -> None:
    """Sign in and draw the desk."""
    page = camera.page
    camera.open(reverse("desk:sign_in"), "desk-sign-in")
    name, password, _ = demo.SIGN_INS[0]
    page.locator("input[name=username]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.locator("main button").first.click()
    camera.take("desk-directory")
    for name in ("services", "reports", "queue", "import"):
        camera.open(reverse(f"desk:{name}"), f"desk-{name}")
    service = [demo.sample_id("casa-norte")]
    for name in ("service", "fact", "edit"):
        camera.open(reverse(f"desk:{name}", args=service), f"desk-{name}")
    page.goto(camera.base + reverse("desk:reports"))
    page.locator("main a[href*='/desk/reports/']").first.click()
    camera.take("desk-review")


def draw(browser: Browser, base: str, target: Path) -> None:
    for language, locale in LANGUAGES.items():
        for screen, (width, height) in SCREENS.items():
            context = browser.new_context(
                viewport={"width": width, "height": height},
                locale=locale,
                bypass_csp=True,  # the style of a picture is none of the page's own
            )
            camera = Camera(context.new_page(), base, target, f"{screen}-{language}")
            camera.page.set_default_timeout(15_000)
            with translation.override(language):
                for part in (draw_shell, draw_journey, draw_desk):
                    part(camera)
            context.close()


def main() -> None:
    target = Path(sys.argv[1])
    (target / "all").mkdir(parents=True, exist_ok=True)
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    with served_demo() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        draw(browser, base, target)
        browser.close()
    print(f"{len(list((target / 'all').glob('*.png')))} pages in {target / 'all'}")


if __name__ == "__main__":
    main()
