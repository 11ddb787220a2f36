"""A contact's e-mail, phone and mobile: columns of the contact's own row in Visma Global."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select

from recon.entities import rows
from recon.entities.communication.fields import ROLES
from recon.errors import Refused
from recon.shapes import Record, Value
from recon.spec import Context, Draft, GlobalSide, RowUpdate, RowWrite
from recon.systems.tables import contact as table
from recon.text import reachable

KEY = "ContactNo"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "email": ("EmailAddress",),
    "phone": ("DirectTelephone", "InternalTelephone"),
    "mobile": ("MobileTelephone",),
}


def statements() -> Mapping[str, Select[Any]]:
    """The contacts of customers, as for the entity contact."""
    columns = [column for names in COLUMNS.values() for column in names]
    names = (KEY, "CustomerNo", *columns)
    chosen = select(*(table.c[name] for name in names))
    return {"communication": chosen.where(table.c[KEY] != 0, table.c.CustomerNo != 0)}


def records(raw: Mapping[str, Sequence[rows.Raw]], _ctx: Context) -> Iterable[Record]:
    """Three records per contact; one whose column is empty has no value and is marked `empty`."""
    return rows.records("communication", "global", raw["communication"], _all, lambda row: row[KEY])


def _all(row: rows.Raw) -> Iterable[Record]:
    return [_one(row, str(rows.own_key(row, KEY)), role) for role in ROLES]


def _one(row: rows.Raw, number: str, role: str) -> Record:
    filled = {column: rows.string(row, column) for column in COLUMNS[role]}
    column = next((name for name, value in filled.items() if value), COLUMNS[role][0])
    return Record(
        "communication",
        "global",
        f"{table.name}/{number}/{role}",
        {"value": filled[column]},
        parent=number,
        table=table.name,
        row=number,
        role=role,
        attributes={"carries_guid": False, "empty": not filled[column], "column": column},
    )


def insert(draft: Draft, ctx: Context) -> Sequence[RowWrite]:
    """The role's column of the contact; `Refused` where another value stands there."""
    contact = rows.parent_key(draft.parent, "The e-mail or phone")
    found = ctx.records("communication", "global").get(f"{table.name}/{contact}/{draft.role}")
    value = draft.fields.get("value")
    same = found and reachable(found.fields.get("value")) == reachable(value)
    if found and not found.attributes.get("empty") and not same:
        raise Refused(
            f"Contact {contact} already has another {draft.role} in Global, which holds one",
            where=found.key,
            todo="Keep the further one in Severa alone, or correct one of the two",
            fields=("value",),
        )
    return [RowUpdate(table.name, {COLUMNS[draft.role][0]: value}, KEY, contact)]


def update(record: Record, changes: Mapping[str, Value], _ctx: Context) -> Sequence[RowWrite]:
    """The column from which the value was read."""
    column = record.attributes.get("column", COLUMNS[record.role][0])
    return [RowUpdate(table.name, {column: changes["value"]}, KEY, int(record.row))]


GLOBAL = GlobalSide(
    statements=statements,
    records=records,
    insert=insert,
    update=update,
    table=table.name,
    key=KEY,
    carries_guid=False,
    scope={"communication": table.c[KEY]},
    changed={"communication": (table.c.LastUpdate,)},
    scoped_by="parent",
    where_to_fix="Visma Global: Register > Customers > Contacts",
)
