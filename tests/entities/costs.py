"""A company's ledger and fees for the tests of supplier costs: rows in SQLite, a plan of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from recon import checks
from recon.apply import new_link
from recon.entities.supplier_cost import ENTITY
from recon.links import Links
from recon.plan import make
from recon.reference import Reference
from recon.settings import Profile
from recon.shapes import Finding, Link, Plan, Record
from recon.spec import Context, Draft
from recon.systems.tables import TABLES
from tests import engine
from tests.entities.world import Database
from tests.test_reference import DAY, GLOBAL, SEVERA

NAME = "supplier_cost"
BEGIN = date(2026, 1, 1)
ENTERED = datetime(2026, 3, 2, 9)
INVOICE, PAYMENT = 4, 3
PROJECT, OTHER, EURO, CLOSED, LOOSE = 101, 102, 103, 104, 105
BOOKS = {
    "suppliers": [INVOICE],
    "cost_accounts": [[4000, 5999], [7000, 7999]],
    "final": [1],
    "approved": [2],
}
CURRENCIES = [
    {"CurrencyNo": 578, "CurrencyCode": "NOK", "Unit": 1},
    {"CurrencyNo": 978, "CurrencyCode": "EUR", "Unit": 1},
    {"CurrencyNo": 752, "CurrencyCode": "SEK", "Unit": 100},
]
RATES = [
    {"CurrencyNo": 978, "RateDate": datetime(2025, 12, 1), "SalesRate": 11.0},
    {"CurrencyNo": 978, "RateDate": datetime(2026, 3, 1), "SalesRate": 12.0},
    {"CurrencyNo": 978, "RateDate": datetime(2026, 3, 2), "SalesRate": 13.0},
    {"CurrencyNo": 752, "RateDate": datetime(2026, 2, 1), "SalesRate": 98.0},
]


def profile(costs: Mapping[str, Any] | None = None, **more: Any) -> Profile:
    """The company's profile with these settings under [transfer.costs] and [global.books]."""
    books = {**BOOKS, **more.pop("books", {})}
    transfer = {"costs_from": BEGIN, "costs": costs or {}, **more}
    glob = {**engine.PROFILE["global"], "books": books}
    return engine.profile(**{"global": glob, "transfer": transfer})


def project(number: int, **more: Any) -> tuple[Record, Record]:
    """A project in both systems; its guid in Severa is `p-NUMBER`."""
    fields = {"name": f"Project {number}", "closed": more.pop("closed", False)}
    guid, key = f"p-{number}", str(number)
    return (
        Record("project", "global", key, dict(fields), guid=guid, number=key),
        Record("project", "severa", guid, fields, guid=guid, number=key, attributes=more),
    )


