"""What was to be reached, and whether it was."""

from dataclasses import dataclass
from typing import Any

from bench.engines import OURS, PEERS
from bench.measure import RESULTS
from bench.table import read, read_file

FAST, PLAIN = OURS
LARGE = "1500k"
BEST_PEER_GOALS = {"20k": 10, "200k": 20, LARGE: 25}
POSTGRES_GOAL, NUMPY_GOAL = 120, 4
ENOUGH_ODD = 5_000


@dataclass(frozen=True)
class Goal:
    """``reached`` is None where it was not measured."""

    text: str
    measured: str = "not measured"
    reached: bool | None = None

    def line(self) -> str:
        answer = {True: "yes", False: "**no**", None: ""}[self.reached]
        return f"| {self.text} | {self.measured} | {answer} |"


def at_most(text: str, value: float | None, limit: float, unit: str) -> Goal:
    if value is None:
        return Goal(text)
    return Goal(text, f"{value:.3g} {unit}", value <= limit)


def ratio(text: str, slow: float | None, fast: float | None, limit: float) -> Goal:
    if not slow or not fast:
        return Goal(text)
    return Goal(text, f"1/{slow / fast:.1f}", slow / fast >= limit)


def cpu(name: str, size: str, seed: int) -> float | None:
    return read(f"run-{name}", size, seed).get("cpu_ms")


def best_peer(size: str, seed: int) -> float | None:
    return min((used for name in PEERS if (used := cpu(name, size, seed))), default=None)


def speed(seed: int) -> list[Goal]:
    goals = [
        ratio(
            f"numba: CPU a query ≤ 1/{limit} of the best peer at {size}",
            best_peer(size, seed),
            cpu(FAST, size, seed),
            limit,
        )
        for size, limit in BEST_PEER_GOALS.items()
    ]
    plain = cpu("postgres", LARGE, seed)
    text = f"numba: CPU a query ≤ 1/{POSTGRES_GOAL} of PostgreSQL + PostGIS at 1500k"
    goals.append(ratio(text, plain, cpu(FAST, LARGE, seed), POSTGRES_GOAL))
    text = f"NumPy: CPU a query ≤ 1/{NUMPY_GOAL} of the best peer at 1500k"
    goals.append(ratio(text, best_peer(LARGE, seed), cpu(PLAIN, LARGE, seed), NUMPY_GOAL))
    measured = read(f"run-{FAST}", LARGE, seed)
    for share, limit in (("p50", 0.06), ("p95", 0.3), ("p99", 0.5)):
        goals.append(at_most(f"numba: {share} ≤ {limit} ms at 1500k", measured.get(share), limit, "ms"))
    return goals


def answers(seed: int) -> list[Goal]:
    judged = [found for size in BEST_PEER_GOALS if (found := read("judged", size, seed))]
    if not judged:
        return [Goal("recall@20 = 1.0"), Goal("no wrong answer to 5,000 odd questions")]
    recalls = [found["recall"][name] for found in judged for name in OURS if name in found["recall"]]
    asked = sum(found["odd_questions"] for found in judged)
    wrong = sum(sum(found["wrong"].values()) for found in judged)
    enough = None if asked < ENOUGH_ODD and not wrong else not wrong
    return [
        Goal("recall@20 = 1.0, both engines, all sizes", f"{min(recalls):.4f}", min(recalls) == 1),
        Goal("no wrong answer to 5,000 odd questions", f"{wrong} of {asked:,} each", enough),
    ]


def index(seed: int) -> list[Goal]:
    built = read(f"build-{PLAIN}", LARGE, seed)
    goals = [
        at_most("build of 1500k ≤ 20 CPU s", built.get("cpu_s"), 20, "s"),
        at_most("index of 1500k ≤ 280 MB (aim: 160)", built.get("disk_mb"), 280, "MB"),
    ]
    for name, label in ((FAST, "numba"), (PLAIN, "NumPy")):
        share = read(f"workers-{name}", LARGE, seed).get("share")
        percent = None if share is None else share * 100
        goals.append(
            at_most(f"a second worker adds ≤ 20 % of its memory at 1500k, {label}", percent, 20, "%")
        )
    return goals


def product() -> list[Goal]:
    found: dict[str, Any] = {
        what: read_file(RESULTS / f"product-{what}.json") for what in ("import", "audit", "page", "updates")
    }
    return [
        at_most("a change is seen by another process in ≤ 2 s", found["updates"].get("most_s"), 2, "s"),
        at_most("21,213 facilities import in ≤ 30 s", found["import"].get("wall_s"), 30, "s"),
        at_most("importing takes ≤ 400 MB", found["import"].get("peak_mb"), 400, "MB"),
        at_most("audit of 1,000 profiles over 21k ≤ 10 s", found["audit"].get("wall_s"), 10, "s"),
        at_most("results page, median on the server ≤ 15 ms", found["page"].get("p50"), 15, "ms"),
    ]


def goals_table(seed: int) -> str:
    goals = [*speed(seed), *answers(seed), *index(seed), *product()]
    head = "| goal | measured | reached |\n|---|--:|---|"
    return "\n".join([head, *(goal.line() for goal in goals)]) + "\n"
