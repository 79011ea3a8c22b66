"""The page of results: which places, why these, why not others, and what would help to know."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from entero.directory import live, sentences
from entero.directory.cards import Brief, briefs_for, source_names
from entero.directory.crisis_lines.lines import CrisisLine, lines_for
from entero.directory.find_help import one_more, said
from entero.directory.find_help.answers import Answers
from entero.directory.find_help.journey import sealed
from entero.directory.find_help.profile_of import profile_of
from entero.directory.find_help.reasons_shown import (
    Line,
    Speaking,
    known,
    not_known,
    of_reason,
    of_unknown,
    short_label,
    told_apart,
)
from entero.directory.find_help.script import Says, Script
from entero.directory.forms import page_language
from entero.directory.matching.answer import Code, Match, NearMiss, Plan, Result
from entero.directory.matching.match import match
from entero.directory.matching.profile import Profile

AT_ONCE = 10
NO_ID = str(UUID(int=0))
MOST = 200
"""Nobody reads further; it keeps a page from being asked for the whole country."""
LINES_SHOWN = 3


@dataclass(frozen=True)
class Shown:
    """One place on the page; ``url`` leads to its page, ``away_url`` to the report of being turned away."""

    id: UUID
    url: str
    away_url: str
    name: str
    organization: str
    city: str
    is_sample: bool
    dial: str
    call: str
    aside: str
    yes: tuple[Line, ...]
    ask: tuple[str, ...]
    checked: str
    call_first: str
    scripts: tuple[Script, ...] = ()


@dataclass(frozen=True)
class Missed:
    """A place that fails one thing, and what."""

    id: UUID
    name: str
    why: str


@dataclass(frozen=True)
class PlanShown:
    """How several needs can be met together; ``kind`` chooses the words."""

    kind: str
    stops: tuple[tuple[UUID, str, str], ...]
    missing: str


def found(answers: Answers, *, limit: int = AT_ONCE) -> tuple[Profile, Result]:
    """Ask the matcher."""
    profile = profile_of(answers, now=timezone.localtime(), language=page_language())
    result = match(live.directory(), profile, evidence=live.evidence_of, limit=limit)
    return profile, result


def context_of(answers: Answers, posted: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page shows; a posted answer to the one question more is put in first."""
    if "question" in posted:
        answers = one_more.answered(answers, posted["question"], posted.get("answer", ""))
    language, start = page_language(), _start(posted.get("from", ""))
    profile, result = found(answers, limit=start + AT_ONCE)
    matches = result.matches[start:]
    cards = briefs_for(_ids(result, matches))
    shown = shown_of(matches, cards, answers, profile)
    return {
        "state": sealed(answers),
        "answers": answers,
        "person": said.person(answers),
        "rows": said.rows(answers, language),
        "in_short": said.in_short(answers, language),
        "not_told": said.not_told(answers, language),
        "total": result.total,
        "shown": shown,
        "words": words(),
        "numbered_from": start + 1,
        "next_from": _next(start, result.total),
        "previous_from": max(start - AT_ONCE, 0) if start else None,
        "near_misses": _missed(result.near_misses, cards, profile.today),
        "question": _question(result, answers, language),
        "widened": [sentences.of_step(step, language) for step in result.widened],
        "plan": _plan(result.plan, cards, language),
        "refused": result.refused,
        "lines": lines_of(answers, profile),
        "crisis": "suicide_crisis" in profile.needs,
    }


def words() -> dict[str, str]:
    """Return what is the same on every card."""
    return {
        "sample": _("sample"),
        "away": _("I was turned away here"),
        "say": _("What to say when you call"),
    }


