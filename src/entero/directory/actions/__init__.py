"""The verbs of the directory: each is one transaction, leaves a trace, and tells who listens.

All raise a ``Refused`` when they cannot be done; then nothing has changed.
"""

from entero.directory.actions.editing import PhoneRow, PlaceRow, edit_service
from entero.directory.actions.facts import checked_by_us, record_fact, source_named
from entero.directory.actions.imports import carry_out, plan_import, try_file
from entero.directory.actions.refused import (
    AlreadyReviewed,
    ChangedMeanwhile,
    DateAhead,
    FileGone,
    NotOpen,
    PopulationNeeded,
    Refused,
    TooMuchRoom,
    UnknownCode,
    UnknownField,
    UnknownService,
)
from entero.directory.actions.reports import report_turned_away, review_report
from entero.directory.actions.services import (
    close_service,
    reopen_service,
    set_capacity,
    verify_service,
)
from entero.directory.actions.visibility import set_visibility

__all__ = [
    "AlreadyReviewed",
    "ChangedMeanwhile",
    "DateAhead",
    "FileGone",
    "NotOpen",
    "PhoneRow",
    "PlaceRow",
    "PopulationNeeded",
    "Refused",
    "TooMuchRoom",
    "UnknownCode",
    "UnknownField",
    "UnknownService",
    "carry_out",
    "checked_by_us",
    "close_service",
    "edit_service",
    "plan_import",
    "record_fact",
    "reopen_service",
    "report_turned_away",
    "review_report",
    "set_capacity",
    "set_visibility",
    "source_named",
    "try_file",
    "verify_service",
]
