"""Notes what changed in the directory, in the same transaction, so that every index hears of it."""

from uuid import UUID

from django.db import connection, transaction

from entero.directory.models import DirectoryChange

_heard = 0
"""Counts what this process itself has written: its own changes are looked for at once."""


def service_changed(*service_ids: UUID) -> None:
    """Note that these services, or rows that belong to them, were added, changed, hidden or deleted."""
    if service_ids:
        _write([DirectoryChange(service_id=service_id) for service_id in dict.fromkeys(service_ids)])


def everything_changed() -> None:
    """Note that any service may have changed: the index is built anew."""
    _write([DirectoryChange(service_id=None)])


def heard() -> int:
    """Return a number that differs whenever this process has written a change."""
    return _heard


def _write(rows: list[DirectoryChange]) -> None:
    DirectoryChange.objects.bulk_create(rows)
    _hear()
    if connection.in_atomic_block:
        transaction.on_commit(_hear)


def _hear() -> None:
    global _heard  # noqa: PLW0603
    _heard += 1
