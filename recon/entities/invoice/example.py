"""A made-up order in which all is filled: which tables and columns orders are written to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from recon.entities.invoice.amounts import Amount
from recon.entities.invoice.lines import Line
from recon.entities.invoice.order import Coin, written
from recon.shapes import Record
from recon.spec import Context, RowInsert

ONE, DAY = Decimal(1), date(2001, 1, 1)
ADDRESS = {"addressline": "1\n2\n3", "postalCode": "1", "city": "1"}
TEXTS = ("ourReference", "yourReference", "orderNumber", "receiverCustomerName")
COIN = Coin(1, 2, 1, ONE, 2)


def example(ctx: Context) -> Sequence[RowInsert]:
    """The rows of an order of one line."""
    customer = Record("customer", "global", "1", {"name": "1"})
    texts: dict[str, str | None] = dict.fromkeys(TEXTS, "1")
    invoice = Record(
        "invoice",
        "severa",
        "1",
        {"name": "1", "total": ONE, "vat": ONE, "date": DAY, "project": None},
        number="1",
        attributes={"texts": texts, "address": ADDRESS, "due": DAY},
    )
    return written(invoice, (customer, COIN, [_line()]), ctx)


def _line() -> Line:
    template = {"posting_template": 1}
    article = Record("product", "global", "1", {"unit": "1"}, number="1", attributes=template)
    return Line(
        guid="1",
        article=article,
        says=("1",),
        unit="1",
        amount=Amount(ONE, ONE, ONE),
        tax_class=1,
        project="1",
        department="1",
        employee="1",
    )
