"""Reads HSDS JSON as a stream of records: a page of a feed, a list, or a single record."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import ijson

from entero.directory.importing.reading import limits
from entero.directory.importing.reading.files import UTF_8_MARK, Looked
from entero.directory.importing.reading.problems import Problem, Why
from entero.directory.importing.reading.streams import open_bytes

Record = dict[str, Any]
Event = tuple[str, Any]
QUOTE = re.compile(rb'(?<!\\)(?:\\\\)*"')


@dataclass
class Feed:
    """A JSON file. ``page`` holds what a page says of itself, once the records were read."""

    looked: Looked
    page: Record = field(default_factory=dict)
    single: bool = False

    @property
    def whole(self) -> bool:
        """Say whether the file is all of its source: a list, or the only page of a feed."""
        return not self.single and _as_count(self.page.get("total_pages")) <= 1

    def records(self) -> Iterator[tuple[int, Record]]:
        """Yield (number, record), counted from 1. Raises Problem when the file is not whole JSON."""
        with open_bytes(self.looked.path) as stream:
            try:
                yield from self._records(_events(stream))
            except (ijson.JSONError, UnicodeDecodeError) as error:
                raise Problem(_kind(error)) from error
            except ValueError as error:
                raise Problem(Why.BROKEN) from error

    def _records(self, events: Iterator[Event]) -> Iterator[tuple[int, Record]]:
        event, _ = next(events, ("", None))
        if event == "start_array":
            yield from _items(events)
        elif event == "start_map":
            yield from self._page(events)
        else:
            raise Problem(Why.UNKNOWN_KIND)
        for _ in events:
            pass

    def _page(self, events: Iterator[Event]) -> Iterator[tuple[int, Record]]:
        """Read an object: its list of contents as a stream, anything else as one record."""
        found: Record = {}
        listed = False
        budget = _Budget()
        for event, name in events:
            if event == "end_map":
                break
            if name in found:
                raise Problem(Why.DOUBLE_KEY, str(name)[:40])
            value_event, value = next(events)
            if name == "contents" and value_event == "start_array":
                listed = True
                yield from _items(events)
                found[name] = None
            else:
                found[name] = _value(events, value_event, value, budget)
        if listed:
            self.page = found
        else:
            self.single = True
            yield 1, found


def _events(stream: IO[bytes]) -> Iterator[Event]:
    return iter(ijson.basic_parse(_Quoted(stream), use_float=True))


class _Quoted:
    """Passes JSON on, unless a text in it never ends: the parser would keep all of it in memory."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.without, self.tail = stream, 0, b""
        self.first = True

    def read(self, size: int = -1) -> bytes:
        if size == 0:
            return b""
        data = self.stream.read(size if size > 0 else 64 * 1024)
        if self.first:
            self.first = False
            data = data.removeprefix(UTF_8_MARK)
        seen = self.tail + data
        self.without = 0 if QUOTE.search(seen) else self.without + len(data)
        if self.without > limits.FIELD_BYTES:
            raise Problem(Why.LONG_FIELD)
        self.tail = data[len(data) - (len(data) - len(data.rstrip(b"\\"))) :]
        return data


@dataclass
class _Budget:
    """How much one record may still hold."""

    nodes: int = limits.RECORD_NODES

    def spend(self) -> None:
        self.nodes -= 1
        if self.nodes < 0:
            raise Problem(Why.RECORD_TOO_BIG)


def _items(events: Iterator[Event]) -> Iterator[tuple[int, Record]]:
    for number, (event, value) in enumerate(events, 1):
        if event == "end_array":
            return
        item = _value(events, event, value, _Budget())
        yield number, item if isinstance(item, dict) else {}


def _value(events: Iterator[Event], event: str, value: Any, budget: _Budget, depth: int = 1) -> Any:
    budget.spend()
    if depth > limits.DEPTH:
        raise Problem(Why.TOO_DEEP)
    if event == "start_map":
        return _map(events, budget, depth)
    if event == "start_array":
        return _list(events, budget, depth)
    return value


def _map(events: Iterator[Event], budget: _Budget, depth: int) -> Record:
    found: Record = {}
    for event, name in events:
        if event == "end_map":
            break
        if name in found:
            raise Problem(Why.DOUBLE_KEY, str(name)[:40])
        found[name] = _value(events, *next(events), budget, depth + 1)
    return found


def _list(events: Iterator[Event], budget: _Budget, depth: int) -> list[Any]:
    found = []
    for event, value in events:
        if event == "end_array":
            break
        found.append(_value(events, event, value, budget, depth + 1))
    return found


def _as_count(value: Any) -> int:
    return value if isinstance(value, int) else 1


def _kind(error: Exception) -> Why:
    text = str(error).lower()
    broken_off = isinstance(error, ijson.IncompleteJSONError) and (
        "incomplete" in text or "premature eof" in text
    )
    if broken_off:
        return Why.BREAKS_OFF
    return Why.ENCODING if isinstance(error, UnicodeDecodeError) or "utf" in text else Why.BROKEN
