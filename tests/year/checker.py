"""The judge of a year: which invoices must have an order, what it must hold, and what Severa must
then say of it. Imports nothing of recon: it reads both systems' files and reckons itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.year import costs, held
from tests.year.held import Doc, Held, Row, cents, day, exact, inner, low
from tests.year.ledger import Ledger, Stage

Key = tuple[str, str, str]
PAID = 3
SUMS = ("ExchangeAmount", "TotalAmount", "TotalVAT", "TotalGross")
SOURCES = ("workhours", "projectfees", "projecttravelexpenses")


@dataclass
class Verdict:
    """What is wrong; what differs by what users did; sums by month, status (as the product's
    report calls it) and currency, net in that and VAT in the company's; and the outcome of each
    document, for comparing two years."""

    faults: list[str] = field(default_factory=list)
    listed: dict[str, Decimal] = field(default_factory=dict)
    totals: dict[Key, dict[str, dict[str, Any]]] = field(default_factory=dict)
    outcomes: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    currencies: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    lost: int = 0
    duplicates: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    costs: costs.Costs = field(default_factory=costs.Costs)


@dataclass(frozen=True)
class Part:
    """An order, or an invoiced part of one, with its lines in their order."""

    number: str
    head: Row
    lines: list[Row]
    open: bool


def judge(folder: Path) -> Verdict:
    """Judge a company as its files are now."""
    known = held.read(folder)
    verdict = Verdict()
    Judge(known, verdict).all()
    verdict.costs = costs.judge(known)
    verdict.faults += verdict.costs.faults
    verdict.outcomes |= verdict.costs.outcomes
    return verdict


def steps(folder: Path) -> dict[str, int]:
    """How far each invoice is by its status in Severa: 0 to 3."""
    known = held.read_severa(folder)
    names = [known.orders["taken"], known.orders["sent"], known.orders["paid"]]
    ranks = {known.status(name): at for at, name in enumerate(names, 1)}
    docs = known.docs["invoices"]
    return {guid: ranks.get(inner(doc, "status"), 0) for guid, doc in docs.items()}


def back(before: Mapping[str, int], after: Mapping[str, int]) -> list[str]:
    """Invoices whose status went back between two verdicts."""
    return [
        f"invoice {guid}: its status went back from step {rank} to {after.get(guid)}"
        for guid, rank in before.items()
        if after.get(guid, -1) < rank
    ]


class Judge:
    """Holds what is looked up for every invoice."""

    def __init__(self, known: Held, verdict: Verdict) -> None:
        self.held, self.verdict = known, verdict
        self.ledger = Ledger(known)
        self.parts = _parts(known)
        self.rows = known.under("invoicerows", "invoiceGuid")
        self.customers = known.guids("Customer", "CustomerNo")
        self.projects = known.guids("Project", "ProjectNo")
        self.articles = {g: key for key, g in known.guids("Article", "ArticleNo").items()}
        self.currencies = {row["CurrencyNo"]: row for row in known.rows["CurrencyTable"]}
        self.project_of = _project_of(known)
        self.coded = _coded(known)
        steps = [known.orders["taken"], known.orders["sent"], known.orders["paid"]]
        self.steps = {known.status(name): at for at, name in enumerate(steps, 1)}
        self.taking = {known.status(name) for name in known.orders["take"]}

    def all(self) -> None:
        """Judge every invoice, and look for orders that belong to none."""
        invoices = self.held.docs["invoices"]
        for guid, invoice in sorted(invoices.items()):
            self.verdict.faults += [f"invoice {guid}: {text}" for text in self._one(guid, invoice)]
        for guid in sorted(set(self.parts) - set(invoices)):
            self.verdict.faults.append(f"the order with SeveraGUID {guid} belongs to no invoice")

    def _one(self, guid: str, invoice: Doc) -> Iterator[str]:
        parts = self.parts.get(guid, [])
        status = inner(invoice, "status")
        rank = self.steps.get(status, 0)
        self.verdict.statuses[guid] = rank
        due = (day(invoice["date"]) or date.min) >= self.held.profile["transfer"]["invoices_from"]
        if not due or (status not in self.taking and not rank):
            yield from (f"has an order {p.number} though it must not transfer" for p in parts)
            return
        if not parts:
            self.verdict.lost += 1
            yield "has no order"
            return
        yield from self._once(parts)
        yield from self._head(invoice, parts[0].head)
        for part in parts:
            yield from self._lines(guid, part, credit=invoice["isCreditNote"])
        stage = self.ledger.stage(parts)
        yield from self._sums(guid, invoice, parts, stage.name)
        yield from self._status(rank, invoice, stage)
        self._remember(guid, invoice, parts, stage)

    def _once(self, parts: list[Part]) -> Iterator[str]:
        numbers = {part.head.get("OriginalOrderNo") or part.number for part in parts}
        if len(numbers) > 1 or sum(part.open for part in parts) > 1:
            self.verdict.duplicates += 1
            yield f"has several orders: {sorted(numbers)}"

    # --- what the order holds -------------------------------------------------------------------

    def _head(self, invoice: Doc, head: Row) -> Iterator[str]:
        currency = self.currencies[head["CurrencyNo"]]
        first = low((invoice["projects"] or [{}])[0].get("guid"))
        customer = inner(invoice, "billingCustomer") or inner(invoice, "customer")
        number = head["OrgRegOrderCustomerNo"] or head["CustomerNo"]
        kind = "credit_type" if invoice["isCreditNote"] else "type"
        code = invoice["currency"]["code"]
        rate = exact(invoice["currencyRate"]) if code != "NOK" else Decimal(1)
        pairs = {
            "customer": (self.customers.get(number), customer),
            "project": (self.projects.get(head["ProjectNo"]), first),
            "type": (head["OrderType"], self.held.orders[kind]),
            "date": (day(head["OrderDate"]), day(invoice["date"])),
            "currency": (currency["CurrencyCode"], code),
            "rate": (cents(exact(head["ExchangeRate"])), cents(rate * (currency["Unit"] or 1))),
        }
        yield from _unequal(pairs)

    def _lines(self, guid: str, part: Part, *, credit: bool) -> Iterator[str]:
        rows = sorted(self.rows[guid], key=lambda row: row["sortOrder"])
        ours = [line for line in part.lines if line["SeveraGUID"]]
        if [low(line["SeveraGUID"]) for line in ours] != [low(row["guid"]) for row in rows]:
            yield f"order {part.number}: its lines are not the invoice's rows in their order"
            return
        said = _said(part.lines)
        if credit and not said.get("", "").startswith("Creditnote"):
            yield f"order {part.number}: it does not say what it credits"
        for row, line in zip(rows, ours, strict=True):
            pairs = {
                "article": (line["ArticleNo"], self._article(row)),
                "VAT rate": (exact(line["VATPer"]), exact(row["vatRate"])),
                "project": (self.projects.get(line["ProjectNo"]), self._project(row, part)),
                "text": (said[low(row["guid"])], "".join(str(row["description"] or "").split())),
            }
            yield from (f"line {line['SeqNo']}: {text}" for text in _unequal(pairs))

    def _article(self, row: Doc) -> str:
        code = (row["code"] or [""])[0]
        found = [self.articles[guid] for guid in self.coded.get(code, []) if guid in self.articles]
        return str(found[0] if found else self.held.orders["articles"][row["rowType"]])

    def _project(self, row: Doc, part: Part) -> str:
        return self.project_of.get(low(row["guid"])) or self.projects[part.head["ProjectNo"]]

    # --- amounts --------------------------------------------------------------------------------

    def _sums(self, guid: str, invoice: Doc, parts: list[Part], stage: str) -> list[str]:
        """Faults of the amounts; an order that a user edited is listed, and must agree with its own
        lines instead."""
        code = invoice["currency"]["code"]
        rate = exact(invoice["currencyRate"]) if code != "NOK" else Decimal(1)
        own = [(_net(row), exact(row["vatRate"])) for row in self.rows[guid]]
        net = sum((one for one, _ in own), Decimal())
        tax = cents(sum((one * percent for one, percent in own), Decimal()) / 100)
        home = sum((cents(one * rate) for one, _ in own), Decimal())
        pairs = {
            "Severa's net": (_amount(invoice, "totalExcludingTax"), net),
            "Severa's VAT": (_amount(invoice, "totalTax"), tax),
        }
        vat = cents(tax * rate)
        wanted = dict(zip(SUMS, (net, home, vat, home + vat), strict=True))
        found = {name: _sum(parts, name) for name in wanted}
        faults = [*_unequal({**pairs, **{name: (found[name], wanted[name]) for name in SUMS}})]
        if faults and self._edited(guid, parts):
            self.verdict.listed[guid] = found["ExchangeAmount"] - net
            faults = list(_unequal({name: (found[name], one) for name, one in _own(parts).items()}))
        self.verdict.currencies[guid] = code
        self.verdict.rows += len(own)
        key = (str(invoice["date"])[:7], stage, str(code))
        ours: tuple[Decimal, ...] | None = (found["ExchangeAmount"], found["TotalVAT"])
        if stage == "nullified":
            self.verdict.listed[guid], ours = -net, None
        self._count(key, (net, vat), ours)
        return faults + list(self._quantities(guid, parts))

    def _quantities(self, guid: str, parts: list[Part]) -> Iterator[str]:
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for part in parts:
            for line in part.lines:
                sums[low(line["SeveraGUID"])] += exact(line["Quantity"])
        for row in self.rows[guid]:
            if sums[low(row["guid"])] != exact(row["quantity"]):
                yield f"row {row['guid']}: {sums[low(row['guid'])]} of {row['quantity']} ordered"

    def _edited(self, guid: str, parts: list[Part]) -> bool:
        """Whether a user changed a line: its price or quantity is not the row's."""
        prices = {low(row["guid"]): _price(row) for row in self.rows[guid]}
        lines = [line for part in parts for line in part.lines if line["SeveraGUID"]]
        return any(
            exact(line["ExchangeSalesPrice"]) != prices[low(line["SeveraGUID"])] for line in lines
        )

    def _count(self, key: Key, severa: tuple[Decimal, ...], ours: Any) -> None:
        """Count a document on both sides; a nullified order (None) is none."""
        sums = self.verdict.totals.setdefault(key, {"severa": _nothing(), "global": _nothing()})
        for side, (net, vat) in (("severa", severa), *([("global", ours)] if ours else [])):
            sums[side]["count"] += 1
            sums[side]["net"] += net
            sums[side]["vat"] += vat

    # --- what comes back ------------------------------------------------------------------------

    def _status(self, rank: int, invoice: Doc, stage: Stage) -> Iterator[str]:
        if rank not in stage.ranks:
            yield f"{stage.name}, but its status in Severa is step {rank} of 3"
        if stage.paid_on and rank == 3 and day(invoice["paymentDate"]) != stage.paid_on:
            yield f"was paid on {stage.paid_on}, but Severa says {invoice['paymentDate']}"

    def _remember(self, guid: str, invoice: Doc, parts: list[Part], stage: Stage) -> None:
        """The outcome, without numbers that depend on who came first."""
        lines = [
            tuple(str(exact(line[name])) for name in ("Quantity", "Amount", "VATPer"))
            for part in parts
            for line in part.lines
            if line["SeveraGUID"]
        ]
        self.verdict.outcomes[f"invoice {guid}"] = (
            self.verdict.statuses[guid],
            str(invoice["paymentDate"])[:10],
            stage.name,
            len(parts),
            *(str(_sum(parts, name)) for name in SUMS),
            tuple(sorted(lines)),
        )


