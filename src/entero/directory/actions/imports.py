"""Importing a file that somebody at the desk sent: looked at first, then taken."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entero.directory import kept_files
from entero.directory.actions.refused import FileGone
from entero.directory.importing.run import import_file
from entero.directory.models import ImportRun
from entero.kernel.accounts.models import User

GONE = _("The file is not here any more: it was imported already, or kept for more than a day.")
RESULTS = (
    "source",
    "state",
    "finished_at",
    "new",
    "changed",
    "same",
    "gone",
    "refused",
    "repaired",
    "error",
)


def try_file(upload: UploadedFile[Any], *, by: User, source: str = "") -> ImportRun:
    """Look at an uploaded file without changing anything, and keep it for a day in case it is wanted."""
    path = kept_files.keep(upload)
    run = import_file(path, source=source, dry_run=True, by=by)
    if run.state == ImportRun.State.DRY:
        kept_files.attach(path, run.pk, source=source)
    else:
        kept_files.drop(path)
    return run


def plan_import(dry: ImportRun, *, by: User) -> ImportRun:
    """Take the file of a dry run, once, and return the run that waits to import it. Raises FileGone."""
    path = kept_files.take(dry.pk)
    if path is None:
        raise FileGone
    with transaction.atomic():
        waiting = ImportRun.objects.create(
            source=dry.source,
            file_name=dry.file_name,
            state=ImportRun.State.WAITING,
            started_at=timezone.now(),
            by=by,
        )
        kept_files.attach(path, waiting.pk, source=kept_files.source_of(path))
    return waiting


def carry_out(waiting: ImportRun) -> None:
    """Import the file of a waiting run, write the result into the run, and remove the file."""
    path = kept_files.take(waiting.pk)
    if path is None:
        _give_up(waiting)
        return
    try:
        _write_down(import_file(path, source=kept_files.source_of(path), by=waiting.by), waiting)
    finally:
        kept_files.drop(path)


def _give_up(waiting: ImportRun) -> None:
    """Say of a run that still waits that its file was dropped; one that is done stays as it is."""
    ImportRun.objects.filter(pk=waiting.pk, state=ImportRun.State.WAITING).update(
        state=ImportRun.State.REFUSED, finished_at=timezone.now(), error=str(GONE)
    )


@transaction.atomic
def _write_down(done: ImportRun, waiting: ImportRun) -> None:
    for name in RESULTS:
        setattr(waiting, name, getattr(done, name))
    waiting.save(update_fields=[*RESULTS])
    done.delete()
