"""Plain builders for tests: each goes through the verbs, or makes the row that an importer would."""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from entero.directory import actions, changes, vocabulary_tables
from entero.directory.models import (
    AcceptanceFact,
    Accessibility,
    Address,
    Attribute,
    Contact,
    CostOption,
    Funding,
    Language,
    Location,
    Organization,
    OrganizationIdentifier,
    Phone,
    Program,
    RequiredDocument,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
    Source,
    Taxonomy,
    TaxonomyTerm,
    Trust,
    TurnedAway,
    Unit,
    Url,
)
from entero.directory.vocabulary_tables import listing_of, outdated_count, term_row_id
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


def filed(of: Service, *term_ids: str) -> Service:
    """File a service under terms of our vocabulary, whose tables are loaded when they are not."""
    if outdated_count():
        vocabulary_tables.load()
    for name in term_ids:
        Attribute.objects.create(
            link_id=of.pk, link_entity="service", taxonomy_term_id=term_row_id(listing_of(name), name)
        )
    changes.service_changed(of.pk)
    return of


def open_on(of: Service, days: str = "MO,TU,WE,TH,FR", *, opens: int = 9, closes: int = 17) -> Schedule:
    """Opening hours that repeat every week."""
    return Schedule.objects.create(
        service=of, freq="WEEKLY", byday=days, opens_at=time(opens), closes_at=time(closes % 24)
    )


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


# --- a service with something in every table


def everything(name: str = "Evening group") -> dict[str, Any]:
    """A public service and one public row in every table that belongs to it, by HSDS table name."""
    owner = organization(f"{name} House", description="Runs it.", website="https://example.org")
    program = Program.objects.create(organization=owner, name="Long program", description="A year.")
    given = service(
        name,
        of=owner,
        program=program,
        description="Talk on Thursdays.",
        description_es="Charla los jueves.",
        url="https://example.org/group",
        email="ask@example.org",
        minimum_age=12,
        maximum_age=17,
        assured_date=date(2026, 1, 2),
    )
    return {"organization": owner, "program": program, "service": given, **_parts(given)}


def _parts(given: Service) -> dict[str, Any]:
    address = place(given)
    at = given.at_locations.get()
    unit = Unit.objects.create(name="Beds")
    taxonomy = Taxonomy.objects.create(name=f"Words of {given.name}", description="Filed by hand.")
    term = TaxonomyTerm.objects.create(
        taxonomy=taxonomy, code="talk", name="Talk groups", description="To talk."
    )
    contact = Contact.objects.create(service=given, name="The desk", email="desk@example.org")
    number = phone(given, extension=12, type="voice")
    return {
        "service_at_location": at,
        "location": at.location,
        "address": address,
        "contact": contact,
        "phone": number,
        "schedule": Schedule.objects.create(
            service=given, freq="WEEKLY", byday="TH", opens_at=time(18), closes_at=time(20)
        ),
        "funding": Funding.objects.create(service=given, source="Gifts"),
        "service_area": ServiceArea.objects.create(service=given, name="All of California", state="CA"),
        "required_document": RequiredDocument.objects.create(service=given, document="Nothing"),
        "language": Language.objects.create(service=given, name="Spanish", code="es"),
        "accessibility": Accessibility.objects.create(location=at.location, description="A ramp"),
        "cost_option": CostOption.objects.create(service=given, option="Free", amount=Decimal("0.00")),
        "organization_identifier": OrganizationIdentifier.objects.create(
            organization=given.organization, identifier_type="EIN", identifier="00-0000000"
        ),
        "url": Url.objects.create(service=given, url="https://example.org/more", label="More"),
        "unit": unit,
        "service_capacity": ServiceCapacity.objects.create(
            service=given, unit=unit, available=3, updated=timezone.now(), population="boy"
        ),
        "taxonomy": taxonomy,
        "taxonomy_term": term,
        "attribute": Attribute.objects.create(
            link_id=given.pk, link_entity="service", taxonomy_term=term, label="Talk"
        ),
        "acceptance_fact": fact(given),
    }
