"""The page of one service: what is known, who says so, and what to ask."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entero.directory import freshness, sentences
from entero.directory.cards import Card, Details, Said, details_of
from entero.directory.find_help import journey, times
from entero.directory.find_help.map_of_place import Drawing, drawing_of
from entero.directory.find_help.neutral import neutral
from entero.directory.find_help.opening import opening
from entero.directory.find_help.profile_of import profile_of
from entero.directory.find_help.reasons_shown import told_apart
from entero.directory.find_help.script import Says, unknowns_of_stranger
from entero.directory.forms import page_language
from entero.directory.matching.answer import Code, Reason
from entero.directory.matching.profile import Profile
from entero.directory.places.states import by_code
from entero.directory.vocabulary.terms import languages, populations, terms, with_children

ASKED_MOST = ("man", "boy", "trans_man", "gay_bisexual", "without_documents", "active_substance_use")
"""What this page never leaves out: when nobody has said it, it says that nobody has."""
ROOM_IS_NEWS_DAYS = 14
COSTS = {1: "free", 2: "sliding", 4: "insurance"}


@dataclass(frozen=True)
class Line:
    """One thing that is known, or not, about whom it takes: yes, no or ask."""

    kind: str
    text: str


@dataclass(frozen=True)
class Voice:
    """What one source said on one day; without a source, what nobody has said."""

    lines: tuple[Line, ...]
    source: str = ""
    observed_on: date | None = None
    checked: bool = False


def context_of(service_id: UUID, posted: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what the page shows, or None when there is no such public service.

    Somebody who comes from the results brings his answers along; they only choose the questions to ask.
    """
    language = page_language()
    details = details_of(service_id, language=language)
    if details is None:
        return None
    answers, expired = journey.opened(posted)
    told = "state" in posted and not expired
    profile = profile_of(answers, now=timezone.localtime(), language=language) if told else None
    unknowns = unknowns_of(details, profile)
    card = details.card
    zone = card.place.time_zone if card.place else ""
    return {
        "service": card,
        "neutral_title": neutral(card.name, card.organization),
        "state": journey.sealed(answers) if told else "",
        "call_first": is_old(details, timezone.localdate()),
        "checked_on": details.checked_on,
        "sources": details.sources,
        "room": room(details, timezone.localdate()),
        "now": times.now_line(opening(card.hours, timezone.now(), zone)),
        "hours": times.lines(card.hours),
        "takes": takes(details, language),
        "ages": ages(card),
        "helps": [terms()[name].label(language) for name in details.terms],
        "languages": _spoken(card, language),
        "costs": costs(card),
        "scripts": Says(answers, language).about(unknowns),
        "unknowns": missing(details),
        "drawing": drawing_of(card.place) if card.place else None,
        "where": where(card, language),
    }


def is_old(details: Details, today: date) -> bool:
    """Say whether a page must say: call first."""
    return details.checked_on is None or freshness.call_first(details.checked_on, today)


def takes(details: Details, language: str) -> list[Voice]:
    """Return what is known about whom it takes, by who says so: our staff first, then the newest."""
    known = [one for one in details.said if one.population in populations()]
    voices = {(one.checked, one.observed_on, one.source): one for one in known}
    found = [
        Voice(
            tuple(_lines(one for one in known if (one.checked, one.observed_on, one.source) == voice)),
            voices[voice].source,
            voices[voice].observed_on,
            voices[voice].checked,
        )
        for voice in sorted(voices, reverse=True)
    ]
    said = {one.population for one in details.said}
    silent = [name for name in ASKED_MOST if name not in said]
    asked = tuple(Line("ask", populations()[name].sentence("unknown", language)) for name in silent)
    return [*found, Voice(asked)] if asked else found


def _lines(said: Iterable[Said]) -> list[Line]:
    """Return yes before no before not known."""
    kinds = {"yes": "yes", "no": "no", "unknown": "ask"}
    language = page_language()
    lines = [
        Line(kinds[one.answer], populations()[one.population].sentence(one.answer, language)) for one in said
    ]
    return sorted(lines, key=lambda line: list(kinds.values()).index(line.kind))


