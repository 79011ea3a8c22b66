"""The score of every service of a pool, by the formula in ``weights``."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entero.directory.freshness import HALF_LIFE_DAYS, WEAKEST
from entero.directory.matching import weights
from entero.directory.matching.pool import HOURS_UNKNOWN, OPEN, Pool
from entero.directory.matching.profile import Cost, Profile
from entero.directory.matching.rows import Flags
from entero.directory.vocabulary.terms import populations

EPOCH = date(1970, 1, 1)
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """``total`` is ``float64 (m,)`` from 0 to 100; ``parts`` has the same shape for each part, 0 to 1."""

    total: Numbers
    parts: dict[str, Numbers]


def excluded(pool: Pool, profile: Profile) -> Flags:
    """Say which services are known not to take this person, whatever else they offer."""
    return np.asarray(pool.no.any(axis=0) | pool.barred | pool.age_outside(profile.ages))


def blocked(pool: Pool, profile: Profile) -> Flags:
    """Say which services cannot be used now: known to be full, or known to be closed at this hour."""
    closed = (pool.open_now == 0) if profile.now is not None else np.zeros(pool.size, bool)
    return np.asarray(pool.full | closed)


def helpful(pool: Pool, profile: Profile) -> Flags:
    """Say which services meet at least one need, or say a word that was looked for."""
    found = np.zeros(pool.size, bool)
    if not profile.needs and not profile.words:
        found[:] = True
    if profile.needs:
        found |= pool.needs.any(axis=0)
    if profile.words:
        found |= pool.words > 0
    if profile.settings:
        found &= pool.settings.any(axis=0)
    return found


def score(pool: Pool, profile: Profile) -> Scores:
    """Return the score of every service of the pool."""
    parts: dict[str, tuple[float, Numbers]] = {}
    if profile.asked:
        parts["acceptance"] = (weights.ACCEPTANCE, _acceptance(pool, profile))
    if profile.needs or profile.settings:
        wanted = np.concatenate((pool.needs, pool.settings))
        parts["needs"] = (weights.NEEDS, wanted.mean(axis=0))
    if profile.spot is not None and profile.spot.lat is not None and not profile.remote_only:
        parts["distance"] = (weights.DISTANCE, _distance(pool))
    if profile.words:
        parts["words"] = (weights.WORDS, pool.words / (pool.words + weights.WORDS_HALF))
    if len(pool.spoken):
        parts["language"] = (weights.LANGUAGE, _language(pool))
    parts["freshness"] = (weights.FRESHNESS, _freshness(pool, profile.today))
    parts["capacity"] = (weights.CAPACITY, np.where(pool.room, 1.0, 0.5))
    if profile.now is not None:
        parts["open_now"] = (weights.OPEN_NOW, _open(pool))
    if profile.cost is not None:
        parts["cost"] = (weights.COST, cost_fit(pool, profile.cost))
    whole = sum(weight for weight, _ in parts.values())
    total = np.zeros(pool.size)
    for weight, part in parts.values():
        total += weight * part
    return Scores(np.round(100 * total / whole, 6), {name: part for name, (_, part) in parts.items()})


def _acceptance(pool: Pool, profile: Profile) -> Numbers:
    counts = np.array(
        [weights.GENDER_COUNTS if populations()[name].group == "gender" else 1.0 for name in profile.asked]
    )
    answers = np.where(pool.yes, 1.0, weights.UNKNOWN)
    mean: Numbers = counts @ answers / counts.sum()
    return mean


def _distance(pool: Pool) -> Numbers:
    near = np.exp2(-pool.miles / weights.HALF_WAY_MILES)
    return np.where(pool.remote, np.maximum(near, weights.REMOTE), near)


def _language(pool: Pool) -> Numbers:
    other = np.where(pool.spoken.any(axis=0), weights.OTHER_LANGUAGE, weights.UNKNOWN)
    return np.where(pool.spoken[0], 1.0, other)


def _freshness(pool: Pool, today: date) -> Numbers:
    days = np.maximum((today - EPOCH).days - pool.verified_day, 0)
    return np.exp2(-days / HALF_LIFE_DAYS[WEAKEST])


def _open(pool: Pool) -> Numbers:
    unknown = np.where(pool.open_now == HOURS_UNKNOWN, weights.UNKNOWN, 0.0)
    return np.where(pool.open_now == OPEN, 1.0, unknown)


def cost_fit(pool: Pool, wanted: Cost) -> Numbers:
    """Return how well what each service costs fits what somebody can pay with, 0 to 1."""
    stated = pool.free | pool.sliding | pool.insurance
    rest = np.where(stated, weights.OTHERWISE, weights.UNKNOWN)
    if wanted is Cost.INSURANCE:
        return np.where(pool.insurance | pool.free, 1.0, rest)
    return np.where(pool.free, 1.0, np.where(pool.sliding, weights.SLIDING, rest))


def best(pool: Pool, totals: Numbers, flags: Flags, count: int) -> NDArray[np.intp]:
    """Return the positions of the best that are flagged, at most ``count``.

    By score, then nearness, then key: ties never change place.
    """
    at = np.flatnonzero(flags)
    if count <= 0 or not len(at):
        return np.zeros(0, np.intp)
    columns = (-totals, pool.miles, pool.key_high, pool.key_low)
    at = _narrowed(at, count, columns)
    order = np.lexsort([column[at] for column in reversed(columns)])
    return np.asarray(at[order[:count]])


def _narrowed(at: NDArray[np.intp], count: int, columns: tuple[NDArray[Any], ...]) -> NDArray[np.intp]:
    """Return positions that hold the first ``count`` by these columns, without sorting what lies behind."""
    kept = []
    for column in columns:
        if len(at) <= 4 * count:
            break
        values = column[at]
        edge = np.partition(values, count - 1)[count - 1]
        before = at[values < edge]
        kept.append(before)
        at = at[values == edge]
        count -= len(before)
    return np.concatenate((*kept, at))
