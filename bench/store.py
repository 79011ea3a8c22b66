"""Keeps made-up directories between runs, under ``bench/data``."""

from dataclasses import fields
from pathlib import Path

import numpy as np

from bench.services import make_services
from entero.directory.matching.columns import Columns

DATA = Path(__file__).parent / "data"
SIZES = {"20k": 20_000, "200k": 200_000, "1500k": 1_500_000}


def folder_of(size: str, seed: int) -> Path:
    """Return where everything about one directory lies; engines put their own indexes there."""
    return DATA / f"{size}-{seed}"


def services_of(size: str, seed: int) -> Columns:
    """Return the services of a size and seed, made once."""
    folder = folder_of(size, seed)
    if not (folder / "tokens.txt").exists():
        folder.mkdir(parents=True, exist_ok=True)
        _save(make_services(SIZES[size], seed), folder)
    arrays = {
        field.name: np.load(folder / f"{field.name}.npy")
        for field in fields(Columns)
        if field.name != "tokens"
    }
    return Columns(**arrays, tokens=(folder / "tokens.txt").read_text(encoding="utf-8").split("\n"))


def _save(columns: Columns, folder: Path) -> None:
    for field in fields(Columns):
        if field.name != "tokens":
            np.save(folder / f"{field.name}.npy", getattr(columns, field.name))
    unfinished = folder / "tokens.part"
    unfinished.write_text("\n".join(columns.tokens), encoding="utf-8")
    unfinished.rename(folder / "tokens.txt")
