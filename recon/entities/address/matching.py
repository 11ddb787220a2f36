"""Which addresses are the same: those in the same role of a linked customer."""

from __future__ import annotations

from recon.shapes import Record
from recon.spec import Rule


def role(record: Record) -> str | None:
    """The role that a filled address holds (an empty one is filled by creating into it)."""
    if record.attributes.get("empty") or record.attributes.get("second"):
        return None
    return record.role or None


RULES = (
    Rule(
        "role",
        role,
        "both are this customer's address in the same role",
        connects=True,
        band="sure",
        score=0.95,
    ),
)
