"""What a visitor has told so far. It travels inside the pages; nothing of it is kept here.

``as_state`` and ``from_state`` are each other's inverse for every value that a form can make. Reading is
total: a state of an older version of the site may hold names that we no longer know, and those are dropped.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from entero.directory.places.finder import Place, Precision
from entero.directory.vocabulary.people import AGE_GROUPS, Gender
from entero.directory.vocabulary.terms import languages, populations, terms

MAX_WORDS = 300
MAX_AWAY = 10
MAX_SKIPPED = 60
MAX_AGE = 120
BANDS = tuple(name for name, _low, _high in AGE_GROUPS)
ME, OTHER = "me", "other"
NO = "no"
FREE, INSURANCE = "free", "insurance"
PHONE, EITHER = "phone", "either"
NOW, ANY_TIME = "now", "any"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """One field for each thing that is asked; empty means not told.

    Attributes:
        who: whom the help is for, ``me`` or ``other``.
        needs: ids that were chosen; ``words`` is what was written beside them.
        age: years; ``band``: id of an age population, when the years are not told.
        skipped: ids of questions that were left unanswered on purpose.
        away: ids of services that sent this person away: they are not shown again.
    """

    who: str = ""
    place: Place | None = None
    needs: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    words: str = ""
    age: int | None = None
    band: str = ""
    gender: str = ""
    identities: tuple[str, ...] = ()
    circumstances: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    cost: str = ""
    how: str = ""
    when: str = ""
    skipped: tuple[str, ...] = ()
    away: tuple[UUID, ...] = ()

    @property
    def for_other(self) -> bool:
        return self.who == OTHER

    @property
    def is_minor(self) -> bool | None:
        """Whether the person is under 18, or None when nobody said."""
        if self.age is not None:
            return self.age < 18
        return self.band == "minor" if self.band else None


def as_state(answers: Answers) -> dict[str, Any]:
    """Return the answers as plain values that can be signed; what was not told is left out."""
    state = {item.name: _plain(getattr(answers, item.name)) for item in fields(answers)}
    return {name: value for name, value in state.items() if value not in (None, "", [])}


def _plain(value: Any) -> Any:
    if isinstance(value, Place):
        return [value.label, value.state, value.precision.value, value.lat, value.lon, value.time_zone]
    if isinstance(value, tuple):
        return [item.hex if isinstance(item, UUID) else item for item in value]
    return value


def from_state(state: Mapping[str, Any]) -> Answers:
    """Return the answers of a state; whatever is not known any more is dropped. Never raises."""
    return Answers(
        who=_one(state.get("who"), (ME, OTHER)),
        place=_place(state.get("place")),
        needs=_many(state.get("needs"), terms()),
        settings=_many(state.get("settings"), terms()),
        words=_text(state.get("words")),
        age=_age(state.get("age")),
        band=_one(state.get("band"), BANDS),
        gender=_one(state.get("gender"), tuple(Gender)),
        identities=_many(state.get("identities"), populations()),
        circumstances=_many(state.get("circumstances"), populations()),
        languages=_many(state.get("languages"), languages()),
        cost=_one(state.get("cost"), (FREE, INSURANCE)),
        how=_one(state.get("how"), (PHONE, EITHER)),
        when=_one(state.get("when"), (NOW, ANY_TIME)),
        skipped=tuple(name for name in _list(state.get("skipped")) if isinstance(name, str))[:MAX_SKIPPED],
        away=_services(state.get("away")),
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _one(value: Any, known: Collection[str]) -> str:
    return str(value) if isinstance(value, str) and value in known else ""


def _many(value: Any, known: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in _list(value) if isinstance(name, str) and name in known))


def _text(value: Any) -> str:
    return value[:MAX_WORDS] if isinstance(value, str) else ""


def _age(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value <= MAX_AGE else None


def _place(value: Any) -> Place | None:
    """Return the place as it was found; finding it again takes longer than carrying it along."""
    match value:
        case [str(label), str(state), str(precision), float() | None, float() | None, str(zone)]:
            known = precision in tuple(Precision)
            return Place(label, state, Precision(precision), value[3], value[4], zone) if known else None
    return None


def _services(value: Any) -> tuple[UUID, ...]:
    found = []
    for item in _list(value)[-MAX_AWAY:]:
        try:
            found.append(UUID(str(item)))
        except ValueError:
            continue
    return tuple(found)
