"""The matcher: finds, widens where it must, ranks, and says why.

The rules, in order:

1. **Exclusions first.** A service that is known not to take this person (a known no for anything he is, ages
   that leave him out, a program for others only) is never a match, in no step.
2. What is known to be full, or closed at the hour that is asked about, is no match now.
3. A service has to meet a need, or say a word, that is looked for, and to have the setting that is wanted.
   A word that nobody says is first bent to the nearest that somebody does.
4. The rest is ranked by the score in ``weights``; ties by nearness, then by key.
5. With fewer than ``weights.ENOUGH`` matches the search is widened, one step of ``widening.steps_for`` at a
   time. A step adds services and takes none away; it never looks again at what rules 1 and 2 keep out.
   *Unknown needs* adds services that do not say whether they can help, no more than are lacking; they
   come after all that do. *Hotlines* adds every hotline within reach.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from entero.directory.matching import weights
from entero.directory.matching.answer import Evidence, Match, Result, Step
from entero.directory.matching.near_misses import failing_once, near_misses
from entero.directory.matching.plan import make_plan
from entero.directory.matching.pool import Directory, Pool, make_pool
from entero.directory.matching.profile import Profile
from entero.directory.matching.question import next_question
from entero.directory.matching.reasons import EvidenceOf, no_evidence, reasons_for, unknowns_for
from entero.directory.matching.rows import Flags
from entero.directory.matching.score import Scores, best, blocked, excluded, helpful, score
from entero.directory.matching.spelling import corrected
from entero.directory.matching.widening import SAME_ROWS, Reach, rows_for, steps_for


@dataclass(frozen=True, kw_only=True)
class Found:
    """What lies within reach: the pool, its scores, and who of it says that it can help or was added."""

    pool: Pool
    scores: Scores
    refusing: Flags
    helping: Flags
    added: Flags
    steps: tuple[Step, ...]

    @property
    def total(self) -> int:
        return int(np.count_nonzero(self.helping | self.added))

    def ranked(self, count: int) -> NDArray[np.intp]:
        """Return the positions of the best matches; those that say they can help come first."""
        totals = self.scores.total
        first = best(self.pool, totals, self.helping, count)
        rest = best(self.pool, totals, self.added & ~self.helping, count - len(first))
        return np.concatenate((first, rest))


def match(
    directory: Directory,
    profile: Profile,
    *,
    evidence: EvidenceOf = no_evidence,
    limit: int = weights.SHOWN,
) -> Result:
    """Return the services that may take this person, best first, and everything there is to say about them.

    ``evidence`` is asked once, for the keys that are shown. The same directory and profile give the same
    answer. Never raises for a profile that could be made.
    """
    found = find(directory, profile)
    shown = found.ranked(limit)
    failing = _near(found, profile)
    keys = [found.pool.key(at) for at in (*shown.tolist(), *failing.tolist())]
    facts = evidence(keys) if keys else {}
    return Result(
        matches=tuple(
            _match(found, at, profile, facts.get(key, {}))
            for at, key in zip(shown.tolist(), keys, strict=False)
        ),
        near_misses=near_misses(found.pool, found.scores.total, profile, failing, facts),
        next_question=next_question(directory, profile, found.pool, found.scores.total, found.helping),
        widened=found.steps,
        plan=make_plan(found.pool, found.scores.total, found.helping, profile.needs),
        total=found.total,
        refused=int(np.count_nonzero(found.refusing)),
    )


def find(directory: Directory, profile: Profile, *, widen: bool = True) -> Found:
    """Return what can be found, as near as possible; without ``widen`` only within the first reach."""
    if profile.words:
        profile = replace(profile, words=corrected(directory, profile.words))
    reach = Reach(profile.miles)
    found = _look(profile, reach, make_pool(directory, profile, rows_for(directory, profile, reach)))
    for step in steps_for(profile) if widen else ():
        if found.total >= weights.ENOUGH:
            break
        reach = reach.wider(step)
        pool = found.pool
        if step not in SAME_ROWS:
            pool = make_pool(directory, profile, rows_for(directory, profile, reach))
        found = _look(profile, reach, pool)
    return found


def _look(profile: Profile, reach: Reach, pool: Pool) -> Found:
    scores = score(pool, profile)
    no = excluded(pool, profile)
    able = ~(no | blocked(pool, profile) | _away(pool, profile))
    useful = helpful(pool, profile)
    helping = able & useful
    added = np.zeros(pool.size, bool)
    if Step.UNKNOWN_NEEDS in reach.steps:
        lacking = weights.ENOUGH - int(np.count_nonzero(helping))
        akin = best(pool, scores.total, able & ~helping & pool.akin, lacking)
        other = best(pool, scores.total, able & ~helping & ~pool.akin, lacking - len(akin))
        added[akin] = added[other] = True
    if Step.HOTLINES in reach.steps:
        added |= able & pool.hotline
    return Found(
        pool=pool,
        scores=scores,
        refusing=no & useful,
        helping=helping,
        added=added,
        steps=reach.steps,
    )


def _away(pool: Pool, profile: Profile) -> Flags:
    """Say which services turned this person away before."""
    gone = np.zeros(pool.size, bool)
    for key in profile.away:
        high, low = int.from_bytes(key[:8], "big"), int.from_bytes(key[8:], "big")
        gone |= (pool.key_high == high) & (pool.key_low == low)
    return gone


def _near(found: Found, profile: Profile) -> NDArray[np.intp]:
    """Return the positions of the best services that fail exactly one thing and would help."""
    once = failing_once(found.pool, profile) & helpful(found.pool, profile) & ~_away(found.pool, profile)
    return best(found.pool, found.scores.total, once, weights.NEAR_MISSES)


def _match(found: Found, at: int, profile: Profile, facts: Mapping[str, Evidence]) -> Match:
    pool = found.pool
    return Match(
        key=pool.key(at),
        score=float(found.scores.total[at]),
        parts={name: round(float(part[at]), 6) for name, part in found.scores.parts.items()},
        miles=pool.miles_or_none(at),
        reasons=reasons_for(pool, at, profile, facts),
        unknowns=unknowns_for(pool, at, profile),
        covers=tuple(
            need for need, met in zip(profile.needs, pool.needs[:, at].tolist(), strict=True) if met
        ),
        organization=int(pool.organization[at]),
    )
