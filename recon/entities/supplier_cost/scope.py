"""Which ledger lines become project fees, and what keeps one back."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from recon.entities.supplier_cost.severa import body
from recon.errors import Refused
from recon.shapes import Record, Spot
from recon.spec import Context, Scope


def idle(profile: Any) -> str:
    """Supplier costs do not run without a cut-off date."""
    if profile.transfer.costs_from:
        return ""
    return "there is no cut-off date; set costs_from under [transfer] in the profile"


def creatable(record: Record, ctx: Context) -> Scope | None:
    """Final and approved lines with an amount and a project, from the cut-off on; what Severa
    could not take is held with the reason, before anything is written."""
    if record.side == "severa":
        return Scope("out of scope", "a project fee is never made into a ledger line")
    return _outside(record, ctx) or _unready(record) or _faulty(record, ctx)


def worth(record: Record) -> Decimal:
    """What a cost comes to in company currency."""
    cost = record.fields.get("cost")
    return cost if isinstance(cost, Decimal) else Decimal()


def draws(record: Record, ctx: Context) -> Iterator[Spot]:
    """What the fee of a line that transfers is made from: its project, and the department whose
    cost centre it gets. Of a fee that no line has yet its project tells whose it is."""
    if record.side == "severa":
        if project := record.fields.get("project"):
            yield "project", "severa", str(project)
        return
    if _outside(record, ctx) or _unready(record):
        return
    yield "project", "global", str(record.fields["project"])
    department = str(record.attributes["department"] or "")
    if ctx.partner("business_unit", "global", department):
        yield "business_unit", "global", department


def _outside(line: Record, ctx: Context) -> Scope | None:
    begin, of = ctx.profile.transfer.costs_from, line.attributes
    cut_off = f"the cut-off {begin} ([transfer] costs_from)"
    if not line.fields.get("project"):
        return Scope("out of scope", "it has no project")
    if not of.get("taken"):
        text = "it is no line of a supplier's invoice on a cost account ([global.books])"
        return Scope("out of scope", text)
    if of.get("entered") is None or of["entered"] < begin:
        return Scope("out of scope", f"entered before {cut_off}")
    if of.get("corrects_before") and not ctx.partner("supplier_cost", "global", of["corrects"]):
        text = f"it takes back ledger line {of['corrects']}, which is from before {cut_off}"
        return Scope("out of scope", text)
    if not line.fields.get("cost"):
        return Scope("out of scope", "its amount is zero")
    return None


def _unready(line: Record) -> Scope | None:
    status = line.attributes.get("unready")
    return Scope("waiting", f"it waits in Visma Global: {status}") if status else None


def _faulty(line: Record, ctx: Context) -> Scope | None:
    """What Severa could not take, once the project is linked."""
    project = ctx.partner("project", "global", str(line.fields["project"]))
    if not project:
        return None
    try:
        body(line, project, ctx)
    except Refused as error:
        return Scope("held", f"{error.what}. {error.todo}" if error.todo else error.what)
    return None
