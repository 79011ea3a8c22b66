"""The directories as they were published, counted to the row."""

import csv
import gzip
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from entero.directory.importing.run import import_file
from entero.directory.models import (
    AcceptanceFact,
    Address,
    Attribute,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    SourceRecord,
)

pytestmark = [pytest.mark.django_db, pytest.mark.needs_shared_data]

FOLDER = "samhsa-2022-national-directory"


@pytest.mark.parametrize(
    ("kind", "rows", "slug"), [("MH", 9_037, "samhsa-2022-mh"), ("SA", 12_176, "samhsa-2022-sa")]
)
def test_every_facility_of_2022_is_taken(shared_data: Path, kind: str, rows: int, slug: str) -> None:
    path = shared_data / FOLDER / f"National_Directory_{kind}_Facilities_2022.xlsx"
    run = import_file(path)

    assert (run.state, run.new, run.refused, run.repaired) == ("done", rows, [], {})
    assert run.source is not None
    assert run.source.slug == slug
    assert Service.objects.count() == SourceRecord.objects.count() == rows
    assert _codes_of_database() == _codes_of_file(path)
    assert Location.objects.filter(latitude=None).count() <= 60
    assert not Address.objects.filter(postal_code="").exists()
    if kind == "MH":
        _nothing_is_known_of_gender()
    assert import_file(path).same == rows


def _codes_of_database() -> Counter[tuple[str, str]]:
    rows = SourceRecord.objects.values_list("state", "codes")
    return Counter((state, code) for state, codes in rows for code in codes.split())


def _codes_of_file(path: Path) -> Counter[tuple[str, str]]:
    book = openpyxl.load_workbook(path, read_only=True)
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    book.close()
    return Counter(
        (str(row[5]), code) for row in rows for code in set(str(row[12]).replace("*", " ").split())
    )


def _nothing_is_known_of_gender() -> None:
    """The mental-health directory asks nobody whether boys or men are taken."""
    genders = AcceptanceFact.objects.filter(population__in=["man", "boy", "woman", "girl"])
    assert not genders.exists()
    needs = Attribute.objects.filter(taxonomy_term__taxonomy__name="Entero needs")
    assert needs.filter(taxonomy_term__code="trauma").count() >= 4_609


def test_2024_is_taken_with_its_dirt_mended_or_refused(shared_data: Path) -> None:
    path = shared_data / "samhsa-directory-csv-20524" / "facilities.csv.gz"
    run = import_file(path)

    assert (run.state, run.new, run.repaired) == ("done", 20_519, {"zip_zeros": 1_974})
    assert [line for line, _ in run.refused] == [20_521, 20_522, 20_523, 20_524, 20_525]
    reasons = [str(reason) for _, reason in run.refused]
    assert reasons[:3] == ["The row is empty."] * 3
    assert all(reason.startswith("The row looks shifted") for reason in reasons[3:])
    with gzip.open(path, "rt", newline="") as stream:
        published = list(csv.DictReader(stream))[:20_519]
    wanted = Counter(row["zip"].zfill(5) for row in published)
    zip_codes = dict(Address.objects.values_list("location_id", "postal_code"))
    places = ServiceAtLocation.objects.values_list("location_id", flat=True)
    found = Counter(zip_codes[place] for place in places)
    assert found == wanted
    assert Organization.objects.count() < 20_519


def test_a_file_without_the_columns_is_refused_with_their_names(shared_data: Path) -> None:
    run = import_file(shared_data / "samhsa-mh-2022-geocoded" / "geocoded_facilities.csv")
    assert (run.state, run.error) == ("refused", "The table lacks columns. (city, state, street1, zip)")
