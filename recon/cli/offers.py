"""What both systems offer to choose from while a profile is being written; works without them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from recon import reference
from recon.cli.dialogue import Choice
from recon.cli.session import severa_url
from recon.doctor import lists
from recon.doctor.apart import api
from recon.doctor.defaults import CUSTOMERS, PERMISSIONS, USERS
from recon.doctor.means import called, listed
from recon.doctor.scopes import ORGANISATION
from recon.effects import Effects
from recon.errors import ReconError
from recon.reference import BUSINESS_UNITS, INVOICE_STATUSES, SALES_STATUSES
from recon.settings import Profile
from recon.spec import Listing
from recon.systems.severa import Severa
from recon.systems.visma_global import VismaGlobal
from recon.workbench import Options, database

MEANINGS = {"isWaitingPayment": "waits for payment", "isSent": "sent", "isPaid": "paid"}
Row = Mapping[str, Any]
Offer = Callable[["Offers"], Sequence[Choice]]


class Offers:
    """Lists of both systems, as far as they can be reached; close it at the end."""

    def __init__(self) -> None:
        self.database: VismaGlobal | None = None
        self.severa: Severa | None = None
        self.company = ""

    def close(self) -> None:
        """Close what was opened."""
        for system in (self.database, self.severa):
            if system is not None:
                system.close()

    def reach_global(self, profile: Profile) -> str:
        """Connect to Global's database; what is in the way, '' for nothing."""
        try:
            found = database(profile, Options(), Effects())
            found.now()
        except ReconError as error:
            return str(error)
        if self.database is not None:
            self.database.close()
        self.database = found
        return ""

    def reach_severa(self, profile: Profile) -> str:
        """Connect to Severa; what is in the way, '' for nothing."""
        try:
            severa = api(profile, severa_url(profile))
            severa.get(ORGANISATION)
        except ReconError as error:
            return str(error)
        self.severa = severa
        return ""

    def schemas(self) -> list[str]:
        """The schemas of the database that hold Global's tables."""
        return self.database.schemas() if self.database else []

    def of_global(self, name: str) -> list[Choice]:
        """A list of `recon.doctor.lists`: what may be chosen, by its number."""
        if self.database is None:
            return []
        rows = self.database.read(lists.statements()[name])
        return [
            Choice(row["key"], str(row["key"]), _counted(row), int(row.get("count") or 0))
            for row in rows
            if row["key"]
        ]

    def voucher_types(self) -> list[Choice]:
        """The voucher types, by their number."""
        rows = self.database.read(lists.voucher_types()) if self.database else []
        found = [(row["VoucherTypeNo"], str(row.get("Name") or "")) for row in rows]
        return [Choice(number, str(number), name) for number, name in sorted(found) if number]

    def templates(self, today: date) -> dict[str, list[Choice]]:
        """The posting templates of articles by their VAT rate today."""
        if self.database is None:
            return {}
        rows = {name: self.database.read(s) for name, s in reference.statements().items()}
        book = reference.Reference.build({}, rows, today)
        found: dict[str, list[Choice]] = {}
        for choice in self.of_global("posting_templates"):
            if rate := book.from_global("vat_rate", choice.value):
                found.setdefault(str(rate), []).append(choice)
        return found

    def of_severa(self, rows: Sequence[Row], value: str = "guid") -> list[Choice]:
        """Rows of Severa to choose from, by their place in the list."""
        active = sorted((r for r in rows if r.get("isActive", True)), key=_name)
        return [Choice(r[value], str(n), called(r)) for n, r in enumerate(active, 1)]

    def companies(self) -> list[Choice]:
        """The active companies of the Severa organisation."""
        details = self.severa.get(ORGANISATION) if self.severa else {}
        return self.of_severa([c for c in details.get("activeCompanies") or () if c], "name")

    def won_statuses(self) -> list[Choice]:
        """The sales statuses that mean won."""
        rows = listed(self.severa, SALES_STATUSES) if self.severa else []
        return self.of_severa([r for r in rows if r.get("salesState") == "Won"], "name")

    def invoice_statuses(self) -> list[Choice]:
        """The invoice statuses in Severa's order, each with what it means there."""
        rows = listed(self.severa, INVOICE_STATUSES) if self.severa else []
        found = []
        for at, row in enumerate(sorted(rows, key=lambda r: r.get("sortOrder") or 0), 1):
            means = [word for flag, word in MEANINGS.items() if row.get(flag)]
            label = f"{row.get('name')} ({', '.join(means)})" if means else str(row.get("name"))
            found.append(Choice(row.get("name"), str(at), label))
        return found

    def permission_profiles(self) -> list[Choice]:
        """The permission profiles that a new user may get."""
        return self.of_severa(listed(self.severa, PERMISSIONS)) if self.severa else []

    def business_units(self) -> list[Choice]:
        """The business units of the company, the topmost first."""
        rows = listed(self.severa, BUSINESS_UNITS) if self.severa else []
        wanted = self.company.casefold()
        ours = [r for r in rows if not wanted or wanted in _companies(r)]
        top = [r for r in ours if not r.get("parentGuid")]
        return self.of_severa(top) + [
            Choice(c.value, str(len(top) + n), c.label)
            for n, c in enumerate(self.of_severa([r for r in ours if r.get("parentGuid")]), 1)
        ]

    def users(self) -> list[Choice]:
        """The active users."""
        return self.of_severa(self._pages(USERS, isActive=True))

    def internal_customers(self) -> list[Choice]:
        """The customers that stand for the company itself."""
        rows = self._pages(CUSTOMERS, isInternal=True)
        return self.of_severa([row for row in rows if row.get("isInternal")])

    def last_customer(self) -> int:
        """The last customer number that Global gave out; 0 where it is not known."""
        if self.database is None:
            return 0
        rows = self.database.read(lists.statements()["parameters"])
        return int(rows[0].get(lists.COUNTERS[0]) or 0) if rows else 0

    def _pages(self, path: str, **params: Any) -> list[Row]:
        if self.severa is None:
            return []
        listing = Listing(path, "token", page=1000, changes=())
        return list(self.severa.read(listing, kind="lookup", **params))


def _name(row: Row) -> str:
    return called(row).casefold()


def _companies(row: Row) -> set[str]:
    return {str(row.get(n) or "").casefold() for n in ("companyGuid", "companyName")}


def _counted(row: Row) -> str:
    """'Kunder (312 active)'; a type of projects shows one of them instead of a name."""
    shown = str(row.get("name") or "").strip()
    if row.get("example"):
        shown = f"such as {row['example']!r}"
    return f"{shown} ({row['count']} active)" if "count" in row else shown
