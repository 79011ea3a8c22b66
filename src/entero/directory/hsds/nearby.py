"""A circle on the earth, as a condition that both databases can compute."""

import math
from dataclasses import dataclass

from django.db.models import F, Q
from django.db.models.functions import Cos, Radians, Sin
from django.db.models.lookups import LessThanOrEqual

EARTH_RADIUS_METERS = 6_371_008.8
"""Mean radius; the earth is taken for a sphere (0.5 % at the most)."""


@dataclass(frozen=True)
class Circle:
    """All within ``meters`` of a point given in degrees."""

    latitude: float
    longitude: float
    meters: float

    def around(self, relation: str = "") -> Q | LessThanOrEqual:
        """Return the condition that a row's ``latitude`` and ``longitude`` lie within (haversine)."""
        latitude, longitude = F(f"{relation}latitude"), F(f"{relation}longitude")
        up = Sin(Radians(latitude - self.latitude) / 2)
        across = Sin(Radians(longitude - self.longitude) / 2)
        chord = up * up + Cos(Radians(latitude)) * math.cos(math.radians(self.latitude)) * across * across
        half_angle = min(self.meters / EARTH_RADIUS_METERS / 2, math.pi / 2)
        return LessThanOrEqual(chord, math.sin(half_angle) ** 2)

    def band(self, relation: str = "") -> Q:
        """Return the belt of latitudes that the circle touches: cheap, and enough to spare most rows."""
        height = math.degrees(self.meters / EARTH_RADIUS_METERS)
        return Q(**{f"{relation}latitude__range": (self.latitude - height, self.latitude + height)})
