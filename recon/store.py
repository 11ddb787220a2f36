"""The workbench's own memory in one database: tables, transactions, schema version.

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

VERSION = 4
metadata = sa.MetaData()


def _table(name: str, *columns: Any) -> sa.Table:
    return sa.Table(name, metadata, sa.Column("company", sa.String(200), nullable=False), *columns)


def _text(name: str, length: int = 200, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=False, default="", **options)


version = sa.Table("recon_version", metadata, sa.Column("number", sa.Integer, nullable=False))

run = _table(
    "recon_run",
    _text("run", 40, primary_key=True),
    _text("command", 40),
    _text("who"),
    _text("started", 40),
    _text("ended", 40),
    sa.Column("exit_code", sa.Integer),
    sa.Column("document", sa.Text),
)

link = _table(
    "recon_link",
    sa.Column("id", sa.Integer, primary_key=True),
    _text("entity", 40),
    _text("table_name", 80),
    _text("key"),
    _text("role", 40),
    _text("guid", 80),
    _text("kind", 40),
    _text("since", 40),
    _text("origin"),
    sa.Column("base", sa.Text, nullable=False, default="{}"),
    sa.Column("seen", sa.Text, nullable=False, default="{}"),
    sa.UniqueConstraint("company", "entity", "table_name", "key", "role"),
    sa.Index("recon_link_key", "company", "entity", "key"),
    sa.Index("recon_link_guid", "company", "entity", "guid"),
)

mirror = _table(
    "recon_mirror",
    _text("listing", 120),
    _text("guid", 80),
    _text("owner", 80),
    sa.Column("data", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("company", "listing", "guid"),
    sa.Index("recon_mirror_owner", "company", "listing", "owner"),
)

row_hash = _table(
    "recon_row_hash",
    _text("statement", 80),
    _text("key"),
    _text("hash", 40),
    sa.PrimaryKeyConstraint("company", "statement", "key"),
)

dirty = _table(
    "recon_dirty",
    sa.Column("id", sa.Integer, primary_key=True),
    _text("entity", 40),
    _text("side", 10),
    _text("key"),
)

cursor = _table(
    "recon_cursor",
    _text("listing", 120),
    _text("position", 60),
    _text("full_at", 40),
    sa.Column("rows", sa.Integer, nullable=False, default=0),
    sa.PrimaryKeyConstraint("company", "listing"),
)

absence = _table(
    "recon_absence",
    _text("entity", 40),
    _text("side", 10),
    _text("key"),
    sa.Column("reads", sa.Integer, nullable=False),
    sa.PrimaryKeyConstraint("company", "entity", "side", "key"),
)

journal = _table(
    "recon_journal",
    sa.Column("id", sa.Integer, primary_key=True),
    _text("run", 40),
    _text("plan_run", 40),
    _text("operation", 300),
    _text("entity", 40),
    _text("system", 10),
    _text("kind", 20),
    _text("key"),
    _text("state", 20),
    _text("who"),
    _text("sent", 40),
    _text("ended", 40),
    sa.Column("plan", sa.Text, nullable=False),
    sa.Column("resolved", sa.Text),
    sa.Column("answer", sa.Text),
    sa.Column("detail", sa.Text),
    sa.Column("looks", sa.Integer, nullable=False, default=0),
    sa.UniqueConstraint("company", "plan_run", "operation"),
    sa.Index("recon_journal_open", "company", "state"),
)

failure = _table(
    "recon_failure",
    _text("entity", 40),
    _text("side", 10),
    _text("key"),
    _text("name"),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("remedy", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("parked", sa.Integer, nullable=False),
    _text("run", 40),
    sa.PrimaryKeyConstraint("company", "entity", "side", "key"),
)

outcome = _table(
    "recon_outcome",
    _text("entity", 40),
    _text("side", 10),
    _text("key"),
    _text("name"),
    _text("state", 20),
    _text("since", 40),
    _text("number"),
    _text("parent"),
    _text("partner"),
    _text("costs"),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("differences", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("company", "entity", "side", "key"),
)

decision = _table(
    "recon_decision",
    sa.Column("id", sa.Integer, primary_key=True),
    _text("entity", 40),
    _text("global_key"),
    _text("severa_guid", 80),
    _text("verdict", 20),
    _text("who"),
    _text("at", 40),
    sa.Column("why", sa.Text, nullable=False),
    _text("global_fingerprint", 40),
    _text("severa_fingerprint", 40),
    sa.Column("score", sa.Float),
    sa.Column("saw", sa.Text),
)

note = _table(
    "recon_note",
    _text("name", 120),
    _text("at", 40),
    sa.Column("data", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("company", "name"),
)

lease = _table(
    "recon_lease",
    _text("host"),
    sa.Column("pid", sa.Integer, nullable=False),
    _text("started", 40),
    _text("run", 40),
    _text("expires", 40),
    sa.PrimaryKeyConstraint("company"),
)


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
            if found in (1, 2, 3):
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
