"""What belongs to a service, a place or an organization (HSDS 3.1 tables)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from entero.directory.models.base import Guarded, visibility_check
from entero.directory.models.core import (
    Location,
    LocationType,
    Organization,
    Service,
    ServiceAtLocation,
)

OWNERS = (
    "service",
    "service__organization",
    "location",
    "location__organization",
    "organization",
    "service_at_location",
    "service_at_location__service",
    "service_at_location__location",
)


class Contact(Guarded):
    """A person or desk to ask for."""

    guarded_by = OWNERS

    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="contacts"
    )
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.CASCADE, related_name="contacts"
    )
    service_at_location = models.ForeignKey(
        ServiceAtLocation, null=True, blank=True, on_delete=models.CASCADE
    )
    location = models.ForeignKey(
        Location, null=True, blank=True, on_delete=models.CASCADE, related_name="contacts"
    )
    name = models.CharField(max_length=255, blank=True)
    title = models.CharField(max_length=255, blank=True)
    department = models.CharField(max_length=255, blank=True)
    email = models.EmailField(blank=True)

    class Meta:
        constraints = (visibility_check("contact"),)


class Phone(Guarded):
    """A number to call."""

    guarded_by = (*OWNERS, "contact")

    location = models.ForeignKey(
        Location, null=True, blank=True, on_delete=models.CASCADE, related_name="phones"
    )
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.CASCADE, related_name="phones"
    )
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="phones"
    )
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="phones"
    )
    service_at_location = models.ForeignKey(
        ServiceAtLocation, null=True, blank=True, on_delete=models.CASCADE, related_name="phones"
    )
    number = models.CharField(max_length=50)
    extension = models.PositiveIntegerField(null=True, blank=True)
    type = models.CharField(max_length=20, blank=True)
    description = models.CharField(max_length=255, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = (visibility_check("phone"),)


class Address(Guarded):
    """Where a place is."""

    guarded_by = ("location", "location__organization")

    location = models.ForeignKey(
        Location, null=True, blank=True, on_delete=models.CASCADE, related_name="addresses"
    )
    attention = models.CharField(max_length=255, blank=True)
    address_1 = models.CharField(max_length=255)
    address_2 = models.CharField(max_length=255, blank=True)
    city = models.CharField(max_length=100)
    region = models.CharField(max_length=100, blank=True)
    state_province = models.CharField(max_length=100)
    postal_code = models.CharField(max_length=20)
    country = models.CharField(max_length=2, default="US")
    address_type = models.CharField(
        max_length=10, choices=LocationType.choices, default=LocationType.PHYSICAL
    )

    class Meta:
        constraints = (visibility_check("address"),)


class Schedule(Guarded):
    """When it is open (an RRULE in parts)."""

    guarded_by = OWNERS

    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.CASCADE, related_name="schedules"
    )
    location = models.ForeignKey(
        Location, null=True, blank=True, on_delete=models.CASCADE, related_name="schedules"
    )
    service_at_location = models.ForeignKey(
        ServiceAtLocation,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="schedules",
    )
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="schedules"
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    dtstart = models.DateField(null=True, blank=True)
    timezone = models.FloatField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    count = models.PositiveIntegerField(null=True, blank=True)
    wkst = models.CharField(max_length=2, blank=True)
    freq = models.CharField(max_length=10, blank=True)
    interval = models.PositiveIntegerField(null=True, blank=True)
    byday = models.CharField(max_length=100, blank=True)
    byweekno = models.CharField(max_length=100, blank=True)
    bymonthday = models.CharField(max_length=100, blank=True)
    byyearday = models.CharField(max_length=100, blank=True)
    description = models.TextField(blank=True)
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    schedule_link = models.URLField(max_length=500, blank=True)
    attending_type = models.CharField(max_length=50, blank=True)
    notes = models.TextField(blank=True)

    class Meta:
        constraints = (
            visibility_check("schedule"),
            models.CheckConstraint(
                condition=Q(freq__in=["", "WEEKLY", "MONTHLY"]), name="schedule_freq_known"
            ),
        )


class Funding(Guarded):
    """Who pays for it."""

    guarded_by = (*OWNERS[:2], "organization")

    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="funding"
    )
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.CASCADE, related_name="funding"
    )
    source = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = (visibility_check("funding"),)


class ServiceArea(Guarded):
    """Where people may live to be served."""

    guarded_by = ("service", "service__organization", "service_at_location")

    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.CASCADE, related_name="service_areas"
    )
    service_at_location = models.ForeignKey(
        ServiceAtLocation,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="service_areas",
    )
    name = models.CharField(max_length=255, blank=True)
    description = models.TextField(blank=True)
    extent = models.TextField(blank=True)
    extent_type = models.CharField(max_length=50, blank=True)
    uri = models.URLField(max_length=500, blank=True)
    state = models.CharField(max_length=2, blank=True)
    """Postal code of a state that is served whole; empty when the area is something else."""

    class Meta:
        constraints = (visibility_check("service_area"),)


class RequiredDocument(Guarded):
    """What to bring."""

    guarded_by = ("service", "service__organization")

    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.CASCADE, related_name="required_documents"
    )
    document = models.CharField(max_length=255, blank=True)
    uri = models.URLField(max_length=500, blank=True)

    class Meta:
        constraints = (visibility_check("required_document"),)


class Language(Guarded):
    """A language that is spoken there."""

    guarded_by = ("service", "service__organization", "location", "phone")

    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.CASCADE, related_name="languages"
    )
    location = models.ForeignKey(
        Location, null=True, blank=True, on_delete=models.CASCADE, related_name="languages"
    )
    phone = models.ForeignKey(
        Phone, null=True, blank=True, on_delete=models.CASCADE, related_name="languages"
    )
    name = models.CharField(max_length=100, blank=True)
    code = models.CharField(max_length=12, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = (visibility_check("language"),)


class Accessibility(Guarded):
    """What makes a place usable with a disability."""

    guarded_by = ("location", "location__organization")

    location = models.ForeignKey(
        Location, null=True, blank=True, on_delete=models.CASCADE, related_name="accessibility"
    )
    description = models.TextField(blank=True)
    details = models.TextField(blank=True)
    url = models.URLField(max_length=500, blank=True)

    class Meta:
        verbose_name_plural = _("accessibility")
        constraints = (visibility_check("accessibility"),)


class CostOption(Guarded):
    """What it costs."""

    guarded_by = ("service", "service__organization")

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="cost_options")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    option = models.CharField(max_length=255, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    amount_description = models.TextField(blank=True)

    class Meta:
        constraints = (visibility_check("cost_option"),)


class OrganizationIdentifier(Guarded):
    """A number by which others know the organization."""

    guarded_by = ("organization",)

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="organization_identifiers"
    )
    identifier_scheme = models.CharField(max_length=100, blank=True)
    identifier_type = models.CharField(max_length=100)
    identifier = models.CharField(max_length=100)

    class Meta:
        constraints = (visibility_check("organization_identifier"),)


class Url(Guarded):
    """A further page about it."""

    guarded_by = ("organization", "service", "service__organization")

    label = models.CharField(max_length=255, blank=True)
    url = models.URLField(max_length=500)
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="urls"
    )
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.CASCADE, related_name="additional_urls"
    )

    class Meta:
        constraints = (visibility_check("url"),)


class Unit(Guarded):
    """What capacity is counted in (beds, slots)."""

    name = models.CharField(max_length=100)
    scheme = models.CharField(max_length=100, blank=True)
    identifier = models.CharField(max_length=100, blank=True)
    uri = models.URLField(max_length=500, blank=True)

    class Meta:
        constraints = (visibility_check("unit"),)


class ServiceCapacity(Guarded):
    """How much room there is, for whom, and since when that is known."""

    guarded_by = ("service", "service__organization")

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="capacities")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT)
    available = models.PositiveIntegerField()
    maximum = models.PositiveIntegerField(null=True, blank=True)
    description = models.TextField(blank=True)
    updated = models.DateTimeField()
    population = models.CharField(max_length=40, blank=True)
    waiting_list = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = (visibility_check("service_capacity"),)
