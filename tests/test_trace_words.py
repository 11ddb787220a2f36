"""What a traced invoice is waiting for, in words: cases that no company of the tests has."""

from __future__ import annotations

from typing import Any

from recon.entities.invoice.progress import Rows, progress
from recon.settings import Profile
from recon.trace.invoice_steps import expected
from recon.trace.invoices import Found
from recon.trace.remembered import Remembered

SENT = {"sent": "Sent", "paid": "Paid"}
BOOKS = {"sales": [1], "credits": [2], "payments": [3]}


def test_nobody_is_told_that_a_customer_pays_less_than_nothing() -> None:
    copy: dict[str, Any] = {"OrderStatus": 1000, "InvoiceNo": 300, "TotalAmount": -1000.0}
    entry = {"VoucherNo": 300, "VoucherTypeNo": 2, "UniqueNo": 1}
    rows = Rows(None, [copy], [{**entry, "Amount": -1250.0, "RestAmount": -1250.0}])
    profile = Profile.model_validate({
        "company": {"name": "P"}, "global": {"books": BOOKS}, "severa": {},
        "transfer": {"orders": SENT},
    })  # fmt: skip
    document = {"status": {"name": "Sent"}}
    found = Found("i-1", document, rows, Remembered(), None)
    said = expected(found, progress(rows, profile.global_.books), profile)
    assert said.startswith("1,250.00 NOK are paid back to the customer; then Severa shows Paid")
