"""HSDS 3.1 as data: every table that leaves, its columns in the standard's order, and ours after them."""

from typing import Any

from entero.directory import models
from entero.directory.hsds.columns import (
    NOT_PUBLIC,
    Column,
    Kind,
    Table,
    needed_owner,
    of,
    owners,
    text,
    withheld,
)
from entero.directory.models import Visibility
from entero.directory.vocabulary.terms import populations

VERSION = "3.1"


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
        *text("alternate_name"),
        DESCRIPTION,
        *of(Kind.EMAIL, "email"),
        *of(Kind.URI, "website"),
        *text("tax_status", "tax_id"),
        *of(Kind.NUMBER, "year_incorporated"),
        *text("legal_status", "logo"),
        *of(Kind.URI, "uri"),
        Column("parent_organization_id", Kind.LINK, field="parent_organization"),
        SAMPLE,
    ),
    related=("parent_organization",),
)
PROGRAM = Table(
    "program",
    "programs.csv",
    models.Program,
    (ID, needed_owner("organization"), NAME, *text("alternate_name"), DESCRIPTION),
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
        needed_owner("organization"),
        Column("program_id", Kind.LINK, field="program", owner=True),
        NAME,
        *text("alternate_name", "description"),
        *of(Kind.URI, "url"),
        *of(Kind.EMAIL, "email"),
        Column(
            "status",
            required=True,
            instead=models.ServiceStatus.INACTIVE.value,
            choices=tuple(models.ServiceStatus.values),
        ),
        *text("interpretation_services", "application_process", "fees_description", "wait_time"),
        Column("fees", read=lambda _row, _level: None, about="Old name of fees_description: empty."),
        *text("accreditations", "eligibility_description"),
        *of(Kind.NUMBER, "minimum_age", "maximum_age"),
        *of(Kind.DATE, "assured_date"),
        *of(Kind.EMAIL, "assurer_email"),
        *text("licenses", "alert"),
        *of(Kind.INSTANT, "last_modified"),
        Column("description_es", ours=True, about="The description in Spanish."),
        Column(
            "reach",
            ours=True,
            read=_reach,
            choices=("state", "nation"),
            about="Given to a whole state or to the nation without traveling.",
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
        needed_owner("taxonomy_term"),
        *text("link_type"),
        Column("link_entity", required=True),
        *text("value", "label"),
    ),
)
SERVICE_AT_LOCATION = Table(
    "service_at_location",
    "service_at_location.csv",
    models.ServiceAtLocation,
    (ID, needed_owner("service"), needed_owner("location"), *text("description")),
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
        *of(Kind.URI, "url"),
        *owners("organization"),
        *text("name", "alternate_name", "description", "transportation"),
        *of(Kind.NUMBER, "latitude", "longitude"),
        *text("external_identifier", "external_identifier_type"),
        Column("time_zone", ours=True, about="Name in the IANA time zone database."),
    ),
)
OWNERS = owners("location", "service", "organization", "contact", "service_at_location")
PHONE = Table(
    "phone",
    "phones.csv",
    models.Phone,
    (
        ID,
        *OWNERS,
        Column("number", required=True),
        *of(Kind.NUMBER, "extension"),
        *text("type", "description"),
    ),
)
CONTACT = Table(
    "contact",
    "contacts.csv",
    models.Contact,
    (
        ID,
        *owners("organization", "service", "service_at_location", "location"),
        *text("name", "title", "department"),
        *of(Kind.EMAIL, "email"),
    ),
)


