"""A directory in which every text is a canary, and a second opinion on which of them are secret.

The rules are written anew here, from the models alone, so that a mistake in ``visible_to`` or ``shown``
cannot hide itself.
"""

import hashlib
import itertools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone

from entero.directory.models import (
    Attribute,
    Contact,
    Funding,
    Guarded,
    Language,
    Metadata,
    Phone,
    Schedule,
    ServiceArea,
    TaxonomyTerm,
    Url,
)
from entero.directory.vocabulary_tables import term_row_id
from tests import make

Hidden = dict[str, int | dict[str, int]]
"""By the label of a row: the level of the row, or the levels of some of its fields."""

numbers = itertools.count(1)
"""No canary is planted twice in a run, so that nothing old is taken for something new."""

LETTERS = "bcfhjkmpqtvwxz"
"""No stem and no accent changes a word of these; none is hexadecimal alone."""

NEVER_PLANTED = {
    "id", "visibility", "hidden_fields", "status", "reach", "cost", "location_type", "address_type", "country",
    "state", "wkst", "freq", "byday", "currency", "population", "answer", "link_entity", "link_id", "time_zone",
    "is_sample", "position", "waiting_list", "year_incorporated", "minimum_age", "maximum_age", "language",
}  # fmt: skip
"""Codes and small numbers: they mean something to the search, or are found in any page by chance."""

PLANTED_WHEN_SECRET = {"postal_code", "state_province", "observed_on", "last_modified", "code"}
"""Read by the search and by pages: a public row keeps a true value."""


PLACE = ("address_1", "postal_code")


@dataclass(frozen=True)
class Canary:
    """One planted value, as texts of which none may be seen (or, of a public one, may be)."""

    row: str
    name: str
    texts: tuple[str, ...]


@dataclass
class Planted:
    """The directory that was planted. ``secret`` may never leave; ``ids`` are those of secret rows."""

    rows: dict[str, Any]
    secret: list[Canary] = field(default_factory=list)
    told: list[Canary] = field(default_factory=list)
    secret_rows: set[str] = field(default_factory=set)

    def is_secret(self, row: str, *names: str) -> bool:
        """Say whether the row or one of these fields is; the point of a place is when its address is."""
        hidden = self.rows[row].hidden_fields
        at_point = row == "location" and {"latitude", "longitude"} & set(names)
        if at_point and self.is_secret("address", *PLACE):
            return True
        return row in self.secret_rows or any(hidden.get(name, 0) > 0 for name in names)

    def words(self, row: str) -> list[str]:
        return [text for canary in self.secret if canary.row == row for text in canary.texts]


def rows() -> dict[str, Any]:
    """One row in every table, and in some of them one for each kind of owner."""
    found = make.everything()
    given, at, place = found["service"], found["service_at_location"], found["location"]
    owner, contact, number = found["organization"], found["contact"], found["phone"]
    owner.parent_organization = found["parent_organization"] = make.organization("Parent")
    owner.save()
    term = found["taxonomy_term"]
    term.parent = found["parent_term"] = TaxonomyTerm.objects.create(
        taxonomy=term.taxonomy, code="above", name="Above", description="Above."
    )
    term.save()
    found |= {
        "contact_of_organization": Contact.objects.create(organization=owner),
        "contact_at_location": Contact.objects.create(service_at_location=at),
        "contact_of_location": Contact.objects.create(location=place),
        "phone_of_contact": Phone.objects.create(contact=contact, number="1"),
        "phone_of_location": Phone.objects.create(location=place, number="1"),
        "phone_of_organization": Phone.objects.create(organization=owner, number="1"),
        "phone_at_location": Phone.objects.create(service_at_location=at, number="1"),
        "phone_of_two": Phone.objects.create(service=given, location=place, number="1"),
        "schedule_of_location": Schedule.objects.create(location=place, freq="WEEKLY", byday="FR"),
        "schedule_at_location": Schedule.objects.create(service_at_location=at),
        "language_of_phone": Language.objects.create(phone=number),
        "language_of_location": Language.objects.create(location=place),
        "area_at_location": ServiceArea.objects.create(service_at_location=at),
        "url_of_organization": Url.objects.create(organization=owner, url="https://example.org"),
        "funding_of_organization": Funding.objects.create(organization=owner),
        "need": Attribute.objects.create(
            link_id=given.pk, link_entity="service", taxonomy_term_id=term_row_id("needs", "trauma")
        ),
        "attribute_of_phone": Attribute.objects.create(
            link_id=number.pk, link_entity="phone", taxonomy_term=term
        ),
    }
    return found


