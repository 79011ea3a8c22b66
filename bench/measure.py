"""Builds or measures one engine, in a process of its own: ``python -m bench.measure run tantivy 20k 2``."""

import json
import os
import pickle
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from bench.engines import engine
from bench.engines.server import cpu_seconds
from bench.questions import make_questions
from bench.store import folder_of, services_of
from entero.directory.matching.query import Query

RESULTS = Path(__file__).parent / "results"
TUNED_ON, QUOTED_ON = 1, 3
"""Seeds: what was tuned on is never quoted."""

QUESTIONS = 500
QUESTION_SEED = 1_000
ROUNDS = 5
MORE_ROUNDS_SECONDS = 3.0
MEGABYTE = 1_000_000


def result_path(what: str, size: str, seed: int) -> Path:
    return RESULTS / f"{size}-{seed}-{what}.json"


def write(path: Path, result: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1), encoding="utf-8")


def build(name: str, size: str, seed: int) -> None:
    """Build the index of an engine and note what that took."""
    columns, folder = services_of(size, seed), folder_of(size, seed)
    wall, own = time.perf_counter(), time.process_time()
    server_cpu = engine(name).build(columns, folder) or 0.0
    result = {
        "wall_s": time.perf_counter() - wall,
        "cpu_s": time.process_time() - own + server_cpu,
        "disk_mb": engine(name).disk_bytes(folder) / MEGABYTE,
    }
    write(result_path(f"build-{name}", size, seed), result)
    questions_of(size, seed)
    (folder / f"built-{name}").touch()


def is_built(name: str, size: str, seed: int) -> bool:
    """Say whether an index is there, and what it took is known."""
    marked = (folder_of(size, seed) / f"built-{name}").exists()
    return marked and result_path(f"build-{name}", size, seed).exists()


def questions_of(size: str, seed: int) -> list[Query]:
    """Return the questions, from a file when they were made already: making them takes memory."""
    path = folder_of(size, seed) / "questions.pickle"
    if not path.exists():
        path.write_bytes(pickle.dumps(make_questions(QUESTIONS, QUESTION_SEED + seed)))
    found: list[Query] = pickle.loads(path.read_bytes())  # noqa: S301, our own file
    return found


def used_cpu(processes: list[int]) -> float:
    return time.process_time() + sum(map(cpu_seconds, processes))


def memory_mb(processes: list[int]) -> dict[str, float]:
    """Return resident, proportional and private memory of this process and its servers."""
    full = [psutil.Process(number).memory_full_info() for number in [os.getpid(), *processes]]
    return {name: sum(getattr(each, name) for each in full) / MEGABYTE for name in ("rss", "pss", "uss")}


def percentiles(samples: np.ndarray) -> dict[str, float]:
    return {f"p{share}": float(np.percentile(samples, share)) for share in (50, 95, 99)}


def run(name: str, size: str, seed: int) -> None:
    """Ask all questions several times in random order; per question the best time counts."""
    made = engine(name).Engine(folder_of(size, seed))
    questions = questions_of(size, seed)
    answers = [made.query(question) for question in questions]
    processes = made.processes()
    samples, rounds = [], 0
    cpu, begun = used_cpu(processes), time.perf_counter()
    while rounds < ROUNDS or time.perf_counter() - begun < MORE_ROUNDS_SECONDS:
        took = np.empty(QUESTIONS)
        for number in np.random.default_rng(rounds).permutation(QUESTIONS):
            start = time.perf_counter()
            made.query(questions[number])
            took[number] = time.perf_counter() - start
        samples.append(took * 1e3)
        rounds += 1
    cpu = used_cpu(processes) - cpu
    result: dict[str, Any] = {
        "cpu_ms": cpu / rounds / QUESTIONS * 1e3,
        **percentiles(np.min(samples[:ROUNDS], axis=0)),
        "all_samples": percentiles(np.concatenate(samples)),
        "rounds": rounds,
        "load": os.getloadavg()[0],
        "memory_mb": memory_mb(processes),
        "answers": answers,
    }
    write(result_path(f"run-{name}", size, seed), result)
    made.close()


def main() -> None:
    what, name, size, seed = sys.argv[1:5]
    {"build": build, "run": run}[what](name, size, int(seed))


if __name__ == "__main__":
    main()
