"""A SQLite file that stands in for Global's database on this machine."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from recon.systems.table_forms import COLLATION, MARKER


def collate(left: str, right: str) -> int:
    """How Global's texts compare: case and trailing spaces do not count (-1, 0, 1)."""
    a, b = left.rstrip(" ").casefold(), right.rstrip(" ").casefold()
    return (a > b) - (a < b)


def attach(connection: sqlite3.Connection, file: Path, schema: str) -> None:
    """Let a SQLite file stand in for Global's database, under its schema's name.

    `connection` is opened with `uri=True`. A committed write survives the death of the process
    (the file is in WAL mode). A file that is not there is not made.
    """
    connection.create_collation(COLLATION, collate)
    _attach(connection, file, schema)
    if (named := _remembered(connection, schema)).casefold() != schema.casefold():
        connection.execute(f"DETACH DATABASE {_quoted(schema)}")
        _attach(connection, file, named)


def _attach(connection: sqlite3.Connection, file: Path, schema: str) -> None:
    address = f"{file.absolute().as_uri()}?mode=rw"
    connection.execute(f"ATTACH DATABASE ? AS {_quoted(schema)}", (address,))
    connection.execute(f"PRAGMA {_quoted(schema)}.synchronous = NORMAL")


def _remembered(connection: sqlite3.Connection, schema: str) -> str:
    """The schema that the file was made for, so that a wrong name fails as it does elsewhere."""
    try:
        row = connection.execute(f"SELECT SchemaName FROM {_quoted(schema)}.{MARKER}").fetchone()
    except sqlite3.OperationalError:
        return schema
    return str(row[0]) if row else schema


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
