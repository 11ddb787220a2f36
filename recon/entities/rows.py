"""Values of raw rows, as every entity reads them: typed, cleaned, never guessed.

A value of the wrong type raises `Unreadable` naming the field; `records` turns every row that
cannot be read into a record with the attribute `unreadable`, which is reported and never planned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from recon import money, text
from recon.errors import Refused
from recon.frames import Unreadable, rows
from recon.shapes import Record, Side, Value
from recon.spec import Context, Next

Raw = Mapping[str, Any]
UNREADABLE = "unreadable"
Convert = Callable[[Raw], Iterable[Record]]
Key = Callable[[Raw], Any]


def records(
    entity: str, side: Side, raw: Iterable[Raw], convert: Convert, key: Key
) -> list[Record]:
    """All records that the rows hold; a row that cannot be read gives one with the reason."""
    made, bad = rows(raw, lambda row: list(convert(row)))
    found = [record for several in made for record in several]
    for fault in bad:
        name = _key(fault.row, key) or f"row {fault.position + 1}"
        found.append(Record(entity, side, name, {}, attributes={UNREADABLE: fault.reason}))
    return found


def _key(row: Any, key: Key) -> str:
    try:
        return str(key(row) or "")[:100]
    except (AttributeError, KeyError, TypeError):
        return ""


def string(row: Raw, name: str, clean: Callable[[Any], str | None] = text.squeeze) -> str | None:
    """A text, cleaned; None where it is empty or not there."""
    value = row.get(name)
    if value is None or isinstance(value, str):
        return clean(value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return clean(text.number(value) if isinstance(value, float) else str(value))
    raise Unreadable(f"{name} is not a text")


def whole(row: Raw, name: str) -> int | None:
    """A whole number; 0 stays 0, None where there is none."""
    value = row.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool | list | dict):
        raise Unreadable(f"{name} is not a whole number")
    try:
        number = Decimal(str(value).strip())
        if number == int(number):
            return int(number)
    except (ArithmeticError, ValueError) as error:
        raise Unreadable(f"{name} is not a whole number") from error
    raise Unreadable(f"{name} is not a whole number")


def number(row: Raw, name: str) -> Decimal | None:
    """An exact number in its one form; 0 stays 0, None where there is none."""
    try:
        return money.bare(money.exact(row.get(name)))
    except ValueError as error:
        raise Unreadable(f"{name} is not a number") from error


def reference(row: Raw, name: str) -> int | None:
    """A whole number that points to another row of Global; 0 is "none" there."""
    return whole(row, name) or None


def flag(row: Raw, name: str, *, missing: Value = None) -> bool:
    """A yes/no in either system's form (true, 1); `missing` where there is none."""
    value = row.get(name)
    if value is None:
        return bool(missing)
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal):
        return value != 0
    raise Unreadable(f"{name} is not a yes or no")


def day(row: Raw, name: str) -> date | None:
    """A day; a time of day is left out."""
    value = row.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(value).date()
    except (TypeError, ValueError) as error:
        raise Unreadable(f"{name} is not a date") from error


def sub(row: Raw, name: str) -> Raw:
    """A nested object; empty where it is missing."""
    value = row.get(name)
    if value is None:
        return {}
    if isinstance(value, Mapping):
        return value
    raise Unreadable(f"{name} is not an object")


def many(row: Raw, name: str) -> list[Any]:
    """A nested list; empty where it is missing."""
    value = row.get(name)
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return list(value)
    raise Unreadable(f"{name} is not a list")


def guid(row: Raw, *path: str) -> str | None:
    """A guid at the end of a path of nested objects, in lower case without braces."""
    for name in path[:-1]:
        row = sub(row, name)
    found = string(row, path[-1])
    return found.strip("{}").lower() or None if found else None


def own_guid(row: Raw) -> str:
    """The guid of a Severa record itself; a record without one cannot be read."""
    found = guid(row, "guid")
    if found is None:
        raise Unreadable("it has no guid")
    return found


def own_key(row: Raw, name: str) -> int:
    """The primary key of a Global row; a row without one cannot be read."""
    found = whole(row, name)
    if found is None:
        raise Unreadable(f"it has no {name}")
    return found


def coded(record: Record, name: str, key: Any, value: Value) -> None:
    """Set a field that a lookup gave. A key that the lookup does not know leaves the field out
    (then it is not compared, and nothing overwrites it) and is noted for the checklist."""
    if key is not None and value is None:
        record.attributes.setdefault("unknown", {})[name] = key
    else:
        record.fields[name] = value


def global_code(ctx: Context, kind: str, value: Value, field: str) -> Any:
    """Global's key for a shared value; `Refused` if Global does not have it. None stays None."""
    return _code(ctx.lookup.to_global(kind, value), kind, value, field, "Visma Global")


def severa_reference(ctx: Context, kind: str, value: Value, field: str) -> dict[str, str] | None:
    """Severa's reference ({"guid": …}) for a shared value; `Refused` if it has none."""
    found = _code(ctx.lookup.to_severa(kind, value), kind, value, field, "Severa")
    return None if found is None else {"guid": found}


def _code(found: Any, kind: str, value: Value, field: str, system: str) -> Any:
    if value is None or found is not None:
        return None if value is None else found
    raise Refused(
        f"{system} has no {kind.replace('_', ' ')} {value}",
        todo=f"Add it in {system}, or correct the value where it comes from",
        fields=(field,),
    )


def new_key(number: str | None, series: str) -> int | Next:
    """The key of a new Global row: the number decided on, or the next one of its series."""
    if number is None or number.startswith("next:"):
        return Next(series)
    return int(number)


def parent_key(parent: str | None, what: str) -> int:
    """The Global key of the customer or contact under which something is created."""
    if parent is None or not parent.isdecimal():
        raise Refused(
            f"{what} has no parent in Visma Global", todo="Link or create its parent first"
        )
    return int(parent)
