"""Customers' contacts in Visma Global."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select

from recon import text
from recon.entities import rows
from recon.errors import Refused
from recon.shapes import Record, Value
from recon.spec import Context, Draft, GlobalSide, RowInsert, RowUpdate, RowWrite
from recon.systems.tables import contact as table

KEY = "ContactNo"
SERIES = "contact"
TEXTS = {"name": "Name", "title": "Titel"}


def statements() -> Mapping[str, Select[Any]]:
    """The contacts of customers; those of suppliers alone (CustomerNo 0) are not read."""
    names = (KEY, "CustomerNo", "Name", "Titel", "EmailAddress", "InActiveYesNo", "SeveraGUID")
    chosen = select(*(table.c[name] for name in names))
    return {"contact": chosen.where(table.c[KEY] != 0, table.c.CustomerNo != 0)}


def records(raw: Mapping[str, Sequence[rows.Raw]], _ctx: Context) -> Iterable[Record]:
    """Rows as contacts."""
    return rows.records("contact", "global", raw["contact"], _one, lambda row: row[KEY])


def _one(row: rows.Raw) -> Iterable[Record]:
    number, customer = str(rows.own_key(row, KEY)), rows.reference(row, "CustomerNo")
    fields: dict[str, Value] = {name: rows.string(row, column) for name, column in TEXTS.items()}
    fields["active"] = not rows.flag(row, "InActiveYesNo")
    yield Record(
        "contact",
        "global",
        number,
        fields,
        guid=rows.guid(row, "SeveraGUID"),
        parent=str(customer) if customer else None,
        table=table.name,
        row=number,
        attributes={"email": rows.string(row, "EmailAddress", text.email)},
    )


def insert(draft: Draft, _ctx: Context) -> Sequence[RowWrite]:
    """One contact under its customer."""
    _named(draft.fields)
    customer = rows.parent_key(draft.parent, "The contact")
    key = {KEY: rows.new_key(draft.number, SERIES), "CustomerNo": customer}
    return [RowInsert(table.name, {**key, **_columns(draft.fields)}, KEY)]


def update(record: Record, changes: Mapping[str, Value], _ctx: Context) -> Sequence[RowWrite]:
    """The columns of the changed fields."""
    if "name" in changes:
        _named(changes)
    return [RowUpdate(table.name, _columns(changes), KEY, int(record.row))]


def _named(fields: Mapping[str, Value]) -> None:
    if not text.squeeze(fields.get("name")):
        raise Refused("The contact has no name", todo="Name it in Severa", fields=("name",))


def _columns(fields: Mapping[str, Value]) -> dict[str, Any]:
    values: dict[str, Any] = {TEXTS[name]: v for name, v in fields.items() if name in TEXTS}
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
    scope={"contact": table.c[KEY]},
    under={"contact": table.c.CustomerNo},
    changed={"contact": (table.c.LastUpdate,)},
    where_to_fix="Visma Global: Register > Customers > Contacts",
)
