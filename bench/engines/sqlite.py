"""SQLite: contentless FTS5, R*Tree, a narrow table of bit masks along a curve, and terms by state.

SQLite cannot intersect two indexes, so one of them drives each query.
"""

from pathlib import Path
from typing import Any

import numpy as np

from bench.engines.common import (
    EARTH_MILES,
    box,
    bytes_of,
    curve_order,
    language_bits,
    missing_package,
)
from entero.directory.matching.columns import Columns
from entero.directory.matching.query import Query

NAME = "SQLite FTS5 + R*Tree"
FILE = "sqlite.db"
TERM_BITS, TERM_WORDS = 60, 5
SCHEMA = f"""
CREATE TABLE service (rid INTEGER PRIMARY KEY, id INT, x REAL, y REAL, z REAL, state INT, yes INT,
    refused INT, age_min INT, age_max INT, languages INT, cost INT, capacity INT, verified INT, in_person INT,
    remote INT,
    {", ".join(f"t{word} INT" for word in range(TERM_WORDS))},
    {", ".join(f"h{day} INT" for day in range(7))});
CREATE VIRTUAL TABLE said USING fts5 (words, content='', tokenize="unicode61 remove_diacritics 0");
CREATE VIRTUAL TABLE place USING rtree (rid, south, north, west, east);
CREATE TABLE offered (term INT, state INT, rid INT, PRIMARY KEY (term, state, rid)) WITHOUT ROWID;
"""
INDEXES = """
INSERT INTO said (said) VALUES ('optimize');
CREATE INDEX by_state ON service (state);
CREATE INDEX by_remote ON service (state) WHERE remote;
ANALYZE;
"""
CHORD = "((x - :x) * (x - :x) + (y - :y) * (y - :y) + (z - :z) * (z - :z))"
Values = dict[str, Any]


def missing() -> str:
    return missing_package("apsw")


