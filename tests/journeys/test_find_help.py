"""The whole way in a real browser: on a cheap phone in Spanish without JavaScript, and by keyboard alone in English."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from entero.directory.models import RequiredDocument, Service, TurnedAway
from tests import make

QUESTIONS = (
    "who",
    "place",
    "needs",
    "age",
    "gender",
    "identity",
    "circumstances",
    "languages",
    "cost",
    "how",
    "when",
)


@pytest.fixture
def places(transactional_db: None) -> list[Service]:
    """A house for boys, an office that says nothing, and a house that says no."""
    names = ("Casa Norte", "Harbor Office", "Harbor Women")
    made = []
    for number, name in enumerate(names):
        given = make.service(name, of=make.organization(f"{name} organization"), description="Help.")
        make.place(given)
        make.phone(given, f"619-555-014{number}")
        make.open_on(given)
        make.filed(given, "trauma", "substance_use")
        made.append(given)
    make.fact(made[0], "boy", "yes")
    make.fact(made[2], "boy", "no")
    RequiredDocument.objects.create(service=made[0], document="Nothing")
    return made


def _fill(page: Page, step: str) -> None:
    match step:
        case "who":
            page.check("input[value=other]")
        case "place":
            page.fill("#id_place", "92101")
        case "needs":
            page.check("input[value=trauma]")
            page.check("input[value=substance_use]")
        case "age":
            page.fill("#id_age", "15")
        case "gender":
            page.check("input[value=boy]")
        case "languages":
            page.check("input[value=es]")


def _fits(visitor: Any) -> list[str]:
    visitor.page.wait_for_load_state()
    wide = ["scrolls sideways"] if visitor.overflows() else []
    return visitor.findings() + wide


def test_in_spanish_on_a_phone_without_javascript(visit: Callable[..., Any], places: list[Service]) -> None:
    visitor = visit("phone", language="es", javascript=False)
    page = visitor.open("/es/buscar-ayuda/")
    page.get_by_role("button", name="Empezar").click()
    for step in QUESTIONS:
        _fill(page, step)
        page.locator("button[value=next]").click()
    assert page.locator("h1").inner_text() == "2 lugares que pueden recibir a un muchacho de 15 años"
    assert page.locator(".card h2").all_inner_texts()[:2] == ["Casa Norte", "Harbor Office"]
    assert page.locator("a[href='tel:+16195550140']").is_visible()
    assert "Harbor Women" in page.locator("section[aria-labelledby=why-not]").inner_text()

    page.get_by_role("button", name="Casa Norte").first.click()
    assert "Qué decir cuando llames" in page.inner_text("main")
    page.get_by_role("button", name="Aquí me rechazaron").click()
    page.check("input[value=full]")
    page.get_by_role("button", name="Enviar sin nombre").click()
    assert page.locator("h1").inner_text() == "Gracias"
    assert page.locator(".card h2").all_inner_texts() == ["Harbor Office"]
    assert TurnedAway.objects.get().service_id == places[0].pk
    page.get_by_role("button", name="Ver todos los demás lugares").click()
    assert "Casa Norte" not in page.inner_text(".found")

    page.get_by_role("button", name="Copiar como texto").click()
    assert "Harbor Office organization" not in page.inner_text("#text")
    assert "619-555-0141" in page.inner_text("#text")
    page.get_by_role("button", name="Volver a la lista").click()
    page.get_by_role("button", name="Cambiar: Edad").click()
    page.fill("#id_age", "16")
    page.get_by_role("button", name="Ver los resultados").click()
    assert "16 años" in page.locator("h1").inner_text()
    assert visitor.context.cookies() == []
    assert {request.url.split("?")[-1] for request in visitor.requests if "?" in request.url} == set()


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus; a hundred presses are too many for anybody."""
    for _ in range(100):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never reaches {selector}")


def test_in_english_by_keyboard_alone(visit: Callable[..., Any], places: list[Service]) -> None:
    page = visit("desktop").open("/en/find-help/")
    _tab_to(page, "main form button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#id_who_0")
    _tab_to(page, "#id_who_0")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector("#id_place")
    _tab_to(page, "#id_place")
    page.keyboard.type("san diego")
    page.keyboard.press("Enter")
    page.wait_for_selector("#id_words")
    _tab_to(page, "#id_words")
    page.keyboard.type("rehab")
    _tab_to(page, "button[value=results]")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('places that may take you')")
    _tab_to(page, ".card h2 button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#takes")
    _tab_to(page, "main button[form=keep]")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('places that may take you')")


