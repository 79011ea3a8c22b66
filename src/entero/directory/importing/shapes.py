"""The tables as the importers see them: columns with their kind and length, read from the models once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models

from entero.directory import models as tables
from entero.directory.models import Guarded

TABLES: dict[str, type[Guarded]] = {
    "taxonomy": tables.Taxonomy,
    "taxonomy_term": tables.TaxonomyTerm,
    "unit": tables.Unit,
    "organization": tables.Organization,
    "program": tables.Program,
    "location": tables.Location,
    "service": tables.Service,
    "service_at_location": tables.ServiceAtLocation,
    "contact": tables.Contact,
    "phone": tables.Phone,
    "address": tables.Address,
    "schedule": tables.Schedule,
    "funding": tables.Funding,
    "service_area": tables.ServiceArea,
    "required_document": tables.RequiredDocument,
    "language": tables.Language,
    "accessibility": tables.Accessibility,
    "cost_option": tables.CostOption,
    "organization_identifier": tables.OrganizationIdentifier,
    "url": tables.Url,
    "service_capacity": tables.ServiceCapacity,
    "attribute": tables.Attribute,
    "metadata": tables.Metadata,
    "meta_table_description": tables.MetaTableDescription,
    "acceptance_fact": tables.AcceptanceFact,
}
"""By their HSDS names, owners before what they own."""

NOT_FROM_FILES = {"id", "visibility", "hidden_fields", "is_sample", "description_es", "cost", "reach"}
KINDS: tuple[tuple[type[models.Field[Any, Any]], str], ...] = (
    (models.ForeignKey, "link"),
    (models.UUIDField, "uuid"),
    (models.URLField, "url"),
    (models.EmailField, "email"),
    (models.CharField, "text"),
    (models.TextField, "long"),
    (models.BooleanField, "flag"),
    (models.DecimalField, "amount"),
    (models.FloatField, "number"),
    (models.IntegerField, "count"),
    (models.DateTimeField, "moment"),
    (models.DateField, "day"),
    (models.TimeField, "time"),
)
LARGEST = {
    "SmallIntegerField": 32_767,
    "PositiveSmallIntegerField": 32_767,
    "PositiveIntegerField": 2_147_483_647,
}


@dataclass(frozen=True)
class Column:
    """One column. ``name`` is the HSDS name, which is also the model's."""

    name: str
    kind: str
    length: int
    largest: int
    null: bool
    choices: frozenset[str]
    link: str


def fields_of(table: str) -> list[Any]:
    """Return the fields of a table, in the order of its columns."""
    return list(TABLES[table]._meta.concrete_fields)  # noqa: SLF001  the public name of a model's fields


def table_name(table: str) -> str:
    """Return what the database calls a table."""
    return TABLES[table]._meta.db_table  # noqa: SLF001


@cache
def columns(table: str) -> dict[str, Column]:
    """Return the columns that a file may fill, by name."""
    found: dict[str, Column] = {}
    for field in fields_of(table):
        if field.name not in NOT_FROM_FILES:
            found[field.attname] = _column(field)
    return found


def _column(field: Any) -> Column:
    return Column(
        name=field.attname,
        kind=next(kind for cls, kind in KINDS if isinstance(field, cls)),
        length=getattr(field, "max_length", None) or 0,
        largest=LARGEST.get(field.get_internal_type(), 0),
        null=field.null,
        choices=frozenset(str(value) for value, _ in field.choices or ()),
        link=_names()[field.related_model] if field.is_relation else "",
    )


@cache
def _names() -> dict[Any, str]:
    return {model: name for name, model in TABLES.items()}


@cache
def defaults(table: str) -> dict[str, Any]:
    """Return what every column holds when a file says nothing."""
    return {
        field.attname: _default(field)
        for field in fields_of(table)
        if field.attname not in {"id", "visibility"}
    }


def _default(field: Any) -> Any:
    """Return the default of a field; None also where there must be a value, which the file then brings."""
    if field.has_default():
        value: Callable[[], Any] | Any = field.default
        return value() if callable(value) else value
    return "" if isinstance(field, models.CharField | models.TextField) and not field.null else None
