"""Where an export lands: a file, a zip or a folder, there as a whole or not at all."""

import io
import shutil
import tempfile
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


class TargetRefused(Exception):
    """The target cannot be written to; ``say`` tells why and what to do."""

    def __init__(self, say: str) -> None:
        self.say = say
        super().__init__(say)


class Landing(ABC):
    """Takes files by name, one after the other."""

    @abstractmethod
    def file(self, name: str) -> TextIO: ...


class _Folder(Landing):
    def __init__(self, path: Path) -> None:
        self.path = path

    def file(self, name: str) -> TextIO:
        return (self.path / name).open("w", encoding="utf-8", newline="")


class _Zip(Landing):
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive

    def file(self, name: str) -> TextIO:
        stream = self.archive.open(name, "w", force_zip64=True)
        return io.TextIOWrapper(stream, encoding="utf-8", newline="")


@contextmanager
def landing(target: Path, names: Collection[str]) -> Iterator[Landing]:
    """Open a zip or a folder that takes the place of ``target`` when all is written. Raises TargetRefused."""
    with aside(target) as work:
        if target.suffix.lower() == ".zip":
            packed = work / "packed.zip"
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                yield _Zip(archive)
            packed.replace(target)
            return
        _check_folder(target, names)
        fresh = work / "fresh"
        fresh.mkdir()
        yield _Folder(fresh)
        if target.exists():
            target.rename(work / "old")
        fresh.rename(target)


@contextmanager
def single_file(target: Path) -> Iterator[TextIO]:
    """Open one file that takes the place of ``target`` when all is written. Raises TargetRefused."""
    with aside(target) as work:
        fresh = work / "fresh"
        with fresh.open("w", encoding="utf-8") as file:
            yield file
        fresh.replace(target)


@contextmanager
def aside(target: Path) -> Iterator[Path]:
    """Make a folder to work in beside the target, on the same disk; it goes away in every case."""
    if not target.parent.is_dir():
        raise TargetRefused(f"There is no folder {target.parent}: make it first.")
    if target.suffix and target.is_dir():
        raise TargetRefused(f"{target} is a folder: name a file.")
    try:
        work = Path(tempfile.mkdtemp(prefix=".entero-export-", dir=target.parent))
    except OSError as error:
        raise TargetRefused(f"Nothing can be written in {target.parent}: {error.strerror}.") from error
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _check_folder(target: Path, names: Collection[str]) -> None:
    """Only a folder that holds nothing but an earlier export is replaced."""
    if target.exists() and not target.is_dir():
        raise TargetRefused(f"{target} is a file: name a folder, or a file that ends in .zip.")
    foreign = (
        sorted(path.name for path in target.iterdir() if path.name not in names) if target.exists() else []
    )
    if foreign:
        raise TargetRefused(f"{target} holds other files ({foreign[0]}): name an empty or a new folder.")
