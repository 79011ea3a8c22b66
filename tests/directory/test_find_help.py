"""The public journey as a browser without JavaScript sees it; and that nothing of it stays behind."""

import html
import logging
import re
from copy import copy
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries
from structlog.stdlib import ProcessorFormatter

from entero.directory import live
from entero.directory.find_help.answers import Answers
from entero.directory.find_help.journey import opened, sealed
from entero.directory.find_help.steps import STEPS
from entero.directory.models import Service, ServiceStatus
from entero.directory.places.finder import of_zip
from tests import make

START = {"en": "/en/find-help/", "es": "/es/buscar-ayuda/"}
PLACES = {"en": "/en/find-help/places/", "es": "/es/buscar-ayuda/lugares/"}
CANARY = "zanahoria"
TOLD: dict[str, Any] = {
    "who": {"who": "other"},
    "place": {"place": " 92 101 "},
    "needs": {"needs": ["trauma", "substance_use"], "words": f"{CANARY} rehab"},
    "age": {"age": "15 años"},
    "gender": {"gender": "boy"},
    "identity": {"identities": "no"},
    "circumstances": {"circumstances": ["deaf"]},
    "languages": {"languages": ["es"]},
    "cost": {"cost": "free"},
    "how": {"how": "either"},
    "when": {"when": "any"},
}
A_BOY = Answers(who="other", place=of_zip("92101"), needs=("trauma",), age=15, gender="boy")


def state_of(answer: Any) -> str:
    found = re.search(r'name="state" value="([^"]*)"', answer.content.decode())
    assert found
    return html.unescape(found[1])


def answers_of(answer: Any) -> Answers:
    return opened({"state": state_of(answer)})[0]


def text_of(answer: Any) -> str:
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(html.unescape(plain).split())


def title_of(answer: Any) -> str:
    found = re.search(r"<title>(.*?)</title>", answer.content.decode(), re.DOTALL)
    assert found
    return html.unescape(found[1])


def walk(client: Client, language: str = "en", told: dict[str, Any] = TOLD) -> list[Any]:
    """Answer question after question and return every page that was shown."""
    pages = [client.get(START[language])]
    pages.append(client.post(START[language]))
    for step in STEPS:
        data = {"state": state_of(pages[-1]), "step": step.id, "go": "next", **told.get(step.id, {})}
        pages.append(client.post(START[language], data))
    return pages


@pytest.fixture
def teens(db: None) -> Service:
    """A place that takes boys and helps with trauma."""
    house = make.service("Casa Norte", description="Beds and school.")
    make.place(house)
    make.phone(house, "619-555-0142")
    make.fact(house, "boy", "yes")
    make.filed(house, "trauma", "substance_use")
    return house


@pytest.fixture
def women(db: None) -> Service:
    """A place that says no to boys."""
    house = make.service("Harbor Women", of=make.organization("Harbor"))
    make.place(house)
    make.fact(house, "boy", "no")
    make.filed(house, "trauma")
    return house


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_question_leads_to_the_next_and_then_to_places(
    client: Client, teens: Service, language: str
) -> None:
    pages = walk(client, language)
    assert [page.status_code for page in pages] == [200] * (len(STEPS) + 2)
    numbers = [title_of(page) for page in pages[1:-1]]
    said = {"en": "Question %d of 11", "es": "Pregunta %d de 11"}[language]
    assert numbers == [said % number for number in range(1, 12)]
    assert "Casa Norte" in text_of(pages[-1])
    assert answers_of(pages[-1]).age == 15


def test_results_speak_of_somebody_else_in_both_languages(client: Client, teens: Service) -> None:
    state = sealed(A_BOY)
    english = text_of(client.post(PLACES["en"], {"state": state}))
    spanish = text_of(client.post(PLACES["es"], {"state": state}))
    assert "1 place that may take a teenage boy of 15" in english
    assert "1 lugar que puede recibir a un muchacho de 15 años" in spanish


