"""The HSDS 3.1 API: what everybody may know, for other programs to read."""

import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from ninja import NinjaAPI, Query
from ninja.errors import HttpError, ValidationError
from ninja.throttling import BaseThrottle
from pydantic import ValidationError as PydanticError

from entero.directory.hsds import described, finding, paging, records, shapes, tables
from entero.directory.hsds.finding import Question
from entero.directory.hsds.shapes import Shape
from entero.directory.schemas import (
    USUAL_PER_PAGE,
    About,
    Asked,
    AskedOrganizations,
    AskedPlaces,
    AskedServices,
    AskedTaxonomies,
    AskedTerms,
    Problem,
    UnknownPostcode,
)
from entero.kernel.safety.rate import Limiter

Json = dict[str, Any]
A = TypeVar("A", bound=Asked)
Find = Callable[[Question], QuerySet[Any]]

limiter = Limiter(limit=300, seconds=60)


class Throttle(BaseThrottle):
    """Answers 429 with Retry-After to whoever asks too often."""

    def allow_request(self, request: HttpRequest) -> bool:
        return limiter.allows(request)

    def wait(self) -> float:
        return limiter.seconds


class HsdsApi(NinjaAPI):
    """Adds the schemas of our records to the OpenAPI document."""

    def get_openapi_schema(self, **options: Any) -> Any:
        document = super().get_openapi_schema(**options)
        document["components"]["schemas"].update(described.components())
        return document


api = HsdsApi(
    title="Entero directory",
    version="1.0.0",
    description="Services as Open Referral's HSDS 3.1 writes them, with our profile. Only what is public.",
    urls_namespace="hsds",
    docs_url=None,
    throttle=[Throttle()],
    openapi_extra={"info": {"license": {"name": "As each record's sources say"}}},
)


@api.exception_handler(UnknownPostcode)
def _unknown_postcode(request: HttpRequest, _error: Any) -> HttpResponse:
    return api.create_response(request, {"detail": "There is no such ZIP code."}, status=404)


@api.exception_handler(paging.NoSuchPage)
def _no_such_page(request: HttpRequest, _error: Any) -> HttpResponse:
    return api.create_response(request, {"detail": "There is no such page."}, status=404)


def openapi_document() -> str:
    """Return the OpenAPI document as it is kept in docs/reference."""
    return json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1) + "\n"


def _answers(schema: Json, *problems: int, stream: bool = False) -> Json:
    """Return what a call may answer, for the OpenAPI."""
    content: Json = {"application/json": {"schema": schema}}
    if stream:
        content["application/x-ndjson"] = {"schema": {"type": "string"}}
    problem = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    words = {400: "Not JSON", 404: "Not there", 422: "Wrong question", 429: "Too often"}
    return {
        "responses": {
            200: {"description": "OK", "content": content},
            **{code: {"description": words[code], "content": problem} for code in (*problems, 422, 429)},
        }
    }


def _list(name: str, *forms: str) -> Json:
    """Return the options of a GET that lists."""
    return {
        "operation_id": f"list_{name}",
        "summary": f"List {name}",
        "openapi_extra": _answers(described.page_of(*forms), 404, stream=True),
    }


def _search(name: str, asked: type[Asked], *forms: str) -> Json:
    """Return the options of the POST that lists, too, but leaves no question in any address or log."""
    body = {"required": True, "content": {"application/json": {"schema": asked.body_schema()}}}
    answers = _answers(described.page_of(*forms), 400, 404, stream=True)
    return {
        "operation_id": f"search_{name}",
        "summary": f"Search {name}, with the question in the body",
        "openapi_extra": {"requestBody": body} | answers,
    }


def _one(name: str, form: str) -> Json:
    """Return the options of a GET for one record."""
    return {
        "operation_id": f"get_{name}",
        "summary": f"One {name.replace('_', ' ')}",
        "openapi_extra": _answers({"$ref": f"#/components/schemas/{form}"}, 404),
    }


