"""The workbench's own memory in one database: transactions, schema version.

SQLite by default (WAL, local disk), PostgreSQL where several machines share it. One thread
writes; every commit passes the effect seam.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError

from recon.effects import Effects
from recon.errors import Stop
from recon.store_tables import absence as absence
from recon.store_tables import cursor as cursor
from recon.store_tables import decision as decision
from recon.store_tables import dirty as dirty
from recon.store_tables import failure as failure
from recon.store_tables import finding as finding
from recon.store_tables import journal as journal
from recon.store_tables import lease as lease
from recon.store_tables import link as link
from recon.store_tables import metadata
from recon.store_tables import mirror as mirror
from recon.store_tables import note as note
from recon.store_tables import outcome as outcome
from recon.store_tables import row_hash as row_hash
from recon.store_tables import ruling as ruling
from recon.store_tables import run as run
from recon.store_tables import version as version
from recon.store_tables import waiver as waiver

VERSION = 5


def now() -> str:
    """The present moment in UTC, as sortable ISO text with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def dumps(data: Any) -> str:
    """Raw records as compact JSON; decimals become numbers."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=float)


def loads(text: str) -> Any:
    """The counterpart of `dumps`: numbers with a point become decimals."""
    return json.loads(text, parse_float=Decimal)


class Store:
    """One company's memory. Reads are plain; writes happen in `write`, one commit each."""

    def __init__(self, url: str, company: str, effects: Effects) -> None:
        self.company, self._effects = company, effects
        try:
            self.engine = _engine(url)
            self._prepare()
        except (DBAPIError, sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError) as error:
            raise Stop(
                f"The workbench's store cannot be opened: {type(error).__name__}",
                where=_place(url),
                todo="Check [store] url in the profile, and that its folder can be written",
            ) from None

    def _prepare(self) -> None:
        with self.engine.begin() as connection:
            version.create(connection, checkfirst=True)
            found = connection.execute(sa.select(version.c.number)).scalar()
            if found in (1, 2, 3, 4):
                found = _from_earlier(connection, found)
            if found in (None, VERSION):
                metadata.create_all(connection)
            if found is None:
                connection.execute(version.insert().values(number=VERSION))
        if found is not None and found != VERSION:
            raise Stop(
                f"The store has schema version {found}, this program needs {VERSION}",
                todo="Use the version of recon that made it, or name another store",
            )

    def rows(self, statement: sa.Select[Any]) -> list[dict[str, Any]]:
        """The rows of a select, as dicts by column name."""
        with self.engine.connect().execution_options(deferred=True) as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]

    def of(self, table: sa.Table) -> sa.Select[Any]:
        """A select of this company's rows of a table."""
        return sa.select(table).where(table.c.company == self.company)

    @contextmanager
    def write(self, label: str) -> Iterator[Writer]:
        """One transaction; it is committed through the effect seam when the block ends well."""
        with self.engine.connect() as connection:
            try:
                yield Writer(connection, self.company)
                self._effects.run("store", label, connection.commit, writes=True)
            except OperationalError as error:
                raise Stop(
                    f"The workbench's store is busy or not writable ({_code(error)})",
                    todo="End the other program that uses it, or check the disk, and run again",
                ) from None

    def note(self, name: str) -> tuple[str, Any] | None:
        """A remembered document and when it was written, or None."""
        found = self.rows(self.of(note).where(note.c.name == name))
        return (found[0]["at"], loads(found[0]["data"])) if found else None

    def close(self) -> None:
        self.engine.dispose()


class Writer:
    """An open write transaction of one company."""

    def __init__(self, connection: sa.Connection, company: str) -> None:
        self._connection, self.company = connection, company

    def execute(self, statement: sa.Executable) -> int:
        """Run a statement; the number of rows that it changed."""
        return int(self._connection.execute(statement).rowcount)

    def select(self, statement: sa.Select[Any]) -> list[dict[str, Any]]:
        """The rows of a select, inside this transaction."""
        return [dict(row) for row in self._connection.execute(statement).mappings()]

    def insert(self, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows of this company."""
        if rows:
            full = [{"company": self.company, **row} for row in rows]
            self._connection.execute(table.insert(), full)

    def put(self, table: sa.Table, rows: Sequence[Mapping[str, Any]], key: Sequence[str]) -> None:
        """Insert rows, replacing those with the same key."""
        self.drop(table, rows, key)
        self.insert(table, rows)

    def drop(self, table: sa.Table, rows: Sequence[Mapping[str, Any]], key: Sequence[str]) -> None:
        """Delete the rows with these keys from the store."""
        if not rows:
            return
        same = [table.c[name] == sa.bindparam(f"k_{name}") for name in key]
        statement = table.delete().where(table.c.company == self.company, *same)
        self._connection.execute(
            statement, [{f"k_{name}": row[name] for name in key} for row in rows]
        )

    def clear(self, table: sa.Table, **equal: Any) -> None:
        """Delete this company's rows of a table where the columns equal the values."""
        same = [table.c[name] == value for name, value in equal.items()]
        self._connection.execute(table.delete().where(table.c.company == self.company, *same))

    def remember(self, name: str, data: Any) -> None:
        """Keep a document under a name."""
        self.put(note, [{"name": name, "at": now(), "data": dumps(data)}], ["name"])


def _from_earlier(connection: sa.Connection, found: int) -> int:
    """What version 1 read from the systems is thrown away and read again; all else stays."""
    for name in (
        ("recon_mirror", "recon_cursor", "recon_hold", "recon_absence") if found == 1 else ()
    ):
        connection.execute(sa.text(f"DROP TABLE IF EXISTS {name}"))
    for index in (*link.indexes, *journal.indexes):
        index.create(connection, checkfirst=True)
    _widen(connection, decision)
    connection.execute(version.update().values(number=VERSION))
    return VERSION


def _widen(connection: sa.Connection, table: sa.Table) -> None:
    """Add the columns that an earlier version's table lacks; they may be empty."""
    known = {column["name"] for column in sa.inspect(connection).get_columns(table.name)}
    for column in table.columns:
        if column.name not in known:
            kind = column.type.compile(connection.dialect)
            connection.execute(sa.text(f"ALTER TABLE {table.name} ADD COLUMN {column.name} {kind}"))


def _place(url: str) -> str:
    """The store's database for messages: never its login, password or options."""
    try:
        found = sa.engine.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        return "[store] url"
    return f"{found.database} on {found.host}" if found.host else str(found.database or "")


def _code(error: DBAPIError) -> str:
    """The database's own code; its message may quote a row."""
    names = ("sqlite_errorname", "sqlstate")
    codes = (getattr(error.orig, name, None) for name in names)
    return str(next(filter(None, codes), type(error.orig).__name__))


def _engine(url: str) -> sa.Engine:
    if not url.startswith("sqlite"):
        return sa.create_engine(url, hide_parameters=True, pool_pre_ping=True)
    engine = sa.create_engine(
        url, hide_parameters=True, connect_args={"timeout": 30, "check_same_thread": False}
    )
    sa.event.listen(engine, "connect", _configure_sqlite)
    sa.event.listen(engine, "begin", _begin_immediate)
    return engine


def _configure_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: sa.Connection) -> None:
    deferred = connection.get_execution_options().get("deferred", False)
    connection.exec_driver_sql("BEGIN" if deferred else "BEGIN IMMEDIATE")
