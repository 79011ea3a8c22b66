"""The matcher against a plain reading of its rules, on small directories at random."""

import math
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entero.directory.matching import weights
from entero.directory.matching.answer import Code, Evidence, Step
from entero.directory.matching.match import Found, _look, find, match
from entero.directory.matching.pool import make_pool
from entero.directory.matching.profile import Profile, Spot, UnknownWord
from entero.directory.matching.widening import Reach, rows_for, steps_for
from entero.directory.vocabulary.people import Gender
from tests.directory.matching.plain_reading import (
    CALIFORNIA,
    TODAY,
    Thing,
    against,
    apply,
    directories,
    directory,
    found_within,
    helps,
    is_in_reach,
    patched,
    profiles,
    score,
    things,
)

EVERY = 1_000
SAN_DIEGO = (32.7157, -117.1611)
HERE = Spot(state=CALIFORNIA, lat=SAN_DIEGO[0], lon=SAN_DIEGO[1])
BOY = Profile(age=15, gender=Gender.BOY, spot=HERE, needs=("trauma",), today=TODAY)


def near(number: int, **values: object) -> Thing:
    said = {"point": SAN_DIEGO, "terms": frozenset({"trauma"})} | values
    return Thing(number=number, **said)  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(directories(), profiles())
def test_match_finds_what_a_plain_reading_finds_in_the_same_order(
    everything: list[Thing], profile: Profile
) -> None:
    result = match(directory(everything), profile, limit=EVERY)
    helping, added = found_within(everything, profile, result.widened)
    by_key = {thing.key: thing for thing in everything}
    assert {found.key for found in result.matches} == {thing.key for thing in (*helping, *added)}
    assert result.total == len(helping) + len(added)
    for found in result.matches:
        assert math.isclose(
            found.score, score(by_key[found.key], profile, everything), abs_tol=2e-6, rel_tol=0
        )
    first = [found for found in result.matches if helps(by_key[found.key], profile)]
    rest = [found for found in result.matches if not helps(by_key[found.key], profile)]
    assert list(result.matches) == [*first, *rest]
    for some in (first, rest):
        order = [
            (-found.score, found.miles or (math.inf if found.miles is None else 0), found.key)
            for found in some
        ]
        assert order == sorted(order)


@settings(max_examples=60, deadline=None)
@given(directories(), profiles())
def test_match_never_shows_a_known_no_and_counts_who_refuses(
    everything: list[Thing], profile: Profile
) -> None:
    result = match(directory(everything), profile, limit=EVERY)
    by_key = {thing.key: thing for thing in everything}
    assert [against(by_key[found.key], profile) for found in result.matches] == [[]] * result.total
    refusing = [
        thing
        for thing in everything
        if is_in_reach(thing, profile, result.widened)
        and helps(thing, profile)
        and set(against(thing, profile)) - {"full", "closed"}
    ]
    assert result.refused == len(refusing)


@settings(max_examples=60, deadline=None)
@given(directories(), profiles())
def test_near_misses_fail_exactly_one_thing(everything: list[Thing], profile: Profile) -> None:
    result = match(directory(everything), profile)
    by_key = {thing.key: thing for thing in everything}
    once = [
        thing
        for thing in everything
        if is_in_reach(thing, profile, result.widened)
        and helps(thing, profile)
        and len(against(thing, profile)) == 1
        and thing.key not in profile.away
    ]
    assert len(result.near_misses) == min(len(once), weights.NEAR_MISSES)
    names = {Code.AGE_OUTSIDE: "age", Code.FULL: "full", Code.CLOSED_NOW: "closed"}
    for missed in result.near_misses:
        thing = by_key[missed.key]
        assert thing in once
        assert [names.get(missed.fails.code, missed.fails.subject)] == against(thing, profile)


@settings(max_examples=60, deadline=None)
@given(directories(), profiles())
def test_each_step_adds_and_takes_nothing_away(everything: list[Thing], profile: Profile) -> None:
    here, reach, before = directory(everything), Reach(profile.miles), set[bytes]()
    for step in (None, *steps_for(profile)):
        reach = reach.wider(step) if step else reach
        found = _look(profile, reach, make_pool(here, profile, rows_for(here, profile, reach)))
        now = keys_of(found)
        assert before <= now
        before = now


def keys_of(found: Found) -> set[bytes]:
    return {found.pool.key(at) for at in range(found.pool.size) if found.helping[at] or found.added[at]}


@settings(max_examples=60, deadline=None)
@given(directories(), profiles())
def test_widening_stops_as_soon_as_there_are_enough(everything: list[Thing], profile: Profile) -> None:
    taken = match(directory(everything), profile).widened
    assert taken == steps_for(profile)[: len(taken)]
    for number in range(len(taken)):
        assert sum(map(len, found_within(everything, profile, taken[:number]))) < weights.ENOUGH
    if taken != steps_for(profile):
        assert sum(map(len, found_within(everything, profile, taken))) >= weights.ENOUGH


