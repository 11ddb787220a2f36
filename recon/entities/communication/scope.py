"""Which e-mails and phones are created on the other side."""

from __future__ import annotations

from recon.entities.siblings import taken_in_global
from recon.shapes import Record
from recon.spec import Context, Scope


def creatable(record: Record, ctx: Context) -> Scope | None:
    """Filled ones of a contact, in a role that both systems know and that is free in Global."""
    reason = _against(record, ctx)
    if not reason and record.side == "severa":
        reason = _taken(record, ctx)
    return Scope("out of scope", reason) if reason else None


def _against(record: Record, ctx: Context) -> str:
    if record.parent is None or record.parent not in ctx.records("contact", record.side):
        return "it belongs to no customer's contact"
    if not record.fields.get("value"):
        return "it is empty"
    if not record.role:
        return f"Global has no place for a communication of type {record.attributes.get('type')}"
    return ""


def _taken(record: Record, ctx: Context) -> str:
    if taken_in_global(ctx, record, "contact"):
        return f"Global holds one {record.role} per contact, and there is one"
    if record.attributes.get("second"):
        return f"Global holds one {record.role} per contact, and an older one has that place"
    return ""
