"""VAT by Visma Global's rules: the tax class of the customer's profile if it has one (export,
reverse charge), else that of the article's posting template; the rate in force on the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from recon.entities.invoice.amounts import Amount
from recon.errors import Refused
from recon.shapes import Record
from recon.spec import Context


@dataclass(frozen=True, slots=True)
class Tax:
    """A tax class, its percentage, and why it applies."""

    number: int
    percentage: Decimal
    why: str


def tax(article: Record, customer: Record, day: date, ctx: Context) -> Tax:
    """What Global would charge; `Refused` where its lists do not tell."""
    profile = customer.attributes.get("profile_no")
    own = ctx.lookup.from_global("profile_tax_class", profile) if profile else None
    template = article.attributes.get("posting_template")
    why = f"by the customer's profile {profile}" if own else f"by posting template {template}"
    found = own or (ctx.lookup.from_global("template_tax_class", template) if template else None)
    if found is None:
        raise Refused(
            f"The article {article.name} ({article.number}) has no posting template with a tax "
            "class in Visma Global",
            todo="Set its posting template there",
        )
    number = int(str(found))
    rate = ctx.lookup.tax_rate(number, day)
    if rate is None:
        raise Refused(
            f"Visma Global has no VAT rate for tax class {number} on {day}",
            todo="Add the rate to the tax class there",
        )
    return Tax(number, Decimal(rate), why)


def agreed(called: str, amount: Amount, found: Tax) -> None:
    """`Refused` where a row with an amount has another rate in Severa than Global would charge."""
    if amount.quantity and amount.price and amount.percentage != found.percentage:
        raise Refused(
            f"{called} has {_shown(amount.percentage)} % VAT in Severa, but Visma Global charges "
            f"{_shown(found.percentage)} % ({found.why})",
            todo="Correct the VAT of the row in Severa, or the article's posting template or the "
            "customer's profile in Visma Global",
            fields=("vat",),
        )


def _shown(percentage: Decimal) -> str:
    return format(percentage.normalize(), "f")