def _nothing() -> dict[str, Any]:
    return {"count": 0, "net": Decimal(), "vat": Decimal()}


def _unequal(pairs: Mapping[str, tuple[Any, Any]]) -> Iterator[str]:
    for name, (found, wanted) in pairs.items():
        if found != wanted:
            yield f"{name} is {found}, {wanted} was expected"


def _sum(parts: list[Part], name: str) -> Decimal:
    return cents(sum((exact(part.head[name]) for part in parts), Decimal()))


def _net(row: Doc) -> Decimal:
    return cents(exact(row["quantity"]) * _price(row))


def _own(parts: list[Part]) -> dict[str, Decimal]:
    """What orders come to by their own lines."""
    lines = [line for part in parts for line in part.lines]
    net = sum((exact(line["ExchangeAmount"]) for line in lines), Decimal())
    home = sum((exact(line["Amount"]) for line in lines), Decimal())
    taxes = (exact(line["Amount"]) * exact(line["VATPer"]) for line in lines)
    vat = cents(sum(taxes, Decimal()) / 100)
    return dict(zip(SUMS, (net, home, vat, home + vat), strict=True))


def _price(row: Doc) -> Decimal:
    return exact((row["unitPrice"] or {}).get("amount"))


def _amount(invoice: Doc, name: str) -> Decimal:
    return cents(exact((invoice[name] or {}).get("amount")))


