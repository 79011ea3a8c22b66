"""The pattern page: every component with its parameters, criteria and examples, from the TOML beside it."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.template import engines
from django.utils.translation import gettext_lazy as _

from entero.ui.templatetags.ui import in_language


@dataclass(frozen=True)
class Example:
    """One use of a component, as it is written and as it looks."""

    name: str
    template: str
    rendered: str


@dataclass(frozen=True)
class Pattern:
    """One component as the pattern page shows it."""

    name: str
    what: str
    parameters: tuple[tuple[str, str], ...]
    criteria: tuple[str, ...]
    shown_in: str
    examples: tuple[Example, ...]


class PatternForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("A short text"), help_text=_("A hint in one sentence."))
    words = forms.CharField(label=_("A longer text"), widget=forms.Textarea)
    kind = forms.ChoiceField(
        label=_("One from a list"), choices=[("a", _("The first")), ("b", _("The second"))]
    )
    one = forms.ChoiceField(
        label=_("One of a few"),
        help_text=_("A hint in one sentence."),
        widget=forms.RadioSelect,
        choices=[("a", _("The first")), ("b", _("The second")), ("", _("I'd rather not say"))],
    )
    several = forms.MultipleChoiceField(
        label=_("All that fit"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("a", _("The first")), ("b", _("The second"))],
    )
    agreed = forms.BooleanField(label=_("A single box"))
    on = forms.DateField(label=_("A date"), widget=forms.DateInput(attrs={"type": "date"}))


def names() -> list[str]:
    """Return the components, each a folder with a description."""
    return sorted(folder.name for folder in _folder().iterdir() if (folder / f"{folder.name}.toml").is_file())


def _folder() -> Traversable:
    return files("entero.ui") / "templates" / "ui" / "components"


def describe(name: str) -> dict[str, Any]:
    """Return what the TOML beside a component says."""
    text = (_folder() / name / f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def all_patterns() -> list[Pattern]:
    """Return every component with its examples rendered in the current language."""
    return [_pattern(name, describe(name)) for name in names()]


def _pattern(name: str, raw: dict[str, Any]) -> Pattern:
    return Pattern(
        name=name,
        what=raw["what"],
        parameters=tuple(raw.get("parameters", {}).items()),
        criteria=tuple(raw["criteria"]),
        shown_in=raw.get("shown_in", ""),
        examples=tuple(_example(example) for example in raw.get("examples", [])),
    )


def _example(raw: dict[str, Any]) -> Example:
    values = {key: spoken(value) for key, value in raw.get("values", {}).items()}
    return Example(raw["name"], raw["template"].strip(), render(raw["template"], values))


def spoken(value: Any) -> Any:
    """Choose the current language wherever an example gives a text in both."""
    if isinstance(value, list):
        return [spoken(part) for part in value]
    if isinstance(value, dict) and value.keys() == {"en", "es"}:
        return in_language((value["en"], value["es"]))
    if isinstance(value, dict):
        return {key: spoken(part) for key, part in value.items()}
    return value


def render(template: str, values: dict[str, Any]) -> str:
    """Render the text of one example with its values and a few that TOML cannot hold."""
    given = {"form": PatternForm(), "wrong": PatternForm({}), "page": _page()}
    return engines["django"].from_string(template).render(given | values)


def _page() -> Page[int]:
    return Paginator(list(range(50)), 10).page(2)
