"""PostgreSQL as an expert would: cells, states and terms as numbers in one GIN index beside the words."""

from pathlib import Path
from typing import Any

import numpy as np

from bench.engines import postgres, server
from bench.engines.common import terms_of
from bench.engines.facets import LEVELS, cover
from entero.directory.matching.columns import Columns
from entero.directory.matching.query import Query

NAME = "PostgreSQL + PostGIS, one GIN"
REMOTE, TERM, CELL, ACROSS = 1_000, 2_000, 10_000_000, 3_600

missing = postgres.missing


def _cells(columns: Columns) -> list[list[int]]:
    codes = []
    for level, size in enumerate(LEVELS):
        row = np.floor((columns.lat + 90) / size).astype(np.int64)
        column = np.floor((columns.lon + 180) / (size * 1.3)).astype(np.int64)
        codes.append(CELL * (level + 1) + row * ACROSS + column)
    cells: list[list[int]] = np.stack(codes, axis=1).tolist()
    return cells


def lines(columns: Columns) -> Any:
    """Return the numbers of every row as text for COPY."""
    cells, terms, state = _cells(columns), terms_of(columns), columns.state.tolist()
    in_person, remote = columns.in_person.tolist(), columns.remote.tolist()
    for i in range(len(state)):
        codes = [state[i], *(TERM + term for term in terms[i])]
        codes += [REMOTE + state[i]] * remote[i] + cells[i] * in_person[i]
        yield f"{i}\t{{{','.join(map(str, codes))}}}\n"


def build(columns: Columns, folder: Path) -> float:
    """Build on top of the plain one, which is made first."""
    with server.connect(postgres.database_of(folder)) as db:
        db.execute("DROP TABLE IF EXISTS codes, expert")
        db.execute("CREATE UNLOGGED TABLE codes (id int, codes int[])")
        with db.cursor() as cursor, cursor.copy("COPY codes FROM STDIN") as copy:
            for line in lines(columns):
                copy.write(line)
        db.execute(
            "CREATE TABLE expert AS SELECT service.*, codes FROM service JOIN codes USING (id) "
            "ORDER BY ST_GeoHash(place::geometry, 8)"
        )
        db.execute("DROP TABLE codes")
        db.execute("CREATE INDEX ON expert USING gin (codes gin__int_ops, words)")
        db.execute("VACUUM ANALYZE expert")
        return server.cpu_seconds(db.info.backend_pid)


def disk_bytes(folder: Path) -> int:
    return postgres.disk_bytes(folder, "expert")


class Engine(postgres.Engine):
    def table(self) -> str:
        return "expert"

    def place(self, query: Query, values: dict[str, Any]) -> tuple[list[str], str]:
        where, distance = super().place(query, values)
        if query.lat is None or query.lon is None:
            values["codes"] = [query.state]
            return ["codes && %(codes)s::int[]"], distance
        cells = cover(query.lat, query.lon, query.radius)
        codes = [CELL * (level + 1) + row * ACROSS + column for level, row, column in cells]
        values["codes"] = codes if query.remote_state is None else [*codes, REMOTE + query.remote_state]
        return ["codes && %(codes)s::int[]", *where], distance

    def conditions(self, query: Query, values: dict[str, Any]) -> list[str]:
        where = super().conditions(query, values)
        if query.terms:
            where = [each for each in where if not each.startswith("(terms")]
            where.append("codes && %(offers)s::int[]")
            values["offers"] = [TERM + term for term in query.terms]
        return where
