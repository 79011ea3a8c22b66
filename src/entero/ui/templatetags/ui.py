"""The components, as template tags. Every template has them without loading."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, override

from entero.ui import navigation

register = template.Library()


def _path(name: str) -> str:
    return f"ui/components/{name}/{name}.html"


def _block(name: str, **values: Any) -> SafeString:
    return render_to_string(_path(name), values)


@register.filter
def in_language(pair: Sequence[str]) -> str:
    """Choose from a pair of texts, English and Spanish."""
    spanish = (get_language() or "").startswith("es")
    return pair[1] if spanish else pair[0]


@register.filter
def request_id(meta: Mapping[str, Any]) -> str:
    """The random number of this request, the only thing that ties it to our logs."""
    return str(meta.get("entero.request_id", ""))


# --- acting


@register.inclusion_tag(_path("button"))
def button(text: str, *, kind: str = "", name: str = "", value: str = "") -> dict[str, Any]:
    """A button that sends the form it stands in. Kinds: quiet, warning, text."""
    return {"text": text, "kind": kind, "name": name, "value": value}


@register.inclusion_tag(_path("link_button"))
def link_button(url: str, text: str, *, kind: str = "") -> dict[str, Any]:
    """A link that is the one act of a page, and so looks like a button."""
    return {"url": url, "text": text, "kind": kind}


@register.inclusion_tag(_path("copy_button"))
def copy_button(target: str, text: str) -> dict[str, Any]:
    """A button that copies the text of ``#target``; hidden where there is no JavaScript."""
    return {"target": target, "text": text}


@register.inclusion_tag(_path("print_button"))
def print_button(text: str) -> dict[str, Any]:
    """A button that prints the page; hidden where there is no JavaScript."""
    return {"text": text}


# --- asking


@register.inclusion_tag(_path("field"))
def field(bound: BoundField, *, heading: bool = False, short: bool = False) -> dict[str, Any]:
    """A form field with its label, hint and error. ``heading`` makes the label the page's h1."""
    widget = bound.field.widget
    return {
        "field": bound,
        "heading": heading,
        "short": short,
        "is_group": isinstance(widget, RadioSelect | CheckboxSelectMultiple),
        "is_checkbox": isinstance(widget, CheckboxInput),
    }


@register.inclusion_tag(_path("error_summary"))
def error_summary(form: BaseForm | None) -> dict[str, Any]:
    """Everything that is wrong with a form, first on the page and focused."""
    if form is None or not form.errors:
        return {"errors": []}
    errors = [(_first_input(bound), message) for bound in form if bound.errors for message in bound.errors]
    return {"errors": [("", message) for message in form.non_field_errors()] + errors}


def _first_input(bound: BoundField) -> str:
    is_group = isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple)
    return f"{bound.auto_id}_0" if is_group else bound.id_for_label


# --- telling


@register.simple_block_tag
def notice(content: str, *, kind: str = "info", title: str = "", level: int = 2) -> SafeString:
    """Something to know. Kinds: info, success (spoken when it appears), warning."""
    return _block("notice", content=content, kind=kind, title=title, heading=f"h{level}")


@register.simple_block_tag
def care_card(content: str, *, title: str, kind: str = "do", level: int = 2) -> SafeString:
    """Do, dont or call: what helps, what harms, when to call now."""
    return _block("care_card", content=content, kind=kind, title=title, heading=f"h{level}")


@register.simple_block_tag
def card(
    content: str, *, title: str, url: str = "", aside: str = "", mark: str = "", level: int = 2
) -> SafeString:
    """One result: its name, an aside such as a distance, a mark such as 'sample', and its reasons."""
    return _block("card", content=content, title=title, url=url, aside=aside, mark=mark, heading=f"h{level}")


@register.inclusion_tag(_path("steps"))
def steps(items: Iterable[Mapping[str, str]], *, across: bool = False) -> dict[str, Any]:
    """What happens, in order: items have ``title`` and ``text``."""
    return {"items": items, "across": across}


