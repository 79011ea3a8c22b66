"""Sentences in the reader's language, made of the coded reasons of the matcher.

Every function takes the language it is to speak ("en" or "es"), so that a page, a command and a feed can each
ask for theirs. Populations bring their own sentences along, in the vocabulary.
"""

from collections.abc import Mapping
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entero.directory.matching.answer import (
    Code,
    Evidence,
    Match,
    Plan,
    PlanKind,
    Question,
    Reason,
    Step,
)
from entero.directory.matching.columns import AGE_NOT_STATED_MAX, AGE_NOT_STATED_MIN
from entero.directory.matching.pool import TELEHEALTH
from entero.directory.matching.question import CIRCUMSTANCE, NEED
from entero.directory.vocabulary.terms import languages, populations, terms

DAYS_UNTIL_WEEKS, DAYS_UNTIL_MONTHS, DAYS_UNTIL_YEARS = 14, 60, 730


def summary(match: Match, language: str, today: date) -> str:
    """Say in one breath why: "Takes boys 12-17. Spanish. 4 miles. Checked 3 weeks ago."."""
    with translation.override(language):
        parts = [_who(match, language)]
        parts += [_language(r.subject, language) for r in match.reasons if r.code is Code.LANGUAGE]
        parts += [
            _known(reason, language, today)
            for code in (Code.DISTANCE, Code.NATIONAL, Code.REMOTE, Code.OPEN_NOW, Code.CHECKED)
            for reason in match.reasons
            if reason.code is code
        ]
        parts += [_known(r, language, today) for r in match.reasons if r.subject == TELEHEALTH]
        parts += [_call_first(r, today) for r in match.unknowns if r.code is Code.CALL_FIRST]
    return " ".join(f"{part}." for part in parts if part)


def of_reason(reason: Reason, language: str, today: date) -> str:
    """Say one thing that speaks for a service."""
    with translation.override(language):
        return _known(reason, language, today)


def of_unknown(reason: Reason, language: str, today: date) -> str:
    """Say one thing that a caller should ask about."""
    with translation.override(language):
        return _unknown(reason, language, today)


def of_failure(reason: Reason, language: str, today: date) -> str:  # noqa: ARG001
    """Say the one thing that keeps a service from being a match."""
    with translation.override(language):
        return _failure(reason, language)


def of_total(shown: int, total: int, language: str) -> str:
    """Say how many places were found, and how many of them are shown."""
    with translation.override(language):
        if not total:
            return _("No place was found.")
        return ngettext(
            "%(shown)s of %(total)s place that may help.",
            "%(shown)s of %(total)s places that may help.",
            total,
        ) % {"shown": shown, "total": total}


def of_step(step: Step, language: str) -> str:
    """Say how the search was widened."""
    with translation.override(language):
        return {
            Step.MILES_50: _("We also looked up to 50 miles away."),
            Step.MILES_100: _("We also looked up to 100 miles away."),
            Step.REMOTE: _("We also looked for help by phone or video in the state."),
            Step.STATEWIDE: _("We also looked in the whole state."),
            Step.UNKNOWN_NEEDS: _("We added places that do not say if they can help. Call and ask."),
            Step.HOTLINES: _("We added hotlines. They can help you find more."),
        }[step]


def of_plan(plan: Plan, language: str) -> str:
    """Say whether one place is enough for everything that is needed."""
    with translation.override(language):
        stops = len(plan.stops)
        if plan.kind is PlanKind.ONE_PLACE:
            return _("One place helps with all of it.")
        if plan.kind is PlanKind.SAME_ORGANIZATION:
            return ngettext(
                "%(places)s place of the same organization helps with all of it.",
                "%(places)s places of the same organization help with all of it.",
                stops,
            ) % {"places": stops}
        if plan.kind is PlanKind.CHAIN:
            return ngettext(
                "No place helps with all of it. It takes %(places)s place.",
                "No place helps with all of it. It takes %(places)s places that work together.",
                stops,
            ) % {"places": stops}
        missing = ", ".join(_term(need, language) for need in plan.missing)
        return _("We found no place that says it helps with: %(needs)s.") % {"needs": missing}


