"""Which e-mail or phone of a linked contact is the same: by value, else the only one of a role."""

from __future__ import annotations

from recon import text
from recon.shapes import Record
from recon.spec import Rule


def value(record: Record) -> tuple[str, str] | None:
    """Role and value in normal form."""
    found = text.reachable(record.fields.get("value"))
    return (record.role, found) if record.role and found else None


def role(record: Record) -> str | None:
    """The role of a filled one."""
    return record.role if record.role and record.fields.get("value") else None


RULES = (
    Rule(
        "value",
        value,
        "the same e-mail or phone of the same contact",
        connects=True,
        band="sure",
        score=0.99,
        holds=False,
    ),
    Rule(
        "role",
        role,
        "both are the contact's only one of this kind",
        connects=True,
        band="possible",
        score=0.4,
        holds=False,
    ),
)
