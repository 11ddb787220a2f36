"""Projects in Visma Global."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Select, select

from recon.entities import rows
from recon.errors import Refused
from recon.shapes import Record, Value
from recon.spec import Context, Draft, GlobalSide, RowInsert, RowUpdate, RowWrite
from recon.systems.tables import project as table

KEY = "ProjectNo"
SERIES = "project"
CATEGORY = "ProjectCategoryNo"
REFERENCES = {"customer": "CustomerNo", "manager": "PMEmployeeNo", "department": "DepNo"}
DAYS = {"start": "StartTime", "deadline": "StopTime"}
COLUMNS = (
    KEY,
    "Name",
    *REFERENCES.values(),
    *DAYS.values(),
    CATEGORY,
    "ProjectType",
    "MainProjectNo",
    "InActiveYesNo",
    "SeveraGUID",
)


def statements() -> Mapping[str, Select[Any]]:
    """Every project but number 0, which stands for "none"."""
    return {"project": select(*(table.c[name] for name in COLUMNS)).where(table.c[KEY] != 0)}


def records(raw: Mapping[str, Sequence[rows.Raw]], ctx: Context) -> Iterable[Record]:
    """Rows as projects."""
    category = ctx.profile.transfer.internal_category
    return rows.records(
        "project", "global", raw["project"], lambda row: _one(row, category), lambda row: row[KEY]
    )


def _one(row: rows.Raw, internal_category: int) -> Iterable[Record]:
    number = str(rows.own_key(row, KEY))
    fields: dict[str, Value] = {"name": rows.string(row, "Name")}
    fields |= {name: _key(row, column) for name, column in REFERENCES.items()}
    fields |= {name: rows.day(row, column) for name, column in DAYS.items()}
    fields["closed"] = rows.flag(row, "InActiveYesNo")
    category, main = rows.whole(row, CATEGORY), _key(row, "MainProjectNo")
    if internal_category:
        fields["internal"] = category == internal_category
    if fields.get("internal"):
        fields["customer"] = None
    yield Record(
        "project",
        "global",
        number,
        fields,
        guid=rows.guid(row, "SeveraGUID"),
        number=number,
        table=table.name,
        row=number,
        attributes={
            "project_type": rows.whole(row, "ProjectType") or 0,
            "category": category,
            "main": main if main != number else None,
        },
    )


def _key(row: rows.Raw, column: str) -> str | None:
    found = rows.reference(row, column)
    return str(found) if found else None


def insert(draft: Draft, ctx: Context) -> Sequence[RowWrite]:
    """One project: the profile's defaults for new projects, over them what Severa holds."""
    if not draft.fields.get("internal") and not draft.fields.get("customer"):
        raise Refused("The project has no customer", todo="Set one in Severa", fields=("customer",))
    _named(draft.fields)
    filled = {name: value for name, value in draft.fields.items() if value is not None}
    values = {
        **ctx.profile.transfer.new_projects,
        **_columns(filled, ctx),
        KEY: rows.new_key(draft.number, SERIES),
    }
    return [RowInsert(table.name, values, KEY)]


def update(record: Record, changes: Mapping[str, Value], ctx: Context) -> Sequence[RowWrite]:
    """The columns of the changed fields."""
    if "name" in changes:
        _named(changes)
    return [RowUpdate(table.name, _columns(changes, ctx), KEY, int(record.row))]


def _named(fields: Mapping[str, Value]) -> None:
    if not fields.get("name"):
        raise Refused("The project has no name", todo="Name it in Severa", fields=("name",))


def _columns(fields: Mapping[str, Value], ctx: Context) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in fields.items():
        values |= _WRITES[name](value, ctx)
    return values


def _reference(column: str) -> Callable[[Value, Context], dict[str, Any]]:
    return lambda value, _ctx: {column: None if value is None else int(str(value))}


def _day(column: str) -> Callable[[Value, Context], dict[str, Any]]:
    return lambda value, _ctx: {
        column: datetime.combine(value, time()) if isinstance(value, date) else None
    }


def _internal(value: Value, ctx: Context) -> dict[str, Any]:
    """The category of internal projects; one that is no longer internal gets that of new ones."""
    internal = ctx.profile.transfer.internal_category
    if value and not internal:
        raise Refused(
            "It is not known which category internal projects have in Global",
            todo="Set internal_category under [transfer] in the profile",
            fields=("internal",),
        )
    usual = ctx.profile.transfer.new_projects.get(CATEGORY)
    return {CATEGORY: internal if value else usual}


_WRITES: Mapping[str, Callable[[Value, Context], dict[str, Any]]] = {
    "name": lambda value, _ctx: {"Name": value},
    **{name: _reference(column) for name, column in REFERENCES.items()},
    **{name: _day(column) for name, column in DAYS.items()},
    "closed": lambda value, _ctx: {"InActiveYesNo": int(bool(value))},
    "internal": _internal,
}

GLOBAL = GlobalSide(
    statements=statements,
    records=records,
    insert=insert,
    update=update,
    table=table.name,
    key=KEY,
    series=SERIES,
    scope={"project": table.c[KEY]},
    changed={"project": (table.c.LastUpdate,)},
    where_to_fix="Visma Global: Register > Projects",
)
