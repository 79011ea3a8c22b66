"""Reads the rows of an Excel workbook as text. Formulas are never evaluated."""

import re
import warnings
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from entero.directory.importing.reading import limits
from entero.directory.importing.reading.archives import open_archive, open_member
from entero.directory.importing.reading.problems import Notes, Problem, Repair, Why
from entero.directory.importing.reading.tables import Line

BROKEN = (
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    OverflowError,
    EOFError,
    OSError,
    ParseError,
    zlib.error,
    zipfile.BadZipFile,
    NotImplementedError,
    InvalidFileException,
)
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
YEAR = re.compile(rb"<dcterms:created[^>]*>(\d{4})")


def read_sheet(path: Path, wanted: frozenset[str], notes: Notes) -> Generator[Line, None, None]:
    """Yield (line, cells) of the first sheet whose header has the wanted columns, the header first.

    Raises Problem with the columns that no sheet has, or when the workbook is not whole.
    """
    with _guarded():
        formulas = _look_through(path)
        with closing(_load(path, cached=True)) as book:
            name, width = _find_sheet(book, wanted)
            if formulas:
                yield from _rows_with_formulas(path, book, name, width, notes)
            else:
                yield from _plain_rows(book, name, width)


def edition_year(path: Path) -> int | None:
    """Return the year in which the workbook was made, when it says so."""
    with open_archive(path) as archive:
        if "docProps/core.xml" not in archive.namelist():
            return None
        with open_member(archive, "docProps/core.xml", limits.FIELD_BYTES) as stream:
            found = YEAR.search(stream.read())
    return int(found[1]) if found else None


@contextmanager
def _guarded() -> Iterator[None]:
    try:
        yield
    except DefusedXmlException as error:
        raise Problem(Why.ENTITIES) from error
    except BROKEN as error:
        raise Problem(Why.BROKEN) from error


def _load(path: Path, *, cached: bool) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of styles and validations, which we do not read
        return openpyxl.load_workbook(path, read_only=True, data_only=cached, keep_links=False)


def _look_through(path: Path) -> bool:
    """Refuse entities and huge parts; say whether any sheet holds a formula."""
    formulas = False
    with open_archive(path) as archive:
        for info in archive.infolist():
            if not info.filename.endswith((".xml", ".rels")):
                continue
            formulas |= _look_through_part(archive, info.filename)
    return formulas


def _look_through_part(archive: zipfile.ZipFile, name: str) -> bool:
    is_sheet, formulas, tail = name.startswith("xl/worksheets/"), False, b""
    with open_member(archive, name, limits.SHEET_BYTES) as stream:
        chunk = stream.read(64 * 1024)
        if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk:
            raise Problem(Why.ENTITIES)
        while is_sheet and chunk and not formulas:
            formulas = FORMULA.search(tail + chunk) is not None
            tail, chunk = chunk[-16:], stream.read(256 * 1024)
    return formulas


def _find_sheet(book: Workbook, wanted: frozenset[str]) -> tuple[str, int]:
    missing = wanted
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what a sheet says of its own size is not always true
        header = next(sheet.iter_rows(max_row=1, max_col=limits.COLUMNS, values_only=True), ())
        names = [str(cell).strip().lower() if cell is not None else "" for cell in header]
        lacking = wanted - set(names)
        if not lacking:
            return sheet.title, max(index for index, name in enumerate(names) if name) + 1
        missing = min(missing, lacking, key=len)
    raise Problem(Why.MISSING_COLUMNS, ", ".join(sorted(missing)))


def _plain_rows(book: Workbook, name: str, width: int) -> Iterator[Line]:
    for line, row in enumerate(book[name].iter_rows(max_col=width, values_only=True), 1):
        _check_line(line)
        if any(cell is not None for cell in row):
            yield line, [_text(cell) for cell in row]


def _rows_with_formulas(path: Path, book: Workbook, name: str, width: int, notes: Notes) -> Iterator[Line]:
    """Take the value that was stored beside a formula; refuse the row when none was."""
    with closing(_load(path, cached=False)) as formulas:
        formulas[name].reset_dimensions()
        rows = zip(
            formulas[name].iter_rows(max_col=width),
            book[name].iter_rows(max_col=width, values_only=True),
            strict=True,
        )
        for line, (cells, values) in enumerate(rows, 1):
            _check_line(line)
            computed = [getattr(cell, "data_type", "n") == "f" for cell in cells]
            if any(is_one and value is None for is_one, value in zip(computed, values, strict=True)):
                notes.refuse(line, Why.FORMULA)
                continue
            if any(computed):
                notes.repair(Repair.FORMULA)
            if any(value is not None for value in values):
                yield line, [_text(value) for value in values]


def _check_line(line: int) -> None:
    if line > limits.SHEET_ROWS:
        raise Problem(Why.TOO_BIG)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)
