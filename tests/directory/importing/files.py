"""Writes small files as publishers write them, and worse ones."""

import csv
import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl

HEADER = "name1 name2 street1 street2 city state zip phone intake1 intake2 intake1a intake2a service_code_info".split()
CODES = "SA DT SUMH * OP RES * MALE FEM * YAD ADLT * XA TRMA * SP * SS MD"
BOYS = "SA * RES * MALE * CHLD * TRMA"


def facility(name: str = "Harbor House", **values: str) -> dict[str, str]:
    row = dict.fromkeys(HEADER, "")
    row |= {
        "name1": name,
        "street1": "100 Elm Street",
        "city": "San Diego",
        "state": "CA",
        "zip": "92101",
        "phone": "619-555-0100",
        "service_code_info": CODES,
    }
    return row | values


def csv_text(rows: list[dict[str, str]], header: list[str] | None = None) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, header or HEADER, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def samhsa_csv(path: Path, *rows: dict[str, str], name: str = "facilities.csv") -> Path:
    return write(path / name, csv_text(list(rows)))


def samhsa_csv_of_both(path: Path, *rows: dict[str, str]) -> Path:
    """The 2024 edition as a third party publishes it: with ids and kinds."""
    header = ["facility_id", "directory_type", *HEADER]
    whole = [{"facility_id": f"x_{n}", "directory_type": "substance"} | row for n, row in enumerate(rows)]
    target = path / "both.csv.gz"
    target.write_bytes(gzip.compress(csv_text(whole, header).encode()))
    return target


def workbook(path: Path, *rows: dict[str, Any], name: str = "facilities.xlsx") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    for row in rows:
        sheet.append([row[column] or None for column in HEADER])
    book.save(path / name)
    return path / name


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def feed(path: Path, content: Any, name: str = "feed.json") -> Path:
    return write(path / name, json.dumps(content))


def page(*records: dict[str, Any], pages: int = 1) -> dict[str, Any]:
    return {
        "total_items": len(records),
        "total_pages": pages,
        "page_number": 1,
        "size": len(records),
        "first_page": True,
        "last_page": pages == 1,
        "empty": not records,
        "contents": list(records),
    }


ORGANIZATION = {"id": "11111111-1111-4111-8111-111111111111", "name": "Harbor House", "description": "Help"}


def service(number: int = 1, **values: Any) -> dict[str, Any]:
    return {
        "id": f"22222222-2222-4222-8222-{number:012d}",
        "name": f"Group {number}",
        "status": "active",
        "organization": ORGANIZATION,
    } | values


def at(number: int = 1, **location: Any) -> dict[str, Any]:
    """A service at a location with an address in San Diego."""
    address = {
        "id": f"44444444-4444-4444-8444-{number:012d}",
        "address_1": "100 Elm Street",
        "city": "San Diego",
        "state_province": "CA",
        "postal_code": "92101",
        "country": "US",
        "address_type": "physical",
    }
    place = {
        "id": f"33333333-3333-4333-8333-{number:012d}",
        "location_type": "physical",
        "addresses": [address],
    }
    return {"id": f"55555555-5555-4555-8555-{number:012d}", "location": place | location}


def term(code: str, taxonomy: str = "Local words", number: int = 1, value: str = "") -> dict[str, Any]:
    """An attribute that files something under a term."""
    detail = {
        "id": f"66666666-6666-4666-8666-{len(taxonomy):012d}",
        "name": taxonomy,
        "description": taxonomy,
    }
    return {
        "id": f"77777777-7777-4777-8777-{number:012d}",
        "value": value,
        "taxonomy_term": {
            "id": f"88888888-8888-4888-8888-{number:012d}",
            "code": code,
            "name": code,
            "description": code,
            "taxonomy_detail": detail,
        },
    }


def package(path: Path, tables: dict[str, list[dict[str, str]]], descriptor: Any = None) -> Path:
    """A folder of CSV files with a datapackage.json."""
    path.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        header = list(dict.fromkeys(column for row in rows for column in row))
        write(path / f"{name}.csv", csv_text(rows, header))
    resources = [{"name": name, "path": f"{name}.csv"} for name in tables]
    write(path / "datapackage.json", json.dumps(descriptor or {"name": "local", "resources": resources}))
    return path


def zipped(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
    return target
