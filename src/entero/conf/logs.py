"""Logs with an allow-list of keys: what is not listed here is never written.

Request paths carry nothing about a person by design, and are still not logged: an error says which
view it happened in, and a random id that the visitor can read out from the error page.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED_KEYS = frozenset(
    {"event", "level", "timestamp", "logger", "request_id", "view", "status", "milliseconds"}
    | {"task", "rows", "source", "seconds", "error", "where"}
)


def keep_allowed(_: object, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not on the list, exception texts included: they quote values."""
    exception = entry.pop("exc_info", None)
    if exception:
        kind = sys.exc_info()[0] if exception is True else exception[0]
        entry["error"] = getattr(kind, "__name__", "Exception")
        entry["where"] = _where(sys.exc_info()[2] if exception is True else exception[2])
    return {key: value for key, value in entry.items() if key in ALLOWED_KEYS}


def _where(traceback: Any) -> str:
    """Return module and line of the innermost frame; never its values."""
    if traceback is None:
        return ""
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    return f"{traceback.tb_frame.f_globals.get('__name__', '?')}:{traceback.tb_lineno}"


def _message_without_values(_: object, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Standard-library records are kept as their template: its arguments may name anything."""
    record = entry.pop("_record", None)
    entry.pop("_from_structlog", None)
    if record is not None:
        entry["event"] = str(record.msg)[:200] if isinstance(record.msg, str) else "message"
        if record.exc_info:
            entry["exc_info"] = record.exc_info
    return entry


def configure(level: str) -> None:
    """Set up structlog, and send the standard library's loggers through the same gate."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[
                _foreign_only(_message_without_values),
                keep_allowed,
                structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("django.server").setLevel("ERROR")


def _foreign_only(processor: Any) -> Any:
    def run(logger: object, name: str, entry: MutableMapping[str, Any]) -> Any:
        if entry.get("_from_structlog"):
            entry.pop("_record", None)
            entry.pop("_from_structlog", None)
            return entry
        return processor(logger, name, entry)

    return run
