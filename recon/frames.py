"""Raw rows → records (every bad row is collected), and records → a typed DataFrame."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from recon import money
from recon.errors import ReconError
from recon.shapes import Record
from recon.spec import Entity, Field

if TYPE_CHECKING:
    import pandas as pd

Row = TypeVar("Row")
Made = TypeVar("Made")
FAULTS = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, ReconError)
IDENTITY = ("key", "guid", "number", "parent", "role")


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that could not be read: its place in the list (from 0) and why, without its values."""

    position: int
    row: Any
    reason: str


def rows(raw: Iterable[Row], convert: Callable[[Row], Made]) -> tuple[list[Made], list[Bad]]:
    """What `convert` makes of each row, and every row that it cannot read."""
    made: list[Made] = []
    bad: list[Bad] = []
    for position, row in enumerate(raw):
        try:
            made.append(convert(row))
        except FAULTS as error:
            bad.append(Bad(position, row, _reason(error)))
    return made, bad


def _reason(error: Exception) -> str:
    """Our own words as they are; of foreign errors only the kind, for they may quote the data."""
    if isinstance(error, ReconError | Unreadable):
        return str(error)
    return f"its form is not as expected ({type(error).__name__})"


class Unreadable(ValueError):
    """A value of the wrong type; the text names the field, never the value."""


def frame(records: Iterable[Record], entity: Entity) -> pd.DataFrame:
    """Records as a table: texts `str`, integers `Int64`, yes/no `boolean`, dates `datetime64`,
    amounts as `Int64` ten-thousandths beside a `<field>_currency` column."""
    import pandas as pd

    found = list(records)
    columns: dict[str, Any] = {
        name: _texts([getattr(record, name) for record in found]) for name in IDENTITY
    }
    for one in entity.fields:
        columns[one.name] = _column(one, [record.fields.get(one.name) for record in found])
        if one.type == "decimal":
            columns[f"{one.name}_currency"] = _texts([_currency(record) for record in found])
    return pd.DataFrame(columns)


def _texts(values: Sequence[Any]) -> Any:
    import pandas as pd

    return pd.Series([None if v in (None, "") else str(v) for v in values], dtype="str")


def _column(one: Field, values: Sequence[Any]) -> Any:
    import pandas as pd

    if one.type == "decimal":
        return pd.Series([_scaled(value) for value in values], dtype="Int64")
    if one.type == "date":
        return pd.Series(pd.to_datetime(pd.Series(values, dtype="object")), dtype="datetime64[us]")
    if one.type in ("integer", "boolean"):
        return pd.Series(list(values), dtype="Int64" if one.type == "integer" else "boolean")
    return _texts(values)


def _scaled(value: Any) -> int | None:
    return money.scaled(value if isinstance(value, Decimal) else money.exact(value))


def _currency(record: Record) -> Any:
    return record.fields.get("currency") or record.attributes.get("currency")
