"""Which projects are created on the other side."""

from __future__ import annotations

from recon.entities.siblings import awaited
from recon.shapes import Record
from recon.spec import Context, Scope


def creatable(record: Record, ctx: Context) -> Scope | None:
    """What passes the filters, if it has a customer or is internal."""
    scope = filtered(record, ctx)
    if scope is None and not record.fields.get("internal") and not record.fields.get("customer"):
        return Scope("held", "it has no customer, and only internal projects need none")
    return scope


def filtered(record: Record, ctx: Context) -> Scope | None:
    """Open projects: from Global those of the transferring types, from Severa those of our company
    that are won, and whichever is invoiced."""
    if record.side == "severa" and record.key in awaited(ctx, "project"):
        return None
    if record.fields.get("closed") and not ctx.profile.transfer.leavers:
        return Scope("out of scope", "it is closed")
    return _from_global(record, ctx) if record.side == "global" else _from_severa(record, ctx)


def _from_global(record: Record, ctx: Context) -> Scope | None:
    # No types in the profile: all transfer.
    types, kind = ctx.profile.transfer.project_types, record.attributes.get("project_type")
    if types and kind not in types:
        return Scope("out of scope", f"project type {kind} does not transfer ([transfer])")
    main = record.attributes.get("main")
    if main and ctx.profile.transfer.sub_projects == "off":
        return Scope("out of scope", f"it is a sub project of {main} ([transfer] sub_projects)")
    return None


def _from_severa(record: Record, ctx: Context) -> Scope | None:
    if record.attributes.get("ours") is False:
        return Scope("out of scope", "it belongs to another company of this Severa organisation")
    if record.fields.get("internal") and not ctx.profile.transfer.internal_category:
        text = "it is internal, and the profile names no category for that ([transfer])"
        return Scope("out of scope", text)
    if not sold(record):
        return Scope("out of scope", "its sales status is none of those that count as won")
    return None


def sold(record: Record) -> bool:
    """Whether a Severa project is won, or is an internal one that was never for sale."""
    unsold = record.fields.get("internal") and record.attributes.get("sales_status") is None
    return bool(record.attributes.get("won") or unsold)
