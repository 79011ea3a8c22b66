"""Measures the product around the search on real facilities: ``python -m bench.product --facilities FILE…``.

Import, gender-flip audit, results page, and how soon a change is seen by another process, each in a process
of its own, on an SQLite file that is thrown away.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.measure import RESULTS

ROOT = Path(__file__).resolve().parents[1]
FACILITIES = ROOT.parent / "shared" / "data" / "samhsa-2022-national-directory"


def found_files() -> list[Path]:
    return sorted(FACILITIES.glob("*.xlsx"))


def start_django() -> None:
    """Start the framework with the settings of this data folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entero.conf.settings")
    import django

    django.setup()


def step(module: str, *arguments: object) -> None:
    subprocess.run([sys.executable, "-m", f"bench.{module}", *map(str, arguments)], check=True, cwd=ROOT)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.product", description=__doc__)
    parser.add_argument("--facilities", nargs="*", type=Path, default=found_files(), help="SAMHSA's files")
    files = [path.resolve() for path in parser.parse_args().facilities]
    if not files:
        print("not measured: no facilities here; name SAMHSA's files with --facilities.")
        return
    RESULTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ENTERO_DATA_DIR"] = folder
        command = [sys.executable, "-c", "from entero.conf.command import main; main()", "init", "--no-input"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        step("importing", *files)
        step("auditing")
        step("pages")
        step("updates")


if __name__ == "__main__":
    main()
