"""How one module tells those above it that something happened.

An event is a frozen dataclass in the past tense that carries ids and codes only. Handlers run in the
transaction of the one who emits; with ``later=True`` they become a task row in that transaction and
run in the worker once it is committed.
"""

from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from typing import Any, TypeVar

from django_tasks import task

E = TypeVar("E")
Handler = Callable[[Any], None]

_handlers: dict[type, list[tuple[Handler, bool]]] = {}


def on(event: type[E], *, later: bool = False) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Subscribe a function to an event."""

    def subscribe(handler: Callable[[E], None]) -> Callable[[E], None]:
        _handlers.setdefault(event, []).append((handler, later))
        return handler

    return subscribe


def emit(event: object) -> None:
    """Hand the event to everyone who subscribed to its type."""
    for handler, later in _handlers.get(type(event), []):
        if later:
            run_later.enqueue(
                handler=_path(handler),
                event=_path(type(event)),
                values=asdict(event),  # type: ignore[call-overload]
            )
        else:
            handler(event)


@task()
def run_later(handler: str, event: str, values: dict[str, Any]) -> None:
    """Rebuild the event from its task row and hand it to its handler."""
    _find(handler)(_find(event)(**values))


def _path(thing: Any) -> str:
    return f"{thing.__module__}:{thing.__qualname__}"


def _find(path: str) -> Any:
    module, name = path.split(":")
    return getattr(import_module(module), name)
