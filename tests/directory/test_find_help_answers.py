"""The pure half of the public journey: what was told, what it means, how it is said."""

from dataclasses import replace
from datetime import UTC, datetime, time
from uuid import UUID

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from entero.directory.find_help import answers as told
from entero.directory.find_help import map_of_place, one_more, said, times
from entero.directory.find_help.answers import Answers, as_state, from_state
from entero.directory.find_help.journey import next_page, opened, sealed
from entero.directory.find_help.neutral import is_telling, neutral
from entero.directory.find_help.opening import Now, opening
from entero.directory.find_help.profile_of import gender_of, language_wishes, profile_of, wanted
from entero.directory.find_help.reasons_shown import told_apart
from entero.directory.find_help.steps import BY_ID, STEPS, after, before
from entero.directory.hours import Hours
from entero.directory.matching.answer import Code, Reason
from entero.directory.places.finder import of_zip
from entero.directory.vocabulary.people import Gender
from entero.directory.vocabulary.terms import languages, populations, terms

NOW = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)  # a Wednesday, 10 in the morning in San Diego
SOME = Answers(
    who=told.OTHER,
    place=of_zip("92101"),
    needs=("trauma", "substance_use"),
    words="someone to talk to",
    age=15,
    gender="man",
    circumstances=("deaf",),
    languages=("es",),
    skipped=("cost", "need:shelter"),
    away=(UUID(int=7),),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from([*as_state(SOME), "settings", "band", "how", "when", "cost", "identities"])


def test_answers_come_back_as_they_were() -> None:
    assert from_state(as_state(SOME)) == SOME
    assert opened({"state": sealed(SOME)}) == (SOME, False)


@given(
    answers=st.builds(
        Answers,
        who=st.sampled_from(["", told.ME, told.OTHER]),
        needs=st.lists(st.sampled_from(list(terms())), unique=True).map(tuple),
        age=st.none() | st.integers(0, told.MAX_AGE),
        band=st.sampled_from(["", *told.BANDS]),
        gender=st.sampled_from(["", *Gender]).map(str),
        circumstances=st.lists(st.sampled_from(list(populations())), unique=True).map(tuple),
        languages=st.lists(st.sampled_from(list(languages())), unique=True).map(tuple),
        words=st.text(max_size=told.MAX_WORDS),
        away=st.lists(st.uuids(), unique=True, max_size=told.MAX_AWAY).map(tuple),
    )
)
def test_whatever_was_answered_comes_back(answers: Answers) -> None:
    assert from_state(as_state(answers)) == answers


@given(state=st.dictionaries(NAMES, JSON, max_size=8))
def test_state_of_another_version_never_raises(state: dict[str, object]) -> None:
    answers = from_state(state)
    profile_of(answers, now=NOW, language="en")
    assert from_state(as_state(answers)) == answers


@given(
    posted=st.dictionaries(
        st.sampled_from(["state", "step", "go", "return", "change", "question", "place", "age", "words"]),
        st.sampled_from([*BY_ID, "next", "back", "skip", "results", "anyway", "stay"]) | st.text(max_size=40),
    )
)
def test_whatever_is_posted_leads_to_a_page(posted: dict[str, str]) -> None:
    page = next_page(posted)
    assert from_state(as_state(page.answers)) == page.answers


def test_an_older_state_with_unknown_names_loses_only_those() -> None:
    state = as_state(SOME) | {"needs": ["trauma", "gone_since"], "gender": "martian", "age": 990}
    assert from_state(state) == replace(SOME, needs=("trauma",), gender="", age=None)


@pytest.mark.parametrize(
    ("age", "band", "gender", "expected"),
    [
        (15, "", "man", Gender.BOY),
        (15, "", "boy", Gender.BOY),
        (30, "", "boy", Gender.MAN),
        (None, "minor", "man", Gender.BOY),
        (None, "adult", "boy", Gender.MAN),
        (None, "", "boy", Gender.BOY),
        (None, "", "", None),
        (15, "", "trans_man", Gender.TRANS_MAN),
    ],
)
def test_age_decides_between_boy_and_man(
    age: int | None, band: str, gender: str, expected: Gender | None
) -> None:
    assert gender_of(Answers(age=age, band=band, gender=gender)) == expected


def test_profile_says_what_was_told_and_nothing_else() -> None:
    profile = profile_of(SOME, now=NOW, language="es")
    assert profile.asked == ("boy", "minor", "deaf")
    assert profile.needs[:2] == ("trauma", "substance_use")
    assert profile.languages == ("es",)
    assert profile.spot is not None
    assert profile.now is None
    assert profile.away == {UUID(int=7).bytes}


def test_an_empty_profile_asks_for_nothing() -> None:
    profile = profile_of(Answers(), now=NOW, language="en")
    assert (profile.asked, profile.needs, profile.spot, profile.languages) == ((), (), None, ())


def test_help_after_abuse_asks_how_survivors_are_treated() -> None:
    profile = profile_of(Answers(needs=("sexual_abuse",)), now=NOW, language="en")
    assert profile.asked == ("sexual_abuse_survivor",)


def test_own_words_become_needs_and_the_rest_is_looked_for() -> None:
    found = wanted(Answers(words="desintoxicación y alguien con quien hablar, Vista Hill"))
    assert "detox" in found.needs
    assert found.rest == ("vista", "hill")


@pytest.mark.parametrize(
    ("spoken", "wish"),
    [(("en",), ()), (("en", "es"), ()), (("es", "en"), ("es",)), (("es",), ("es",)), ((), ())],
)
def test_english_is_taken_for_granted(spoken: tuple[str, ...], wish: tuple[str, ...]) -> None:
    assert language_wishes(spoken) == wish


@pytest.mark.parametrize(
    ("answers", "english", "spanish"),
    [
        (Answers(age=15, gender="boy"), "a teenage boy of 15", "un muchacho de 15 años"),
        (Answers(age=9, gender="boy"), "a boy of 9", "un niño de 9 años"),
        (Answers(age=30, gender="man"), "a man of 30", "un hombre de 30 años"),
        (Answers(band="minor", gender="man"), "a boy", "un muchacho"),
        (Answers(age=16, gender="trans_man"), "a trans boy of 16", "un muchacho trans de 16 años"),
        (Answers(age=40), "a person of 40", "una persona de 40 años"),
        (Answers(), "this person", "esta persona"),
    ],
)
def test_somebody_else_is_named_in_both_languages(answers: Answers, english: str, spanish: str) -> None:
    with translation.override("en"):
        assert said.person(answers) == english
    with translation.override("es"):
        assert said.person(answers) == spanish


def test_questions_follow_one_another_and_back() -> None:
    assert [after(step) for step in STEPS] == [*STEPS[1:], None]
    assert [before(step) for step in STEPS] == [None, *STEPS[:-1]]


@pytest.mark.parametrize(
    ("question", "value", "changed"),
    [
        ("need:shelter", "yes", {"needs": ("shelter",)}),
        ("need:shelter", "no", {"skipped": ("need:shelter",)}),
        ("need:shelter", "skip", {"skipped": ("need:shelter",)}),
        ("circumstance:veteran", "yes", {"circumstances": ("veteran",)}),
        ("age", "minor", {"band": "minor"}),
        ("age", "skip", {"skipped": ("age",)}),
        ("gender", "boy", {"gender": "boy"}),
        ("languages", "es", {"languages": ("es",)}),
        ("cost", "free", {"cost": "free"}),
        ("need:nothing_we_know", "yes", {}),
        ("<script>", "yes", {}),
    ],
)
def test_one_more_question_is_answered(question: str, value: str, changed: dict[str, object]) -> None:
    assert one_more.answered(Answers(), question, value) == replace(Answers(), **changed)  # type: ignore[arg-type]


OFFICE = tuple(Hours(day, time(9), time(17)) for day in range(5))
NIGHT = (Hours(2, time(22), time(6)),)
ALWAYS = tuple(Hours(day, time(0), time(23, 59)) for day in range(7))
SAN_DIEGO, NEW_YORK = "America/Los_Angeles", "America/New_York"


def test_open_is_what_the_clock_says_there() -> None:
    assert opening(OFFICE, NOW, SAN_DIEGO).now is Now.OPEN
    late = NOW.replace(hour=23)  # 3 in the afternoon in San Diego, 6 in the evening in New York
    assert (opening(OFFICE, late, SAN_DIEGO).now, opening(OFFICE, late, NEW_YORK).now) == (
        Now.OPEN,
        Now.CLOSED,
    )


def test_closed_says_when_it_opens() -> None:
    friday_night = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)
    state = opening(OFFICE, friday_night, SAN_DIEGO)
    assert (state.now, state.weekday, state.until) == (Now.CLOSED, 0, time(9))


