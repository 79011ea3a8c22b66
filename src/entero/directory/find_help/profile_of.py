"""From what was told to what the matcher looks for."""

from dataclasses import dataclass
from datetime import datetime

from entero.directory.find_help.answers import NOW, PHONE, Answers
from entero.directory.matching.profile import Cost, Profile, Spot
from entero.directory.matching.text import analyze
from entero.directory.places.finder import Place
from entero.directory.places.states import by_code
from entero.directory.vocabulary.free_text import understand
from entero.directory.vocabulary.people import ADULT_AGE, Gender, at_age
from entero.directory.vocabulary.terms import Kind, terms

GROWN = 30
"""Stands for every grown-up age where only the difference between boy and man matters."""

HISTORY = {
    "trafficking_support": "trafficking_survivor",
    "sexual_abuse": "sexual_abuse_survivor",
    "partner_violence": "partner_violence_survivor",
}
"""Who asks for this help is asked about it at the door; a known "no" must keep him from being sent."""


@dataclass(frozen=True)
class Wanted:
    """What is looked for: needs and settings that were chosen or written, and words that named neither."""

    needs: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()


def wanted(answers: Answers) -> Wanted:
    """Join what was chosen with what was written in own words; what was chosen comes first."""
    written = understand(answers.words)
    found = (*answers.needs, *answers.settings, *written.terms)
    named = tuple(dict.fromkeys(found))
    return Wanted(
        needs=tuple(name for name in named if terms()[name].kind is Kind.NEED),
        settings=tuple(name for name in named if terms()[name].kind is Kind.SETTING),
        rest=written.rest,
    )


def gender_of(answers: Answers) -> Gender | None:
    """Return boy or man, girl or woman, as the age or the age group says."""
    if not answers.gender:
        return None
    years = answers.age
    if years is None and answers.band:
        years = ADULT_AGE - 1 if answers.is_minor else GROWN
    return at_age(Gender(answers.gender), years)


def profile_of(answers: Answers, *, now: datetime, language: str) -> Profile:
    """Return the profile; ``now`` is aware, and ``language`` is that of the page (en or es)."""
    looked_for = wanted(answers)
    history = tuple(HISTORY[need] for need in looked_for.needs if need in HISTORY)
    return Profile(
        age=answers.age,
        band=answers.band or None,
        gender=gender_of(answers),
        identities=answers.identities,
        circumstances=(*answers.circumstances, *history),
        spot=spot_of(answers.place),
        needs=looked_for.needs,
        settings=looked_for.settings,
        languages=language_wishes(answers.languages),
        cost=Cost(answers.cost) if answers.cost else None,
        remote_only=answers.how == PHONE,
        now=now if answers.when == NOW else None,
        words=_search_words(looked_for.rest, language),
        today=now.date(),
        skipped=frozenset(answers.skipped),
        away=frozenset(service.bytes for service in answers.away),
    )


def language_wishes(spoken: tuple[str, ...]) -> tuple[str, ...]:
    """English is taken for granted: who would rather speak it has no wish, and it is nobody's second wish."""
    if spoken[:1] == ("en",):
        return ()
    return tuple(code for code in spoken if code != "en")


def spot_of(place: Place | None) -> Spot | None:
    if place is None or place.state not in by_code():
        return None
    return Spot(state=by_code()[place.state].number, lat=place.lat, lon=place.lon)


def _search_words(words: tuple[str, ...], language: str) -> tuple[str, ...]:
    """Stem the words in both languages: names of places are written in either."""
    other = "en" if language == "es" else "es"
    text = " ".join(words)
    return tuple(dict.fromkeys((*analyze(text, language), *analyze(text, other))))
