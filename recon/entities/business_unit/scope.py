"""Which business units and departments are created on the other side."""

from __future__ import annotations

from recon.shapes import Record
from recon.spec import Context, Scope


def creatable(record: Record, ctx: Context) -> Scope | None:
    """Active ones of our company, without the topmost unit, which stands for the company."""
    if record.attributes.get("root"):
        return Scope("out of scope", "it is the topmost unit and stands for the company itself")
    if record.attributes.get("ours") is False:
        return Scope("out of scope", "it belongs to another company of this Severa organisation")
    if not record.fields.get("active") and not ctx.profile.transfer.leavers:
        return Scope("out of scope", "it is inactive")
    return None
