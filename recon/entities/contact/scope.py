"""Which contacts are created on the other side."""

from __future__ import annotations

from recon.shapes import Record
from recon.spec import Context, Scope


def creatable(record: Record, ctx: Context) -> Scope | None:
    """Active contacts of a customer that exists."""
    if record.parent is None or record.parent not in ctx.records("customer", record.side):
        return Scope("out of scope", "its customer does not exist")
    if not record.fields.get("active") and not ctx.profile.transfer.leavers:
        return Scope("out of scope", "it is inactive")
    return None
