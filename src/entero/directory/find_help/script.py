"""What to say when you call: a few sentences in both languages, ready to be read out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from django.utils import translation
from django.utils.translation import gettext as _

from entero.directory.find_help.answers import ME, OTHER, Answers
from entero.directory.find_help.said import person
from entero.directory.matching.answer import Code, Reason
from entero.directory.vocabulary.terms import languages, populations, terms

T = TypeVar("T")
LANGUAGES = ("en", "es")
MOST = 6
FIRST_ASKED = ("man", "boy")
"""Whom a page that knows nothing of its reader suggests to ask about."""


@dataclass(frozen=True)
class Script:
    """Sentences to say and questions to ask, in one language."""

    language: str
    sentences: tuple[str, ...]
    questions: tuple[str, ...]


class Says:
    """What one reader says: the same greeting everywhere, and for each place the questions it leaves open."""

    def __init__(self, answers: Answers, first: str) -> None:
        self.order = sorted(LANGUAGES, key=lambda code: code != first)
        self.greetings = {code: _in(code, lambda: tuple(_sentences(answers))) for code in self.order}
        self.made: dict[tuple[Reason, ...], tuple[Script, ...]] = {}

    def about(self, unknowns: Sequence[Reason]) -> tuple[Script, ...]:
        """Return the script in both languages, the reader's first; the same questions are made once."""
        key = tuple(unknowns)
        if key not in self.made:
            self.made[key] = tuple(
                Script(code, self.greetings[code], _in(code, partial(questions, key, code)))
                for code in self.order
            )
        return self.made[key]


def _in(language: str, say: Callable[[], T]) -> T:
    with translation.override(language):
        return say()


def questions(unknowns: Iterable[Reason], language: str) -> tuple[str, ...]:
    """Return what to ask, in the active language; at most ``MOST`` questions of what is not known."""
    asked = list(dict.fromkeys(_questions(unknowns, language)))[:MOST]
    return (*asked, _("What should be brought along?"), _("Who will be told about this call?"))


def _sentences(answers: Answers) -> Iterable[str]:
    if answers.who == OTHER:
        yield _("Hello. I am calling for %(person)s.") % {"person": person(answers)}
    elif answers.who == ME and answers.gender:
        yield _("Hello. I am looking for help. I am %(person)s.") % {"person": person(answers)}
    else:
        yield _("Hello. I am looking for help.")
    yield _("I do not want to give my name yet. I have a few questions.")


def _questions(unknowns: Iterable[Reason], language: str) -> Iterable[str]:
    for reason in unknowns:
        text = _question(reason, language)
        if text:
            yield text


def _question(reason: Reason, language: str) -> str:
    match reason.code:
        case Code.ACCEPTS if reason.subject in populations():
            whom = populations()[reason.subject].label(language)
            return _("Do you take %(people)s?") % {"people": whom}
        case Code.NEED | Code.SETTING if reason.subject in terms():
            return _("Do you help with this: %(help)s?") % {"help": terms()[reason.subject].label(language)}
        case Code.LANGUAGE if reason.subject in languages():
            return _("Does somebody there speak %(language)s?") % {
                "language": languages()[reason.subject].label(language)
            }
        case Code.ROOM:
            return _("Is there room now? If not, how long is the wait?")
        case Code.OPEN_NOW:
            return _("When are you open?")
        case Code.COST:
            return _("What does it cost? Is there a way to pay nothing?")
        case Code.CALL_FIRST:
            return _("Is this still the right address and number?")
    return ""


def unknowns_of_stranger(known: Iterable[str]) -> tuple[Reason, ...]:
    """Return what to ask about a service by somebody of whom nothing is known."""
    settled = set(known)
    asked = [Reason(code=Code.ACCEPTS, subject=name) for name in FIRST_ASKED if name not in settled]
    return (*asked, Reason(code=Code.ROOM), Reason(code=Code.COST))
