"""Every component is described, its examples work in both languages, and its description is true."""

import inspect
import re
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import Client, RequestFactory
from django.utils.translation import override

from entero.ui import patterns
from entero.ui.templatetags import ui

FOLDER = Path(ui.__file__).parents[1] / "templates" / "ui" / "components"
TAGS = set(ui.register.tags)
SUBJECTS = {"error_summary": "form", "field": "form.name"}


def render(template: str, **values: object) -> str:
    return str(engines["django"].from_string(template).render(values))


def test_every_component_has_a_folder_and_every_folder_a_description() -> None:
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir()}
    assert set(patterns.names()) == folders
    assert TAGS - folders == {"sort_header"}  # a part of the table


@pytest.mark.parametrize("name", patterns.names())
def test_description_names_the_parameters_that_the_tag_has(name: str) -> None:
    taken = list(inspect.signature(getattr(ui, name)).parameters)
    described = list(patterns.describe(name).get("parameters", {}))
    if name in SUBJECTS:
        described[0] = taken[0]
    shell = {"context", "content", "which", "sensitive", "lines"}
    assert set(described) == set(taken) - shell - {"bound"} | ({"bound"} & set(described))


@pytest.mark.parametrize("name", patterns.names())
def test_component_has_criteria_and_examples_or_stands_in_the_shell(name: str) -> None:
    raw = patterns.describe(name)
    assert raw["criteria"] != []
    assert bool(raw.get("examples")) != bool(raw.get("shown_in"))


@pytest.mark.parametrize("language", ["en", "es"])
def test_examples_render_in_the_language_of_the_page(language: str) -> None:
    with override(language):
        shown = {pattern.name: pattern for pattern in patterns.all_patterns()}
    texts = {"en": "Send safely", "es": "Enviar de forma segura"}
    assert texts[language] in shown["button"].examples[0].rendered
    assert all(example.rendered.strip() for pattern in shown.values() for example in pattern.examples)


@pytest.mark.urls("tests.ui.site_with_extras")
def test_pattern_page_shows_all_of_them(client: Client) -> None:
    page = client.get("/ui/").content.decode()
    assert re.findall(r'<h2 id="(\w+)">', page) == patterns.names()


class Question(forms.Form):
    age = forms.IntegerField(label="How old?", help_text="About is enough.")
    ways = forms.ChoiceField(label="How?", widget=forms.RadioSelect, choices=[("a", "Alone")])
    hidden = forms.CharField(widget=forms.HiddenInput)


def test_field_ties_hint_and_error_to_its_input() -> None:
    page = render("{% field form.age heading=True %}", form=Question({}))
    assert 'aria-describedby="id_age_helptext id_age_error"' in page
    assert 'id="id_age_helptext"' in page
    assert 'id="id_age_error"' in page
    assert '<h1><label for="id_age">How old?</label></h1>' in page


def test_field_asks_choices_in_a_fieldset() -> None:
    page = render("{% field form.ways heading=True %}", form=Question({}))
    assert '<fieldset aria-describedby="id_ways_error">' in page
    assert "<legend><h1>How?</h1></legend>" in page
    assert '<label for="id_ways_0">Alone</label>' in page


def test_field_shows_nothing_of_a_hidden_one() -> None:
    assert render("{% field form.hidden %}", form=Question()).count("<") == 1


def test_error_summary_leads_to_each_input() -> None:
    page = render("{% error_summary form %}", form=Question({"hidden": "x"}))
    assert re.findall(r'href="(#\w+)"', page) == ["#id_age", "#id_ways_0"]
    assert "autofocus" in page


def test_error_summary_is_silent_without_errors() -> None:
    assert render("{% error_summary form %}", form=Question()).strip() == ""


def test_table_escapes_cells_and_turns_the_order() -> None:
    page = render(
        "{% table caption='Places' columns=columns rows=rows sort='name' %}",
        columns=[{"text": "Name", "key": "name"}, {"text": "Beds", "amount": True}],
        rows=[["<b>Harbor</b>", 4]],
    )
    assert "&lt;b&gt;Harbor&lt;/b&gt;" in page
    assert '<th scope="col" aria-sort="ascending"><a href="?sort=-name">Name</a></th>' in page
    assert '<td class="amount">4</td>' in page


def test_table_without_rows_says_so() -> None:
    page = render("{% table caption='Places' columns=none rows=none empty='Nothing yet' %}", none=[])
    assert page.strip() == '<p class="empty">Nothing yet</p>'


def test_pagination_keeps_the_rest_of_the_query() -> None:
    request = RequestFactory().get("/desk/?sort=-name&page=2&state=CA")
    page = Paginator(list(range(30)), 10).page(2)
    shown = render("{% pagination page %}", page=page, request=request)
    assert re.findall(r'href="([^"]+)"', shown) == [
        "?sort=-name&amp;state=CA&amp;page=1",
        "?sort=-name&amp;state=CA&amp;page=3",
    ]


def test_figure_draws_in_proportion_and_tells_the_numbers() -> None:
    page = render(
        "{% figure title='t' alternative='a' columns=columns rows=rows %}",
        columns=["State", "Places"],
        rows=[("CA", 10), ("TX", 4)],
    )
    assert re.findall(r'class="bar" width="([\d.]+)"', page) == ["100.0", "40.0"]
    assert '<th scope="row">TX</th><td>4</td>' in page


def test_figure_of_nothing_does_not_divide_by_it() -> None:
    page = render("{% figure title='t' alternative='a' columns=c rows=rows %}", c=[], rows=[("CA", 0)])
    assert 'class="bar" width="0.0"' in page


def test_in_language_chooses_from_a_pair() -> None:
    pair = ("Day and night", "De día y de noche")
    chosen = []
    for language in ("en", "es"):
        with override(language):
            chosen.append(render("{{ pair|in_language }}", pair=pair))
    assert chosen == list(pair)