@settings(max_examples=60, deadline=None)
@given(directories(), profiles(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_never_matters(
    everything: list[Thing], profile: Profile, chance: Random
) -> None:
    shuffled = list(everything)
    chance.shuffle(shuffled)
    assert match(directory(shuffled), profile) == match(directory(everything), profile)


@settings(max_examples=60, deadline=None)
@given(directories(), st.lists(things(), max_size=6, unique_by=lambda t: t.number), profiles())
def test_changes_beside_the_index_answer_like_an_index_built_anew(
    everything: list[Thing], changed: list[Thing], profile: Profile
) -> None:
    if not changed:
        return
    anew = match(directory(apply(everything, changed)), profile)
    assert match(patched(everything, changed), profile) == anew


def test_match_says_why_and_what_to_ask() -> None:
    here = directory(
        [near(1, yes=frozenset({"boy"}), ages=(12, 17), languages=frozenset({"es"}), checked=18_993)]
    )
    said = Evidence("a-survey", TODAY)
    asked: list[list[bytes]] = []

    def evidence(keys: object) -> dict[bytes, dict[str, Evidence]]:
        asked.append(list(keys))  # type: ignore[call-overload]
        return {near(1).key: {"boy": said}}

    (found,) = match(here, replace(BOY, languages=("es",)), evidence=evidence).matches
    assert [(reason.code, reason.subject, reason.numbers, reason.evidence) for reason in found.reasons] == [
        (Code.ACCEPTS, "boy", (), said),
        (Code.AGES, "", (12.0, 17.0), None),
        (Code.NEED, "trauma", (), None),
        (Code.LANGUAGE, "es", (), None),
        (Code.DISTANCE, "", (0.0,), None),
    ]
    assert [(reason.code, reason.subject) for reason in found.unknowns] == [
        (Code.ACCEPTS, "minor"),
        (Code.ROOM, ""),
        (Code.CALL_FIRST, ""),
    ]
    assert asked == [[near(1).key]]


def test_match_puts_a_known_yes_before_silence_that_is_nearer() -> None:
    yes = near(1, point=(32.8, -117.0), yes=frozenset({"boy", "minor"}))
    result = match(directory([yes, near(2)]), BOY)
    assert [found.key for found in result.matches] == [yes.key, near(2).key]


def test_match_without_anything_told_shows_services() -> None:
    result = match(directory([near(number) for number in range(1, 30)]), Profile(today=TODAY))
    assert (len(result.matches), result.total, result.widened) == (weights.SHOWN, 29, ())


def test_match_in_an_empty_directory_goes_as_far_as_hotlines() -> None:
    result = match(directory([near(1, no=frozenset({"boy"}))]), BOY)
    assert result.matches == ()
    assert result.widened[-1] is Step.HOTLINES
    assert [missed.fails.subject for missed in result.near_misses] == ["boy"]


def test_match_finds_a_place_across_the_border_and_no_remote_help_there() -> None:
    at_the_border = Spot(state=CALIFORNIA, lat=32.72, lon=-114.65)
    across = near(1, point=(32.72, -114.60), state=2)
    remote_there = near(2, point=None, state=2, remote=True)
    national = near(3, point=None, state=255, remote=True)
    result = match(directory([across, remote_there, national]), replace(BOY, spot=at_the_border))
    assert {found.key for found in result.matches} == {across.key, national.key}


def test_match_by_phone_alone_counts_no_miles() -> None:
    far = near(1, point=(40.8, -124.1), terms=frozenset({"trauma", "telehealth"}))
    result = match(directory([far, near(2)]), replace(BOY, remote_only=True))
    assert [(found.key, found.miles) for found in result.matches if found.covers] == [(far.key, None)]


def test_match_says_by_phone_where_it_is_too_far_to_go() -> None:
    phone = frozenset({"trauma", "telehealth"})
    result = match(directory([near(1, terms=phone), near(2, point=(40.8, -124.1), terms=phone)]), BOY)
    said = {
        found.key: [one.subject for one in found.reasons if one.code is Code.SETTING]
        for found in result.matches
    }
    assert said == {near(1).key: [], near(2).key: ["telehealth"]}


def test_match_leaves_out_who_turned_him_away() -> None:
    result = match(directory([near(1), near(2)]), replace(BOY, away=frozenset({near(1).key})))
    assert [found.key for found in result.matches] == [near(2).key]


def test_match_fills_up_with_silence_close_to_the_need_first() -> None:
    profile = replace(BOY, needs=("detox",))
    akin = near(9, point=(33.2, -116.9), terms=frozenset({"recovery_support"}))
    other = [near(number, terms=frozenset({"shelter"})) for number in range(1, 8)]
    result = match(directory([*other, akin]), profile)
    assert len(result.matches) == weights.ENOUGH
    assert akin.key in {found.key for found in result.matches}
    assert result.widened == (*steps_for(profile)[:-1],)


def test_a_boy_is_under_18_without_saying_so() -> None:
    grown = near(1, ages=(18, 120))
    assert match(directory([grown]), replace(BOY, age=None)).matches == ()
    assert match(directory([grown]), replace(BOY, age=None, gender=Gender.MAN)).total == 1


@pytest.mark.parametrize("asked", [{"needs": ("detx",)}, {"settings": ("x",)}, {"languages": ("xx",)}])
def test_a_profile_refuses_words_that_are_not_in_the_vocabulary(asked: dict[str, tuple[str]]) -> None:
    with pytest.raises(UnknownWord):
        replace(BOY, **asked)


def test_find_without_widening_stays_within_the_first_reach() -> None:
    far = near(1, point=(33.2, -116.9))
    here = directory([far])
    assert find(here, BOY, widen=False).total == 0
    assert find(here, BOY).total == 1
