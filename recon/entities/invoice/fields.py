"""The shared fields of invoices: what an order was made with, what it comes to, how far it is.

All but the statuses goes into the order once; what changes afterwards on either side is reported
and never carried over.
"""

from __future__ import annotations

from typing import Any

from recon import money
from recon.shapes import Value
from recon.spec import Field


def amount(value: Any) -> Value:
    """An amount in its one form; none is zero."""
    return money.bare(money.exact(value) or None)


def unequalled(_value: Any) -> Value:
    """What is never compared: each system has its own."""
    return None


FIELDS = (
    Field(
        "name",
        "Invoice",
        "CustomerOrder.OrderName",
        "number",
        direction="once",
        compare=unequalled,
        loses="Severa may give the number after the transfer; it is not written again",
    ),
    Field(
        "customer",
        "Customer",
        "CustomerOrder.CustomerNo",
        "billingCustomer, customer",
        direction="once",
        refers="customer",
        required=True,
        loses="the order's customer is the billing customer where there is one",
    ),
    Field(
        "project",
        "Project",
        "CustomerOrder.ProjectNo",
        "projects",
        direction="once",
        refers="project",
        required=True,
        loses="of several projects the first one stands on the header, each row's on its line",
    ),
    Field("date", "Date", "CustomerOrder.OrderDate", "date", type="date", direction="once"),
    Field("currency", "Currency", "CustomerOrder.CurrencyNo", "currency", direction="once"),
    Field(
        "total",
        "Total without VAT",
        "CustomerOrder.ExchangeAmount",
        "totalExcludingTax",
        type="decimal",
        direction="once",
        compare=amount,
    ),
    Field(
        "vat",
        "VAT in company currency",
        "CustomerOrder.TotalVAT",
        "totalTax",
        type="decimal",
        direction="once",
        compare=amount,
    ),
    Field(
        "taken",
        "Transferred",
        "CustomerOrder",
        "status",
        type="boolean",
        direction="to_severa",
        rises=True,
    ),
    Field(
        "sent",
        "Sent",
        "CustomerOrderCopy.InvoiceNo",
        "status",
        type="boolean",
        direction="to_severa",
        rises=True,
    ),
    Field(
        "paid",
        "Paid",
        "DebLTransaction.RestAmount",
        "status",
        type="boolean",
        direction="to_severa",
        rises=True,
    ),
    Field(
        "paid_on",
        "Paid on",
        "DebLTransaction.VoucherDate",
        "paymentDate",
        type="date",
        direction="to_severa",
        rises=True,
    ),
)
