"""The page of results: which places, why these, why not others, and what would help to know."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from entero.directory import live

try:
    from entero.directory import sentences
except ImportError:  # for some minutes
    sentences = None
from entero.directory.cards import Call, Card, cards_for
from entero.directory.crisis_lines.lines import CrisisLine, lines_for
from entero.directory.find_help import one_more, said
from entero.directory.find_help.answers import Answers
from entero.directory.find_help.journey import sealed
from entero.directory.find_help.profile_of import HISTORY, profile_of
from entero.directory.find_help.script import Script, scripts
from entero.directory.forms import page_language
from entero.directory.matching.answer import Code, Match, NearMiss, Plan, Reason, Result
from entero.directory.matching.match import match
from entero.directory.matching.profile import Profile
from entero.directory.vocabulary.terms import terms

AT_ONCE = 20
MOST = 200
"""Nobody reads further; it keeps a page from being asked for the whole country."""
LINES_SHOWN = 3
NOT_A_LINE = frozenset({Code.DISTANCE, Code.CHECKED})
"""Reasons that are shown in a place of their own, not in the list."""


@dataclass(frozen=True)
class Shown:
    """One place on the page."""

    id: UUID
    name: str
    organization: str
    is_sample: bool
    phone: Call | None
    miles: int | None
    city: str
    yes: tuple[str, ...]
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
    cards = cards_for(_ids(result, matches), language=language, brief=True)
    shown = shown_of(matches, cards, answers, profile)
    return {
        "state": sealed(answers),
        "answers": answers,
        "person": said.person(answers),
        "rows": said.rows(answers, language),
        "not_told": said.not_told(answers, language),
        "total": result.total,
        "shown": shown,
        "numbered_from": start + 1,
        "next_from": _next(start, result.total),
        "previous_from": max(start - AT_ONCE, 0) if start else None,
        "surely": sum(1 for row in shown if row.yes),
        "near_misses": _missed(result.near_misses, cards, profile.today),
        "question": _question(result, answers, language),
        "widened": [sentences.of_step(step, language) for step in result.widened],
        "plan": _plan(result.plan, cards, language),
        "refused": result.refused,
        "lines": lines_of(answers, profile),
        "crisis": "suicide_crisis" in profile.needs,
    }


def _start(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    return min(number - number % AT_ONCE, MOST - AT_ONCE)


def _next(start: int, total: int) -> int | None:
    following = start + AT_ONCE
    return following if following < min(total, MOST) else None


def _ids(result: Result, matches: Sequence[Match]) -> list[UUID]:
    keys = [one.key for one in (*matches, *result.near_misses)]
    keys += [stop.key for stop in result.plan.stops] if result.plan else []
    return [UUID(bytes=key) for key in dict.fromkeys(keys)]


def shown_of(
    matches: Iterable[Match], cards: Mapping[UUID, Card], answers: Answers, profile: Profile
) -> list[Shown]:
    """Return the places in order; one that has just been hidden from everybody is left out."""
    ids = [(UUID(bytes=one.key), one) for one in matches]
    return [_shown(one, cards[key], answers, profile.today) for key, one in ids if key in cards]


def _shown(one: Match, card: Card, answers: Answers, today: date) -> Shown:
    language = page_language()
    unknowns = told_apart(one.unknowns)
    dated = {reason.code: reason for reason in (*one.reasons, *unknowns)}
    return Shown(
        id=card.id,
        name=card.name,
        organization=card.organization if card.organization != card.name else "",
        is_sample=card.is_sample,
        phone=card.phones[0] if card.phones else None,
        miles=round(one.miles) if one.miles is not None else None,
        city=", ".join(filter(None, (card.place.city, card.place.state))) if card.place else "",
        yes=tuple(
            sentences.of_reason(reason, language, today)
            for reason in one.reasons
            if reason.code not in NOT_A_LINE
        ),
        ask=tuple(
            sentences.of_unknown(reason, language, today)
            for reason in unknowns
            if reason.code is not Code.CALL_FIRST
        ),
        checked=_said(sentences.of_reason, dated.get(Code.CHECKED), language, today),
        call_first=_said(sentences.of_unknown, dated.get(Code.CALL_FIRST), language, today),
        scripts=scripts(unknowns, answers, first=language),
    )


def _said(speak: Any, reason: Reason | None, language: str, today: date) -> str:
    return str(speak(reason, language, today)) if reason else ""


def told_apart(unknowns: Sequence[Reason]) -> tuple[Reason, ...]:
    """Leave out who somebody is where the same thing is asked about as a need."""
    needs = {reason.subject for reason in unknowns if reason.code is Code.NEED}
    same = {who for need, who in HISTORY.items() if need in needs}
    return tuple(
        reason for reason in unknowns if reason.code is not Code.ACCEPTS or reason.subject not in same
    )


def _missed(misses: Iterable[NearMiss], cards: Mapping[UUID, Card], today: date) -> list[Missed]:
    language = page_language()
    return [
        Missed(card.id, card.name, sentences.of_failure(miss.fails, language, today))
        for miss in misses
        if (card := cards.get(UUID(bytes=miss.key)))
    ]


def _question(result: Result, answers: Answers, language: str) -> one_more.Asked | None:
    question = result.next_question
    return one_more.asked(question.id, answers, language) if question else None


def _plan(plan: Plan | None, cards: Mapping[UUID, Card], language: str) -> PlanShown | None:
    if plan is None:
        return None
    stops = tuple(
        (card.id, card.name, _named(stop.needs, language))
        for stop in plan.stops
        if (card := cards.get(UUID(bytes=stop.key)))
    )
    return PlanShown(plan.kind.value, stops, _named(plan.missing, language))


def _named(needs: Iterable[str], language: str) -> str:
    return "; ".join(terms()[need].label(language) for need in needs)


def lines_of(answers: Answers, profile: Profile) -> tuple[CrisisLine, ...]:
    """Return the lines to call at once, by place: there is always somebody to talk to."""
    state = answers.place.state if answers.place else None
    return lines_for(state, topics=profile.needs, age=answers.age)[:LINES_SHOWN]


def without_place(answers: Answers, service_id: UUID) -> Answers:
    """Remember that this place said no: it is not shown again."""
    return replace(answers, away=tuple(dict.fromkeys((*answers.away, service_id))))
