"""The vocabulary is whole, stable and speaks both languages to everybody."""

import pytest

from entero.directory.vocabulary import samhsa, terms
from entero.directory.vocabulary.people import Gender, age_group, populations_of
from scripts.check_messages import gendered_address

VOCABULARY = [*terms.terms().values(), *terms.populations().values(), *terms.languages().values()]


def test_numbers_and_bits_are_unique() -> None:
    numbers = [term.number for term in terms.terms().values()]
    assert len(set(numbers)) == len(numbers) == 41
    for rows in (terms.populations(), terms.languages()):
        used = [row.bit for row in rows.values()]
        assert len(set(used)) == len(used)
        assert 0 <= min(used) <= max(used) < 64


def test_every_label_stands_in_both_languages() -> None:
    same = {"Hmong", "Hindi", "Farsi", "Navajo", "Ojibwa", "Yupik"}
    for row in VOCABULARY:
        assert row.en
        assert row.es
        assert row.en.lower() != row.es.lower() or row.en in same


def test_no_spanish_label_addresses_the_reader_by_gender() -> None:
    texts = [row.es for row in VOCABULARY]
    texts += [text for row in terms.populations().values() for _, text in row.sentences]
    assert [text for text in texts if gendered_address(text)] == []


def test_parents_exist() -> None:
    known = set(terms.terms())
    assert {term.parent for term in terms.terms().values() if term.parent} <= known


def test_find_term_suggests_the_nearest() -> None:
    assert terms.find_term("substance-use").id == "substance_use"
    with pytest.raises(terms.UnknownTerm) as caught:
        terms.find_term("substanceuse")
    assert caught.value.suggestions[0] == "substance_use"


def test_with_children_counts_detox_as_substance_use() -> None:
    assert "detox" in terms.with_children("substance_use")
    assert terms.with_children("detox") == ("detox",)


def test_every_mapped_code_is_a_real_code() -> None:
    mapping = samhsa._mapping()
    used = {code for group in mapping.values() for codes in group.values() for code in codes}
    assert used <= samhsa.labels().keys()
    assert set(mapping["needs"]) <= set(terms.terms())
    assert set(mapping["accepts"]) | set(mapping["refuses"]) <= set(terms.populations())


@pytest.mark.parametrize(
    ("codes", "accepted"),
    [
        ("MALE CHLD", {"boy", "minor"}),
        ("MALE ADLT", {"man", "adult"}),
        ("FEM ADLT", {"woman", "adult"}),
        ("CHLD", {"minor"}),
        ("MALE", set()),
        ("XA", {"sexual_abuse_survivor"}),
        ("", set()),
    ],
)
def test_read_codes_says_only_what_is_there(codes: str, accepted: set[str]) -> None:
    reading = samhsa.read_codes(samhsa.split_codes(codes))
    assert set(reading.accepted) == accepted
    assert reading.refused == ()


def test_women_named_says_nothing_of_men() -> None:
    reading = samhsa.read_codes(samhsa.split_codes("SA * FEM * ADLT CHLD"))
    assert {"man", "boy"}.isdisjoint({*reading.accepted, *reading.refused})


def test_only_for_drunk_driving_is_an_exclusion() -> None:
    assert samhsa.read_codes(frozenset({"DUO"})).refused == ("not_dui_only",)


def test_read_codes_reports_what_it_does_not_know() -> None:
    assert samhsa.read_codes(frozenset({"SA", "ZZZ9"})).unknown_codes == ("ZZZ9",)


@pytest.mark.parametrize(
    ("gender", "age", "expected"),
    [
        (Gender.MAN, 15, ("boy", "minor")),
        (Gender.BOY, 17, ("boy", "minor")),
        (Gender.BOY, 18, ("man", "young_adult")),
        (Gender.BOY, None, ("boy", "minor")),
        (Gender.MAN, None, ("man",)),
        (Gender.TRANS_MAN, 15, ("trans_man", "minor")),
        (None, 70, ("older_adult",)),
        (None, None, ()),
    ],
)
def test_populations_follow_age(gender: Gender | None, age: int | None, expected: tuple[str, ...]) -> None:
    assert populations_of(age=age, gender=gender) == expected


def test_age_groups_leave_no_gap() -> None:
    assert None not in {age_group(age) for age in range(130)}
