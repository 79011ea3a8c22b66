"""The demo shows what Entero does, says nothing invented of a real place, and loads once."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from entero.conf.command import build_parser
from entero.directory import demo, vocabulary_tables
from entero.directory.models import (
    AcceptanceFact,
    Address,
    Attribute,
    ImportRun,
    Organization,
    Phone,
    Service,
    ServiceCapacity,
    TurnedAway,
    Visibility,
)
from entero.directory.vocabulary.terms import languages, populations, terms
from entero.kernel.accounts.models import User
from scripts import make_demo_data

FICTION = re.compile(r"\d{3}-555-01\d\d")


@pytest.fixture(scope="module")
def _demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Load the demo once for all tests of this file; it is rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        vocabulary_tables.load()
        demo.load()
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _loaded(_demo: None, db: None) -> None:
    """Every test starts from the same demo."""


def _rows() -> list[int]:
    models = (Organization, Service, AcceptanceFact, TurnedAway, ImportRun, Phone, Attribute, User)
    return [model.objects.count() for model in models]


def test_load_twice_changes_nothing() -> None:
    before = _rows()
    assert demo.load() == "160 facilities of San Diego County, 11 sample services"
    assert _rows() == before


def test_the_facilities_come_from_one_county() -> None:
    real = Address.objects.filter(location__organization__is_sample=False)
    assert {code[:3] for code in real.values_list("postal_code", flat=True)} == {"919", "920", "921"}


def test_nothing_invented_is_said_of_a_real_place() -> None:
    real = Service.objects.filter(is_sample=False)
    assert real.count() == 160
    assert AcceptanceFact.objects.filter(service__in=real, source__slug__startswith="sample").count() == 0
    assert AcceptanceFact.objects.filter(service__in=real).count() > 0
    assert TurnedAway.objects.filter(service__in=real).count() == 0
    assert ServiceCapacity.objects.filter(service__in=real).count() == 0


def test_every_sample_is_marked_in_both_languages() -> None:
    samples = Service.objects.filter(is_sample=True).select_related("organization")
    assert samples.count() == 11
    for service in samples:
        assert service.organization.is_sample
        assert service.organization.name.endswith("(sample, ejemplo)")
        assert service.description.startswith("Invented sample.")
        assert service.description_es.startswith("Ejemplo inventado.")


def test_no_sample_has_a_number_that_rings() -> None:
    numbers = Phone.objects.filter(service__is_sample=True).values_list("number", flat=True)
    assert len(numbers) == 11
    assert [number for number in numbers if not FICTION.fullmatch(number)] == []


def test_the_house_for_boys_hides_its_street() -> None:
    address = Address.objects.get(location__organization__services__id=demo.sample_id("casa-norte"))
    assert address.address_1 == "100 Example Lane"
    assert address.shown("address_1") is None
    assert address.shown("city") == "San Diego"
    assert address.shown("address_1", Visibility.STAFF) == "100 Example Lane"


def test_the_samples_show_every_kind_of_answer_and_of_room() -> None:
    facts = AcceptanceFact.objects.filter(service__is_sample=True)
    assert set(facts.values_list("answer", flat=True)) == {"yes", "no", "unknown"}
    assert set(facts.values_list("population", flat=True)) <= set(populations())
    women_only = facts.filter(service=demo.sample_id("marisol"), population__in=["man", "boy"])
    assert set(women_only.values_list("answer", flat=True)) == {"no"}
    assert set(ServiceCapacity.objects.values_list("available", flat=True)) == {0, 1, 2}


def test_the_samples_speak_the_vocabulary() -> None:
    for row in demo.samples()["service"]:
        assert set(row["terms"]) <= set(terms())
        assert set(row["languages"]) <= set(languages())


def test_reports_wait_at_the_desk_from_different_days() -> None:
    waiting = TurnedAway.objects.filter(reviewed_on=None)
    assert waiting.count() == len(set(waiting.values_list("reported_on", flat=True))) == 5


def test_the_sign_ins_open_the_desk() -> None:
    for name, password, _role in demo.SIGN_INS:
        user = User.objects.get(username=name)
        assert user.check_password(password)
        assert user.is_staff


def test_show_one_match_puts_the_house_for_boys_first_and_never_the_women_only_house(
    capsys: pytest.CaptureFixture[str],
) -> None:
    demo.show_one_match()
    told = capsys.readouterr().out.splitlines()
    first = next(number for number, line in enumerate(told) if line.startswith(" 1. "))
    assert told[first : first + 2] == [
        " 1. Casa Norte · Casa Norte (sample, ejemplo)",
        "    Takes boys 12-17. Spanish. Less than a mile. Checked 3 weeks ago.",
    ]
    assert [line for line in told if "Marisol" in line] == []


def test_show_one_match_prints_a_command_that_can_be_typed(capsys: pytest.CaptureFixture[str]) -> None:
    demo.show_one_match()
    typed = capsys.readouterr().out.splitlines()[0].removeprefix("$ entero ")
    assert build_parser().parse_args(typed.split()).near == "92101"


@pytest.mark.needs_shared_data
def test_the_facilities_are_cut_from_the_published_files_and_nothing_else(
    shared_data: Path, tmp_path: Path
) -> None:
    for source, target in make_demo_data.FILES.items():
        published = shared_data / "samhsa-2022-national-directory" / source
        make_demo_data.cut(published, tmp_path / target)
        assert (tmp_path / target).read_bytes() == (make_demo_data.TARGET / target).read_bytes()
