"""Which customers are created on the other side."""

from __future__ import annotations

from recon.entities.customer.projects import by_won_project
from recon.entities.siblings import awaited
from recon.shapes import Record
from recon.spec import Context, Scope


def creatable(record: Record, ctx: Context) -> Scope | None:
    """Active customers: from Global those of the transferring types, from Severa those with a won
    project of their own or billed to them, and whoever is invoiced."""
    if record.attributes.get("internal"):
        return Scope("out of scope", "it is an internal customer")
    if record.side == "severa" and record.key in awaited(ctx, "customer"):
        return None
    if not record.fields.get("active") and not ctx.profile.transfer.leavers:
        return Scope("out of scope", "it is inactive")
    return _from_global(record, ctx) if record.side == "global" else _from_severa(record, ctx)


def _from_global(record: Record, ctx: Context) -> Scope | None:
    merged = record.attributes.get("merged_to")
    if merged:
        return Scope("out of scope", f"it is merged into customer {merged}")
    # No types in the profile: all transfer.
    types = ctx.profile.transfer.customer_types
    kind = record.attributes.get("customer_type")
    if types and kind not in types:
        return Scope("out of scope", f"customer type {kind} does not transfer ([transfer])")
    return None


def _from_severa(record: Record, ctx: Context) -> Scope | None:
    if record.key in by_won_project(ctx):
        return None
    return Scope("out of scope", "no won project or invoice is its own or billed to it")
