"""The ``entero`` command. Its help answers at once: the framework starts only when it is needed."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TypeAlias

from entero import __version__

Run = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused or failed, 2 wrong usage."""
    parser = build_parser()
    options = parser.parse_args(argv)
    if not hasattr(options, "module"):
        parser.print_help()
        return 2
    try:
        return _run(options)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def _run(options: argparse.Namespace) -> int:
    from entero.conf.environment import SettingsError

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entero.conf.settings")
    try:
        import django

        django.setup()
    except SettingsError as error:
        print(f"entero: {error}", file=sys.stderr)
        return 1
    run: Run = getattr(import_module(options.module), options.function)
    return run(options)


def build_parser() -> argparse.ArgumentParser:
    """Describe every command, without importing what it does."""
    parser = argparse.ArgumentParser(
        prog="entero", description="One platform for an organization's response to trafficking."
    )
    parser.add_argument("--version", action="version", version=f"entero {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_house_commands(commands)
    _add_match(commands)
    _add_directory(commands)
    return parser


# argparse has no public name for what add_subparsers returns.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001


def _command(commands: Commands, name: str, help_text: str, target: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=help_text, description=help_text)
    module, function = target.split(":")
    parser.set_defaults(module=module, function=function)
    return parser


def _add_house_commands(commands: Commands) -> None:
    house = "entero.conf.house"
    init = _command(commands, "init", "Prepare the database and the vocabulary.", f"{house}:init")
    init.add_argument("--no-input", action="store_true", help="ask nothing")
    serve = _command(commands, "serve", "Serve the site.", f"{house}:serve")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--workers", type=int, default=2)
    serve.add_argument("--threads", type=int, default=4)
    worker = _command(commands, "worker", "Run what was put off until later.", f"{house}:worker")
    worker.add_argument("--once", action="store_true", help="run what is waiting, then stop")
    demo = _command(commands, "demo", "Load the demo and serve it.", f"{house}:demo")
    demo.add_argument("--no-serve", action="store_true", help="load the demo and stop")
    demo.add_argument("--port", type=int, default=8000)
    check = _command(commands, "check", "Check settings, data and crisis lines.", f"{house}:check")
    check.add_argument("--json", action="store_true")


def _add_match(commands: Commands) -> None:
    match = _command(
        commands,
        "match",
        "Find the services that will take somebody.",
        "entero.directory.commands.matching:match",
    )
    match.add_argument("--age", type=int)
    match.add_argument("--gender", help="boy, man, girl, woman, trans_man, trans_woman, non_binary")
    match.add_argument("--identity", default="", help="separated by commas, e.g. gay_bisexual")
    match.add_argument("--near", default="", help="ZIP, first three digits of it, city or state")
    match.add_argument("--needs", default="", help="separated by commas, e.g. trauma,residential")
    match.add_argument("--circumstances", default="", help="separated by commas")
    match.add_argument("--language", default="", help="language to be served in, e.g. es")
    match.add_argument("--words", default="", help="what is looked for, in one's own words")
    match.add_argument("--free", action="store_true", help="first what costs nothing")
    match.add_argument("--remote", action="store_true", help="only what needs no traveling")
    match.add_argument("--open-now", action="store_true")
    match.add_argument("--limit", type=int, default=10)
    match.add_argument("--interface", choices=["en", "es"], help="language of the answer")
    match.add_argument("--json", action="store_true")


def _add_directory(commands: Commands) -> None:
    directory = commands.add_parser(
        "directory", help="Import, export, count, audit.", description="The directory's data."
    )
    actions = directory.add_subparsers(title="commands", metavar="COMMAND", required=True)
    package = "entero.directory.commands"
    load = _command(actions, "import", "Import a file.", f"{package}.importing:import_file")
    load.add_argument("file")
    load.add_argument("--source", help="name of the source, e.g. samhsa-2022-sa")
    load.add_argument("--format", choices=["samhsa", "hsds-json", "hsds-tabular"])
    load.add_argument("--dry-run", action="store_true", help="change nothing, say what would be")
    load.add_argument("--json", action="store_true")
    export = _command(actions, "export", "Export what is public.", f"{package}.exporting:export")
    export.add_argument("target", help="a folder, or a file ending in .json or .zip")
    export.add_argument("--format", choices=["hsds-json", "hsds-datapackage"], default="hsds-json")
    count = _command(actions, "count", "Count services exactly.", f"{package}.matching:count")
    count.add_argument("--population", action="append", default=[])
    count.add_argument("--need", action="append", default=[])
    count.add_argument("--setting", action="append", default=[])
    count.add_argument("--source", help="count the rows of this source by its own codes")
    count.add_argument("--code", action="append", default=[], help="'!CODE' for one it lacks")
    count.add_argument("--by", choices=["state"])
    count.add_argument("--json", action="store_true")
    audit = _command(
        actions, "audit", "Change one answer, compare what is found.", f"{package}.matching:audit"
    )
    audit.add_argument("--flip", choices=["gender"], required=True)
    audit.add_argument("--profiles", type=int, default=1000)
    audit.add_argument("--seed", type=int, default=1)
    audit.add_argument("--json", action="store_true")
    _command(actions, "index", "Build the search index anew.", f"{package}.matching:build_index")


if __name__ == "__main__":
    sys.exit(main())