def _listing(request: HttpRequest, asked: Asked, find: Find, shape: Shape) -> HttpResponseBase:
    _refuse_unknown(request, type(asked).model_fields)
    rows = find(asked.question())
    if asked.format == "ndjson":
        return _stream(records.records(shape, rows))
    return _json(paging.page(shape, rows, number=asked.page, size=asked.per_page or USUAL_PER_PAGE))


def _sent(request: HttpRequest, kind: type[A]) -> A:
    """Return the question in the body; JSON has types of its own, so "1" is no number there."""
    try:
        return kind.model_validate_json(request.body, strict=True)
    except PydanticError as error:
        problems: Any = error.errors(include_url=False, include_context=False, include_input=False)
    if any(problem["type"] == "json_invalid" for problem in problems):
        raise HttpError(400, "The body is not JSON.")
    raise ValidationError(problems)


def _refuse_unknown(request: HttpRequest, known: Iterable[str]) -> None:
    """Refuse what a call does not understand; a search takes nothing from its address."""
    if not set(known if request.method == "GET" else ()).issuperset(request.GET):
        raise HttpError(422, "There is a parameter that this call does not know.")


def _record(request: HttpRequest, shape: Shape, row_id: UUID, known: Iterable[str] = ()) -> HttpResponseBase:
    _refuse_unknown(request, known)
    found = records.record(shape, row_id)
    if found is None:
        raise HttpError(404, "There is no such record.")
    return _json(found)


def _json(value: Json) -> HttpResponse:
    return HttpResponse(paging.text(value), content_type="application/json; charset=utf-8")


def _stream(found: Any) -> StreamingHttpResponse:
    return StreamingHttpResponse(paging.lines(found), content_type="application/x-ndjson")


@api.get("/", response={200: About, 429: Problem}, operation_id="get_about", summary="About this API")
def about(request: HttpRequest) -> Json:
    return {
        "version": tables.VERSION,
        "profile": request.build_absolute_uri(reverse("hsds:profile")),
        "openapi_url": request.build_absolute_uri(reverse("hsds:openapi-json")),
    }


@api.get(
    "/profile",
    url_name="profile",
    operation_id="get_profile",
    summary="What we add to HSDS",
    openapi_extra=_answers({"type": "object"}),
)
def profile(request: HttpRequest) -> HttpResponseBase:
    return _json(
        {
            "title": "Entero's profile of HSDS",
            "uri": request.build_absolute_uri(),
            "extends": f"HSDS {tables.VERSION}",
            "properties": described.profile_properties(),
        }
    )


def _services(request: HttpRequest, asked: AskedServices) -> HttpResponseBase:
    if not asked.minimal:
        shape = shapes.SERVICE_FULL if asked.full else shapes.SERVICE
        return _listing(request, asked, finding.services, shape)
    _refuse_unknown(request, type(asked).model_fields)
    rows = finding.services(asked.question())
    if asked.format == "ndjson":
        return _stream(paging.minimal(rows.order_by("id")))
    return _json(paging.minimal_page(rows, number=asked.page, size=asked.per_page))


SERVICES = ("service", "service_full", "service_minimal")


@api.get("/services", **_list("services", *SERVICES))
def list_services(request: HttpRequest, asked: Query[AskedServices]) -> HttpResponseBase:
    return _services(request, asked)


@api.post("/services", **_search("services", AskedServices, *SERVICES))
def search_services(request: HttpRequest) -> HttpResponseBase:
    return _services(request, _sent(request, AskedServices))


@api.get("/services/{service_id}", **_one("service", "service_full"))
def get_service(request: HttpRequest, service_id: UUID) -> HttpResponseBase:
    return _record(request, shapes.SERVICE_FULL, service_id)


def _organizations(request: HttpRequest, asked: AskedOrganizations) -> HttpResponseBase:
    shape = shapes.ORGANIZATION_FULL if asked.full else shapes.ORGANIZATION
    if asked.full_service:
        shape = shapes.ORGANIZATION_FULL_SERVICES
    return _listing(request, asked, finding.organizations, shape)


