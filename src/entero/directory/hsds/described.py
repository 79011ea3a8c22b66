"""JSON Schemas of our records, made of the same tables and shapes as the records themselves."""

from typing import Any

from entero.directory.hsds import shapes, tables
from entero.directory.hsds.columns import Column, Kind, Table
from entero.directory.hsds.shapes import Many, Parts

Json = dict[str, Any]

TYPES: dict[Kind, Json] = {
    Kind.TEXT: {"type": "string"},
    Kind.URI: {"type": "string", "format": "uri"},
    Kind.EMAIL: {"type": "string", "format": "email"},
    Kind.NUMBER: {"type": "number"},
    Kind.FLAG: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.INSTANT: {"type": "string", "format": "date-time"},
    Kind.TIME: {"type": "string"},
    Kind.UUID: {"type": "string", "format": "uuid"},
    Kind.LINK: {"type": "string", "format": "uuid"},
}
ACCEPTANCE: Json = {
    "type": "object",
    "description": "Whether the service takes a population, who says so, and when it was seen.",
    "required": ["population", "answer", "source", "observed_on", "checked"],
    "properties": {
        "population": {"type": "string", "description": "Code in our populations taxonomy."},
        "answer": {"enum": ["yes", "no"], "description": "What is not known is left out."},
        "source": {"type": "string"},
        "source_name": {"type": "string"},
        "observed_on": {"type": "string", "format": "date"},
        "checked": {"type": "boolean", "description": "Whether our staff stands behind it."},
    },
}
SOURCE: Json = {
    "type": "object",
    "description": "A source to be cited.",
    "properties": {name: {"type": "string"} for name in ("name", "url", "license")},
}
OURS: dict[str, Json] = {
    "acceptance": {"type": "array", "items": {"$ref": "#/components/schemas/acceptance"}},
    "sources": {"type": "array", "items": {"$ref": "#/components/schemas/source"}},
}
MINIMAL: Json = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "modified_date": {"type": "string", "format": "date-time"},
        "last_modified": {"type": "string", "format": "date-time"},
    },
}
PAGE: Json = {
    "total_items": {"type": "integer", "minimum": 0, "description": "How many records fit the question."},
    "total_pages": {"type": "integer", "minimum": 0},
    "page_number": {"type": "integer", "minimum": 1},
    "size": {"type": "integer", "minimum": 0, "description": "How many records are on this page."},
    "first_page": {"type": "boolean"},
    "last_page": {"type": "boolean"},
    "empty": {"type": "boolean"},
}


def components() -> dict[str, Json]:
    """Return the schemas of every record and part of one, by name."""
    attribute = _object(tables.ATTRIBUTE, shapes.ATTRIBUTE_PARTS, described=False)
    found = {"acceptance": ACCEPTANCE, "source": SOURCE, "attribute": attribute, "service_minimal": MINIMAL}
    for shape in shapes.SHAPES:
        found[shape.name] = _object(shape.table, shape.parts, described=shape.described)
    return found


def page_of(*names: str) -> Json:
    """Return the schema of a page whose records have one of these forms."""
    forms = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    items = forms[0] if len(forms) == 1 else {"anyOf": forms}
    contents = {"contents": {"type": "array", "items": items}}
    return {"type": "object", "required": [*PAGE, "contents"], "properties": PAGE | contents}


def profile_properties() -> dict[str, Json]:
    """Return what we add to HSDS, by table, for the page that describes our profile."""
    found = {
        table.name: {column.name: _column(column) for column in table.columns if column.ours}
        for table in tables.TABLES
        if any(column.ours for column in table.columns)
    }
    lists = {"acceptance": ACCEPTANCE, "sources": SOURCE}
    found["service"] |= {name: {"type": "array", "items": items} for name, items in lists.items()}
    return found


def _object(table: Table, parts: Parts, *, described: bool) -> Json:
    columns = [column for column in table.columns if not column.owner]
    properties = {column.name: _column(column) for column in columns}
    required = [column.name for column in columns if column.required]
    for part in parts:
        inner = _object(part.table, part.parts, described=described)
        if isinstance(part, Many):
            properties[part.name] = {"type": "array", "items": inner}
            continue
        properties[part.name] = inner
        if part.required:
            required.append(part.name)
    if described:
        properties["attributes"] = {
            "type": "array",
            "items": {"$ref": "#/components/schemas/attribute"},
        }
        properties |= OURS if table is tables.SERVICE else {}
    return {"type": "object", "required": required, "properties": properties}


def _column(column: Column) -> Json:
    schema = dict(TYPES[column.kind])
    if column.choices:
        schema["enum"] = list(column.choices)
    if column.about:
        schema["description"] = column.about
    return schema
