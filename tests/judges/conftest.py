"""Other people's schemas, read where they lie: they are not ours to copy."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

Judge = Callable[[Iterable[dict[str, Any]]], list[str]]


@pytest.fixture(scope="session")
def judge(shared_data: Path) -> Callable[[str], Judge]:
    """Return a function that gives the judge of a compiled HSDS schema; each is read once."""
    judges: dict[str, Judge] = {}

    def named(name: str) -> Judge:
        if name not in judges:
            path = shared_data / "hsds-3.1" / "schema" / "compiled" / f"{name}.json"
            judges[name] = _judge(json.loads(path.read_text(encoding="utf-8")))
        return judges[name]

    return named


def _judge(schema: dict[str, Any]) -> Judge:
    validator = Draft202012Validator(schema, format_checker=FormatChecker())

    def errors(records: Iterable[dict[str, Any]]) -> list[str]:
        return [
            f"{record.get('id')} {error.json_path}: {error.message[:200]}"
            for record in records
            for error in validator.iter_errors(record)
        ]

    return errors
