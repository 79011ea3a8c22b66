"""The pages of one service, of the report that it said no, of the sheets, and of the lines to call."""

import html
import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from entero.directory import views
from entero.directory.crisis_lines.lines import lines
from entero.directory.find_help.answers import Answers
from entero.directory.find_help.journey import sealed
from entero.directory.models import (
    Location,
    RequiredDocument,
    Service,
    ServiceCapacity,
    ServiceStatus,
    TurnedAway,
    Unit,
    Visibility,
)
from entero.directory.places.finder import of_zip
from entero.kernel.safety.rate import Limiter
from tests import make
from tests.directory.test_find_help import text_of, title_of

A_BOY = Answers(who="other", place=of_zip("92101"), needs=("trauma",), age=15, gender="boy")


@pytest.fixture(autouse=True)
def _fresh_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "REPORTS", Limiter(limit=5, seconds=3600))


@pytest.fixture
def house(db: None) -> Service:
    owner = make.organization("Harbor House")
    given = make.service("Evening group", of=owner, description="Talk.", description_es="Charla.", cost=1)
    make.place(given)
    make.phone(given, "619-555-0142", extension=7)
    make.open_on(given)
    make.fact(given, "boy", "yes", from_source=make.source("survey", name="Big survey"), days_ago=40)
    make.fact(
        given, "man", "no", by=make.staff(), from_source=make.source("call", name="Phone call", trust=4)
    )
    make.filed(given, "trauma")
    RequiredDocument.objects.create(service=given, document="A photo ID")
    return given


def page_of(service: Service, *, language: str = "en", part: str = "") -> str:
    root = {"en": "/en/services", "es": "/es/servicios"}[language]
    return f"{root}/{service.pk}/{part}"


def test_page_says_what_is_known_and_who_says_so(client: Client, house: Service) -> None:
    answer = client.get(page_of(house))
    text = text_of(answer)
    assert 'href="tel:+16195550142,7"' in answer.content.decode()
    assert "Takes boys Big survey" in text
    assert "Does not take men Phone call" in text
    assert "checked by us" in text
    assert "Does not say whether it takes trans men and boys" in text
    assert "A photo ID" in text
    assert "100 Elm Street" in text
    assert "It costs nothing." in text
    assert "San Diego is in the south of California." in text


def test_page_is_complete_in_spanish(client: Client, house: Service) -> None:
    text = text_of(client.get(page_of(house, language="es")))
    for said in ("Recibe a niños y muchachos", "Charla.", "De lunes a viernes", "Qué decir cuando llames"):
        assert said in text


def test_script_is_in_both_languages_and_asks_what_nobody_said(client: Client, house: Service) -> None:
    text = text_of(client.get(page_of(house)))
    assert "I do not want to give my name yet." in text
    assert "Todavía no quiero decir mi nombre." in text
    assert "Do you take boys?" not in text


def test_who_comes_from_the_results_gets_his_own_questions(client: Client, house: Service) -> None:
    told = sealed(Answers(who="other", age=15, gender="trans_man", needs=("legal",), languages=("es",)))
    text = text_of(client.post(page_of(house), {"state": told}))
    assert "I am calling for a trans boy of 15." in text
    assert "Do you take trans men and boys?" in text
    assert "Do you help with this: A lawyer, police, or court?" in text
    assert "Does somebody there speak Spanish?" in text
    assert "Back to the list" in text


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 11, 25, 18, tzinfo=UTC), "Open now, until 5 p.m."),
        (datetime(2026, 11, 26, 2, tzinfo=UTC), "Closed now. Opens Thursday at 9 a.m."),
    ],
)
def test_open_now_goes_by_the_time_of_the_place(
    client: Client, house: Service, moment: datetime, said: str
) -> None:
    with time_machine.travel(moment, tick=False):
        assert said in text_of(client.get(page_of(house)))


def test_old_news_say_call_first(client: Client, house: Service) -> None:
    assert "Call first" not in text_of(client.get(page_of(house)))
    with time_machine.travel(timezone.now() + timedelta(days=900)):
        assert "Call first" in text_of(client.get(page_of(house)))


