"""What both systems hold of a year's documents, read from their own files; nothing of recon."""

from __future__ import annotations

import json
import sqlite3
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]
Doc = Mapping[str, Any]
CENT = Decimal("0.01")

HEADS = (
    "OrderType OrderStatus OrderDate CustomerNo OrgRegOrderCustomerNo ProjectNo CurrencyNo "
    "ExchangeRate ExchangeAmount TotalAmount TotalVAT TotalGross SeveraGUID"
)
LINES = (
    "SeqNo ArticleNo Name Quantity ExchangeSalesPrice ExchangeAmount Amount VATPer ProjectNo "
    "SeveraGUID"
)
TABLES: Mapping[str, str] = {
    "CustomerOrder": f"OrderNo {HEADS}",
    "CustomerOrderCopy": f"OrderCopyNo OriginalOrderNo InvoiceNo InvoiceDate {HEADS}",
    "CustomerOrderLine": f"OrderNo {LINES}",
    "CustomerOrderLineCopy": f"OrderCopyNo {LINES}",
    "DebLTransaction": "UniqueNo VoucherNo VoucherTypeNo VoucherDate Amount RestAmount "
    "ContraEntryNo CustomerNo",
    "CurrencyTable": "CurrencyNo CurrencyCode Unit",
    "Customer": "CustomerNo SeveraGUID",
    "Project": "ProjectNo DepNo SeveraGUID",
    "Article": "ArticleNo SeveraGUID",
    "GLAccountTransaction": "UniqueNo GLAccountNo Amount ProjectNo SupplierNo VoucherID VoucherNo "
    "VoucherTypeNo VoucherDate EntryDate AccountingYear AttestStatus StatusTransaction "
    "CorrectedFromUniqueNo Description Created SeveraGUID",
    "CredLTransaction": "VoucherID VoucherNo VoucherTypeNo AccountingYear SupplierNo "
    "SuppliersInvoiceNo",
    "Supplier": "SupplierNo Name",
    "CurrencyRate": "CurrencyNo RateDate SalesRate",
}
COLLECTIONS = (
    "invoices invoicerows invoicestatuses projects currencies products worktypes "
    "travelexpensetypes workhours projectfees projecttravelexpenses"
).split()


def exact(value: Any) -> Decimal:
    """A number as it is written, none as 0."""
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value or 0)


def cents(value: Decimal) -> Decimal:
    """An amount to its hundredths, half up."""
    return value.quantize(CENT, ROUND_HALF_UP)


def low(guid: Any) -> str:
    """A guid as it is compared; '' for none."""
    return str(guid or "").strip().lower()


def inner(doc: Doc, name: str) -> str:
    """The guid of what a document points to."""
    return low((doc.get(name) or {}).get("guid"))


def day(value: Any) -> date | None:
    """The day of a moment in either system; what means empty is none."""
    found = datetime.fromisoformat(str(value)[:19]).date() if value else None
    return found if found and found.year > 1970 else None


@dataclass(frozen=True)
class Held:
    """The rows of Global's tables, the documents of Severa's lists, and the company's settings."""

    rows: Mapping[str, list[Row]]
    docs: Mapping[str, dict[str, Doc]]
    profile: Mapping[str, Any]

    def by(self, table: str, column: str) -> dict[Any, list[Row]]:
        """A table's rows by the value of a column; guids in lower case."""
        found: dict[Any, list[Row]] = defaultdict(list)
        for row in self.rows[table]:
            found[low(row[column]) if column == "SeveraGUID" else row[column]].append(row)
        return found

    def guids(self, table: str, key: str) -> dict[Any, str]:
        """The SeveraGUID of each row by its key."""
        return {row[key]: low(row["SeveraGUID"]) for row in self.rows[table]}

    def under(self, collection: str, name: str) -> dict[str, list[Doc]]:
        """A list's documents by a guid that they hold as text."""
        found: dict[str, list[Doc]] = defaultdict(list)
        for doc in self.docs[collection].values():
            found[low(doc.get(name))].append(doc)
        return found

    @cached_property
    def orders(self) -> Mapping[str, Any]:
        """[transfer.orders]."""
        return dict(self.profile["transfer"]["orders"])

    def status(self, named: str) -> str:
        """The guid of an invoice status that the settings name by guid or name."""
        for guid, doc in self.docs["invoicestatuses"].items():
            if named.casefold() in (guid, str(doc["name"]).casefold()):
                return guid
        raise LookupError(f"Severa has no invoice status {named}")


def read(folder: Path) -> Held:
    """All that a company's files hold now."""
    profile = tomllib.loads((folder / "profile.toml").read_text(encoding="utf-8"))
    with closing(sqlite3.connect(folder / "global.db", timeout=60)) as ours:
        ours.row_factory = sqlite3.Row
        ours.create_collation("GLOBAL_CI_AS", _collate)
        rows = {name: _rows(ours, name, columns.split()) for name, columns in TABLES.items()}
    with closing(sqlite3.connect(folder / "severa.db", timeout=60)) as theirs:
        docs = {name: _docs(theirs, name) for name in COLLECTIONS}
    return Held(rows, docs, profile)


def read_severa(folder: Path) -> Held:
    """The invoices and their statuses alone."""
    profile = tomllib.loads((folder / "profile.toml").read_text(encoding="utf-8"))
    with closing(sqlite3.connect(folder / "severa.db", timeout=60)) as theirs:
        docs = {name: _docs(theirs, name) for name in ("invoices", "invoicestatuses")}
    return Held({}, docs, profile)


def _collate(one: str, other: str) -> int:
    """Case and trailing spaces do not count."""
    a, b = one.rstrip(" ").casefold(), other.rstrip(" ").casefold()
    return (a > b) - (a < b)


def _rows(connection: sqlite3.Connection, table: str, wanted: Iterable[str]) -> list[Row]:
    there = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
    names = ", ".join(name for name in wanted if name in there)
    return [dict(row) for row in connection.execute(f"SELECT {names} FROM {table}")]


def _docs(connection: sqlite3.Connection, collection: str) -> dict[str, Doc]:
    found = connection.execute("SELECT body FROM documents WHERE collection = ?", (collection,))
    docs = (json.loads(body) for (body,) in found)
    return {low(doc["guid"]): doc for doc in docs}
