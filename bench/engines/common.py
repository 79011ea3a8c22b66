"""What several engines need: the order of the ground, sizes on disk, and pieces of the score."""

import math
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from entero.directory.matching.columns import Columns

EARTH_MILES = 3958.7613
GENDERS = 15
TOP = 20


def missing_package(*names: str) -> str:
    """Return which of these Python packages are missing, in words, or "" when none is."""
    absent = [name for name in names if find_spec(name) is None]
    return f"the Python package {' and '.join(absent)} is not installed" if absent else ""


def bytes_of(path: Path) -> int:
    """Return what a file or folder takes on disk."""
    if path.is_file():
        return path.stat().st_size
    return sum(each.stat().st_size for each in path.rglob("*") if each.is_file())


def curve_order(columns: Columns, bits: int = 16) -> NDArray[np.int64]:
    """Return the rows along a Hilbert curve over the country, so that what is near is stored near."""
    side = 1 << bits
    x = np.clip((columns.lon + 180) / 120 * side, 0, side - 1).astype(np.int64)
    y = np.clip((columns.lat - 15) / 57 * side, 0, side - 1).astype(np.int64)
    place = np.zeros(len(x), np.int64)
    step = side >> 1
    while step:
        right, up = (x & step) > 0, (y & step) > 0
        place += step * step * ((3 * right.astype(np.int64)) ^ up)
        turn = ~up & right
        x, y = np.where(turn, side - 1 - (x & (side - 1)), x), np.where(turn, side - 1 - (y & (side - 1)), y)
        x, y = np.where(up, x, y), np.where(up, y, x)
        step >>= 1
    return np.argsort(place, kind="stable")


def box(lat: float, lon: float, miles: float) -> tuple[float, float, float, float]:
    """Return south, north, west and east of a disc."""
    north = miles / 69.0 + 1e-3
    sine = min(1.0, math.sin(miles / EARTH_MILES) / math.cos(math.radians(lat)))
    east = math.degrees(math.asin(sine)) + 1e-3
    return lat - north, lat + north, lon - east, lon + east


def terms_of(columns: Columns) -> list[list[int]]:
    """Return the terms of every row."""
    values, bounds = columns.term_values.tolist(), columns.term_start.tolist()
    return [values[start:end] for start, end in pairwise(bounds)]


def idf(rows: int, frequency: int) -> float:
    return math.log(1 + (rows - frequency + 0.5) / (frequency + 0.5))


def language_bits(languages: tuple[int, ...]) -> int:
    return sum(1 << number for number in set(languages))
