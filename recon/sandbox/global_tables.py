"""Visma Global's 51 tables for the sandbox, from the product's own schema file.

On SQLite they are made hostile: lengths, code page, number ranges and 1/300 s are enforced, texts
compare without case and trailing spaces, and nearly every column must be named.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from sqlalchemy import (
    NVARCHAR,
    VARBINARY,
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    Unicode,
    Uuid,
    text,
)
from sqlalchemy.dialects.mssql import BIT
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from recon.sandbox.global_triggers import INSIDE
from recon.systems.table_forms import COLLATION, MARKER

TRAIL = "RECON_SANDBOX_TRAIL"
CP1252 = "".join(bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0))
FOREIGN = f"*[^\x01-\x7f\xa0-\xff{CP1252}]*"


class PlainInteger(Integer):
    """An integer that SQLite does not number by itself, even as primary key."""


@compiles(PlainInteger, "sqlite")
def _plain_integer(_kind: PlainInteger, _compiler: Any, **_options: Any) -> str:
    return "INT"


class EmptyBinary(FunctionElement[bytes]):
    """A default of no bytes."""

    inherit_cache = True


@compiles(EmptyBinary)
def _empty_binary(_element: EmptyBinary, compiler: Any, **_options: Any) -> str:
    return "0x" if compiler.dialect.name == "mssql" else "(x'')"


@dataclass(frozen=True, slots=True)
class Options:
    """How hostile the tables are: which keys are IDENTITY, and whether Customer is `wide`.

    A wide Customer has further columns of odd kinds that no part of the product knows. `without`
    leaves out columns (`Table.Column`), as a database of another version does.
    """

    identity: frozenset[str] = frozenset({"ChangedLog"})
    wide: bool = False
    without: frozenset[str] = frozenset()


@cache
def _described() -> Mapping[str, Any]:
    file = resources.files("recon.sandbox").joinpath("global_schema.json")
    tables: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))["tables"]
    return tables


def table_names() -> tuple[str, ...]:
    """All tables that the sandbox knows, in the file's order."""
    return tuple(_described())


def make_tables(schema: str, options: Options) -> MetaData:
    """Core tables under a schema, ready for CREATE TABLE on SQLite and on SQL Server."""
    metadata = MetaData(schema=schema)
    for name, described in _described().items():
        columns = [
            _column(column, kind, _Key(described["key"], name in options.identity))
            for column, kind in described["columns"].items()
            if f"{name}.{column}" not in options.without
        ]
        columns += _wide_columns() if options.wide and name == "Customer" else []
        numbered = name in options.identity
        Table(name, metadata, *columns, *_checks(columns), sqlite_autoincrement=numbered)
    _own_tables(metadata)
    return metadata


@dataclass(frozen=True, slots=True)
class _Key:
    columns: list[str]
    identity: bool


def _column(name: str, described: str, key: _Key) -> Column[Any]:
    kind, *words = described.split()
    identity = key.identity and key.columns == [name]
    return Column(
        name,
        Integer() if identity else _kind(kind),
        primary_key=name in key.columns,
        autoincrement=identity,
        nullable="null" in words,
        server_default=EmptyBinary() if "default" in words else None,
    )


@cache
def _kind(described: str) -> TypeEngine[Any]:
    name, _, rest = described.partition("(")
    make: Mapping[str, Callable[[int], TypeEngine[Any]]] = {
        "int": lambda _length: PlainInteger(),
        "bit": lambda _length: PlainInteger().with_variant(BIT(), "mssql"),
        "float": lambda _length: Float(53),
        "datetime": lambda _length: DateTime(),
        "varbinary": _binary,
        "varchar": lambda length: _texts(String, length),
        "nvarchar": lambda length: _texts(NVARCHAR, length),
        "text": lambda _length: Text(),
    }
    return make[name](int(rest.rstrip(")") or 0))


def _binary(length: int) -> TypeEngine[Any]:
    return LargeBinary(length).with_variant(VARBINARY(length), "mssql")


def _texts(kind: type[String], length: int) -> TypeEngine[Any]:
    return kind(length).with_variant(kind(length, collation=COLLATION), "sqlite")


def _checks(columns: Iterable[Column[Any]]) -> list[CheckConstraint]:
    """What SQL Server would enforce or spoil, as SQLite checks with telling names."""
    rules = [rule for column in columns for rule in _rules(column)]
    return [CheckConstraint(text(rule), name=name).ddl_if(dialect="sqlite") for name, rule in rules]


def _rules(column: Column[Any]) -> list[tuple[str, str]]:
    kind, name = column.type, column.name
    if isinstance(kind, PlainInteger):
        return [(f"range {name}", _range(column))]
    if isinstance(kind, DateTime):
        return [(f"range {name}", INSIDE.format(name=name))]
    if not isinstance(kind, String) or not kind.length:
        return []
    fits = (f"length {name}", f'length("{name}") <= {kind.length}')
    coded = (f"codepage {name}", f"\"{name}\" NOT GLOB '{FOREIGN}'")
    return [fits] if isinstance(kind, Unicode) else [fits, coded]


def _range(column: Column[Any]) -> str:
    return (
        f'"{column.name}" BETWEEN -2147483648 AND 2147483647 '
        f"AND typeof(\"{column.name}\") IN ('integer', 'null')"
    )


def _own_tables(metadata: MetaData) -> None:
    Table(
        MARKER,
        metadata,
        Column("UniqueNo", PlainInteger(), primary_key=True, autoincrement=False),
        Column("SchemaName", Unicode(128), nullable=False),
        Column("Note", Unicode(200), nullable=False),
    )
    Table(
        TRAIL,
        metadata,
        Column("Line", Integer(), primary_key=True, autoincrement=True),
        Column("TableName", Unicode(128), nullable=False),
        Column("RowKey", Unicode(60), nullable=False),
        sqlite_autoincrement=True,
    )


def _wide_columns() -> list[Column[Any]]:
    """Columns of odd kinds that no part of the product knows."""
    return [
        Column("ZWideAmount", Numeric(18, 4), nullable=False),
        Column("ZWideFlag", PlainInteger().with_variant(BIT(), "mssql"), nullable=False),
        Column("ZWideBig", BigInteger(), nullable=False),
        Column("ZWideText", NVARCHAR(40), nullable=False),
        Column("ZWideDay", Date(), nullable=False),
        Column("ZWideBinary", _binary(16), nullable=False),
        Column("ZWideId", Uuid(as_uuid=False), nullable=False),
        Column("ZWideDefault", Integer(), nullable=False, server_default=text("7")),
        Column("ZWideNull", String(10), nullable=True),
        Column("ZWideComputed", Integer(), Computed("CustomerNo * 2")),
    ]