def _start(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    return min(number - number % AT_ONCE, MOST - AT_ONCE)


def _next(start: int, total: int) -> int | None:
    following = start + AT_ONCE
    return following if following < min(total, MOST) else None


def _ids(result: Result, matches: Sequence[Match]) -> list[UUID]:
    keys = [one.key for one in matches] + [miss.key for miss in result.near_misses]
    keys += [stop.key for stop in result.plan.stops] if result.plan else []
    return [UUID(bytes=key) for key in dict.fromkeys(keys)]


def shown_of(
    matches: Iterable[Match], briefs: Mapping[UUID, Brief], answers: Answers, profile: Profile
) -> list[Shown]:
    """Return the places in order; one that has just been hidden from everybody is left out."""
    listed = [(UUID(bytes=one.key), one) for one in matches]
    slugs = {reason.evidence.source for _key, one in listed for reason in one.reasons if reason.evidence}
    language = page_language()
    speaking = Speaking(language, profile.today, source_names(slugs - {""}, language), len(profile.needs))
    says = Says(answers, language)
    return [_shown(one, briefs[key], speaking, says) for key, one in listed if key in briefs]


def _shown(one: Match, brief: Brief, speaking: Speaking, says: Says) -> Shown:
    language, today = speaking.language, speaking.today
    codes = {reason.code: reason for reason in (*one.reasons, *one.unknowns)}
    distance = None if {Code.REMOTE, Code.NATIONAL} & codes.keys() else codes.get(Code.DISTANCE)
    checked, call_first = codes.get(Code.CHECKED), codes.get(Code.CALL_FIRST)
    return Shown(
        id=brief.id,
        url=_address("service", brief.id),
        away_url=_address("turned_away", brief.id),
        name=brief.name,
        organization=brief.organization if brief.organization != brief.name else "",
        city=brief.city,
        is_sample=brief.is_sample,
        dial=brief.phone.dial if brief.phone else "",
        call=_("Call %(number)s") % {"number": brief.phone.number} if brief.phone else "",
        aside=of_reason(distance, language, today) if distance else "",
        yes=tuple(known(one.reasons, speaking)),
        ask=tuple(not_known(one.unknowns, speaking)),
        checked=of_reason(checked, language, today) if checked else "",
        call_first=of_unknown(call_first, language, today) if call_first else "",
        scripts=says.about(told_apart(one.unknowns)),
    )


def _address(name: str, service_id: UUID) -> str:
    """Return an address; looking it up once for all places saves a tenth of the page's time."""
    return _addresses(name, page_language()).replace(NO_ID, str(service_id))


@lru_cache(maxsize=16)
def _addresses(name: str, language: str) -> str:
    with translation.override(language):
        return reverse(f"directory:{name}", args=[NO_ID])


def _missed(misses: Iterable[NearMiss], cards: Mapping[UUID, Brief], today: date) -> list[Missed]:
    language = page_language()
    return [
        Missed(card.id, card.name, sentences.of_failure(miss.fails, language, today))
        for miss in misses
        if (card := cards.get(UUID(bytes=miss.key)))
    ]


def _question(result: Result, answers: Answers, language: str) -> one_more.Asked | None:
    question = result.next_question
    return one_more.asked(question.id, answers, language) if question else None


def _plan(plan: Plan | None, cards: Mapping[UUID, Brief], language: str) -> PlanShown | None:
    if plan is None:
        return None
    stops = tuple(
        (card.id, card.name, _named(stop.needs, language))
        for stop in plan.stops
        if (card := cards.get(UUID(bytes=stop.key)))
    )
    return PlanShown(plan.kind.value, stops, _named(plan.missing, language))


def _named(needs: Iterable[str], language: str) -> str:
    return ", ".join(short_label(need, language) for need in needs)


def lines_of(answers: Answers, profile: Profile) -> tuple[CrisisLine, ...]:
    """Return the lines to call at once, by place: there is always somebody to talk to."""
    state = answers.place.state if answers.place else None
    return lines_for(state, topics=profile.needs, age=answers.age)[:LINES_SHOWN]


def without_place(answers: Answers, service_id: UUID) -> Answers:
    """Remember that this place said no: it is not shown again."""
    return replace(answers, away=tuple(dict.fromkeys((*answers.away, service_id))))
