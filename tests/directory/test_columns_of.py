"""What the search index is told: everything public, and nothing else."""

from datetime import date, time, timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from entero.directory.columns_of import LONG_CODES, Zones, columns_of
from entero.directory.matching.columns import NO_STATE, Columns
from entero.directory.matching.score import EPOCH
from entero.directory.models import (
    Address,
    Attribute,
    Language,
    Reach,
    Schedule,
    Service,
    ServiceArea,
    ServiceCapacity,
    ServiceStatus,
    Trust,
    Unit,
    Visibility,
)
from entero.directory.opening import half_hours
from entero.directory.queries import acceptance_of
from entero.directory.vocabulary.terms import bits, languages, terms
from tests import make

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
HIDDEN = {"visibility": Visibility.STAFF}
CALIFORNIA, ARIZONA = 4, 2


def read(**values: Any) -> Columns:
    return columns_of(Zones(["America/Los_Angeles"]), today=TODAY, **values)


def days(day: date) -> int:
    return (day - EPOCH).days


def test_columns_of_a_service_that_says_everything() -> None:
    given = make.service(
        "Evening group",
        description="Men talk",
        description_es="Charlas",
        minimum_age=12,
        maximum_age=17,
        cost=5,
        assured_date=TODAY - timedelta(days=9),
    )
    make.place(given)
    make.filed(given, "trauma", "residential")
    make.fact(given, "boy", "yes", days_ago=3)
    make.fact(given, "girl", "no", days_ago=30)
    make.open_on(given, "MO", opens=9, closes=10)
    Language.objects.create(service=given, code="es")
    ServiceCapacity.objects.create(
        service=given, unit=Unit.objects.create(name="beds"), available=2, updated=timezone.now()
    )
    found = read()
    assert found.keys.tolist() == [given.pk.bytes]
    assert (found.lat.tolist(), found.lon.tolist()) == ([32.72], [-117.16])
    assert (found.state.tolist(), found.in_person.tolist(), found.remote.tolist()) == (
        [CALIFORNIA],
        [True],
        [False],
    )
    assert found.term_values.tolist() == sorted(terms()[name].number for name in ("trauma", "residential"))
    assert found.term_start.tolist() == [0, 2]
    assert (found.yes.tolist(), found.no.tolist()) == ([bits(["boy"])], [bits(["girl"])])
    assert (found.age_min.tolist(), found.age_max.tolist()) == ([12], [17])
    assert found.languages.tolist() == [1 << languages()["es"].bit]
    assert (found.cost.tolist(), found.capacity.tolist()) == ([5], [1])
    assert found.verified_day.tolist() == [days(TODAY - timedelta(days=3))]
    assert found.schedule.tolist() == [1]
    assert np.flatnonzero(found.schedule_open[1]).tolist() == [18, 19]
    assert set(found.tokens[0].split()) >= {"evening", "group", "men", "harbor", "charl"}


def test_columns_of_a_service_that_says_nothing() -> None:
    make.service()
    found = read()
    assert np.isnan(found.lat).all()
    assert found.state.tolist() == [NO_STATE]
    assert (found.in_person.tolist(), found.remote.tolist()) == ([False], [False])
    assert (found.age_min.tolist(), found.age_max.tolist()) == ([0], [120])
    assert (found.yes.tolist(), found.no.tolist(), found.capacity.tolist()) == ([0], [0], [0])
    assert (found.verified_day.tolist(), found.schedule.tolist()) == ([0], [0])


def test_columns_of_an_empty_directory() -> None:
    assert len(read().lat) == 0


@pytest.mark.parametrize(
    "values",
    [
        HIDDEN,
        {"status": ServiceStatus.INACTIVE},
        {"status": ServiceStatus.CLOSED},
        {"status": ServiceStatus.DEFUNCT},
    ],
)
def test_only_public_and_active_services_are_read(values: dict[str, Any]) -> None:
    make.service("Shown")
    make.service("Not shown", **values)
    assert len(read().keys) == 1


def test_a_service_of_a_hidden_organization_is_not_read() -> None:
    make.service(of=make.organization(**HIDDEN))
    assert len(read().keys) == 0


@pytest.mark.parametrize(
    "field", ["minimum_age", "maximum_age", "cost", "assured_date", "description", "name"]
)
def test_a_hidden_field_takes_no_part(field: str) -> None:
    given = make.service(
        "Canary", description="canary", minimum_age=12, maximum_age=17, cost=1, assured_date=TODAY
    )
    before = read()
    Service.objects.filter(pk=given.pk).update(hidden_fields={field: Visibility.STAFF})
    after = read()
    name = {"minimum_age": "age_min", "maximum_age": "age_max", "assured_date": "verified_day"}.get(
        field, field
    )
    if field in {"description", "name"}:
        assert after.tokens[0].split().count("canari") == before.tokens[0].split().count("canari") - 1
    else:
        assert getattr(before, name).tolist() != getattr(after, name).tolist()
        assert getattr(after, name).tolist() == [{"age_max": 120}.get(name, 0)]