ORGANIZATIONS = ("organization", "organization_full", "organization_full_services")


@api.get("/organizations", **_list("organizations", *ORGANIZATIONS))
def list_organizations(request: HttpRequest, asked: Query[AskedOrganizations]) -> HttpResponseBase:
    return _organizations(request, asked)


@api.post("/organizations", **_search("organizations", AskedOrganizations, *ORGANIZATIONS))
def search_organizations(request: HttpRequest) -> HttpResponseBase:
    return _organizations(request, _sent(request, AskedOrganizations))


@api.get("/organizations/{organization_id}", **_one("organization", "organization_full"))
def get_organization(
    request: HttpRequest, organization_id: UUID, full_service: bool = False
) -> HttpResponseBase:
    shape = shapes.ORGANIZATION_FULL_SERVICES if full_service else shapes.ORGANIZATION_FULL
    return _record(request, shape, organization_id, known=["full_service"])


def _places(request: HttpRequest, asked: AskedPlaces) -> HttpResponseBase:
    shape = shapes.SERVICE_AT_LOCATION_FULL if asked.full else shapes.SERVICE_AT_LOCATION
    return _listing(request, asked, finding.service_at_locations, shape)


PLACES = ("service_at_location", "service_at_location_full")


@api.get("/service_at_locations", **_list("service_at_locations", *PLACES))
def list_service_at_locations(request: HttpRequest, asked: Query[AskedPlaces]) -> HttpResponseBase:
    return _places(request, asked)


@api.post("/service_at_locations", **_search("service_at_locations", AskedPlaces, *PLACES))
def search_service_at_locations(request: HttpRequest) -> HttpResponseBase:
    return _places(request, _sent(request, AskedPlaces))


@api.get(
    "/service_at_locations/{service_at_location_id}",
    **_one("service_at_location", "service_at_location_full"),
)
def get_service_at_location(request: HttpRequest, service_at_location_id: UUID) -> HttpResponseBase:
    return _record(request, shapes.SERVICE_AT_LOCATION_FULL, service_at_location_id)


@api.get("/taxonomies", **_list("taxonomies", "taxonomy"))
def list_taxonomies(request: HttpRequest, asked: Query[AskedTaxonomies]) -> HttpResponseBase:
    return _listing(request, asked, finding.taxonomies, shapes.TAXONOMY)


@api.post("/taxonomies", **_search("taxonomies", AskedTaxonomies, "taxonomy"))
def search_taxonomies(request: HttpRequest) -> HttpResponseBase:
    return _listing(request, _sent(request, AskedTaxonomies), finding.taxonomies, shapes.TAXONOMY)


@api.get("/taxonomies/{taxonomy_id}", **_one("taxonomy", "taxonomy"))
def get_taxonomy(request: HttpRequest, taxonomy_id: UUID) -> HttpResponseBase:
    return _record(request, shapes.TAXONOMY, taxonomy_id)


@api.get("/taxonomy_terms", **_list("taxonomy_terms", "taxonomy_term"))
def list_taxonomy_terms(request: HttpRequest, asked: Query[AskedTerms]) -> HttpResponseBase:
    return _listing(request, asked, finding.taxonomy_terms, shapes.TAXONOMY_TERM)


@api.post("/taxonomy_terms", **_search("taxonomy_terms", AskedTerms, "taxonomy_term"))
def search_taxonomy_terms(request: HttpRequest) -> HttpResponseBase:
    return _listing(request, _sent(request, AskedTerms), finding.taxonomy_terms, shapes.TAXONOMY_TERM)


@api.get("/taxonomy_terms/{taxonomy_term_id}", **_one("taxonomy_term", "taxonomy_term"))
def get_taxonomy_term(request: HttpRequest, taxonomy_term_id: UUID) -> HttpResponseBase:
    return _record(request, shapes.TAXONOMY_TERM, taxonomy_term_id)
