"""Makes of one SAMHSA facility an organization, a service, its place, and what its codes say."""

import re
from datetime import date
from functools import cache, partial
from uuid import UUID

from entero.directory.importing.entries import Content, Entry, Row, digest_of_text, name_based, part_of
from entero.directory.importing.reading.facilities import Facility
from entero.directory.places.finder import of_zip
from entero.directory.vocabulary.samhsa import Reading, read_codes, split_codes
from entero.directory.vocabulary.terms import languages
from entero.directory.vocabulary_tables import Listing, listing_of, term_row_id

PARTS = frozenset({"phone", "language", "cost_option", "attribute", "service_at_location"})
BROAD_CODES = frozenset(
    "SA DT HH MH SUMH HI OP PHDT RES HID HIT OD ODT OIT OMB ORT RD RL RS "
    "CMHC CBHC MSMH OMH ORES PH PSY RTCA RTCC IPSY SHP VAHC".split()
)
"""Type of care, setting and kind of facility are kept as attributes under SAMHSA's own codes.
All the others stay in the source record, where they are counted: a facility has 65 codes on average."""

COSTS = ((1, "Free of charge"), (2, "Sliding fee scale or payment assistance"), (4, "Takes insurance"))
PHONE = re.compile(r"(\d{3}-\d{3}-\d{4})(?: ?x ?(\d{1,9}))?")


class Facilities:
    """Turns facilities into entries; two of the same name and address are told apart by their order."""

    def __init__(self, observed_on: date) -> None:
        self.observed_on = observed_on
        self._times: dict[tuple[str, ...], int] = {}

    def entry(self, facility: Facility) -> Entry:
        """Return the entry of a facility. Its ids depend on its names, address and sector alone."""
        service_id = name_based("facility", *self._identity(facility))
        return Entry(
            key=f"{facility.sector}:{service_id}",
            line=facility.line,
            digest=_digest(facility),
            make=partial(_content, facility, service_id, self.observed_on),
            service_id=service_id,
            codes=" " + " ".join(sorted(split_codes(facility.codes))) + " ",
            state=facility.state,
            observed_on=self.observed_on,
        )

    def _identity(self, facility: Facility) -> tuple[str, ...]:
        names = facility.name, facility.branch
        identity = (facility.sector.value, *(name.casefold() for name in names), *_address(facility))
        times = self._times[identity] = self._times.get(identity, 0) + 1
        return identity if times == 1 else (*identity, str(times))


def _digest(facility: Facility) -> str:
    said = [str(getattr(facility, name)) for name in Facility.__slots__ if name != "line"]
    return digest_of_text("|".join(said))


def _content(facility: Facility, service_id: UUID, observed_on: date) -> Content:
    organization_id = name_based("organization", facility.name.casefold(), facility.state)
    location_id = name_based("location", organization_id, *_address(facility))
    reading = read_codes(split_codes(facility.codes))
    service = {
        "organization_id": organization_id,
        "name": facility.branch or facility.name,
        "status": "active",
        "assured_date": observed_on,
        "cost": reading.cost,
    }
    rows = [
        Row("organization", organization_id, {"name": facility.name}),
        *_place(facility, location_id, organization_id),
        Row("service", service_id, service),
        _at(service_id, location_id),
        *_phones(facility, service_id),
        *_languages(reading, service_id),
        *_costs(reading, service_id),
        *_attributes(facility.codes, reading, service_id),
    ]
    facts = dict.fromkeys(reading.accepted, "yes") | dict.fromkeys(reading.refused, "no")
    return Content(rows, facts, PARTS)


def _address(facility: Facility) -> tuple[str, ...]:
    parts = facility.street, facility.street_more, facility.city, facility.state, facility.zip_code
    return tuple(part.casefold() for part in parts)


def _place(facility: Facility, location_id: UUID, organization_id: UUID) -> list[Row]:
    center = of_zip(facility.zip_code)
    latitude, longitude = facility.latitude, facility.longitude
    if latitude is None and center is not None:
        latitude, longitude = center.lat, center.lon
    location = {
        "organization_id": organization_id,
        "latitude": latitude,
        "longitude": longitude,
        "time_zone": center.time_zone if center else "",
    }
    address = {
        "location_id": location_id,
        "address_1": facility.street,
        "address_2": facility.street_more,
        "city": facility.city,
        "state_province": facility.state,
        "postal_code": facility.zip_code,
    }
    address_id = part_of(location_id, "address")
    return [Row("location", location_id, location), Row("address", address_id, address)]


def _at(service_id: UUID, location_id: UUID) -> Row:
    return Row(
        "service_at_location",
        part_of(service_id, "at", location_id),
        {"service_id": service_id, "location_id": location_id},
    )


def _phones(facility: Facility, service_id: UUID) -> list[Row]:
    numbers = [(facility.phone, ""), *((number, "Intake") for number in facility.intake)]
    rows: dict[tuple[str, int | None], Row] = {}
    for position, (text, description) in enumerate(numbers):
        number, extension = _number(text)
        if not number or (number, extension) in rows:
            continue
        values = {
            "service_id": service_id,
            "number": number,
            "extension": extension,
            "type": "voice",
            "description": description,
            "position": position,
        }
        phone_id = part_of(service_id, "phone", number, extension)
        rows[number, extension] = Row("phone", phone_id, values)
    return list(rows.values())


def _number(text: str) -> tuple[str, int | None]:
    found = PHONE.fullmatch(text)
    if found is None:
        return text[:50], None
    return found[1], int(found[2]) if found[2] else None


def _languages(reading: Reading, service_id: UUID) -> list[Row]:
    return [
        Row(
            "language",
            part_of(service_id, "language", code),
            {"service_id": service_id, "code": code, "name": languages()[code].en},
        )
        for code in reading.languages
    ]


def _costs(reading: Reading, service_id: UUID) -> list[Row]:
    return [
        Row(
            "cost_option",
            part_of(service_id, "cost", bit),
            {"service_id": service_id, "option": option},
        )
        for bit, option in COSTS
        if reading.cost & bit
    ]


def _attributes(codes: str, reading: Reading, service_id: UUID) -> list[Row]:
    return [
        attribute(service_id, term_id)
        for term_id in (
            *(term_row(term) for term in reading.terms),
            *(term_row_id(Listing.SAMHSA, code) for code in sorted(split_codes(codes) & BROAD_CODES)),
        )
    ]


@cache
def term_row(term: str) -> UUID:
    """Return the id of the row of a need or a setting."""
    return term_row_id(listing_of(term), term)


def attribute(service_id: UUID, term_id: UUID) -> Row:
    """File a service under one of our terms."""
    return Row(
        "attribute",
        part_of(service_id, "attribute", term_id),
        {
            "link_id": service_id,
            "link_entity": "service",
            "link_type": "taxonomy_term",
            "taxonomy_term_id": term_id,
        },
    )
