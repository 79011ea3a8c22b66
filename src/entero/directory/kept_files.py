"""Uploaded files between dry run and import: in the data folder, under random names, not for long."""

import secrets
import shutil
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import get_valid_filename

MAX_BYTES = 60 * 1024 * 1024
KEPT_SECONDS = 24 * 60 * 60
NAME_LENGTH = 60


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def keep(upload: UploadedFile[Any]) -> Path:
    """Write an upload into a folder of its own and return the file; drop what was left lying about."""
    drop_old()
    own = folder() / f"new-{secrets.token_hex(16)}-"
    own.mkdir(parents=True, mode=0o700)
    path = own / safe_name(upload.name or "")
    with path.open("wb") as target:
        path.chmod(0o600)
        for chunk in upload.chunks():
            target.write(chunk)
    return path


def safe_name(name: str) -> str:
    """Return the last part of a name without anything that means something to a file system."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return get_valid_filename(f"f{last}")[1:][-NAME_LENGTH:].lstrip(".") or "file"


def attach(path: Path, run_id: int, *, source: str = "") -> Path:
    """Mark a kept file as the one that a run looked at, and remember the source that was named."""
    own = path.parent.rename(folder() / f"{run_id}-{secrets.token_hex(16)}-{source}")
    return own / path.name


def is_kept(run_id: int) -> bool:
    return any(folder().glob(f"{run_id}-*"))


def size(run_id: int) -> int:
    """Return the bytes of a run's file, 0 when there is none."""
    return sum(path.stat().st_size for path in folder().glob(f"{run_id}-*/*"))


def take(run_id: int) -> Path | None:
    """Return the file of a run, once: whoever comes second gets None."""
    for own in folder().glob(f"{run_id}-*"):
        try:
            mine = own.rename(folder() / f"taken-{secrets.token_hex(16)}-{_source(own)}")
        except FileNotFoundError:
            return None
        return next(iter(mine.iterdir()), None)
    return None


def source_of(path: Path) -> str:
    """Return the source that was named for a kept file; empty when none was."""
    return _source(path.parent)


def _source(own: Path) -> str:
    return own.name.split("-", 2)[2]


def drop(path: Path) -> None:
    """Remove a kept file and its folder."""
    if path.parent.parent == folder():
        shutil.rmtree(path.parent, ignore_errors=True)


def drop_old() -> None:
    """Remove what has been kept for longer than a day."""
    for own in folder().glob("*-*"):
        try:
            is_old = time.time() - own.stat().st_mtime > KEPT_SECONDS
        except FileNotFoundError:
            continue
        if is_old:
            shutil.rmtree(own, ignore_errors=True)
