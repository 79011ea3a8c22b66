"""Events reach those who subscribed: at once, or from the same transaction's outbox."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core.management import call_command
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from entero.kernel import events


@dataclass(frozen=True)
class LampLit:
    """Somebody lit a lamp."""

    room: int


seen: list[tuple[str, int]] = []


def note_at_once(event: LampLit) -> None:
    seen.append(("at once", event.room))


def note_later(event: LampLit) -> None:
    seen.append(("later", event.room))


@pytest.fixture(autouse=True)
def _subscribed() -> Iterator[None]:
    seen.clear()
    events.on(LampLit)(note_at_once)
    events.on(LampLit, later=True)(note_later)
    yield
    events._handlers.pop(LampLit)


def test_handler_runs_at_once_and_the_other_in_the_worker(transactional_db: None) -> None:
    events.emit(LampLit(room=7))
    assert seen == [("at once", 7)]
    call_command("db_worker", batch=True, interval=0, verbosity=0)
    assert seen == [("at once", 7), ("later", 7)]


def test_nothing_is_put_off_when_the_transaction_fails(transactional_db: None) -> None:
    with pytest.raises(ValueError, match="the roof fell"), transaction.atomic():
        events.emit(LampLit(room=7))
        raise ValueError("the roof fell")
    assert DBTaskResult.objects.count() == 0
