"""What a second worker costs in memory: ``python -m bench.workers entero_numba 1500k 2``.

Two processes open the same index and answer all questions; the second one's share is what both together take
(shared pages counted once) beyond what the first took alone.
"""

import multiprocessing
import sys
from multiprocessing.connection import Connection
from typing import Any

import psutil

from bench.engines import engine
from bench.measure import MEGABYTE, questions_of, result_path, write
from bench.store import folder_of


def work(name: str, size: str, seed: int, line: Connection) -> None:
    """Answer everything once, say so, and wait to be let go."""
    made = engine(name).Engine(folder_of(size, seed))
    for question in questions_of(size, seed):
        made.query(question)
    line.send("ready")
    line.recv()


def proportional(processes: list[Any]) -> float:
    """Return the memory of some processes with shared pages counted once."""
    return sum(psutil.Process(each.pid).memory_full_info().pss for each in processes) / MEGABYTE


def measure(name: str, size: str, seed: int) -> dict[str, float]:
    context = multiprocessing.get_context("spawn")
    processes, lines, together = [], [], []
    for _ in range(2):
        here, there = context.Pipe()
        process = context.Process(target=work, args=(name, size, seed, there))
        process.start()
        here.recv()
        processes.append(process)
        lines.append(here)
        together.append(proportional(processes))
    second = psutil.Process(processes[1].pid).memory_full_info()
    for line in lines:
        line.send("go")
    added, rss = together[1] - together[0], second.rss / MEGABYTE
    return {"rss_mb": rss, "added_mb": added, "share": added / rss, "private_mb": second.uss / MEGABYTE}


def main() -> None:
    name, size, seed = sys.argv[1], sys.argv[2], int(sys.argv[3])
    write(result_path(f"workers-{name}", size, seed), measure(name, size, seed))


if __name__ == "__main__":
    main()
