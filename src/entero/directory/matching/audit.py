"""Changes one answer and nothing else, and compares what is found: fairness as a number, state by state.

Each profile is searched for twice from the same place with the same needs: once as a man or boy, once as a
woman or girl (or as a trans man and a trans woman). What is compared is what lies within the first reach,
before anything is widened, because widening would hide that there is nothing.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from entero.directory.matching.match import find
from entero.directory.matching.pool import Directory
from entero.directory.matching.profile import Profile, Spot
from entero.directory.places import finder
from entero.directory.places.states import by_code
from entero.directory.vocabulary.people import Gender
from entero.directory.vocabulary.terms import Kind, terms

OTHER_GENDER = {
    Gender.MAN: Gender.WOMAN,
    Gender.BOY: Gender.GIRL,
    Gender.TRANS_MAN: Gender.TRANS_WOMAN,
    Gender.WOMAN: Gender.MAN,
    Gender.GIRL: Gender.BOY,
    Gender.TRANS_WOMAN: Gender.TRANS_MAN,
}
AGES = (12, 14, 15, 16, 17, 18, 20, 24, 30, 40, 55)
LANGUAGES = ((), (), ("es",))
"""One in three looks for help in Spanish."""

Flip = Callable[[Profile], Profile]


@dataclass(frozen=True, slots=True)
class Tally:
    """What some profiles found together.

    Attributes:
        matches: services that may take them; ``silent``: those of them that do not say so of the gender.
        refused: services that would help and say no.
        nothing: profiles for which nothing was found.
    """

    matches: int = 0
    silent: int = 0
    refused: int = 0
    nothing: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.matches + other.matches,
            self.silent + other.silent,
            self.refused + other.refused,
            self.nothing + other.nothing,
        )

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(
            self.matches - other.matches,
            self.silent - other.silent,
            self.refused - other.refused,
            self.nothing - other.nothing,
        )


@dataclass(frozen=True, slots=True)
class Compared:
    """The same profiles, as they are and flipped. ``difference`` is flipped minus as they are."""

    state: str
    profiles: int
    as_they_are: Tally
    flipped: Tally

    @property
    def difference(self) -> Tally:
        return self.flipped - self.as_they_are


def flip_gender(profile: Profile) -> Profile:
    """Return the same profile as the other gender; non-binary people and silence stay as they are."""
    return replace(profile, gender=OTHER_GENDER.get(profile.gender, profile.gender))  # type: ignore[arg-type]


def seeded_profiles(count: int, seed: int, today: date) -> list[Profile]:
    """Return profiles of men and boys all over the country; the same seed gives the same profiles.

    Places are ZIP codes, each as likely as the other, so that the country counts as much as the city.
    """
    rng = random.Random(seed)  # noqa: S311
    needs = [term.id for term in terms().values() if term.asked and term.kind is Kind.NEED]
    return [_profile(rng, needs, today) for _ in range(count)]


def _profile(rng: random.Random, needs: Sequence[str], today: date) -> Profile:
    age = rng.choice(AGES)
    return Profile(
        age=age,
        gender=Gender.TRANS_MAN if rng.random() < 0.1 else Gender.BOY if age < 18 else Gender.MAN,
        spot=_spot(rng),
        needs=tuple(rng.sample(needs, rng.choice((1, 1, 2)))),
        languages=rng.choice(LANGUAGES),
        today=today,
    )


def _spot(rng: random.Random) -> Spot:
    while True:
        place = finder.of_zip(f"{rng.randrange(100_000):05d}")
        if place is not None:
            return Spot(state=by_code()[place.state].number, lat=place.lat, lon=place.lon)


def compare(directory: Directory, profiles: Sequence[Profile], flip: Flip) -> list[Compared]:
    """Return, for each state and for all of them ("US", first), what the profiles find before and after."""
    names = {state.number: code for code, state in by_code().items()}
    totals: dict[str, tuple[int, Tally, Tally]] = {"US": (0, Tally(), Tally())}
    for profile in profiles:
        before, after = tally(directory, profile), tally(directory, flip(profile))
        state = names[profile.spot.state] if profile.spot else "US"
        for name in dict.fromkeys(("US", state)):
            count, one, other = totals.get(name, (0, Tally(), Tally()))
            totals[name] = (count + 1, one + before, other + after)
    ordered = sorted(totals, key=lambda name: (name != "US", name))
    return [Compared(name, *totals[name]) for name in ordered]


def tally(directory: Directory, profile: Profile) -> Tally:
    """Return what one profile finds within the first reach."""
    found = find(directory, profile, widen=False)
    pool, helping = found.pool, found.helping
    matches = int(np.count_nonzero(helping))
    silent = int(np.count_nonzero(helping & ~pool.yes[0])) if profile.gender else 0
    return Tally(matches, silent, int(np.count_nonzero(found.refusing)), int(matches == 0))
