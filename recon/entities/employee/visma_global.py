"""Employees in Visma Global."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select

from recon import text
from recon.entities import rows
from recon.entities.employee import names
from recon.errors import Refused
from recon.shapes import Record, Value
from recon.spec import Context, Draft, GlobalSide, RowInsert, RowUpdate, RowWrite
from recon.systems.tables import employee as table

KEY = "EmployeeNo"
SERIES = "employee"
TEXTS = {"email": "InternalEmailAddress", "title": "Titel"}
PHONES = ("MobileTelephone", "InternalTelephone")
COLUMNS = (
    KEY,
    "Name",
    "MiddleName",
    "FamilyName",
    "DepNo",
    *TEXTS.values(),
    *PHONES,
    "EmployeeCatNo",
    "InActiveYesNo",
    "SeveraGUID",
)


def statements() -> Mapping[str, Select[Any]]:
    """Every employee but number 0, which stands for "none"; no private column is named."""
    return {"employee": select(*(table.c[name] for name in COLUMNS)).where(table.c[KEY] != 0)}


def records(raw: Mapping[str, Sequence[rows.Raw]], _ctx: Context) -> Iterable[Record]:
    """Rows as employees."""
    return rows.records("employee", "global", raw["employee"], _one, lambda row: row[KEY])


def _one(row: rows.Raw) -> Iterable[Record]:
    number = str(rows.own_key(row, KEY))
    department = rows.reference(row, "DepNo")
    name, family = rows.string(row, "Name"), rows.string(row, "FamilyName")
    phones = {column: rows.string(row, column) for column in PHONES}
    phone = next((column for column in PHONES if phones[column]), PHONES[0])
    fields: dict[str, Value] = {
        "name": names.whole(name, rows.string(row, "MiddleName"), family),
        "phone": phones[phone],
        "business_unit": str(department) if department else None,
        "active": not rows.flag(row, "InActiveYesNo"),
        **{field: rows.string(row, column) for field, column in TEXTS.items()},
    }
    yield Record(
        "employee",
        "global",
        number,
        fields,
        guid=rows.guid(row, "SeveraGUID"),
        number=number,
        table=table.name,
        row=number,
        attributes={
            "family": family,
            "apart": names.apart(name, family),
            "phone": phone,
            "category": rows.whole(row, "EmployeeCatNo") or 0,
        },
    )


def insert(draft: Draft, ctx: Context) -> Sequence[RowWrite]:
    """One employee: the profile's defaults for new employees, over them what Severa holds."""
    _named(draft.fields)
    filled = {name: value for name, value in draft.fields.items() if value is not None}
    values = {
        **ctx.profile.transfer.new_employees,
        **_columns(filled, {}),
        KEY: rows.new_key(draft.number, SERIES),
    }
    return [RowInsert(table.name, values, KEY)]


def update(record: Record, changes: Mapping[str, Value], _ctx: Context) -> Sequence[RowWrite]:
    """The columns of the changed fields, in the row's own way of keeping them."""
    if "name" in changes:
        _named(changes)
    values = _columns(changes, record.attributes)
    return [RowUpdate(table.name, values, KEY, int(record.row))]


def _named(fields: Mapping[str, Value]) -> None:
    if not text.person(fields.get("name")):
        raise Refused("The user has no name", todo="Name it in Severa", fields=("name",))


def _columns(fields: Mapping[str, Value], row: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in fields.items():
        values |= _OTHERS[name](value, row) if name in _OTHERS else {TEXTS[name]: value}
    return values


def _name(value: Value, row: Mapping[str, Any]) -> dict[str, Any]:
    """The whole name in Name; a row that fills FamilyName gets the last name there, too, or there
    alone if that is its way and Name is one word then."""
    if not row.get("family"):
        return {"Name": value}
    first, last = names.split(value, (None, row["family"])) or (text.NOBODY, None)
    if first == text.NOBODY:
        return {"Name": value, "MiddleName": None, "FamilyName": None}
    if row.get("apart") and " " not in first:
        return {"Name": first, "MiddleName": None, "FamilyName": last}
    return {"Name": value, "FamilyName": last}


def _phone(value: Value, row: Mapping[str, Any]) -> dict[str, Any]:
    """The column that it was read from; the other one is read where that is empty, so that
    emptying must reach both."""
    return {row.get("phone", PHONES[0]): value} if value else dict.fromkeys(PHONES)


_OTHERS: Mapping[str, Callable[[Value, Mapping[str, Any]], dict[str, Any]]] = {
    "name": _name,
    "phone": _phone,
    "business_unit": lambda value, _: {"DepNo": None if value is None else int(str(value))},
    "active": lambda value, _: {"InActiveYesNo": int(not value)},
}

GLOBAL = GlobalSide(
    statements=statements,
    records=records,
    insert=insert,
    update=update,
    table=table.name,
    key=KEY,
    series=SERIES,
    scope={"employee": table.c[KEY]},
    changed={"employee": (table.c.LastUpdate,)},
    where_to_fix="Visma Global: Register > Employees",
)
