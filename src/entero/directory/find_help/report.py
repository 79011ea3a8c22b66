"""I was turned away: what comes after it is told."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from entero.directory.cards import Details, briefs_for, details_of
from entero.directory.find_help.answers import BANDS, Answers
from entero.directory.find_help.journey import sealed
from entero.directory.find_help.results_page import found, shown_of, without_place, words
from entero.directory.forms import page_language
from entero.directory.places.finder import Place, Precision
from entero.directory.vocabulary.people import Gender

NEXT_PLACES = 3
NEEDS_OF_A_PLACE = 3
OF_GENDER = "gender"
"""The reason "they do not take men or boys"."""


def next_places(
    service_id: UUID, answers: Answers | None, *, reason: str = "", population: str = ""
) -> dict[str, Any]:
    """Return the next places to try, for who told us what he looks for or else for one like this.

    What the report itself tells counts, too: who was sent away as a boy is not sent to a house for women.
    """
    language = page_language()
    if answers is None:
        details = details_of(service_id, language=language)
        answers = _told_by_report(_like(details) if details else Answers(), reason, population)
        told = False
    else:
        told = True
    answers = without_place(answers, service_id)
    profile, result = found(answers, limit=NEXT_PLACES)
    ids = [UUID(bytes=one.key) for one in result.matches]
    briefs = briefs_for(ids)
    return {
        "shown": shown_of(result.matches, briefs, answers, profile),
        "words": words(),
        "state": sealed(answers) if told else "",
    }


def _told_by_report(answers: Answers, reason: str, population: str) -> Answers:
    """Add whom the report speaks of; "they do not take men or boys" speaks of a man or a boy."""
    if population in tuple(Gender):
        return replace(answers, gender=population)
    if population in BANDS:
        answers = replace(answers, band=population)
    elif population:
        answers = replace(answers, identities=(population,))
    return replace(answers, gender=Gender.MAN.value) if reason == OF_GENDER else answers


def _like(details: Details) -> Answers:
    """Return the answers of somebody who looks for what this place says it offers, where it is."""
    place = details.card.place
    spot = Place(place.city, place.state, Precision.CITY, place.latitude, place.longitude) if place else None
    return Answers(place=spot, needs=details.terms[:NEEDS_OF_A_PLACE])
