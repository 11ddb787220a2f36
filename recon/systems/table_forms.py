"""How Visma Global's tables are written down: their columns' kinds, what "nothing" is in them.

Their schema is the placeholder `SCHEMA`: an engine maps it to the profile's schema with
`schema_translate_map={SCHEMA: name}`. Columns are those that the product uses or may soon use;
a database holds more, which the transport finds in its catalogue. Texts are bound as Unicode, so
that a VARCHAR and an NVARCHAR column take the same statement.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BINARY,
    VARBINARY,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Time,
    Unicode,
    Uuid,
)
from sqlalchemy.dialects.mssql import MONEY, SMALLMONEY
from sqlalchemy.types import TypeEngine

SCHEMA = "global"
COLLATION = "GLOBAL_CI_AS"
GUID = "SeveraGUID"
EMPTY_DATE = datetime(1970, 1, 1)
EMPTY_DATES = frozenset({EMPTY_DATE, datetime(1900, 1, 1), datetime(1899, 12, 30)})
MARKER = "RECON_SANDBOX_MARKER"

# Never read, stored or shown, though Global holds them.
PRIVATE = frozenset(
    {"password", "bizwebpassword", "bankaccount", "postaccount", "iban", "birthday", "sex", "vudid"}
    | {"timecostprice"}  # what a person's hour costs is a salary
)


def private(column: str) -> bool:
    """Whether a column holds what is nobody's business; other versions have more passwords."""
    return column.casefold() in PRIVATE or "password" in column.casefold()


_EMPTIES: tuple[tuple[type[Any] | tuple[type[Any], ...], Any], ...] = (
    ((Integer, Boolean), 0),
    ((Numeric, Float, MONEY, SMALLMONEY), 0),
    ((LargeBinary, BINARY, VARBINARY), b""),
    (Uuid, str(UUID(int=0))),
    (String, ""),
    (DateTime, EMPTY_DATE),
    (Date, EMPTY_DATE.date()),
    (Time, EMPTY_DATE.time()),
)

metadata = MetaData(schema=SCHEMA)
_STAMPS = "Created LastUpdate"
_USERS = "CreatedBy LastUpdatedBy"


def _columns(names: str, kind: Any, key: str) -> list[Column[Any]]:
    return [
        Column(name, kind, primary_key=own, autoincrement=False, nullable=not own)
        for name in names.split()
        for own in [name in key.split()]
    ]


def table(name: str, key: str, *, integers: str = "", texts: str = "", **others: str) -> Table:
    """A table with its stamps; `key` names one or several columns, `others` are `floats`, `dates`,
    and `stamps` ('' for none)."""
    stamped = others.get("stamps", _STAMPS)
    users = _USERS if stamped == _STAMPS else ""
    return Table(
        name,
        metadata,
        *_columns(f"{integers} {users}", Integer(), key),
        *_columns(texts, Unicode(), key),
        *_columns(others.get("floats", ""), Float(53), key),
        *_columns(f"{others.get('dates', '')} {stamped}", DateTime(), key),
        implicit_returning=False,  # OUTPUT fails on tables that have triggers
    )


def empty_of(kind: TypeEngine[Any]) -> Any:
    """What Global holds for "nothing" in a column of this kind; None if the kind is not known."""
    for kinds, empty in _EMPTIES:
        if isinstance(kind, kinds):
            return empty
    return None
