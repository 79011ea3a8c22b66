"""What the terms that a service is filed under say in our vocabulary. Text is never guessed into facts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from uuid import UUID

from entero.directory.vocabulary.samhsa import labels, read_codes
from entero.directory.vocabulary.terms import languages, populations, terms
from entero.directory.vocabulary_tables import TAXONOMIES, Listing, term_by_row_id

ANSWERS = {"": "yes", "yes": "yes", "true": "yes", "1": "yes", "no": "no", "false": "no", "0": "no"}
CODES_OF_THREE_LETTERS = dict(
    pair.split("=")
    for pair in """eng=en spa=es zho=zh chi=zh cmn=zh vie=vi tgl=tl fil=tl kor=ko ara=ar rus=ru hat=ht por=pt
    fra=fr fre=fr hin=hi fas=fa per=fa deu=de ger=de ita=it jpn=ja pol=pl ell=el gre=el heb=he oji=oj amh=am
    som=so ukr=uk nav=nv""".split()
)


@dataclass(frozen=True)
class Filed:
    """A term that a service is filed under, as a file names it."""

    term_id: UUID | None
    code: str
    taxonomy: str
    value: str = ""


@dataclass
class Meaning:
    """Needs and settings by id, and facts: populations with yes or no."""

    terms: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)


def meaning_of(filed: Iterable[Filed]) -> Meaning:
    """Return what our own codes, Open Eligibility slugs and SAMHSA codes say; the rest says nothing here.

    An answer of no is kept before a yes of the same record.
    """
    found = Meaning()
    samhsa_codes: set[str] = set()
    for one in filed:
        listing, code = ours(one) or _same_as(one) or (None, "")
        if listing is Listing.SAMHSA:
            samhsa_codes.add(code)
        elif listing is Listing.POPULATIONS:
            _answer(found, code, one.value)
        elif listing is not None:
            found.terms.append(code)
        for population in _populations_of_slug(one):
            _answer(found, population, one.value)
    reading = read_codes(frozenset(samhsa_codes))
    found.terms = list(dict.fromkeys([*found.terms, *reading.terms]))
    for population in reading.accepted:
        _answer(found, population, "yes")
    for population in reading.refused:
        _answer(found, population, "no")
    return found


def _answer(found: Meaning, population: str, value: str) -> None:
    answer = ANSWERS.get(value.strip().lower())
    if answer is not None and found.facts.get(population) != "no":
        found.facts[population] = answer


def add_acceptance(found: Meaning, rows: object) -> None:
    """Add facts as another installation of ours exports them, each with its own day.

    Who checked them there is not known here: they are facts of the feed, and believed as much as it is.
    """
    for row in rows if isinstance(rows, list) else []:
        population = str(row.get("population")) if isinstance(row, dict) else ""
        if population not in populations() or row.get("answer") not in {"yes", "no", "unknown"}:
            continue
        found.facts[population] = row["answer"]
        try:
            found.days[population] = date.fromisoformat(str(row.get("observed_on")))
        except ValueError:
            found.days.pop(population, None)


def ours(one: Filed) -> tuple[Listing, str] | None:
    """Return the listing and code when the term is one of the vocabulary tables."""
    if one.term_id in term_by_row_id():
        return term_by_row_id()[one.term_id]
    listing = _listings().get(one.taxonomy.strip().casefold())
    if listing is None and "samhsa" in one.taxonomy.casefold() and one.code in labels():
        listing = Listing.SAMHSA
    return (listing, one.code) if listing is not None and one.code in _codes(listing) else None


@cache
def _codes(listing: Listing) -> frozenset[str]:
    if listing is Listing.POPULATIONS:
        return frozenset(populations())
    return frozenset(labels() if listing is Listing.SAMHSA else terms())


@cache
def _listings() -> dict[str, Listing]:
    return {name.casefold(): listing for listing, (name, _) in TAXONOMIES.items()}


def _same_as(one: Filed) -> tuple[Listing, str] | None:
    term = _terms_by_slug().get(_slug(one))
    return (Listing.NEEDS, term) if term else None


def _populations_of_slug(one: Filed) -> list[str]:
    return _by_slug().get(_slug(one), [])


def _slug(one: Filed) -> str:
    """Return an Open Eligibility slug: of that taxonomy, or so long that nothing else is meant."""
    slug = one.code.strip().lower().replace(" ", "_").replace("-", "_")
    plain = "".join(sign for sign in one.taxonomy.lower() if sign.isalpha())
    return slug if "openeligibility" in plain or ":" in slug else ""


@cache
def _terms_by_slug() -> dict[str, str]:
    """Return the first of our terms for each slug: where several are one of theirs, it is the widest."""
    found: dict[str, str] = {}
    for term in terms().values():
        if term.open_eligibility:
            found.setdefault(term.open_eligibility.replace("-", "_"), term.id)
    return found


@cache
def _by_slug() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for population in populations().values():
        if population.open_eligibility:
            found.setdefault(population.open_eligibility.replace("-", "_"), []).append(population.id)
    return found


def language_code(code: str, name: str) -> str:
    """Return our code of a language that is given by code or by name; the given code when we have none."""
    plain = code.strip().lower()
    short = CODES_OF_THREE_LETTERS.get(plain, plain.split("-")[0] if plain[2:3] == "-" else plain)
    if short in languages():
        return short
    return plain or _languages_by_name().get(name.strip().casefold(), "")


@cache
def _languages_by_name() -> dict[str, str]:
    return {
        name.casefold(): spoken.code
        for spoken in languages().values()
        for name in (spoken.en, spoken.es, spoken.own)
    }
