"""``entero directory import``: a file in, a summary out."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from entero.directory.importing import words
from entero.directory.importing.run import Format
from entero.directory.importing.run import import_file as take
from entero.directory.models import ImportRun

LINES_SHOWN = 20


def import_file(options: argparse.Namespace) -> int:
    """Import one file and say what came of it; 1 when it was refused."""
    progress = _Bar(quiet=options.json or not sys.stderr.isatty())
    run = take(
        Path(options.file),
        source=options.source or "",
        format=Format(options.format) if options.format else None,
        dry_run=options.dry_run,
        progress=progress,
    )
    progress.close()
    say: Callable[[ImportRun], None] = _say_json if options.json else _say
    say(run)
    return 1 if run.state == ImportRun.State.REFUSED else 0


class _Bar:
    """A progress bar, on a terminal only."""

    def __init__(self, *, quiet: bool) -> None:
        from tqdm import tqdm

        self._bar = tqdm(unit=" rows", disable=quiet, leave=False)

    def __call__(self, done: int, total: int) -> None:
        self._bar.total = total or None
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        self._bar.close()


def _say_json(run: ImportRun) -> None:
    told: dict[str, Any] = {
        "file": run.file_name,
        "source": run.source.slug if run.source else None,
        "state": run.state,
        "new": run.new,
        "changed": run.changed,
        "same": run.same,
        "gone": run.gone,
        "refused": [{"line": line, "reason": reason} for line, reason in run.refused],
        "repaired": run.repaired,
        "error": run.error,
    }
    print(json.dumps(told, ensure_ascii=False, indent=2))


def _say(run: ImportRun) -> None:
    if run.state == ImportRun.State.REFUSED:
        print(f"{run.file_name}: refused, nothing changed.", file=sys.stderr)
        print(run.error, file=sys.stderr)
    else:
        tried = " (dry run: nothing changed)" if run.state == ImportRun.State.DRY else ""
        source = f" from {run.source.slug}" if run.source else ""
        counts = f"{run.new} new, {run.changed} changed, {run.same} same, {run.gone} gone"
        print(f"{run.file_name}{source}: {counts}, {len(run.refused)} refused{tried}.")
    for sentence in words.repairs(run.repaired):
        print(f"  mended: {sentence}")
    for line, reason in run.refused[:LINES_SHOWN]:
        print(f"  refused, line {line}: {reason}")
    if len(run.refused) > LINES_SHOWN:
        print(f"  and {len(run.refused) - LINES_SHOWN} more refused rows; --json lists them.")
