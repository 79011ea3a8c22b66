"""Words of the vocabulary and of sources, in the reader's language."""

from typing import Any

from django import template
from django.utils.translation import get_language

from entero.directory.desk_edit_forms import WEEKDAYS
from entero.directory.hours import Hours
from entero.directory.vocabulary.terms import populations

register = template.Library()

ANSWER_KINDS = {"yes": "good", "no": "late"}


@register.filter
def population_name(name: str) -> str:
    """Turn the id of a population into its name."""
    found = populations().get(name)
    return found.label(get_language() or "en") if found else name


@register.filter
def source_name(source: Any) -> str:
    """Give the name of a source in the reader's language; a dash for none."""
    if source is None:
        return "–"
    return str((get_language() == "es" and source.name_es) or source.name)


@register.filter
def answer_kind(answer: str) -> str:
    """Give the kind of tag that an answer looks like."""
    return ANSWER_KINDS.get(answer, "quiet")


@register.filter
def weekday(hours: Hours) -> str:
    return str(WEEKDAYS[hours.weekday])