def test_wrong_answer_takes_the_focus_to_what_is_wrong(
    visit: Callable[..., Any], places: list[Service]
) -> None:
    page = visit("phone").open("/en/find-help/")
    page.get_by_role("button", name="Begin").click()
    page.locator("button[value=next]").click()
    page.fill("#id_place", "Sprngfeild")
    page.locator("button[value=next]").click()
    page.wait_for_selector(".error-summary:focus")
    assert page.input_value("#id_place") == "Sprngfeild"
    page.locator("button[value=skip]").click()
    page.wait_for_selector("#id_needs_0")


@pytest.mark.parametrize(("screen", "language"), [("small", "es"), ("desktop", "en")])
def test_every_step_is_open_to_everybody(
    visit: Callable[..., Any], places: list[Service], language: str, screen: str
) -> None:
    start = {"en": "/en/find-help/", "es": "/es/buscar-ayuda/"}[language]
    visitor = visit(screen, language=language)
    page = visitor.open(start)
    faults = {"start": _fits(visitor)}
    page.locator("main form button").first.click()
    for step in QUESTIONS:
        _fill(page, step)
        faults[step] = _fits(visitor)
        page.locator("button[value=next]").click()
    page.locator("summary").first.click()
    faults["results"] = _fits(visitor)
    page.locator(".card h2 button").first.click()
    faults["service"] = _fits(visitor)
    page.locator(".panel button").click()
    page.locator("button[name=send]").click()
    faults["turned away"] = _fits(visitor)
    page.check("input[value=gender]")
    page.locator("button[name=send]").click()
    faults["thanks"] = _fits(visitor)
    page.locator("button.button[form=keep]").last.click()
    for name, part in (("sheet", ("sheet", "hoja")), ("text", ("text", "texto"))):
        page.locator(f"button[formaction$='{part[language == 'es']}/']").click()
        faults[name] = _fits(visitor)
        page.locator("main .plain-button[form=keep]").first.click()
    visitor.open({"en": "/en/crisis-lines/", "es": "/es/lineas-de-crisis/"}[language])
    page.select_option("#id_state", "CA")
    page.locator("main form button").first.click()
    faults["lines"] = _fits(visitor)
    assert {step: found for step, found in faults.items() if found} == {}


def test_a_printed_sheet_is_only_numbers_and_addresses(
    visit: Callable[..., Any], places: list[Service]
) -> None:
    page = visit("desktop").open(f"/en/services/{places[0].pk}/sheet/")
    assert page.get_by_role("button", name="Print this sheet").is_visible()
    page.emulate_media(media="print")
    seen = page.evaluate("document.body.innerText")
    assert "619-555-0140" in seen
    for telling in ("Entero", "Leave", "988", "trauma", "boys"):
        assert telling not in seen


def test_plain_text_is_copied_at_a_touch(visit: Callable[..., Any], places: list[Service]) -> None:
    visitor = visit("phone")
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visitor.open(f"/en/services/{places[0].pk}/text/")
    page.get_by_role("button", name="Copy the text").click()
    page.wait_for_selector("button:has-text('Copied')")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.splitlines()[:2] == ["Casa Norte", "619-555-0140"]


def test_a_page_of_results_is_light(visit: Callable[..., Any], transactional_db: None) -> None:
    for number in range(25):
        given = make.service(f"House {number}", of=make.organization(f"Organization {number}"))
        make.place(given)
        make.phone(given, f"619-555-01{number:02d}")
        make.fact(given, "boy", "yes")
        make.filed(given, "trauma")
    visitor = visit("phone", language="es")
    page = visitor.open("/es/buscar-ayuda/")
    visitor.requests.clear()
    page.get_by_role("button", name="Ver resultados ya").click()
    page.wait_for_load_state("networkidle")
    assert page.locator(".card").count() >= 10
    assert visitor.transferred() <= 50_000
