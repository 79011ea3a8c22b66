"""The weights of a match, all in one place.

The score of a service is ``100 * sum(weight * part) / sum(weight)`` over the parts that were asked about,
so a question that was skipped neither helps nor harms anybody. Every part lies between 0 and 1:

acceptance  mean over the populations that are asked for, gender counted ``GENDER_COUNTS`` times:
            1 for a known yes, ``UNKNOWN`` for silence. A known no never gets this far.
needs       share of the needs (and of the wanted settings) that the service says it meets.
distance    ``2 ** (-miles / HALF_WAY_MILES)``; ``REMOTE`` where nobody has to travel.
words       ``b / (b + WORDS_HALF)`` of the BM25 of what was typed.
language    1 for the preferred language, ``OTHER_LANGUAGE`` for another that is spoken,
            ``UNKNOWN`` for silence.
freshness   confidence in the newest check, as ``freshness.confidence``.
capacity    room 1, not known and a waiting list 0.5. A known "full" never gets this far.
open_now    1 when open, ``UNKNOWN`` when the hours are not known. A known "closed" never gets this far.
cost        1 for what was asked for, 0.6 for a sliding scale, ``UNKNOWN`` for silence, 0.2 otherwise.

The order of the weights is the order of what decides whether help arrives: a door that opens comes before
one that is near. They were set by judgment, not fitted: there is no outcome data yet that could fit them.
"""

ACCEPTANCE = 0.34
NEEDS = 0.26
DISTANCE = 0.14
WORDS = 0.12
LANGUAGE = 0.10
FRESHNESS = 0.06
CAPACITY = 0.04
OPEN_NOW = 0.04
COST = 0.04

GENDER_COUNTS = 2.0
UNKNOWN = 0.4
HALF_WAY_MILES = 15.0
REMOTE = 0.6
OTHER_LANGUAGE = 0.8
WORDS_HALF = 5.0
SLIDING = 0.6
OTHERWISE = 0.2

ENOUGH = 5
"""With fewer matches than this the search is widened."""

SHOWN = 20
NEAR_MISSES = 3
CALL_FIRST_BELOW = 0.6
"""Below this confidence a page says: call first."""
