"""Reads SAMHSA's national directories of treatment facilities, both editions, as workbook or CSV."""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, islice

from entero.directory.importing.reading import sheets, tables
from entero.directory.importing.reading.files import Looked, Shape
from entero.directory.importing.reading.problems import Notes, Problem, Repair, RowRefused, Why
from entero.directory.importing.reading.streams import open_bytes
from entero.directory.places.states import by_code, state_of_zip
from entero.directory.vocabulary.samhsa import is_code_text

WANTED = frozenset(
    "name1 name2 street1 street2 city state zip phone intake1 intake2 service_code_info".split()
)
MENTAL_CODE = "MH"
"""Stands in nearly every row of the mental-health directory and in no row of the other."""

NAME_LENGTH = 255
SHORT_LENGTHS = {"city": 100, "street1": 255, "street2": 255}
FIRST_ROWS = 400
LAST_EDITION_WITHOUT_KINDS = 2022


class Sector(StrEnum):
    """SAMHSA keeps two directories."""

    MENTAL = "mh"
    SUBSTANCE = "sa"


SECTORS = {"mental": Sector.MENTAL, "substance": Sector.SUBSTANCE}


@dataclass(frozen=True, slots=True)
class Facility:
    """One row: a facility and what its codes say. ``numbers`` are its public and intake telephones."""

    line: int
    sector: Sector
    name: str
    branch: str
    street: str
    street_more: str
    city: str
    state: str
    zip_code: str
    phone: str
    intake: tuple[str, ...]
    codes: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Edition:
    """Which directory a file is. ``sector`` is None when it holds both."""

    year: int
    sector: Sector | None

    @property
    def slug(self) -> str:
        return f"samhsa-{self.year}" + (f"-{self.sector}" if self.sector else "")


def read_facilities(looked: Looked, notes: Notes) -> tuple[Edition, Iterator[Facility]]:
    """Return the edition of a file and its facilities; rows that cannot be taken are in the notes.

    Both come from the content: the columns, the codes of the first rows, the year of the workbook.
    """
    lines = _lines(looked, notes)
    _, header = next(lines, (0, []))
    at = _columns(header)
    first = list(islice(lines, FIRST_ROWS))
    edition = _edition(looked, at, first)
    return edition, _facilities(chain(first, lines), at, edition, notes)


def _edition(looked: Looked, at: dict[str, int], first: list[tables.Line]) -> Edition:
    if "directory_type" in at:
        return Edition(2024, None)
    year = sheets.edition_year(looked.path) if looked.shape is Shape.SHEET else None
    codes = {code for _, cells in first for code in cells[at["service_code_info"]].split()}
    sector = Sector.MENTAL if MENTAL_CODE in codes else Sector.SUBSTANCE
    return Edition(year or LAST_EDITION_WITHOUT_KINDS, sector)


def _facilities(
    lines: Iterator[tables.Line], at: dict[str, int], edition: Edition, notes: Notes
) -> Iterator[Facility]:
    for line, cells in lines:
        try:
            yield _facility(line, {name: _clean(cells[i], notes) for name, i in at.items()}, edition, notes)
        except RowRefused as refused:
            notes.refuse(line, refused.why, refused.detail)


def _lines(looked: Looked, notes: Notes) -> Generator[tables.Line, None, None]:
    if looked.shape is Shape.SHEET:
        return sheets.read_sheet(looked.path, WANTED, notes)
    return tables.read_table(lambda: open_bytes(looked.path), notes)


def _columns(header: list[str]) -> dict[str, int]:
    names = [name.strip().lower() for name in header]
    missing = WANTED - set(names)
    if missing:
        raise Problem(Why.MISSING_COLUMNS, ", ".join(sorted(missing)))
    doubled = {name for name in names if name and names.count(name) > 1}
    if doubled:
        raise Problem(Why.DOUBLE_COLUMN, ", ".join(sorted(doubled))[:80])
    return {name: index for index, name in enumerate(names) if name}


CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def _clean(cell: str, notes: Notes) -> str:
    if not cell.isprintable() and CONTROL.search(cell):
        notes.repair(Repair.CONTROL_SIGNS)
        cell = CONTROL.sub("", cell)
    return " ".join(cell.split())


def _facility(line: int, row: dict[str, str], edition: Edition, notes: Notes) -> Facility:
    if not any(row[name] for name in WANTED):
        raise RowRefused(Why.EMPTY_ROW)
    state = row["state"].upper()
    if state not in by_code():
        raise RowRefused(Why.SHIFTED if len(state) > 2 else Why.STATE, row["state"])
    zip_code = _zip(row["zip"], state, notes)
    _check_texts(row)
    latitude, longitude = _coordinates(row, notes)
    return Facility(
        line=line,
        sector=edition.sector or _sector(row["directory_type"]),
        name=row["name1"],
        branch=row["name2"],
        street=row["street1"],
        street_more=row["street2"],
        city=row["city"],
        state=state,
        zip_code=zip_code,
        phone=row["phone"],
        intake=tuple(row[name] for name in ("intake1", "intake2", "intake1a", "intake2a") if row.get(name)),
        codes=row["service_code_info"],
        latitude=latitude,
        longitude=longitude,
    )


def _check_texts(row: dict[str, str]) -> None:
    if not row["name1"]:
        raise RowRefused(Why.NO_NAME)
    for name in ("name1", "name2"):
        if len(row[name]) > NAME_LENGTH:
            raise RowRefused(Why.NAME_TOO_LONG, row[name][:40])
    if not row["street1"] or not row["city"]:
        raise RowRefused(Why.NO_PLACE)
    for name, length in SHORT_LENGTHS.items():
        if len(row[name]) > length:
            raise RowRefused(Why.SHIFTED, row[name][:40])
    if not row["service_code_info"]:
        raise RowRefused(Why.NO_CODES)
    if not is_code_text(row["service_code_info"]):
        raise RowRefused(Why.SHIFTED, row["service_code_info"][:40])


def _sector(kind: str) -> Sector:
    if kind.lower() not in SECTORS:
        raise RowRefused(Why.SHIFTED, kind)
    return SECTORS[kind.lower()]


def _zip(text: str, state: str, notes: Notes) -> str:
    """Return five digits; zeros that a spreadsheet has eaten are put back when the state agrees."""
    if not re.fullmatch(r"[0-9]{3,5}(-?[0-9]{4})?", text) and not re.fullmatch(r"[0-9]{3,5}", text):
        raise RowRefused(Why.SHIFTED if text and not text[0].isdigit() else Why.ZIP, text)
    digits = text.split("-", maxsplit=1)[0]
    if len(digits) > 5:
        digits = digits[:-4]
    if len(digits) == 5:
        return digits
    whole = digits.zfill(5)
    if state_of_zip(whole) != state:
        raise RowRefused(Why.ZIP, text)
    notes.repair(Repair.ZIP_ZEROS)
    return whole


def _coordinates(row: dict[str, str], notes: Notes) -> tuple[float | None, float | None]:
    texts = row.get("latitude", ""), row.get("longitude", "")
    if texts in {("", ""), ("NA", "NA")}:
        return None, None
    try:
        latitude, longitude = float(texts[0]), float(texts[1])
    except ValueError:
        latitude = longitude = float("nan")
    if -90 <= latitude <= 90 and -180 <= longitude <= 180:
        return latitude, longitude
    notes.repair(Repair.COORDINATES)
    return None, None