def _rows(columns: Columns, order: Any) -> Any:
    lat, lon = np.radians(columns.lat[order]), np.radians(columns.lon[order])
    masks = np.zeros((len(order), TERM_WORDS), np.int64)
    owner = np.repeat(np.arange(len(order)), np.diff(columns.term_start))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    value = columns.term_values.astype(np.int64)
    np.bitwise_or.at(masks, (rank[owner], value // TERM_BITS), 1 << (value % TERM_BITS))
    days = (columns.schedule_open.reshape(-1, 7, 48).astype(np.int64) << np.arange(48)).sum(axis=2)
    names = ("state", "yes", "no", "age_min", "age_max", "languages", "cost", "capacity", "verified_day")
    plain = [getattr(columns, name)[order].astype(np.int64) for name in (*names, "in_person", "remote")]
    sphere = [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]
    hours = days[columns.schedule[order]]
    parts = [np.arange(len(order)), order, *sphere, *plain, *masks.T, *hours.T]
    return zip(*(part.tolist() for part in parts), strict=True)


def build(columns: Columns, folder: Path) -> float:
    import apsw

    path = folder / FILE
    path.unlink(missing_ok=True)
    order = curve_order(columns)
    db = apsw.Connection(str(path))
    db.execute("PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -400000; PRAGMA locking_mode = EXCLUSIVE")
    db.execute(SCHEMA)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    with db:
        width = 16 + TERM_WORDS + 7
        db.executemany(f"INSERT INTO service VALUES ({','.join('?' * width)})", _rows(columns, order))
        texts = ((rid, columns.tokens[row]) for rid, row in enumerate(order.tolist()))
        db.executemany("INSERT INTO said (rowid, words) VALUES (?, ?)", texts)
        spots = zip(
            columns.lat[order].tolist(), columns.lon[order].tolist(), columns.in_person[order], strict=True
        )
        boxes = ((rid, lat, lat, lon, lon) for rid, (lat, lon, visited) in enumerate(spots) if visited)
        db.executemany("INSERT INTO place VALUES (?, ?, ?, ?, ?)", boxes)
        owner = np.repeat(np.arange(len(order)), np.diff(columns.term_start))
        triples = np.stack((columns.term_values.astype(np.int64), columns.state[owner], rank[owner]), axis=1)
        triples = triples[np.lexsort(triples.T[::-1])]
        db.executemany("INSERT INTO offered VALUES (?, ?, ?)", triples.tolist())
        db.execute(INDEXES)
    db.close()
    return 0.0


def disk_bytes(folder: Path) -> int:
    return bytes_of(folder / FILE)


class Engine:
    def __init__(self, folder: Path) -> None:
        import apsw

        self.db = apsw.Connection(str(folder / FILE), flags=apsw.SQLITE_OPEN_READONLY, statementcachesize=500)
        self.db.execute(
            "PRAGMA mmap_size = 8000000000; PRAGMA cache_size = -200000; PRAGMA temp_store = MEMORY"
        )
        self.by_term = dict(self.db.execute("SELECT term, count(*) FROM offered GROUP BY 1"))
        self.by_state = dict(self.db.execute("SELECT state, count(*) FROM service GROUP BY 1"))
        self.n = sum(self.by_state.values())

    def query(self, query: Query) -> list[int]:
        sql, values = self.sql(query)
        return [row[0] for row in self.db.execute(sql, values)]

    def sql(self, query: Query) -> tuple[str, Values]:
        values: Values = {"today": query.today}
        driver = self.driver(query)
        source = self.source(query, driver, values)
        where, distance = self.place(query, driver, values)
        where += self.conditions(query, driver, values)
        score = f"{distance} + 0.20 * ({' + '.join(self.acceptance(query, values))})"
        score += " + 0.15 * max(0, 1 - (:today - verified) / 730.0)"
        if not query.words:
            demanded = " AND ".join(where) or "1"
            return (
                f"SELECT id, {score} AS s FROM {source} WHERE {demanded} ORDER BY s DESC, id LIMIT 20",
                values,
            )
        values["said"] = (" AND " if query.all_words else " OR ").join(f'"{word}"' for word in query.words)
        demanded = " AND ".join(["said MATCH :said", *where])
        return (
            f"SELECT id, rest + 0.40 * b / (b + 5) AS s FROM (SELECT id, {score} AS rest, -bm25(said) AS b "
            f"FROM {source} WHERE {demanded} LIMIT -1 OFFSET 0) ORDER BY s DESC, id LIMIT 20"
        ), values

    def driver(self, query: Query) -> str:
        """Choose what drives: with words FTS5 must, as it cannot be asked about single rows cheaply."""
        if query.words:
            return "words"
        offered = 1.3 * sum(self.by_term.get(term, 0) for term in query.terms)
        if query.lat is None:
            here = self.by_state.get(query.state, 0)
            found = {"state": here} | ({"terms here": offered * here / self.n} if query.terms else {})
        else:
            here = self.n * min(1, (query.radius / 60) ** 1.5 * 0.02) * 1.5
            found = {"place": here + 0.2 * self.by_state.get(query.remote_state, 0)}
            found |= {"terms": offered} if query.terms else {}
        return min(found, key=lambda name: found[name])

    def source(self, query: Query, driver: str, values: Values) -> str:
        values["state"] = query.remote_state if query.state is None else query.state
        if driver == "words":
            return "said CROSS JOIN service ON service.rid = said.rowid"
        if driver == "place":
            rows = "SELECT rid FROM place WHERE south >= :s AND north <= :n AND west >= :w AND east <= :e"
            values |= dict(zip("snwe", box(query.lat or 0, query.lon or 0, query.radius), strict=True))
            if query.remote_state is not None:
                rows += " UNION SELECT rid FROM service WHERE state = :state AND remote"
        elif driver.startswith("terms"):
            distinct = "DISTINCT " if len(query.terms) > 1 else ""
            rows = f"SELECT {distinct}rid FROM offered WHERE term IN ({','.join(map(str, query.terms))})"
            rows += " AND state = :state" if driver == "terms here" else ""
        else:
            return "service INDEXED BY by_state"
        return f"({rows}) AS d CROSS JOIN service ON service.rid = d.rid"

    def place(self, query: Query, driver: str, values: Values) -> tuple[list[str], str]:
        if query.lat is None or query.lon is None:
            return ([] if driver == "terms here" else ["state = :state"]), "0"
        lat, lon = np.radians(query.lat), np.radians(query.lon)
        values |= {"x": float(np.cos(lat) * np.cos(lon)), "y": float(np.cos(lat) * np.sin(lon))}
        values |= {"z": float(np.sin(lat)), "radius": query.radius}
        values["chord"] = float(4 * np.sin(query.radius / EARTH_MILES / 2) ** 2)
        near = f"({CHORD} <= :chord AND in_person)"
        share = f"1 - {2 * EARTH_MILES} * asin(min(1, sqrt({CHORD}) / 2)) / :radius"
        if query.remote_state is None:
            return [near], f"0.25 * ({share})"
        return [
            f"({near} OR (remote AND state = :state))"
        ], f"0.25 * CASE WHEN {near} THEN {share} ELSE 0.5 END"

    def conditions(self, query: Query, driver: str, values: Values) -> list[str]:
        where = []
        if query.terms and not driver.startswith("terms"):
            masks = [0] * TERM_WORDS
            for term in query.terms:
                masks[term // TERM_BITS] |= 1 << term % TERM_BITS
            where.append(
                "(" + " OR ".join(f"t{word} & {mask}" for word, mask in enumerate(masks) if mask) + ")"
            )
        asked = {
            "refused & :asked = 0": ("asked", query.asked),
            "age_min <= :age AND age_max >= :age": ("age", query.age),
            "languages & :spoken": ("spoken", language_bits(query.languages)),
            "yes & :required = :required": ("required", query.required),
            "cost & :cost": ("cost", query.cost),
        }
        where += [condition for condition, (_, value) in asked.items() if value]
        values |= dict(pair for pair in asked.values() if pair[1])
        if query.open_slot is not None:
            where.append(f"h{query.open_slot // 48} & :slot")
            values["slot"] = 1 << query.open_slot % 48
        if query.not_full:
            where.append("capacity <> 3")
        return where

    def acceptance(self, query: Query, values: Values) -> list[str]:
        room = "CASE capacity WHEN 0 THEN 0.0375 WHEN 1 THEN 0.15 WHEN 2 THEN 0.075 ELSE 0 END"
        parts = ["0.25 * (yes >> 4 & 1)", room, "0.10 * (cost & 1)"]
        if query.asked:
            parts.append("0.35 * (yes & :asked = :asked)")
        if query.languages:
            parts.append("0.15 * (languages & :first <> 0)")
            values["first"] = 1 << query.languages[0]
        return parts

    def processes(self) -> list[int]:
        return []

    def close(self) -> None:
        self.db.close()