def ages(card: Card) -> str:
    low, high = card.ages
    if low is not None and high is not None:
        return _("Ages %(low)s to %(high)s") % {"low": low, "high": high}
    if low is not None:
        return ngettext("From %(low)s year on", "From %(low)s years on", low) % {"low": low}
    if high is not None:
        return ngettext("Up to %(high)s year", "Up to %(high)s years", high) % {"high": high}
    return ""


def costs(card: Card) -> list[str]:
    """Return how it can be paid, as far as anybody says."""
    texts = {
        "free": _("It costs nothing."),
        "sliding": _("You pay by what you earn."),
        "insurance": _("It takes health insurance."),
    }
    return [texts[name] for bit, name in COSTS.items() if card.cost & bit]


def _spoken(card: Card, language: str) -> str:
    names = ", ".join(name_of(code, language) for code in card.languages)
    return names[:1].upper() + names[1:]


def name_of(code: str, language: str) -> str:
    return languages()[code].label(language) if code in languages() else code


def room(details: Details, today: date) -> str:
    """Say whether there was room, as long as that is news."""
    seen = details.room
    if seen is None or (today - seen.on).days > ROOM_IS_NEWS_DAYS:
        return ""
    when = sentences.ago(seen.on, today)
    if seen.available:
        return _("There was room %(when)s.") % {"when": when}
    if seen.waiting_list:
        return _("It was full %(when)s, with a waiting list.") % {"when": when}
    return _("It was full %(when)s.") % {"when": when}


def missing(details: Details) -> list[str]:
    """Say plainly what we could not find out."""
    card = details.card
    absent = (
        (not card.hours, _("When it is open")),
        (not card.cost and not card.fees, _("What it costs")),
        (not card.languages, _("Which languages are spoken there")),
        (not card.documents, _("What you need to bring")),
        (card.place is None, _("Where it is")),
        (not room(details, timezone.localdate()), _("Whether there is room today")),
    )
    return [text for lacks, text in absent if lacks]


def where(card: Card, language: str) -> str:
    """Say in words where the drawing puts it."""
    drawing: Drawing | None = drawing_of(card.place) if card.place else None
    if drawing is None or card.place is None:
        return ""
    parts = {
        "middle": _("%(city)s is in the middle of %(state)s."),
        "north": _("%(city)s is in the north of %(state)s."),
        "south": _("%(city)s is in the south of %(state)s."),
        "east": _("%(city)s is in the east of %(state)s."),
        "west": _("%(city)s is in the west of %(state)s."),
        "north_east": _("%(city)s is in the northeast of %(state)s."),
        "north_west": _("%(city)s is in the northwest of %(state)s."),
        "south_east": _("%(city)s is in the southeast of %(state)s."),
        "south_west": _("%(city)s is in the southwest of %(state)s."),
    }
    state = by_code()[card.place.state].label(language) if card.place.state in by_code() else ""
    return parts[drawing.part] % {"city": card.place.city or _("The place"), "state": state}


def unknowns_of(details: Details, profile: Profile | None) -> tuple[Reason, ...]:
    """Return what this reader should ask about this service."""
    settled = {one.population for one in details.said if one.answer in {"yes", "no"}}
    old = (Reason(code=Code.CALL_FIRST),) if is_old(details, timezone.localdate()) else ()
    if profile is None:
        return (*unknowns_of_stranger(settled), *old)
    people = [Reason(code=Code.ACCEPTS, subject=name) for name in profile.asked if name not in settled]
    needs = [
        Reason(code=Code.NEED, subject=need)
        for need in profile.needs
        if not set(with_children(need)) & set(details.terms)
    ]
    spoken = _unspoken(details.card, profile.languages[:1])
    return told_apart((*people, *needs, *spoken, Reason(code=Code.ROOM), *_cost(details.card), *old))


def _unspoken(card: Card, wanted: Iterable[str]) -> list[Reason]:
    spoken = {*card.languages, "en"}
    return [Reason(code=Code.LANGUAGE, subject=code) for code in wanted if code not in spoken]


def _cost(card: Card) -> tuple[Reason, ...]:
    return () if card.cost & 1 else (Reason(code=Code.COST),)
