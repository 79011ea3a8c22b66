"""Whom a service takes: facts with a source and a date, and where facts come from."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from entero.directory.models.base import Guarded, visibility_check
from entero.directory.models.core import Service


class Trust(models.IntegerChoices):
    """How much a source is believed. Reports count only once somebody has checked them."""

    REPORT = 0, _("an anonymous report, not yet checked")
    LISTING = 1, _("another directory")
    SURVEY = 2, _("a national survey the provider answered")
    PROVIDER = 3, _("the provider's own word")
    CHECKED = 4, _("checked by our staff")


class Source(models.Model):
    """Where facts come from: an edition of a directory, a feed, a phone call."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=255)
    name_es = models.CharField(max_length=255, blank=True)
    trust = models.PositiveSmallIntegerField(choices=Trust.choices, default=Trust.LISTING)
    url = models.URLField(max_length=500, blank=True)
    license = models.CharField(max_length=255, blank=True)
    observed_on = models.DateField(null=True, blank=True)
    """The day its facts speak of, when all of them share one."""

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.name


class SourceRecord(models.Model):
    """One row of a source, and the service that was made of it."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="records")
    key = models.CharField(max_length=255)
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.CASCADE, related_name="records"
    )
    codes = models.TextField(blank=True)
    """The source's own codes, separated by a space, with one at each end."""
    state = models.CharField(max_length=2, blank=True)
    digest = models.CharField(max_length=64)
    first_seen = models.DateField()
    last_seen = models.DateField()
    gone_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("source", "key"), name="record_once_in_source"),)


class ImportRun(models.Model):
    """One run of an importer: who, what file, what came of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DRY = "dry", _("tried, nothing changed")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused, nothing changed")

    source = models.ForeignKey(Source, null=True, on_delete=models.SET_NULL)
    file_name = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=State.choices)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    """Up to 1,000 pairs of line and reason."""
    repaired = models.JSONField(default=dict)
    """What was mended, and how often."""
    error = models.TextField(blank=True)

    class Meta:
        ordering = ("-started_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "dry", "done", "refused"]),
                name="import_run_state_known",
            ),
        )


class Answer(models.TextChoices):
    """Unknown is not no."""

    YES = "yes", _("yes")
    NO = "no", _("no")
    UNKNOWN = "unknown", _("not known")


class AcceptanceFact(Guarded):
    """Whether a service takes somebody, who says so, and when it was seen."""

    guarded_by: ClassVar[tuple[str, ...]] = ("service", "service__organization")

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="acceptance")
    population = models.CharField(max_length=40)
    """Id of a population in the vocabulary."""
    answer = models.CharField(max_length=7, choices=Answer.choices)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="facts")
    observed_on = models.DateField()
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    note = models.CharField(max_length=255, blank=True)

    class Meta:
        indexes = (models.Index(fields=("population", "answer"), name="fact_by_population"),)
        constraints = (
            visibility_check("acceptance_fact"),
            models.CheckConstraint(condition=Q(answer__in=Answer.values), name="fact_answer_known"),
            models.UniqueConstraint(
                fields=("service", "population", "source", "observed_on"),
                name="fact_once_a_day_and_source",
            ),
        )


class Refusal(models.TextChoices):
    """Why somebody was turned away."""

    GENDER = "gender", _("they do not take men or boys")
    AGE = "age", _("because of age")
    IDENTITY = "identity", _("because of being gay, bisexual, trans or non-binary")
    FULL = "full", _("no room")
    COST = "cost", _("because of money or insurance")
    LANGUAGE = "language", _("nobody spoke the language")
    PAPERS = "papers", _("because of papers or identity documents")
    SUBSTANCE = "substance", _("because of drugs or alcohol")
    RECORD = "record", _("because of a criminal record")
    DISBELIEVED = "disbelieved", _("they did not believe it")
    UNREACHABLE = "unreachable", _("nobody answered, or the place is gone")
    OTHER = "other", _("something else")


class TurnedAway(models.Model):
    """An anonymous report that a service sent somebody away: a date and a code, nothing else."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="turned_away")
    reason = models.CharField(max_length=20, choices=Refusal.choices)
    population = models.CharField(max_length=40, blank=True)
    reported_on = models.DateField()
    reviewed_on = models.DateField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    confirmed = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ("reported_on", "id")
        verbose_name_plural = _("turned away")
        constraints = (
            models.CheckConstraint(condition=Q(reason__in=Refusal.values), name="turned_away_reason_known"),
            models.CheckConstraint(
                condition=Q(reviewed_on__isnull=True, confirmed__isnull=True)
                | Q(reviewed_on__isnull=False, confirmed__isnull=False),
                name="turned_away_reviewed_whole",
            ),
        )


class DirectoryChange(models.Model):
    """Log of changed services: what an index built before ``id`` does not know yet."""

    service_id = models.UUIDField(null=True)
    """None when everything may have changed."""

    class Meta:
        verbose_name = _("change")
