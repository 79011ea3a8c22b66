"""Plain builders for tests: each goes through the verbs, or makes the row that an importer would."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from entero.directory import actions
from entero.directory.models import (
    AcceptanceFact,
    Address,
    Location,
    Organization,
    Phone,
    Service,
    ServiceAtLocation,
    Source,
    Trust,
    TurnedAway,
)
from entero.kernel.accounts.models import User

# --- the directory


def organization(name: str = "Harbor House", **values: Any) -> Organization:
    return Organization.objects.create(name=name, **values)


def service(name: str = "Evening group", *, of: Organization | None = None, **values: Any) -> Service:
    """A public, open service that nobody has checked yet."""
    return Service.objects.create(
        name=name, organization=of or organization(), last_modified=timezone.now(), **values
    )


def place(of: Service, *, street: str = "100 Elm Street", zip_code: str = "92101", **values: Any) -> Address:
    """An address in San Diego where a service is given."""
    location = Location.objects.create(
        organization=of.organization, latitude=32.72, longitude=-117.16, time_zone="America/Los_Angeles"
    )
    ServiceAtLocation.objects.create(service=of, location=location)
    return Address.objects.create(
        location=location,
        address_1=street,
        postal_code=zip_code,
        **{"city": "San Diego", "state_province": "CA"} | values,
    )


def phone(of: Service, number: str = "619-555-0100", **values: Any) -> Phone:
    return Phone.objects.create(service=of, number=number, **values)


def source(slug: str = "a-survey", *, trust: int = Trust.SURVEY, **values: Any) -> Source:
    return Source.objects.get_or_create(
        slug=slug, defaults={"name": slug.replace("-", " ").capitalize(), "trust": trust, **values}
    )[0]


def fact(
    of: Service,
    population: str = "boy",
    answer: str = "yes",
    *,
    by: User | None = None,
    from_source: Source | None = None,
    days_ago: int = 0,
    note: str = "",
) -> AcceptanceFact:
    """A fact, recorded as our staff or an importer would."""
    return actions.record_fact(
        of,
        population=population,
        answer=answer,
        source=from_source or source(),
        observed_on=timezone.localdate() - timedelta(days=days_ago),
        by=by,
        note=note,
    )


def report(of: Service, reason: str = "gender", population: str = "boy") -> TurnedAway:
    """A report that somebody was turned away, as the public page keeps it."""
    return actions.report_turned_away(of.pk, reason=reason, population=population)


# --- people at the desk

PASSWORD = "a long walk by the river"


def staff(name: str = "heron") -> User:
    user = User.objects.create_user(name, PASSWORD)
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    return user


def superuser(name: str = "cedar") -> User:
    return User.objects.create_superuser(name, PASSWORD)


def stranger(name: str = "maple") -> User:
    """Somebody with an account who does not work at the desk."""
    return User.objects.create_user(name, PASSWORD)
