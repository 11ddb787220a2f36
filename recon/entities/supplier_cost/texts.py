"""What a fee says of the ledger line that it was made of, and how that line is found in it."""

from __future__ import annotations

import re

from recon import text
from recon.shapes import Record

MARK = "Visma Global ledger line"
FOUND = re.compile(rf"\b{MARK} ([0-9]+)\b")
LONGEST = 200


def marked(record: Record) -> str | None:
    """The number of the ledger line that a record is or names; None where a fee names none."""
    return record.number


def number(description: str | None) -> str | None:
    """The number of the ledger line that a fee's description names."""
    found = FOUND.search(description or "")
    return found.group(1) if found else None


def name(supplier: str | None, invoice: str | None, said: str | None) -> str | None:
    """What a customer may read: supplier, the supplier's invoice number, the line's own text."""
    head = " ".join(filter(None, (supplier, invoice)))
    return (text.squeeze(": ".join(filter(None, (head, said)))) or "")[:LONGEST] or None


def description(line: Record) -> str:
    """What tells where the cost comes from; by the line's number a fee is found again."""
    of = line.attributes
    account = f"account {of['account']}"
    return f"{MARK} {line.key}, voucher {of['voucher']}, {account}"
