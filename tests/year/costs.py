"""The judge of a year's supplier lines: which must have a project fee in Severa, and what it holds.
Imports nothing of recon."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tests.year.held import Doc, Held, Row, cents, day, exact, inner, low

NAMED = re.compile(r"ledger line ([0-9]+)")
HOME = "NOK"


@dataclass
class Costs:
    """What is wrong with the costs; the fees' sums by month; and the outcome of each line."""

    faults: list[str] = field(default_factory=list)
    outcomes: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    totals: dict[str, dict[str, Any]] = field(default_factory=dict)
    lost: int = 0
    duplicates: int = 0
    left: int = 0


def judge(known: Held) -> Costs:
    """Judge the supplier lines, where the company transfers them."""
    verdict = Costs()
    if known.profile["transfer"].get("costs_from"):
        _Judge(known, verdict).all()
    return verdict


class _Judge:
    def __init__(self, known: Held, verdict: Costs) -> None:
        self.held, self.verdict = known, verdict
        self.books = known.profile["global"]["books"]
        self.rules = known.profile["transfer"]["costs"]
        self.begin = known.profile["transfer"]["costs_from"]
        self.lines = {row["UniqueNo"]: row for row in known.rows["GLAccountTransaction"]}
        self.projects = known.guids("Project", "ProjectNo")
        self.suppliers = {row["SupplierNo"]: row["Name"] for row in known.rows["Supplier"]}
        self.owed = known.by("CredLTransaction", "VoucherID")
        self.fees = _fees(known)

    def all(self) -> None:
        for number, line in sorted(self.lines.items()):
            fees = self.fees.pop(number, [])
            due = self._due(line)
            self.verdict.left += not due
            faults = self._one(line, fees) if due else self._none(line, fees)
            self.verdict.faults += [f"ledger line {number}: {text}" for text in faults]
        for number in sorted(self.fees):
            self.verdict.faults.append(f"a fee names the ledger line {number}, which is not there")

    def _due(self, line: Row) -> bool:
        """Whether a line belongs on a project in Severa."""
        books, account = self.books, line["GLAccountNo"]
        days = (day(line["VoucherDate"]), day(line["Created"]))
        return (
            line["VoucherTypeNo"] in books["suppliers"]
            and any(low_end <= account <= high for low_end, high in books["cost_accounts"])
            and bool(line["ProjectNo"])
            and line["StatusTransaction"] in books["final"]
            and line["AttestStatus"] in books["approved"]
            and all(one is not None and one >= self.begin for one in days)
            and bool(cents(exact(line["Amount"])))
            and self._takes_back_ours(line)
        )

    def _takes_back_ours(self, line: Row) -> bool:
        original = self.lines.get(line["CorrectedFromUniqueNo"])
        return original is None or (day(original["VoucherDate"]) or date.min) >= self.begin

    def _none(self, line: Row, fees: list[Doc]) -> Iterator[str]:
        if fees or line["SeveraGUID"]:
            yield "has a fee though it must not transfer"

    def _one(self, line: Row, fees: list[Doc]) -> Iterator[str]:
        if not fees:
            self.verdict.lost += 1
            yield "has no fee"
            return
        if len(fees) > 1:
            self.verdict.duplicates += 1
            yield f"has {len(fees)} fees"
        fee, project = fees[0], self.held.docs["projects"][self.projects[line["ProjectNo"]]]
        cost = cents(exact(line["Amount"]) * self.books.get("debit", 1))
        rule = self._rule(line)
        price = cost * (1 + exact(rule["percentage"]) / 100)
        pairs = {
            "its guid": (low(line["SeveraGUID"]), low(fee["guid"])),
            "project": (inner(fee, "project"), low(project["guid"])),
            "date": (day(fee["eventDate"]), day(line["VoucherDate"])),
            "quantity": (exact(fee["quantity"]), Decimal(1)),
            "cost": (_money(fee["unitCost"]), (cost, HOME)),
            "price": (_money(fee["unitPrice"]), self._sold(price, project, line)),
            "billable": (fee["isBillable"], rule["billable"]),
        }
        for name, (found, wanted) in pairs.items():
            if found != wanted:
                yield f"{name} of the fee is {found}, {wanted} was expected"
        yield from self._said(line, fee)
        self._count(line, fee, cost)

    def _said(self, line: Row, fee: Doc) -> Iterator[str]:
        owed = next(iter(self.owed.get(line["VoucherID"], [])), None)
        wanted = [str(line["Description"])]
        if owed:
            wanted += [self.suppliers[owed["SupplierNo"]], owed["SuppliersInvoiceNo"]]
        yield from (f"the fee does not say {text}" for text in wanted if text not in fee["name"])

    def _rule(self, line: Row) -> dict[str, Any]:
        """Property by property: the project's, the supplier's, the account's, the general one."""
        owed = next(iter(self.owed.get(line["VoucherID"], [])), line)
        places = (
            ("projects", line["ProjectNo"]),
            ("suppliers", owed["SupplierNo"]),
            ("accounts", line["GLAccountNo"]),
        )
        rules = [self.rules.get(table, {}).get(str(key), {}) for table, key in places]
        rules.append({"billable": False, "percentage": 0} | dict(self.rules))
        names = ("billable", "percentage")
        return {name: next(rule[name] for rule in rules if name in rule) for name in names}

    def _sold(self, price: Decimal, project: Doc, line: Row) -> tuple[Decimal, str]:
        """A price in the project's currency, by Global's rate of the day."""
        code = project["currency"]["code"]
        if code == HOME:
            return cents(price), HOME
        currency = next(r for r in self.held.rows["CurrencyTable"] if r["CurrencyCode"] == code)
        at = day(line["VoucherDate"]) or date.max
        rates = [
            (day(row["RateDate"]), exact(row["SalesRate"]))
            for row in self.held.rows["CurrencyRate"]
            if row["CurrencyNo"] == currency["CurrencyNo"] and (day(row["RateDate"]) or at) <= at
        ]
        rate = max(rates, key=lambda one: one[0] or date.min)[1] / (currency["Unit"] or 1)
        return cents(price / rate), code

    def _count(self, line: Row, fee: Doc, cost: Decimal) -> None:
        month = str(line["VoucherDate"])[:7]
        sums = self.verdict.totals.setdefault(month, {"count": 0, "net": Decimal()})
        sums["count"] += 1
        sums["net"] += cost
        self.verdict.outcomes[f"cost {line['UniqueNo']}"] = (
            inner(fee, "project"),
            _money(fee["unitCost"]),
            _money(fee["unitPrice"]),
            str(fee["isBillable"]),
            bool(inner(fee, "invoice")),
        )


def _money(value: Mapping[str, Any] | None) -> tuple[Decimal, str]:
    return cents(exact((value or {}).get("amount"))), str((value or {}).get("currencyCode"))


def _fees(known: Held) -> dict[int, list[Doc]]:
    """The fees that name a ledger line, by its number."""
    found: dict[int, list[Doc]] = defaultdict(list)
    for fee in known.docs["projectfees"].values():
        if named := NAMED.search(fee.get("description") or ""):
            found[int(named.group(1))].append(fee)
    return found
