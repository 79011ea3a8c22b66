"""A sheet to print or copy: numbers, addresses, hours. Nothing says what it is for, or whose site this is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from entero.directory.cards import Card, cards_for
from entero.directory.find_help import times
from entero.directory.find_help.answers import Answers
from entero.directory.find_help.neutral import neutral
from entero.directory.find_help.results_page import found
from entero.directory.find_help.service_page import name_of
from entero.directory.forms import page_language

ON_A_SHEET = 10


@dataclass(frozen=True)
class Entry:
    """One place on a sheet."""

    name: str
    lines: tuple[str, ...]


def entry_of(card: Card, number: int) -> Entry:
    """Return what a sheet says of a place; a name that tells too much becomes a number."""
    name = neutral(card.name, card.organization) or _("Place %(number)s") % {"number": number}
    return Entry(name, tuple(_lines(card)))


def _lines(card: Card) -> Iterator[str]:
    for call in card.phones:
        yield call.number
    if card.place:
        yield from card.place.lines
        yield " ".join(filter(None, (f"{card.place.city},", card.place.state, card.place.postal_code)))
    yield from times.plain(card.hours)
    if card.languages:
        yield ", ".join(name_of(code, page_language()) for code in card.languages)


def of_service(service_id: UUID) -> tuple[Entry, ...]:
    """Return the sheet of one service; empty when it is not public."""
    return _entries([service_id])


def of_results(answers: Answers) -> tuple[Entry, ...]:
    """Return the sheet of the best places."""
    _profile, result = found(answers, limit=ON_A_SHEET)
    return _entries(UUID(bytes=one.key) for one in result.matches)


def _entries(ids: Iterable[UUID]) -> tuple[Entry, ...]:
    wanted = list(ids)
    cards = cards_for(wanted, language=page_language())
    ordered = [cards[service_id] for service_id in wanted if service_id in cards]
    return tuple(entry_of(card, number) for number, card in enumerate(ordered, 1))


def as_text(entries: Iterable[Entry]) -> str:
    """Return a sheet as plain text."""
    return "\n\n".join("\n".join((entry.name, *entry.lines)) for entry in entries)