@dataclass
class Company:
    """What stands in both systems, by hand; `planned` is what a run would make of it."""

    settings: Profile = field(default_factory=profile)
    database: Database = field(default_factory=Database)
    fees: list[dict[str, Any]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    others: list[Record] = field(default_factory=list)
    converted: dict[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, more in (
            (PROJECT, {}),
            (OTHER, {}),
            (EURO, {"currency": "EUR"}),
            (CLOSED, {"closed": True}),
        ):
            ours, theirs = project(number, **more)
            self.others += [ours, theirs]
            self.links.append(Link("project", "Project", ours.key, "", theirs.key, "", "2026", ""))
        self.database.add("Supplier", SupplierNo=50, Name="Nordvik AS")

    def line(self, number: int, amount: float = 1000.0, **more: Any) -> str:
        """A line of a supplier's invoice, final and approved; its key."""
        usual = {
            "UniqueNo": number,
            "VoucherID": 9,
            "VoucherNo": 77,
            "VoucherTypeNo": INVOICE,
            "AccountingYear": 2026,
            "VoucherDate": datetime(2026, 3, 1),
            "Created": ENTERED,
            "GLAccountNo": 4500,
            "ProjectNo": PROJECT,
            "Amount": amount,
            "Description": "Uke 9",
            "StatusTransaction": 1,
            "AttestStatus": 2,
            "CorrectedFromUniqueNo": 0,
            "SeveraGUID": "",
        }
        self.database.add("GLAccountTransaction", **{**usual, **more})
        return str(number)

    def bought(self, **more: Any) -> None:
        """The voucher of these lines in the suppliers' ledger."""
        usual = {"VoucherID": 9, "VoucherNo": 77, "VoucherTypeNo": INVOICE, "AccountingYear": 2026}
        named = {"UniqueNo": 1, "SupplierNo": 50, "SuppliersInvoiceNo": "INV-1"}
        self.database.add("CredLTransaction", **{**usual, **named, **more})

    def fee(self, guid: str, number: int | None = None, **more: Any) -> str:
        """A fee in Severa as a line makes it (without a number: as a person does); its guid."""
        usual = {
            "guid": guid,
            "name": "Nordvik AS INV-1: Uke 9",
            "description": f"Visma Global ledger line {number}, voucher 77" if number else "Own",
            "project": {"guid": f"p-{PROJECT}"},
            "eventDate": "2026-03-01",
            "quantity": 1,
            "unitCost": {"amount": 1000.0, "currencyCode": "NOK"},
        }
        self.fees.append({**usual, **more})
        return guid

    def transferred(self, number: int = 1, amount: float = 1000.0, **more: Any) -> tuple[str, str]:
        """A line and its fee, linked and in step, before somebody changed them; both keys."""
        guid = f"f-{number}"
        key = self.line(number, amount, SeveraGUID=guid, **more)
        cost = {"amount": amount, "currencyCode": "NOK"}
        self.fee(guid, number, unitCost=cost)
        mirror = self.situation().mirror
        pair = (mirror.records(NAME, "global")[key], mirror.records(NAME, "severa")[guid])
        self.links.append(new_link(ENTITY, pair, "created in severa", Links(self.links)))
        return key, guid

    def edit(self, number: int, **values: Any) -> None:
        """A user of Global changes a ledger line."""
        self._run("UPDATE", number, values)

    def delete(self, number: int) -> None:
        self._run("DELETE", number, {})

    def _run(self, what: str, number: int, values: Mapping[str, Any]) -> None:
        table = TABLES["GLAccountTransaction"]
        made = table.delete() if what == "DELETE" else table.update().values(**values)
        with self.database.engine.begin() as connection:
            connection.execute(made.where(table.c.UniqueNo == number))

    def situation(self) -> Any:
        """All that a plan is made from."""
        links = Links(self.links)
        lists = {**GLOBAL, "CurrencyTable": CURRENCIES, "CurrencyRate": RATES}
        lookup = Reference.build(SEVERA, lists, DAY)
        now = engine.situation((ENTITY,), self.others, profile=self.settings)
        for name in {record.entity for record in self.others}:
            for side in ("global", "severa"):
                kept = [r for r in self.others if (r.entity, r.side) == (name, side)]
                now.mirror.fill(name, side, kept)
        ctx = Context(self.settings, lookup, now.mirror.records, links.counterpart)
        now.mirror.fill(NAME, "global", self.database.records(ENTITY, self.settings, ctx))
        fresh = Context(
            self.settings,
            lookup,
            now.mirror.records,
            links.counterpart,
            converted=lambda: self.converted,
        )
        now.mirror.fill(NAME, "severa", ENTITY.severa_side.records(self.fees, fresh))
        return replace(now, links=links, context=fresh, converted=self.converted)

    def planned(self, absent: Mapping[Any, int] | None = None) -> Plan:
        """What a run would do."""
        return make(replace(self.situation(), absent=absent or {})).plan

    def outcome(self, key: str, side: str = "global", **more: Any) -> tuple[str, str]:
        """The state in which a record would end, and why."""
        found = [o for o in self.planned(**more).outcomes if (o.side, o.key) == (side, key)]
        assert len(found) == 1, "it is not read" if not found else "it is read twice"
        return found[0].state, found[0].detail

    def read(self) -> set[str]:
        """The keys of the ledger lines that are read."""
        return set(self.situation().mirror.records(NAME, "global"))

    def body(self, key: str) -> dict[str, Any]:
        """What Severa gets for a line."""
        now = self.situation()
        line = now.mirror.records(NAME, "global")[key]
        guid = now.links.counterpart("project", "global", line.fields["project"])
        draft = Draft({**line.fields, "project": guid}, line.number, "", None, line)
        return dict(ENTITY.severa_side.create(draft, now.context)[1])

    def findings(self, check: str) -> list[str]:
        """The keys that a check lists."""
        now = self.situation()
        bench = checks.Bench(now.context, now.mirror, now.links, None)  # type: ignore[arg-type]
        found: list[Finding] = list(checks.run((ENTITY,), bench))
        return [finding.key for finding in found if finding.check == check]
