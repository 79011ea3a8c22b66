"""The descriptor of the tabular package (Frictionless Data), made of the same tables as its files."""

from typing import Any

from entero.directory.hsds import tables
from entero.directory.hsds.columns import Column, Kind
from entero.directory.hsds.tabular import ACCEPTANCE_COLUMNS, ACCEPTANCE_PATH

Json = dict[str, Any]

PATH = "datapackage.json"
TYPES: dict[Kind, Json] = {
    Kind.TEXT: {"type": "string"},
    Kind.URI: {"type": "string", "format": "uri"},
    Kind.EMAIL: {"type": "string", "format": "email"},
    Kind.NUMBER: {"type": "number"},
    Kind.FLAG: {"type": "boolean"},
    Kind.DATE: {"type": "date"},
    Kind.INSTANT: {"type": "datetime"},
    Kind.TIME: {"type": "time"},
    Kind.UUID: {"type": "string", "format": "uuid"},
    Kind.LINK: {"type": "string", "format": "uuid"},
}
SAME_TABLE = {"parent_organization": "organization", "parent": "taxonomy_term"}


def descriptor(sources: list[Json]) -> Json:
    """Return the descriptor; ``sources`` are cited in it."""
    resources = [_resource(table.name, table.path, table.columns, key="id") for table in tables.TABLES]
    resources.append(_resource("acceptance", ACCEPTANCE_PATH, ACCEPTANCE_COLUMNS))
    return {
        "profile": "tabular-data-package",
        "name": "entero-directory",
        "title": "Services as HSDS writes them, with whom they take",
        "version": tables.VERSION,
        "sources": sources,
        "resources": resources,
    }


def _resource(name: str, path: str, columns: tuple[Column, ...], key: str = "") -> Json:
    links = [column for column in columns if column.kind is Kind.LINK]
    schema: Json = {"fields": [_field(column) for column in columns]}
    if key:
        schema["primaryKey"] = key
    if links:
        schema["foreignKeys"] = [
            {
                "fields": column.name,
                "reference": {"resource": SAME_TABLE.get(str(column.field), column.field), "fields": "id"},
            }
            for column in links
        ]
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(column: Column) -> Json:
    field: Json = {"name": column.name, **TYPES[column.kind]}
    constraints: Json = {"required": True} if column.required else {}
    if column.choices:
        constraints["enum"] = list(column.choices)
    if constraints:
        field["constraints"] = constraints
    if column.about:
        field["description"] = column.about
    return field
