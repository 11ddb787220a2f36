"""Which addresses are created on the other side."""

from __future__ import annotations

from recon.entities.siblings import taken_in_global
from recon.shapes import Record
from recon.spec import Context, Scope


def creatable(record: Record, ctx: Context) -> Scope | None:
    """Filled addresses with a role of their own that is free on the other side."""
    reason = _against(record)
    if not reason and record.side == "severa":
        other = taken_in_global(ctx, record, "customer")
        reason = f"the customer has its {record.role} address in Global" if other else ""
    return Scope("out of scope", reason) if reason else None


def _against(record: Record) -> str:
    if record.parent is None:
        return "it belongs to no customer"
    if record.attributes.get("empty"):
        return "it is empty"
    if not record.role:
        return "it is marked neither postal, billing nor visiting address"
    if record.attributes.get("second"):
        return f"the customer has an older {record.role} address in Severa, which keeps the role"
    return ""
