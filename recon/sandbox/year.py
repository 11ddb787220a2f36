"""A consultancy whose year is made month by month: drafts in Severa, books and acts in Global.

All of it follows from the seed. Users decide about a document by its own guid, so that what they do
does not depend on when they come to it.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from recon.sandbox import company, company_plain, world
from recon.sandbox.company_guids import Document, Guids, Row
from recon.sandbox.company_plain import LINKED, Counts
from recon.sandbox.company_reference import EXPORT, REVERSE
from recon.sandbox.growing import all_stay

# What customers are invoiced in, in turn; SEK is one of those whose rates are for 100.
CURRENCIES = ("NOK", "NOK", "SEK", "NOK", "EUR", "NOK", "NOK", "USD", "NOK", "EUR")
MIDDLE_RATE, MIDDLE_TEMPLATE = 15.0, 2
UNTAXED = 4
LIFTED = 1_000_000
# Calls per second that the workbench allows itself: what it remembers of them costs time, too.
PACE = 150


@dataclass(frozen=True, slots=True)
class Year:
    """How much happens in how many months of a calendar year; `rows` is the average per invoice."""

    invoices: int = 6_000
    rows: int = 10
    costs: int = 4_000
    people: int = 200
    seed: int = 1
    months: int = 12
    calendar: int = 2026

    @property
    def first(self) -> date:
        """The cut-off of its documents."""
        return date(self.calendar, 1, 1)

    @property
    def guids(self) -> Guids:
        """Dice and guids of this year."""
        return Guids(self.seed)

    def share(self, total: int, month: int) -> int:
        """How much of a year's total falls into a month, from 1."""
        return total * month // self.months - total * (month - 1) // self.months

    def dice(self, label: str) -> random.Random:
        """A source of chance for one thing."""
        return self.guids.dice(f"year/{label}")

    def day(self, month: int, at: int) -> date:
        """A day of a month; months after the last belong to the next calendar year."""
        years, rest = divmod(month - 1, 12)
        return date(self.calendar + years, rest + 1, 1 + at % 28)


@all_stay()
def create(folder: Path, year: Year) -> Path:
    """Lay a company without dirt that can sell such a year: every record linked, nothing invoiced
    yet; returns its profile."""
    counts = Counts(
        customers=max(12, year.invoices // 15),
        projects=max(30, year.invoices // 6),
        users=year.people,
        products=max(20, year.invoices // 20),
    )
    return world.lay(folder, _selling(company_plain.make_plain(counts, LINKED, year.seed), year))


def _selling(made: company.Company, year: Year) -> company.Company:
    """The company with several currencies and VAT rates, and with its documents transferring."""
    rows, severa = dict(made.global_rows), dict(made.severa)
    _sell_in_currencies(severa)
    _tax_goods(rows, severa)
    _reverse_charge(rows, severa)
    return replace(made, global_rows=rows, severa=severa, profile=_profile(made.profile, year))


def _sell_in_currencies(severa: dict[str, list[Document]]) -> None:
    known = {one["code"]: one for one in severa["currencies"]}
    places = {one["guid"]: at for at, one in enumerate(severa["customers"])}
    severa["projects"] = [
        one | {"currency": _short(known[CURRENCIES[places[one["customer"]["guid"]] % 10]])}
        for one in severa["projects"]
    ]


def _short(currency: Document) -> Document:
    return {name: currency[name] for name in ("guid", "name", "code", "symbol")}


def _tax_goods(rows: dict[str, list[Row]], severa: dict[str, list[Document]]) -> None:
    """Every fifth product has the middle rate; the first is the article of rows without a code."""
    chosen = {one["code"] for one in severa["products"][1::5]}
    severa["products"] = [
        one | ({"vatRate": MIDDLE_RATE} if one["code"] in chosen else {})
        for one in severa["products"]
    ]
    rows["Article"] = [
        row | ({"PostingTemplateNo": MIDDLE_TEMPLATE} if row["ArticleNo"] in chosen else {})
        for row in rows["Article"]
    ]


def _reverse_charge(rows: dict[str, list[Row]], severa: dict[str, list[Document]]) -> None:
    """Every seventh domestic customer reckons the VAT himself."""
    rows["CustomerProfile"] = [
        row | ({"TaxClassNo": UNTAXED} if row["CustomerProfileNo"] == REVERSE else {})
        for row in rows["CustomerProfile"]
    ]
    domestic = [row["CustomerNo"] for row in rows["Customer"] if row["CustomerProfileNo"] != EXPORT]
    chosen = set(domestic[::7])
    none = next(one for one in severa["vatrates"] if one["percentage"] == 0)
    rate = {name: none[name] for name in ("guid", "percentage", "code")}
    rows["Customer"] = [
        row | ({"CustomerProfileNo": REVERSE} if row["CustomerNo"] in chosen else {})
        for row in rows["Customer"]
    ]
    severa["customers"] = [
        one | ({"invoicingVat": rate} if one["number"] in chosen else {})
        for one in severa["customers"]
    ]


def _profile(made: Mapping[str, Any], year: Year) -> dict[str, Any]:
    """The cut-off, a quota raised, and no limit in the way of a whole month at once."""
    limits = {"share": 1.0, "floor": LIFTED}
    return {
        **made,
        "severa": {**made["severa"], "quota": PACE, "settle_delay_s": 0.2},
        "transfer": {**made["transfer"], "invoices_from": year.first, "costs_from": year.first},
        "safety": {
            **dict.fromkeys(("creates", "updates", "documents"), limits),
            "money": {"floor": 10**12},
        },
    }
