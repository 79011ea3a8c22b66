"""The verbs of the directory: what they change, whom they tell, and what they refuse."""

import threading
import time as time_module
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connections, transaction
from django.utils import timezone

from entero.directory import actions, events
from entero.directory.hours import Hours
from entero.directory.models import (
    AcceptanceFact,
    DirectoryChange,
    Metadata,
    Phone,
    Schedule,
    Service,
    ServiceCapacity,
    TurnedAway,
    Visibility,
)
from entero.directory.queries import acceptance_of
from entero.kernel import events as kernel_events
from tests import make

pytestmark = pytest.mark.django_db

ALL_EVENTS = [
    events.FactRecorded,
    events.TurnedAwayReported,
    events.ReportReviewed,
    events.ServiceEdited,
    events.VisibilityChanged,
    events.ServiceVerified,
    events.CapacitySet,
    events.ServiceClosed,
    events.ServiceReopened,
]


class EarIsDown(Exception):
    """Somebody who listens failed."""


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every event that was emitted."""
    found: list[object] = []
    monkeypatch.setattr(kernel_events, "_handlers", {kind: [(found.append, False)] for kind in ALL_EVENTS})
    return found


@pytest.fixture
def broken_ear(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(event: object) -> None:
        raise EarIsDown

    monkeypatch.setattr(kernel_events, "_handlers", {kind: [(fail, False)] for kind in ALL_EVENTS})


def changed_since(start: int) -> list[object]:
    rows = DirectoryChange.objects.filter(pk__gt=start)
    return sorted({row.service_id for row in rows}, key=str)


def last_change() -> int:
    newest = DirectoryChange.objects.order_by("-pk").first()
    return newest.pk if newest else 0


# --- facts


def test_record_fact_counts_and_is_told(heard: list[object]) -> None:
    service, staff, start = make.service(), make.staff(), last_change()
    make.fact(service, "boy", "no", by=staff, note="Asked at the door")
    fact = AcceptanceFact.objects.get()
    assert (fact.population, fact.answer, fact.note, fact.checked_by) == (
        "boy",
        "no",
        "Asked at the door",
        staff,
    )
    assert acceptance_of([service.pk])[service.pk]["boy"].answer == "no"
    assert heard == [events.FactRecorded(str(service.pk), "boy", "no")]
    assert changed_since(start) == [service.pk]


def test_record_fact_twice_on_a_day_corrects_it_and_keeps_what_it_was() -> None:
    service, staff = make.service(), make.staff()
    make.fact(service, "boy", "no", by=staff)
    make.fact(service, "boy", "yes", by=staff)
    assert AcceptanceFact.objects.get().answer == "yes"
    note = Metadata.objects.get(field_name="answer")
    assert (note.previous_value, note.replacement_value, note.updated_by) == ("no", "yes", "heron")


def test_record_fact_refuses_the_future_and_unknown_codes() -> None:
    service = make.service()
    with pytest.raises(actions.DateAhead):
        make.fact(service, days_ago=-1)
    with pytest.raises(actions.UnknownCode):
        make.fact(service, "lads")
    with pytest.raises(actions.UnknownCode):
        make.fact(service, "boy", "maybe")
    assert not AcceptanceFact.objects.exists()


def test_acceptance_of_reads_only_what_the_level_may_see(django_assert_num_queries: Any) -> None:
    open_one, secret = make.service("Open"), make.service("Secret", visibility=Visibility.STAFF)
    hidden_row, hidden_source = make.fact(open_one, "man"), make.fact(open_one, "girl")
    AcceptanceFact.objects.filter(pk=hidden_row.pk).update(visibility=Visibility.PARTNER)
    AcceptanceFact.objects.filter(pk=hidden_source.pk).update(hidden_fields={"source": 2, "note": 2})
    make.fact(open_one, "boy")
    make.fact(secret, "boy")
    ids = [open_one.pk, secret.pk]
    with django_assert_num_queries(1):
        assert {key: set(found) for key, found in acceptance_of(ids).items()} == {open_one.pk: {"boy"}}
    with django_assert_num_queries(1):
        found = acceptance_of(ids, level=Visibility.STAFF)
    assert {key: set(value) for key, value in found.items()} == {
        open_one.pk: {"boy", "man", "girl"},
        secret.pk: {"boy"},
    }


def test_hidden_note_does_not_hide_the_fact() -> None:
    service = make.service()
    AcceptanceFact.objects.filter(pk=make.fact(service).pk).update(hidden_fields={"note": 3})
    assert set(acceptance_of([service.pk])[service.pk]) == {"boy"}


# --- reports


def test_report_keeps_a_day_and_codes_and_nothing_else(heard: list[object]) -> None:
    service = make.service()
    report = make.report(service, "gender", "boy")
    assert {field.name for field in TurnedAway._meta.fields} == {
        "id",
        "service",
        "reason",
        "population",
        "reported_on",
        "reviewed_on",
        "reviewed_by",
        "confirmed",
    }
    assert report.reported_on == timezone.localdate()
    assert heard == [events.TurnedAwayReported(report.pk, str(service.pk), "gender")]
    assert acceptance_of([service.pk]) == {}


def test_report_about_a_hidden_service_or_with_unknown_codes_is_refused() -> None:
    hidden = make.service(visibility=Visibility.STAFF)
    with pytest.raises(actions.UnknownService):
        make.report(hidden)
    with pytest.raises(actions.UnknownCode):
        make.report(make.service(), "weather")
    with pytest.raises(actions.UnknownCode):
        make.report(make.service(), "gender", "lads")
    assert not TurnedAway.objects.exists()


def test_confirmed_report_becomes_a_checked_no(heard: list[object]) -> None:
    service, staff = make.service(), make.staff()
    make.fact(service, "boy", "yes", days_ago=10)
    report = make.report(service, "gender", "boy")
    actions.review_report(report, confirmed=True, by=staff)
    claim = acceptance_of([service.pk])[service.pk]["boy"]
    assert (claim.answer, claim.source, claim.checked) == ("no", "checked-by-us", True)
    assert (report.confirmed, report.reviewed_by) == (True, staff)
    assert heard[-1] == events.ReportReviewed(report.pk, str(service.pk), "gender", confirmed=True)


def test_unconfirmed_report_changes_no_fact() -> None:
    service = make.service()
    report = make.report(service)
    actions.review_report(report, confirmed=False, by=make.staff())
    assert acceptance_of([service.pk]) == {}
    assert TurnedAway.objects.get().confirmed is False


@pytest.mark.parametrize(
    ("reason", "told", "stated", "refused"),
    [
        ("gender", "boy", "", {"boy"}),
        ("gender", "", "man", {"man"}),
        ("gender", "boy", "man", {"man"}),
        ("age", "", "minor", {"minor"}),
        ("identity", "gay_bisexual", "", {"gay_bisexual"}),
        ("substance", "boy", "", {"active_substance_use"}),
        ("papers", "", "", {"without_documents"}),
        ("record", "man", "", {"justice_involved"}),
        ("full", "boy", "boy", set()),
        ("cost", "boy", "", set()),
        ("disbelieved", "boy", "", set()),
        ("other", "boy", "boy", set()),
    ],
)
def test_confirmed_report_shuts_out_only_whom_the_reason_speaks_of(
    reason: str, told: str, stated: str, refused: set[str]
) -> None:
    service = make.service()
    report = make.report(service, reason, told)
    actions.review_report(report, confirmed=True, by=make.staff(), population=stated)
    assert {fact.population for fact in AcceptanceFact.objects.filter(answer="no")} == refused


def test_confirmed_report_needs_to_know_whom() -> None:
    report = make.report(make.service(), "gender", "")
    with pytest.raises(actions.PopulationNeeded):
        actions.review_report(report, confirmed=True, by=make.staff())
    report.refresh_from_db()
    assert (report.reviewed_on, report.confirmed) == (None, None)


def test_confirmed_unreachable_takes_the_last_check_away(heard: list[object]) -> None:
    service = make.service(assured_date=date(2025, 1, 2))
    actions.review_report(make.report(service, "unreachable", ""), confirmed=True, by=make.staff())
    service.refresh_from_db()
    assert service.assured_date is None
    assert Metadata.objects.get(field_name="assured_date").previous_value == "2025-01-02"


def test_report_is_reviewed_once() -> None:
    report, staff = make.report(make.service()), make.staff()
    actions.review_report(report, confirmed=False, by=staff)
    with pytest.raises(actions.AlreadyReviewed):
        actions.review_report(report, confirmed=True, by=staff)
    assert not AcceptanceFact.objects.exists()


def patiently(verb: Callable[[], object]) -> object:
    """Try again while the table is locked: a database in memory, as tests have, does not wait by itself."""
    while True:
        try:
            return verb()
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            time_module.sleep(0.01)


def race(*verbs: Callable[[], object]) -> list[object]:
    """Run verbs at the same moment, each on its own connection; return what each gave or raised."""
    found: list[object] = [None] * len(verbs)
    start = threading.Barrier(len(verbs))

    def run(number: int, verb: Callable[[], object]) -> None:
        start.wait()
        try:
            found[number] = patiently(verb)
        except actions.Refused as refused:
            found[number] = type(refused)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_decide_once(heard: list[object]) -> None:
    report, one, other = make.report(make.service()), make.staff("heron"), make.staff("birch")
    heard.clear()
    found = race(
        lambda: actions.review_report(TurnedAway.objects.get(pk=report.pk), confirmed=True, by=one),
        lambda: actions.review_report(TurnedAway.objects.get(pk=report.pk), confirmed=False, by=other),
    )
    assert sorted(found, key=str) == [actions.AlreadyReviewed, None]
    report.refresh_from_db()
    winner = one if found[0] is None else other
    assert (report.reviewed_by, report.confirmed) == (winner, winner == one)
    assert AcceptanceFact.objects.count() == (1 if winner == one else 0)
    assert [type(event) for event in heard].count(events.ReportReviewed) == 1


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_lose_nothing() -> None:
    service, one, other = make.service(), make.staff("heron"), make.staff("birch")
    seen = Service.objects.get(pk=service.pk).last_modified

    def edit(by: Any, **values: str) -> object:
        return actions.edit_service(service, by=by, fields=values, seen=seen)

    found = race(lambda: edit(one, name="First"), lambda: edit(other, alert="Second"))
    assert found.count(actions.ChangedMeanwhile) == 1
    service.refresh_from_db()
    assert (service.name, service.alert) in {("First", ""), ("Evening group", "Second")}


@pytest.mark.django_db(transaction=True)
def test_same_fact_recorded_twice_at_once_is_one_fact() -> None:
    service, staff, source = make.service(), make.staff(), make.source()

    def record(answer: str) -> object:
        return make.fact(service, "boy", answer, by=staff, from_source=source).answer

    assert set(race(lambda: record("yes"), lambda: record("no"))) == {"yes", "no"}
    assert AcceptanceFact.objects.count() == 1


# --- corrections


def test_edit_service_notes_each_field_with_its_old_value(heard: list[object]) -> None:
    service, staff, start = make.service(alert="Old"), make.staff(), last_change()
    changed = actions.edit_service(
        service, by=staff, fields={"name": "Night group", "alert": "", "minimum_age": 12, "url": ""}
    )
    assert changed == ("name", "alert", "minimum_age")
    notes = Metadata.objects.order_by("field_name")
    assert [(n.field_name, n.previous_value, n.replacement_value) for n in notes] == [
        ("alert", "Old", ""),
        ("minimum_age", "", "12"),
        ("name", "Evening group", "Night group"),
    ]
    assert {(n.updated_by, n.visibility) for n in notes} == {("heron", Visibility.STAFF)}
    assert heard == [events.ServiceEdited(str(service.pk), changed)]
    assert changed_since(start) == [service.pk]


def test_edit_service_that_changes_nothing_leaves_no_trace(heard: list[object]) -> None:
    service, start = make.service(), last_change()
    assert actions.edit_service(service, by=make.staff(), fields={"name": service.name}) == ()
    assert (heard, changed_since(start), Metadata.objects.count()) == ([], [], 0)


def test_edit_service_refuses_what_the_editor_did_not_see() -> None:
    service, staff = make.service(hidden_fields={"email": Visibility.SEALED}), make.staff()
    with pytest.raises(actions.UnknownField):
        actions.edit_service(service, by=staff, fields={"email": "a@example.org"})
    with pytest.raises(actions.UnknownField):
        actions.edit_service(service, by=staff, fields={"visibility": 0})
    with pytest.raises(actions.ChangedMeanwhile):
        actions.edit_service(service, by=staff, fields={}, seen=timezone.now() - timedelta(days=1))
    actions.edit_service(service, by=make.superuser(), fields={"email": "a@example.org"})


def test_edit_phones_changes_adds_and_removes() -> None:
    service, staff = make.service(), make.staff()
    kept, gone = make.phone(service), make.phone(service, "619-555-0101")
    rows = [
        actions.PhoneRow(kept.pk, "619-555-0199", 7, "Ask for the night desk"),
        actions.PhoneRow(gone.pk, ""),
        actions.PhoneRow(None, "619-555-0102"),
        actions.PhoneRow(None, ""),
    ]
    assert actions.edit_service(service, by=staff, fields={}, phones=rows) == ("phones",)
    numbers = Phone.objects.order_by("number").values_list("number", "extension", "description")
    assert list(numbers) == [
        ("619-555-0102", None, ""),
        ("619-555-0199", 7, "Ask for the night desk"),
    ]


def test_edit_refuses_rows_of_another_service_and_rows_that_are_hidden() -> None:
    service, staff = make.service(), make.staff()
    foreign = make.phone(make.service("Elsewhere"))
    sealed = make.phone(service, visibility=Visibility.SEALED)
    elsewhere = make.place(foreign.service)
    for phone in (foreign, sealed):
        with pytest.raises(actions.UnknownField):
            actions.edit_service(service, by=staff, fields={}, phones=[actions.PhoneRow(phone.pk, "1")])
    with pytest.raises(actions.UnknownField):
        place = actions.PlaceRow(elsewhere.pk, "1 Oak Street", "", "San Diego", "CA", "92101")
        actions.edit_service(service, by=staff, fields={}, places=[place])


def test_new_zip_code_moves_the_place_and_tells_everyone_who_shares_it() -> None:
    service, other, staff = make.service(), make.service("Same house"), make.staff()
    address = make.place(service)
    other.at_locations.create(location=address.location)
    start = last_change()
    place = actions.PlaceRow(address.pk, "5 Oak Street", "", "Los Angeles", "CA", "90012")
    assert actions.edit_service(service, by=staff, fields={}, places=[place]) == ("addresses",)
    address.location.refresh_from_db()
    assert (round(address.location.latitude), round(address.location.longitude)) == (34, -118)
    assert changed_since(start) == sorted([service.pk, other.pk], key=str)


def test_hours_are_replaced_and_keep_who_may_see_them() -> None:
    service, staff = make.service(), make.staff()
    Schedule.objects.create(
        service=service,
        freq="WEEKLY",
        byday="MO,TU",
        opens_at=time(9),
        closes_at=time(17),
        visibility=Visibility.STAFF,
    )
    monthly = Schedule.objects.create(service=service, freq="MONTHLY", bymonthday="1")
    hours = [Hours(0, time(9), time(12)), Hours(2, time(9), time(12)), Hours(0, time(13), time(17))]
    assert actions.edit_service(service, by=staff, fields={}, hours=hours) == ("schedules",)
    weekly = Schedule.objects.exclude(pk=monthly.pk).order_by("opens_at")
    assert [(row.byday, row.opens_at, row.closes_at, row.visibility) for row in weekly] == [
        ("MO,WE", time(9), time(12), Visibility.STAFF),
        ("MO", time(13), time(17), Visibility.STAFF),
    ]
    assert Schedule.objects.filter(pk=monthly.pk).exists()
    assert actions.edit_service(service, by=staff, fields={}, hours=hours) == ()


# --- who may see it


def test_hiding_a_street_hides_the_point_on_the_map() -> None:
    service, staff = make.service(), make.staff()
    address = make.place(service)
    start = last_change()
    actions.set_visibility(service, levels={f"street:{address.pk}": Visibility.STAFF}, by=staff)
    address.refresh_from_db()
    shown = [address.shown("address_1"), address.shown("city"), address.location.shown("latitude")]
    assert shown == [None, "San Diego", None]
    assert address.shown("address_1", Visibility.STAFF) == "100 Elm Street"
    assert changed_since(start) == [service.pk]
    actions.set_visibility(service, levels={f"street:{address.pk}": Visibility.PUBLIC}, by=staff)
    address.refresh_from_db()
    assert (address.hidden_fields, address.location.hidden_fields) == ({}, {})


def test_hiding_fields_rows_and_the_whole(heard: list[object]) -> None:
    service, staff = make.service(email="a@example.org"), make.staff()
    phone = make.phone(service)
    levels = {"service": Visibility.PARTNER, "email": Visibility.STAFF, f"phone:{phone.pk}": Visibility.STAFF}
    actions.set_visibility(service, levels=levels, by=staff)
    service.refresh_from_db()
    phone.refresh_from_db()
    assert (service.visibility, service.hidden_fields, phone.visibility) == (1, {"email": 2}, 2)
    assert not Service.objects.public().exists()
    assert heard == [events.VisibilityChanged(str(service.pk))]


def test_nobody_hides_a_part_from_himself_or_touches_what_he_cannot_see() -> None:
    service, staff = make.service(email="a@example.org"), make.staff()
    sealed = make.phone(service, visibility=Visibility.SEALED)
    for levels in ({"email": Visibility.SEALED}, {f"phone:{sealed.pk}": Visibility.PUBLIC}, {"name": 0}):
        with pytest.raises(actions.UnknownField):
            actions.set_visibility(service, levels=levels, by=staff)
    sealed.refresh_from_db()
    assert sealed.visibility == Visibility.SEALED


# --- open, full, checked


def test_verify_service_dates_it_today_and_says_who(heard: list[object]) -> None:
    service, staff = make.service(), make.staff()
    for _ in range(2):
        actions.verify_service(service, by=staff)
    service.refresh_from_db()
    assert service.assured_date == timezone.localdate()
    assert [note.updated_by for note in Metadata.objects.filter(field_name="assured_date")] == ["heron"] * 2
    assert heard == [events.ServiceVerified(str(service.pk))] * 2


def test_set_capacity_keeps_one_row_for_each_population(heard: list[object]) -> None:
    service, staff = make.service(), make.staff()
    for available in (4, 0):
        actions.set_capacity(service, available=available, maximum=8, by=staff, waiting_list=True)
    actions.set_capacity(service, available=2, population="boy", by=staff)
    rooms = ServiceCapacity.objects.order_by("population").values_list("population", "available", "maximum")
    assert list(rooms) == [("", 0, 8), ("boy", 2, None)]
    assert heard[-1] == events.CapacitySet(str(service.pk), "boy", 2)
    with pytest.raises(actions.TooMuchRoom):
        actions.set_capacity(service, available=9, maximum=8, by=staff)
    with pytest.raises(actions.UnknownCode):
        actions.set_capacity(service, available=1, population="lads", by=staff)


def test_close_and_reopen(heard: list[object]) -> None:
    service, staff = make.service(), make.staff()
    with pytest.raises(actions.NotOpen):
        actions.reopen_service(service, by=staff)
    actions.close_service(service, for_good=False, by=staff)
    with pytest.raises(actions.NotOpen):
        actions.close_service(service, for_good=False, by=staff)
    actions.close_service(service, for_good=True, by=staff)
    actions.reopen_service(service, by=staff)
    assert [note.replacement_value for note in Metadata.objects.filter(field_name="status")].count("active")
    key = str(service.pk)
    assert heard == [
        events.ServiceClosed(key, for_good=False),
        events.ServiceClosed(key, for_good=True),
        events.ServiceReopened(key),
    ]


# --- nothing half done


def snapshot() -> dict[str, list[Any]]:
    models = (
        AcceptanceFact,
        DirectoryChange,
        Metadata,
        Phone,
        Schedule,
        Service,
        ServiceCapacity,
        TurnedAway,
    )
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def attempts() -> Iterator[Callable[[], object]]:
    service, staff = make.service(email="a@example.org"), make.staff()
    closed = make.service("Closed", status="inactive")
    report = TurnedAway.objects.create(
        service=service, reason="gender", population="boy", reported_on=timezone.localdate()
    )
    yield lambda: make.fact(service, by=staff)
    yield lambda: make.report(service)
    yield lambda: actions.review_report(report, confirmed=True, by=staff)
    yield lambda: actions.edit_service(
        service, by=staff, fields={"name": "New"}, phones=[actions.PhoneRow(None, "1")]
    )
    yield lambda: actions.set_visibility(service, levels={"email": Visibility.STAFF}, by=staff)
    yield lambda: actions.verify_service(service, by=staff)
    yield lambda: actions.set_capacity(service, available=1, by=staff)
    yield lambda: actions.close_service(service, for_good=True, by=staff)
    yield lambda: actions.reopen_service(closed, by=staff)


@pytest.mark.usefixtures("broken_ear")
def test_nothing_is_half_done_when_somebody_who_listens_fails() -> None:
    tried = 0
    for attempt in attempts():
        before = snapshot()
        with pytest.raises(EarIsDown), transaction.atomic():
            attempt()
        assert snapshot() == before
        tried += 1
    assert tried == len(ALL_EVENTS)


def test_events_carry_ids_and_codes_only() -> None:
    for kind in ALL_EVENTS:
        assert is_dataclass(kind)
        names = {field.name for field in fields(kind)}
        assert not names & {"name", "note", "text", "description", "by"}
