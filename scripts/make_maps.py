"""Make ``maps.json.gz`` out of us-atlas: ``python scripts/make_maps.py states-10m.json``.

Data: us-atlas 3 (ISC), from the US Census Bureau's cartographic boundary files (public domain).
Each state is drawn in a box 1000 units wide, equirectangular at its middle latitude.
"""

import gzip
import json
import math
import sys
from pathlib import Path
from typing import Any

from entero.directory.places.states import STATES

TARGET = Path(__file__).resolve().parents[1] / "src/entero/directory/places/maps.json.gz"
WIDTH = 1000
Point = tuple[float, float]


def decode(topology: dict[str, Any]) -> list[list[Point]]:
    """Return every arc as longitudes and latitudes."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        arcs.append(line)
    return arcs


def rings(shape: dict[str, Any], arcs: list[list[Point]]) -> list[list[Point]]:
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    found = []
    for polygon in polygons:
        line: list[Point] = []
        for number in polygon[0]:
            part = arcs[number] if number >= 0 else arcs[~number][::-1]
            line.extend(part[1:] if line else part)
        found.append([(lon - 360 if lon > 170 else lon, lat) for lon, lat in line])
    return found


def simplify(line: list[Point], tolerance: float) -> list[Point]:
    """Douglas-Peucker, without recursion."""
    keep = {0, len(line) - 1}
    stack = [(0, len(line) - 1)]
    while stack:
        first, last = stack.pop()
        (ax, ay), (bx, by) = line[first], line[last]
        length = math.hypot(bx - ax, by - ay)
        far, where = 0.0, 0
        for index in range(first + 1, last):
            x, y = line[index]
            gap = (
                abs((by - ay) * x - (bx - ax) * y + bx * ay - by * ax) / length
                if length > 1e-9
                else math.hypot(x - ax, y - ay)
            )
            if gap > far:
                far, where = gap, index
        if far > tolerance:
            keep.add(where)
            stack += [(first, where), (where, last)]
    return [line[index] for index in sorted(keep)]


def draw(lines: list[list[Point]]) -> dict[str, Any]:
    """Return the path of one state, and what projects a place into it."""
    points = [point for line in lines for point in line]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * squeeze)
    path, largest = [], max(len(line) for line in lines)
    for line in lines:
        flat = [((x - west) * squeeze * scale, (north - y) * scale) for x, y in line]
        small = simplify(flat, 2.0)
        wide = max(x for x, _ in flat) - min(x for x, _ in flat)
        if len(small) < 4 or (wide < 6 and len(line) < largest):
            continue
        path.append("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in small[:-1]) + "Z")
    return {
        "path": "".join(path),
        "height": round((north - south) * scale),
        "west": round(west, 4),
        "north": round(north, 4),
        "x": round(squeeze * scale, 4),
        "y": round(scale, 4),
    }


def main() -> None:
    topology = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    arcs = decode(topology)
    by_fips = {state.fips: state.code for state in STATES}
    maps = {
        by_fips[shape["id"]]: draw(rings(shape, arcs))
        for shape in topology["objects"]["states"]["geometries"]
        if shape["id"] in by_fips
    }
    with gzip.GzipFile(TARGET, "wb", mtime=0) as file:
        file.write(json.dumps(maps, sort_keys=True, separators=(",", ":")).encode())
    print(
        len(maps),
        "maps;",
        TARGET.stat().st_size,
        "bytes;",
        max(len(m["path"]) for m in maps.values()),
    )


if __name__ == "__main__":
    main()
