"""What a SQLite database says was read and written, column by column: its own account."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

Columns = dict[str, set[str]]


@dataclass
class Watched:
    """Columns read and set, and tables inserted into, by all connections of an engine."""

    schema: str
    reads: Columns = field(default_factory=lambda: defaultdict(set))
    sets: Columns = field(default_factory=lambda: defaultdict(set))
    inserts: set[str] = field(default_factory=set)
    others: set[int] = field(default_factory=set)

    def on(self, engine: Engine) -> None:
        """Watch every connection that the engine makes from now on."""
        event.listen(engine, "connect", self._connected)

    def _connected(self, connection: sqlite3.Connection, _record: Any) -> None:
        connection.set_authorizer(self._seen)

    def _seen(
        self, action: int, table: str | None, column: str | None, schema: str | None, by: str | None
    ) -> int:
        """A trigger of the sandbox (`by`) does what another program's would, with its rights."""
        if schema == self.schema and table and by is None and not table.startswith("sqlite_"):
            if action == sqlite3.SQLITE_READ:
                self.reads[table].update({column} - {"", "ROWID", None})  # type: ignore[arg-type]
            elif action == sqlite3.SQLITE_UPDATE:
                self.sets[table].add(column or "")
            elif action == sqlite3.SQLITE_INSERT:
                self.inserts.add(table)
            elif action == sqlite3.SQLITE_DELETE:
                self.others.add(action)
        return sqlite3.SQLITE_OK
