"""What the HSDS API answers, and what it refuses."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from entero.directory import api, vocabulary_tables
from entero.directory.models import Language, Reach, ServiceArea, Visibility
from tests import make

pytestmark = pytest.mark.django_db


def _ids(client: Client, path: str, **asked: Any) -> set[str]:
    answer = client.get(f"/api/hsds/{path}", asked)
    assert answer.status_code == 200, answer.content
    return {one["id"] for one in answer.json()["contents"]}


def _post(client: Client, path: str, **asked: Any) -> Any:
    return client.post(f"/api/hsds/{path}", json.dumps(asked), content_type="application/json")


def test_root_names_version_profile_and_openapi(client: Client) -> None:
    assert client.get("/api/hsds/").json() == {
        "version": "3.1",
        "profile": "http://testserver/api/hsds/profile",
        "openapi_url": "http://testserver/api/hsds/openapi.json",
    }
    for name in ("profile", "openapi_url"):
        assert client.get(client.get("/api/hsds/").json()[name]).status_code == 200


def test_profile_describes_every_property_of_ours(client: Client) -> None:
    properties = client.get("/api/hsds/profile").json()["properties"]
    assert {table: sorted(names) for table, names in properties.items()} == {
        "organization": ["is_sample"],
        "service": ["acceptance", "description_es", "is_sample", "prices", "reach", "sources"],
        "location": ["time_zone"],
        "service_area": ["state"],
        "service_capacity": ["population", "waiting_list"],
    }


def test_empty_list_is_one_empty_page(client: Client) -> None:
    assert client.get("/api/hsds/services").json() == {
        "total_items": 0,
        "total_pages": 0,
        "page_number": 1,
        "size": 0,
        "first_page": True,
        "last_page": True,
        "empty": True,
        "contents": [],
    }


def test_pages_hold_every_record_once(client: Client) -> None:
    house = make.organization()
    wanted = {str(make.service(f"Group {number}", of=house).pk) for number in range(5)}
    pages = [client.get("/api/hsds/services", {"per_page": 2, "page": number}).json() for number in (1, 2, 3)]
    assert [page["size"] for page in pages] == [2, 2, 1]
    assert [(page["first_page"], page["last_page"]) for page in pages] == [
        (True, False),
        (False, False),
        (False, True),
    ]
    assert {one["id"] for page in pages for one in page["contents"]} == wanted
    assert sum(len(page["contents"]) for page in pages) == 5


def test_minimal_lists_ids_and_dates_of_all(client: Client) -> None:
    house = make.organization()
    services = [make.service(f"Group {number}", of=house) for number in range(60)]
    page = client.get("/api/hsds/services", {"minimal": "true"}).json()
    assert (page["size"], page["total_pages"]) == (60, 1)
    dates = {one["id"]: one["modified_date"] for one in page["contents"]}
    changed = services[0].last_modified.astimezone(UTC).isoformat().replace("+00:00", "Z")
    assert dates[str(services[0].pk)] == changed
    assert set(page["contents"][0]) == {"id", "modified_date", "last_modified"}


def test_ndjson_streams_one_record_a_line(client: Client) -> None:
    rows = make.everything()
    make.service("Second", of=rows["organization"])
    for asked in ({}, {"full": "true"}, {"minimal": "true"}):
        answer = client.get("/api/hsds/services", {"format": "ndjson"} | asked)
        assert answer["Content-Type"] == "application/x-ndjson"
        lines = b"".join(answer.streaming_content).decode().splitlines()
        listed = client.get("/api/hsds/services", asked).json()["contents"]
        assert [json.loads(line) for line in lines] == listed
        assert len(lines) == 2


def test_get_finds_one_record_of_each_kind(client: Client) -> None:
    vocabulary_tables.load()
    rows = make.everything()
    for path, name in (
        ("services", "service"),
        ("organizations", "organization"),
        ("service_at_locations", "service_at_location"),
        ("taxonomies", "taxonomy"),
        ("taxonomy_terms", "taxonomy_term"),
    ):
        assert client.get(f"/api/hsds/{path}/{rows[name].pk}").json()["id"] == str(rows[name].pk)


def test_whole_service_says_whom_it_takes(client: Client) -> None:
    vocabulary_tables.load()
    given = make.service()
    make.fact(given, "boy", "yes")
    make.fact(given, "woman", "no")
    make.fact(given, "girl", "unknown")
    found = client.get(f"/api/hsds/services/{given.pk}").json()
    assert [(one["population"], one["answer"]) for one in found["acceptance"]] == [
        ("boy", "yes"),
        ("woman", "no"),
    ]
    assert [(one["taxonomy_term"]["code"], one["value"], one["label"]) for one in found["attributes"]] == [
        ("boy", "yes", "Takes boys"),
        ("woman", "no", "Does not take women"),
    ]


def test_search_needs_every_word_somewhere(client: Client) -> None:
    group = make.service("Evening group", of=make.organization("Harbor"), description="Talk on Thursdays")
    make.service("Evening meal", of=make.organization("Kitchen"))
    assert _ids(client, "services", search="evening thursdays") == {str(group.pk)}
    assert _ids(client, "services", search="EVENING harbor") == {str(group.pk)}
    assert _ids(client, "services", search="evening nowhere") == set()
    assert _ids(client, "organizations", search="harb") == {str(group.organization_id)}


def test_post_asks_the_same_without_an_address(client: Client) -> None:
    wanted = make.service("Evening group")
    make.service("Morning", of=wanted.organization)
    answer = _post(client, "services", search="evening", full=True)
    assert answer.json() == client.get("/api/hsds/services", {"search": "evening", "full": "true"}).json()
    assert answer.json()["total_items"] == 1
    for path in ("organizations", "service_at_locations", "taxonomies", "taxonomy_terms"):
        assert _post(client, path).json() == client.get(f"/api/hsds/{path}").json()


def test_term_filters_find_attributes_and_a_known_yes(client: Client) -> None:
    vocabulary_tables.load()
    rows = make.everything()
    other = make.service("Other", of=make.organization("Other house"))
    make.fact(other, "woman", "no")
    make.fact(other, "boy", "yes", days_ago=3)
    make.fact(other, "boy", "no", from_source=make.source("checked", trust=4))
    found, house = {str(rows["service"].pk)}, {str(rows["organization"].pk)}
    population = vocabulary_tables.term_row_id
    for asked in (
        {"taxonomy_term_id": rows["taxonomy_term"].pk},
        {"taxonomy_id": rows["taxonomy"].pk},
        {"taxonomy_term_id": population("populations", "boy")},
    ):
        assert _ids(client, "services", **asked) == found
        assert _ids(client, "organizations", **asked) == house
        assert _ids(client, "service_at_locations", **asked) == {str(rows["service_at_location"].pk)}
    assert _ids(client, "services", taxonomy_term_id=population("populations", "woman")) == set()


def test_organization_filter_and_modified_after(client: Client) -> None:
    old = make.service("Old")
    old.last_modified = timezone.now() - timedelta(days=30)
    old.save()
    new = make.service("New", of=make.organization("Second house"))
    assert _ids(client, "services", organization_id=old.organization_id) == {str(old.pk)}
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    assert _ids(client, "services", modified_after=yesterday) == {str(new.pk)}
    assert _ids(client, "services", modified_after="1999-01-01") == {str(old.pk), str(new.pk)}


def test_proximity_counts_meters_from_the_center_of_the_postcode(client: Client) -> None:
    near = make.service("Near")
    make.place(near)
    far = make.service("Far", of=near.organization)
    location = make.place(far).location
    location.latitude, location.longitude = 33.95, -118.4
    location.save()
    at = {str(row.pk) for row in near.at_locations.all()}
    both = at | {str(row.pk) for row in far.at_locations.all()}
    assert _ids(client, "service_at_locations", postcode="92101", proximity=5000) == at
    assert _ids(client, "service_at_locations", postcode="92101-1234", proximity=300000) == both
    assert _ids(client, "service_at_locations", postcode="92101", proximity=1) == set()


def test_postcode_leaves_out_what_names_other_states(client: Client) -> None:
    house = make.organization()
    ids: dict[str, str] = {}
    for name in ("California", "Nevada", "silent", "nation", "words"):
        given = make.service(name, of=house, reach=Reach.NATION if name == "nation" else Reach.PLACE)
        make.place(given)
        ids[name] = str(given.at_locations.get().pk)
        if name in {"California", "Nevada", "nation"}:
            ServiceArea.objects.create(service=given, state="CA" if name == "California" else "NV")
        if name == "words":
            ServiceArea.objects.create(service=given, name="The county")
    found = _ids(client, "service_at_locations", postcode="92101")
    assert found == {ids["California"], ids["silent"], ids["nation"], ids["words"]}


def test_terms_by_parent_and_top(client: Client) -> None:
    vocabulary_tables.load()
    needs = vocabulary_tables.taxonomy_id("needs")
    tops = client.get("/api/hsds/taxonomy_terms", {"taxonomy_id": needs, "top_only": "true"}).json()[
        "contents"
    ]
    assert tops != []
    assert all("parent_id" not in term for term in tops)
    everything = client.get("/api/hsds/taxonomy_terms", {"taxonomy_id": needs, "per_page": 100}).json()
    below = [term for term in everything["contents"] if "parent_id" in term]
    parent = below[0]["parent_id"]
    assert _ids(client, "taxonomy_terms", parent_id=parent) == {
        term["id"] for term in below if term["parent_id"] == parent
    }


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("services", {"nothing": "1"}, 422),
        ("services", {"page": "0"}, 422),
        ("services", {"page": "2"}, 404),
        ("services", {"per_page": "101"}, 422),
        ("services", {"format": "xml"}, 422),
        ("services", {"organization_id": "7"}, 422),
        ("services", {"modified_after": "yesterday"}, 422),
        ("services", {"modified_after": "0001-01-01T00:00:00+14:00"}, 422),
        ("services", {"search": "a\0b"}, 422),
        ("services", {"search": "x" * 201}, 422),
        ("services", {"postcode": "92101"}, 422),
        ("services/7", {}, 422),
        ("services/00000000-0000-4000-8000-000000000000", {}, 404),
        ("services/00000000-0000-4000-8000-000000000000", {"full": "1"}, 422),
        ("service_at_locations", {"proximity": "100"}, 422),
        ("service_at_locations", {"postcode": "921"}, 422),
        ("service_at_locations", {"postcode": "00000"}, 404),
        ("service_at_locations", {"postcode": "92101", "proximity": "0"}, 422),
        ("service_at_locations", {"postcode": "92101", "proximity": "nan"}, 422),
    ],
)
def test_wrong_questions_are_refused_in_json(
    client: Client, path: str, asked: dict[str, str], status: int
) -> None:
    answer = client.get(f"/api/hsds/{path}", asked)
    assert (answer.status_code, list(answer.json())) == (status, ["detail"])


def test_wrong_bodies_are_refused(client: Client) -> None:
    for body, status in (("[", 400), ("", 400), ("[]", 422), ('{"x": 1}', 422), ('{"page": -1}', 422)):
        answer = client.post("/api/hsds/services", body, content_type="application/json")
        assert answer.status_code == status, body
    answer = client.post("/api/hsds/services?search=shelter", "{}", content_type="application/json")
    assert answer.status_code == 422


def test_other_methods_are_not_allowed(client: Client) -> None:
    assert client.put("/api/hsds/services").status_code == 405
    assert client.delete("/api/hsds/services/00000000-0000-4000-8000-000000000000").status_code == 405
    head = client.head("/api/hsds/services")
    assert (head.status_code, head.content) == (200, b"")


def test_every_site_may_read_and_nobody_gets_a_cookie(client: Client) -> None:
    read, asked = client.get("/api/hsds/services"), _post(client, "services")
    assert read["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in asked
    assert "Access-Control-Allow-Credentials" not in read
    assert (len(read.cookies), len(asked.cookies)) == (0, 0)


def test_post_needs_no_token_because_nothing_depends_on_who_asks() -> None:
    answer = Client(enforce_csrf_checks=True).post(
        "/api/hsds/services", "{}", content_type="application/json", headers={"origin": "https://example.org"}
    )
    assert answer.status_code == 200


def test_who_asks_too_often_is_told_when_to_come_back(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.limiter, "limit", 2)
    address = {"REMOTE_ADDR": "203.0.113.7"}
    answers = [client.get("/api/hsds/taxonomies", **address) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "60"
    assert client.get("/api/hsds/taxonomies", REMOTE_ADDR="203.0.113.8").status_code == 200


def test_counts_do_not_betray_what_is_hidden(client: Client) -> None:
    seen = make.service("Seen")
    for level in (Visibility.PARTNER, Visibility.STAFF, Visibility.SEALED):
        make.service("Hidden", of=seen.organization, visibility=level)
    page = client.get("/api/hsds/services").json()
    assert (page["total_items"], page["contents"][0]["id"]) == (1, str(seen.pk))


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_records(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    vocabulary_tables.load()
    for number in range(count):
        rows = make.everything(f"Group {number}")
        Language.objects.create(phone=rows["phone"], code="es")
    for path, queries in (
        ("services", 2),
        ("services?full=true", 24),
        ("services?minimal=true", 2),
        ("organizations?full_service=true", 26),
        ("service_at_locations", 3),
        ("service_at_locations?full=true", 23),
    ):
        with django_assert_num_queries(queries):
            assert client.get(f"/api/hsds/{path}").json()["size"] == count
