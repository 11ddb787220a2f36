"""Which statuses an invoice in Severa is not told, though its order has reached them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from recon import money
from recon.shapes import Record

LATER = ("sent", "paid", "paid_on")
FOLLOWS = "follows"


def untold(pair: tuple[Record, Record], profile: Any) -> dict[str, str]:
    """The fields that are left as they are in Severa, each with the reason: nothing of an invoice
    from before the cut-off; sent and paid, where amounts that differ are held, or where a person
    has given the invoice a status that is none of those on its way."""
    theirs, orders = pair[1], profile.transfer.orders
    begin, day = profile.transfer.invoices_from, theirs.fields.get("date")
    if begin and isinstance(day, date) and day < begin:
        return dict.fromkeys(("taken", *LATER), "")
    if orders.hold_differences and differ(pair, orders.rounding):
        return dict.fromkeys(LATER, "the order comes to another amount (hold_differences)")
    if not theirs.attributes.get(FOLLOWS, True):
        text = f"its status {theirs.attributes.get('status_name')} was set by a person and is none "
        return dict.fromkeys(LATER, text + "of those on the way of an invoice ([transfer.orders])")
    return {}


def differ(pair: tuple[Record, Record], allowed: int) -> bool:
    """Whether order and invoice come to other amounts, beyond so many of the smallest units."""
    unit = Decimal(1).scaleb(-money.digits(str(pair[1].fields.get("currency") or "")))
    return any(
        abs(_amount(pair[0], name) - _amount(pair[1], name)) > allowed * unit
        for name in ("total", "vat")
    )


def _amount(record: Record, name: str) -> Decimal:
    found = record.fields.get(name)
    return found if isinstance(found, Decimal) else Decimal()
