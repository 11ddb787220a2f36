"""What both systems hold, read from their own files. Imports nothing of recon."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

Row = Mapping[str, Any]
Doc = Mapping[str, Any]

Key = int | str

# Global's tables with their keys; Severa's collections by the tables that link to them.
TABLES = {
    "Department": "DepNo",
    "Employee": "EmployeeNo",
    "Article": "ArticleNo",
    "Customer": "CustomerNo",
    "Contact": "ContactNo",
    "CustomerInvoiceAdresses": "InvoiceAdressNo",
    "CustomerDeliveryAddresses": "DeliveryAddressNo",
    "Project": "ProjectNo",
    "CustomerOrder": "OrderNo",
    "CustomerOrderLine": "UniqueID",
    "GLAccountTransaction": "UniqueNo",
}
ARTICLES = ("products", "travelexpensetypes", "worktypes")
LINKED: Mapping[str, tuple[str, ...]] = {
    "Department": ("businessunits",),
    "Employee": ("users",),
    "Article": ARTICLES,
    "Customer": ("customers",),
    "Contact": ("contactpersons",),
    "CustomerInvoiceAdresses": ("addresses",),
    "CustomerDeliveryAddresses": ("addresses",),
    "Project": ("projects",),
    "CustomerOrder": ("invoices",),
    "CustomerOrderLine": ("invoicerows",),
    "GLAccountTransaction": ("projectfees",),
}
# Of phases and billing customers Severa makes one each with a project.
COLLECTIONS = (
    "businessunits",
    "users",
    *ARTICLES,
    "customers",
    "addresses",
    "contactpersons",
    "contactcommunications",
    "projects",
    "phases",
    "projectbillingcustomers",
    "invoices",
    "invoicerows",
    "projectfees",
)
GLOBAL_FILE, SEVERA_FILE = "global.db", "severa.db"


@dataclass(frozen=True)
class State:
    """Global's rows by table and key, Severa's documents by collection and guid (lower case)."""

    rows: Mapping[str, Mapping[Key, Row]]
    docs: Mapping[str, Mapping[str, Doc]]

    def customers(self) -> dict[int, str]:
        """The SeveraGUID of every Global customer that has one."""
        return {int(number): guid for number, guid in self.guids("Customer").items()}

    def guids(self, table: str) -> dict[Key, str]:
        """The SeveraGUID of every row of a table that has one."""
        found = {key: guid_of(row) for key, row in self.rows[table].items()}
        return {key: guid for key, guid in found.items() if guid}


def read(
    folder: Path,
    tables: Mapping[str, str] = MappingProxyType(TABLES),
    collections: Iterable[str] = COLLECTIONS,
) -> State:
    """Both systems of a sandbox company as they are on disk now; writers may be at work."""
    with closing(_open(folder / GLOBAL_FILE)) as ours:
        rows = {table: dict(_rows(ours, table, key)) for table, key in tables.items()}
    with closing(_open(folder / SEVERA_FILE)) as theirs:
        docs = {name: dict(_docs(theirs, name)) for name in collections}
    return State(rows, docs)


def guid_of(row: Row) -> str:
    """A row's SeveraGUID in lower case, '' where it has none."""
    return str(row.get("SeveraGUID") or "").strip().lower()


def inner(doc: Doc, name: str) -> str:
    """The guid in a sub-model, in lower case; '' where there is none."""
    return str((doc.get(name) or {}).get("guid") or "").lower()


def _open(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=30)
    connection.row_factory = sqlite3.Row
    return connection


def _rows(connection: sqlite3.Connection, table: str, key: str) -> Iterator[tuple[Key, Row]]:
    for row in connection.execute(f'SELECT * FROM "{table}"'):
        if row[key]:
            yield row[key], dict(row)


def _docs(connection: sqlite3.Connection, name: str) -> Iterator[tuple[str, Doc]]:
    statement = "SELECT guid, body FROM documents WHERE collection = ?"
    for row in connection.execute(statement, (name,)):
        yield str(row["guid"]).lower(), json.loads(row["body"])
