"""What can be wrong with a file or a row, and the notes a reader takes on its way."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

REFUSALS_KEPT = 1_000


class Why(StrEnum):
    """Why a whole file or one row is refused. The words for people are in ``importing.words``."""

    MISSING = "missing"
    EMPTY = "empty"
    TOO_BIG = "too_big"
    UNKNOWN_KIND = "unknown_kind"
    OTHER_FORMAT = "other_format"
    BROKEN = "broken"
    BREAKS_OFF = "breaks_off"
    UNPACKS_TOO_FAR = "unpacks_too_far"
    UNSAFE_ARCHIVE = "unsafe_archive"
    ENTITIES = "entities"
    UTF_16 = "utf_16"
    ENCODING = "encoding"
    NUL = "nul"
    LONG_FIELD = "long_field"
    TOO_MANY_COLUMNS = "too_many_columns"
    MISSING_COLUMNS = "missing_columns"
    DOUBLE_COLUMN = "double_column"
    DOUBLE_KEY = "double_key"
    TOO_DEEP = "too_deep"
    RECORD_TOO_BIG = "record_too_big"
    NOTHING_USABLE = "nothing_usable"
    SOURCE_NAME = "source_name"
    MOST_WOULD_GO = "most_would_go"
    DATABASE = "database"

    EMPTY_ROW = "empty_row"
    COLUMN_COUNT = "column_count"
    SHIFTED = "shifted"
    NO_NAME = "no_name"
    NAME_TOO_LONG = "name_too_long"
    NO_PLACE = "no_place"
    ZIP = "zip"
    STATE = "state"
    NO_CODES = "no_codes"
    FORMULA = "formula"
    AGES = "ages"
    STATUS = "status"
    NO_ID = "no_id"
    NO_ORGANIZATION = "no_organization"
    SAME_ID = "same_id"
    BELONGS_TO_NOTHING = "belongs_to_nothing"
    UNKNOWN_RECORD = "unknown_record"
    VALUE = "value"


class Repair(StrEnum):
    """What is mended on the way in, and counted."""

    ZIP_ZEROS = "zip_zeros"
    ENCODING = "encoding"
    CONTROL_SIGNS = "control_signs"
    MARKUP = "markup"
    SHORTENED = "shortened"
    WEB_ADDRESS = "web_address"
    EMAIL = "email"
    COORDINATES = "coordinates"
    DATE = "date"
    NUMBER = "number"
    FORMULA = "formula"
    LOOSE_LINK = "loose_link"
    ID = "id"


class Problem(Exception):
    """The file as a whole cannot be taken."""

    def __init__(self, why: Why, detail: str = "", *, line: int = 0) -> None:
        self.why, self.detail, self.line = why, detail, line
        super().__init__(f"{why} {detail}".strip())


class RowRefused(Exception):
    """One row cannot be taken; the rest of the file can."""

    def __init__(self, why: Why, detail: str = "") -> None:
        self.why, self.detail = why, detail
        super().__init__(f"{why} {detail}".strip())


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken. ``line`` counts from 1 (the header); of a feed, its records from 1."""

    line: int
    why: Why
    detail: str = ""


@dataclass
class Notes:
    """What a reader mended and refused."""

    repaired: Counter[str] = field(default_factory=Counter)
    refused: list[Refusal] = field(default_factory=list)
    refused_count: int = 0

    def repair(self, what: Repair) -> None:
        self.repaired[what.value] += 1

    def refuse(self, line: int, why: Why, detail: str = "") -> None:
        self.refused_count += 1
        if len(self.refused) < REFUSALS_KEPT:
            self.refused.append(Refusal(line, why, detail[:120]))
