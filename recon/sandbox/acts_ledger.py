"""What users of Global do to what is sold and bought: one name for each act.

Money is Decimal; amounts are rounded half up to the digits of their currency. An amount in the
company's currency is the one in the order's times ExchangeRate / CurrencyTable.Unit.
"""

from __future__ import annotations

from recon.sandbox.ledger_orders import (
    add_fee,
    collect,
    delete_order,
    edit_line,
    invoice_order,
    nullify,
)
from recon.sandbox.ledger_payments import credit, pay, reopen, write_off
from recon.sandbox.ledger_suppliers import Bought, Cost, correct, reverse, supplier_invoice

__all__ = [
    "Bought",
    "Cost",
    "add_fee",
    "collect",
    "correct",
    "credit",
    "delete_order",
    "edit_line",
    "invoice_order",
    "nullify",
    "pay",
    "reopen",
    "reverse",
    "supplier_invoice",
    "write_off",
]
