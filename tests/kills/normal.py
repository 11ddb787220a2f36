"""The normal form of a state: modulo guids, free numbers and times. Imports nothing of recon.

Every record gets a label that both runs would give it, and a form: its fields with every guid
replaced by the label of what it points to. Guids that were there before keep their own name.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Set
from typing import Any

from tests.kills.state import TABLES, Doc, Key, Row, State, guid_of, inner

Form = dict[str, str]
Forms = dict[str, list[Form]]

# Times, who did it, and what Severa derives by itself from the order of events.
TIMES = frozenset({"Created", "CreatedBy", "LastUpdate", "LastUpdatedBy"})
DERIVED = frozenset(
    {"guid", "createdDateTime", "lastUpdatedDateTime", "createdBy", "lastUpdatedBy"}
    | {"headquarterAddress"}
)
# Numbers that Severa gives to invoices as their statuses come.
COUNTED = frozenset({"number", "referenceNumber"})
# Parts of a record that have a guid of their own and are no records.
PARTS = frozenset({"salesStatusTypeGuid", "projectStatusTypeGuid"})
# Numbers that Global gives to rows as they come: another order of events gives others.
FREE = frozenset({"ContactNo", "InvoiceAdressNo", "DeliveryAddressNo", "OrderNo", "UniqueID"})
OWNER = {
    "Contact": "CustomerNo",
    "CustomerInvoiceAdresses": "InvoiceAdressCustomerNo",
    "CustomerDeliveryAddresses": "CustomerNo",
}
POINTERS = {
    "InvoiceAdressNo": "CustomerInvoiceAdresses",
    "DeliveryAddressNo": "CustomerDeliveryAddresses",
}
TITLES = {
    "Department": "department",
    "Employee": "employee",
    "Article": "article",
    "Customer": "customer",
    "Contact": "contact",
    "CustomerInvoiceAdresses": "invoice address",
    "CustomerDeliveryAddresses": "delivery address",
    "Project": "project",
    "GLAccountTransaction": "ledger line",
}
NUMBERED = {
    "customers": ("customer", "number", "name"),
    "businessunits": ("unit", "code", "name"),
    "users": ("user", "code", "email"),
    "products": ("product", "code", "name"),
    "travelexpensetypes": ("travel expense type", "code", "name"),
    "worktypes": ("work type", "code", "name"),
    "projects": ("project", "number", "name"),
}


def forms(state: State, known: Set[str]) -> Forms:
    """All records of a state by label; twins share a label. `known` guids stand for themselves."""
    names = Names(state, known)
    found: Forms = defaultdict(list)
    for label, form in [*_of_global(state, names), *_of_severa(state, names)]:
        found[label].append(form)
    return {label: sorted(same, key=_order) for label, same in found.items()}


def is_derived(name: str) -> bool:
    """Whether Severa makes a property by itself; those with a tilde are the sandbox's own."""
    return name in DERIVED or name.startswith("~")


def _order(form: Form) -> str:
    return json.dumps(form, sort_keys=True)


class Names:
    """Labels of Severa's records, which do not depend on the guids that this run made."""

    def __init__(self, state: State, known: Set[str]) -> None:
        self._known = known
        self._where = {guid: name for name, docs in state.docs.items() for guid in docs}
        self._state = state

    def label(self, guid: str) -> str:
        """A record's label; a guid that is no record of ours stands for itself."""
        collection = self._where.get(guid.lower())
        if collection is None or guid.lower() in self._known:
            return guid.lower()
        return f"new {self._words(collection, self._state.docs[collection][guid.lower()])}"

    def _words(self, collection: str, doc: Doc) -> str:
        if collection in NUMBERED:
            title, number, name = NUMBERED[collection]
            return f"{title} {doc.get(number)} {doc.get(name)}"
        if collection in ("phases", "projectbillingcustomers"):
            return f"{collection} of {self.label(inner(doc, 'project'))}"
        if collection == "projectfees":
            return f"fee of {doc.get('description')}"
        if collection == "contactpersons":
            name = f"{doc.get('firstName')} {doc.get('lastName')}"
            return f"contact {name} of {self.label(inner(doc, 'customer'))}"
        if collection == "contactcommunications":
            return f"{doc.get('value')} of {self.label(inner(doc, 'contact'))}"
        flags = [n for n in ("isPostalAddress", "isBillingAddress", "isVisitAddress") if doc.get(n)]
        place = [doc.get(n) for n in ("addressline", "postalCode", "city")]
        return f"address {flags} {place} of {self.label(inner(doc, 'customer'))}"

    def plain(self, value: Any) -> Any:
        """A value without times, with labels for guids, and references by their guid alone."""
        if isinstance(value, dict):
            if value.get("guid") and not PARTS & set(value):
                return self.label(str(value["guid"]))
            return {n: self.plain(v) for n, v in value.items() if not is_derived(n)}
        if isinstance(value, list):
            return [self.plain(one) for one in value]
        return self.label(value) if isinstance(value, str) and len(value) == 36 else value


def _of_severa(state: State, names: Names) -> Iterator[tuple[str, Form]]:
    for collection, docs in state.docs.items():
        own = COUNTED if collection == "invoices" else frozenset()
        for guid, doc in docs.items():
            fields = {n: v for n, v in doc.items() if not is_derived(n) and n not in own}
            yield f"Severa: {names.label(guid)}", _texts(names.plain(fields))


def _of_global(state: State, names: Names) -> Iterator[tuple[str, Form]]:
    for table in TABLES:
        for number, row in state.rows[table].items():
            fields = {n: v for n, v in row.items() if n not in TIMES | FREE}
            fields["SeveraGUID"] = names.label(guid_of(row))
            if table == "Customer":
                fields |= _pointed(state, row)
            title = _order_title(state, table, row) or _title(table, number, row)
            yield f"Global: {title}", _texts(fields)


def _order_title(state: State, table: str, row: Row) -> str:
    """Orders are told apart by their invoice, lines by their place; '' for other tables."""
    if table == "CustomerOrder":
        return f"order of invoice {guid_of(row) or row['OrderNo']}"
    if table == "CustomerOrderLine":
        order = state.rows["CustomerOrder"].get(row["OrderNo"], {})
        return f"line {row['SeqNo']} of order of invoice {guid_of(order) or row['OrderNo']}"
    return ""


def _title(table: str, number: Key, row: Row) -> str:
    if table not in OWNER:
        return f"{TITLES[table]} {number}"
    name = f"{row['Name']} " if table == "Contact" else ""
    return f"{TITLES[table]} {name}of customer {row[OWNER[table]]}"


def _pointed(state: State, row: Row) -> dict[str, Any]:
    """Which address rows a customer refers to, by what they are."""
    found: dict[str, Any] = {}
    for column, table in POINTERS.items():
        number = row.get(column) or 0
        pointed = state.rows[table].get(number)
        named = _title(table, number, pointed) if pointed else "nothing"
        found[column] = named if number else "none"
    return found


def _texts(fields: dict[str, Any]) -> Form:
    return {name: json.dumps(_bytes(value), sort_keys=True) for name, value in fields.items()}


def _bytes(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value
