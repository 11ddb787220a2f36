"""What an invoice's rows come to, and whether that is what its header says.

How Severa rounds is not stated: a net amount is rounded per row, VAT may be rounded per row, per
rate or at the end. Amounts that none of these ways explains are not transferred.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from recon import money
from recon.errors import Refused

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Amount:
    """One row's quantity, price and VAT percentage, exact, in the invoice's currency."""

    quantity: Decimal
    price: Decimal
    percentage: Decimal

    def net(self, places: int) -> Decimal:
        """Quantity times price, rounded half up."""
        return money.rounded(self.quantity * self.price, places)


def taxes(rows: Sequence[Amount], places: int) -> set[Decimal]:
    """The VAT of all rows, in each of the ways in which it may have been rounded."""
    exact = [(row.percentage, row.net(places) * row.percentage / HUNDRED) for row in rows]
    by_rate: dict[Decimal, Decimal] = defaultdict(Decimal)
    for percentage, tax in exact:
        by_rate[percentage] += tax
    return {
        sum((money.rounded(tax, places) for _, tax in exact), Decimal()),
        sum((money.rounded(tax, places) for tax in by_rate.values()), Decimal()),
        money.rounded(sum(by_rate.values(), Decimal()), places),
    }


@dataclass(frozen=True, slots=True)
class Header:
    """An invoice's own totals, its currency's decimals, and how many of its smallest units a
    difference may have."""

    net: Decimal | None
    tax: Decimal | None
    places: int
    allowed: int


def difference(rows: Sequence[Amount], header: Header) -> Decimal:
    """What a rounding line must add so that the order comes to the invoice's net total (mostly 0);
    `Refused` tells totals that the rows do not explain."""
    if header.net is None or header.tax is None:
        raise Refused("The invoice has no totals", todo="Open and save it in Severa")
    found = sum((row.net(header.places) for row in rows), Decimal())
    unit = Decimal(1).scaleb(-header.places)
    off = header.net - found
    if abs(off) > unit * header.allowed:
        raise Refused(
            f"The rows come to {found}, but the invoice's total without VAT is {header.net}",
            todo="Correct the invoice in Severa, or allow the difference with rounding under "
            "[transfer.orders]",
            fields=("total",),
        )
    _taxed(rows, header, unit)
    return off


def _taxed(rows: Sequence[Amount], header: Header, unit: Decimal) -> None:
    found = taxes(rows, header.places)
    tax = header.tax or Decimal()
    if min(abs(tax - one) for one in found) > unit * header.allowed:
        words = " or ".join(str(one) for one in sorted(found))
        raise Refused(
            f"The rows' VAT comes to {words}, but the invoice's VAT is {tax}",
            todo="Correct the invoice in Severa, or allow the difference with rounding under "
            "[transfer.orders]",
            fields=("vat",),
        )
