"""Imports one file: all of it in one transaction, or nothing."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DatabaseError, transaction
from django.utils import timezone

from entero.directory import vocabulary_tables
from entero.directory.changes import everything_changed
from entero.directory.importing import words
from entero.directory.importing.jobs import Job, job_for
from entero.directory.importing.reading.files import Format, look
from entero.directory.importing.reading.problems import Notes, Problem, Why
from entero.directory.importing.sources import find_or_make
from entero.directory.importing.upsert import many_pages_in_memory
from entero.directory.importing.writer import Summary, Writer
from entero.directory.models import ImportRun
from entero.kernel.accounts.models import User

__all__ = ["Format", "import_file"]

Progress = Callable[[int, int], None]


def import_file(
    path: Path,
    *,
    source: str = "",
    format: Format | None = None,  # noqa: A002
    dry_run: bool = False,
    by: User | None = None,
    progress: Progress | None = None,
) -> ImportRun:
    """Import a file and return what came of it; a file that cannot be taken changes nothing.

    ``source`` names where it comes from; without it the content (SAMHSA) or the file's name (HSDS)
    does. ``format`` is told from the content when None. ``progress`` hears how much is done of how much
    (0 when nobody knows). The run itself is kept in every case, also of a dry run.
    """
    run = ImportRun(file_name=path.name[:255], by=by, started_at=timezone.now())
    notes = Notes()
    try:
        with _rare_collections(), many_pages_in_memory():
            summary = _take(path, source, format, dry_run, run, notes, progress)
    except Problem as found:
        _refuse(run, words.problem(found))
    except DatabaseError:
        _refuse(run, words.problem(Problem(Why.DATABASE)))
    except OSError:
        _refuse(run, words.problem(Problem(Why.BROKEN)))
    else:
        run.state = ImportRun.State.DRY if dry_run else ImportRun.State.DONE
        run.new, run.changed, run.same, run.gone = summary.new, summary.changed, summary.same, summary.gone
    run.refused = [words.refusal(refusal) for refusal in notes.refused]
    run.repaired = dict(notes.repaired)
    run.finished_at = timezone.now()
    run.save()
    return run


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for cyclic garbage rarely: an import makes millions of short-lived objects without any.

    A quarter of the time of an import goes into that search otherwise.
    """
    usual = gc.get_threshold()
    gc.set_threshold(200_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _refuse(run: ImportRun, error: str) -> None:
    run.state = ImportRun.State.REFUSED
    run.error = error
    run.source = None  # it may have been made in the transaction that is undone


def _take(
    path: Path,
    slug: str,
    wanted: Format | None,
    dry_run: bool,
    run: ImportRun,
    notes: Notes,
    progress: Progress | None,
) -> Summary:
    with transaction.atomic():
        job = job_for(look(path, wanted), slug, notes)
        source = find_or_make(job.origin, dry_run=dry_run)
        if not dry_run:
            vocabulary_tables.load()
        writer = Writer(source, dry_run=dry_run)
        _write_all(job, writer, notes, progress)
        if writer.has_written:
            everything_changed()
        if source.pk:
            run.source = source
    return writer.summary


def _write_all(job: Job, writer: Writer, notes: Notes, progress: Progress | None) -> None:
    for entry in writer.write(job.entries()):
        if progress:
            progress(entry.line, job.total)
    if not writer.summary.taken:
        raise Problem(Why.NOTHING_USABLE, _first_reason(notes))
    job.finish(dry_run=writer.dry_run)
    writer.mention(job.mentioned)
    writer.finish(whole=job.whole)


def _first_reason(notes: Notes) -> str:
    return str(words.REASONS[notes.refused[0].why]) if notes.refused else ""
