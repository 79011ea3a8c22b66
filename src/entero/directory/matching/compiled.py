"""Compiled kernels, kept between processes as one file of machine code.

The first process compiles with numba (some seconds) and keeps what came out. All others load the file with
``llvmlite`` alone, in a few milliseconds and without the memory that numba takes.
"""

import ctypes
import hashlib
import os
import secrets
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from tempfile import gettempdir

Search = Callable[[int, int], int]
"""Takes the addresses of a table (see ``kernels.entry``) and of a room, and returns how many it found."""

ALSO_COMPILED = ("geo.py", "points.py", "query.py", "columns.py", "index.py")
OTHERS_MAY_WRITE = 0o022
_owners: list[object] = []
"""What has to live as long as the code that is called."""


def load() -> Search:
    """Return the search, compiled when there is no file of it yet that can be trusted."""
    folder = cache_folder()
    path = Path(folder, f"search-{_processor()}") if folder else None
    kept = _read(path) if path is not None else None
    if kept is not None:
        try:
            return _link(*kept)
        except RuntimeError:  # what LLVM says of code that it cannot load
            pass
    entry = import_module("entero.directory.matching.kernels.entry")
    search = entry.compile_search()
    code = entry.machine_code(search)
    if path is not None and code is not None:
        _write(path, *code)
    return _callable(search.address, search)


def cache_folder() -> str:
    """Return where compiled code is kept, or "" when no folder can be trusted or written.

    The name holds a hash of the source, so code of another version is never run.
    """
    here = Path(__file__).parent
    used = sorted((here / "kernels").glob("*.py")) + [here / name for name in ALSO_COMPILED]
    sources = [path.read_bytes() for path in used]
    stamp = b"\0".join([version("numba").encode(), version("numpy").encode(), *sources])
    name = f"kernels-{hashlib.sha256(stamp).hexdigest()[:16]}"
    for home in _homes():
        try:
            (home / name).mkdir(mode=0o700, parents=True, exist_ok=True)
            if _is_ours(home) and _is_ours(home / name):
                return str(home / name)
        except OSError:
            continue
    return ""


def _homes() -> list[Path]:
    """Return the places to try: the user's own cache, then one of this user's in the temporary folder."""
    wanted = os.environ.get("XDG_CACHE_HOME")
    own = Path(wanted) if wanted else Path("~").expanduser() / ".cache"
    return [own / "entero", Path(gettempdir()) / f"entero-{os.getuid()}"]


def _is_ours(folder: Path) -> bool:
    """Say whether nobody else could have put code there."""
    state = folder.lstat()
    return state.st_uid == os.getuid() and not state.st_mode & OTHERS_MAY_WRITE and os.access(folder, os.W_OK)


def _processor() -> str:
    """Return a name for what code is compiled for: a home folder may be shared between machines."""
    from llvmlite import binding

    features = binding.get_host_cpu_features().flatten()
    told = f"{binding.get_host_cpu_name()} {features}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _read(path: Path) -> tuple[str, bytes] | None:
    """Return what was kept, or None when there is nothing, or not all of it."""
    try:
        digest, name, code = path.read_bytes().split(b"\n", 2)
    except (OSError, ValueError):
        return None
    if hashlib.sha256(name + code).hexdigest().encode() != digest:
        return None
    return name.decode(), code


def _write(path: Path, name: str, code: bytes) -> None:
    """Keep the code in one step; a full disk only means that the next process compiles again."""
    digest = hashlib.sha256(name.encode() + code).hexdigest()
    unfinished = path.with_name(f"{path.name}-{secrets.token_hex(4)}")
    try:
        unfinished.write_bytes(b"\n".join([digest.encode(), name.encode(), code]))
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)


def _link(name: str, code: bytes) -> Search:
    """Load machine code into this process."""
    from llvmlite import binding

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    machine = binding.Target.from_default_triple().create_target_machine()
    engine = binding.create_mcjit_compiler(binding.parse_assembly(""), machine)
    engine.add_object_file(binding.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return _callable(engine.get_function_address(name), engine)


def _callable(address: int, owner: object) -> Search:
    """Return the code at an address as a function; whoever owns it lives on."""
    if not address:
        raise RuntimeError("the code holds no search")
    _owners.append(owner)
    return ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)(address)