def test_hidden_rows_of_a_service_take_no_part() -> None:
    given = make.everything()["service"]
    make.filed(given, "trauma")
    make.open_on(given)
    for model in (Language, Schedule, ServiceArea, ServiceCapacity, Address, Attribute):
        model.objects.update(**HIDDEN)
    given.acceptance.update(**HIDDEN)
    found = read()
    assert (found.languages.tolist(), found.schedule.tolist(), found.capacity.tolist()) == ([0], [0], [0])
    assert (found.yes.tolist(), found.term_values.tolist()) == ([0], [])
    assert np.isnan(found.lat).all()
    assert (found.state.tolist(), found.remote.tolist()) == ([NO_STATE], [False])


def test_a_hidden_street_is_only_as_near_as_its_zip_code() -> None:
    given = make.service()
    address = make.place(given)
    exact = read()
    address.hidden_fields = {"address_1": Visibility.STAFF}
    address.save()
    found = read()
    assert (found.lat.tolist(), found.lon.tolist()) != (exact.lat.tolist(), exact.lon.tolist())
    assert abs(found.lat[0] - 32.72) < 0.1
    address.hidden_fields |= {"postal_code": Visibility.STAFF, "city": Visibility.STAFF}
    address.save()
    assert np.isnan(read().lat).all()
    assert read().state.tolist() == [CALIFORNIA]


def test_hidden_coordinates_give_way_to_the_zip_code() -> None:
    given = make.service()
    location = make.place(given).location
    assert location is not None
    location.hidden_fields = {"latitude": Visibility.STAFF}
    location.save()
    assert read().lat[0] != 32.72
    assert abs(read().lat[0] - 32.72) < 0.1


def test_reach_and_service_areas_decide_where_a_service_is_found() -> None:
    state = make.service(reach=Reach.STATE)
    make.place(state)
    nation = make.service(reach=Reach.NATION)
    area = make.service()
    ServiceArea.objects.create(service=area, state="AZ")
    local = make.service()
    make.place(local)
    ServiceArea.objects.create(service=local, state="NV")
    found = read()
    rows = {key: number for number, key in enumerate(found.keys.tolist())}
    places = [
        (int(found.state[rows[s.pk.bytes]]), bool(found.remote[rows[s.pk.bytes]]))
        for s in (state, nation, area, local)
    ]
    assert places == [(CALIFORNIA, True), (NO_STATE, True), (ARIZONA, True), (CALIFORNIA, False)]


def test_acceptance_is_what_the_service_page_says() -> None:
    given = make.service()
    other = make.service("Another")
    listing, provider = (
        make.source("listing", trust=Trust.LISTING),
        make.source("provider", trust=Trust.PROVIDER),
    )
    rumor = make.source("rumor", trust=Trust.REPORT)
    for about, population, answer, source, ago in (
        (given, "boy", "no", listing, 2),
        (given, "boy", "yes", provider, 400),
        (given, "man", "yes", listing, 1),
        (given, "man", "unknown", provider, 5),
        (given, "girl", "no", rumor, 1),
        (other, "boy", "yes", listing, 3_000),
        (other, "boy", "no", listing, 2),
        (other, "veteran", "yes", provider, 4_000),
        (other, "veteran", "no", listing, 1),
    ):
        make.fact(about, population, answer, from_source=source, days_ago=ago)
    sealed = make.fact(other, "girl", "no", from_source=provider)
    type(sealed).objects.filter(pk=sealed.pk).update(hidden_fields={"answer": Visibility.STAFF})
    half = make.fact(other, "woman", "yes", from_source=provider)
    type(half).objects.filter(pk=half.pk).update(hidden_fields={"note": Visibility.STAFF})
    found, page = read(), acceptance_of([given.pk, other.pk])
    for number, key in enumerate(found.keys.tolist()):
        said = next(claims for service_id, claims in page.items() if service_id.bytes == key)
        assert int(found.yes[number]) == bits([name for name, claim in said.items() if claim.answer == "yes"])
        assert int(found.no[number]) == bits([name for name, claim in said.items() if claim.answer == "no"])
        assert found.verified_day[number] == max(days(claim.observed_on) for claim in said.values())
    assert (found.yes != 0).all()
    assert (found.no != 0).any()


def test_old_room_is_not_known() -> None:
    given, unit = make.service(), Unit.objects.create(name="beds")
    room = ServiceCapacity.objects.create(service=given, unit=unit, available=0, updated=timezone.now())
    assert read().capacity.tolist() == [3]
    ServiceCapacity.objects.filter(pk=room.pk).update(waiting_list=True)
    assert read().capacity.tolist() == [2]
    ServiceCapacity.objects.filter(pk=room.pk).update(updated=timezone.now() - timedelta(days=30))
    assert read().capacity.tolist() == [0]


