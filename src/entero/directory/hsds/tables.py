"""HSDS 3.1 as data: every table that leaves, its columns in the standard's order, and ours after them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from entero.directory import models
from entero.directory.models import Visibility

VERSION = "3.1"

NOT_PUBLIC = "Not public"
"""Stands where HSDS demands a text that is hidden: an address without its street is still a city."""


class Kind(StrEnum):
    """How a value is written."""

    TEXT = "text"
    URI = "uri"
    EMAIL = "email"
    NUMBER = "number"
    FLAG = "flag"
    DATE = "date"
    INSTANT = "instant"
    TIME = "time"
    UUID = "uuid"
    LINK = "link"
    """The id of another row; left out when that row may not be seen."""


Read = Callable[[Any, Visibility], Any]


@dataclass(frozen=True)
class Column:
    """One field as it leaves, and the ``field`` of ours it comes from when that has another name.

    ``instead`` stands where HSDS demands what is hidden or missing; a row that lacks a required value
    with nothing to stand instead is not shared at all.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    instead: str | None = None
    field: str | None = None
    ours: bool = False
    owner: bool = False
    """Only tables say whom a row belongs to; in JSON it lies inside its owner."""
    choices: tuple[str, ...] = ()
    read: Read | None = None
    about: str = ""


@dataclass(frozen=True, eq=False)
class Table:
    """One table: its name and file in HSDS, the model behind it, the relations that reading it follows."""

    name: str
    path: str
    model: Any
    columns: tuple[Column, ...]
    related: tuple[str, ...] = ()


def _text(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


def _of(kind: Kind, *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, kind) for name in names)


def _owners(*names: str) -> tuple[Column, ...]:
    return tuple(Column(f"{name}_id", Kind.LINK, field=name, owner=True) for name in names)


def _needed_owner(name: str) -> Column:
    return Column(f"{name}_id", Kind.LINK, field=name, owner=True, required=True)


def _named(row: Any, level: Visibility) -> Any:
    """HSDS demands a description; where nobody wrote one, the name describes it."""
    return row.shown("description", level) or row.shown("name", level)


def _sample(row: Any, level: Visibility) -> bool | None:
    return row.shown("is_sample", level) or None


ID = Column("id", Kind.UUID, required=True)
NAME = Column("name", required=True, instead=NOT_PUBLIC)
DESCRIPTION = Column("description", required=True, instead=NOT_PUBLIC, read=_named)
SAMPLE = Column(
    "is_sample", Kind.FLAG, ours=True, read=_sample, about="True when invented, to show what Entero does."
)
LOCATION_TYPES = tuple(models.LocationType.values)

ORGANIZATION = Table(
    "organization",
    "organizations.csv",
    models.Organization,
    (
        ID,
        NAME,
        *_text("alternate_name"),
        DESCRIPTION,
        *_of(Kind.EMAIL, "email"),
        *_of(Kind.URI, "website"),
        *_text("tax_status", "tax_id"),
        *_of(Kind.NUMBER, "year_incorporated"),
        *_text("legal_status", "logo"),
        *_of(Kind.URI, "uri"),
        Column("parent_organization_id", Kind.LINK, field="parent_organization"),
        SAMPLE,
    ),
    related=("parent_organization",),
)
PROGRAM = Table(
    "program",
    "programs.csv",
    models.Program,
    (ID, _needed_owner("organization"), NAME, *_text("alternate_name"), DESCRIPTION),
)


def _prices(row: Any, level: Visibility) -> str | None:
    bits = row.shown("cost", level) or 0
    names = ((1, "free"), (2, "sliding_scale"), (4, "insurance"))
    return ",".join(name for bit, name in names if bits & bit) or None


def _reach(row: Any, level: Visibility) -> str | None:
    reach: str | None = row.shown("reach", level)
    return None if reach == models.Reach.PLACE else reach


