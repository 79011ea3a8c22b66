"""From what somebody says of himself to the populations that a service's door asks about."""

from enum import StrEnum

ADULT_AGE = 18


class Gender(StrEnum):
    """The answer to 'who is the help for?'; age decides between man and boy."""

    MAN = "man"
    BOY = "boy"
    WOMAN = "woman"
    GIRL = "girl"
    TRANS_MAN = "trans_man"
    TRANS_WOMAN = "trans_woman"
    NON_BINARY = "non_binary"


_BY_AGE = {
    Gender.MAN: (Gender.BOY, Gender.MAN),
    Gender.BOY: (Gender.BOY, Gender.MAN),
    Gender.WOMAN: (Gender.GIRL, Gender.WOMAN),
    Gender.GIRL: (Gender.GIRL, Gender.WOMAN),
}
AGE_GROUPS = (
    ("minor", 0, 17),
    ("young_adult", 18, 25),
    ("adult", 26, 64),
    ("older_adult", 65, 120),
)


def at_age(gender: Gender, age: int | None) -> Gender:
    """Return boy or man, girl or woman, as the age says; the given word without an age."""
    if age is None or gender not in _BY_AGE:
        return gender
    young, grown = _BY_AGE[gender]
    return young if age < ADULT_AGE else grown


def age_group(age: int | None, gender: Gender | None = None) -> str | None:
    """Return the population of an age in years; boys and girls are minors without an age."""
    if age is None:
        return "minor" if gender in {Gender.BOY, Gender.GIRL} else None
    return next(name for name, low, high in AGE_GROUPS if low <= min(age, 120) <= high)


def populations_of(
    *, age: int | None = None, gender: Gender | None = None, circumstances: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Return the ids of the populations that somebody belongs to, most telling first."""
    found: list[str] = []
    if gender is not None:
        found.append(at_age(gender, age).value)
    group = age_group(age, gender)
    if group is not None:
        found.append(group)
    found.extend(circumstances)
    return tuple(dict.fromkeys(found))
