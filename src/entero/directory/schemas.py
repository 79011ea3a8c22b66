"""What may be asked of the HSDS API, and what its answers look like; both stand in the OpenAPI."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from entero.directory.hsds.finding import Question
from entero.directory.hsds.nearby import Circle
from entero.directory.places import finder

MOST_PER_PAGE = 100
USUAL_PER_PAGE = 50
FARTHEST_METERS = 1_000_000
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class UnknownPostcode(Exception):
    """There is no such ZIP code."""


def _whole(value: Any) -> Any:
    """JSON knows one kind of number: 3.0 is 3."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _time(value: Any) -> datetime:
    """Read dates as ISO 8601 writes them, never seconds since 1970; without a zone they are UTC."""
    if not isinstance(value, str) or not DATE.match(value):
        raise ValueError("is no date or time as in 2026-01-31T12:00:00Z")
    found = datetime.fromisoformat(value.upper())
    if found.tzinfo is None:
        return found.replace(tzinfo=UTC)
    try:
        return found.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is outside the calendar") from error


def _unset(schema: dict[str, Any]) -> None:
    """What is not asked is left out: there is no null to send."""
    schema.pop("default", None)


NOTHING: Any = Field(default=None, json_schema_extra=_unset)
Words = Annotated[
    str,
    Field(
        description="Words that all have to stand in a name or description.",
        max_length=200,
        pattern=r"^[^\x00]*$",
    ),
]
Instant = Annotated[
    datetime,
    Field(description="Only what was changed at or after this time."),
    BeforeValidator(_time),
]
Term = Annotated[
    UUID,
    Field(description="Only what is filed under this term. Of our populations, only a yes is found."),
]
Parent = Annotated[UUID, Field(description="Only terms right below this one.")]
TaxonomyId = Annotated[UUID, Field(description="Only what is filed under any term of this taxonomy.")]
OrganizationId = Annotated[UUID, Field(description="Only what this organization provides.")]
Page = Annotated[
    int,
    Field(ge=1, description="Which page, from 1. A page that is not there answers 404."),
    BeforeValidator(_whole),
]
PerPage = Annotated[
    int,
    Field(ge=1, le=MOST_PER_PAGE, description=f"Records on a page; {USUAL_PER_PAGE} when not given."),
    BeforeValidator(_whole),
]
Postcode = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{5}(-[0-9]{4})?$",
        description="A ZIP code of the United States. What names the states it serves, and not this one, "
        "is left out. A code that does not exist answers 404.",
    ),
]
Meters = Annotated[
    float,
    Field(
        gt=0,
        le=FARTHEST_METERS,
        allow_inf_nan=False,
        description="Only within so many meters of the center of the postcode, which has to be given, too.",
    ),
]
Full = Annotated[bool, Field(description="Whole records, with all that belongs to them.")]


class Asked(BaseModel):
    """What every list can be asked."""

    model_config = ConfigDict(extra="forbid")

    search: Words = NOTHING
    page: Page = 1
    per_page: PerPage = NOTHING
    format: Literal["json", "ndjson"] = Field(
        "json", description="ndjson streams every record, one on a line, without pages."
    )

    @classmethod
    def body_schema(cls) -> dict[str, Any]:
        """Return the JSON Schema of a question that is sent in a body."""
        return cls.model_json_schema()

    def question(self) -> Question:
        """Return what narrows the list."""
        return Question(
            search=self.search or "",
            taxonomy_term_id=getattr(self, "taxonomy_term_id", None),
            taxonomy_id=getattr(self, "taxonomy_id", None),
            organization_id=getattr(self, "organization_id", None),
            modified_after=getattr(self, "modified_after", None),
        )


class AskedServices(Asked):
    """What the list of services can be asked."""

    taxonomy_term_id: Term = NOTHING
    taxonomy_id: TaxonomyId = NOTHING
    organization_id: OrganizationId = NOTHING
    modified_after: Instant = NOTHING
    minimal: bool = Field(
        default=False,
        description="Only ids and dates of change; all on one page unless per_page is given. "
        "Stronger than full.",
    )
    full: Full = False


class AskedOrganizations(Asked):
    """What the list of organizations can be asked."""

    taxonomy_term_id: Term = NOTHING
    taxonomy_id: TaxonomyId = NOTHING
    full: Full = False
    full_service: bool = Field(default=False, description="Whole records, with whole services in them.")


class AskedPlaces(Asked):
    """What the list of services at their locations can be asked."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"dependentRequired": {"proximity": ["postcode"]}}
    )

    taxonomy_term_id: Term = NOTHING
    taxonomy_id: TaxonomyId = NOTHING
    organization_id: OrganizationId = NOTHING
    modified_after: Instant = NOTHING
    full: Full = False
    postcode: Postcode = NOTHING
    proximity: Meters = NOTHING

    @model_validator(mode="after")
    def _around_what(self) -> "AskedPlaces":
        if self.proximity and not self.postcode:
            raise ValueError("proximity needs a postcode")
        return self

    def question(self) -> Question:
        """Return what narrows the list. Raises UnknownPostcode."""
        asked = super().question()
        if not self.postcode:
            return asked
        place = finder.of_zip(self.postcode[:5])
        if place is None or place.lat is None or place.lon is None:
            raise UnknownPostcode
        circle = Circle(place.lat, place.lon, self.proximity) if self.proximity else None
        return _replaced(asked, state=place.state, circle=circle)


class AskedTaxonomies(Asked):
    """What the list of taxonomies can be asked."""


class AskedTerms(Asked):
    """What the list of taxonomy terms can be asked."""

    taxonomy_id: TaxonomyId = NOTHING
    top_only: bool = Field(default=False, description="Only terms that have no parent.")
    parent_id: Parent = NOTHING

    def question(self) -> Question:
        return _replaced(super().question(), top_only=self.top_only, parent_id=self.parent_id)


def _replaced(question: Question, **changes: Any) -> Question:
    return replace(question, **changes)


class About(Schema):
    """What this API is."""

    version: str = Field(description="Version of HSDS.")
    profile: str = Field(description="Where our profile of HSDS is described.")
    openapi_url: str = Field(description="Where the OpenAPI document is.")


class Problem(Schema):
    """What is wrong with the question."""

    detail: str | list[dict[str, Any]]
