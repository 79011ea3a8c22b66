"""Where in its state a place lies: a drawing from outlines we carry, and the same in words."""

from dataclasses import dataclass
from math import cos, hypot, radians

from entero.directory.cards import Place
from entero.directory.places.maps import WIDTH, StateMap, map_of

MARK = 26
EDGE = 40
CENTER = 0.12


@dataclass(frozen=True)
class Drawing:
    """An outline, and the point on it; sizes are the drawing's own units."""

    path: str
    box: str
    x: int
    y: int
    mark: int
    part: str
    """Which part of the state: "north", "south_west" and so on, or "middle"."""


def drawing_of(place: Place) -> Drawing | None:
    """Return the drawing, or None when the point or the outline is not known."""
    outline = map_of(place.state)
    if outline is None or place.latitude is None or place.longitude is None:
        return None
    x, y = outline.project(place.latitude, place.longitude)
    if not (-EDGE <= x <= WIDTH + EDGE and -EDGE <= y <= outline.height + EDGE):
        return None
    box = f"{-EDGE} {-EDGE} {WIDTH + 2 * EDGE} {outline.height + 2 * EDGE}"
    return Drawing(outline.path, box, x, y, MARK, _part(outline, x, y))


def _part(outline: StateMap, x: int, y: int) -> str:
    right, down = x / WIDTH - 0.5, y / max(outline.height, 1) - 0.5
    if hypot(right, down) < CENTER:
        return "middle"
    vertical = "north" if down < 0 else "south"
    sideways = "east" if right > 0 else "west"
    slope = cos(radians(60))
    length = hypot(right, down)
    if abs(right) < slope * length:
        return vertical
    if abs(down) < slope * length:
        return sideways
    return f"{vertical}_{sideways}"
