"""What a linked pair holds in both systems, read from their own files: rows, documents, links.

Knows which columns and properties are the same field and in which form they are compared; knows
nothing of how the workbench reads, plans or writes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recon import money, text
from recon.sandbox.company_project_rows import INTERNAL
from tests.kills import state
from tests.kills.state import Doc, Row, State

TABLES = state.TABLES
COLLECTIONS = tuple(dict.fromkeys(name for names in state.LINKED.values() for name in names))
COLLECTIONS += ("contactcommunications",)
GOODS = state.ARTICLES
TABLE_OF = {
    "business_unit": "Department",
    "employee": "Employee",
    "product": "Article",
    "customer": "Customer",
    "contact": "Contact",
    "project": "Project",
}
LISTS = {
    "business_unit": ("businessunits",),
    "employee": ("users",),
    "product": GOODS,
    "customer": ("customers",),
    "address": ("addresses",),
    "contact": ("contactpersons",),
    "communication": ("contactcommunications",),
    "project": ("projects",),
}
NO_DAYS = ("1970-01-01", "1900-01-01", "1899-12-30")
MASTERS = {
    "business_unit": "global",
    "employee": "global",
    "product": "global",
    "communication": "global",
    "employee.title": "severa",
    "customer.website": "global",
    "contact.title": "global",
}


@dataclass(frozen=True, order=True)
class Pair:
    """A link: the entity, Global's key in the workbench's words, Severa's guid."""

    entity: str
    key: str
    guid: str


@dataclass(frozen=True)
class Snapshot:
    """Both systems and the links between them at one moment."""

    state: State
    pairs: frozenset[Pair]

    def row(self, pair: Pair) -> Row | None:
        """The Global row where a pair lives."""
        table, key = place(pair)
        return self.state.rows[table].get(key)

    def doc(self, pair: Pair) -> Doc | None:
        """The Severa document of a pair; a contact that is marked deleted is none."""
        for name in LISTS[pair.entity]:
            found = self.state.docs[name].get(pair.guid)
            if found:
                return None if found.get("isDeleted") else found
        return None


def place(pair: Pair) -> tuple[str, Any]:
    """Table and primary key of a pair's Global row."""
    table, _, rest = pair.key.partition("/") if "/" in pair.key else ("", "", pair.key)
    table = table or TABLE_OF[pair.entity]
    key = rest.partition("/")[0]
    return table, key if table == "Article" else int(key)


def read(folder: Path) -> Snapshot:
    """Both systems and the store of a sandbox company as they are on disk now."""
    found = state.read(folder)
    store = (folder / "profile.store.db").absolute().as_uri()
    with closing(sqlite3.connect(f"{store}?mode=ro", uri=True, timeout=30)) as connection:
        rows = connection.execute("SELECT entity, key, guid FROM recon_link").fetchall()
    return Snapshot(found, frozenset(Pair(*row) for row in rows))


# --- fields -----------------------------------------------------------------------------------

Take = Callable[[Mapping[str, Any]], Any]
Fields = Mapping[str, tuple[Take, Take]]


def _text(name: str, form: Callable[[Any], Any] = text.squeeze) -> Take:
    return lambda record: form(record.get(name) or None)


def _same(ours: str, theirs: str, form: Callable[[Any], Any] = text.squeeze) -> tuple[Take, Take]:
    return _text(ours, form), _text(theirs, form)


def _day(name: str) -> Take:
    def take(record: Mapping[str, Any]) -> str | None:
        found = str(record.get(name) or "")[:10]
        return None if found in ("", *NO_DAYS) else found

    return take


def _price(value: Any) -> Any:
    amount = value.get("amount") if isinstance(value, dict) else value
    return money.bare(money.exact(amount)) or None if amount else None


def _street(names: tuple[str, ...]) -> Take:
    return lambda record: text.one_line("\n".join(str(record.get(n) or "") for n in names))


def _address(street: tuple[str, ...], postcode: str, city: str) -> Fields:
    return {
        "street": (_street(street), _street(("addressline",))),
        "postcode": _same(postcode, "postalCode", text.post_code),
        "city": _same(city, "city"),
    }


