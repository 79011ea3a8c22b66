"""ZIP codes, cities and states are found offline; maps hold their own cities."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entero.directory.places import finder
from entero.directory.places.finder import Ambiguous, Found, NotFound, Precision, find
from entero.directory.places.maps import WIDTH, map_of
from entero.directory.places.states import STATES, by_code, state_of_zip


@pytest.mark.parametrize(
    ("text", "state", "precision"),
    [
        ("92101", "CA", Precision.ZIP),
        ("92101-1234", "CA", Precision.ZIP),
        ("921", "CA", Precision.PREFIX),
        ("San Diego", "CA", Precision.CITY),
        ("san diego, ca", "CA", Precision.CITY),
        ("San José, California", "CA", Precision.CITY),
        ("Springfield IL", "IL", Precision.CITY),
        ("Nueva York", "NY", Precision.STATE),
        ("Carolina del Norte", "NC", Precision.STATE),
        ("tx", "TX", Precision.STATE),
        ("00601", "PR", Precision.ZIP),
        ("96799", "AS", Precision.ZIP),
        ("Washington", "DC", Precision.CITY),
    ],
)
def test_find_knows(text: str, state: str, precision: Precision) -> None:
    found = find(text)
    assert isinstance(found, Found)
    assert (found.place.state, found.place.precision) == (state, precision)


def test_find_offers_what_is_ambiguous_largest_first() -> None:
    found = find("Springfield")
    assert isinstance(found, Ambiguous)
    assert [place.state for place in found.places[:3]] == ["MO", "MA", "IL"]


@pytest.mark.parametrize("text", ["", "99999", "00000", "x" * 500, "Qwertyville", "12"])
def test_find_says_when_there_is_no_such_place(text: str) -> None:
    assert isinstance(find(text), NotFound)


def test_find_hints_at_a_slip() -> None:
    assert "Sacramento, CA" in find("Sacrmento").hints  # type: ignore[union-attr]


@given(text=st.text(max_size=100))
def test_find_never_raises(text: str) -> None:
    assert isinstance(find(text), Found | Ambiguous | NotFound)


def test_time_zone_comes_with_the_place() -> None:
    assert finder.of_zip("92101").time_zone == "America/Los_Angeles"  # type: ignore[union-attr]
    found = find("Chicago")
    assert isinstance(found, Found)
    assert found.place.time_zone == "America/Chicago"


def test_state_numbers_are_stable_and_unique() -> None:
    assert [state.number for state in STATES] == list(range(len(STATES)))
    assert by_code()["CA"].number == 4
    assert len({state.code for state in STATES}) == len(STATES) == 59


@pytest.mark.parametrize(
    ("code", "state"), [("20101", "VA"), ("20001", "DC"), ("05501", "MA"), ("06390", "NY")]
)
def test_zip_belongs_to_its_state(code: str, state: str) -> None:
    assert state_of_zip(code) == state


@pytest.mark.parametrize(
    ("state", "lat", "lon"),
    [("CA", 32.72, -117.16), ("AK", 61.2, -149.9), ("AK", 52.0, 173.0), ("HI", 21.3, -157.86)],
)
def test_map_holds_its_places(state: str, lat: float, lon: float) -> None:
    drawing = map_of(state)
    assert drawing is not None
    x, y = drawing.project(lat, lon)
    assert 0 <= x <= WIDTH
    assert 0 <= y <= drawing.height


def test_every_state_and_most_territories_have_a_small_map() -> None:
    drawn = [map_of(state.code) for state in STATES]
    assert sum(drawing is not None for drawing in drawn) == 56
    assert max(len(drawing.path) for drawing in drawn if drawing) <= 8_000
