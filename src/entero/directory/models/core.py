"""Who helps, with what, and where (HSDS 3.1 core tables)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from entero.directory.models.base import Guarded, visibility_check


class Organization(Guarded):
    """Who runs services."""

    name = models.CharField(max_length=255)
    alternate_name = models.CharField(max_length=255, blank=True)
    description = models.TextField(blank=True)
    email = models.EmailField(blank=True)
    website = models.URLField(max_length=500, blank=True)
    tax_status = models.CharField(max_length=100, blank=True)
    tax_id = models.CharField(max_length=50, blank=True)
    year_incorporated = models.PositiveSmallIntegerField(null=True, blank=True)
    legal_status = models.CharField(max_length=100, blank=True)
    logo = models.URLField(max_length=500, blank=True)
    uri = models.URLField(max_length=500, blank=True)
    parent_organization = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children"
    )
    is_sample = models.BooleanField(default=False)

    class Meta:
        ordering = ("name", "id")
        constraints = (visibility_check("organization"),)

    def __str__(self) -> str:
        return self.name


class Program(Guarded):
    """A program of an organization that groups services."""

    guarded_by = ("organization",)

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    name = models.CharField(max_length=255)
    alternate_name = models.CharField(max_length=255, blank=True)
    description = models.TextField(blank=True)

    class Meta:
        constraints = (visibility_check("program"),)


class Reach(models.TextChoices):
    """How far a service reaches without anybody traveling."""

    PLACE = "place", _("people come to it")
    STATE = "state", _("its whole state, from anywhere")
    NATION = "nation", _("the whole country, from anywhere")


class ServiceStatus(models.TextChoices):
    """HSDS status."""

    ACTIVE = "active", _("active")
    INACTIVE = "inactive", _("inactive")
    DEFUNCT = "defunct", _("closed for good")
    CLOSED = "temporarily closed", _("closed for now")


class Service(Guarded):
    """What a person can be sent to."""

    guarded_by = ("organization",)

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="services")
    program = models.ForeignKey(Program, null=True, blank=True, on_delete=models.SET_NULL)
    name = models.CharField(max_length=255)
    alternate_name = models.CharField(max_length=255, blank=True)
    description = models.TextField(blank=True)
    description_es = models.TextField(blank=True)
    url = models.URLField(max_length=500, blank=True)
    email = models.EmailField(blank=True)
    status = models.CharField(max_length=20, choices=ServiceStatus.choices, default=ServiceStatus.ACTIVE)
    interpretation_services = models.TextField(blank=True)
    application_process = models.TextField(blank=True)
    fees_description = models.TextField(blank=True)
    wait_time = models.CharField(max_length=255, blank=True)
    accreditations = models.TextField(blank=True)
    eligibility_description = models.TextField(blank=True)
    minimum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    assured_date = models.DateField(null=True, blank=True)
    assurer_email = models.EmailField(blank=True)
    licenses = models.TextField(blank=True)
    alert = models.TextField(blank=True)
    last_modified = models.DateTimeField(db_index=True)
    reach = models.CharField(max_length=10, choices=Reach.choices, default=Reach.PLACE)
    cost = models.PositiveSmallIntegerField(default=0)
    """Bits: 1 free, 2 sliding scale, 4 takes insurance; 0 when nothing is known."""
    is_sample = models.BooleanField(default=False)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            visibility_check("service"),
            models.CheckConstraint(condition=Q(status__in=ServiceStatus.values), name="service_status_known"),
            models.CheckConstraint(condition=Q(reach__in=Reach.values), name="service_reach_known"),
            models.CheckConstraint(
                condition=Q(minimum_age__isnull=True)
                | Q(maximum_age__isnull=True)
                | Q(minimum_age__lte=F("maximum_age")),
                name="service_ages_in_order",
            ),
            models.CheckConstraint(condition=Q(cost__lte=7), name="service_cost_known"),
        )

    def __str__(self) -> str:
        return self.name


class LocationType(models.TextChoices):
    """HSDS location type."""

    PHYSICAL = "physical"
    POSTAL = "postal"
    VIRTUAL = "virtual"


class Location(Guarded):
    """A place where help is given."""

    guarded_by = ("organization",)

    location_type = models.CharField(
        max_length=10, choices=LocationType.choices, default=LocationType.PHYSICAL
    )
    url = models.URLField(max_length=500, blank=True)
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="locations"
    )
    name = models.CharField(max_length=255, blank=True)
    alternate_name = models.CharField(max_length=255, blank=True)
    description = models.TextField(blank=True)
    transportation = models.TextField(blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    external_identifier = models.CharField(max_length=255, blank=True)
    external_identifier_type = models.CharField(max_length=100, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (
            visibility_check("location"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="location_on_earth",
            ),
        )


class ServiceAtLocation(Guarded):
    """A service as it is given at one place."""

    guarded_by = ("service", "service__organization", "location")

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="at_locations")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="services_here")
    description = models.TextField(blank=True)

    class Meta:
        constraints = (
            visibility_check("service_at_location"),
            models.UniqueConstraint(fields=("service", "location"), name="service_once_at_location"),
        )
