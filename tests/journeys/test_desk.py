"""A day at the desk in a real browser: sign in, correct a fact, review a report, try an import."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from entero.directory import desk_sign_in
from entero.directory.models import AcceptanceFact, ImportRun, Service, TurnedAway
from entero.kernel.safety.rate import Limiter
from tests import make
from tests.directory.importing import files

Visit = Callable[..., Any]
LANGUAGES = ("en", "es", "en-xa", "ar")


@pytest.fixture(autouse=True)
def _own_surroundings(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(desk_sign_in, "tries", Limiter(100, 300))


@pytest.fixture
def service() -> Service:
    made = make.service("Evening group", description="Meets on Mondays", email="a@example.org")
    make.place(made)
    make.phone(made)
    make.fact(made, "boy", "yes", days_ago=40)
    make.report(made, "gender", "boy")
    make.staff()
    return made


def sign_in(visitor: Any) -> Page:
    page: Page = visitor.open("/desk/")
    page.locator("[name=username]").fill("heron")
    page.locator("[name=password]").fill(make.PASSWORD)
    page.locator("main button").click()
    expect(page).to_have_url(visitor.base + "/desk/")
    return page


def addresses(service: Service) -> Iterator[str]:
    report = TurnedAway.objects.get()
    own = f"/desk/services/{service.pk}/"
    yield from ("/desk/", "/desk/reports/", "/desk/queue/", "/desk/services/", "/desk/services/?words=group")
    yield from (own, *(f"{own}{name}/" for name in ("fact", "edit", "visibility", "capacity", "close")))
    yield from (f"/desk/reports/{report.pk}/", "/desk/import/")


@pytest.mark.parametrize(
    ("language", "scheme"), [*((language, "light") for language in LANGUAGES), ("en", "dark")]
)
def test_axe_finds_nothing_on_any_page_of_the_desk(
    visit: Visit, service: Service, pseudo_languages: None, language: str, scheme: str
) -> None:
    visitor = visit("desktop", language=language, scheme=scheme)
    visitor.open("/desk/sign-in/")
    found = {"/desk/sign-in/": visitor.findings()}
    assert sign_in(visitor).get_attribute("html", "lang") == language
    for address in addresses(service):
        visitor.open(address)
        found[address] = visitor.findings()
    assert {address: faults for address, faults in found.items() if faults} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_the_desk_scrolls_sideways_at_320_pixels(
    visit: Visit, service: Service, pseudo_languages: None, language: str
) -> None:
    visitor = visit("small", language=language)
    sign_in(visitor)
    wide = []
    for address in addresses(service):
        visitor.open(address)
        wide += [address] * visitor.overflows()
    assert wide == []


@pytest.mark.parametrize("javascript", [True, False])
def test_fact_is_corrected_and_counts(visit: Visit, service: Service, javascript: bool) -> None:
    visitor = visit("desktop", javascript=javascript)
    page = sign_in(visitor)
    page.get_by_label("Find a service").fill("evening")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Evening group").click()
    page.get_by_role("link", name="boys", exact=True).click()
    expect(page.get_by_label("Who", exact=True)).to_have_value("boy")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("no", exact=True).check()
    page.get_by_label("Note").fill("Asked at the door")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_role("status")).to_have_text("The fact is written down.")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="boys", exact=True))
    expect(row).to_contain_text("no")
    expect(row).to_contain_text("Checked by our staff")
    assert not javascript or visitor.findings() == []


def test_report_is_reviewed_with_the_keyboard_alone(visit: Visit, service: Service) -> None:
    visitor = visit("desktop")
    page: Page = visitor.open("/desk/sign-in/?next=/desk/reports/")
    _tab_to(page, page.locator("[name=username]"))
    page.keyboard.type("heron")
    page.keyboard.press("Tab")
    page.keyboard.type(make.PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(visitor.base + "/desk/reports/")
    _tab_to(page, page.get_by_role("link", name="Evening group"))
    page.keyboard.press("Enter")
    _tab_to(page, page.locator("[name=confirmed]").first)
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("The report is reviewed.")
    assert AcceptanceFact.objects.filter(population="boy", answer="no").count() == 1
    assert visitor.findings() == []


def _tab_to(page: Page, target: Any) -> None:
    for _ in range(60):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("the keyboard does not get there")


def test_import_is_tried_then_taken(visit: Visit, service: Service, tmp_path: Path) -> None:
    path = files.samhsa_csv(tmp_path, files.facility("Harbor Clinic"), files.facility("Odd", zip="text"))
    visitor = visit("desktop")
    page = sign_in(visitor)
    page.get_by_role("navigation").get_by_role("link", name="Import").click()
    page.get_by_label("File").set_input_files(path)
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("tried, nothing changed")
    expect(page.get_by_role("row").nth(1)).to_contain_text("The row looks shifted")
    assert visitor.findings() == []
    assert Service.objects.count() == 1
    page.get_by_role("button", name="Import now").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("done")
    assert visitor.findings() == []
    assert Service.objects.filter(organization__name="Harbor Clinic").count() == 1
    assert ImportRun.objects.count() == 2


def test_language_of_the_desk_is_chosen_in_its_bar(visit: Visit, service: Service) -> None:
    visitor = visit("desktop")
    page = sign_in(visitor)
    visitor.open("/desk/queue/")
    page.get_by_role("button", name="Español").click()
    expect(page).to_have_url(visitor.base + "/desk/queue/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Por verificar, lo más antiguo primero")
    page.get_by_role("button", name="Cerrar sesión").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Entrar al escritorio")
