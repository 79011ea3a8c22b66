"""The sources that files come from, and how much each is believed."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.text import slugify

from entero.directory.importing.reading.facilities import Edition, Sector
from entero.directory.importing.reading.problems import Problem, Why
from entero.directory.models import Source, Trust

SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
SAMHSA_URL = "https://www.samhsa.gov/data/"
SAMHSA_LICENSE = "Public domain; cite SAMHSA; not to be sold without its permission"
NAMES = {
    Sector.MENTAL: ("mental health", "salud mental"),
    Sector.SUBSTANCE: ("drug and alcohol use", "consumo de drogas y alcohol"),
    None: ("treatment", "atención"),
}


@dataclass(frozen=True)
class Origin:
    """What is known of a source before its first import."""

    slug: str
    name: str
    name_es: str = ""
    trust: Trust = Trust.LISTING
    url: str = ""
    license: str = ""
    observed_on: date | None = None


def of_edition(edition: Edition, slug: str = "") -> Origin:
    """Return the origin of a SAMHSA directory.

    The survey behind an edition ran in the year before it: the edition's first day is the latest that
    its facts can speak of.
    """
    en, es = NAMES[edition.sector]
    return Origin(
        slug=checked(slug or edition.slug),
        name=f"SAMHSA, National Directory of {en} facilities {edition.year}",
        name_es=f"SAMHSA, directorio nacional de centros de {es} {edition.year}",
        trust=Trust.SURVEY,
        url=SAMHSA_URL,
        license=SAMHSA_LICENSE,
        observed_on=date(edition.year, 1, 1),
    )


def of_feed(name: str, slug: str = "") -> Origin:
    """Return the origin of an HSDS file, called after it unless a name is given."""
    own = slug or f"hsds-{slugify(name)}"[:60].rstrip("-")
    return Origin(slug=checked(own), name=slug or name[:255])


def checked(slug: str) -> str:
    if not SLUG.fullmatch(slug):
        raise Problem(Why.SOURCE_NAME, slug[:60])
    return slug


def find_or_make(origin: Origin, *, dry_run: bool) -> Source:
    """Return the source; one that is known keeps its name and trust, and takes the newer day."""
    known = Source.objects.filter(slug=origin.slug).first()
    source = known or Source(
        slug=origin.slug,
        name=origin.name,
        name_es=origin.name_es,
        trust=origin.trust,
        url=origin.url,
        license=origin.license,
    )
    newer = origin.observed_on and (source.observed_on is None or source.observed_on < origin.observed_on)
    if newer:
        source.observed_on = origin.observed_on
    if not dry_run and (known is None or newer):
        source.save()
    return source
