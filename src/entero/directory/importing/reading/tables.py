"""Reads CSV line by line: never more than one line in memory, never evaluated."""

import codecs
import csv
from collections.abc import Callable, Generator, Iterator
from typing import IO, Protocol

from entero.directory.importing.reading import limits
from entero.directory.importing.reading.problems import Notes, Problem, Repair, Why

Opener = Callable[[], IO[bytes]]
Line = tuple[int, list[str]]


class _Reader(Protocol):
    """What csv.reader returns."""

    @property
    def line_num(self) -> int: ...

    def __next__(self) -> list[str]: ...


def read_table(open_stream: Opener, notes: Notes) -> Generator[Line, None, None]:
    """Yield (line, cells), the header first. Rows of another width than the header are refused.

    The stream is read twice: once to learn its encoding, so that no half of a file is ever taken
    for another language than the other half.
    """
    encoding = _encoding(open_stream)
    if encoding != "utf-8":
        notes.repair(Repair.ENCODING)
    with open_stream() as stream:
        lines = _Lines(stream, encoding)
        reader = csv.reader(lines, strict=True)
        yield from _whole_rows(reader, lines, notes)


def _whole_rows(reader: "_Reader", lines: "_Lines", notes: Notes) -> Iterator[Line]:
    width, start = 0, 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Problem(_csv_problem(error), line=start) from error
        if cells is None:
            return
        if not width:
            width = _check_width(cells)
            yield start, cells
        elif len(cells) == width:
            yield start, cells
        elif len(cells) < width and lines.ended_without_break:
            raise Problem(Why.BREAKS_OFF, line=start)
        elif cells:
            notes.refuse(start, Why.COLUMN_COUNT, f"{len(cells)} / {width}")
        start = reader.line_num + 1


def _check_width(cells: list[str]) -> int:
    if len(cells) > limits.COLUMNS:
        raise Problem(Why.TOO_MANY_COLUMNS, str(len(cells)))
    return len(cells)


def _csv_problem(error: csv.Error) -> Why:
    text = str(error)
    if "limit" in text:
        return Why.LONG_FIELD
    return Why.BREAKS_OFF if "unexpected end" in text else Why.BROKEN


class _Lines:
    """Lines of a stream, decoded; a line without an end is a Problem, not a full memory."""

    def __init__(self, stream: IO[bytes], encoding: str) -> None:
        self.stream, self.encoding, self.number = stream, encoding, 0
        self.ended_without_break = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        data = self.stream.readline(limits.LINE_BYTES + 1)
        self.number += 1
        if not data:
            raise StopIteration
        if len(data) > limits.LINE_BYTES:
            raise Problem(Why.LONG_FIELD, line=self.number)
        if self.number > limits.ROWS:
            raise Problem(Why.TOO_BIG)
        if self.number == 1:
            data = data.removeprefix(codecs.BOM_UTF8)
        self.ended_without_break = not data.endswith(b"\n")
        return data.decode(self.encoding)


def _encoding(open_stream: Opener) -> str:
    """Return utf-8, or cp1252 for what Windows programs write. Raises Problem for anything else."""
    decoders = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8", "cp1252")}
    with open_stream() as stream:
        while chunk := stream.read(256 * 1024):
            if b"\0" in chunk:
                raise Problem(Why.NUL)
            decoders = {name: it for name, it in decoders.items() if _decodes(it, chunk)}
    decoders = {name: it for name, it in decoders.items() if _decodes(it, b"", final=True)}
    if not decoders:
        raise Problem(Why.ENCODING)
    return next(iter(decoders))


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True