def test_room_is_told_while_it_is_news(client: Client, house: Service) -> None:
    beds = Unit.objects.create(name="beds")
    row = ServiceCapacity.objects.create(
        service=house, unit=beds, available=2, updated=timezone.now() - timedelta(days=3)
    )
    assert "There was room 3 days ago." in text_of(client.get(page_of(house)))
    ServiceCapacity.objects.filter(pk=row.pk).update(updated=timezone.now() - timedelta(days=30))
    assert "There was room" not in text_of(client.get(page_of(house)))


def test_nothing_but_unknowns_is_still_a_page(client: Client, db: None) -> None:
    text = text_of(client.get(page_of(make.service("Bare"))))
    assert "We do not know when it is open. Call to ask." in text
    assert "No public address. Call to ask." in text
    assert "Nobody has checked this yet." in text


@pytest.mark.parametrize("part", ["", "sheet/", "text/", "report/"])
def test_what_is_not_public_is_not_there(client: Client, house: Service, part: str) -> None:
    assert client.get(page_of(house, part=part)).status_code == 200
    Service.objects.filter(pk=house.pk).update(status=ServiceStatus.INACTIVE)
    assert client.get(page_of(house, part=part)).status_code == 404
    Service.objects.filter(pk=house.pk).update(status=ServiceStatus.ACTIVE, visibility=Visibility.STAFF)
    assert client.get(page_of(house, part=part)).status_code == 404
    assert client.get(f"/en/services/{uuid.uuid4()}/{part}").status_code == 404


def test_a_hidden_street_stays_hidden_on_page_and_sheet(client: Client, house: Service) -> None:
    address = Location.objects.get().addresses.get()
    address.hidden_fields = {"address_1": Visibility.STAFF, "postal_code": Visibility.STAFF}
    address.save()
    for part in ("", "sheet/", "text/"):
        answer = client.get(page_of(house, part=part))
        assert "Elm Street" not in answer.content.decode()
        assert "San Diego, CA" in text_of(answer)
    assert "The street is not public." in text_of(client.get(page_of(house)))


def test_title_of_a_telling_place_is_neutral(client: Client, db: None) -> None:
    telling = make.service(
        "Trafficking survivors program", of=make.organization("Center against exploitation")
    )
    assert title_of(client.get(page_of(telling))) == "A place"


