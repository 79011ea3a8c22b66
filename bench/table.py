"""Renders what was measured as Markdown: ``python -m bench.table``."""

import json
import sys
from pathlib import Path
from typing import Any

from bench.engines import OURS, PEERS, engine
from bench.measure import QUOTED_ON, RESULTS, result_path
from bench.store import SIZES

HEAD = (
    "| engine | p50 ms | p95 ms | p99 ms | CPU ms a query | times ours | build CPU s | index MB | RSS MB "
    "| recall@20 |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)
FAST, PLAIN = OURS


def read(what: str, size: str, seed: int) -> dict[str, Any]:
    """Return a result, or nothing when it was not measured."""
    return read_file(result_path(what, size, seed))


def read_file(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def row(name: str, size: str, seed: int, ours: float) -> str:
    """Return the line of one engine; what is missing is named."""
    measured = read(f"run-{name}", size, seed)
    if not measured:
        reason = read(f"missing-{name}", size, seed).get("reason", "not part of this run")
        return f"| {engine(name).NAME} | not measured: {reason} |" + " |" * 8
    built = read(f"build-{PLAIN if name == FAST else name}", size, seed)
    recall = read("judged", size, seed).get("recall", {}).get(name)
    cells = [
        engine(name).NAME,
        *(f"{measured[share]:.3f}" for share in ("p50", "p95", "p99", "cpu_ms")),
        f"{measured['cpu_ms'] / ours:.1f}" if ours else "",
        f"{built['cpu_s']:.1f}" if built else "",
        f"{built['disk_mb']:.0f}" if built else "",
        f"{measured['memory_mb']['rss']:.0f}",
        "" if recall is None else f"{recall:.4f}",
    ]
    return "| " + " | ".join(cells) + " |"


def table(size: str, seed: int) -> str:
    ours = read(f"run-{FAST}", size, seed).get("cpu_ms", 0.0)
    judged = read("judged", size, seed)
    lines = [
        f"### {SIZES[size]:,} services",
        "",
        HEAD,
        *(row(name, size, seed, ours) for name in (*OURS, *PEERS)),
    ]
    if judged:
        wrong = ", ".join(f"{engine(name).NAME} {count}" for name, count in judged["wrong"].items())
        lines += ["", f"Wrong answers to {judged['odd_questions']:,} odd questions: {wrong}. "]
        lines[-1] += f"Questions without any match: {judged['empty']:.0%}."
    return "\n".join(lines)


def workers(size: str, seed: int) -> list[str]:
    lines = []
    for name in OURS:
        found = read(f"workers-{name}", size, seed)
        if found:
            lines.append(
                f"- {engine(name).NAME}, {SIZES[size]:,} services: a worker has {found['rss_mb']:.0f} MB "
                f"resident; a second one adds {found['added_mb']:.0f} MB ({found['share']:.0%})."
            )
    return lines


def render(sizes: list[str], seed: int) -> str:
    parts = [table(size, seed) for size in sizes]
    shared = [line for size in sizes for line in workers(size, seed)]
    return "\n\n".join([*parts, "\n".join(shared)]) + "\n"


def main() -> None:
    from bench.goals import goals_table

    seed = int(sys.argv[1]) if len(sys.argv) > 1 else QUOTED_ON
    sizes = [size for size in SIZES if list(RESULTS.glob(f"{size}-{seed}-run-*.json"))]
    print(render(sizes, seed))
    print(goals_table(seed))


if __name__ == "__main__":
    main()
