"""Values between Python and Visma Global: its empties, its lengths, its code pages."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from recon.errors import Refused
from recon.systems.catalogue import Column
from recon.systems.table_forms import EMPTY_DATES, private

FIRST_DATETIME = datetime(1753, 1, 1)


def clean(value: Any) -> Any:
    """A value read from Global: empty texts and dates are None, FLOATs are exact Decimals.

    Numbers stay numbers: only the entity knows whether a 0 is "nothing" (see `missing`).
    """
    if value is None or type(value) is int:
        return value
    if isinstance(value, str):
        return value.rstrip() or None
    if isinstance(value, float):
        return Decimal(repr(value)) if math.isfinite(value) else None
    if isinstance(value, datetime):
        return None if value in EMPTY_DATES else value
    if isinstance(value, date):
        return None if datetime(value.year, value.month, value.day) in EMPTY_DATES else value
    return value


def clean_rows(names: Iterable[str], rows: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    """Rows by column name, cleaned; private columns are dropped."""
    kept = [(at, name) for at, name in enumerate(names) if not private(name)]
    return [{name: clean(row[at]) for at, name in kept} for row in rows]


def missing(value: Any) -> bool:
    """Whether a value is what Global holds for "nothing", 0 included."""
    return clean(value) is None or (isinstance(value, int | float | Decimal) and value == 0)


def fitted(value: Any, column: Column, table: str, zone: ZoneInfo) -> Any:
    """The value as this column takes it, None as the column's empty value.

    `Refused` naming table, column and limit, before the server cuts, rounds or recodes anything.
    """
    if value is None:
        return column.empty
    fit = _FITS.get(column.kind)
    if fit is None:
        return value
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(zone).replace(tzinfo=None)
    return fit(value, column, table)


def comparable(value: Any, column: Column) -> Any:
    """The value in the column's own kind, so that the server never converts the column."""
    if value is None:
        return column.empty
    if column.kind == "text":
        return str(value)
    if column.kind == "number":
        return float(value)
    if column.kind == "integer" and isinstance(value, str):
        return int(value) if re.fullmatch(r"\s*-?[0-9]+\s*", value) else value
    return value


def _text(value: Any, column: Column, table: str) -> str:
    text = value if isinstance(value, str) else str(value)
    _encodable(text, column, table)
    length = len(text.encode(column.codec or "utf-16-le", "replace"))
    length = length if column.codec else length // 2
    if column.length is not None and length > column.length:
        raise _refused(
            f"The text has {length} characters, but at most {column.length} fit", column, table
        )
    return text


def _encodable(text: str, column: Column, table: str) -> None:
    try:
        text.encode(column.codec or "utf-16-le")
    except UnicodeEncodeError as error:
        bad = text[error.start]
        raise _refused(
            f"The character {bad!r} cannot be stored there (code page {column.codec or 'Unicode'})",
            column,
            table,
        ) from None


def _integer(value: Any, column: Column, table: str) -> int:
    try:
        number = int(value)
        exact = Decimal(str(value).strip()) == number if not isinstance(value, bool) else True
    except (ValueError, OverflowError, InvalidOperation):
        exact, number = False, 0
    if not exact:
        raise _refused("The value is not a whole number", column, table)
    if not column.low <= number <= column.high:
        raise _refused(
            f"The number is outside {column.low} to {column.high}, which is what fits",
            column,
            table,
        )
    return number


def _number(value: Any, column: Column, table: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise _refused("The value is not a number that can be stored", column, table)
    return number


def _moment(value: Any, column: Column, table: str) -> datetime:
    moment = value
    if isinstance(value, date) and not isinstance(value, datetime):
        moment = datetime(value.year, value.month, value.day)
    if not isinstance(moment, datetime):
        raise _refused("The value is not a date", column, table)
    if moment < FIRST_DATETIME:
        raise _refused("The date is before 1753, which SQL Server cannot hold", column, table)
    return moment


def _day(value: Any, column: Column, table: str) -> date:
    return _moment(value, column, table).date()


def _binary(value: Any, column: Column, table: str) -> bytes:
    if not isinstance(value, bytes | bytearray | memoryview):
        raise _refused("The value is not binary", column, table)
    raw = bytes(value)
    if column.length is not None and len(raw) > column.length:
        raise _refused(f"{len(raw)} bytes, but at most {column.length} fit", column, table)
    return raw


def _refused(what: str, column: Column, table: str) -> Refused:
    return Refused(
        what,
        where=f"Visma Global {table}.{column.name}",
        todo="Correct the value in Severa, then run again",
        fields=(column.name,),
    )


_FITS: Mapping[str, Callable[[Any, Column, str], Any]] = {
    "text": _text,
    "integer": _integer,
    "number": _number,
    "moment": _moment,
    "day": _day,
    "binary": _binary,
}


def same(found: Any, expected: Any) -> bool:
    """Whether a cleaned value of a row is the expected one (or one of several); empties are equal.

    Texts are compared exactly but for trailing spaces; 0 and nothing are the same.
    """
    if isinstance(expected, tuple | list | set | frozenset):
        return any(same(found, one) for one in expected)
    left, right = clean(found), clean(expected)
    if missing(left) and missing(right):
        return True
    if isinstance(right, date) and not isinstance(right, datetime) and isinstance(left, datetime):
        return left.date() == right
    return bool(left == right)