def test_results_do_not_address_the_reader_by_gender(client: Client, teens: Service) -> None:
    state = sealed(Answers(who="me", place=of_zip("92101"), needs=("trauma",), age=15, gender="boy"))
    shown = text_of(client.post(PLACES["es"], {"state": state}))
    assert "1 lugar que puede recibirte" in shown


def test_titles_are_neutral(client: Client, teens: Service) -> None:
    titles = " ".join(title_of(page) for page in walk(client)).lower()
    for word in ("trauma", "drug", "abuse", "boy", "15", "92101", "casa norte"):
        assert word not in titles
    assert "1 place" in titles


def test_places_that_say_no_are_named_with_the_reason_and_never_as_a_match(
    client: Client, teens: Service, women: Service
) -> None:
    answer = client.post(PLACES["en"], {"state": sealed(A_BOY)})
    page = answer.content.decode()
    matches, _heading, rest = page.partition("Not these, and why")
    assert "Casa Norte" in matches
    assert "Harbor Women" not in matches
    assert "Harbor Women" in rest
    assert "Does not take boys" in rest


def test_page_is_never_empty(client: Client, db: None) -> None:
    answer = client.post(PLACES["en"], {"state": sealed(A_BOY)})
    assert answer.status_code == 200
    assert 'href="tel:988"' in answer.content.decode()
    assert "Somebody to talk to now" in text_of(answer)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.id)
def test_every_question_can_be_skipped(client: Client, db: None, step: Any) -> None:
    answer = client.post(START["en"], {"state": sealed(A_BOY), "step": step.id, "go": "skip"})
    told = answers_of(answer)
    assert [getattr(told, name) for name in step.names] == [getattr(Answers(), name) for name in step.names]
    assert step.id in told.skipped


def test_back_keeps_what_was_typed(client: Client, db: None) -> None:
    answer = client.post(START["en"], {"state": sealed(A_BOY), "step": "age", "go": "back", "age": "16"})
    assert answers_of(answer).age == 16
    assert title_of(answer) == "Question 3 of 11"


def test_back_from_the_first_question_is_the_start(client: Client, db: None) -> None:
    answer = client.post(START["en"], {"state": sealed(A_BOY), "step": "who", "go": "back", "who": "me"})
    assert "A few short questions" in text_of(answer)
    assert answers_of(answer).who == "me"


def test_results_can_be_seen_from_any_question(client: Client, teens: Service) -> None:
    answer = client.post(
        START["en"], {"state": sealed(Answers()), "step": "place", "go": "results", "place": "92101"}
    )
    assert "Casa Norte" in text_of(answer)
    assert answers_of(answer).place == of_zip("92101")


def test_an_answer_is_changed_from_the_results_and_leads_back(client: Client, teens: Service) -> None:
    asked = client.post(START["en"], {"state": sealed(A_BOY), "change": "age"})
    assert 'value="15"' in asked.content.decode()
    answer = client.post(
        START["en"],
        {"state": state_of(asked), "step": "age", "return": "results", "go": "next", "age": "17"},
    )
    assert "a teenage boy of 17" in text_of(answer)


def test_one_more_question_is_answered_in_place(client: Client, teens: Service) -> None:
    answer = client.post(PLACES["en"], {"state": sealed(A_BOY), "question": "need:shelter", "answer": "yes"})
    assert answers_of(answer).needs == ("trauma", "shelter")


def test_the_other_language_keeps_what_was_told(client: Client, teens: Service) -> None:
    page = client.post(START["en"], {"state": sealed(A_BOY), "step": "age", "go": "stay"})
    assert f'formaction="{START["es"]}"' in page.content.decode()
    spanish = client.post(START["es"], {"state": state_of(page), "step": "age", "go": "stay"})
    assert answers_of(spanish) == A_BOY
    assert "¿Cuántos años tiene esa persona?" in text_of(spanish)


