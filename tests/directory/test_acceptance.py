"""The rule of who is believed: stated cases first, then what holds for any claims at all."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entero.directory import models
from entero.directory.acceptance.rule import GIVES_WAY_BELOW, Answer, Claim, Trust, decide
from entero.directory.freshness import HALF_LIFE_DAYS, Kind, confidence

DAY = date(2025, 6, 1)


def claim(
    answer: str = "yes",
    trust: int = Trust.SURVEY,
    days_ago: int = 0,
    source: str = "a",
    checked: bool = False,
) -> Claim:
    return Claim("boy", answer, trust, source, DAY - timedelta(days=days_ago), checked)


def test_silence_is_not_known() -> None:
    assert decide([]) is None


def test_anonymous_report_never_decides() -> None:
    assert decide([claim("no", Trust.REPORT)]) is None
    survey = claim("yes", Trust.SURVEY, days_ago=3000)
    assert decide([survey, claim("no", Trust.REPORT)]) == survey


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        (Trust.CHECKED, Trust.PROVIDER),
        (Trust.PROVIDER, Trust.SURVEY),
        (Trust.SURVEY, Trust.LISTING),
    ],
)
def test_more_trusted_source_beats_a_somewhat_newer_one(stronger: Trust, weaker: Trust) -> None:
    older = claim("no", stronger, days_ago=365)
    assert decide([older, claim("yes", weaker)]) == older


def test_newer_claim_of_the_same_trust_wins() -> None:
    newer = claim("yes", days_ago=1)
    assert decide([claim("no", days_ago=2), newer]) == newer


def test_aged_claim_gives_way_to_a_fresher_one_of_lower_trust() -> None:
    limit = next(
        days
        for days in range(4000)
        if confidence(DAY - timedelta(days=days), DAY, Kind.ACCEPTANCE) < GIVES_WAY_BELOW
    )
    listing = claim("yes", Trust.LISTING)
    assert decide([claim("no", Trust.CHECKED, limit), listing]) == listing
    kept = claim("no", Trust.CHECKED, limit - 1)
    assert decide([kept, listing]) == kept
    assert 3.2 < limit / 365.25 < 3.4


def test_old_claim_alone_still_counts() -> None:
    old = claim("no", Trust.LISTING, days_ago=9000)
    assert decide([old]) == old


def test_report_does_not_age_other_claims() -> None:
    checked, survey = claim("no", Trust.CHECKED, 2000), claim("yes", Trust.SURVEY, 1900)
    assert decide([checked, survey, claim("yes", Trust.REPORT)]) == checked


def test_unknown_on_purpose_withdraws_an_older_answer() -> None:
    withdrawn = claim("unknown", Trust.CHECKED)
    assert decide([claim("no", Trust.CHECKED, 10), claim("yes", Trust.SURVEY, 5), withdrawn]) == withdrawn


def test_same_day_and_trust_takes_the_safer_answer() -> None:
    yes, unknown, no = claim("yes"), claim("unknown", source="b"), claim("no", source="c")
    assert decide([yes, unknown, no]) == no
    assert decide([yes, unknown]) == unknown


def test_claims_that_agree_are_told_apart_by_who_checked_and_by_name() -> None:
    plain, checked = claim(source="a"), claim(source="b", checked=True)
    assert decide([plain, checked]) == checked
    assert decide([claim(source="c"), plain]) == plain


def test_date_in_the_future_counts_as_today() -> None:
    slip = replace(claim("yes", Trust.LISTING), observed_on=date(2099, 1, 1))
    checked = claim("no", Trust.CHECKED, days_ago=30)
    assert decide([slip, checked]) == slip
    assert decide([slip, checked], today=DAY) == checked


def test_trust_and_answers_are_those_of_the_tables() -> None:
    assert {trust.name: trust.value for trust in Trust} == {t.name: t.value for t in models.Trust}
    assert [answer.value for answer in Answer] == models.Answer.values


a_claim = st.builds(
    Claim,
    st.just("boy"),
    st.sampled_from([answer.value for answer in Answer]),
    st.sampled_from([trust.value for trust in Trust]),
    st.sampled_from("abc"),
    st.integers(0, 4000).map(lambda days: DAY - timedelta(days=days)),
    st.booleans(),
)


@given(st.lists(a_claim, max_size=4))
def test_order_of_claims_never_matters(claims: list[Claim]) -> None:
    assert len({decide(order) for order in permutations(claims)}) == 1


@given(st.lists(a_claim, max_size=8))
def test_answer_is_one_of_the_claims_and_no_report(claims: list[Claim]) -> None:
    found = decide(claims)
    assert (found is None) == all(claim.trust == Trust.REPORT for claim in claims)
    assert found is None or (found in claims and found.trust > Trust.REPORT)


@given(st.lists(a_claim, min_size=1, max_size=8), a_claim)
def test_older_and_less_trusted_claim_never_changes_the_answer(claims: list[Claim], more: Claim) -> None:
    found = decide(claims)
    if found is not None and more.trust < found.trust and more.observed_on <= found.observed_on:
        assert decide([*claims, more]) == found


@given(st.lists(a_claim, max_size=8), a_claim)
def test_newest_and_most_trusted_claim_always_decides(claims: list[Claim], more: Claim) -> None:
    newest = replace(more, trust=Trust.CHECKED, observed_on=DAY + timedelta(days=1))
    assert decide([*claims, newest]) == newest


@given(st.lists(a_claim, max_size=8))
def test_saying_it_twice_changes_nothing(claims: list[Claim]) -> None:
    assert decide(claims) == decide([*claims, *claims])


@given(st.lists(a_claim, max_size=8))
def test_no_more_trusted_claim_of_the_same_age_or_newer_was_passed_over(claims: list[Claim]) -> None:
    found = decide(claims)
    if found is not None:
        assert not any(
            claim.trust > found.trust and claim.observed_on >= found.observed_on for claim in claims
        )


@given(st.lists(a_claim, max_size=8), st.integers(0, 3000))
def test_only_distances_in_time_matter(claims: list[Claim], days: int) -> None:
    """The same claims a while later give the same answer: no index goes stale by waiting."""
    later = [replace(claim, observed_on=claim.observed_on + timedelta(days=days)) for claim in claims]
    found, found_later = decide(claims), decide(later)
    assert (found and found.answer) == (found_later and found_later.answer)


def test_threshold_is_about_three_years_and_four_months() -> None:
    assert HALF_LIFE_DAYS[Kind.ACCEPTANCE] == pytest.approx(7.95 * 365.25, rel=0.01)
