"""Looks at all tables at once, to prove that nothing has changed."""

from typing import Any

from django.apps import apps

from entero.directory.models import ImportRun


def fingerprint() -> dict[str, Any]:
    """Count and highest id of every table but the runs of importers, which are always kept."""
    return {
        model._meta.label: (
            model.objects.count(),
            model.objects.order_by("-pk").values_list("pk", flat=True).first(),
        )
        for model in apps.get_models()
        if model is not ImportRun
    }


def everything_in(*labels: str) -> dict[str, list[dict[str, Any]]]:
    """Every value of these tables."""
    return {
        label: list(apps.get_model("directory", label).objects.order_by("pk").values()) for label in labels
    }
