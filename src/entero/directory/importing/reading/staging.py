"""Keeps the rows of a data package on disk, so that they can be joined without filling the memory."""

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

Record = dict[str, Any]


class Staging:
    """A temporary store of rows, found by table and id, or by the row they belong to."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="entero-import-")
        self._db = sqlite3.connect(Path(self._folder.name) / "rows.sqlite3", isolation_level=None)
        self._db.executescript(
            """
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32000; BEGIN;
            CREATE TABLE row (tbl TEXT, id TEXT, line INT, body TEXT, PRIMARY KEY (tbl, id)) WITHOUT ROWID;
            CREATE TABLE link (owner TEXT, owner_id TEXT, tbl TEXT, id TEXT,
                PRIMARY KEY (owner, owner_id, tbl, id)) WITHOUT ROWID;
            """
        )

    def __enter__(self) -> "Staging":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._db.close()
        self._folder.cleanup()

    def add(self, table: str, row_id: str, line: int, row: Record, links: list[tuple[str, str]]) -> bool:
        """Keep a row and whom it belongs to; False when there is one of this id already."""
        body = json.dumps(row, ensure_ascii=False)
        done = self._db.execute(
            "INSERT OR IGNORE INTO row VALUES (?, ?, ?, ?)", (table, row_id, line, body)
        ).rowcount
        if done:
            self._db.executemany(
                "INSERT OR IGNORE INTO link VALUES (?, ?, ?, ?)",
                [(owner, owner_id, table, row_id) for owner, owner_id in links],
            )
        return bool(done)

    def count(self, table: str) -> int:
        return int(self._db.execute("SELECT count(*) FROM row WHERE tbl = ?", (table,)).fetchone()[0])

    def get(self, table: str, row_id: Any) -> Record | None:
        found = self._db.execute(
            "SELECT line, body FROM row WHERE tbl = ? AND id = ?", (table, str(row_id))
        ).fetchone()
        return _row(*found) if found else None

    def all(self, table: str) -> Iterator[Record]:
        """Yield the rows of a table in the order of their ids."""
        rows = self._db.execute("SELECT line, body FROM row WHERE tbl = ? ORDER BY id", (table,))
        return (_row(line, body) for line, body in rows)

    def of(self, owner: str, owner_id: Any, table: str) -> list[Record]:
        """Return the rows of a table that belong to this one."""
        rows = self._db.execute(
            "SELECT row.line, row.body FROM link JOIN row ON row.tbl = link.tbl AND row.id = link.id"
            " WHERE link.owner = ? AND link.owner_id = ? AND link.tbl = ? ORDER BY row.line",
            (owner, str(owner_id), table),
        )
        return [_row(line, body) for line, body in rows]

    def lost(self, table: str) -> list[int]:
        """Return the lines of the rows of a table that belong to no row there is."""
        rows = self._db.execute(
            "SELECT line FROM row WHERE tbl = ? AND NOT EXISTS ("
            " SELECT 1 FROM link JOIN row AS owner ON owner.tbl = link.owner AND owner.id = link.owner_id"
            " WHERE link.tbl = row.tbl AND link.id = row.id) ORDER BY line",
            (table,),
        )
        return [line for (line,) in rows]

    def unlinked(self, table: str, owners: tuple[str, ...]) -> list[int]:
        """Return the lines of attributes and metadata whose row is in none of these tables."""
        rows = self._db.execute(
            "SELECT row.line FROM link JOIN row ON row.tbl = link.tbl AND row.id = link.id"
            " WHERE link.owner = 'link' AND link.tbl = ? AND NOT EXISTS (SELECT 1 FROM row AS owner"
            " WHERE owner.tbl IN (SELECT value FROM json_each(?)) AND owner.id = link.owner_id)"
            " ORDER BY row.line",
            (table, json.dumps(owners)),
        )
        return [line for (line,) in rows]


def _row(line: int, body: str) -> Record:
    row: Record = json.loads(body)
    row["_line"] = line
    return row
