"""Why a service fits, what to ask about, and what is in the way: codes with their sources."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from entero.directory.freshness import call_first
from entero.directory.matching.answer import WHOLE, Code, Evidence, Reason
from entero.directory.matching.pool import CLOSED, HOURS_UNKNOWN, ONLY_FOR_OTHERS, OPEN, TELEHEALTH, Pool
from entero.directory.matching.profile import Profile
from entero.directory.matching.rows import Flags
from entero.directory.matching.score import EPOCH

NEVER_CHECKED = 0
"""``verified_day`` of a service that nobody is known to have checked."""

EvidenceOf = Callable[[Sequence[bytes]], Mapping[bytes, Mapping[str, Evidence]]]
"""Given keys, where each service's acceptance facts come from, by population, and all else at ``WHOLE``."""


def no_evidence(keys: Sequence[bytes]) -> Mapping[bytes, Mapping[str, Evidence]]:
    return {key: {} for key in keys}


def reasons_for(
    pool: Pool, at: int, profile: Profile, evidence: Mapping[str, Evidence]
) -> tuple[Reason, ...]:
    """Return what is known to speak for a service, most telling first."""
    found = [
        Reason(code=Code.ACCEPTS, subject=name, evidence=evidence.get(name))
        for number, name in enumerate(profile.asked)
        if pool.yes[number, at]
    ]
    if profile.ages and pool.ages_stated[at] and not pool.age_outside(profile.ages)[at]:
        found.append(Reason(code=Code.AGES, numbers=_ages(pool, at)))
    whole = evidence.get(WHOLE)
    found += _named(Code.NEED, profile.needs, pool.needs[:, at], whole)
    found += _named(Code.SETTING, profile.settings, pool.settings[:, at], whole)
    found += _named(Code.LANGUAGE, profile.languages, pool.spoken[:, at], whole)
    if np.isfinite(pool.miles[at]):
        found.append(Reason(code=Code.DISTANCE, numbers=(round(float(pool.miles[at]), 1),)))
    if pool.by_phone[at] and not pool.miles[at] <= profile.miles and TELEHEALTH not in profile.settings:
        found.append(Reason(code=Code.SETTING, subject=TELEHEALTH))
    if pool.remote[at]:
        found.append(Reason(code=Code.NATIONAL if pool.national[at] else Code.REMOTE))
    if profile.now is not None and pool.open_now[at] == OPEN:
        found.append(Reason(code=Code.OPEN_NOW))
    found += [Reason(code=Code.COST, subject=name, evidence=whole) for name in _costs(pool, at)]
    if pool.room[at]:
        found.append(Reason(code=Code.ROOM, subject="open"))
    if pool.words[at] > 0:
        found.append(Reason(code=Code.WORDS))
    checked = _checked(pool, at)
    if checked is not None and not call_first(checked, profile.today):
        found.append(Reason(code=Code.CHECKED, evidence=Evidence("", checked)))
    return tuple(found)


def unknowns_for(pool: Pool, at: int, profile: Profile) -> tuple[Reason, ...]:
    """Return what a caller should ask about, most telling first."""
    found = [
        Reason(code=Code.ACCEPTS, subject=name)
        for number, name in enumerate(profile.asked)
        if not pool.yes[number, at] and not pool.no[number, at]
    ]
    found += _named(Code.NEED, profile.needs, ~pool.needs[:, at])
    found += _named(Code.SETTING, profile.settings, ~pool.settings[:, at])
    found += _named(Code.LANGUAGE, profile.languages[:1], ~pool.spoken[:1, at])
    if pool.waiting[at]:
        found.append(Reason(code=Code.ROOM, subject="waiting"))
    elif not pool.room[at]:
        found.append(Reason(code=Code.ROOM))
    if profile.now is not None and pool.open_now[at] == HOURS_UNKNOWN:
        found.append(Reason(code=Code.OPEN_NOW))
    if profile.cost is not None and not _costs(pool, at):
        found.append(Reason(code=Code.COST))
    checked = _checked(pool, at)
    if checked is None:
        found.append(Reason(code=Code.CALL_FIRST))
    elif call_first(checked, profile.today):
        found.append(Reason(code=Code.CALL_FIRST, evidence=Evidence("", checked)))
    return tuple(found)


def failures_of(
    pool: Pool, at: int, profile: Profile, evidence: Mapping[str, Evidence]
) -> tuple[Reason, ...]:
    """Return everything that keeps a service from being a match."""
    found = [
        Reason(code=Code.REFUSES, subject=name, evidence=evidence.get(name))
        for number, name in enumerate(profile.asked)
        if pool.no[number, at]
    ]
    if pool.barred[at]:
        found.append(
            Reason(code=Code.REFUSES, subject=ONLY_FOR_OTHERS, evidence=evidence.get(ONLY_FOR_OTHERS))
        )
    if pool.age_outside(profile.ages)[at]:
        found.append(Reason(code=Code.AGE_OUTSIDE, numbers=_ages(pool, at)))
    if pool.full[at]:
        found.append(Reason(code=Code.FULL))
    if profile.now is not None and pool.open_now[at] == CLOSED:
        found.append(Reason(code=Code.CLOSED_NOW))
    return tuple(found)


def _named(code: Code, names: Sequence[str], flags: Flags, evidence: Evidence | None = None) -> list[Reason]:
    return [
        Reason(code=code, subject=name, evidence=evidence)
        for name, holds in zip(names, flags, strict=True)
        if holds
    ]


def _ages(pool: Pool, at: int) -> tuple[float, float]:
    return float(pool.age_min[at]), float(pool.age_max[at])


def _costs(pool: Pool, at: int) -> list[str]:
    stated = (("free", pool.free), ("sliding", pool.sliding), ("insurance", pool.insurance))
    return [name for name, flags in stated if flags[at]]


def _checked(pool: Pool, at: int) -> date | None:
    days = int(pool.verified_day[at])
    return EPOCH + timedelta(days=days) if days > NEVER_CHECKED else None
