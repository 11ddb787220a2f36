"""Which articles, products, travel expense types and work types are created on the other side."""

from __future__ import annotations

from recon.entities.product import kinds
from recon.errors import Refused
from recon.shapes import Record
from recon.spec import Context, Scope


def creatable(record: Record, ctx: Context) -> Scope | None:
    """Active ones: from Global those of the transferring article types that are no stock, from
    Severa those priced in the company's currency, if the profile says what article they become."""
    if not record.fields.get("active") and not ctx.profile.transfer.leavers:
        return Scope("out of scope", "it is inactive")
    return _from_global(record, ctx) if record.side == "global" else _from_severa(record, ctx)


def _from_global(record: Record, ctx: Context) -> Scope | None:
    merged = record.attributes.get("merged_to")
    if merged:
        return Scope("out of scope", f"it is merged into article {merged}")
    number = record.attributes.get("article_type") or 0
    if not kinds.transfers(number, ctx):
        return Scope("out of scope", f"article type {number} does not transfer ([transfer])")
    if record.attributes.get("stock") and not ctx.profile.transfer.stock_articles:
        return Scope("out of scope", "it is a stock article ([transfer] stock_articles)")
    return None


def _from_severa(record: Record, ctx: Context) -> Scope | None:
    if not kinds.wanted(record.kind, ctx):
        kind = record.kind.replace("_", " ")
        return Scope("out of scope", f"no article type is for {kind}s ([transfer] article_kinds)")
    foreign = record.attributes.get("unknown")
    if foreign:
        own = ctx.profile.company.currency
        return Scope("held", f"it has a price in {', '.join(foreign.values())}, not in {own}")
    try:
        kinds.type_for(record.kind, ctx)
        kinds.template_for(record.fields.get("vat_rate"), ctx)  # type: ignore[arg-type]
    except Refused as error:
        return Scope("held", f"{error.what}: {error.todo}")
    return None
