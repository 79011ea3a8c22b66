"""A PostgreSQL of our own, with its data under ``bench/data``, reached through a private socket only."""

import os
import pwd
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from bench.store import DATA

HOME = DATA / "postgres"
PORT = 55_433
SETTINGS = f"""
listen_addresses = ''
port = {PORT}
shared_buffers = 3GB
work_mem = 64MB
maintenance_work_mem = 1GB
effective_cache_size = 10GB
random_page_cost = 1.1
max_wal_size = 8GB
synchronous_commit = off
jit = off
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 1
default_statistics_target = 500
plan_cache_mode = force_custom_plan
join_collapse_limit = 1
"""


@cache
def programs() -> Path | None:
    """Return the folder of the server's programs, or None."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("postgres")
    return next(
        (each for each in folders if (each / "initdb").exists()), Path(found).parent if found else None
    )


def missing() -> str:
    """Return why there is no PostgreSQL with PostGIS here, or ""."""
    found = programs()
    if found is None:
        return "PostgreSQL is not installed"
    share = subprocess.run(
        [found / "pg_config", "--sharedir"], capture_output=True, text=True, check=False
    ).stdout.strip()
    folders = [Path(share), *Path("/usr/share/postgresql").glob("*")]
    if not any((folder / "extension" / "postgis.control").exists() for folder in folders):
        return "PostGIS is not installed"
    return ""


def _run(*command: str | Path, check: bool = True) -> bool:
    """Run a program of the server, as the user it belongs to, and say whether it was content."""
    as_user: list[str] = []
    if os.getuid() == 0:
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    finished = subprocess.run([*as_user, *map(str, command)], check=check, stdout=subprocess.DEVNULL, cwd="/")
    return finished.returncode == 0


def _runs(found: Path) -> bool:
    return (HOME / "data").exists() and _run(found / "pg_ctl", "-D", HOME / "data", "status", check=False)


def start() -> None:
    """Start the server, making its data folder on the first time; does nothing when it runs."""
    found = programs()
    if found is None:
        raise RuntimeError(missing())
    if not (HOME / "data").exists():
        HOME.mkdir(parents=True, exist_ok=True)
        if os.getuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(HOME, owner.pw_uid, owner.pw_gid)
        _run(
            found / "initdb",
            "-D",
            HOME / "data",
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
        )
        with (HOME / "data" / "postgresql.conf").open("a") as file:
            file.write(SETTINGS + f"unix_socket_directories = '{HOME}'\n")
    if not _runs(found):
        _run(found / "pg_ctl", "-D", HOME / "data", "-l", HOME / "log", "-w", "start")


def stop() -> None:
    """Stop the server if it runs."""
    found = programs()
    if found is not None and _runs(found):
        _run(found / "pg_ctl", "-D", HOME / "data", "-m", "fast", "-w", "stop")


def connect(database: str) -> Any:
    import psycopg

    return psycopg.connect(host=str(HOME), port=PORT, user="postgres", dbname=database, autocommit=True)


def cpu_seconds(process: int) -> float:
    """Return what a process used up so far."""
    import psutil

    times = psutil.Process(process).cpu_times()
    return float(times.user + times.system)
