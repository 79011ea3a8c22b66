"""PostgreSQL with PostGIS: an index for each kind of condition, rows along a curve, exact BM25.

Relevance is rebuilt from ``ts_rank`` of each word (which is a function of how often it occurs) and the stored
length: PostgreSQL's own ranks know no rarity and would miss one in nine of the right answers with words.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench.engines import server
from bench.engines.common import curve_order, idf, language_bits, missing_package, terms_of
from entero.directory.matching.columns import Columns
from entero.directory.matching.query import Query

NAME = "PostgreSQL + PostGIS"
METERS_A_MILE = 1609.344
COLUMNS = """id int, lon float8, lat float8, words text, length int2, terms int[], state int2, yes int4,
    refused int2, age_min int2, age_max int2, languages int4, cost int2, capacity int2, verified int4,
    hours bit(336), in_person bool, remote bool"""
KEPT = """id, ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography AS place,
    to_tsvector('simple', words) AS words, length, terms, state, yes, refused, age_min, age_max, languages,
    cost, capacity, verified, hours, in_person, remote"""
INDEXES = (
    "CREATE UNIQUE INDEX ON service (id)",
    "CREATE INDEX ON service USING gin (words)",
    "CREATE INDEX ON service USING gin (terms gin__int_ops)",
    "CREATE INDEX ON service USING gist (place)",
    "CREATE INDEX ON service (state)",
    "CREATE INDEX ON service (state) WHERE remote",
)
POINT = "ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)::geography"
RANKS = np.cumsum(1 / np.arange(1, 9) ** 2) / 1.64493406685
OFTEN = ",".join(f"{edge:.4f}" for edge in [0.3, *((RANKS[1:] + RANKS[:-1]) / 2)])
"""Halfway between the ranks of a word that occurs n and n + 1 times."""


def missing() -> str:
    return missing_package("psycopg") or server.missing()


def database_of(folder: Path) -> str:
    return "b" + folder.name.replace("-", "_")


READ = (
    "lon",
    "lat",
    "state",
    "yes",
    "no",
    "age_min",
    "age_max",
    "languages",
    "cost",
    "capacity",
    "verified_day",
)
READ += ("schedule", "in_person", "remote")


def lines(columns: Columns) -> Iterator[str]:
    """Return the rows as text for COPY, along the curve."""
    hours = ["".join("1" if half_hour else "0" for half_hour in week) for week in columns.schedule_open]
    terms = terms_of(columns)
    order = curve_order(columns)
    plain = [getattr(columns, name)[order].tolist() for name in READ]
    for i, lon, lat, *rest, week, visited, remote in zip(order.tolist(), *plain, strict=True):
        words = columns.tokens[i]
        offered = "{" + ",".join(map(str, terms[i])) + "}"
        row = (i, lon, lat, words, words.count(" ") + 1, offered, *rest, hours[week], visited, remote)
        yield "\t".join(map(str, row)) + "\n"


def build(columns: Columns, folder: Path) -> float:
    server.start()
    name = database_of(folder)
    with server.connect("postgres") as db:
        db.execute(f"DROP DATABASE IF EXISTS {name}")
        db.execute(f"CREATE DATABASE {name}")
    with server.connect(name) as db:
        db.execute("CREATE EXTENSION postgis")
        db.execute("CREATE EXTENSION intarray")
        db.execute(f"CREATE UNLOGGED TABLE raw ({COLUMNS})")
        with db.cursor() as cursor, cursor.copy("COPY raw FROM STDIN") as copy:
            for line in lines(columns):
                copy.write(line)
        db.execute(f"CREATE TABLE service AS SELECT {KEPT} FROM raw")
        db.execute("DROP TABLE raw")
        db.execute("CREATE TABLE frequency (word text PRIMARY KEY, rows int)")
        db.execute("INSERT INTO frequency SELECT word, ndoc FROM ts_stat('SELECT words FROM service')")
        for index in INDEXES:
            db.execute(index)
        db.execute("VACUUM ANALYZE service")
        return server.cpu_seconds(db.info.backend_pid)


def disk_bytes(folder: Path, table: str = "service") -> int:
    with server.connect(database_of(folder)) as db:
        return int(db.execute(f"SELECT pg_total_relation_size('{table}')").fetchone()[0])


class Engine:
    def __init__(self, folder: Path) -> None:
        server.start()
        self.db = server.connect(database_of(folder))
        self.db.prepare_threshold, self.db.prepared_max = 2, 400
        self.cursor = self.db.cursor()
        self.n, self.mean = self.db.execute("SELECT count(*), avg(length)::float8 FROM service").fetchone()
        self.frequency = dict(self.db.execute("SELECT word, rows FROM frequency"))

    def query(self, query: Query) -> list[int]:
        sql, values = self.sql(query)
        return [row[0] for row in self.cursor.execute(sql, values, prepare=True)]

    def sql(self, query: Query) -> tuple[str, dict[str, Any]]:
        """Return the statement and its parameters."""
        values: dict[str, Any] = {}
        where, distance = self.place(query, values)
        where += self.conditions(query, values)
        score = f"{distance} + 0.20 * ({' + '.join(self.acceptance(query, values))})"
        score += " + 0.15 * greatest(0, 1 - (%(today)s::int - verified) / 730.0::float8)"
        values["today"] = query.today
        demanded = " AND ".join(where)
        if not query.words:
            return (
                f"SELECT id FROM {self.table()} WHERE {demanded} ORDER BY {score} DESC, id LIMIT 20",
                values,
            )
        bm25 = self.bm25(query, values)
        return (
            f"SELECT id FROM (SELECT id, {score} AS rest, {bm25} AS b FROM (SELECT *, %(base)s::float8 + "
            f"%(slope)s::float8 * length AS norm FROM {self.table()} WHERE {demanded} OFFSET 0) "
            "AS found OFFSET 0) AS scored ORDER BY rest + 0.40 * b / (b + 5) DESC, id LIMIT 20"
        ), values

    def table(self) -> str:
        return "service"

    def place(self, query: Query, values: dict[str, Any]) -> tuple[list[str], str]:
        """Return the conditions of the place, and the part of the score for distance."""
        if query.lat is None:
            values["state"] = query.state
            return ["state = %(state)s::int2"], "0"
        values |= {"lat": query.lat, "lon": query.lon, "reach": query.radius * METERS_A_MILE}
        near = f"(in_person AND ST_DWithin(place, {POINT}, %(reach)s, false))"
        share = f"1 - ST_Distance(place, {POINT}, false) / %(reach)s"
        if query.remote_state is None:
            return [near], f"0.25 * ({share})"
        values["from"] = query.remote_state
        either = f"({near} OR (remote AND state = %(from)s::int2))"
        return [either], f"0.25 * CASE WHEN {near} THEN {share} ELSE 0.5 END"

    def conditions(self, query: Query, values: dict[str, Any]) -> list[str]:
        asked = {
            "terms && %(terms)s::int[]": ("terms", list(query.terms)),
            "refused & %(asked)s = 0": ("asked", query.asked),
            "age_min <= %(age)s AND age_max >= %(age)s": ("age", query.age),
            "languages & %(spoken)s <> 0": ("spoken", language_bits(query.languages)),
            "yes & %(required)s = %(required)s": ("required", query.required),
            "cost & %(cost)s <> 0": ("cost", query.cost),
        }
        where = [f"({condition})" for condition, (_, value) in asked.items() if value]
        values |= dict(pair for pair in asked.values() if pair[1])
        if query.open_slot is not None:
            where.append("get_bit(hours, %(slot)s) = 1")
            values["slot"] = query.open_slot
        if query.not_full:
            where.append("capacity <> 3")
        if query.words:
            where.append("words @@ %(said)s::tsquery")
            values["said"] = (" & " if query.all_words else " | ").join(f"'{word}'" for word in query.words)
        return where

    def acceptance(self, query: Query, values: dict[str, Any]) -> list[str]:
        parts = [
            "0.25 * (yes >> 4 & 1)",
            "(ARRAY[0.0375, 0.15, 0.075, 0])[capacity + 1]",
            "0.10 * (cost & 1)",
        ]
        if query.asked:
            parts.append("0.35 * (yes & %(asked)s = %(asked)s)::int")
        if query.languages:
            parts.append("0.15 * (languages & %(first)s <> 0)::int")
            values["first"] = 1 << query.languages[0]
        return parts

    def bm25(self, query: Query, values: dict[str, Any]) -> str:
        values |= {"base": 1.2 * 0.25, "slope": 1.2 * 0.75 / self.mean}
        parts = []
        for number, word in enumerate(query.words):
            values[f"w{number}"] = 2.2 * idf(self.n, self.frequency.get(word, 0))
            values[f"q{number}"] = f"'{word}'"
            rank = f"ts_rank('{{1,1,1,1}}', words, %(q{number})s::tsquery)::float8"
            times = f"width_bucket({rank}, ARRAY[{OFTEN}]::float8[])"
            parts.append(f"%(w{number})s::float8 * {times} / ({times} + norm)")
        return " + ".join(parts)

    def processes(self) -> list[int]:
        return [self.db.info.backend_pid]

    def close(self) -> None:
        self.db.close()
