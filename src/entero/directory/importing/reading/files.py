"""Tells from a file's content what it is; its name says nothing."""

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from entero.directory.importing.reading import limits
from entero.directory.importing.reading.archives import open_archive
from entero.directory.importing.reading.problems import Problem, Why
from entero.directory.importing.reading.streams import open_bytes

DESCRIPTOR = "datapackage.json"
UTF_8_MARK = b"\xef\xbb\xbf"


class Format(StrEnum):
    """What an importer reads."""

    SAMHSA = "samhsa"
    HSDS_JSON = "hsds-json"
    HSDS_TABULAR = "hsds-tabular"


class Shape(StrEnum):
    """How the bytes are arranged."""

    SHEET = "sheet"
    TABLE = "table"
    JSON = "json"
    ARCHIVE = "archive"
    FOLDER = "folder"


FORMATS = {
    Shape.SHEET: Format.SAMHSA,
    Shape.TABLE: Format.SAMHSA,
    Shape.JSON: Format.HSDS_JSON,
    Shape.ARCHIVE: Format.HSDS_TABULAR,
    Shape.FOLDER: Format.HSDS_TABULAR,
}


@dataclass(frozen=True)
class Looked:
    """A file that was looked at."""

    path: Path
    shape: Shape

    @property
    def format(self) -> Format:
        return FORMATS[self.shape]


def look(path: Path, wanted: Format | None = None) -> Looked:
    """Return what the file is. Raises Problem for one that no importer reads, or another than wanted."""
    looked = Looked(path, _shape(path))
    if wanted is not None and looked.format is not wanted:
        raise Problem(Why.OTHER_FORMAT, looked.format.value)
    return looked


def _shape(path: Path) -> Shape:
    if path.is_dir():
        return Shape.FOLDER
    if not path.is_file():
        raise Problem(Why.MISSING, path.name)
    size = path.stat().st_size
    if size == 0:
        raise Problem(Why.EMPTY)
    if size > limits.FILE_BYTES:
        raise Problem(Why.TOO_BIG)
    with path.open("rb") as file:
        head = file.read(4)
    return _shape_of_archive(path) if head == b"PK\x03\x04" else _shape_of_text(path)


def _shape_of_archive(path: Path) -> Shape:
    with open_archive(path) as archive:
        names = archive.namelist()
    if "xl/workbook.xml" in names:
        return Shape.SHEET
    if any(name.lower().endswith((".csv", DESCRIPTOR)) for name in names):
        return Shape.ARCHIVE
    raise Problem(Why.UNKNOWN_KIND)


def _shape_of_text(path: Path) -> Shape:
    with open_bytes(path) as stream:
        head = stream.read(4096)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Problem(Why.UTF_16)
    text = head.removeprefix(UTF_8_MARK).lstrip()
    if not text:
        raise Problem(Why.EMPTY)
    if text[:1] in b"{[":
        return Shape.JSON
    if b"\0" in head:
        raise Problem(Why.UTF_16 if _half_nul(head) else Why.UNKNOWN_KIND)
    first_line = text.split(b"\n", 1)[0].lower()
    if b"," not in first_line or b"name" not in first_line:
        raise Problem(Why.UNKNOWN_KIND)
    return Shape.TABLE


def _half_nul(head: bytes) -> bool:
    """UTF-16 without a mark: nearly every second byte of English text is zero, and hardly one between."""
    less, more = sorted((head[0::2].count(0), head[1::2].count(0)))
    return more * 3 > len(head) and less * 20 < len(head)


def read_small_json(data: bytes) -> object:
    """Return a small JSON document. Raises Problem."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Problem(Why.BROKEN, DESCRIPTOR) from error
