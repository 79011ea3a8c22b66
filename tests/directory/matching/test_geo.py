"""Places: a disc never loses a service, wherever on the globe it lies."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entero.directory.matching import geo
from entero.directory.matching.build import build
from entero.directory.matching.geo import (
    COLUMN_DEGREES,
    MICRO,
    NOWHERE,
    disc_rows,
    disc_stretches,
    half_width,
    miles_from,
)
from entero.directory.matching.index import Index
from tests.directory.matching import random_directories
from tests.directory.matching.random_directories import RADII, SPOTS

INDEX = build(random_directories.columns(11, 3_000))
LATS = st.floats(-90, 90)
LONS = st.floats(-180, 180)
NEAR = st.tuples(st.sampled_from(SPOTS), st.floats(-1, 1), st.floats(-1, 1)).map(
    lambda drawn: (
        min(90.0, max(-90.0, drawn[0][0] + drawn[1])),
        (drawn[0][1] + drawn[2] + 180) % 360 - 180,
    )
)


def distances(index: Index, lat: float, lon: float) -> np.ndarray:
    lats, lons = index.arrays.lat_micro, index.arrays.lon_micro
    miles = miles_from(lat, lon, lats / MICRO, lons / MICRO)
    return np.where(lats == NOWHERE, np.inf, miles)


@settings(max_examples=300, deadline=None)
@given(
    spot=st.one_of(NEAR, st.tuples(LATS, LONS)), miles=st.one_of(st.sampled_from(RADII), st.floats(0, 13_000))
)
def test_a_disc_holds_everything_within_its_radius(spot: tuple[float, float], miles: float) -> None:
    lat, lon = spot
    stretches = disc_stretches(INDEX.grid, lat, lon, miles)
    inside = np.zeros(INDEX.n, bool)
    for first, last in stretches:
        assert not inside[first:last].any()
        inside[first:last] = True
    assert stretches == sorted(stretches)
    assert inside[distances(INDEX, lat, lon) <= miles].all()


def test_a_small_disc_leaves_most_of_the_country_out() -> None:
    stretches = disc_stretches(INDEX.grid, 32.7157, -117.1611, 10)
    assert 0 < sum(last - first for first, last in stretches) < INDEX.n / 4


def test_segments_can_be_left_out() -> None:
    everywhere = disc_stretches(INDEX.grid, 0, 0, 13_000)
    without = disc_stretches(INDEX.grid, 0, 0, 13_000, without={8})
    start = INDEX.arrays.segment_start
    assert sum(b - a for a, b in everywhere) - sum(b - a for a, b in without) > 0
    assert not any(a < start[9] and b > start[8] for a, b in without)


def test_a_negative_radius_holds_nothing() -> None:
    assert disc_stretches(INDEX.grid, 40, -75, -1) == []


def test_an_empty_grid_holds_nothing() -> None:
    assert disc_stretches(build(random_directories.columns(0, 0)).grid, 40, -75, 100) == []


@pytest.mark.parametrize(("lat", "miles"), [(89.99, 5), (-89.99, 5), (80, 800), (0, 13_000)])
def test_a_disc_round_a_pole_spans_all_longitudes(lat: float, miles: float) -> None:
    first, last = disc_rows(lat, miles)
    assert (half_width(lat, miles, np.arange(first, last + 1)) == 180.0).all()


@settings(max_examples=300, deadline=None)
@given(lat=st.floats(-85, 85), miles=st.floats(0.01, 300), bearing=st.floats(0, 2 * math.pi))
def test_the_rim_of_a_disc_lies_within_its_width(lat: float, miles: float, bearing: float) -> None:
    angle = miles / geo.EARTH_RADIUS_MILES
    here = math.radians(lat)
    there = math.asin(math.sin(here) * math.cos(angle) + math.cos(here) * math.sin(angle) * math.cos(bearing))
    east = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(here),
        math.cos(angle) - math.sin(here) * math.sin(there),
    )
    row = int(geo.cell_row(np.array([math.degrees(there)]))[0])
    first, last = disc_rows(lat, miles)
    assert first <= row <= last
    assert abs(math.degrees(east)) <= half_width(lat, miles, row)


def test_one_row_and_an_array_of_rows_have_the_same_width() -> None:
    rows = np.arange(1_400, 1_800)
    assert half_width(34.0, 120.0, rows).tolist() == [half_width(34.0, 120.0, int(row)) for row in rows]


def test_miles_are_great_circles() -> None:
    miles = miles_from(32.7157, -117.1611, np.array([40.7128, 32.7157]), np.array([-74.0060, -117.1611]))
    assert miles == pytest.approx([2_427.8, 0.0], abs=1.0)
    across = miles_from(52.0, 179.99, np.array([52.0]), np.array([-179.99]))
    assert across[0] == pytest.approx(
        math.radians(0.02) * geo.EARTH_RADIUS_MILES * math.cos(math.radians(52)), rel=1e-6
    )


def test_the_last_cells_of_the_globe_have_numbers() -> None:
    assert geo.cell_row(np.array([-90.0, 90.0])).tolist() == [0, 2_250]
    assert geo.cell_column(np.array([-180.0, 180.0])).tolist() == [0, math.floor(360 / COLUMN_DEGREES)]
