"""The pages of the desk: what they show, how many queries they take, and that nothing typed is lost."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from entero.directory import actions
from entero.directory.hours import Hours
from entero.directory.models import (
    AcceptanceFact,
    ImportRun,
    Metadata,
    Phone,
    Service,
    ServiceCapacity,
    TurnedAway,
    Visibility,
)
from entero.kernel.accounts.models import User
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def heron() -> User:
    return make.staff()


@pytest.fixture
def desk(client: Client, heron: User) -> Client:
    client.force_login(heron)
    return client


def texts(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def errors(answer: Any) -> dict[str, list[str]]:
    return {name: [str(error) for error in found] for name, found in answer.context["form"].errors.items()}


def services(many: int, *, since: int = 0) -> list[Service]:
    found = []
    for number in range(since, many):
        service = make.service(f"Group {number}", of=make.organization(f"House {number}"))
        make.place(service)
        make.phone(service)
        make.fact(service)
        make.report(service)
        ImportRun.objects.create(
            source=make.source(), file_name="f.csv", state="done", started_at=timezone.now()
        )
        found.append(service)
    return found


# --- a page takes as many queries for three rows as for one


def queries_of(desk: Client, address: str) -> int:
    """Count the queries of a page, without those of the session."""
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(address).status_code == 200
    own = [query["sql"] for query in captured if "django_session" not in query["sql"]]
    return len([sql for sql in own if "SAVEPOINT" not in sql])


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/desk/", 11),
        ("/desk/services/", 5),
        ("/desk/services/?words=group&state=CA&population=boy&answer=yes&sort=-checked", 5),
        ("/desk/queue/", 4),
        ("/desk/reports/", 3),
        ("/desk/import/", 3),
    ],
)
def test_lists_take_the_same_queries_for_one_row_and_three(desk: Client, address: str, queries: int) -> None:
    taken = []
    for number in (1, 3):
        services(number, since=0 if number == 1 else 1)
        taken.append(queries_of(desk, address))
        assert desk.get(address).content.count(b"<tr>") > number
    assert taken == [queries, queries]


def test_service_page_takes_the_same_queries_for_one_fact_and_three(desk: Client, heron: User) -> None:
    service = services(1)[0]
    taken = []
    for populations in (("boy",), ("man", "minor")):
        for population in populations:
            make.fact(service, population, by=heron)
            make.phone(service)
            make.report(service)
        taken.append(queries_of(desk, f"/desk/services/{service.pk}/"))
    assert taken == [10, 10]


# --- the first page and the lists


def test_first_page_says_what_needs_checking(desk: Client, heron: User) -> None:
    one, other = services(2)
    make.service("Old group", assured_date=date(2020, 1, 1))
    actions.review_report(TurnedAway.objects.get(service=other), confirmed=False, by=heron)
    gone = make.report(other, "unreachable", "")
    actions.review_report(gone, confirmed=True, by=heron)
    counts = desk.get("/desk/").context["counts"]
    assert (counts.reports, counts.unreachable, counts.call_first, counts.services) == (1, 1, 1, 3)
    page = desk.get("/desk/").content.decode()
    assert "1 report waits for a call." in page
    assert page.index("Group 1") < page.index("Old group")  # who was not reached comes first
    assert one.name in page


def test_empty_desk_says_so(desk: Client) -> None:
    page = desk.get("/desk/").content.decode()
    assert "No report is waiting." in page
    assert page.count('class="empty"') == 3


def test_queue_has_unreachable_services_first_then_the_oldest_check(desk: Client, heron: User) -> None:
    today = timezone.localdate()
    make.service("Checked lately", assured_date=today)
    make.service("Checked long ago", assured_date=date(2021, 1, 1))
    make.service("Never checked")
    make.fact(make.service("Known by a fact"), days_ago=500)
    gone = make.service("Gone", assured_date=today)
    make.service("Closed", status="defunct")
    actions.review_report(make.report(gone, "unreachable", ""), confirmed=True, by=heron)
    listed = [row.name for row in desk.get("/desk/queue/").context["page"]]
    assert listed == ["Gone", "Never checked", "Checked long ago", "Known by a fact", "Checked lately"]
    actions.verify_service(gone, by=heron)
    listed = [row.name for row in desk.get("/desk/queue/").context["page"]]
    assert listed[0] == "Never checked"


def test_services_are_found_by_words_place_answer_status_and_source(desk: Client) -> None:
    group, other = services(2)
    make.fact(other, "boy", "no", from_source=make.source("another"))
    make.place(other, city="Fresno", state_province="NV", zip_code="93650")
    Service.objects.filter(pk=other.pk).update(status="inactive")
    silent = make.service("Silent group")

    def found(query: str) -> set[str]:
        return {row.name for row in desk.get(f"/desk/services/?{query}").context["page"]}

    both = {group.name, other.name, silent.name}
    assert found("words=GROUP") == both
    assert found("words=group+fresno") == {other.name}
    assert found("words=93650") == {other.name}
    assert found("words=house+0") == {group.name}
    assert found("state=NV") == {other.name}
    assert found("population=boy&answer=yes") == {group.name, other.name}
    assert found("population=boy&answer=no") == {other.name}
    assert found("population=boy&answer=unknown") == {silent.name}
    assert found("status=inactive") == {other.name}
    assert found("source=another") == {other.name}
    assert found("source=nowhere&state=XX&population=lads&status=odd&sort=id;drop") == both


def test_search_never_finds_by_what_is_sealed(desk: Client) -> None:
    service = make.service("Shelter")
    address = make.place(service, city="Secretville")
    address.visibility = Visibility.SEALED
    address.save()
    fact = make.fact(service, "boy")
    fact.visibility = Visibility.SEALED
    fact.save()
    assert list(desk.get("/desk/services/?words=secretville").context["page"]) == []
    assert list(desk.get("/desk/services/?population=boy&answer=yes").context["page"]) == []
    page = desk.get(f"/desk/services/{service.pk}/").content.decode()
    assert "Secretville" not in page
    desk.force_login(make.superuser())
    assert list(desk.get("/desk/services/?words=secretville").context["page"]) == [service]


def test_services_sort_both_ways_and_keep_the_filter(desk: Client) -> None:
    services(3)
    answer = desk.get("/desk/services/?words=group&sort=name")
    head = answer.context["heads"][0]
    assert (head["order"], head["url"]) == ("ascending", "?words=group&sort=-name")
    listed = [row.name for row in desk.get("/desk/services/" + head["url"]).context["page"]]
    assert listed == ["Group 2", "Group 1", "Group 0"]


def test_long_lists_come_in_pages(desk: Client) -> None:
    house = make.organization()
    for number in range(30):
        make.service(f"Group {number:02}", of=house)
    second = desk.get("/desk/services/?page=2&words=group")
    assert [row.name for row in second.context["page"]] == [f"Group {number}" for number in range(25, 30)]
    assert b"?words=group&amp;page=1" in second.content


# --- one service


def test_service_page_shows_every_gender_known_or_not(desk: Client, heron: User) -> None:
    service = make.service()
    make.fact(service, "boy", "no", by=heron, note="Asked at the door")
    make.fact(service, "boy", "yes", days_ago=30)
    make.fact(service, "veteran", "yes")
    lines = desk.get(f"/desk/services/{service.pk}/").context["lines"]
    assert {line.population.id: line.answer for line in lines} == {
        "man": "unknown",
        "boy": "no",
        "woman": "unknown",
        "girl": "unknown",
        "trans_man": "unknown",
        "trans_woman": "unknown",
        "non_binary": "unknown",
        "veteran": "yes",
    }
    page = desk.get(f"/desk/services/{service.pk}/").content.decode()
    assert "Asked at the door" in page
    assert "1 fact that does not count" in page
    assert ">heron<" in page or "heron</span>" in page


def test_fact_is_written_with_its_source(desk: Client, heron: User) -> None:
    service = make.service()
    typed = {
        "population": "boy",
        "answer": "no",
        "source": "word-of-provider",
        "observed_on": "2025-03-01",
        "note": "By phone",
        "visibility": "2",
    }
    answer = desk.post(f"/desk/services/{service.pk}/fact/", typed)
    assert answer["Location"] == f"/desk/services/{service.pk}/"
    fact = AcceptanceFact.objects.get()
    written = (fact.population, fact.answer, fact.source.slug, fact.observed_on, fact.note, fact.visibility)
    assert written == ("boy", "no", "word-of-provider", date(2025, 3, 1), "By phone", Visibility.STAFF)
    assert fact.checked_by == heron


def test_wrong_fact_gives_back_what_was_typed(desk: Client) -> None:
    service = make.service()
    tomorrow = timezone.localdate() + timedelta(days=1)
    typed = {
        "population": "lads",
        "source": "checked-by-us",
        "observed_on": f"{tomorrow}",
        "note": "Kept note",
    }
    answer = desk.post(f"/desk/services/{service.pk}/fact/", typed | {"visibility": "3"})
    assert answer.status_code == 422
    assert set(errors(answer)) == {"population", "answer", "observed_on", "visibility"}
    assert b"Kept note" in answer.content
    assert f'value="{tomorrow}"'.encode() in answer.content
    assert not AcceptanceFact.objects.exists()


def test_verify_goes_back_to_where_one_came_from(desk: Client) -> None:
    service = make.service()
    address = f"/desk/services/{service.pk}/"
    assert desk.post(f"{address}verify/")["Location"] == address
    assert desk.post(f"{address}verify/", {"next": "queue"})["Location"] == "/desk/queue/"
    service.refresh_from_db()
    assert service.assured_date == timezone.localdate()


def test_room_is_written_down(desk: Client) -> None:
    service = make.service()
    address = f"/desk/services/{service.pk}/capacity/"
    answer = desk.post(address, {"available": "9", "maximum": "8", "unit": "beds"})
    assert errors(answer) == {"maximum": ["There cannot be more free than there are."]}
    desk.post(address, {"available": "0", "maximum": "8", "unit": "beds", "waiting_list": "yes"})
    room = ServiceCapacity.objects.get()
    assert (room.available, room.maximum, room.unit.name, room.waiting_list) == (0, 8, "beds", True)


def test_service_is_closed_and_opened_again(desk: Client) -> None:
    service = make.service()
    address = f"/desk/services/{service.pk}"
    assert desk.post(f"{address}/close/", {}).status_code == 422
    desk.post(f"{address}/close/", {"for_good": "yes"})
    again = desk.post(f"{address}/close/", {"for_good": "yes"}, follow=True)
    assert texts(again)[-1] == "It was closed already."
    desk.post(f"{address}/reopen/")
    again = desk.post(f"{address}/reopen/", follow=True)
    assert texts(again)[-1] == "It is open already."
    assert Service.objects.get().status == "active"


def test_street_is_hidden_from_the_public(desk: Client) -> None:
    service = make.service(email="a@example.org")
    address = make.place(service)
    page = desk.get(f"/desk/services/{service.pk}/visibility/")
    typed = {part.key: str(int(part.level)) for _name, part, _field in page.context["form"].rows()}
    assert set(typed) == {"service", "email", f"place:{address.pk}", f"street:{address.pk}"}
    desk.post(f"/desk/services/{service.pk}/visibility/", typed | {f"street:{address.pk}": "2", "email": "1"})
    address.refresh_from_db()
    service.refresh_from_db()
    assert (address.shown("address_1"), address.location.shown("latitude")) == (None, None)
    assert service.hidden_fields == {"email": 1}


# --- correcting an entry


def entry(page: Any, **changes: str) -> dict[str, str]:
    """What a browser would send back from the edit page, with some changes."""
    forms = page.context["forms"]
    typed: dict[str, str] = {}
    for form in (
        forms.service,
        forms.phones.management_form,
        *forms.phones,
        forms.places.management_form,
        *forms.places,
        forms.hours,
    ):
        for bound in form:
            value = bound.value()
            if not isinstance(value, list) and value is not None:
                typed[bound.html_name] = str(value)
    return typed | changes


@pytest.fixture
def whole(heron: User) -> Service:
    service = make.service(description="Meets on Mondays")
    make.place(service)
    make.phone(service)
    actions.edit_service(service, by=heron, fields={}, hours=[Hours(0, time(18), time(20))])
    Metadata.objects.all().delete()
    return Service.objects.get()


def test_entry_sent_back_unchanged_changes_nothing(desk: Client, whole: Service) -> None:
    address = f"/desk/services/{whole.pk}/edit/"
    answer = desk.post(address, entry(desk.get(address)), follow=True)
    assert texts(answer) == ["Nothing was different."]
    assert Metadata.objects.count() == 0


def test_entry_is_corrected_in_one_go(desk: Client, whole: Service) -> None:
    address = f"/desk/services/{whole.pk}/edit/"
    changes = {
        "name": "Night group",
        "minimum_age": "12",
        "phones-0-number": "619-555-0177",
        "phones-1-number": "619-555-0188",
        "places-0-postal_code": "90012",
        "hours-day0": "18:00-19:30",
        "hours-day4": "6pm-8pm",
    }
    answer = desk.post(address, entry(desk.get(address), **changes), follow=True)
    assert texts(answer) == ["The changes are saved."]
    whole.refresh_from_db()
    assert (whole.name, whole.minimum_age, whole.description) == ("Night group", 12, "Meets on Mondays")
    assert sorted(Phone.objects.values_list("number", flat=True)) == ["619-555-0177", "619-555-0188"]
    assert {note.updated_by for note in Metadata.objects.all()} == {"heron"}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"name": ""}, "id_name"),
        ({"minimum_age": "20", "maximum_age": "10"}, "id_maximum_age"),
        ({"minimum_age": "400"}, "id_minimum_age"),
        ({"url": "not a page"}, "id_url"),
        ({"phones-0-number": "call us"}, "id_phones-0-number"),
        ({"phones-1-description": "Night desk"}, "id_phones-1-number"),
        ({"places-0-postal_code": "921"}, "id_places-0-postal_code"),
        ({"hours-day0": "evenings"}, "id_hours-day0"),
    ],
)
def test_wrong_entry_changes_nothing_and_gives_everything_back(
    desk: Client, whole: Service, changes: dict[str, str], wrong: str
) -> None:
    address = f"/desk/services/{whole.pk}/edit/"
    typed = entry(desk.get(address), **({"alert": "Kept alert"} | changes))
    answer = desk.post(address, typed)
    assert answer.status_code == 422
    assert [where for where, _message in answer.context["forms"].errors] == [wrong]
    assert f'href="#{wrong}"'.encode() in answer.content
    assert b"Kept alert" in answer.content
    assert Metadata.objects.count() == 0


def test_two_editors_do_not_overwrite_each_other(desk: Client, whole: Service) -> None:
    address = f"/desk/services/{whole.pk}/edit/"
    typed = entry(desk.get(address), name="Second name")
    desk.post(address, entry(desk.get(address), name="First name"))
    answer = desk.post(address, typed)
    assert answer.status_code == 422
    assert b"Second name" in answer.content
    whole.refresh_from_db()
    assert whole.name == "First name"


def test_sealed_fields_are_not_on_the_page_and_stay(desk: Client, whole: Service) -> None:
    Service.objects.update(email="sealed@example.org", hidden_fields={"email": 3})
    Phone.objects.update(hidden_fields={"number": 3})
    address = f"/desk/services/{whole.pk}/edit/"
    page = desk.get(address)
    assert b"sealed@example.org" not in page.content
    assert b"619-555-0100" not in page.content
    desk.post(address, entry(page, name="New name"))
    whole.refresh_from_db()
    assert (whole.name, whole.email) == ("New name", "sealed@example.org")
    assert Phone.objects.count() == 1


# --- reports


def test_report_is_reviewed_from_its_page(desk: Client) -> None:
    report = make.report(make.service(), "gender", "")
    address = f"/desk/reports/{report.pk}/"
    answer = desk.post(address, {"confirmed": "yes"})
    assert errors(answer) == {"population": ["Say whom the service does not take."]}
    answer = desk.post(address, {"confirmed": "yes", "population": "boy"}, follow=True)
    assert texts(answer) == ["The report is reviewed."]
    assert AcceptanceFact.objects.get().answer == "no"
    answer = desk.post(address, {"confirmed": "no"}, follow=True)
    assert texts(answer) == ["Somebody else has reviewed this report. Nothing was changed."]
    assert "heron reviewed this report" in desk.get(address).content.decode()


def test_report_without_a_population_in_it_asks_for_none(desk: Client) -> None:
    report = make.report(make.service(), "full", "boy")
    assert "population" not in desk.get(f"/desk/reports/{report.pk}/").context["form"].fields
    desk.post(f"/desk/reports/{report.pk}/", {"confirmed": "yes", "population": "boy"})
    report.refresh_from_db()
    assert report.confirmed is True
    assert not AcceptanceFact.objects.exists()


def test_what_is_shown_is_escaped(desk: Client) -> None:
    service = make.service("<script>alert(1)</script>", description="<img src=x onerror=alert(1)>")
    for address in (f"/desk/services/{service.pk}/", "/desk/queue/", "/desk/services/"):
        page = desk.get(address).content
        assert b"<script>alert" not in page
        assert b"<img src=x" not in page
        assert b"&lt;script&gt;alert" in page
