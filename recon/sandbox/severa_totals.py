"""What an invoice's rows add up to in the sandbox's Severa.

Rows and totals are rounded half up to two digits: how the real one rounds is not stated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from recon.sandbox.severa_documents import Doc
from recon.sandbox.severa_organisation import Organisation
from recon.sandbox.severa_rules import guid_of
from recon.sandbox.severa_switches import invalid

# The type of a row → the property of the invoice's own total.
PARTS: Mapping[str, str] = {
    "Hours": "workHoursTotalExcludingTax",
    "ProjectFees": "projectFeesTotalExcludingTax",
    "TravelExpenses": "projectTravelExpensesTotalExcludingTax",
    "FlatRate": "flatRatesTotalExcludingTax",
}


def totals(organisation: Organisation, invoice: Doc) -> Doc:
    """The totals of an invoice from its rows as they are kept."""
    rows = organisation.documents.by("invoicerows", "invoiceGuid", invoice["guid"])
    currency = organisation.documents.get("currencies", guid_of(invoice, "currency")) or {}
    return summed(rows, currency.get("code"))


def summed(rows: Iterable[Doc], code: str | None) -> Doc:
    """The totals of rows in a currency, as the properties of their invoice."""
    amounts = [(row["rowType"], _net(row), _decimal(row.get("vatRate"))) for row in rows]
    net = sum((amount for _kind, amount, _rate in amounts), Decimal())
    tax = sum((amount * rate / 100 for _kind, amount, rate in amounts), Decimal())
    made = {
        "totalExcludingTax": net,
        "totalTax": tax,
        "totalIncludingTax": _cents(net) + _cents(tax),
    } | {
        total: sum((amount for one, amount, _rate in amounts if one == kind), Decimal())
        for kind, total in PARTS.items()
    }
    return {name: _money(value, code) for name, value in made.items()}


def _net(row: Doc) -> Decimal:
    price = (row.get("unitPrice") or {}).get("amount")
    return _cents(_decimal(row.get("quantity")) * _decimal(price))


def _decimal(value: object) -> Decimal:
    return Decimal(repr(value)) if isinstance(value, int | float) else Decimal()


def _cents(value: Decimal) -> Decimal:
    if abs(value) >= 10**15:
        raise invalid("The amount is too large")
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _money(value: Decimal, code: str | None) -> Doc:
    return {"amount": float(_cents(value)), "currencyCode": code}