def test_a_night_runs_past_midnight() -> None:
    thursday_five = datetime(2026, 11, 26, 13, 0, tzinfo=UTC)
    assert opening(NIGHT, thursday_five, SAN_DIEGO).now is Now.OPEN
    assert opening(NIGHT, thursday_five.replace(hour=15), SAN_DIEGO).now is Now.CLOSED


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd"])
def test_open_is_not_known_without_hours_or_zone(zone: str) -> None:
    assert opening((), NOW, SAN_DIEGO).now is Now.UNKNOWN
    assert opening(OFFICE, NOW, zone).now is Now.UNKNOWN
    assert opening(ALWAYS, NOW, zone).now is Now.OPEN


def test_days_with_the_same_hours_share_a_line() -> None:
    with translation.override("en"):
        assert times.lines((*OFFICE, Hours(6, time(10), time(12)))) == [
            ("Monday to Friday", "9 a.m. to 5 p.m."),
            ("Sunday", "10 a.m. to noon"),
        ]
        assert times.lines(ALWAYS) == [("Every day", "Day and night")]
    with translation.override("es"):
        assert times.lines(OFFICE) == [("De lunes a viernes", "09:00 a 17:00")]


@pytest.mark.parametrize(
    "name",
    [
        "Center for Survivors of Human Trafficking",
        "Centro de Atención a Víctimas de Trata",
        "Rape Crisis Center",
        "Desintoxicación del Puerto",
        "LGBTQ Youth House",
        "Adicciones y Salud",
    ],
)
def test_telling_names_stay_off_the_sheet(name: str) -> None:
    assert is_telling(name)
    assert neutral(name, "Harbor House") == "Harbor House"
    assert neutral(name, name) == ""


@pytest.mark.parametrize(
    "name", ["Harbor House", "Casa Norte", "Transit Center Clinic", "Essex Street Office"]
)
def test_plain_names_stay_on_the_sheet(name: str) -> None:
    assert neutral(name) == name


def test_the_map_names_the_part_of_the_state() -> None:
    from entero.directory.cards import Place

    def part(lat: float | None, lon: float | None, state: str = "CA") -> str | None:
        found = map_of_place.drawing_of(Place((), "", state, "", lat, lon, ""))
        return found.part if found else None

    assert part(32.72, -117.16) == "south"
    assert part(41.75, -124.2) == "north_west"
    assert part(None, None) is None
    assert part(0.0, 0.0) is None
    assert part(32.72, -117.16, "ZZ") is None


def test_a_need_and_the_people_who_have_it_are_asked_about_once() -> None:
    need = Reason(code=Code.NEED, subject="sexual_abuse")
    who = Reason(code=Code.ACCEPTS, subject="sexual_abuse_survivor")
    boy = Reason(code=Code.ACCEPTS, subject="boy")
    assert told_apart((boy, who, need)) == (boy, need)
    assert told_apart((boy, who)) == (boy, who)
