"""Lays a Visma Global company into a database: a SQLite file, or any SQL Server.

It never touches what is not the sandbox's: tables that hold rows are filled only where the
sandbox's marker stands in the same schema. Tables that exist are used as they are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Column,
    Connection,
    DateTime,
    Engine,
    MetaData,
    Table,
    create_engine,
    delete,
    event,
    func,
    insert,
    inspect,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateSchema

from recon.errors import Stop, Usage
from recon.sandbox.global_tables import TRAIL, Options, make_tables
from recon.sandbox.global_triggers import rounding, trail
from recon.systems.stand_in import attach
from recon.systems.table_forms import MARKER, empty_of

__all__ = ["Options", "create", "marked", "open_engine"]

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
NOTE = "Made by recon's sandbox; its tables may be emptied and filled again."


def create(url: str, schema: str, rows: Rows, options: Options | None = None) -> None:
    """Make the tables that are missing, and fill those that `rows` names.

    `Usage` where a table to fill holds rows and the sandbox's marker is not there.
    """
    _make_file(url)
    engine = open_engine(url, schema)
    try:
        with engine.begin() as connection:
            _lay(connection, schema, rows, options or Options())
    except DBAPIError as error:
        raise Stop(
            f"The sandbox could not be laid into that database: {str(error.orig)[:300]}",
            where=f"schema {schema}",
            todo="Check that the login may create tables there, and that the rows fit",
        ) from None
    finally:
        engine.dispose()


def marked(engine: Engine, schema: str) -> bool:
    """Whether the schema is the sandbox's, which alone allows to change it."""
    with engine.connect() as connection:
        return _is_marked(connection, schema)


def open_engine(url: str, schema: str) -> Engine:
    """An engine for what the sandbox itself does; SQLite's file stands under the schema's name."""
    address = _address(url)
    if address.get_backend_name() == "mssql":
        return _server(address)
    file = Path(address.database or "")
    engine = create_engine("sqlite://", creator=lambda: _attached(file, schema), poolclass=NullPool)
    event.listen(engine, "begin", _begin)
    return engine


def _address(url: str) -> URL:
    try:
        address = make_url(url)
        if address.get_backend_name() in ("sqlite", "mssql"):
            return address
    except ArgumentError:
        pass
    raise Usage(
        "The sandbox's Visma Global lives in a SQLite file or on a SQL Server",
        todo="Write sqlite:///FILE or mssql+pyodbc://LOGIN:PASSWORD@SERVER/DATABASE?driver=…",
    )


def _server(address: URL) -> Engine:
    try:
        return create_engine(address, fast_executemany=True, hide_parameters=True)
    except ImportError:
        raise Stop(
            "SQL Server cannot be used: its ODBC library or the package pyodbc is missing here",
            todo="Install libodbc2, msodbcsql18 and 'pip install recon[sqlserver]'",
        ) from None


def _attached(file: Path, schema: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        ":memory:", uri=True, isolation_level=None, check_same_thread=False, timeout=30
    )
    attach(connection, file, schema)
    return connection


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _make_file(url: str) -> None:
    """An empty SQLite file in WAL mode, where there is none yet."""
    address = _address(url)
    if address.get_backend_name() != "sqlite":
        return
    file = Path(address.database or "")
    file.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


def _lay(connection: Connection, schema: str, rows: Rows, options: Options) -> None:
    _make_schema(connection, schema)
    wanted = make_tables(schema, options)
    there = set(inspect(connection).get_table_names(schema=schema))
    _refuse_others(connection, schema, [wanted.tables[f"{schema}.{name}"] for name in rows], there)
    _make_missing(connection, wanted, there)
    _mark(connection, wanted.tables[f"{schema}.{MARKER}"])
    filled = {name: _as_it_is(connection, wanted, name, there) for name in rows}
    for table in reversed(filled.values()):
        connection.execute(delete(table))
    for name, table in filled.items():
        _fill(connection, table, rows[name])


def _as_it_is(connection: Connection, wanted: MetaData, name: str, there: set[str]) -> Table:
    """A table that was there before has its own columns."""
    if name not in there:
        return wanted.tables[f"{wanted.schema}.{name}"]
    own = MetaData(schema=wanted.schema)
    return Table(name, own, autoload_with=connection, resolve_fks=False)


def _make_schema(connection: Connection, schema: str) -> None:
    names = {name.casefold() for name in inspect(connection).get_schema_names()}
    if schema.casefold() in names:
        return
    if connection.dialect.name == "sqlite":
        raise Usage(
            f"This file was made for another schema than {schema}",
            todo="Give the schema that it was made for, or another file",
        )
    connection.execute(CreateSchema(schema))


def _refuse_others(
    connection: Connection, schema: str, tables: Iterable[Table], there: set[str]
) -> None:
    if _is_marked(connection, schema):
        return
    for table in tables:
        if table.name in there and _count(connection, table):
            raise Usage(
                f"Table {table.name} holds rows that are not the sandbox's; nothing was changed",
                where=f"schema {schema}",
                todo="Name an empty database or schema, or one that the sandbox made",
            )


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _is_marked(connection: Connection, schema: str) -> bool:
    if not inspect(connection).has_table(MARKER, schema=schema):
        return False
    marker = Table(MARKER, MetaData(), Column("UniqueNo"), schema=schema)
    return _count(connection, marker) > 0


def _make_missing(connection: Connection, wanted: MetaData, there: set[str]) -> None:
    missing = [table for table in wanted.tables.values() if table.name not in there]
    wanted.create_all(connection, tables=missing, checkfirst=False)
    for table in missing:
        for statement in _triggers(table, connection.dialect.name):
            connection.exec_driver_sql(statement)


def _triggers(table: Table, dialect: str) -> list[str]:
    statements = rounding(table) if dialect == "sqlite" else []
    if table.name == "Customer":
        statements += trail(table, TRAIL, dialect)
    return statements


def _mark(connection: Connection, marker: Table) -> None:
    if not _count(connection, marker):
        row = {"UniqueNo": 1, "SchemaName": marker.schema, "Note": NOTE}
        connection.execute(insert(marker).values(row))


def _fill(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows with every column that must be named; columns that are not there drop out."""
    names = {name for row in rows for name in row}
    columns = [c for c in table.columns if c.computed is None and (c.name in names or _must(c))]
    if rows:
        known = {column.name: column for column in columns}
        empty = {name: empty_of(column.type) for name, column in known.items()}
        full = [
            empty | {n: _value(v, known[n]) for n, v in row.items() if n in known} for row in rows
        ]
        connection.execute(insert(table).inline(), full)


def _must(column: Column[Any]) -> bool:
    """SQL Server and SQLite number IDENTITY columns themselves."""
    if column.identity is not None or column.autoincrement is True:
        return False
    return not column.nullable and column.server_default is None


def _value(value: Any, column: Column[Any]) -> Any:
    if value is None:
        return empty_of(column.type)
    if isinstance(value, int | float):
        return value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(column.type, DateTime) and isinstance(value, str):
        return datetime.fromisoformat(value)
    if isinstance(column.type, DateTime) and isinstance(value, date):
        return value if isinstance(value, datetime) else datetime(*value.timetuple()[:3])
    return value
