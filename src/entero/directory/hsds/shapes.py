"""What lies inside what: the nested forms of HSDS, as trees that the reader and the OpenAPI share."""

from collections.abc import Iterator
from dataclasses import dataclass

from entero.directory.hsds import tables
from entero.directory.hsds.columns import Table


@dataclass(frozen=True)
class Many:
    """A list of rows whose ``by`` is the row around them."""

    name: str
    table: Table
    by: str
    parts: "tuple[Many | One, ...]" = ()


@dataclass(frozen=True)
class One:
    """The single row that ``by`` of the row around it points to."""

    name: str
    table: Table
    by: str
    parts: "tuple[Many | One, ...]" = ()
    required: bool = False


Parts = tuple[Many | One, ...]


@dataclass(frozen=True)
class Shape:
    """A whole record. ``described`` records carry their attributes, on every row of them."""

    name: str
    table: Table
    parts: Parts = ()
    described: bool = False


def _phones(by: str) -> Many:
    return Many("phones", tables.PHONE, by, (Many("languages", tables.LANGUAGE, "phone"),))


def _contacts(by: str) -> Many:
    return Many("contacts", tables.CONTACT, by, (_phones("contact"),))


def _schedules(by: str) -> Many:
    return Many("schedules", tables.SCHEDULE, by)


def _areas(by: str) -> Many:
    return Many("service_areas", tables.SERVICE_AREA, by)


TERM_PARTS: Parts = (One("taxonomy_detail", tables.TAXONOMY, "taxonomy"),)
ATTRIBUTE_PARTS: Parts = (
    One("taxonomy_term", tables.TAXONOMY_TERM, "taxonomy_term", TERM_PARTS, required=True),
)
LOCATION_PARTS: Parts = (
    Many("languages", tables.LANGUAGE, "location"),
    Many("addresses", tables.ADDRESS, "location"),
    _contacts("location"),
    Many("accessibility", tables.ACCESSIBILITY, "location"),
    _phones("location"),
    _schedules("location"),
)
PLACE_PARTS: Parts = (
    _areas("service_at_location"),
    _contacts("service_at_location"),
    _phones("service_at_location"),
    _schedules("service_at_location"),
    One("location", tables.LOCATION, "location", LOCATION_PARTS, required=True),
)
ORGANIZATION_PARTS: Parts = (
    Many("additional_websites", tables.URL, "organization"),
    Many("funding", tables.FUNDING, "organization"),
    _contacts("organization"),
    _phones("organization"),
    Many("programs", tables.PROGRAM, "organization"),
    Many("organization_identifiers", tables.ORGANIZATION_IDENTIFIER, "organization"),
)
SERVICE_PARTS: Parts = (
    Many("additional_urls", tables.URL, "service"),
    _phones("service"),
    _schedules("service"),
    _areas("service"),
    Many("languages", tables.LANGUAGE, "service"),
    Many("funding", tables.FUNDING, "service"),
    Many("cost_options", tables.COST_OPTION, "service"),
    Many("required_documents", tables.REQUIRED_DOCUMENT, "service"),
    _contacts("service"),
    Many(
        "capacities",
        tables.SERVICE_CAPACITY,
        "service",
        (One("unit", tables.UNIT, "unit", required=True),),
    ),
    One("program", tables.PROGRAM, "program"),
)
PLACES = Many("service_at_locations", tables.SERVICE_AT_LOCATION, "service", PLACE_PARTS)
OWNER = One("organization", tables.ORGANIZATION, "organization")
SHORT_SERVICE_PARTS: Parts = (OWNER, One("program", tables.PROGRAM, "program"))
FULL_OWNER = One("organization", tables.ORGANIZATION, "organization", ORGANIZATION_PARTS)
LOCATIONS = Many("locations", tables.LOCATION, "organization", LOCATION_PARTS)

SERVICE = Shape("service", tables.SERVICE, SHORT_SERVICE_PARTS)
SERVICE_FULL = Shape("service_full", tables.SERVICE, (*SERVICE_PARTS, PLACES, FULL_OWNER), described=True)
ORGANIZATION = Shape("organization", tables.ORGANIZATION)
ORGANIZATION_FULL = Shape(
    "organization_full",
    tables.ORGANIZATION,
    (*ORGANIZATION_PARTS, LOCATIONS, Many("services", tables.SERVICE, "organization")),
    described=True,
)
ORGANIZATION_FULL_SERVICES = Shape(
    "organization_full_services",
    tables.ORGANIZATION,
    (
        *ORGANIZATION_PARTS,
        LOCATIONS,
        Many("services", tables.SERVICE, "organization", (*SERVICE_PARTS, PLACES)),
    ),
    described=True,
)
SERVICE_AT_LOCATION = Shape(
    "service_at_location",
    tables.SERVICE_AT_LOCATION,
    (
        One("location", tables.LOCATION, "location", required=True),
        One("service", tables.SERVICE, "service", SHORT_SERVICE_PARTS, required=True),
    ),
)
SERVICE_AT_LOCATION_FULL = Shape(
    "service_at_location_full",
    tables.SERVICE_AT_LOCATION,
    (
        *PLACE_PARTS,
        One("service", tables.SERVICE, "service", (*SERVICE_PARTS, FULL_OWNER), required=True),
    ),
    described=True,
)
TAXONOMY = Shape("taxonomy", tables.TAXONOMY)
TAXONOMY_TERM = Shape("taxonomy_term", tables.TAXONOMY_TERM, TERM_PARTS)

SHAPES = (
    SERVICE,
    SERVICE_FULL,
    ORGANIZATION,
    ORGANIZATION_FULL,
    ORGANIZATION_FULL_SERVICES,
    SERVICE_AT_LOCATION,
    SERVICE_AT_LOCATION_FULL,
    TAXONOMY,
    TAXONOMY_TERM,
)


def edges(parts: Parts, around: Table) -> Iterator[tuple[Table, Many | One]]:
    """Walk every part of a tree, with the table of the row around it."""
    for part in parts:
        yield around, part
        yield from edges(part.parts, part.table)