def of_question(question: Question, language: str) -> str:
    """Ask the one more question; it can always be left unanswered."""
    kind, _colon, name = question.id.partition(":")
    with translation.override(language):
        if kind == NEED:
            return _("Would this help, too: %(need)s?") % {"need": _term(name, language)}
        if kind == CIRCUMSTANCE:
            fits = _small(populations()[name].asked_label(language))
            return _("Does this apply: %(circumstance)s?") % {"circumstance": fits}
        return {
            "place": _("Where should the help be?"),
            "age": _("How old is the person who needs help?"),
            "gender": _("Who is the help for: a man, a boy, or someone else?"),
            "languages": _("Which language would be best?"),
            "cost": _("How could it be paid for?"),
        }[kind]


def of_evidence(evidence: Evidence, language: str, today: date, names: Mapping[str, str]) -> str:
    """Say where a fact comes from and how old it is; ``names`` are those of the sources by slug."""
    with translation.override(language):
        said = {"when": ago(evidence.observed_on, today)}
        if evidence.checked:
            return _("checked by our staff %(when)s") % said
        source = names.get(evidence.source, evidence.source)
        return _("%(source)s, %(when)s") % (said | {"source": source})


def ago(day: date, today: date) -> str:
    """Say how long ago a day was, in the language that is active; a day in the future counts as today."""
    days = max((today - day).days, 0)
    if days == 0:
        return _("today")
    if days < DAYS_UNTIL_WEEKS:
        return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}
    if days < DAYS_UNTIL_MONTHS:
        count = round(days / 7)
        return ngettext("%(count)s week ago", "%(count)s weeks ago", count) % {"count": count}
    if days < DAYS_UNTIL_YEARS:
        count = round(days / 30.44)
        return ngettext("%(count)s month ago", "%(count)s months ago", count) % {"count": count}
    count = int(days / 365.25)
    return ngettext("%(count)s year ago", "%(count)s years ago", count) % {"count": count}


def _who(match: Match, language: str) -> str:
    """Say who is taken, the gender before everything else, with the ages."""
    taken = [reason.subject for reason in match.reasons if reason.code is Code.ACCEPTS]
    silent = [reason.subject for reason in match.unknowns if reason.code is Code.ACCEPTS]
    ages = next((reason.numbers for reason in match.reasons if reason.code is Code.AGES), None)
    first = next(iter(_gender_first(taken, silent)), None)
    if first is None:
        return _ages(ages) if ages else ""
    if first in silent:
        return populations()[first].sentence("unknown", language)
    takes = populations()[first].sentence("yes", language)
    return _takes_ages(takes, ages) if ages else takes


def _gender_first(taken: list[str], silent: list[str]) -> list[str]:
    """Put what is said of gender first, whatever it is, then what is known, then what is not."""
    return sorted((*taken, *silent), key=lambda name: (populations()[name].group != "gender", name in silent))


def _takes_ages(takes: str, ages: tuple[float, ...]) -> str:
    low, high = map(int, ages)
    said = {"takes": takes, "low": low, "high": high}
    if high >= AGE_NOT_STATED_MAX:
        return _("%(takes)s from %(low)s years") % said
    if low <= AGE_NOT_STATED_MIN:
        return _("%(takes)s up to %(high)s years") % said
    return _("%(takes)s %(low)s-%(high)s") % said


def _ages(ages: tuple[float, ...]) -> str:
    low, high = map(int, ages)
    if high >= AGE_NOT_STATED_MAX:
        return _("From %(low)s years") % {"low": low}
    if low <= AGE_NOT_STATED_MIN:
        return _("Up to %(high)s years") % {"high": high}
    return _("Ages %(low)s to %(high)s") % {"low": low, "high": high}


