"""What a table of this very database looks like: its columns, read from the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import (
    BINARY,
    VARBINARY,
    BigInteger,
    Boolean,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    SmallInteger,
    String,
    Table,
    Unicode,
    UnicodeText,
    Uuid,
    cast,
    func,
    inspect,
    literal_column,
    select,
    text,
)
from sqlalchemy import Column as CoreColumn
from sqlalchemy.dialects.mssql import MONEY, SMALLMONEY, SQL_VARIANT, TIMESTAMP, TINYINT
from sqlalchemy.exc import NoSuchTableError
from sqlalchemy.types import TypeEngine

from recon.errors import Stop
from recon.systems.table_forms import GUID, SCHEMA, empty_of
from recon.systems.tables import TABLES

Kind = Literal["integer", "number", "text", "moment", "day", "binary", "other"]

_KINDS: tuple[tuple[tuple[type[Any], ...], Kind], ...] = (
    ((Integer, Boolean), "integer"),
    ((Numeric, Float, MONEY, SMALLMONEY), "number"),
    ((Uuid,), "other"),
    ((String,), "text"),
    ((DateTime,), "moment"),
    ((Date,), "day"),
    ((LargeBinary, BINARY, VARBINARY), "binary"),
)
_RANGES: tuple[tuple[type[Any], int, int], ...] = (
    (Boolean, 0, 1),
    (TINYINT, 0, 255),
    (SmallInteger, -(2**15), 2**15 - 1),
    (BigInteger, -(2**63), 2**63 - 1),
    (Integer, -(2**31), 2**31 - 1),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column as the catalogue tells it.

    `length` counts characters (bytes in `codec` where the column is not Unicode), None is
    unlimited. `low` and `high` are an integer's limits. A column that is not `writable` (IDENTITY,
    computed, row version) is never named in a write.
    """

    name: str
    kind: Kind
    empty: Any
    length: int | None = None
    codec: str | None = None
    low: int = 0
    high: int = 0
    nullable: bool = False
    has_default: bool = False
    identity: bool = False
    writable: bool = True

    @property
    def must_be_named(self) -> bool:
        """An INSERT without it fails."""
        return self.writable and not self.nullable and not self.has_default


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table's columns by name, its primary key, and the Core table to write it with."""

    name: str
    columns: Mapping[str, Column]
    key: str
    table: Table

    @property
    def has_guid(self) -> bool:
        """Whether this version of the database can carry links in this table."""
        return GUID in self.columns

    def column(self, name: str) -> Column:
        """The column, or `Stop` saying that this database has none of that name."""
        if name not in self.columns:
            raise Stop(
                f"Table {self.name} of this Visma Global database has no column {name}",
                where=self.name,
                todo="The database is of another version: update Visma Global, or leave out the "
                "entity that needs this column",
            )
        return self.columns[name]


def read_table(connection: Connection, schema: str, name: str) -> TableInfo | None:
    """The table as the catalogue has it, or None where the catalogue shows no such table."""
    inspector = inspect(connection)
    try:
        found = inspector.get_columns(name, schema=schema)
    except NoSuchTableError:
        return None
    if not found:
        return None
    keys = inspector.get_pk_constraint(name, schema=schema).get("constrained_columns") or []
    spelled = _spelling(name)
    identities = _identities(connection, schema, name, keys)
    codecs = _codecs(connection, found)
    columns = [
        _column(spelled.get(row["name"].casefold(), row["name"]), row, identities, codecs)
        for row in found
    ]
    key = _key(name, [spelled.get(key.casefold(), key) for key in keys])
    return TableInfo(name, {c.name: c for c in columns}, key, _table(name, key, columns, found))


def _spelling(name: str) -> Mapping[str, str]:
    """Our own spelling of the column names; SQL Server finds them in any case."""
    known = TABLES[name].columns.keys() if name in TABLES else [GUID]
    return {column.casefold(): column for column in known}


