"""One more question: the one whose answer would say the most about which door opens.

Let each of the best ``LOOKED_AT`` services be the door that opens with a chance in proportion to its score,
and let every answer be equally likely before anything is known of the door. An answer fits a service as its
score would say: 1 for a known yes, ``weights.UNKNOWN`` for silence, 0 for a known no. With ``s`` a service
and ``a`` an answer ::

    P(a | s) = fit(a, s) / sum over a of fit(a, s)
    P(a)     = sum over s of P(s) P(a | s)
    gain     = sum over s of P(s) sum over a of P(a | s) log2(P(a | s) / P(a))

which is the mutual information of answer and door in bits, exactly, over these services. A service that
fits no answer is left out. A question on which all services say the same gains nothing and is never asked.
Sensitive questions (papers, HIV) are asked on their own page only, never as one more.
"""

from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from entero.directory.matching import facets, weights
from entero.directory.matching.answer import Question
from entero.directory.matching.pool import Directory, Pool
from entero.directory.matching.profile import Cost, Profile
from entero.directory.matching.rows import Flags, has_any
from entero.directory.matching.score import Numbers, best, cost_fit
from entero.directory.vocabulary.people import AGE_GROUPS, Gender, at_age
from entero.directory.vocabulary.terms import Kind, languages, populations, terms

LOOKED_AT = 200
LEAST_GAIN = 0.01
"""Bits. A question below this is not worth anybody's breath."""

PLACE, AGE, GENDER, LANGUAGES, COST = "place", "age", "gender", "languages", "cost"
NEED, CIRCUMSTANCE = "need", "circumstance"
PAGES = {NEED: "needs", CIRCUMSTANCE: "circumstances"}
"""A question on one need or circumstance is ``need:shelter``; skipping the whole page skips it as well."""

Fit = NDArray[np.float64]
Read = Callable[[int, int], Flags]


def information(fit: Fit, chance: Numbers) -> float:
    """Return the gain in bits; ``fit`` has shape ``(answers, services)``, ``chance`` one entry a service.

    ``chance`` is zero or more and need not sum to 1.
    """
    known = fit.sum(axis=0) > 0
    whole = chance[known].sum()
    if not known.any() or whole <= 0:
        return 0.0
    share = fit[:, known] / fit[:, known].sum(axis=0)
    door = chance[known] / whole
    answer = share @ door
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = np.where(share > 0, share * np.log2(share / answer[:, None]), 0.0)
    return max(float(bits.sum(axis=0) @ door), 0.0)


def next_question(
    directory: Directory, profile: Profile, pool: Pool, totals: Numbers, flags: Flags
) -> Question | None:
    """Return the open question with the most gain over the flagged services; ties go by id."""
    at = best(pool, totals, flags, LOOKED_AT)
    if len(at) < 2:
        return None
    candidates, chance = pool.take(at), np.maximum(totals[at], 1e-9)
    found = [
        Question(name, round(information(fit, chance), 6))
        for name, fit in _fits(directory, profile, candidates)
    ]
    gaining = [question for question in found if question.gain >= LEAST_GAIN]
    return min(gaining, key=lambda question: (-question.gain, question.id), default=None)


def _fits(directory: Directory, profile: Profile, pool: Pool) -> Iterator[tuple[str, Fit]]:
    """Yield each open question with how its answers fit each service."""
    read = _reader(directory, pool)
    if profile.spot is None and PLACE not in profile.skipped:
        yield PLACE, _of_place(directory, pool)
    if profile.ages is None and AGE not in profile.skipped:
        yield AGE, np.stack([_of_age(read, pool, *group) for group in AGE_GROUPS])
    if profile.gender is None and GENDER not in profile.skipped:
        genders = dict.fromkeys(at_age(gender, profile.age) for gender in Gender)
        yield GENDER, np.stack([_of_population(read, gender) for gender in genders])
    if not profile.languages and LANGUAGES not in profile.skipped:
        yield LANGUAGES, _of_language(read, pool)
    if profile.cost is None and COST not in profile.skipped:
        yield COST, np.stack([cost_fit(pool, cost) for cost in Cost])
    for name in _open(profile, NEED, _askable_needs(), profile.needs):
        yield f"{NEED}:{name}", _yes_or_no(_silence(_offering(directory, pool, name)))
    for name in _open(profile, CIRCUMSTANCE, _askable_circumstances(), profile.circumstances):
        yield f"{CIRCUMSTANCE}:{name}", _yes_or_no(_of_population(read, name))


@cache
def _askable_needs() -> tuple[str, ...]:
    return tuple(term.id for term in terms().values() if term.asked and term.kind is Kind.NEED)


@cache
def _askable_circumstances() -> tuple[str, ...]:
    return tuple(person.id for person in populations().values() if person.asked and not person.sensitive)


def _open(profile: Profile, kind: str, names: tuple[str, ...], told: tuple[str, ...]) -> list[str]:
    if PAGES[kind] in profile.skipped:
        return []
    return [name for name in names if name not in told and f"{kind}:{name}" not in profile.skipped]


def _reader(directory: Directory, pool: Pool) -> Read:
    """Return a function that says which services of the pool have a property."""

    def read(kind: int, bit: int) -> Flags:
        found = np.zeros(pool.size, bool)
        for number, part in enumerate(directory.parts):
            mine = pool.part == number
            found[mine] = has_any(part.index, pool.row[mine], kind, 1 << bit)
        return found

    return read


def _offering(directory: Directory, pool: Pool, term: str) -> Flags:
    found = np.zeros(pool.size, bool)
    for number, part in enumerate(directory.parts):
        mine = pool.part == number
        found[mine] = part.offering(term)[pool.row[mine]]
    return found


def _silence(flags: Flags) -> Fit:
    return np.where(flags, 1.0, weights.UNKNOWN)


def _yes_or_no(fit_of_yes: Fit) -> Fit:
    """With the answer no, what a service says about it does not matter: every service fits."""
    return np.stack((fit_of_yes, np.ones_like(fit_of_yes)))


def _of_population(read: Read, name: str) -> Fit:
    bit = populations()[name].bit
    return np.where(read(facets.NO, bit), 0.0, _silence(read(facets.YES, bit)))


def _of_age(read: Read, pool: Pool, name: str, low: int, high: int) -> Fit:
    return np.where(pool.age_outside((low, high)), 0.0, _of_population(read, name))


def _of_language(read: Read, pool: Pool) -> Fit:
    """English is taken for granted; any other language fits where it is spoken, and silence is silence."""
    spoken = {code: read(facets.LANGUAGE, language.bit) for code, language in languages().items()}
    rows = [_silence(flags) for code, flags in spoken.items() if code != "en" and flags.any()]
    return np.stack([np.ones(pool.size), *rows])


def _of_place(directory: Directory, pool: Pool) -> Fit:
    """A service fits the state it is in; what reaches every state fits all of them."""
    state = np.zeros(pool.size, np.int64)
    for number, part in enumerate(directory.parts):
        mine = pool.part == number
        starts = part.index.arrays.segment_start
        state[mine] = (np.searchsorted(starts, pool.row[mine], side="right") - 1) // 2
    states = np.unique(state[~pool.national])
    if not len(states):
        return np.ones((1, pool.size))
    return np.where(pool.national, 1.0, (states[:, None] == state).astype(float))
