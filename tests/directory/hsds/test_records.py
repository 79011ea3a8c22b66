"""Records: what stands for what is hidden, and what is mended on the way out."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entero.directory import vocabulary_tables
from entero.directory.hsds import records, shapes
from entero.directory.hsds.nearby import Circle
from entero.directory.models import Guarded, Location, Phone, Visibility
from entero.directory.models.base import owners_of
from tests import make

pytestmark = pytest.mark.django_db


def _hide(row: Any, *names: str) -> None:
    row.hidden_fields = dict.fromkeys(names, int(Visibility.STAFF))
    row.save()


def test_hidden_address_keeps_its_city_and_loses_its_point() -> None:
    rows = make.everything()
    _hide(rows["address"], "address_1")
    found = records.service(rows["service"].pk)
    assert found is not None
    place = found["service_at_locations"][0]["location"]
    assert (place["addresses"][0]["address_1"], place["addresses"][0]["city"]) == ("Not public", "San Diego")
    assert "latitude" not in place
    staff = records.service(rows["service"].pk, Visibility.STAFF)
    assert staff is not None
    assert staff["service_at_locations"][0]["location"]["latitude"] == 32.72


def test_hidden_owner_leaves_the_service_alone() -> None:
    rows = make.everything()
    _hide(rows["service"], "organization")
    found = records.service(rows["service"].pk)
    assert found is not None
    assert "organization" not in found
    house = records.record(shapes.ORGANIZATION_FULL, rows["organization"].pk)
    assert house is not None
    assert "services" not in house


def test_phone_without_a_number_is_not_shared() -> None:
    rows = make.everything()
    _hide(rows["phone"], "number")
    found = records.service(rows["service"].pk)
    assert found is not None
    assert "phones" not in found


def test_hidden_status_sends_nobody_there() -> None:
    given = make.service()
    _hide(given, "status")
    found = records.service(given.pk)
    assert found is not None
    assert found["status"] == "inactive"


def test_room_for_some_says_so_in_words() -> None:
    rows = make.everything()
    found = records.service(rows["service"].pk)
    assert found is not None
    assert [room["description"] for room in found["capacities"]] == ["Only for boys."]


def test_addresses_on_the_web_are_mended_or_left_out() -> None:
    for address, written in (
        ("www.example.org", "http://www.example.org"),
        ("https://example.org/é", "https://example.org/%C3%A9"),
        ("not an address", None),
        ("", None),
    ):
        found = records.service(make.service(url=address, of=make.organization()).pk)
        assert found is not None
        assert found.get("url") == written


def test_instants_are_utc() -> None:
    given = make.service()
    given.last_modified = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    given.save()
    found = records.service(given.pk)
    assert found is not None
    assert found["last_modified"] == "2026-01-02T03:04:05Z"


def test_copies_of_acceptance_do_not_speak_beside_the_facts() -> None:
    vocabulary_tables.load()
    given = make.service()
    make.fact(given, "boy", "no")
    from entero.directory.models import Attribute

    Attribute.objects.create(
        link_id=given.pk,
        link_entity="service",
        value="yes",
        taxonomy_term_id=vocabulary_tables.term_row_id("populations", "boy"),
    )
    found = records.service(given.pk)
    assert found is not None
    assert [attribute["value"] for attribute in found["attributes"]] == ["no"]


def test_what_is_described_by_itself_comes_to_an_end() -> None:
    rows = make.everything()
    attribute = rows["attribute"]
    attribute.link_id = attribute.pk
    attribute.save()
    assert records.service(rows["service"].pk) is not None


def test_every_row_is_guarded_by_all_it_belongs_to() -> None:
    from django.apps import apps
    from django.db.models import CASCADE

    looked_at = 0
    for model in apps.get_app_config("directory").get_models():
        if not issubclass(model, Guarded):
            continue
        owners = {
            field.name
            for field in model._meta.concrete_fields
            if field.is_relation
            and issubclass(field.related_model, Guarded)
            and field.remote_field.on_delete is CASCADE
        }
        assert {path for path in owners_of(model) if "__" not in path} == owners, model
        looked_at += len(owners)
    assert looked_at > 30
    assert "contact__service_at_location__location__organization" in owners_of(Phone)


@given(latitude=st.floats(-80, 80), longitude=st.floats(-179, 179), meters=st.floats(1000, 900_000))
def test_a_circle_holds_its_center_and_not_what_is_twice_as_far(
    latitude: float, longitude: float, meters: float
) -> None:
    circle = Circle(latitude, longitude, meters)
    here = Location.objects.create(latitude=latitude, longitude=longitude)
    north = latitude + (2 if latitude < 0 else -2) * meters / 111_195
    there = Location.objects.create(latitude=north, longitude=longitude)
    found = Location.objects.filter(circle.band()).filter(circle.around())
    assert set(found.filter(id__in=[here.pk, there.pk])) == {here}
