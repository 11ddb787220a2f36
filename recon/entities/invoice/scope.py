"""Which invoices become orders, and what keeps one back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from recon.entities import rows
from recon.entities.invoice import lines, statuses
from recon.entities.invoice.order import compose
from recon.errors import Refused
from recon.shapes import Record, Spot
from recon.spec import Context, Scope

WHERE = "[transfer.orders]"


def idle(profile: Any) -> str:
    """Invoices do not run without a cut-off date."""
    if profile.transfer.invoices_from:
        return ""
    return "there is no cut-off date; set invoices_from under [transfer] in the profile"


def creatable(record: Record, ctx: Context) -> Scope | None:
    """Invoices in a status from which they transfer, dated from the cut-off on; what would be no
    valid order is held with the reason, before anything is written."""
    if record.side == "global":
        return Scope("out of scope", "an order is never made into an invoice in Severa")
    return _outside(record, ctx) or _faulty(record, ctx)


def worth(record: Record) -> Decimal:
    """What an invoice comes to without VAT, in the company's currency; without a rate, as it is."""
    total, rate = record.fields.get("total"), record.attributes.get("rate")
    return (total if isinstance(total, Decimal) else Decimal()) * (rate or Decimal(1))


def draws(record: Record, ctx: Context) -> Iterator[Spot]:
    """What the order of an invoice that transfers is made from: its customer, its projects and
    those of its hours, fees and expenses, and the invoice that it credits."""
    if _outside(record, ctx):
        return
    yield "customer", "severa", str(record.fields["customer"])
    for project in lines.projects(record):
        yield "project", "severa", project
    if credited := rows.guid(record.attributes["credits"], "guid"):
        yield "invoice", "severa", credited


def _outside(record: Record, ctx: Context) -> Scope | None:
    if unknown := statuses.unknown(ctx):
        text = f"the profile names the invoice status {', '.join(unknown)}, which Severa does not"
        return Scope("held", f"{text} have; correct it under {WHERE}")
    begin, day = ctx.profile.transfer.invoices_from, record.fields.get("date")
    if isinstance(day, date) and day < begin:
        return Scope("out of scope", f"dated before the cut-off {begin} ([transfer] invoices_from)")
    if ctx.profile.severa.company and not record.attributes.get("projects"):
        text = "it has no project, by which it could be told whose company's it is"
        return Scope("held", f"{text}; give it one in Severa")
    if not _ours(record, ctx):
        return Scope("out of scope", "it belongs to another company of this Severa organisation")
    if record.attributes.get("status") not in statuses.taking(ctx):
        named = record.attributes.get("status_name")
        return Scope("out of scope", f"its status {named} is none of those that transfer ({WHERE})")
    if not record.fields.get("customer"):
        return Scope("held", "it has no customer; set one in Severa")
    return None


def _ours(record: Record, ctx: Context) -> bool:
    """Whether its projects are of our company; a project that is not known is of none."""
    known = ctx.records("project", "severa")
    found = [known[guid] for guid in record.attributes.get("projects", ()) if guid in known]
    return all(one.attributes.get("ours") is not False for one in found)


def _faulty(record: Record, ctx: Context) -> Scope | None:
    """What Visma Global could not take, once all that the invoice refers to is linked."""
    refers = [(name, record.fields.get(name)) for name in ("customer", "project")]
    if any(key and not ctx.partner(name, "severa", str(key)) for name, key in refers):
        return None
    try:
        compose(record, ctx)
    except Refused as error:
        return Scope("held", f"{error.what}. {error.todo}" if error.todo else error.what)
    return None