def _said(lines: list[Row]) -> dict[str, str]:
    """The text of each row, without blanks: its line's and those of the text lines after it."""
    found: dict[str, str] = {}
    current = ""
    for line in lines:
        current = low(line["SeveraGUID"]) or current
        found[current] = found.get(current, "") + "".join(str(line["Name"]).split())
    return found


def _parts(known: Held) -> dict[str, list[Part]]:
    """Orders and their invoiced parts by SeveraGUID, the open one last."""
    found: dict[str, list[Part]] = defaultdict(list)
    kinds: tuple[tuple[str, str, str, bool], ...] = (
        ("CustomerOrderCopy", "CustomerOrderLineCopy", "OrderCopyNo", False),
        ("CustomerOrder", "CustomerOrderLine", "OrderNo", True),
    )
    for heads, lines, key, is_open in kinds:
        by_number = known.by(lines, key)
        order: Callable[[Row], int] = lambda line: int(line["SeqNo"])  # noqa: E731
        for head in known.rows[heads]:
            if guid := low(head["SeveraGUID"]):
                own = sorted(by_number[head[key]], key=order)
                found[guid].append(Part(str(head[key]), head, own, is_open))
    return found


def _project_of(known: Held) -> dict[str, str]:
    """The project of each row, where its hours, fees and expenses name just one."""
    found: dict[str, set[str]] = defaultdict(set)
    for name in SOURCES:
        for doc in known.docs[name].values():
            found[low(doc.get("invoiceRowGuid"))].add(inner(doc, "project"))
    return {row: min(projects) for row, projects in found.items() if len(projects) == 1}


def _coded(known: Held) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name in ("products", "worktypes", "travelexpensetypes"):
        for guid, doc in known.docs[name].items():
            found[str(doc.get("code"))].append(guid)
    return found
