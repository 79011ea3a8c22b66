"""Needs, settings, populations and languages, read once from the data files beside this module."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any


class Kind(StrEnum):
    """A need is what somebody looks for; a setting is the form it comes in."""

    NEED = "need"
    SETTING = "setting"


class UnknownTerm(ValueError):
    """The vocabulary has no term of this id; ``suggestions`` holds the nearest ids."""

    def __init__(self, term: str, suggestions: tuple[str, ...]) -> None:
        self.term, self.suggestions = term, suggestions
        super().__init__(term)


@dataclass(frozen=True)
class Term:
    """A need or a setting. ``number`` is a stable ``uint16`` used in indexes."""

    id: str
    number: int
    kind: Kind
    en: str
    es: str
    en_words: tuple[str, ...]
    es_words: tuple[str, ...]
    parent: str | None
    asked: bool
    open_eligibility: str | None

    def label(self, language: str) -> str:
        return self.es if language == "es" else self.en


@dataclass(frozen=True)
class Population:
    """Who somebody is at a service's door. ``bit`` is a stable number from 0 to 63."""

    id: str
    bit: int
    group: str
    en: str
    es: str
    sentences: tuple[tuple[str, str], ...]
    asked: bool
    asked_en: str
    asked_es: str
    sensitive: bool
    open_eligibility: str | None

    def label(self, language: str) -> str:
        return self.es if language == "es" else self.en

    def asked_label(self, language: str) -> str:
        return self.asked_es if language == "es" else self.asked_en

    def sentence(self, answer: str, language: str) -> str:
        """Return what a known ``yes``, a known ``no`` or ``unknown`` is called."""
        return dict(self.sentences)[f"{answer}_{'es' if language == 'es' else 'en'}"]


@dataclass(frozen=True)
class Language:
    """A language a service may be given in. ``bit`` is a stable number from 0 to 63."""

    code: str
    bit: int
    en: str
    es: str
    own: str
    samhsa: str | None

    def label(self, language: str) -> str:
        return self.es if language == "es" else self.en


def read_data(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


@cache
def terms() -> dict[str, Term]:
    """Return every need and setting by id, in the order of the file."""
    return {row["id"]: _term(row) for row in read_data("needs.toml")["term"]}


def _term(row: dict[str, Any]) -> Term:
    return Term(
        id=row["id"],
        number=row["number"],
        kind=Kind(row["kind"]),
        en=row["en"],
        es=row["es"],
        en_words=tuple(row["en_words"]),
        es_words=tuple(row["es_words"]),
        parent=row.get("parent"),
        asked=row.get("asked", False),
        open_eligibility=row.get("open_eligibility"),
    )


@cache
def populations() -> dict[str, Population]:
    """Return every population by id, in the order of the file."""
    return {row["id"]: _population(row) for row in read_data("populations.toml")["population"]}


def _population(row: dict[str, Any]) -> Population:
    names = [f"{answer}_{code}" for answer in ("yes", "no", "unknown") for code in ("en", "es")]
    return Population(
        id=row["id"],
        bit=row["bit"],
        group=row["group"],
        en=row["en"],
        es=row["es"],
        sentences=tuple((name, row[name]) for name in names),
        asked=row.get("asked", False),
        asked_en=row.get("asked_en", row["en"]),
        asked_es=row.get("asked_es", row["es"]),
        sensitive=row.get("sensitive", False),
        open_eligibility=row.get("open_eligibility"),
    )


@cache
def languages() -> dict[str, Language]:
    """Return every language by its code."""
    return {
        row["code"]: Language(**({"samhsa": None} | row)) for row in read_data("languages.toml")["language"]
    }


@cache
def term_by_number() -> dict[int, Term]:
    return {term.number: term for term in terms().values()}


@cache
def population_by_bit() -> dict[int, Population]:
    return {population.bit: population for population in populations().values()}


@cache
def language_by_bit() -> dict[int, Language]:
    return {language.bit: language for language in languages().values()}


def with_children(term_id: str) -> tuple[str, ...]:
    """Return the id and the ids of the terms below it: who offers those, offers it."""
    below = tuple(term.id for term in terms().values() if term.parent == term_id)
    return (term_id, *below)


def find_term(text: str) -> Term:
    """Return the term of this id (dashes and spaces are taken for underscores).

    Raises UnknownTerm with the nearest ids.
    """
    import difflib

    wanted = text.strip().lower().replace("-", "_").replace(" ", "_")
    if wanted in terms():
        return terms()[wanted]
    raise UnknownTerm(text, tuple(difflib.get_close_matches(wanted, list(terms()), n=3, cutoff=0.5)))


def bits(population_ids: tuple[str, ...] | list[str]) -> int:
    """Return the populations as one integer with their bits set."""
    word = 0
    for name in population_ids:
        word |= 1 << populations()[name].bit
    return word