SERVICE = Table(
    "service",
    "services.csv",
    models.Service,
    (
        ID,
        _needed_owner("organization"),
        Column("program_id", Kind.LINK, field="program", owner=True),
        NAME,
        *_text("alternate_name", "description"),
        *_of(Kind.URI, "url"),
        *_of(Kind.EMAIL, "email"),
        Column(
            "status",
            required=True,
            instead=models.ServiceStatus.INACTIVE.value,
            choices=tuple(models.ServiceStatus.values),
        ),
        *_text("interpretation_services", "application_process", "fees_description", "wait_time"),
        Column("fees", read=lambda _row, _level: None, about="Old name of fees_description: empty."),
        *_text("accreditations", "eligibility_description"),
        *_of(Kind.NUMBER, "minimum_age", "maximum_age"),
        *_of(Kind.DATE, "assured_date"),
        *_of(Kind.EMAIL, "assurer_email"),
        *_text("licenses", "alert"),
        *_of(Kind.INSTANT, "last_modified"),
        Column("description_es", ours=True, about="The description in Spanish."),
        Column(
            "reach",
            ours=True,
            read=_reach,
            choices=("state", "nation"),
            about="Given to a whole state or to the nation without travelling.",
        ),
        Column(
            "prices",
            ours=True,
            read=_prices,
            about="Any of free, sliding_scale, insurance, separated by commas.",
        ),
        SAMPLE,
    ),
    related=("organization__parent_organization", "program__organization"),
)
ATTRIBUTE = Table(
    "attribute",
    "attributes.csv",
    models.Attribute,
    (
        ID,
        Column("link_id", Kind.UUID, required=True, owner=True),
        _needed_owner("taxonomy_term"),
        *_text("link_type"),
        Column("link_entity", required=True),
        *_text("value", "label"),
    ),
)
SERVICE_AT_LOCATION = Table(
    "service_at_location",
    "service_at_location.csv",
    models.ServiceAtLocation,
    (ID, _needed_owner("service"), _needed_owner("location"), *_text("description")),
    related=(
        "location__organization",
        "service__organization__parent_organization",
        "service__program__organization",
    ),
)
LOCATION = Table(
    "location",
    "locations.csv",
    models.Location,
    (
        ID,
        Column("location_type", required=True, instead="physical", choices=LOCATION_TYPES),
        *_of(Kind.URI, "url"),
        *_owners("organization"),
        *_text("name", "alternate_name", "description", "transportation"),
        *_of(Kind.NUMBER, "latitude", "longitude"),
        *_text("external_identifier", "external_identifier_type"),
        Column("time_zone", ours=True, about="Name in the IANA time zone database."),
    ),
)
OWNERS = _owners("location", "service", "organization", "contact", "service_at_location")
PHONE = Table(
    "phone",
    "phones.csv",
    models.Phone,
    (
        ID,
        *OWNERS,
        Column("number", required=True),
        *_of(Kind.NUMBER, "extension"),
        *_text("type", "description"),
    ),
)
CONTACT = Table(
    "contact",
    "contacts.csv",
    models.Contact,
    (
        ID,
        *_owners("organization", "service", "service_at_location", "location"),
        *_text("name", "title", "department"),
        *_of(Kind.EMAIL, "email"),
    ),
)


def _withheld(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, required=True, instead=NOT_PUBLIC) for name in names)


ADDRESS = Table(
    "address",
    "addresses.csv",
    models.Address,
    (
        ID,
        *_owners("location"),
        *_text("attention"),
        *_withheld("address_1"),
        *_text("address_2"),
        *_withheld("city"),
        *_text("region"),
        *_withheld("state_province", "postal_code"),
        Column("country", required=True, instead="US"),
        Column("address_type", required=True, instead="physical", choices=LOCATION_TYPES),
    ),
)
SCHEDULE = Table(
    "schedule",
    "schedules.csv",
    models.Schedule,
    (
        ID,
        *_owners("service", "location", "service_at_location"),
        *_of(Kind.DATE, "valid_from", "valid_to", "dtstart"),
        *_of(Kind.NUMBER, "timezone"),
        *_of(Kind.DATE, "until"),
        *_of(Kind.NUMBER, "count"),
        Column("wkst", choices=("MO", "TU", "WE", "TH", "FR", "SA", "SU")),
        Column("freq", choices=("WEEKLY", "MONTHLY")),
        *_of(Kind.NUMBER, "interval"),
        *_text("byday", "byweekno", "bymonthday", "byyearday", "description"),
        *_of(Kind.TIME, "opens_at", "closes_at"),
        *_of(Kind.URI, "schedule_link"),
        *_text("attending_type", "notes"),
    ),
)
FUNDING = Table(
    "funding",
    "funding.csv",
    models.Funding,
    (ID, *_owners("organization", "service"), *_text("source")),
)
SERVICE_AREA = Table(
    "service_area",
    "service_areas.csv",
    models.ServiceArea,
    (
        ID,
        *_owners("service", "service_at_location"),
        *_text("name", "description", "extent", "extent_type"),
        *_of(Kind.URI, "uri"),
        Column("state", ours=True, about="Postal code of a state that is served whole."),
    ),
)
REQUIRED_DOCUMENT = Table(
    "required_document",
    "required_documents.csv",
    models.RequiredDocument,
    (ID, *_owners("service"), *_text("document"), *_of(Kind.URI, "uri")),
)
LANGUAGE = Table(
    "language",
    "languages.csv",
    models.Language,
    (ID, *_owners("service", "location", "phone"), *_text("name", "code", "note")),
)
ACCESSIBILITY = Table(
    "accessibility",
    "accessibility.csv",
    models.Accessibility,
    (ID, *_owners("location"), *_text("description", "details"), *_of(Kind.URI, "url")),
)


