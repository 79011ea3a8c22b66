"""HSDS JSON: pages, lists and single records become rows of every table."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from entero.directory.importing.run import import_file
from entero.directory.importing.shapes import TABLES
from entero.directory.models import (
    AcceptanceFact,
    Address,
    Attribute,
    Language,
    Location,
    Metadata,
    Organization,
    Phone,
    Service,
    ServiceArea,
    ServiceAtLocation,
    Source,
    SourceRecord,
    Taxonomy,
    TaxonomyTerm,
    Trust,
    Visibility,
)
from tests import make
from tests.directory.importing import files

pytestmark = pytest.mark.django_db


def take(path: Path, *records: dict[str, Any], pages: int = 1) -> Any:
    run = import_file(files.feed(path, files.page(*records, pages=pages)))
    assert run.error == ""
    return run


def rows_per_table() -> dict[str, int]:
    counted = {name: model.objects.count() for name, model in TABLES.items() if name != "acceptance_fact"}
    ours = {"taxonomy": 4, "taxonomy_term": TaxonomyTerm.objects.filter(taxonomy__name="SAMHSA").count()}
    ours["taxonomy_term"] += TaxonomyTerm.objects.filter(taxonomy__name__startswith="Entero ").count()
    found = {name: count - ours.get(name, 0) for name, count in counted.items()}
    return {name: count for name, count in found.items() if count}


def test_ids_are_kept_and_others_are_made_to_last(tmp_path: Path) -> None:
    record = files.service(1, phones=[{"id": "phone-7", "number": "619-555-0100"}])
    run = take(tmp_path, record)
    assert Service.objects.get().pk == UUID(record["id"])
    made = Phone.objects.get().pk
    assert made.version == 5
    assert run.repaired == {"id": 1}
    take(tmp_path, record | {"alert": "New."})
    assert Phone.objects.get().pk == made


@pytest.mark.parametrize("shape", ["page", "list", "single"])
def test_every_shape_of_a_feed_is_read(tmp_path: Path, shape: str) -> None:
    record = files.service(1)
    content = {"page": files.page(record), "list": [record], "single": record}[shape]
    run = import_file(files.feed(tmp_path, content))
    assert (run.state, run.new, Service.objects.count()) == ("done", 1, 1)


def test_only_a_whole_feed_says_what_is_gone(tmp_path: Path) -> None:
    take(tmp_path, files.service(1), files.service(2))
    assert take(tmp_path, files.service(1), pages=2).gone == 0
    assert import_file(files.feed(tmp_path, files.service(1))).gone == 0
    assert take(tmp_path, files.service(1)).gone == 1
    assert Service.objects.get(name="Group 2").status == "inactive"


def test_a_feed_of_organizations_says_nothing_about_services(tmp_path: Path) -> None:
    take(tmp_path, files.service(1))
    run = take(tmp_path, files.ORGANIZATION)
    assert run.gone == 0
    assert Service.objects.get().status == "active"


def test_a_record_that_could_not_be_taken_is_not_gone(tmp_path: Path) -> None:
    take(tmp_path, files.service(1), files.service(2))
    run = take(tmp_path, files.service(1), files.service(2, name=""))
    assert (run.gone, len(run.refused)) == (0, 1)
    assert set(Service.objects.values_list("status", flat=True)) == {"active"}


def test_what_a_record_is_silent_about_stays(tmp_path: Path) -> None:
    take(
        tmp_path,
        files.service(
            1, description="Long.", email="a@example.org", phones=[{"id": "1", "number": "619-555-0100"}]
        ),
    )
    run = take(tmp_path, files.service(1, name="Group one"))
    service = Service.objects.get()
    assert (run.changed, service.name, service.description, service.email) == (
        1,
        "Group one",
        "Long.",
        "a@example.org",
    )
    assert Phone.objects.count() == 1


def test_what_a_record_no_longer_lists_is_removed(tmp_path: Path) -> None:
    phones = [{"id": str(n), "number": f"619-555-010{n}"} for n in range(3)]
    take(tmp_path, files.service(1, phones=phones, languages=[{"id": "1", "name": "Spanish"}]))
    take(tmp_path, files.service(1, phones=phones[:1], languages=[]))
    assert list(Phone.objects.values_list("number", flat=True)) == ["619-555-0100"]
    assert not Language.objects.exists()


def test_a_phone_that_also_belongs_to_the_organization_only_leaves_the_service(tmp_path: Path) -> None:
    phone = {"id": "1", "number": "619-555-0100"}
    owner = files.ORGANIZATION | {"phones": [phone]}
    take(tmp_path, files.service(1, phones=[phone], organization=owner))
    row = Phone.objects.get()
    assert row.service is not None
    assert row.organization is not None
    take(tmp_path, files.service(1, phones=[], organization=owner))
    row.refresh_from_db()
    assert (row.service, row.organization) == (None, Organization.objects.get())


def test_places_get_the_middle_of_their_zip_code(tmp_path: Path) -> None:
    take(
        tmp_path,
        files.service(1, service_at_locations=[files.at(1), files.at(2, latitude=32.5, longitude=-117)]),
    )
    first, second = Location.objects.order_by("pk")
    assert first.latitude == pytest.approx(32.72, abs=0.05)
    assert (second.latitude, second.longitude, second.time_zone) == (32.5, -117, "America/Los_Angeles")
    assert ServiceAtLocation.objects.count() == 2
    assert SourceRecord.objects.get(service__isnull=False).state == "CA"


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(100, 101), (0, 0), ("north", "west"), (1e308, 1e308), (None, 5), (True, [])]
)
def test_coordinates_off_the_earth_are_said_and_left_out(
    tmp_path: Path, latitude: Any, longitude: Any
) -> None:
    run = take(
        tmp_path, files.service(1, service_at_locations=[files.at(1, latitude=latitude, longitude=longitude)])
    )
    assert run.repaired == {"coordinates": 1}
    assert Location.objects.get().latitude == pytest.approx(32.72, abs=0.05)


@pytest.mark.parametrize(
    ("attribute", "terms", "facts"),
    [
        (files.term("trauma", "Entero needs"), {"trauma"}, {}),
        (files.term("boy", "Entero populations"), set(), {"boy": "yes"}),
        (files.term("boy", "Entero populations", value="no"), set(), {"boy": "no"}),
        (files.term("boy", "Entero populations", value="ask us"), set(), {}),
        (files.term("gender:men", "Open Eligibility"), set(), {"man": "yes"}),
        (
            files.term("survivors:human_trafficking_survivors", "Open Eligibility"),
            {"trafficking_support"},
            {"trafficking_survivor": "yes"},
        ),
        (files.term("XA", "SAMHSA"), {"sexual_abuse"}, {"sexual_abuse_survivor": "yes"}),
        (files.term("DUO", "SAMHSA codes"), set(), {"not_dui_only": "no"}),
        (files.term("legal", "Somebody's words"), set(), {}),
    ],
)
def test_terms_are_recognized_and_nothing_else_is_guessed(
    tmp_path: Path, attribute: dict[str, Any], terms: set[str], facts: dict[str, str]
) -> None:
    take(tmp_path, files.service(1, attributes=[attribute], eligibility_description="Women only, no men."))
    found = Attribute.objects.filter(taxonomy_term__taxonomy__name__in=["Entero needs", "Entero settings"])
    assert set(found.values_list("taxonomy_term__code", flat=True)) == terms
    assert dict(AcceptanceFact.objects.values_list("population", "answer")) == facts


def test_foreign_terms_are_kept_beside_ours(tmp_path: Path) -> None:
    take(tmp_path, files.service(1, attributes=[files.term("gender:men", "Open Eligibility")]))
    assert Taxonomy.objects.filter(name="Open Eligibility").count() == 1
    kept = Attribute.objects.get(taxonomy_term__taxonomy__name="Open Eligibility")
    assert (kept.taxonomy_term.code, kept.link_entity, kept.link_id) == (
        "gender:men",
        "service",
        Service.objects.get().pk,
    )


def test_a_feed_cannot_rename_our_words(tmp_path: Path) -> None:
    take(tmp_path, files.service(1, attributes=[files.term("trauma", "Entero needs")]))
    ours = TaxonomyTerm.objects.get(taxonomy__name="Entero needs", code="trauma")
    bent = files.term("trauma", "Entero needs", number=2)
    bent["taxonomy_term"] |= {"id": str(ours.pk), "name": "Something else"}
    take(tmp_path, files.service(2, attributes=[bent]))
    ours.refresh_from_db()
    assert ours.name != "Something else"


def test_two_feeds_may_share_the_name_of_a_taxonomy(tmp_path: Path) -> None:
    take(tmp_path, files.service(1, attributes=[files.term("talk", "Shared")]))
    other = files.term("talk", "Shared", number=9)
    other["taxonomy_term"]["taxonomy_detail"]["id"] = "99999999-9999-4999-8999-999999999999"
    run = import_file(
        files.feed(tmp_path, files.page(files.service(2, attributes=[other])), "other.json"), source="other"
    )
    assert run.state == "done"
    assert Taxonomy.objects.filter(name="Shared").count() == 1
    assert Attribute.objects.count() == 2
    assert TaxonomyTerm.objects.filter(code="talk").count() == 1


CONFIDENTIAL: list[dict[str, Any]] = [
    {"confidential": True},
    {"is_private": "yes"},
    {"visibility": "staff"},
    {"public": False},
    {"privacy": "Not public"},
    {"attributes": [files.term("confidential")]},
]


@pytest.mark.parametrize("said", CONFIDENTIAL)
def test_a_confidential_service_comes_in_for_staff_alone(tmp_path: Path, said: dict[str, Any]) -> None:
    take(tmp_path, files.service(1, **said), files.service(2))
    assert dict(Service.objects.values_list("name", "visibility")) == {
        "Group 1": Visibility.STAFF,
        "Group 2": Visibility.PUBLIC,
    }


def test_a_place_with_a_confidential_address_hides_itself(tmp_path: Path) -> None:
    hidden = files.at(1)
    hidden["location"]["addresses"][0]["address_1"] = "Confidential location"
    flagged = files.at(2)
    flagged["location"]["addresses"][0]["private"] = "true"
    take(tmp_path, files.service(1, service_at_locations=[hidden, flagged, files.at(3)]))
    assert sorted(Location.objects.values_list("visibility", flat=True)) == [0, 2, 2]
    assert Address.objects.filter(visibility=Visibility.STAFF).count() == 2
    assert ServiceAtLocation.objects.public().count() == 1


def test_a_confidential_phone_is_for_staff_alone(tmp_path: Path) -> None:
    phones = [{"id": "1", "number": "1", "confidential": "1"}, {"id": "2", "number": "2"}]
    take(tmp_path, files.service(1, phones=phones))
    assert list(Phone.objects.public().values_list("number", flat=True)) == ["2"]


def test_markup_is_taken_out(tmp_path: Path) -> None:
    given = "<p>Help &amp; <b>rest</b><script>alert(1)</script></p> 2 &lt; 3"
    run = take(tmp_path, files.service(1, description=given, url="javascript:alert(1)"))
    service = Service.objects.get()
    assert (service.description, service.url) == ("Help & rest 2 < 3", "")
    assert run.repaired == {"markup": 1, "web_address": 1}


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"minimum_age": 30, "maximum_age": 12}, "The lowest age is above the highest. (30 > 12)"),
        ({"status": "sometimes"}, "The status is not one of HSDS. (status: sometimes)"),
        ({"name": "n" * 256}, f"The name is too long. ({'n' * 40})"),
        ({"name": None}, "There is no name. (service)"),
        ({"id": ""}, "There is no id. (service)"),
        ({"id": ["x"]}, "There is no id. (service)"),
        ({"organization": None}, "The service belongs to no organization."),
    ],
)
def test_a_record_that_makes_no_sense_is_refused(tmp_path: Path, values: dict[str, Any], reason: str) -> None:
    run = take(tmp_path, files.service(1), files.service(2, **values))
    assert (run.new, run.refused) == (1, [[2, reason]])
    assert Service.objects.get().name == "Group 1"


def test_a_bad_part_does_not_take_the_service_with_it(tmp_path: Path) -> None:
    run = take(tmp_path, files.service(1, phones=[{"id": "1"}, {"id": "2", "number": "619-555-0100"}]))
    assert run.refused == [[1, "A value makes no sense where it stands. (phone.number)"]]
    assert Phone.objects.count() == 1


def test_a_second_record_of_one_id_is_refused(tmp_path: Path) -> None:
    run = take(tmp_path, files.service(1), files.service(1, name="Another"))
    assert [line for line, _ in run.refused] == [2]
    assert Service.objects.get().name == "Group 1"


@pytest.mark.parametrize(
    ("areas", "kind", "reach"),
    [
        (["California"], "virtual", "state"),
        (["Nationwide"], "virtual", "nation"),
        (["Mesa County"], "virtual", "place"),
        (["California"], "physical", "place"),
    ],
)
def test_reach_needs_a_service_without_a_place(
    tmp_path: Path, areas: list[str], kind: str, reach: str
) -> None:
    service = files.service(
        1,
        service_areas=[{"id": name, "name": name} for name in areas],
        service_at_locations=[files.at(1, location_type=kind)],
    )
    take(tmp_path, service)
    assert Service.objects.get().reach == reach
    assert ServiceArea.objects.get().state == ("CA" if areas == ["California"] else "")


@pytest.mark.parametrize(
    ("given", "code"),
    [({"code": "spa"}, "es"), ({"code": "es-MX"}, "es"), ({"name": "Español"}, "es"), ({"code": "xx"}, "xx")],
)
def test_languages_get_our_codes(tmp_path: Path, given: dict[str, str], code: str) -> None:
    take(tmp_path, files.service(1, languages=[{"id": "1"} | given]))
    assert Language.objects.get().code == code


def test_the_day_of_a_fact_is_the_day_it_was_assured(tmp_path: Path) -> None:
    boys = [files.term("boy", "Entero populations")]
    take(
        tmp_path,
        files.service(1, attributes=boys, assured_date="2025-03-04", last_modified="2026-01-01T00:00:00Z"),
    )
    assert AcceptanceFact.objects.get().observed_on == date(2025, 3, 4)
    assert Source.objects.get().trust == Trust.LISTING


def test_costs_are_read_from_cost_options_alone(tmp_path: Path) -> None:
    options = [{"id": "1", "option": "Free"}, {"id": "2", "option": "Medicaid"}]
    take(tmp_path, files.service(1, cost_options=options), files.service(2, fees_description="Free."))
    assert dict(Service.objects.values_list("name", "cost")) == {"Group 1": 5, "Group 2": 0}


def test_a_feed_cannot_lock_rows_with_metadata(tmp_path: Path) -> None:
    note = {
        "id": "12345678-1234-4234-8234-123456781234",
        "resource_type": "service",
        "last_action_date": "2025-01-01",
        "last_action_type": "update",
        "field_name": "name",
        "previous_value": "A",
        "replacement_value": "B",
        "updated_by": "somebody",
    }
    take(tmp_path, files.service(1, metadata=[note]))
    take(tmp_path, files.service(1, name="Changed", metadata=[note]))
    assert Service.objects.get().name == "Changed"
    assert Metadata.objects.count() == 1


def test_a_less_trusted_source_does_not_overwrite_a_service(tmp_path: Path) -> None:
    take(tmp_path, files.service(1))
    Source.objects.update(trust=Trust.PROVIDER)
    import_file(files.feed(tmp_path, files.page(files.service(1, name="Copied"))), source="a-copy")
    assert Service.objects.get().name == "Group 1"
    Source.objects.filter(slug="a-copy").update(trust=Trust.CHECKED)
    import_file(files.feed(tmp_path, files.page(files.service(1, name="Copied again"))), source="a-copy")
    assert Service.objects.get().name == "Copied again"


def test_parents_may_stand_after_their_children(tmp_path: Path) -> None:
    child = {"id": "1", "name": "Child", "website": "", "parent_organization_id": "2"}
    take(
        tmp_path,
        child,
        {"id": "2", "name": "Parent"},
        {"id": "3", "name": "Lost", "parent_organization_id": "9"},
    )
    found = dict(Organization.objects.values_list("name", "parent_organization__name"))
    assert found == {"Child": "Parent", "Parent": None, "Lost": None}


def test_what_a_person_removed_from_a_feed_stays_removed(tmp_path: Path) -> None:
    record = files.service(1, phones=[{"id": "1", "number": "619-555-0100"}])
    take(tmp_path, record)
    number = Phone.objects.get()
    from entero.directory import actions

    actions.edit_service(
        Service.objects.get(), by=make.staff(), fields={}, phones=[actions.PhoneRow(number.pk, "")]
    )
    take(tmp_path, record | {"alert": "New."})
    assert not Phone.objects.exists()


@pytest.mark.needs_shared_data
@pytest.mark.parametrize(
    ("name", "new", "tables"),
    [
        ("service_full", 1, 23),
        ("organization_full", 2, 23),
        ("service_at_location_full", 1, 23),
        ("location", 1, 7),
        ("service_list", 1, 3),
        ("organization_list", 1, 1),
        ("service_at_location_list", 1, 5),
        ("taxonomy", 1, 1),
        ("taxonomy_list", 1, 1),
        ("taxonomy_term", 1, 2),
        ("taxonomy_term_list", 1, 2),
    ],
)
def test_the_examples_of_the_standard_are_taken(shared_data: Path, name: str, new: int, tables: int) -> None:
    path = shared_data / "hsds-3.1" / "examples" / f"{name}.json"
    run = import_file(path)
    assert (run.state, run.new, run.refused) == ("done", new, [])
    found = rows_per_table()
    assert found == dict.fromkeys(found, 1)
    assert len(found) == tables
    assert import_file(path).same == new


@pytest.mark.needs_shared_data
@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("mock-hsds-api/data/services/ac148810-d857-441c-9679-408f346de14b", ("done", 1, 0)),
        ("oruk-validator-mocks/OpenReferralApi/Mocks/V3.0-UK-Test/service_full", ("done", 1, 0)),
        ("oruk-validator-mocks/OpenReferralApi/Mocks/V3.0-UK-Test/service_list", ("done", 1, 127)),
        ("oruk-validator-mocks/OpenReferralApi/Mocks/V3.0-UK-Test/organization_full", ("done", 2, 0)),
        ("oruk-validator-mocks/OpenReferralApi/Mocks/V3.0-UK-Warn/service_list", ("done", 1, 0)),
        ("oruk-validator-mocks/OpenReferralApi/Mocks/V3.0-UK-Fail/service_list", ("refused", 0, 4)),
        ("mock-hsds-api/data/root", ("refused", 0, 1)),
        ("examples/tabular", ("refused", 0, 1)),
    ],
)
def test_feeds_of_others_are_taken(shared_data: Path, name: str, counts: tuple[str, int, int]) -> None:
    run = import_file(shared_data / "hsds-3.1" / f"{name}.json")
    assert (run.state, run.new, len(run.refused)) == counts


def test_facts_of_another_installation_keep_their_days(tmp_path: Path) -> None:
    told = [
        {"population": "boy", "answer": "no", "observed_on": "2025-02-03", "checked": True},
        {"population": "man", "answer": "unknown", "observed_on": "not a day"},
        {"population": "nobody", "answer": "yes"},
        {"population": "woman", "answer": "maybe"},
        "nonsense",
    ]
    take(
        tmp_path, files.service(1, acceptance=told, assured_date="2025-01-01", is_sample=True, reach="state")
    )
    facts = AcceptanceFact.objects.values_list("population", "answer", "observed_on", "checked_by")
    assert set(facts) == {
        ("boy", "no", date(2025, 2, 3), None),
        ("man", "unknown", date(2025, 1, 1), None),
    }
    service = Service.objects.get()
    assert (service.is_sample, service.reach) == (True, "state")


def test_whom_a_service_takes_is_a_fact_and_no_attribute(tmp_path: Path) -> None:
    take(tmp_path, files.service(1, attributes=[files.term("boy", "Entero populations")]))
    assert not Attribute.objects.exists()
    assert AcceptanceFact.objects.count() == 1


@pytest.mark.parametrize("hidden", ["service", "organization"])
def test_a_place_inside_something_confidential_is_confidential_too(tmp_path: Path, hidden: str) -> None:
    record = files.service(1, service_at_locations=[files.at(1)])
    if hidden == "service":
        record["private"] = True
    else:
        record["organization"] = files.ORGANIZATION | {"private": True}
    take(tmp_path, record)
    assert Location.objects.count() == Address.objects.count() == 1
    assert not Location.objects.public().exists()
    assert not Address.objects.public().exists()


def test_a_place_keeps_its_organization_when_others_use_it(tmp_path: Path) -> None:
    owner = files.ORGANIZATION | {"locations": [files.at(1)["location"]]}
    take(tmp_path, owner)
    other = {"id": "12121212-1212-4212-8212-121212121212", "name": "Guest"}
    take(tmp_path, files.service(2, organization=other, service_at_locations=[files.at(1, name="The house")]))
    place = Location.objects.get()
    assert place.name == "The house"
    assert place.organization is not None
    assert place.organization.name == "Harbor House"


def test_a_file_that_may_not_be_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "loop.json"
    path.symlink_to(path)
    run = import_file(path)
    assert run.state == "refused"
