"""The outline of each state as an SVG path, and where a point falls in it. No tiles."""

import gzip
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

WIDTH = 1000


@dataclass(frozen=True)
class StateMap:
    """A drawing ``WIDTH`` wide and ``height`` high, equirectangular, in whole units."""

    path: str
    height: int
    west: float
    north: float
    x: float
    y: float

    def project(self, lat: float, lon: float) -> tuple[int, int]:
        """Return the drawing's x and y of a point in degrees; it may fall outside the box."""
        if self.west < -170 and lon > 170:
            lon -= 360
        return round((lon - self.west) * self.x), round((self.north - lat) * self.y)


@cache
def _maps() -> dict[str, StateMap]:
    raw = gzip.decompress(files(__package__).joinpath("maps.json.gz").read_bytes())
    return {code: StateMap(**values) for code, values in json.loads(raw).items()}


def map_of(state: str) -> StateMap | None:
    """Return the map of a state code, or None where there is none."""
    return _maps().get(state)
