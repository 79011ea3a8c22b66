"""The parts of the score that are whole numbers, so that both engines add them up to the same bit."""

from entero.directory.matching import query

UNITS = 10_000
"""Points of acceptance are counted in ten-thousandths."""

ASKED = round(query.ACCEPTS_WHO_ASKS * UNITS)
PREFERRED = round(query.PREFERRED_PROPERTY * UNITS)
FIRST_LANGUAGE = round(query.FIRST_LANGUAGE * UNITS)
ROOM_UNKNOWN, ROOM_OPEN, ROOM_WAITING, ROOM_FULL = (
    round(query.ROOM * share * UNITS) for share in query.ROOM_BY_CAPACITY
)
FREE = round(query.FREE * UNITS)