def test_room_for_some_is_not_room_for_all() -> None:
    unit = Unit.objects.create(name="beds")
    ServiceCapacity.objects.create(
        service=make.service(), unit=unit, available=0, updated=timezone.now(), population="woman"
    )
    assert read().capacity.tolist() == [0]


def test_hours_without_a_time_zone_are_not_known_unless_they_are_all_hours() -> None:
    by_day = make.service("By day")
    make.open_on(by_day)
    always = make.service("Always")
    make.open_on(always, "MO,TU,WE,TH,FR,SA,SU", opens=0, closes=24)
    found = read()
    rows = {key: number for number, key in enumerate(found.keys.tolist())}
    assert found.schedule[rows[by_day.pk.bytes]] == 0
    assert found.schedule_open[found.schedule[rows[always.pk.bytes]]].all()


@pytest.mark.parametrize(
    "values", [{"interval": 2}, {"freq": "MONTHLY"}, {"valid_to": TODAY}, {"opens_at": None}, {"byday": ""}]
)
def test_hours_that_do_not_repeat_every_week_are_not_known(values: dict[str, Any]) -> None:
    given = make.service()
    make.place(given)
    Schedule.objects.filter(pk=make.open_on(given).pk).update(**values)
    assert read().schedule.tolist() == [0]


def test_every_zone_is_numbered_once() -> None:
    for zone in ("America/New_York", "America/Los_Angeles", "America/New_York", "Nowhere/Land", ""):
        given = make.service()
        location = make.place(given, zip_code="00000").location
        assert location is not None
        location.time_zone = zone
        location.save()
    zones = Zones(["America/Los_Angeles"])
    columns_of(zones, today=TODAY)
    assert zones.names == ["America/Los_Angeles", "America/New_York"]


def test_languages_are_known_by_short_and_long_codes() -> None:
    given = make.service()
    for code in ("spa", "EN-us", "tlh", ""):
        Language.objects.create(service=given, code=code)
    assert read().languages.tolist() == [1 << languages()["es"].bit | 1 << languages()["en"].bit]
    assert set(LONG_CODES.values()) <= set(languages())


def test_some_services_are_read_as_all_are() -> None:
    everything = [make.everything(f"Group {number}")["service"] for number in range(4)]
    make.filed(everything[2], "trauma")
    whole, part = read(), read(ids=[everything[2].pk, everything[0].pk])
    chosen = [whole.keys.tolist().index(key) for key in part.keys.tolist()]
    for name in (
        "lat",
        "lon",
        "state",
        "yes",
        "no",
        "age_min",
        "languages",
        "cost",
        "schedule",
        "organization",
    ):
        assert getattr(part, name).tolist() == getattr(whole, name)[chosen].tolist()
    assert part.tokens == [whole.tokens[number] for number in chosen]
    assert part.term_values.tolist() == [terms()["trauma"].number]


def test_reading_takes_as_many_queries_for_one_as_for_many(django_assert_num_queries: Any) -> None:
    make.everything("One")
    with django_assert_num_queries(11):
        read()
    for number in range(3):
        make.everything(f"More {number}")
    with django_assert_num_queries(11):
        read()


def test_half_hours_wrap_round_midnight_and_the_week() -> None:
    assert np.flatnonzero(half_hours([(6, time(23, 15), time(1))])).tolist() == [0, 1, 334, 335]
    assert half_hours([(day, time(0), time(0)) for day in range(7)]).all()
    assert np.flatnonzero(half_hours([(0, time(8, 45), time(9, 15))])).tolist() == [17, 18]


@pytest.mark.parametrize(
    ("state", "zip_code", "number"),
    [
        ("CA", "", CALIFORNIA),
        ("California", "", CALIFORNIA),
        ("arizona ", "", ARIZONA),
        ("Nueva York", "", 32),
        ("", "85001", ARIZONA),
        ("Atlantis", "", NO_STATE),
        ("Atlantis", "92101", CALIFORNIA),
    ],
)
def test_a_state_is_known_by_code_name_or_zip_code(state: str, zip_code: str, number: int) -> None:
    make.place(make.service(), state_province=state, zip_code=zip_code)
    assert read().state.tolist() == [number]


def test_a_place_without_a_zip_code_lies_at_the_center_of_its_city() -> None:
    address = make.place(make.service(), zip_code="")
    assert address.location is not None
    type(address.location).objects.update(latitude=None, longitude=None)
    found = read()
    assert abs(found.lat[0] - 32.8) < 0.2
    assert found.in_person.tolist() == [True]


@pytest.mark.parametrize("kind", ["virtual", "postal"])
def test_nobody_is_sent_to_a_place_that_is_none(kind: str) -> None:
    address = make.place(make.service())
    assert address.location is not None
    type(address.location).objects.update(location_type=kind)
    assert read().in_person.tolist() == [False]
