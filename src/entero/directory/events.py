"""What the directory announces: ids and codes, never names or free text."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FactRecorded:
    """Somebody wrote down whether a service takes a population."""

    service_id: str
    population: str
    answer: str


@dataclass(frozen=True)
class TurnedAwayReported:
    """Somebody, we do not know who, was sent away."""

    report_id: int
    service_id: str
    reason: str


@dataclass(frozen=True)
class ReportReviewed:
    """Our staff looked into such a report."""

    report_id: int
    service_id: str
    reason: str
    confirmed: bool


@dataclass(frozen=True)
class ServiceEdited:
    """Fields of a service, or of what belongs to it, were changed."""

    service_id: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class VisibilityChanged:
    """Who may see a service, or something of it, was changed."""

    service_id: str


@dataclass(frozen=True)
class ServiceVerified:
    """Our staff asked the service itself and found its entry right."""

    service_id: str


@dataclass(frozen=True)
class CapacitySet:
    """How much room a service has was written down."""

    service_id: str
    population: str
    available: int


@dataclass(frozen=True)
class ServiceClosed:
    """A service takes nobody, for now or for good."""

    service_id: str
    for_good: bool


@dataclass(frozen=True)
class ServiceReopened:
    """A service that was closed takes people again."""

    service_id: str
