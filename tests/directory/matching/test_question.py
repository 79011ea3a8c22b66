"""The one more question, against its formula written out."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entero.directory.matching.match import find, match
from entero.directory.matching.profile import Cost, Profile
from entero.directory.matching.question import LOOKED_AT, _fits, information
from entero.directory.vocabulary.people import Gender
from entero.directory.vocabulary.terms import populations, terms
from tests.directory.matching.plain_reading import SPOTS, TODAY, Thing, directories, directory, profiles

fits = st.integers(1, 4).flatmap(
    lambda answers: st.lists(
        st.lists(st.sampled_from([0.0, 0.4, 1.0]), min_size=answers, max_size=answers), min_size=1, max_size=6
    )
)


@settings(max_examples=300, deadline=None)
@given(fits, st.lists(st.floats(0.1, 100), min_size=6, max_size=6))
def test_information_is_the_mutual_information_of_answer_and_door(
    by_service: list[list[float]], scores: list[float]
) -> None:
    rows = [(fit, score) for fit, score in zip(by_service, scores, strict=False) if sum(fit) > 0]
    whole = sum(score for _, score in rows)
    door = [(score / whole, [one / sum(fit) for one in fit]) for fit, score in rows]
    answer = [sum(p * share[a] for p, share in door) for a in range(len(by_service[0]))]
    gain = sum(
        p * share[a] * math.log2(share[a] / answer[a])
        for p, share in door
        for a in range(len(answer))
        if share[a] > 0
    )
    found = information(np.array(by_service).T, np.array(scores[: len(by_service)]))
    assert math.isclose(found, max(gain, 0.0), abs_tol=1e-9)
    assert 0 <= found <= math.log2(len(answer)) + 1e-9


@settings(max_examples=80, deadline=None)
@given(directories(), profiles())
def test_the_question_asked_gains_the_most_of_all_open_ones(
    everything: list[Thing], profile: Profile
) -> None:
    here = directory(everything)
    found, question = find(here, profile), match(here, profile).next_question
    at = np.flatnonzero(found.helping)
    if len(at) < 2:
        assert question is None
        return
    assert len(at) <= LOOKED_AT
    pool, chance = found.pool.take(at), found.scores.total[at]
    gains = {name: information(fit, chance) for name, fit in _fits(here, profile, pool)}
    best = max(gains.values(), default=0.0)
    if question is None:
        assert best < 0.01 + 1e-6
    else:
        assert math.isclose(question.gain, best, abs_tol=2e-6)
        assert math.isclose(gains[question.id], best, abs_tol=2e-6)
        assert not answers(profile, question.id)


def answers(profile: Profile, question: str) -> bool:
    """Say whether the profile already answers a question."""
    kind, _, name = question.partition(":")
    return {
        "place": profile.spot is not None,
        "age": profile.ages is not None,
        "gender": profile.gender is not None,
        "languages": bool(profile.languages),
        "cost": profile.cost is not None,
        "need": name in profile.needs,
        "circumstance": name in profile.circumstances,
    }[kind]


def thing(number: int, **values: object) -> Thing:
    return Thing(number=number, point=SPOTS[0][:2], **values)  # type: ignore[arg-type]


TOLD = Profile(
    age=15,
    gender=Gender.BOY,
    spot=None,
    languages=("es",),
    cost=Cost.FREE,
    today=TODAY,
    skipped=frozenset({"place"}),
)


def test_a_bed_for_tonight_is_asked_about_when_it_tells_places_apart() -> None:
    here = directory([thing(1, terms=frozenset({"shelter"})), thing(2)])
    question = match(here, TOLD).next_question
    assert question is not None
    assert question.id == "need:shelter"


@pytest.mark.parametrize("skipped", ["need:shelter", "needs"])
def test_a_question_that_was_skipped_is_never_asked_again(skipped: str) -> None:
    here = directory([thing(1, terms=frozenset({"shelter"})), thing(2)])
    told = replace(TOLD, skipped=TOLD.skipped | {skipped})
    assert match(here, told).next_question is None


def test_nothing_is_asked_when_all_places_say_the_same() -> None:
    here = directory([thing(number, terms=frozenset({"shelter"})) for number in range(1, 5)])
    assert match(here, TOLD).next_question is None


def test_sensitive_things_are_never_the_one_more_question() -> None:
    sensitive = [name for name, person in populations().items() if person.asked and person.sensitive]
    assert len(sensitive) == 2
    here = directory([thing(1, yes=frozenset(sensitive)), thing(2, no=frozenset(sensitive)), thing(3)])
    assert match(here, TOLD).next_question is None


def test_every_asked_need_and_circumstance_can_be_the_question() -> None:
    for need in (term.id for term in terms().values() if term.asked):
        asked = match(directory([thing(1, terms=frozenset({need})), thing(2)]), TOLD).next_question
        assert asked is not None
        assert asked.id == f"need:{need}"
    for name in (person.id for person in populations().values() if person.asked and not person.sensitive):
        asked = match(directory([thing(1, yes=frozenset({name})), thing(2)]), TOLD).next_question
        assert asked is not None
        assert asked.id == f"circumstance:{name}"