def fields_of(row: Any) -> list[models.Field[Any, Any]]:
    """Return the fields that can hold a canary."""
    return [one for one in row._meta.concrete_fields if not one.is_relation and one.name not in NEVER_PLANTED]


def plant(hidden: Hidden) -> Planted:
    """Make the directory, hide what is asked, and put a canary into every field that can hold one."""
    planted = Planted(rows())
    for label, how in hidden.items():
        row = planted.rows[label]
        if isinstance(how, dict):
            row.hidden_fields = how
        else:
            row.visibility = how
    for row in planted.rows.values():
        row.save()
    again = {label: type(row).objects.get(pk=row.pk) for label, row in planted.rows.items()}
    planted.rows = again
    planted.secret_rows = {label for label, row in again.items() if _is_secret(row, again)}
    for label, row in again.items():
        for one in fields_of(row):
            secret = planted.is_secret(label, one.name)
            if secret or one.name not in PLANTED_WHEN_SECRET:
                texts = _put(row, one, next(numbers), secret=secret)
                if texts:
                    (planted.secret if secret else planted.told).append(Canary(label, one.name, texts))
        row.save()
    planted.secret += _changes_of(again)
    return planted


def _is_secret(row: Guarded, all_rows: dict[str, Any]) -> bool:
    owners = [
        getattr(row, one.name)
        for one in row._meta.concrete_fields
        if one.is_relation
        and issubclass(one.related_model, Guarded)
        and one.remote_field.on_delete is models.CASCADE
    ]
    if isinstance(row, Attribute):
        owners += [other for other in all_rows.values() if other.pk == row.link_id]
    return row.visibility > 0 or any(owner is not None and _is_secret(owner, all_rows) for owner in owners)


def _put(row: Any, one: Any, number: int, *, secret: bool) -> tuple[str, ...]:
    """Plant one canary and return the texts it would be seen as; numbers and dates only where secret."""
    word = _word(number)
    if isinstance(one, models.URLField):
        value, texts = f"https://{word}.example/", (word,)
    elif isinstance(one, models.EmailField):
        value, texts = f"{word}@example.org", (word,)
    elif isinstance(one, models.CharField | models.TextField):
        value, texts = word, (word,)
    elif not secret:
        return ()
    else:
        value, texts = _other_value(one, number)
    setattr(row, one.name, value)
    return texts


def _other_value(one: Any, number: int) -> tuple[Any, tuple[str, ...]]:
    if isinstance(one, models.DateTimeField):
        moment = datetime(1971, 1, 1, 12, tzinfo=UTC) + timedelta(days=number)
        return moment, (moment.date().isoformat(),)
    if isinstance(one, models.DateField):
        day = date(1971, 1, 1) + timedelta(days=number)
        return day, (day.isoformat(), f"{day:%B} {day.day}, {day.year}")
    if isinstance(one, models.TimeField):
        moment_of_day = time(3, number % 60, 11)
        minute = f"{number % 60:02d}"
        shown = (f"03:{minute}:11", f"3:{minute} a.m.", f"03:{minute} a", f"a 03:{minute}")
        return moment_of_day, shown
    if isinstance(one, models.FloatField):
        return 1.7000001 + number * 1e-5, (str(1.7000001 + number * 1e-5),)
    if isinstance(one, models.DecimalField):
        return Decimal(7_310_000 + number), (str(7_310_000 + number),)
    return 731_000_000 + number, (str(731_000_000 + number),)


def _word(number: int) -> str:
    """Return a word of ten letters, so far from every other that no search takes it for a slip of the pen."""
    digest = hashlib.sha256(str(number).encode()).digest()
    return "".join(LETTERS[sign % len(LETTERS)] for sign in digest[:10])


def _changes_of(found: dict[str, Any]) -> list[Canary]:
    """Note a change of every row: what a field held before is nobody's business but the desk's."""
    canaries = []
    for label, row in found.items():
        word = _word(next(numbers))
        Metadata.objects.create(
            resource_id=row.pk,
            resource_type=row._meta.model_name,
            last_action_date=timezone.localdate(),
            last_action_type="update",
            field_name="name",
            previous_value=word,
            replacement_value=word,
            updated_by=word,
        )
        canaries.append(Canary(label, "previous value", (word,)))
    return canaries
