"""The commands that run the house: init, serve, worker, demo, check."""

import argparse
import getpass
import json
import sys
import time
from dataclasses import asdict, dataclass

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def init(options: argparse.Namespace) -> int:
    """Prepare the data folder, the database, the vocabulary and the static files."""
    prepare()
    if not options.no_input and sys.stdin.isatty() and not get_user_model().objects.exists():
        _first_account()
    print(f"Ready. The data is in {settings.DATA_DIR}.")
    return 0


def prepare() -> None:
    from entero.directory import vocabulary_tables

    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    vocabulary_tables.load()
    collect_static()


def collect_static() -> None:
    call_command("collectstatic", verbosity=0, interactive=False)


def _first_account() -> None:
    print("The first account works at the desk and may do everything. Leave the name empty to skip.")
    name = input("Name: ").strip()
    if name:
        get_user_model().objects.create_superuser(name, getpass.getpass("Password: "))


def serve(options: argparse.Namespace) -> int:
    """Serve the site until stopped."""
    if options.host not in LOOPBACK and not settings.PRODUCTION:
        print(
            "entero: only production is served to others: set ENTERO_ENV=production.",
            file=sys.stderr,
        )
        return 1
    collect_static()
    return _serve(options.host, options.port, workers=options.workers, threads=options.threads)


def _serve(host: str, port: int, *, workers: int, threads: int) -> int:
    from entero.conf import server

    if not server.is_free(host, port):
        print(f"entero: port {port} is in use: choose another with --port.", file=sys.stderr)
        return 1
    server.run(host, port, workers=workers, threads=threads)
    return 0


def worker(options: argparse.Namespace) -> int:
    """Run the tasks that were put off; with --once those that wait now, then stop."""
    call_command("db_worker", interval=1, batch=options.once, verbosity=0)
    return 0


def demo(options: argparse.Namespace) -> int:
    """Load the demo (once), show one match, print the sign-ins and serve."""
    from entero.directory import demo as directory_demo

    if settings.PRODUCTION:
        print(
            "entero: the demo holds invented services and open passwords: not in production.",
            file=sys.stderr,
        )
        return 1
    started = time.monotonic()
    prepare()
    loaded = directory_demo.load()
    print(f"\nThe demo is loaded ({time.monotonic() - started:.0f} s): {loaded}\n")
    directory_demo.show_one_match()
    print("\nDemo sign-ins (for this machine only), at /desk/:")
    for name, password, role in directory_demo.SIGN_INS:
        print(f"  {name:<10} {password:<28} {role}")
    if options.no_serve:
        return 0
    print(f"\nOpen http://127.0.0.1:{options.port}/   (Ctrl-C stops it)\n", flush=True)
    return _serve("127.0.0.1", options.port, workers=1, threads=8)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    check: str
    ok: bool
    say: str


def check(options: argparse.Namespace) -> int:
    """Look at settings, database, vocabulary, index and crisis lines; 1 when something is wrong."""
    findings = [_system(), _migrations(), *_directory()]
    if options.json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            print(f"{'ok ' if finding.ok else 'BAD'}  {finding.check}: {finding.say}")
    return 0 if all(finding.ok for finding in findings) else 1


def _system() -> Finding:
    from django.core.checks import run_checks

    problems = [str(message) for message in run_checks() if message.level >= 30]
    return Finding("settings", not problems, "; ".join(problems) or "no problem found")


def _migrations() -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Finding(
        "database",
        not waiting,
        f"{len(waiting)} migrations wait: run entero init" if waiting else "up to date",
    )


def _directory() -> list[Finding]:
    from entero.directory import health

    return [Finding(name, ok, say) for name, ok, say in health.findings()]
