"""The demo: real facilities of one county, and invented services that are plainly marked as samples.

Nothing invented is ever said of a real place: facts, room and reports in the demo belong to samples alone.
"""

import tomllib
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from entero.directory import actions, changes
from entero.directory.commands import matching
from entero.directory.importing.run import import_file
from entero.directory.models import (
    Address,
    Attribute,
    ImportRun,
    Language,
    Location,
    Organization,
    Phone,
    Reach,
    RequiredDocument,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    Source,
    TurnedAway,
    Visibility,
)
from entero.directory.places import finder
from entero.directory.vocabulary.terms import languages
from entero.directory.vocabulary_tables import NAMESPACE, listing_of, term_row_id
from entero.kernel.accounts.models import User

FOLDER = files("entero.directory") / "demo_data"
FACILITIES = ("samhsa-2022-sa", "samhsa-2022-mh")
SIGN_INS = (("staff", "demo-only-never-secret", "works at the desk: entries, reports, imports"),)
"""Name, password and role of each account of the demo."""


def load() -> str:
    """Load what is missing and say what there is; a second run changes nothing."""
    by = _staff()
    for source in FACILITIES:
        _import_facilities(source, by)
    with transaction.atomic():
        if not Organization.objects.filter(is_sample=True).exists():
            _add_samples(by)
    samples = Service.objects.filter(is_sample=True).count()
    return f"{Service.objects.count() - samples} facilities of San Diego County, {samples} sample services"


def _staff() -> User:
    for name, password, _ in SIGN_INS:
        if not User.objects.filter(username=name).exists():
            User.objects.create_superuser(name, password)
    return User.objects.get(username=SIGN_INS[0][0])


def _import_facilities(source: str, by: User) -> None:
    if Source.objects.filter(slug=source, records__isnull=False).exists():
        return
    with _data_file(f"{source}.csv") as path:
        run = import_file(path, source=source, by=by)
    if run.state != ImportRun.State.DONE:
        raise RuntimeError(f"The demo's own file was refused: {run.error}")


@contextmanager
def _data_file(name: str) -> Iterator[Path]:
    with as_file(FOLDER / name) as path:
        yield path


@cache
def samples() -> dict[str, Any]:
    """Return what the file of invented services holds."""
    return tomllib.loads((FOLDER / "samples.toml").read_text(encoding="utf-8"))


def sample_id(name: str) -> UUID:
    """Return the id of a sample service; the same in every demo."""
    return uuid5(NAMESPACE, f"sample/{name}")


def _add_samples(by: User) -> None:
    today = timezone.localdate()
    sources = _add_sources()
    for row in samples()["service"]:
        service = _add_service(row, today)
        for population, answer, source, days, note in row["facts"]:
            actions.record_fact(
                service,
                population=population,
                answer=answer,
                source=sources[source],
                observed_on=today - timedelta(days=days),
                by=by if source == "sample-call" else None,
                note=note,
            )
        _add_room(row, service, by)
    for name, reason, population, days in samples()["reports"]["waiting"]:
        report = actions.report_turned_away(sample_id(name), reason=reason, population=population)
        TurnedAway.objects.filter(pk=report.pk).update(reported_on=today - timedelta(days=days))
    changes.everything_changed()


def _add_sources() -> dict[str, Source]:
    rows = samples()["source"]
    return {row["slug"]: Source.objects.get_or_create(slug=row["slug"], defaults=row)[0] for row in rows}


def _add_service(row: dict[str, Any], today: date) -> Service:
    organization = Organization.objects.create(
        id=sample_id(f"{row['id']}/organization"),
        name=row["organization"],
        description=f"{row['en']} {row['es']}",
        is_sample=True,
    )
    service: Service = Service.objects.create(
        id=sample_id(row["id"]),
        organization=organization,
        name=row["name"],
        description=row["en"],
        description_es=row["es"],
        minimum_age=row.get("minimum_age"),
        maximum_age=row.get("maximum_age"),
        fees_description=row.get("fees", ""),
        cost=row["cost"],
        reach=row.get("reach", Reach.PLACE),
        assured_date=today - timedelta(days=row["checked"]),
        last_modified=timezone.now(),
        is_sample=True,
    )
    _add_place(row, service)
    _add_parts(row, service)
    return service


def _add_place(row: dict[str, Any], service: Service) -> None:
    place = finder.of_zip(row["zip"])
    assert place is not None  # noqa: S101 - our own file
    location = Location.objects.create(
        id=sample_id(f"{row['id']}/location"),
        organization=service.organization,
        name=service.name,
        latitude=place.lat,
        longitude=place.lon,
        time_zone=place.time_zone,
    )
    hidden = {"address_1": Visibility.STAFF, "postal_code": Visibility.STAFF}
    Address.objects.create(
        id=sample_id(f"{row['id']}/address"),
        location=location,
        address_1=row["street"],
        city=row["city"],
        state_province=place.state,
        postal_code=row["zip"],
        hidden_fields=hidden if row.get("hidden_address") else {},
    )
    ServiceAtLocation.objects.create(id=sample_id(f"{row['id']}/at"), service=service, location=location)
    if service.reach == Reach.STATE:
        ServiceArea.objects.create(
            id=sample_id(f"{row['id']}/area"), service=service, state=place.state, name="California"
        )


def _add_parts(row: dict[str, Any], service: Service) -> None:
    def part(name: str) -> UUID:
        return sample_id(f"{row['id']}/{name}")

    Phone.objects.create(id=part("phone"), service=service, number=row["phone"], type="voice")
    Attribute.objects.bulk_create(
        Attribute(
            id=part(term),
            link_id=service.id,
            link_entity="service",
            taxonomy_term_id=term_row_id(listing_of(term), term),
        )
        for term in row["terms"]
    )
    Language.objects.bulk_create(
        Language(id=part(f"language/{code}"), service=service, code=code, name=languages()[code].en)
        for code in row["languages"]
    )
    Schedule.objects.bulk_create(
        Schedule(
            id=part(f"hours/{days}"),
            service=service,
            freq="WEEKLY",
            byday=days,
            opens_at=time.fromisoformat(opens),
            closes_at=time.fromisoformat(closes),
        )
        for days, opens, closes in row["hours"]
    )
    RequiredDocument.objects.bulk_create(
        RequiredDocument(id=part(f"document/{text}"), service=service, document=text)
        for text in row.get("documents", [])
    )


def _add_room(row: dict[str, Any], service: Service, by: User) -> None:
    if "beds" in row:
        available, maximum, waiting_list = row["beds"]
        actions.set_capacity(service, available=available, maximum=maximum, waiting_list=waiting_list, by=by)


def show_one_match() -> None:
    """Print what is found for a boy of 15 who speaks Spanish and needs help with trauma and drugs."""
    wanted = "--age 15 --gender boy --near 92101 --needs trauma,substance_use --language es --limit 2"
    print(f"$ entero match {wanted}\n")
    matching.match(
        Namespace(
            age=15,
            gender="boy",
            near="92101",
            needs="trauma,substance_use",
            language="es",
            limit=2,
            interface="en",
            **dict.fromkeys(("identity", "circumstances", "words"), ""),
            **dict.fromkeys(("free", "remote", "open_now", "json"), False),
        )
    )
