"""Project fees in Severa: those made of ledger lines; people's own fees are out of sight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from recon import money, text
from recon.entities import rows
from recon.entities.siblings import once
from recon.entities.supplier_cost import pricing, texts
from recon.errors import Refused
from recon.shapes import Record, Value
from recon.spec import Context, Draft, Listing, SeveraSide

NAME = "supplier_cost"
PATH = "/v1/projectfees"
PAGE = 1000
ONE = Decimal(1)


def records(raw: Iterable[rows.Raw], ctx: Context) -> Iterable[Record]:
    """The fees that name a ledger line or are linked to one; no other fee is a record."""
    return rows.records(NAME, "severa", raw, lambda row: _one(row, ctx), lambda row: row["guid"])


def _one(row: rows.Raw, ctx: Context) -> Iterable[Record]:
    guid = rows.own_guid(row)
    number = texts.number(rows.string(row, "description"))
    linked = _line(guid, ctx)
    line = linked or number
    if not line or not _in_time(row, line, ctx) or not (linked or _ours(row, ctx)):
        return
    cost = rows.sub(row, "unitCost")
    quantity = rows.number(row, "quantity")
    total = (rows.number(cost, "amount") or Decimal()) * (ONE if quantity is None else quantity)
    fields: dict[str, Value] = {
        "name": rows.string(row, "name"),
        "project": rows.guid(row, "project", "guid"),
        "date": rows.day(row, "eventDate"),
        "cost": money.amount(total, rows.string(cost, "currencyCode")),
        "approved": True,
    }
    invoice = rows.guid(row, "invoice", "guid")
    yield Record(
        NAME,
        "severa",
        guid,
        fields,
        guid=guid,
        number=number,
        attributes={"invoiced": invoice is not None},
    )


def _line(guid: str, ctx: Context) -> str | None:
    """The ledger line that a fee is linked to, or whose row carries its guid."""
    return ctx.partner(NAME, "severa", guid) or _carriers(ctx).get(guid)


def _carriers(ctx: Context) -> dict[str, str]:
    return once(ctx, "cost carriers", lambda: _by_carried(ctx))


def _by_carried(ctx: Context) -> dict[str, str]:
    live, lines = ctx.converted(), ctx.records(NAME, "global").values()
    return {live.get(line.guid) or line.guid: line.key for line in lines if line.guid}


def _in_time(row: rows.Raw, line: str, ctx: Context) -> bool:
    """Whether a fee is from the cut-off on, or its line is: when the cut-off moves, lines and fees
    leave together."""
    begin, day = ctx.profile.transfer.costs_from, rows.day(row, "eventDate")
    return line in ctx.records(NAME, "global") or bool(begin and day and day >= begin)


def _ours(row: rows.Raw, ctx: Context) -> bool:
    """Whether a fee that names a ledger line names one of this company's ledger."""
    project = ctx.records("project", "severa").get(rows.guid(row, "project", "guid") or "")
    return project is None or project.attributes.get("ours") is not False


# --- writing ------------------------------------------------------------------------------------


def create(draft: Draft, ctx: Context) -> tuple[str, Mapping[str, Any]]:
    """One fee of quantity 1 with the line's amount as its cost."""
    project = draft.fields.get("project")
    if not project:
        raise Refused(
            "The ledger line has no project in Severa",
            todo="Link its project first",
            fields=("project",),
        )
    return PATH, body(draft.source, str(project), ctx)


def body(line: Record, project: str, ctx: Context) -> dict[str, Any]:
    """The fee for a ledger line; `Refused` says what Severa would not take."""
    found, fields, of = _open(project, ctx), line.fields, line.attributes
    day, cost = fields.get("date"), fields.get("cost")
    if not isinstance(day, date) or not isinstance(cost, Decimal):
        raise Refused(
            f"The ledger line {line.key} has no date or amount", todo="Correct it in Visma Global"
        )
    home = ctx.profile.company.currency
    terms: pricing.Terms = of["terms"]
    currency = str(found.attributes.get("currency") or home)
    made = {
        "project": {"guid": project},
        "name": fields.get("name"),
        "description": texts.description(line),
        "eventDate": day.isoformat(),
        "quantity": ONE,
        "unitCost": {"amount": cost, "currencyCode": home},
        "unitPrice": pricing.converted(terms.price(cost), currency, day, ctx),
        "isBillable": terms.billable,
        "product": _product(ctx),
        "phase": _phase(found, ctx),
        "costCenter": _cost_center(line, ctx),
    }
    return {name: value for name, value in made.items() if value is not None}


def _open(guid: str, ctx: Context) -> Record:
    """The project, if it takes fees."""
    project = ctx.records("project", "severa").get(guid)
    if project is None:
        raise Refused("Its project is not there in Severa any more", todo="Link another one")
    if project.fields.get("closed"):
        raise Refused(
            f"The project {project.name} ({project.number}) is closed in Severa",
            todo="Open it there, or book the cost on another project",
            fields=("project",),
        )
    return project


def _product(ctx: Context) -> dict[str, str] | None:
    """The product of all fees, by guid, code or name; None where the profile names none."""
    named = ctx.profile.transfer.costs.product
    if not named:
        return None
    guid = once(ctx, "cost product", lambda: product(ctx))
    if guid is None:
        raise Refused(
            f"Severa has no active product {named}",
            todo="Correct product under [transfer.costs] in the profile, or add it in Severa",
        )
    return {"guid": guid}


def product(ctx: Context) -> str | None:
    """The guid of the product that the profile names, if Severa has it."""
    named = _plain(ctx.profile.transfer.costs.product)
    for key, record in ctx.records("product", "severa").items():
        words = {key, _plain(record.number), _plain(record.name)}
        if record.kind == "product" and named in words and record.fields.get("active"):
            return key
    return None


def _plain(named: str | None) -> str:
    return (text.squeeze(named) or "").casefold()


def _phase(project: Record, ctx: Context) -> dict[str, str] | None:
    """The project's phase that the profile names; None leaves it to Severa, which takes the first
    one."""
    named = _plain(ctx.profile.transfer.costs.phase)
    phases = project.attributes.get("phases") or {}
    if not named:
        return None
    guid = phases.get(named) or (named if named in phases.values() else None)
    if guid is None:
        raise Refused(
            f"The project {project.name} ({project.number}) has no phase {named}, as far as is "
            "known",
            todo="Add it in Severa and save the project, or correct phase under [transfer.costs]",
        )
    return {"guid": guid}


def _cost_center(line: Record, ctx: Context) -> dict[str, str] | None:
    """The cost centre of the business unit that the line's department is linked to, if any."""
    department = line.attributes.get("department")
    unit = ctx.partner("business_unit", "global", str(department)) if department else None
    found = ctx.records("business_unit", "severa").get(unit or "")
    guid = found.attributes.get("cost_center") if found else None
    return {"guid": guid} if guid else None


def patch(record: Record, _changes: Mapping[str, Value], _ctx: Context) -> Mapping[str, Any]:
    """A fee is never changed after it was made."""
    raise Refused(
        f"The fee {record.name} was made already and is not changed", todo="Change it in Severa"
    )


SEVERA = SeveraSide(
    listing=Listing(PATH, "token", PAGE),
    records=records,
    create=create,
    patch=patch,
    one=PATH + "/{guid}",
    resource="projectfees",
    where_to_fix="Severa: Projects > the project > Products",
)
