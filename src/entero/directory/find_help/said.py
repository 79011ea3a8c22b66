"""What was told, in words: for the page's heading, and to look over what one said and change it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from entero.directory.find_help import answers as told
from entero.directory.find_help.answers import Answers
from entero.directory.find_help.profile_of import gender_of, wanted
from entero.directory.find_help.reasons_shown import short_label
from entero.directory.find_help.steps import STEPS, Step
from entero.directory.forms import BAND_NAMES, GENDER_NAMES
from entero.directory.places.finder import Place, Precision
from entero.directory.places.states import by_code
from entero.directory.vocabulary.people import Gender
from entero.directory.vocabulary.terms import languages, populations, terms

Text = str | Promise
SMALL_BOY = 12

PEOPLE: dict[str, tuple[Text, Text]] = {
    "man": (gettext_lazy("a man"), gettext_lazy("a man of %(age)s")),
    "boy": (gettext_lazy("a boy"), gettext_lazy("a teenage boy of %(age)s")),
    "small_boy": (gettext_lazy("a boy"), gettext_lazy("a boy of %(age)s")),
    "woman": (gettext_lazy("a woman"), gettext_lazy("a woman of %(age)s")),
    "girl": (gettext_lazy("a girl"), gettext_lazy("a teenage girl of %(age)s")),
    "small_girl": (gettext_lazy("a girl"), gettext_lazy("a girl of %(age)s")),
    "trans_man": (gettext_lazy("a trans man"), gettext_lazy("a trans man of %(age)s")),
    "trans_boy": (gettext_lazy("a trans boy"), gettext_lazy("a trans boy of %(age)s")),
    "trans_woman": (gettext_lazy("a trans woman"), gettext_lazy("a trans woman of %(age)s")),
    "trans_girl": (gettext_lazy("a trans girl"), gettext_lazy("a trans girl of %(age)s")),
    "non_binary": (
        gettext_lazy("a non-binary person"),
        gettext_lazy("a non-binary person of %(age)s"),
    ),
    "": (gettext_lazy("this person"), gettext_lazy("a person of %(age)s")),
}
"""Each as it is named without and with an age."""


@dataclass(frozen=True)
class Row:
    """One thing that was told, and the question it answers."""

    step: Step
    text: str


def person(answers: Answers) -> str:
    """Name who the help is for, as one speaks of somebody else: "a teenage boy of 15"."""
    plain, aged = PEOPLE[_kind(answers)]
    return str(aged) % {"age": answers.age} if answers.age is not None else str(plain)


def _kind(answers: Answers) -> str:
    gender = gender_of(answers)
    if gender is None:
        return ""
    if gender in {Gender.BOY, Gender.GIRL} and (answers.age is None or answers.age < SMALL_BOY):
        return f"small_{gender.value}"
    if gender is Gender.TRANS_MAN:
        return "trans_boy" if answers.is_minor else "trans_man"
    if gender is Gender.TRANS_WOMAN:
        return "trans_girl" if answers.is_minor else "trans_woman"
    return gender.value


def rows(answers: Answers, language: str) -> list[Row]:
    """Return what was told, in the order of the questions."""
    texts = dict(_texts(answers, language))
    return [Row(step, texts[step.id]) for step in STEPS if texts.get(step.id)]


def in_short(answers: Answers, language: str) -> str:
    """Return in one line what was told, without what the heading says already."""
    needs = wanted(answers)
    names = [short_label(name, language) for name in (*needs.needs, *needs.settings)]
    place = place_label(answers.place, language) if answers.place else ""
    return " · ".join(text for text in (place, *names) if text)


def not_told(answers: Answers, language: str) -> list[Step]:
    """Return the questions without an answer."""
    texts = dict(_texts(answers, language))
    return [step for step in STEPS if not texts.get(step.id)]


def _texts(answers: Answers, language: str) -> Iterator[tuple[str, str]]:
    yield "who", _who(answers)
    yield "place", place_label(answers.place, language) if answers.place else ""
    yield "needs", _needs(answers, language)
    yield "age", _age(answers)
    yield "gender", _gender(answers)
    yield "identity", _("Yes") if answers.identities else ""
    yield (
        "circumstances",
        _joined(populations()[name].asked_label(language) for name in answers.circumstances),
    )
    yield "languages", ", ".join(languages()[code].label(language) for code in answers.languages)
    yield "cost", {told.FREE: _("Free"), told.INSURANCE: _("With insurance")}.get(answers.cost, "")
    yield "how", {told.PHONE: _("Only by phone or video"), told.EITHER: _("Either")}.get(answers.how, "")
    yield "when", {told.NOW: _("Yes, right now"), told.ANY_TIME: _("No")}.get(answers.when, "")


def _who(answers: Answers) -> str:
    if answers.who == told.ME:
        return pgettext("help for", "me")
    return person(answers) if answers.for_other else ""


def _gender(answers: Answers) -> str:
    gender = gender_of(answers)
    return str(GENDER_NAMES[gender.value]) if gender else ""


def _age(answers: Answers) -> str:
    if answers.age is not None:
        return str(answers.age)
    return str(BAND_NAMES.get(answers.band, ""))


def _needs(answers: Answers, language: str) -> str:
    found = wanted(answers)
    named = [terms()[name].label(language) for name in (*found.needs, *found.settings)]
    return _joined([*named, *([f"“{answers.words}”"] if answers.words and found.rest else [])])


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(texts)


def place_label(place: Place, language: str) -> str:
    """Return a place as the reader calls it."""
    state = by_code()[place.state].label(language) if place.state in by_code() else place.state
    if place.precision is Precision.STATE:
        return state
    return place.label if place.precision is Precision.CITY else f"{place.label}, {state}"
