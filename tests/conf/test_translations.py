"""Both languages are complete, and the rules that say so really catch what they name."""

import polib
import pytest

from scripts import check_messages


def test_catalogues_have_no_faults() -> None:
    assert check_messages.catalogues(check_messages.SOURCE) != []
    assert [str(fault) for fault in check_messages.faults()] == []


@pytest.mark.parametrize(
    ("english", "spanish", "fault"),
    [
        ("Call %(number)s", "Llama", "placeholders differ"),
        ("Call <b>now</b>", "Llama ya", "tags differ"),
        ("Call 988", "Llama al 998", "numbers differ"),
        ("Call 1-888-373-7888", "Llama al 1-888-373-7889", "numbers differ"),
        ("Find help", "Find help", "the same in both languages"),
        ("Is it safe?", "Es seguro?", "a question without ¿"),
        ("You are not alone", "No estás sola", "addresses the reader by gender (estás sola)"),
        ("You are safe", "Estás muy segura", "addresses the reader by gender (Estás muy segura)"),
        ("Welcome", "Bienvenida", "addresses the reader by gender (Bienvenida)"),
        ("Yourself", "Para ti misma", "addresses the reader by gender (ti misma)"),
    ],
)
def test_pair_faults_names_the_fault(english: str, spanish: str, fault: str) -> None:
    assert list(check_messages.pair_faults(english, spanish)) == [fault]


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("Call %(number)s", "Llama al %(number)s"),
        ("Call 1-888-373-7888 now", "Llama ya al 1-888-373-7888"),
        ("Is it safe?", "¿Es un lugar seguro?"),
        ("You are not alone", "No tienes que cargar con esto a solas"),
        ("Entero", "Entero"),
        ("He felt alone", "Se sentía solo"),
    ],
)
def test_pair_faults_leaves_good_pairs_alone(english: str, spanish: str) -> None:
    assert list(check_messages.pair_faults(english, spanish)) == []


def test_entry_faults_names_fuzzy_and_missing() -> None:
    fuzzy = polib.POEntry(msgid="Yes, call", msgstr="Sí, llama", flags=["fuzzy"])
    assert list(check_messages.entry_faults(fuzzy)) == ["fuzzy", "not translated"]
    assert list(check_messages.entry_faults(polib.POEntry(msgid="Yes"))) == ["not translated"]
