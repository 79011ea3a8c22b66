"""Looks a zip file over before anything is read from it."""

import stat
import zipfile
from pathlib import Path, PurePosixPath
from typing import IO

from entero.directory.importing.reading import limits
from entero.directory.importing.reading.problems import Problem, Why
from entero.directory.importing.reading.streams import Bounded, bounded

ARCHIVE_ENDINGS = {".zip", ".gz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".tgz"}


def open_archive(path: Path) -> zipfile.ZipFile:
    """Return the zip file when it is whole, small enough, and stays within itself.

    Nothing is ever unpacked to disk; a member is read as a stream and cannot grow past what the
    directory of the archive declares.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Problem(Why.BREAKS_OFF) from error
    try:
        _look_over(archive)
    except Problem:
        archive.close()
        raise
    return archive


def _look_over(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > limits.MEMBERS:
        raise Problem(Why.UNSAFE_ARCHIVE, f"{len(members)} members")
    names = [member.filename for member in members]
    if len(set(names)) != len(names):
        raise Problem(Why.UNSAFE_ARCHIVE, "two members of one name")
    if sum(member.file_size for member in members) > limits.UNPACKED_BYTES:
        raise Problem(Why.UNPACKS_TOO_FAR)
    for member in members:
        _look_at(member)


def _look_at(member: zipfile.ZipInfo) -> None:
    name = PurePosixPath(member.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or ":" in member.filename:
        raise Problem(Why.UNSAFE_ARCHIVE, "a path that leaves the archive")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise Problem(Why.UNSAFE_ARCHIVE, "a symbolic link")
    if member.flag_bits & 0x1:
        raise Problem(Why.UNSAFE_ARCHIVE, "a locked member")
    if name.suffix.lower() in ARCHIVE_ENDINGS:
        raise Problem(Why.UNSAFE_ARCHIVE, "an archive inside the archive")
    packed = max(member.compress_size, 1)
    if member.file_size > limits.RATIO_FREE_BYTES and member.file_size > packed * limits.UNPACK_RATIO:
        raise Problem(Why.UNPACKS_TOO_FAR)


def open_member(archive: zipfile.ZipFile, name: str, limit: int = limits.UNPACKED_BYTES) -> IO[bytes]:
    """Return a bounded stream over one member. Raises Problem when there is none of this name."""
    try:
        info = archive.getinfo(name)
        return bounded(Bounded(archive.open(info), packed=info.compress_size, limit=limit))
    except KeyError as error:
        raise Problem(Why.MISSING, name[:80]) from error
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise Problem(Why.BROKEN, name[:80]) from error