ACTIVE = (lambda row: not row.get("InActiveYesNo"), lambda doc: doc.get("isActive", True))
NAMES = {"name": _same("Name", "name"), "active": ACTIVE}
FIELDS: Mapping[str, Fields] = {
    "business_unit": NAMES,
    "customer": {
        **NAMES,
        "organisation_number": (
            lambda row: text.organisation_number(row.get("CompanyNo") or row.get("VATRegNo")),
            _text("vatNumber", text.organisation_number),
        ),
        "email": _same("EmailAddress", "email", text.email),
        "website": _same("WWWAddress", "website", text.website),
        "e_invoice_operator": _same("ElectronicInvoiceOperator", "eInvoiceOperator"),
    },
    "contact": {
        "name": (
            _text("Name", text.person),
            lambda doc: text.person(text.join(doc.get("firstName"), doc.get("lastName"))),
        ),
        "title": _same("Titel", "jobTitle"),
        "active": ACTIVE,
    },
    "communication/email": {"value": _same("EmailAddress", "value", text.reachable)},
    "communication/phone": {
        "value": (
            lambda row: text.reachable(row.get("DirectTelephone") or row.get("InternalTelephone")),
            _text("value", text.reachable),
        )
    },
    "communication/mobile": {"value": _same("MobileTelephone", "value", text.reachable)},
    "address/postal": {
        **_address(("Address1", "Address2", "Address3"), "PostCode", "PostOffice"),
        "phone": _same("Telephone", "phone", text.phone),
    },
    "address/billing": _address(
        ("InvoiceAdress1", "InvoiceAdress2", "InvoiceAdress3"),
        "InvoiceAdressPostCode",
        "InvoiceAdressPostoffice",
    ),
    "address/visit": _address(
        ("DeliveryAddress1", "DeliveryAddress2", "DeliveryAddress3"),
        "DeliveryPostCode",
        "DeliveryPostOffice",
    ),
    "employee": {
        "name": (
            _text("Name", text.person),
            lambda doc: text.person(text.join(doc.get("firstName"), doc.get("lastName"))),
        ),
        "email": _same("InternalEmailAddress", "email", text.email),
        "phone": (
            lambda row: text.phone(row.get("MobileTelephone") or row.get("InternalTelephone")),
            _text("phone", text.phone),
        ),
        "title": _same("Titel", "title"),
        "active": ACTIVE,
    },
    "product": {
        **NAMES,
        "sales_price": _same("Price1", "unitPrice", _price),
        "cost_price": (
            _text("PurchasePrice", _price),
            lambda doc: _price(doc.get("unitCost") or doc.get("hourCost")),
        ),
        "unit": (
            lambda row: text.squeeze(row.get("QuantityPerUnitTextSale") or row.get("StdUnitCode")),
            _text("measurementUnit"),
        ),
    },
    "project": {
        "name": NAMES["name"],
        "start": (_day("StartTime"), _day("startDate")),
        "deadline": (_day("StopTime"), _day("deadline")),
        "closed": (lambda row: bool(row.get("InActiveYesNo")), lambda doc: doc.get("isClosed")),
    },
}
ONLY_PRODUCTS = ("sales_price",)
NOT_WORK = ("unit",)
REFERENCES = {
    "project": {
        "customer": ("customer", "CustomerNo", "customer"),
        "department": ("business_unit", "DepNo", "businessUnit"),
        "manager": ("employee", "PMEmployeeNo", "projectOwner"),
    },
    "employee": {"business_unit": ("business_unit", "DepNo", "businessUnit")},
}
Value = tuple[Any, Any]


def master(entity: str, field: str) -> str:
    """The system whose changes of a field transfer, as the test's profile says."""
    return MASTERS.get(f"{entity}.{field}") or MASTERS.get(entity, "severa")


def values(now: Snapshot, links: frozenset[Pair]) -> dict[Pair, dict[str, Value]]:
    """Per pair that is there in both systems its fields, as (Global's, Severa's) compared form."""
    guids = {(pair.entity, pair.key): pair.guid for pair in links}
    units = now.state.docs["businessunits"].items()
    tops = {guid for guid, doc in units if not doc.get("parentGuid")}
    found: dict[Pair, dict[str, Value]] = {}
    for pair in now.pairs:
        row, doc = now.row(pair), now.doc(pair)
        if row is not None and doc is not None:
            found[pair] = dict(_values(pair, row, doc))
            if pair.entity in REFERENCES:
                found[pair] |= _references(pair.entity, (row, doc), guids, tops)
    return found


def _values(pair: Pair, row: Row, doc: Doc) -> Iterator[tuple[str, Value]]:
    role = pair.key.rpartition("/")[2] if "/" in pair.key else ""
    for name, (ours, theirs) in FIELDS[f"{pair.entity}/{role}" if role else pair.entity].items():
        if name in ONLY_PRODUCTS and "unitPrice" not in doc:
            continue
        if name in NOT_WORK and "hourCost" in doc:
            continue
        yield name, (ours(row), theirs(doc))


def _references(
    entity: str,
    held: tuple[Row, Doc],
    guids: Mapping[tuple[str, str], str],
    tops: Set[str],
) -> dict[str, Value]:
    """References as guids; the topmost unit is no department, an internal project's no customer."""
    row, doc = held
    found: dict[str, Value] = {}
    for name, (other, column, inner) in REFERENCES[entity].items():
        number, theirs = row.get(column), state.inner(doc, inner) or None
        ours = guids.get((other, str(number)), f"global:{number}") if number else None
        if name == "customer":
            ours = None if row.get("ProjectCategoryNo") == INTERNAL else ours
            theirs = None if doc.get("isInternal") else theirs
        found[name] = (ours, None if theirs in tops else theirs)
    return found
