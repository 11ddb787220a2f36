"""Whether a cost is billable and for how much: the rule of its project wins over that of its
supplier, that over its account's, that over the general one, each property by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from recon import money
from recon.errors import Refused
from recon.settings_documents import CostRule, Costs
from recon.spec import Context

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Booked:
    """Where a line is booked: the numbers by which rules are found."""

    project: int | None
    supplier: int | None
    account: int | None


@dataclass(frozen=True, slots=True)
class Terms:
    """What the rules say of a line: whether it is billable, and the percentage on its cost."""

    billable: bool
    percentage: Decimal

    def price(self, cost: Decimal) -> Decimal:
        """The cost with its percentage, not rounded."""
        return cost * (1 + self.percentage / HUNDRED)


def terms(booked: Booked, costs: Costs) -> Terms:
    """What applies to a line, property by property."""
    rules = list(_rules(booked, costs))
    billable = next((r.billable for r in rules if r.billable is not None), costs.billable)
    percentage = next((r.percentage for r in rules if r.percentage is not None), costs.percentage)
    return Terms(billable, percentage)


def _rules(booked: Booked, costs: Costs) -> Iterator[CostRule]:
    places = (
        (costs.projects, booked.project),
        (costs.suppliers, booked.supplier),
        (costs.accounts, booked.account),
    )
    for table, key in places:
        if key is not None and key in table:
            yield table[key]


def converted(price: Decimal, currency: str, day: date | None, ctx: Context) -> dict[str, Any]:
    """A price in company currency as Severa takes it, in the project's; `Refused` where Global has
    no rate for the day."""
    home = ctx.profile.company.currency
    if currency == home:
        return {"amount": money.amount(price, home), "currencyCode": home}
    rate = ctx.lookup.exchange_rate(currency, day) if day else None
    if not rate:
        raise Refused(
            f"Visma Global has no exchange rate for {currency} on {day}, the currency in which "
            "the project is sold",
            todo="Add the rate there",
            fields=("price",),
        )
    return {"amount": money.amount(price / rate, currency), "currencyCode": currency}
