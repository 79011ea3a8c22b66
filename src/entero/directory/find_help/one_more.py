"""The one question more on the page of results: asked as a few buttons, answered without leaving the page."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from entero.directory.find_help.answers import BANDS, FREE, INSURANCE, Answers
from entero.directory.find_help.steps import BY_ID
from entero.directory.forms import BAND_NAMES, COMMON_LANGUAGES, GENDER_NAMES
from entero.directory.vocabulary.people import Gender
from entero.directory.vocabulary.terms import languages, populations, terms

Text = str | Promise
SKIP, YES, NO = "skip", "yes", "no"
NEED, CIRCUMSTANCE = "need", "circumstance"
OFFERED_LANGUAGES = COMMON_LANGUAGES[:6]


@dataclass(frozen=True)
class Asked:
    """A question, its possible answers as (value, text), and whether it is answered by writing."""

    id: str
    text: Text
    choices: tuple[tuple[str, Text], ...] = ()
    written: bool = False


def asked(question_id: str, answers: Answers, language: str) -> Asked | None:
    """Return the question as it is put, or None when it is not one of ours."""
    kind, _colon, name = question_id.partition(":")
    yes_or_no = ((YES, _("Yes")), (NO, _("No")))
    if kind == NEED and name in terms():
        return Asked(question_id, _need(terms()[name].label(language), answers), yes_or_no)
    if kind == CIRCUMSTANCE and name in populations():
        text = _circumstance(populations()[name].asked_label(language), answers)
        return Asked(question_id, text, yes_or_no)
    if question_id not in BY_ID:
        return None
    text = str(BY_ID[question_id].question(answers))
    return Asked(question_id, text, _choices(question_id, answers, language), question_id == "place")


def _need(label: str, answers: Answers) -> str:
    if answers.for_other:
        return _("Would this help, too: “%(help)s”?") % {"help": label}
    return _("Would this help you, too: “%(help)s”?") % {"help": label}


def _circumstance(label: str, answers: Answers) -> str:
    if answers.for_other:
        return _("Is this true for this person: “%(what)s”?") % {"what": label}
    return _("Is this true for you: “%(what)s”?") % {"what": label}


def _choices(question_id: str, answers: Answers, language: str) -> tuple[tuple[str, Text], ...]:
    if question_id == "age":
        return tuple(BAND_NAMES.items())
    if question_id == "gender":
        field: Any = BY_ID["gender"].unbound(answers).fields["gender"]
        return tuple((name, GENDER_NAMES[name]) for name, _label in field.choices)
    if question_id == "languages":
        return tuple((code, languages()[code].label(language)) for code in OFFERED_LANGUAGES)
    if question_id == "cost":
        return ((FREE, _("Free")), (INSURANCE, _("With insurance")))
    return ()


def answered(answers: Answers, question_id: str, value: str) -> Answers:
    """Put the answer in. What makes no sense counts as skipped, so that nobody is asked twice."""
    kind, _colon, name = question_id.partition(":")
    if kind == NEED and name in terms() and value == YES:
        return replace(answers, needs=_added(answers.needs, name))
    if kind == CIRCUMSTANCE and name in populations() and value == YES:
        return replace(answers, circumstances=_added(answers.circumstances, name))
    if question_id == "age" and value in BANDS:
        return replace(answers, band=value, age=None)
    if question_id == "gender" and value in tuple(Gender):
        return replace(answers, gender=value)
    if question_id == "languages" and value in languages():
        return replace(answers, languages=(value,))
    if question_id == "cost" and value in {FREE, INSURANCE}:
        return replace(answers, cost=value)
    known = question_id in BY_ID or name in terms() or name in populations()
    return replace(answers, skipped=_added(answers.skipped, question_id)) if known else answers


def _added(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return names if name in names else (*names, name)