@register.inclusion_tag(_path("timeline"))
def timeline(items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What happened when: items have ``on`` (a date), ``title`` and ``text``."""
    return {"items": items}


@register.inclusion_tag(_path("table"))
def table(
    *,
    caption: str,
    columns: Sequence[Mapping[str, Any]],
    rows: Sequence[Sequence[Any]],
    sort: str = "",
    empty: str = "",
) -> dict[str, Any]:
    """Rows under columns (``text``, and optionally ``key`` to sort by and ``amount``)."""
    return {
        "caption": caption,
        "columns": [_column(column, sort) for column in columns],
        "rows": [list(zip(row, columns, strict=True)) for row in rows],
        "empty": empty,
    }


@register.inclusion_tag("ui/components/table/sort_header.html")
def sort_header(text: str, key: str = "", *, sort: str = "", amount: bool = False) -> dict[str, Any]:
    """One head of a hand-written table, with a link that sorts by ``key`` and turns the order."""
    return {"column": _column({"text": text, "key": key, "amount": amount}, sort)}


def _column(column: Mapping[str, Any], sort: str) -> dict[str, Any]:
    key = str(column.get("key", ""))
    order = ""
    if key and sort.removeprefix("-") == key:
        order = "descending" if sort.startswith("-") else "ascending"
    return {
        "text": column["text"],
        "key": key,
        "amount": column.get("amount", False),
        "order": order,
        "next": f"-{key}" if order == "ascending" else key,
    }


@register.inclusion_tag(_path("tag"))
def tag(text: str, *, kind: str = "") -> dict[str, Any]:
    """A word that marks a row. Kinds: late, soon, good, quiet."""
    return {"text": text, "kind": kind}


@register.inclusion_tag(_path("progress"))
def progress(step: int, total: int) -> dict[str, Any]:
    """How far along a journey is, in words and as a line."""
    return {"step": step, "total": total}


@register.inclusion_tag(_path("pagination"), takes_context=True)
def pagination(context: Context, page: Page[Any]) -> dict[str, Any]:
    """The way to the pages before and after; nothing when there is one page."""
    request: HttpRequest | None = context.get("request")
    query = request.GET.copy() if request else None
    if query is None:
        return {"page": page, "query": ""}
    query.pop("page", None)
    kept = query.urlencode()
    return {"page": page, "query": f"{kept}&" if kept else ""}


@register.inclusion_tag(_path("figure"))
def figure(
    *, title: str, alternative: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], source: str = ""
) -> dict[str, Any]:
    """Bars with the same numbers as a table below; rows are (label, amount)."""
    largest = max((float(row[1]) for row in rows), default=0.0) or 1.0
    bars = [(row[0], row[1], round(100 * float(row[1]) / largest, 1)) for row in rows]
    return {"title": title, "alternative": alternative, "columns": columns, "bars": bars, "source": source}


@register.simple_block_tag
def sheet(content: str, *, title: str) -> SafeString:
    """A part of a page that prints alone and says nothing about where it came from."""
    return _block("sheet", content=content, title=title)


# --- the shell


@register.inclusion_tag(_path("doors"), takes_context=True)
def doors(context: Context, which: str) -> dict[str, Any]:
    """The navigation of the public pages, the desk, or the foot."""
    known = {"public": navigation.PUBLIC, "desk": navigation.DESK, "about": navigation.ABOUT}
    request: HttpRequest | None = context.get("request")
    path = request.path if request else ""
    return {"which": which, "doors": list(navigation.open_doors(known[which], path))}


@register.inclusion_tag(_path("language_switch"), takes_context=True)
def language_switch(context: Context) -> dict[str, Any]:
    """The same page in the other languages; ``journey_start`` names where a posted page begins again."""
    request: HttpRequest | None = context.get("request")
    current = get_language() or settings.LANGUAGE_CODE
    links = [
        {
            "code": code,
            "name": get_language_info(code)["name_local"].capitalize(),
            "url": _in_other_language(request, code, str(context.get("journey_start") or "")),
        }
        for code, _name in settings.LANGUAGES
        if code != current
    ]
    return {"links": links}


def _in_other_language(request: HttpRequest | None, code: str, journey_start: str) -> str:
    with override(code):
        if journey_start or request is None:
            return _reverse_or_home(journey_start)
        home = reverse("home")
    if request.method == "GET" and request.resolver_match:
        return translate_url(request.get_full_path(), code)
    return translate_url(request.path, code) if request.resolver_match else home


def _reverse_or_home(name: str) -> str:
    try:
        return reverse(name or "home")
    except NoReverseMatch:
        return reverse("home")


@register.inclusion_tag(_path("skip_links"))
def skip_links(*, sensitive: bool = True) -> dict[str, Any]:
    """Before everything else, for the keyboard: to the content, and out."""
    return {"sensitive": sensitive}


@register.inclusion_tag(_path("exit_link"))
def exit_link() -> dict[str, Any]:
    """The way out that stays in sight; a real link that needs no JavaScript."""
    return {}


@register.inclusion_tag(_path("help_line"))
def help_line(lines: Sequence[Any] | None) -> dict[str, Any]:
    """The first of the crisis lines, on every page in the same place."""
    return {"line": lines[0] if lines else None}