@pytest.mark.parametrize(
    ("step", "data", "says", "kept"),
    [
        ("age", {"age": "quince"}, "Write the age as a number, like 15.", "quince"),
        ("age", {"age": "-4"}, "Write the age as a number, like 15.", "-4"),
        ("age", {"age": "999"}, "Write the age as a number, like 15.", "999"),
        ("place", {"place": "Sprngfeild"}, "We do not know this place.", "Sprngfeild"),
        ("place", {"place": "springfield"}, "There is more than one place with this name.", "springfield"),
        ("place", {"place": "\U0001f30a"}, "We do not know this place.", "\U0001f30a"),
        ("place", {"place": "00000"}, "We do not know this place.", "00000"),
        ("gender", {"gender": "martian"}, "Select a valid choice.", ""),
    ],
)
def test_what_cannot_be_read_is_asked_again_and_kept(
    client: Client, db: None, step: str, data: dict[str, str], says: str, kept: str
) -> None:
    answer = client.post(START["en"], {"state": sealed(Answers()), "step": step, "go": "next", **data})
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 200
    assert says in page
    assert kept in page


@pytest.mark.parametrize(
    "text", ["92101", " 92 101", "92101-4321", "921014321", "San Diego", "san diego, CA", "921"]
)
def test_a_place_is_read_in_every_form(client: Client, db: None, text: str) -> None:
    answer = client.post(
        START["en"], {"state": sealed(Answers()), "step": "place", "go": "next", "place": text}
    )
    place = answers_of(answer).place
    assert place is not None
    assert (place.state, round(place.lat or 0)) == ("CA", 33)


def test_an_ambiguous_place_is_chosen(client: Client, db: None) -> None:
    data = {"state": sealed(Answers()), "step": "place", "go": "next", "place": "springfield"}
    asked = client.post(START["en"], data)
    assert 'value="Springfield, IL"' in asked.content.decode()
    answer = client.post(START["en"], {**data, "pick": "Springfield, IL"})
    place = answers_of(answer).place
    assert place is not None
    assert (place.label, place.state) == ("Springfield, IL", "IL")


@pytest.mark.parametrize(
    "words",
    [
        "x" * 100_000,
        "\x00drugs\x00",
        "\U0001f4a5 drogas \U0001f4a5",
        "<script>alert(1)</script>",
        "' OR 1=1 --",
    ],
)
def test_own_words_of_any_kind_are_taken(client: Client, db: None, words: str) -> None:
    answer = client.post(
        START["en"], {"state": sealed(Answers()), "step": "needs", "go": "next", "words": words}
    )
    shown = client.post(PLACES["en"], {"state": state_of(answer)})
    assert (answer.status_code, shown.status_code) == (200, 200)
    assert "<script>alert" not in shown.content.decode()
    assert len(answers_of(answer).words) <= 300