def _key(name: str, keys: list[str]) -> str:
    if len(keys) == 1:
        return keys[0]
    if name in TABLES:
        return next(iter(TABLES[name].primary_key.columns)).name
    return keys[0] if keys else ""


def _column(
    name: str, row: Mapping[str, Any], identities: set[str], codecs: Mapping[str, str]
) -> Column:
    kind = row["type"]
    identity = row["name"] in identities or row.get("identity") is not None
    fixed = identity or row.get("computed") is not None or isinstance(kind, TIMESTAMP | SQL_VARIANT)
    low, high = _range(kind)
    return Column(
        name=name,
        kind=_kind(kind),
        empty=empty_of(kind),
        length=_length(kind),
        codec=codecs.get(row["name"]),
        low=low,
        high=high,
        nullable=bool(row["nullable"]),
        has_default=row.get("default") is not None,
        identity=identity,
        writable=not fixed,
    )


def _kind(kind: TypeEngine[Any]) -> Kind:
    return next((name for types, name in _KINDS if isinstance(kind, types)), "other")


def _length(kind: TypeEngine[Any]) -> int | None:
    length = getattr(kind, "length", None)
    return length if isinstance(length, int) and length > 0 else None


def _range(kind: TypeEngine[Any]) -> tuple[int, int]:
    return next(((low, high) for type_, low, high in _RANGES if isinstance(kind, type_)), (0, 0))


def _table(
    name: str, key: str, columns: Iterable[Column], found: Iterable[Mapping[str, Any]]
) -> Table:
    """Texts are bound as Unicode of the column's length, so that no driver recodes them."""
    return Table(
        name,
        MetaData(schema=SCHEMA),
        *(
            CoreColumn(
                column.name,
                _binding(column, row["type"]),
                primary_key=column.name == key,
                autoincrement=column.identity,
            )
            for column, row in zip(columns, found, strict=True)
        ),
        implicit_returning=False,
    )


def _binding(column: Column, kind: TypeEngine[Any]) -> TypeEngine[Any]:
    if column.kind == "text":
        return Unicode(column.length) if column.length else UnicodeText()
    if isinstance(kind, Uuid):
        return String(36)
    return Integer() if isinstance(kind, Boolean) else kind


def _identities(connection: Connection, schema: str, name: str, keys: list[str]) -> set[str]:
    """SQLite's counterpart of IDENTITY, an AUTOINCREMENT key, is told by the table's text alone."""
    if connection.dialect.name != "sqlite":
        return set()
    master = connection.dialect.identifier_preparer.quote(schema) + ".sqlite_master"
    made = connection.execute(
        text(f"SELECT sql FROM {master} WHERE type = 'table' AND name = :name"), {"name": name}
    ).scalar()
    return set(keys) if made and "AUTOINCREMENT" in made else set()


def _codecs(connection: Connection, found: Iterable[Mapping[str, Any]]) -> Mapping[str, str]:
    """The code page of each text column that is not Unicode."""
    rows = [row for row in found if _is_coded(row["type"])]
    pages = {c: _codec(connection, c) for c in {_collation(row) for row in rows}}
    return {row["name"]: pages[_collation(row)] for row in rows}


def _is_coded(kind: TypeEngine[Any]) -> bool:
    return isinstance(kind, String) and not isinstance(kind, Unicode | UnicodeText | Uuid)


def _collation(row: Mapping[str, Any]) -> str:
    return getattr(row["type"], "collation", None) or ""


def _codec(connection: Connection, collation: str) -> str:
    """Python's name of a collation's code page; Windows-1252 where nobody tells."""
    if connection.dialect.name != "mssql" or not collation:
        return "cp1252"
    page = connection.execute(code_page(collation)).scalar()
    return "utf-8" if page == 65001 else f"cp{page}" if page else "cp1252"


def code_page(collation: str) -> Any:
    """The statement that asks SQL Server for a collation's code page."""
    name = collation.replace("'", "''")
    return select(
        cast(
            func.COLLATIONPROPERTY(literal_column(f"'{name}'"), literal_column("'CodePage'")),
            Integer,
        )
    )