def test_page_of_a_service_asks_the_database_a_fixed_number_of_times(
    client: Client, house: Service, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(page_of(house))
    for population in ("girl", "woman", "veteran", "deaf"):
        make.fact(house, population, "yes")
    with django_assert_num_queries(13):
        client.get(page_of(house))


# --- turned away


def test_report_becomes_a_row_of_two_codes_and_a_day(client: Client, house: Service) -> None:
    answer = client.post(
        page_of(house, part="report/"), {"send": "yes", "reason": "gender", "population": "boy"}
    )
    report = TurnedAway.objects.get()
    assert (report.service, report.reason, report.population) == (house, "gender", "boy")
    assert report.reported_on == timezone.localdate()
    assert report.reviewed_on is None
    assert "Somebody from our staff calls the place and asks." in text_of(answer)


def test_report_from_the_results_offers_the_next_places(client: Client, house: Service) -> None:
    other = make.service("Casa Norte", of=make.organization("Norte"))
    make.place(other)
    make.phone(other, "619-555-0111")
    make.fact(other, "boy", "yes")
    make.filed(other, "trauma")
    state = sealed(A_BOY)
    form = client.post(page_of(house, part="report/"), {"state": state})
    assert TurnedAway.objects.count() == 0
    assert "Why did they say no?" in text_of(form)
    answer = client.post(page_of(house, part="report/"), {"state": state, "send": "yes", "reason": "full"})
    text = text_of(answer)
    assert "Casa Norte" in text
    assert "Evening group" not in text
    found = re.search(r'name="state" value="([^"]+)"', answer.content.decode())
    assert found
    again = client.post("/en/find-help/places/", {"state": html.unescape(found[1])})
    assert "Casa Norte" in text_of(again)
    assert "Evening group" not in text_of(again)


def test_report_without_answers_offers_places_like_it(client: Client, house: Service) -> None:
    other = make.service("Casa Norte", of=make.organization("Norte"))
    make.place(other)
    make.filed(other, "trauma")
    answer = client.post(page_of(house, part="report/"), {"send": "yes", "reason": "full"})
    assert "Casa Norte" in text_of(answer)


@pytest.mark.parametrize("told", [{"reason": "gender"}, {"reason": "full", "population": "man"}])
def test_report_of_a_man_offers_no_house_for_women(
    client: Client, house: Service, told: dict[str, str]
) -> None:
    for name, answer in (("Casa Norte", "yes"), ("Marisol House", "no")):
        other = make.service(name, of=make.organization(f"{name} Inc"))
        make.place(other)
        make.filed(other, "trauma")
        make.fact(other, "man", answer)
    text = text_of(client.post(page_of(house, part="report/"), {"send": "yes", **told}))
    assert "Casa Norte" in text
    assert "Marisol House" not in text


@pytest.mark.parametrize("data", [{}, {"reason": "because"}, {"reason": "gender", "population": "martian"}])
def test_report_without_a_reason_of_the_list_is_asked_again(
    client: Client, house: Service, data: dict[str, Any]
) -> None:
    answer = client.post(page_of(house, part="report/"), {"send": "yes", **data})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert TurnedAway.objects.count() == 0


def test_reports_are_limited_kindly(client: Client, house: Service) -> None:
    codes = [
        client.post(page_of(house, part="report/"), {"send": "yes", "reason": "full"}).status_code
        for _ in range(6)
    ]
    assert codes == [200] * 5 + [429]
    assert TurnedAway.objects.count() == 5


def test_report_from_another_site_is_refused(client: Client, house: Service) -> None:
    answer = client.post(
        page_of(house, part="report/"),
        {"send": "yes", "reason": "full"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403
    assert TurnedAway.objects.count() == 0


# --- sheets


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("part", ["sheet", "text"])
def test_a_sheet_says_where_to_call_and_nothing_else(
    client: Client, house: Service, language: str, part: str
) -> None:
    Service.objects.filter(pk=house.pk).update(name="Trafficking survivors group", description="Sexual abuse")
    path = page_of(house, language=language, part={"sheet": "hoja/", "text": "texto/"}[part])
    path = path if language == "es" else page_of(house, part=f"{part}/")
    page = client.get(path).content.decode()
    sheet = page[page.index('class="sheet"') : page.index("</main>")]
    assert "619-555-0142 x7" in sheet
    assert "100 Elm Street" in sheet
    assert "Harbor House" in sheet
    for telling in ("raffick", "exual", "trata", "Entero", "trauma"):
        assert telling not in sheet


def test_the_list_prints_the_best_places(client: Client, house: Service) -> None:
    for part in ("sheet", "text"):
        answer = client.post(f"/en/find-help/places/{part}/", {"state": sealed(A_BOY)})
        assert "Evening group" in text_of(answer)
        assert "Back to the list" in text_of(answer)
        assert title_of(answer) == "List"


# --- lines


@pytest.mark.parametrize(
    ("path", "word"), [("/en/crisis-lines/", "Call 988"), ("/es/lineas-de-crisis/", "Llamar al 988")]
)
def test_every_line_is_there_in_both_languages(client: Client, db: None, path: str, word: str) -> None:
    answer = client.get(path)
    page = html.unescape(answer.content.decode())
    assert word in text_of(answer)
    for line in lines():
        assert line.name[path.startswith("/es/")] in page
        assert not line.call or f'href="tel:{line.dial}"' in page
        assert not line.text or f'href="sms:{line.text}"' in page


def test_lines_are_chosen_by_state_and_not_by_language(client: Client, db: None) -> None:
    answer = client.post("/es/lineas-de-crisis/", {"state": "CA"})
    assert "No conocemos una línea solo para California." in text_of(answer)
    unknown = client.post("/en/crisis-lines/", {"state": "ZZ"})
    assert unknown.status_code == 200
    assert "We know of no line" not in text_of(unknown)


def test_lines_ask_the_database_nothing(
    client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        client.get("/en/crisis-lines/")