def test_results_by_get_begin_the_journey(client: Client, db: None) -> None:
    for path in (PLACES["en"], f"{PLACES['en']}sheet/", f"{PLACES['en']}text/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, START["en"])


def test_an_old_page_keeps_the_answer_it_brings(client: Client, db: None) -> None:
    with time_machine.travel(1_700_000_000, tick=False):
        state = sealed(A_BOY)
    answer = client.post(START["en"], {"state": state, "step": "age", "go": "next", "age": "16"})
    told = answers_of(answer)
    assert (told.age, told.gender) == (16, "")
    assert "open for a long time" in text_of(answer)


@pytest.mark.parametrize("forged", ["x", "x" * 20_000, sealed(A_BOY)[:-3] + "xyz", "\x00", "a:b:c"])
def test_a_forged_state_tells_nothing(client: Client, teens: Service, forged: str) -> None:
    for path in (PLACES["en"], f"{PLACES['en']}sheet/"):
        answer = client.post(path, {"state": forged})
        assert answer.status_code == 200
        assert "teenage boy" not in text_of(answer)
        assert "open for a long time" in text_of(answer)
    service_page = client.post(f"/en/services/{teens.pk}/", {"state": forged})
    assert service_page.status_code == 200
    assert "Back to the list" not in text_of(service_page)


@pytest.mark.parametrize("path", [START["en"], PLACES["en"], f"{PLACES['en']}sheet/", "/en/crisis-lines/"])
def test_another_site_cannot_post(client: Client, db: None, path: str) -> None:
    answer = client.post(path, {"state": ""}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


def test_nothing_that_is_told_stays_behind(
    client: Client, teens: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """Address, cookie, header, log, table: none holds what the visitor typed; and the page does, so it could."""
    before = _rows()
    with caplog.at_level(logging.DEBUG):
        pages = walk(client)
        state = state_of(pages[-1])
        for path in (f"/en/services/{teens.pk}/", f"{PLACES['en']}sheet/", f"{PLACES['en']}text/"):
            pages.append(client.post(path, {"state": state}))
    written = _written(caplog.records)
    assert any(CANARY in page.content.decode() for page in pages)
    for page in pages:
        headers = " ".join(f"{name}: {value}" for name, value in page.headers.items())
        assert not page.cookies
        assert CANARY not in headers + page.request["PATH_INFO"] + page.request["QUERY_STRING"]
        assert "Location" not in page.headers
        assert page.headers["Referrer-Policy"] == "no-referrer"
    for secret in (CANARY, "92 101", state):
        assert secret not in written
    assert "django.template" in written
    assert _rows() == before
    assert not client.cookies


def _written(records: list[logging.LogRecord]) -> str:
    """Return the records as our log would write them at its most talkative."""
    ours = next(
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler.formatter, ProcessorFormatter)
    )
    return "\n".join(ours.format(copy(record)) for record in records)


def _rows() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in apps.get_models() if model._meta.managed}


def test_pages_of_the_journey_are_never_stored(client: Client, teens: Service) -> None:
    for page in walk(client):
        assert "no-store" in page.headers["Cache-Control"]


def test_places_that_said_no_before_are_not_shown_again(client: Client, teens: Service) -> None:
    answer = client.post(PLACES["en"], {"state": sealed(Answers(place=of_zip("92101"), away=(teens.pk,)))})
    assert "Casa Norte" not in text_of(answer)


def test_a_closed_or_hidden_service_is_not_shown(client: Client, teens: Service, db: None) -> None:
    Service.objects.filter(pk=teens.pk).update(status=ServiceStatus.CLOSED)
    answer = client.post(PLACES["en"], {"state": sealed(A_BOY)})
    assert "Casa Norte" not in text_of(answer)


@pytest.mark.parametrize("count", [1, 3, 10])
def test_results_ask_the_database_seven_times_whatever_they_show(
    client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        house = make.service(f"House {number}")
        make.place(house)
        make.phone(house, f"619-555-01{number:02d}")
        make.fact(house, "boy", "yes")
        make.filed(house, "trauma")
    live.rebuild()
    client.post(PLACES["en"], {"state": sealed(A_BOY)})
    with django_assert_num_queries(7):
        answer = client.post(PLACES["en"], {"state": sealed(A_BOY)})
    assert text_of(answer).count("Call 619-555-01") == count


def test_more_places_come_ten_at_a_time(client: Client, db: None) -> None:
    for number in range(25):
        house = make.service(f"House {number:02d}")
        make.place(house)
        make.fact(house, "boy", "yes")
        make.filed(house, "trauma")
    seen: list[str] = []
    for start in ("0", "10", "20", "9999", "-1", "x"):
        page = client.post(PLACES["en"], {"state": sealed(A_BOY), "from": start}).content.decode()
        seen.append(",".join(re.findall(r'formaction="/en/services/[^"]+/">(House \d\d)<', page)))
    pages = [set(names.split(",")) for names in seen[:3]]
    assert [len(names) for names in pages] == [10, 10, 5]
    assert len(set.union(*pages)) == 25
    assert seen[4] == seen[5] == seen[0]


def test_both_languages_have_every_step(db: None, client: Client) -> None:
    with translation.override("es"):
        spanish = [str(step.question(Answers())) for step in STEPS]
    with translation.override("en"):
        english = [str(step.question(Answers())) for step in STEPS]
    assert all(one != other for one, other in zip(spanish, english, strict=True))
    assert all(text.startswith("¿") for text in spanish)