def _name_of_taxonomy(row: Any, level: Visibility) -> Any:
    return row.taxonomy.shown("name", level) if row.taxonomy else None


TAXONOMY_TERM = Table(
    "taxonomy_term",
    "taxonomy_terms.csv",
    models.TaxonomyTerm,
    (
        ID,
        *_text("code"),
        NAME,
        DESCRIPTION,
        Column("parent_id", Kind.LINK, field="parent"),
        Column("taxonomy", read=_name_of_taxonomy),
        *_text("language"),
        *_owners("taxonomy"),
        *_of(Kind.URI, "term_uri"),
    ),
    related=("taxonomy", "parent__taxonomy"),
)
COST_OPTION = Table(
    "cost_option",
    "cost_options.csv",
    models.CostOption,
    (
        ID,
        _needed_owner("service"),
        *_of(Kind.DATE, "valid_from", "valid_to"),
        *_text("option", "currency"),
        *_of(Kind.NUMBER, "amount"),
        *_text("amount_description"),
    ),
)
ORGANIZATION_IDENTIFIER = Table(
    "organization_identifier",
    "organization_identifiers.csv",
    models.OrganizationIdentifier,
    (
        ID,
        _needed_owner("organization"),
        *_text("identifier_scheme"),
        Column("identifier_type", required=True),
        Column("identifier", required=True),
    ),
)
TAXONOMY = Table(
    "taxonomy",
    "taxonomies.csv",
    models.Taxonomy,
    (ID, NAME, DESCRIPTION, *_of(Kind.URI, "uri"), *_text("version")),
)
UNIT = Table(
    "unit",
    "units.csv",
    models.Unit,
    (ID, NAME, *_text("scheme", "identifier"), *_of(Kind.URI, "uri")),
)
SERVICE_CAPACITY = Table(
    "service_capacity",
    "service_capacity.csv",
    models.ServiceCapacity,
    (
        ID,
        _needed_owner("service"),
        _needed_owner("unit"),
        Column("available", Kind.NUMBER, required=True),
        *_of(Kind.NUMBER, "maximum"),
        *_text("description"),
        Column("updated", Kind.INSTANT, required=True),
        Column("population", ours=True, about="Whom the room is for: a code of the populations."),
        Column("waiting_list", Kind.FLAG, ours=True, about="Whether there is a waiting list."),
    ),
    related=("unit",),
)
URL = Table(
    "url",
    "url.csv",
    models.Url,
    (
        ID,
        *_text("label"),
        Column("url", Kind.URI, required=True),
        *_owners("organization", "service"),
    ),
)

TABLES: tuple[Table, ...] = (
    ORGANIZATION,
    PROGRAM,
    SERVICE,
    LOCATION,
    SERVICE_AT_LOCATION,
    CONTACT,
    PHONE,
    ADDRESS,
    SCHEDULE,
    FUNDING,
    SERVICE_AREA,
    REQUIRED_DOCUMENT,
    LANGUAGE,
    ACCESSIBILITY,
    COST_OPTION,
    ORGANIZATION_IDENTIFIER,
    URL,
    UNIT,
    SERVICE_CAPACITY,
    TAXONOMY,
    TAXONOMY_TERM,
    ATTRIBUTE,
)
