"""Byte streams with an end: what unpacks without limit, or breaks off, is a Problem."""

import gzip
import io
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any

from entero.directory.importing.reading import limits
from entero.directory.importing.reading.problems import Problem, Why

GZIP = b"\x1f\x8b"


class Bounded(io.RawIOBase):
    """Passes bytes on and counts them. ``packed`` is the size before unpacking, 0 for plain bytes."""

    def __init__(
        self, raw: IO[bytes] | gzip.GzipFile, *, packed: int = 0, limit: int = limits.UNPACKED_BYTES
    ) -> None:
        super().__init__()
        self.raw, self.packed, self.limit, self.count = raw, packed, limit, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self.raw.read(len(buffer))
        except (EOFError, zipfile.BadZipFile, gzip.BadGzipFile, zlib.error) as error:
            raise Problem(Why.BREAKS_OFF) from error
        self.count += len(data)
        if self.count > self.limit or self._grew():
            raise Problem(Why.UNPACKS_TOO_FAR)
        buffer[: len(data)] = data
        return len(data)

    def _grew(self) -> bool:
        free = self.packed == 0 or self.count <= limits.RATIO_FREE_BYTES
        return not free and self.count > self.packed * limits.UNPACK_RATIO

    def close(self) -> None:
        if not self.closed:
            self.raw.close()
        super().close()


def bounded(raw: Bounded) -> IO[bytes]:
    return io.BufferedReader(raw, 64 * 1024)


def open_bytes(path: Path) -> IO[bytes]:
    """Return the bytes of a file, unpacked when it is gzip."""
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    if not packed:
        return bounded(Bounded(path.open("rb")))
    stream = bounded(Bounded(_Gzip(path), packed=path.stat().st_size))
    if stream.peek(4)[:4].startswith((GZIP, b"PK\x03\x04")):  # type: ignore[attr-defined]
        stream.close()
        raise Problem(Why.UNSAFE_ARCHIVE, "an archive inside the archive")
    return stream


class _Gzip(gzip.GzipFile):
    """GzipFile that closes the file it opened, whatever happened while reading."""

    def __init__(self, path: Path) -> None:
        self._own = path.open("rb")
        super().__init__(fileobj=self._own, mode="rb")

    def close(self) -> None:
        super().close()
        self._own.close()
