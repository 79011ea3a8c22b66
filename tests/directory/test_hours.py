"""Hours as staff type them: what is meant, what is refused, and that nothing is lost on the way."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entero.directory import hours


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", ()),
        ("9:00-17:00", ((time(9), time(17)),)),
        ("9-5 pm", ((time(9), time(17)),)),
        ("9am-5:30pm", ((time(9), time(17, 30)),)),
        ("9 a.m. – 12 p.m.", ((time(9), time(12)),)),
        ("13:00-17:00; 9.00-12.00", ((time(9), time(12)), (time(13), time(17)))),
        ("0:00-24:00", ((time(0), time(23, 59)),)),
        ("12am-12pm", ((time(0), time(12)),)),
    ],
)
def test_hours_are_read_as_they_are_meant(text: str, meant: tuple[tuple[time, time], ...]) -> None:
    assert hours.parse(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "nine to five",
        "9",
        "9-",
        "-5",
        "17-9",
        "9-9",
        "25:00-26:00",
        "9:60-10",
        "13pm-2pm",
        "9-12, 11-14",
        "9-10-11",
    ],
)
def test_hours_that_mean_nothing_are_refused(text: str) -> None:
    with pytest.raises(hours.NotHours):
        hours.parse(text)


def test_refusal_names_the_part_that_is_wrong() -> None:
    with pytest.raises(hours.NotHours) as refused:
        hours.parse("9-12, noon-5")
    assert refused.value.part == "noon-5"


minutes = st.integers(0, 24 * 60 - 1)


@given(st.lists(minutes, max_size=12, unique=True).filter(lambda times: len(times) % 2 == 0))
def test_what_is_shown_is_read_back(times: list[int]) -> None:
    moments = [time(minute // 60, minute % 60) for minute in sorted(times)]
    parts = tuple(zip(moments[::2], moments[1::2], strict=True))
    assert hours.parse(hours.show(parts)) == parts


@given(st.text(max_size=60))
def test_any_text_is_hours_or_is_refused(text: str) -> None:
    try:
        found = hours.parse(text)
    except hours.NotHours:
        return
    assert all(opens < closes for opens, closes in found)
    assert list(found) == sorted(found)
