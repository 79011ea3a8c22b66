"""Measures our matcher beside its peers: ``python -m bench.run --sizes 20k,200k,1500k``.

Everything happens in processes of their own, one after the other: indexes are built where they are missing,
then all engines answer the same questions back to back, then their answers are judged.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from bench.engines import OURS, PEERS, engine, server
from bench.goals import goals_table
from bench.measure import QUOTED_ON, RESULTS, TUNED_ON, is_built, result_path, write
from bench.store import SIZES
from bench.table import render

ROOT = Path(__file__).resolve().parents[1]


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def apart(module: str, *arguments: object) -> None:
    """Run a module of the bench in a process of its own."""
    say(f"  {module} {' '.join(map(str, arguments))}")
    command = [sys.executable, "-m", f"bench.{module}", *map(str, arguments)]
    subprocess.run(command, check=True, cwd=ROOT)


def build(names: list[str], size: str, seed: int, *, again: bool) -> None:
    """Build what is missing; our engines share an index, the expert's table stands on the plain one."""
    for built in dict.fromkeys("entero_numpy" if name in OURS else name for name in names):
        if again or not is_built(built, size, seed):
            apart("measure", "build", built, size, seed)
    if "postgres_expert" in names and not is_built("postgres", size, seed):
        raise SystemExit("postgres_expert is built on postgres: measure both.")


def measure(size: str, seed: int, wanted: list[str], *, again: bool) -> None:
    """Measure one size, and note which engines are missing here and why."""
    reasons = {name: engine(name).missing() for name in wanted}
    for name, reason in reasons.items():
        if reason:
            say(f"  {name}: {reason}")
            write(result_path(f"missing-{name}", size, seed), {"reason": reason})
    present = [name for name, reason in reasons.items() if not reason]
    build(present, size, seed, again=again)
    for name in present:
        apart("measure", "run", name, size, seed)
    apart("judge", size, seed)
    for name in OURS:
        if name in present:
            apart("workers", name, size, seed)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__)
    parser.add_argument("--sizes", default=",".join(SIZES), help="some of %(default)s")
    parser.add_argument("--seed", type=int, default=QUOTED_ON, help=f"{TUNED_ON} is what was tuned on")
    parser.add_argument("--engines", default=",".join((*OURS, *PEERS)), help="some of %(default)s")
    parser.add_argument("--rebuild", action="store_true", help="build indexes that are there already")
    return parser.parse_args()


def main() -> None:
    chosen = options()
    sizes, names = chosen.sizes.split(","), chosen.engines.split(",")
    if not set(sizes) <= set(SIZES) or not set(names) <= {*OURS, *PEERS}:
        raise SystemExit(f"sizes are {', '.join(SIZES)}; engines are {', '.join((*OURS, *PEERS))}.")
    try:
        for size in sizes:
            say(f"{SIZES[size]:,} services")
            measure(size, chosen.seed, names, again=chosen.rebuild)
    finally:
        server.stop()
    apart("product")
    text = f"{render(sizes, chosen.seed)}\n{goals_table(chosen.seed)}"
    (RESULTS / f"table-{chosen.seed}.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
