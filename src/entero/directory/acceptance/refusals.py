"""What a confirmed refusal says about whom a service takes.

Only some reasons speak of a population. No room, money, language or disbelief say nothing about whom a
service takes in principle, so a report of these never becomes a fact.
"""

GENDERS = ("boy", "man", "trans_man", "trans_woman", "non_binary", "girl", "woman")
POPULATIONS: dict[str, tuple[str, ...]] = {
    "gender": GENDERS,
    "age": ("minor", "young_adult", "adult", "older_adult"),
    "identity": ("gay_bisexual", "trans_man", "trans_woman", "non_binary"),
    "substance": ("active_substance_use", "opioid_medication"),
    "papers": ("without_documents",),
    "record": ("justice_involved",),
}
"""Reason to the populations it can speak of. Only one: it is meant. Several: somebody has to say which."""

MEANT = {"substance": "active_substance_use"}
"""The population that is meant when a reason could speak of several and nobody said which."""


def speaks_of(reason: str) -> tuple[str, ...]:
    """Return the populations that a refusal for this reason can be about; none for most reasons."""
    return POPULATIONS.get(reason, ())


def population_refused(reason: str, *stated: str) -> str:
    """Return whom a confirmed refusal shuts out, or an empty text when it is about nobody in particular
    or nobody said whom.

    The first stated population that the reason can speak of counts; others are ignored: a boy who was
    sent away because of drugs does not mean that boys are not taken.
    """
    possible = speaks_of(reason)
    for population in stated:
        if population in possible:
            return population
    return possible[0] if len(possible) == 1 else MEANT.get(reason, "")