def _known(reason: Reason, language: str, today: date) -> str:
    if reason.code is Code.ACCEPTS:
        return populations()[reason.subject].sentence("yes", language)
    if reason.code is Code.AGES:
        return _ages(reason.numbers)
    if reason.code is Code.NEED:
        return _("Helps with: %(need)s") % {"need": _term(reason.subject, language)}
    if reason.code is Code.SETTING:
        return terms()[reason.subject].label(language)
    if reason.code is Code.LANGUAGE:
        return _("In %(language)s") % {"language": languages()[reason.subject].label(language)}
    if reason.code is Code.DISTANCE:
        return _miles(reason.numbers[0])
    if reason.code is Code.CHECKED and reason.evidence:
        return _("Checked %(when)s") % {"when": ago(reason.evidence.observed_on, today)}
    return _plain(reason)


def _plain(reason: Reason) -> str:
    """Say what is the same of every service."""
    return {
        (Code.REMOTE, ""): _("Serves the whole state"),
        (Code.NATIONAL, ""): _("Serves the whole country"),
        (Code.OPEN_NOW, ""): _("Open now"),
        (Code.COST, "free"): _("Free"),
        (Code.COST, "sliding"): _("Costs less with a low income"),
        (Code.COST, "insurance"): _("Takes insurance"),
        (Code.ROOM, "open"): _("Has room"),
        (Code.WORDS, ""): _("Uses the words you wrote"),
    }[reason.code, reason.subject]


def _unknown(reason: Reason, language: str, today: date) -> str:
    if reason.code is Code.ACCEPTS:
        return populations()[reason.subject].sentence("unknown", language)
    if reason.code is Code.NEED:
        return _("Does not say if it helps with: %(need)s") % {"need": _term(reason.subject, language)}
    if reason.code is Code.SETTING:
        return _("Does not say if it offers: %(setting)s") % {"setting": _term(reason.subject, language)}
    if reason.code is Code.LANGUAGE:
        spoken = languages()[reason.subject].label(language)
        return _("Does not say if anyone speaks %(language)s") % {"language": spoken}
    if reason.code is Code.CALL_FIRST:
        return _call_first(reason, today)
    return {
        (Code.ROOM, ""): _("Ask if there is room"),
        (Code.ROOM, "waiting"): _("Has a waiting list. Ask how long it is"),
        (Code.OPEN_NOW, ""): _("We do not know its hours"),
        (Code.COST, ""): _("Ask what it costs"),
    }[reason.code, reason.subject]


def _call_first(reason: Reason, today: date) -> str:
    if reason.evidence is None:
        return _("Call first: we do not know when it was last checked")
    return _("Call first: last checked %(when)s") % {"when": ago(reason.evidence.observed_on, today)}


def _failure(reason: Reason, language: str) -> str:
    if reason.code is Code.REFUSES:
        return populations()[reason.subject].sentence("no", language)
    if reason.code is Code.AGE_OUTSIDE:
        return _only_ages(reason.numbers)
    if reason.code is Code.TOO_FAR:
        return _miles(reason.numbers[0])
    return {Code.FULL: _("No room at the moment"), Code.CLOSED_NOW: _("Closed at this hour")}[reason.code]


def _only_ages(ages: tuple[float, ...]) -> str:
    low, high = map(int, ages)
    if high >= AGE_NOT_STATED_MAX:
        return _("Only from %(low)s years") % {"low": low}
    if low <= AGE_NOT_STATED_MIN:
        return _("Only up to %(high)s years") % {"high": high}
    return _("Only ages %(low)s to %(high)s") % {"low": low, "high": high}


def _miles(miles: float) -> str:
    if miles < 1:
        return _("Less than a mile")
    count = round(miles)
    return ngettext("%(count)s mile", "%(count)s miles", count) % {"count": count}


def _language(code: str, language: str) -> str:
    """Name a language as the beginning of a sentence."""
    label = languages()[code].label(language)
    return label[:1].upper() + label[1:]


def _term(name: str, language: str) -> str:
    """Name a need or setting in the middle of a sentence, without what explains it after a colon."""
    return _small(terms()[name].label(language).split(":")[0])


def _small(label: str) -> str:
    """Let a label stand in the middle of a sentence."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
