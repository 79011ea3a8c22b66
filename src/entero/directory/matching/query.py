"""A question to the index, and the fixed weights of its answer."""

from dataclasses import dataclass

TOP = 20

EARTH_RADIUS_MILES = 3958.7613

WEIGHT_WORDS = 0.40
WEIGHT_DISTANCE = 0.25
WEIGHT_ACCEPTANCE = 0.20
WEIGHT_FRESHNESS = 0.15

FRESH_FOR_DAYS = 730
WORDS_HALF_SCORE = 5.0
BM25_K1 = 1.2
BM25_B = 0.75

ACCEPTS_WHO_ASKS = 0.35
PREFERRED_PROPERTY = 0.25
FIRST_LANGUAGE = 0.15
ROOM = 0.15
ROOM_BY_CAPACITY = (0.25, 1.0, 0.5, 0.0)
FREE = 0.10


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """Everything is optional except the place: a point with a radius, or a state.

    A service matches when all of these hold; what is ``None`` or 0 asks nothing.

    Attributes:
        lat, lon, radius: degrees and miles: it can be visited within the radius (great
            circle on a sphere of ``EARTH_RADIUS_MILES``).
        remote_state: with a point, also what is remote in this state, or in all states.
        state: without a point, the state it is in.
        terms: number of a term; it has at least one of them.
        words: analyzed words; with ``all_words`` each occurs, else at least one.
        asked: bits of the populations of who asks: none of them is known to be refused.
        required: bits that must be known ``yes``.
        age: years, inside ``age_min..age_max``.
        languages: numbers of languages, the preferred one first; it has at least one.
        cost: bits; it has at least one.
        open_slot: half hour of the week, 0 to 335, in which it is open.
        not_full: its capacity is not known to be full.
        today: days since 1970-01-01.
        prefer: bit in ``yes`` that earns ``PREFERRED_PROPERTY`` (affirming care).

    The score is the sum of the four weighted parts, each between 0 and 1:
        words: ``b / (b + WORDS_HALF_SCORE)`` with ``b`` the BM25 of the words over name and
            description (idf ``ln(1 + (N - df + 0.5) / (df + 0.5))``, numerator
            ``tf * (K1 + 1)``); 0 without words.
        distance: ``1 - d / radius`` where it is visited (1 for a radius of 0); 0.5 where it is
            remote only; 0 for a state.
        acceptance: the sum of ``ACCEPTS_WHO_ASKS`` if ``asked`` and all asked bits are
            known yes, ``PREFERRED_PROPERTY``, ``FIRST_LANGUAGE`` if the first language is
            offered, ``ROOM * ROOM_BY_CAPACITY[capacity]``, and ``FREE`` if it is free.
        freshness: ``1 - (today - verified_day) / FRESH_FOR_DAYS``, at least 0 and at most 1.
    The answer is the ``TOP`` best by score, then by the row they had in ``Columns``.
    """

    lat: float | None = None
    lon: float | None = None
    radius: float = 0.0
    remote_state: int | None = None
    state: int | None = None
    terms: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    all_words: bool = True
    asked: int = 0
    required: int = 0
    age: int | None = None
    languages: tuple[int, ...] = ()
    cost: int = 0
    open_slot: int | None = None
    not_full: bool = False
    today: int = 0
    prefer: int = 0
