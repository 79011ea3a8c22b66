"""What every directory row has: a UUID, and a word on who may see it."""

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Visibility(models.IntegerChoices):
    """Who may see a row or a field. A higher level includes all that is below it."""

    PUBLIC = 0, _("everyone")
    PARTNER = 1, _("partners")
    STAFF = 2, _("our staff")
    SEALED = 3, _("sealed")


def owners_of(model: Any) -> tuple[str, ...]:
    """Return the paths to all rows that a row belongs to, however far away."""
    found: dict[str, None] = {}
    for path in model.guarded_by:
        owner = model
        for name in path.split("__"):
            owner = getattr(owner, name).field.related_model
        found.update(dict.fromkeys((path, *(f"{path}__{further}" for further in owners_of(owner)))))
    return tuple(found)


class GuardedQuerySet(models.QuerySet[Any]):
    """Rows that know who may see them."""

    def visible_to(self, level: Visibility) -> Self:
        """Keep rows at or below the level whose owners are at or below it, too."""
        wanted = Q(visibility__lte=level)
        for owner in owners_of(self.model):
            wanted &= Q(**{f"{owner}__isnull": True}) | Q(**{f"{owner}__visibility__lte": level})
        return self.filter(wanted)

    def public(self) -> Self:
        return self.visible_to(Visibility.PUBLIC)


_Rows = models.Manager.from_queryset(GuardedQuerySet)


class GuardedManager(_Rows[Any]):
    """Puts the question who may see a table together once: with twenty owners that takes a while."""

    _asked: ClassVar[dict[tuple[Any, int], GuardedQuerySet]] = {}

    def visible_to(self, level: Visibility) -> GuardedQuerySet:
        rows: Any = self.get_queryset()
        if rows.query.where:
            narrowed: GuardedQuerySet = rows.visible_to(level)
            return narrowed
        asked = self._asked.get((self.model, level))
        if asked is None:
            asked = self._asked[self.model, level] = rows.visible_to(level)
        return asked.using(rows.db)

    def public(self) -> GuardedQuerySet:
        return self.visible_to(Visibility.PUBLIC)


class Guarded(models.Model):
    """A row of the directory, with confidentiality for the row and for single fields."""

    guarded_by: ClassVar[tuple[str, ...]] = ()
    """Paths to the rows it belongs to: what they hide, it hides."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visibility = models.PositiveSmallIntegerField(
        choices=Visibility.choices, default=Visibility.PUBLIC, verbose_name=_("who may see it")
    )
    hidden_fields = models.JSONField(default=dict, blank=True)
    """Field name to the level that is needed to see it."""

    objects: ClassVar[Any] = GuardedManager()

    class Meta:
        abstract = True

    def shown(self, field: str, level: Visibility = Visibility.PUBLIC) -> Any:
        """Return the field, or None when it needs a higher level."""
        if self.hidden_fields and self.hidden_fields.get(field, Visibility.PUBLIC) > level:
            return None
        return getattr(self, field)


def visibility_check(model_name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(visibility__in=Visibility.values), name=f"{model_name}_visibility_known"
    )
