"""Departments in Visma Global."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select

from recon.entities import rows
from recon.errors import Refused
from recon.shapes import Record, Value
from recon.spec import Context, Draft, GlobalSide, RowInsert, RowUpdate, RowWrite
from recon.systems.tables import department as table

KEY = "DepNo"
SERIES = "department"


def statements() -> Mapping[str, Select[Any]]:
    """Every department but number 0, which stands for "none"."""
    names = (KEY, "Name", "InActiveYesNo", "SeveraGUID")
    return {"department": select(*(table.c[name] for name in names)).where(table.c[KEY] != 0)}


def records(raw: Mapping[str, Sequence[rows.Raw]], _ctx: Context) -> Iterable[Record]:
    """Rows as business units."""
    return rows.records("business_unit", "global", raw["department"], _one, lambda row: row[KEY])


def _one(row: rows.Raw) -> Iterable[Record]:
    number = str(rows.own_key(row, KEY))
    fields: dict[str, Value] = {
        "name": rows.string(row, "Name"),
        "active": not rows.flag(row, "InActiveYesNo"),
    }
    yield Record(
        "business_unit",
        "global",
        number,
        fields,
        guid=rows.guid(row, "SeveraGUID"),
        number=number,
        table=table.name,
        row=number,
    )


def insert(draft: Draft, _ctx: Context) -> Sequence[RowWrite]:
    """One department, numbered by Severa's code or by the configured series."""
    if not draft.fields.get("name"):
        raise Refused("The business unit has no name", todo="Name it in Severa", fields=("name",))
    values = _columns(draft.fields)
    return [RowInsert(table.name, {KEY: rows.new_key(draft.number, SERIES), **values}, KEY)]


def update(record: Record, changes: Mapping[str, Value], _ctx: Context) -> Sequence[RowWrite]:
    """The columns of the changed fields."""
    return [RowUpdate(table.name, _columns(changes), KEY, int(record.row))]


def _columns(fields: Mapping[str, Value]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "name" in fields:
        values["Name"] = fields["name"]
    if "active" in fields:
        values["InActiveYesNo"] = int(not fields["active"])
    return values


GLOBAL = GlobalSide(
    statements=statements,
    records=records,
    insert=insert,
    update=update,
    table=table.name,
    key=KEY,
    series=SERIES,
    scope={"department": table.c[KEY]},
    changed={"department": (table.c.LastUpdate,)},
    where_to_fix="Visma Global: Register > Departments",
)
