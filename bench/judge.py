"""Judges answers by the reference: ``python -m bench.judge 20k 2``.

A row counts when it really matches and its true score is not below that of the 20th true match (within a
millionth, so that ties may fall either way). Then our own engines answer odd questions, all of which must
be right.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from bench.engines import OURS, PEERS, engine
from bench.measure import QUESTION_SEED, questions_of, result_path, write
from bench.questions import odd_questions
from bench.reference import TOP, Reference
from bench.store import folder_of, services_of
from entero.directory.matching.query import Query

ODD = {"20k": 4_000, "200k": 1_000, "1500k": 200}
NEARLY = 1e-6
EXACTLY = 1e-9


def words_of(questions: Iterable[Query]) -> set[str]:
    return {word for question in questions for word in question.words}


def recall(rows: list[int], matches: np.ndarray, scores: np.ndarray) -> float | None:
    """Return which share of what could be found was found, or None when nothing matches."""
    true = np.sort(scores[matches])[::-1][:TOP]
    if not len(true):
        return None
    good = [row for row in set(rows) if matches[row] and scores[row] >= true[-1] - NEARLY]
    return min(len(good), len(true)) / len(true)


def judge(size: str, seed: int) -> dict[str, Any]:
    """Return recall of every engine that was measured."""
    questions = questions_of(size, seed)
    odd = odd_questions(ODD[size], QUESTION_SEED + seed)
    reference = Reference(services_of(size, seed), words_of([*questions, *odd]))
    measured = {name: result_path(f"run-{name}", size, seed) for name in (*OURS, *PEERS)}
    answers = {name: answers_in(path) for name, path in measured.items() if path.exists()}
    shares: dict[str, list[float]] = {name: [] for name in answers}
    valid: dict[str, bool] = dict.fromkeys(answers, True)
    counts = []
    for number, question in enumerate(questions):
        matches, scores = reference.evaluate(question)
        counts.append(int(matches.sum()))
        for name, given in answers.items():
            share = recall(given[number], matches, scores)
            shares[name] += [] if share is None else [share]
            valid[name] &= bool(matches[given[number]].all())
    return {
        "recall": {name: float(np.mean(each)) for name, each in shares.items()},
        "only_matches": valid,
        "matches": {f"p{share}": float(np.percentile(counts, share)) for share in (25, 50, 75, 99, 100)},
        "empty": float(np.mean(np.array(counts) == 0)),
        "wrong": wrong(reference, odd, size, seed),
        "odd_questions": len(odd),
    }


def answers_in(path: Path) -> list[list[int]]:
    found: list[list[int]] = json.loads(path.read_text(encoding="utf-8"))["answers"]
    return found


def wrong(reference: Reference, odd: list[Query], size: str, seed: int) -> dict[str, int]:
    """Return how many odd questions each of our engines answers wrongly, in rows or in scores."""
    engines = {
        name: engine(name).Engine(folder_of(size, seed)) for name in OURS if not engine(name).missing()
    }
    found = dict.fromkeys(engines, 0)
    for question in odd:
        matches, scores = reference.evaluate(question)
        true = np.sort(scores[matches])[::-1][:TOP]
        for name, made in engines.items():
            answer = made.scored(question)
            rows, given = [row for row, _ in answer], np.array([score for _, score in answer])
            right = (
                len(set(rows)) == len(rows) == len(true)
                and bool(matches[rows].all())
                and np.allclose(given, true, rtol=0, atol=EXACTLY)
                and np.allclose(given, scores[rows], rtol=0, atol=EXACTLY)
            )
            found[name] += not right
    return found


def main() -> None:
    size, seed = sys.argv[1], int(sys.argv[2])
    write(result_path("judged", size, seed), judge(size, seed))


if __name__ == "__main__":
    main()
