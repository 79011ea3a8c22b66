"""Every reason has a sentence, in both languages, with its plurals."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.utils import translation

from entero.directory import sentences
from entero.directory.matching.answer import (
    Code,
    Evidence,
    Match,
    Plan,
    PlanKind,
    Question,
    Reason,
    Step,
    Stop,
)
from entero.directory.vocabulary.terms import Kind, languages, populations, terms

TODAY = date(2026, 11, 25)
WEEKS_AGO = Evidence("a-survey", TODAY - timedelta(days=21))
LONG_AGO = Evidence("a-survey", date(2022, 1, 1))


def match(*reasons: Reason, unknowns: tuple[Reason, ...] = ()) -> Match:
    return Match(key=bytes(16), score=90, parts={}, miles=4, reasons=reasons, unknowns=unknowns)


def reason(code: Code, subject: str = "", *numbers: float, evidence: Evidence | None = None) -> Reason:
    return Reason(code=code, subject=subject, numbers=numbers, evidence=evidence)


BOY = reason(Code.ACCEPTS, "boy")
AGES = reason(Code.AGES, "", 12, 17)
SPANISH = reason(Code.LANGUAGE, "es")
MILES = reason(Code.DISTANCE, "", 4.2)
CHECKED = reason(Code.CHECKED, evidence=WEEKS_AGO)
CALL_FIRST = reason(Code.CALL_FIRST, evidence=LONG_AGO)


@pytest.mark.parametrize(
    ("found", "english", "spanish"),
    [
        (
            match(BOY, AGES, SPANISH, MILES, CHECKED),
            "Takes boys 12-17. Spanish. 4 miles. Checked 3 weeks ago.",
            "Recibe a niños y muchachos de 12 a 17 años. Español. 4 millas. Verificado hace 3 semanas.",
        ),
        (
            match(reason(Code.ACCEPTS, "minor"), unknowns=(BOY, CALL_FIRST)),
            "Does not say whether it takes boys. Call first: last checked 4 years ago.",
            "No dice si recibe a niños y muchachos. Llama primero: se verificó por última vez hace 4 años.",
        ),
        (
            match(reason(Code.AGES, "", 18, 120), reason(Code.NATIONAL), reason(Code.OPEN_NOW)),
            "From 18 years. Serves the whole country. Open now.",
            "Desde los 18 años. Atiende a todo el país. Abierto ahora.",
        ),
        (
            match(BOY, reason(Code.AGES, "", 0, 17), reason(Code.REMOTE)),
            "Takes boys up to 17 years. Serves the whole state.",
            "Recibe a niños y muchachos hasta los 17 años. Atiende a todo el estado.",
        ),
        (
            match(BOY, reason(Code.DISTANCE, "", 240), reason(Code.SETTING, "telehealth")),
            "Takes boys. 240 miles. By video or phone.",
            "Recibe a niños y muchachos. 240 millas. Por video o teléfono.",
        ),
        (match(unknowns=(reason(Code.CALL_FIRST),)), None, None),
        (match(), "", ""),
    ],
)
def test_summary_says_in_one_breath_why(found: Match, english: str | None, spanish: str | None) -> None:
    if english is None:
        english = "Call first: we do not know when it was last checked."
        spanish = "Llama primero: no sabemos cuándo se verificó por última vez."
    assert sentences.summary(found, "en", TODAY) == english
    assert sentences.summary(found, "es", TODAY) == spanish


@pytest.mark.parametrize(
    ("days", "english", "spanish"),
    [
        (-3, "today", "hoy"),
        (0, "today", "hoy"),
        (1, "1 day ago", "hace 1 día"),
        (13, "13 days ago", "hace 13 días"),
        (14, "2 weeks ago", "hace 2 semanas"),
        (59, "8 weeks ago", "hace 8 semanas"),
        (60, "2 months ago", "hace 2 meses"),
        (729, "24 months ago", "hace 24 meses"),
        (731, "2 years ago", "hace 2 años"),
        (1500, "4 years ago", "hace 4 años"),
    ],
)
def test_ago_counts_in_the_unit_that_people_use(days: int, english: str, spanish: str) -> None:
    day = TODAY - timedelta(days=days)
    for language, said in (("en", english), ("es", spanish)):
        with translation.override(language):
            assert sentences.ago(day, TODAY) == said


@pytest.mark.parametrize(
    ("miles", "english", "spanish"),
    [
        (0.2, "Less than a mile", "Menos de una milla"),
        (1.2, "1 mile", "1 milla"),
        (99.6, "100 miles", "100 millas"),
    ],
)
def test_miles_have_their_plural(miles: float, english: str, spanish: str) -> None:
    said = reason(Code.DISTANCE, "", miles)
    assert sentences.of_reason(said, "en", TODAY) == english
    assert sentences.of_reason(said, "es", TODAY) == spanish


def known() -> list[Reason]:
    """Every reason that can speak for a service."""
    return [
        *(reason(Code.ACCEPTS, name) for name in populations()),
        *(reason(Code.AGES, "", low, high) for low, high in ((12, 17), (18, 120), (0, 17))),
        *(reason(Code.NEED, name) for name, term in terms().items() if term.kind is Kind.NEED),
        *(reason(Code.SETTING, name) for name, term in terms().items() if term.kind is Kind.SETTING),
        *(reason(Code.LANGUAGE, code) for code in languages()),
        *(reason(Code.COST, name) for name in ("free", "sliding", "insurance")),
        *(reason(code) for code in (Code.REMOTE, Code.NATIONAL, Code.OPEN_NOW, Code.WORDS)),
        *(MILES, CHECKED, reason(Code.ROOM, "open")),
    ]


def not_known() -> list[Reason]:
    return [
        *(reason(Code.ACCEPTS, name) for name in populations()),
        *(reason(Code.NEED, name) for name, term in terms().items() if term.kind is Kind.NEED),
        *(reason(Code.SETTING, name) for name, term in terms().items() if term.kind is Kind.SETTING),
        *(reason(Code.LANGUAGE, code) for code in languages()),
        *(reason(code) for code in (Code.ROOM, Code.OPEN_NOW, Code.COST, Code.CALL_FIRST)),
        *(CALL_FIRST, reason(Code.ROOM, "waiting")),
    ]


def failing() -> list[Reason]:
    return [
        *(reason(Code.REFUSES, name) for name in populations()),
        *(reason(Code.AGE_OUTSIDE, "", low, high) for low, high in ((12, 17), (18, 120), (0, 17))),
        *(reason(Code.FULL), reason(Code.CLOSED_NOW), reason(Code.TOO_FAR, "", 120)),
    ]


def test_every_reason_has_its_own_sentence_in_both_languages() -> None:
    for say, reasons in (
        (sentences.of_reason, known()),
        (sentences.of_unknown, not_known()),
        (sentences.of_failure, failing()),
    ):
        said = {language: [say(one, language, TODAY) for one in reasons] for language in ("en", "es")}
        for english, spanish in zip(said["en"], said["es"], strict=True):
            assert english != ""
            assert english != spanish or english in {"Trauma"}
        for texts in said.values():
            assert len(set(texts)) == len(texts)
            assert [text for text in texts if "%(" in text or "  " in text or text.endswith(".")] == []


def test_every_step_has_a_sentence() -> None:
    said = {language: {sentences.of_step(step, language) for step in Step} for language in ("en", "es")}
    assert [len(texts) for texts in said.values()] == [len(Step), len(Step)]
    assert not said["en"] & said["es"]


def test_every_question_is_a_question() -> None:
    ids = ["place", "age", "gender", "languages", "cost"]
    ids += [f"need:{name}" for name, term in terms().items() if term.asked]
    ids += [f"circumstance:{name}" for name, person in populations().items() if person.asked]
    for name, language in product(ids, ("en", "es")):
        said = sentences.of_question(Question(name, 0.5), language)
        assert said.endswith("?")
        assert said.startswith("¿") == (language == "es")


@pytest.mark.parametrize(
    ("kind", "stops", "missing", "english", "spanish"),
    [
        (PlanKind.ONE_PLACE, 1, (), "One place helps with all of it.", "Un mismo lugar ayuda con todo."),
        (
            PlanKind.SAME_ORGANIZATION,
            2,
            (),
            "2 places of the same organization help with all of it.",
            "2 lugares de la misma organización ayudan con todo.",
        ),
        (
            PlanKind.CHAIN,
            3,
            (),
            "No place helps with all of it. It takes 3 places that work together.",
            "Ningún lugar ayuda con todo. Hacen falta 3 lugares que trabajen juntos.",
        ),
        (
            PlanKind.INCOMPLETE,
            1,
            ("trauma", "substance_use"),
            "We found no place that says it helps with: trauma, drugs or alcohol.",
            "No encontramos ningún lugar que diga que ayuda con: trauma, drogas o alcohol.",
        ),
    ],
)
def test_a_plan_says_how_many_places_it_takes(
    kind: PlanKind, stops: int, missing: tuple[str, ...], english: str, spanish: str
) -> None:
    plan = Plan(kind=kind, stops=(Stop(key=bytes(16), needs=()),) * stops, missing=missing)
    assert sentences.of_plan(plan, "en") == english
    assert sentences.of_plan(plan, "es") == spanish


@pytest.mark.parametrize(
    ("evidence", "english", "spanish"),
    [
        (WEEKS_AGO, "A survey, 3 weeks ago", "A survey (hace 3 semanas)"),
        (Evidence("unnamed", TODAY), "unnamed, today", "unnamed (hoy)"),
        (
            Evidence("a-survey", TODAY - timedelta(days=1), checked=True),
            "checked by our staff 1 day ago",
            "verificado por nuestro equipo hace 1 día",
        ),
    ],
)
def test_evidence_says_where_from_and_how_old(evidence: Evidence, english: str, spanish: str) -> None:
    names = {"a-survey": "A survey"}
    assert sentences.of_evidence(evidence, "en", TODAY, names) == english
    assert sentences.of_evidence(evidence, "es", TODAY, names) == spanish


@pytest.mark.parametrize(
    ("shown", "total", "english", "spanish"),
    [
        (0, 0, "No place was found.", "No se encontró ningún lugar."),
        (1, 1, "1 of 1 place that may help.", "1 de 1 lugar que podría ayudar."),
        (10, 112, "10 of 112 places that may help.", "10 de 112 lugares que podrían ayudar."),
    ],
)
def test_the_total_has_its_plural(shown: int, total: int, english: str, spanish: str) -> None:
    assert sentences.of_total(shown, total, "en") == english
    assert sentences.of_total(shown, total, "es") == spanish
