"""What changes when one answer changes, and that nothing changes when none does."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from entero.directory.matching.audit import Tally, compare, flip_gender, seeded_profiles, tally
from entero.directory.matching.profile import Profile, Spot
from entero.directory.vocabulary.people import Gender
from tests.directory.matching.plain_reading import (
    ARIZONA,
    CALIFORNIA,
    SPOTS,
    TODAY,
    Thing,
    directories,
    directory,
    profiles,
)

HERE = Spot(state=CALIFORNIA, lat=SPOTS[0][0], lon=SPOTS[0][1])
BOY = Profile(age=15, gender=Gender.BOY, spot=HERE, needs=("trauma",), today=TODAY)


@settings(max_examples=50, deadline=None)
@given(directories(), st.lists(profiles(), max_size=5))
def test_changing_nothing_changes_nothing(everything: list[Thing], some: list[Profile]) -> None:
    rows = compare(directory(everything), some, lambda profile: profile)
    assert [row.difference for row in rows] == [Tally()] * len(rows)
    assert sum(row.profiles for row in rows[1:]) == len([p for p in some if p.spot is not None])


def test_a_house_for_women_shows_in_the_difference() -> None:
    trauma = frozenset({"trauma"})
    here = directory(
        [
            Thing(number=1, point=SPOTS[0][:2], terms=trauma, yes=frozenset({"girl"}), no=frozenset({"boy"})),
            Thing(number=2, point=SPOTS[0][:2], terms=trauma, yes=frozenset({"girl"})),
        ]
    )
    elsewhere = replace(BOY, spot=Spot(state=ARIZONA, lat=34.0, lon=-114.2))
    rows = compare(here, [BOY, elsewhere], flip_gender)
    assert [(row.state, row.profiles, row.as_they_are, row.flipped, row.difference) for row in rows] == [
        ("US", 2, Tally(1, 1, 1, 1), Tally(2, 0, 0, 1), Tally(1, -1, -1, 0)),
        ("AZ", 1, Tally(nothing=1), Tally(nothing=1), Tally()),
        ("CA", 1, Tally(1, 1, 1, 0), Tally(2, 0, 0, 0), Tally(1, -1, -1, 0)),
    ]


@given(st.sampled_from([None, *Gender]))
def test_flipping_twice_gives_the_same_profile(gender: Gender | None) -> None:
    profile = replace(BOY, gender=gender)
    assert flip_gender(flip_gender(profile)) == profile
    assert (flip_gender(profile) == profile) == (gender in {None, Gender.NON_BINARY})


def test_the_same_seed_gives_the_same_profiles() -> None:
    assert seeded_profiles(20, 1, TODAY) == seeded_profiles(20, 1, TODAY)
    assert seeded_profiles(20, 1, TODAY) != seeded_profiles(20, 2, TODAY)
    assert {profile.gender for profile in seeded_profiles(60, 1, TODAY)} == {
        Gender.BOY,
        Gender.MAN,
        Gender.TRANS_MAN,
    }


def test_tally_is_zero_where_nothing_is() -> None:
    assert tally(directory([Thing(number=1)]), BOY) == Tally(nothing=1)
