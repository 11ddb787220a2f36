"""The sandbox's triggers: DATETIME in steps of 1/300 s on SQLite, and a trail on Customer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, DateTime, Table

# A DATETIME begins in 1753 and is stored as a text of this form.
INSIDE = "\"{name}\" LIKE '____-__-__ __\\:__\\:__%' AND substr(\"{name}\", 1, 4) >= '1753'"


def moments_of(columns: Iterable[Column[Any]]) -> list[str]:
    """The names of the DATETIME columns."""
    return [column.name for column in columns if isinstance(column.type, DateTime)]


def rounding(table: Table) -> list[str]:
    """Statements that make SQLite round a table's DATETIMEs as SQL Server does."""
    names = moments_of(table.columns)
    if not names:
        return []
    changes = ", ".join(f'"{name}" = {_rounded(name)}' for name in names)
    wanted = " OR ".join(f"substr(NEW.\"{name}\", 21, 6) > '000000'" for name in names)
    return [
        f'CREATE TRIGGER "{table.schema}"."{table.name}_moments_{event.lower()}" '
        f'AFTER {event} ON "{table.name}" WHEN {wanted} '
        f'BEGIN UPDATE "{table.name}" SET {changes} WHERE rowid = NEW.rowid; END'
        for event in ("INSERT", "UPDATE")
    ]


def _rounded(name: str) -> str:
    """Whole seconds plus 0, 3 or 7 thousandths, carried into the next second where need be."""
    ticks = f'round(substr("{name}", 21, 6) * 3 / 10000.0)'
    thousandths = f"CAST(round({ticks} * 10 / 3.0) AS INT)"
    carried = f"'+' || ({thousandths} / 1000) || ' seconds'"
    moment = f"strftime('%Y-%m-%d %H:%M:%S', substr(\"{name}\", 1, 19), {carried})"
    return f"{moment} || printf('.%03d000', {thousandths} % 1000)"


def trail(table: Table, trail_table: str, dialect: str) -> list[str]:
    """Statements that note each new or changed row of the table, as other programs' triggers do."""
    key = next(iter(table.primary_key.columns)).name
    if dialect == "mssql":
        return [_trail_on_server(table, trail_table, key)]
    return [
        f'CREATE TRIGGER "{table.schema}"."{table.name}_trail_{event.lower()}" '
        f'AFTER {event} ON "{table.name}" BEGIN INSERT INTO "{trail_table}" '
        f'("TableName", "RowKey") VALUES (\'{table.name}\', NEW."{key}"); END'
        for event in ("INSERT", "UPDATE")
    ]


def _trail_on_server(table: Table, trail_table: str, key: str) -> str:
    schema = f"[{table.schema}]"
    return (
        f"CREATE TRIGGER {schema}.[{table.name}_trail] ON {schema}.[{table.name}] "
        f"AFTER INSERT, UPDATE AS BEGIN INSERT INTO {schema}.[{trail_table}] "
        f"([TableName], [RowKey]) SELECT '{table.name}', "
        f"CONVERT(NVARCHAR(60), [{key}]) FROM inserted; END"
    )
