"""Who is looking, and for what. Everything is optional; nothing here says who the person is."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from entero.directory.vocabulary.people import ADULT_AGE, AGE_GROUPS, Gender, populations_of
from entero.directory.vocabulary.terms import languages, populations, terms

START_MILES = 25.0


class UnknownWord(ValueError):
    """A need, setting or language that is not in the vocabulary."""


class Cost(StrEnum):
    """What somebody can pay with."""

    FREE = "free"
    INSURANCE = "insurance"


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """Where somebody is: a state number, and a point in degrees when it is known."""

    state: int
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """What somebody chose to tell.

    Attributes:
        age: years; ``band``: id of an age population, when the years are not told.
        gender: who the help is for; age decides between boy and man.
        identities, circumstances: ids of populations ("gay_bisexual", "active_substance_use").
        needs, settings: ids of terms.
        languages: codes, the preferred one first.
        words: analyzed words that are looked for in names and descriptions.
        now: aware time at which it should be open, or None when that does not matter.
        miles: how far somebody would go at first.
        skipped: ids of questions that were left unanswered on purpose.
        away: keys of services that turned this person away; they are not found again.
    Raises UnknownWord for a need, setting or language that the vocabulary does not have.
    """

    age: int | None = None
    band: str | None = None
    gender: Gender | None = None
    identities: tuple[str, ...] = ()
    circumstances: tuple[str, ...] = ()
    spot: Spot | None = None
    needs: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    cost: Cost | None = None
    remote_only: bool = False
    now: datetime | None = None
    words: tuple[str, ...] = ()
    miles: float = START_MILES
    today: date
    skipped: frozenset[str] = frozenset()
    away: frozenset[bytes] = frozenset()

    def __post_init__(self) -> None:
        unknown = [name for name in (*self.needs, *self.settings) if name not in terms()]
        unknown += [code for code in self.languages if code not in languages()]
        if unknown:
            raise UnknownWord(unknown[0])

    @property
    def ages(self) -> tuple[int, int] | None:
        """The years that come into question, inclusive; a boy or girl is under 18 without saying so."""
        if self.age is not None:
            return self.age, self.age
        for name, low, high in AGE_GROUPS:
            if name == self.band:
                return low, high
        if self.gender in {Gender.BOY, Gender.GIRL}:
            return 0, ADULT_AGE - 1
        return None

    @property
    def wants(self) -> bool:
        """Whether something particular is looked for."""
        return bool(self.needs or self.settings or self.words)

    @property
    def asked(self) -> tuple[str, ...]:
        """The populations whose acceptance matters, who he is first."""
        return _asked(self.age, self.band, self.gender, (*self.identities, *self.circumstances))


@lru_cache(maxsize=10_000)
def _asked(
    age: int | None, band: str | None, gender: Gender | None, said: tuple[str, ...]
) -> tuple[str, ...]:
    found = list(populations_of(age=age, gender=gender, circumstances=said))
    if band and age is None:
        found = [name for name in found if name != "minor"] + [band]
    return tuple(name for name in dict.fromkeys(found) if name in populations())