ADDRESS = Table(
    "address",
    "addresses.csv",
    models.Address,
    (
        ID,
        *owners("location"),
        *text("attention"),
        *withheld("address_1"),
        *text("address_2"),
        *withheld("city"),
        *text("region"),
        *withheld("state_province", "postal_code"),
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
        *owners("service", "location", "service_at_location"),
        *of(Kind.DATE, "valid_from", "valid_to", "dtstart"),
        *of(Kind.NUMBER, "timezone"),
        *of(Kind.DATE, "until"),
        *of(Kind.NUMBER, "count"),
        Column("wkst", choices=("MO", "TU", "WE", "TH", "FR", "SA", "SU")),
        Column("freq", choices=("WEEKLY", "MONTHLY")),
        *of(Kind.NUMBER, "interval"),
        *text("byday", "byweekno", "bymonthday", "byyearday", "description"),
        *of(Kind.TIME, "opens_at", "closes_at"),
        *of(Kind.URI, "schedule_link"),
        *text("attending_type", "notes"),
    ),
)
FUNDING = Table(
    "funding",
    "funding.csv",
    models.Funding,
    (ID, *owners("organization", "service"), *text("source")),
)
SERVICE_AREA = Table(
    "service_area",
    "service_areas.csv",
    models.ServiceArea,
    (
        ID,
        *owners("service", "service_at_location"),
        *text("name", "description", "extent", "extent_type"),
        *of(Kind.URI, "uri"),
        Column("state", ours=True, about="Postal code of a state that is served whole."),
    ),
)
REQUIRED_DOCUMENT = Table(
    "required_document",
    "required_documents.csv",
    models.RequiredDocument,
    (ID, *owners("service"), *text("document"), *of(Kind.URI, "uri")),
)
LANGUAGE = Table(
    "language",
    "languages.csv",
    models.Language,
    (ID, *owners("service", "location", "phone"), *text("name", "code", "note")),
)
ACCESSIBILITY = Table(
    "accessibility",
    "accessibility.csv",
    models.Accessibility,
    (ID, *owners("location"), *text("description", "details"), *of(Kind.URI, "url")),
)


def _name_of_taxonomy(row: Any, level: Visibility) -> Any:
    return row.taxonomy.shown("name", level) if row.taxonomy else None


TAXONOMY_TERM = Table(
    "taxonomy_term",
    "taxonomy_terms.csv",
    models.TaxonomyTerm,
    (
        ID,
        *text("code"),
        NAME,
        DESCRIPTION,
        Column("parent_id", Kind.LINK, field="parent"),
        Column("taxonomy", read=_name_of_taxonomy),
        *text("language"),
        *owners("taxonomy"),
        *of(Kind.URI, "term_uri"),
    ),
    related=("taxonomy", "parent__taxonomy"),
)
COST_OPTION = Table(
    "cost_option",
    "cost_options.csv",
    models.CostOption,
    (
        ID,
        needed_owner("service"),
        *of(Kind.DATE, "valid_from", "valid_to"),
        *text("option", "currency"),
        *of(Kind.NUMBER, "amount"),
        *text("amount_description"),
    ),
)
ORGANIZATION_IDENTIFIER = Table(
    "organization_identifier",
    "organization_identifiers.csv",
    models.OrganizationIdentifier,
    (
        ID,
        needed_owner("organization"),
        *text("identifier_scheme"),
        Column("identifier_type", required=True),
        Column("identifier", required=True),
    ),
)
TAXONOMY = Table(
    "taxonomy",
    "taxonomies.csv",
    models.Taxonomy,
    (ID, NAME, DESCRIPTION, *of(Kind.URI, "uri"), *text("version")),
)
UNIT = Table(
    "unit",
    "units.csv",
    models.Unit,
    (ID, NAME, *text("scheme", "identifier"), *of(Kind.URI, "uri")),
)


def _for_whom(row: Any, level: Visibility) -> str | None:
    """Say for whom the room is in words, too: who reads only HSDS would take it for everybody's."""
    described = row.shown("description", level) or ""
    population = populations().get(row.shown("population", level) or "")
    only = f"Only for {population.en}." if population else ""
    return described if only in described else f"{only} {described}".strip()


SERVICE_CAPACITY = Table(
    "service_capacity",
    "service_capacity.csv",
    models.ServiceCapacity,
    (
        ID,
        needed_owner("service"),
        needed_owner("unit"),
        Column("available", Kind.NUMBER, required=True),
        *of(Kind.NUMBER, "maximum"),
        Column("description", read=_for_whom),
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
        *text("label"),
        Column("url", Kind.URI, required=True),
        *owners("organization", "service"),
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
