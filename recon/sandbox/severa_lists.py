"""Lists: their filters and both kinds of paging."""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from recon.sandbox.severa_contract import Contract, Operation, Schema
from recon.sandbox.severa_documents import (
    Doc,
    Documents,
    Entry,
    Moment,
    dig,
    key,
    moment,
    place,
    stamp,
)
from recon.sandbox.severa_models import full_name
from recon.sandbox.severa_switches import Switches, invalid, missing

Query = Mapping[str, Any]
Predicate = Callable[[Doc], bool]
# Lists that give all their records when no rowCount is sent.
WHOLE = frozenset({"travelexpensetypes"})
FIRST_PAGE = 20

# Filter → path of the value that must be equal to it, or one of it.
EQUAL: dict[str, str] = {
    "active": "isActive",
    "billableStatus": "billableStatus",
    "businessUnitGuids": "businessUnit.guid",
    "code": "code",
    "companyCountryGuid": "companyCountryGuid",
    "companyGuid": "companyGuid",
    "countryGuid": "countryGuid",
    "createdByUserGuids": "createdBy.guid",
    "currencyGuid": "currency.guid",
    "currencyGuids": "currency.guid",
    "customerGuids": "customer.guid",
    "customerNames": "name",
    "customerOwnerGuids": "owner.guid",
    "email": "email",
    "emailAddresses": "email",
    "expenseClass": "travelExpense.expenseClass",
    "identifier": "identifier",
    "internal": "isInternal",
    "invoiceGuid": "invoiceGuid",
    "invoiceStatusGuids": "status.guid",
    "isActive": "isActive",
    "isBillable": "isBillable",
    "isClosed": "isClosed",
    "isInternal": "isInternal",
    "isInvoiceLanguage": "isInvoiceLanguage",
    "kvkNumber": "kvkNumber",
    "name": "name",
    "numbers": "number",
    "phaseGuid": "phase.guid",
    "productType": "productType",
    "productive": "isProductive",
    "projectGuid": "project.guid",
    "projectOwnerGuids": "projectOwner.guid",
    "projectStatusTypeGuids": "projectStatus.projectStatusTypeGuid",
    "referenceNumbers": "referenceNumber",
    "rowType": "rowType",
    "salesPersonGuids": "salesPerson.guid",
    "salesState": "salesState",
    "salesStatusTypeGuids": "salesStatus.salesStatusTypeGuid",
    "supervisorUserGuids": "superiorUser.guid",
    "type": "type",
    "userGuid": "user.guid",
    "userGuids": "user.guid",
    "vatNumber": "vatNumber",
    "workTypeGuid": "workType.guid",
}
# The same word with another meaning on one list.
EQUAL_THERE: dict[tuple[str, str], str] = {
    ("projects", "projectGuids"): "guid",
    ("invoices", "projectGuids"): "projects.guid",
    ("projects", "customerOwnerGuids"): "",
    ("projects", "isBillable"): "",
    ("invoices", "salesPersonGuids"): "",
    ("invoices", "projectOwnerGuids"): "",
}
# Filter → path of a day or time that must not be earlier (later) than it.
FROM: dict[str, str] = {
    "deletedSince": "deletedDateTime",
    "eventDateStart": "eventDate",
    "paymentDateStart": "paymentDate",
    "projectStatusChangedSince": "~projectStatusChanged",
    "salesStatusChangedSince": "~salesStatusChanged",
    "startDate": "eventDate",
    "minimumTotalExcludingTax": "totalExcludingTax.amount",
}
UNTIL: dict[str, str] = {
    "endDate": "eventDate",
    "eventDateEnd": "eventDate",
    "maximumTotalExcludingTax": "totalExcludingTax.amount",
}
# The path by which a list under another record finds that record.
UNDER: dict[tuple[str, str], str] = {
    ("contactpersons", "addresses"): "",
    ("contacts", "contactcommunications"): "contact.guid",
    ("customers", "addresses"): "customer.guid",
    ("customers", "contactpersons"): "customer.guid",
    ("customers", "projects"): "customer.guid",
    ("invoicerows", "projectfees"): "invoiceRowGuid",
    ("invoicerows", "projecttravelexpenses"): "invoiceRowGuid",
    ("invoicerows", "workhours"): "invoiceRowGuid",
    ("invoices", "invoicerows"): "invoiceGuid",
    ("invoices", "invoicesettings"): "invoiceGuid",
    ("invoices", "projectfees"): "invoice.guid",
    ("invoices", "projecttravelexpenses"): "invoice.guid",
    ("invoices", "workhours"): "invoice.guid",
    ("projects", "flatrates"): "project.guid",
    ("projects", "phaseswithhierarchy"): "project.guid",
    ("projects", "projectbillingcustomers"): "project.guid",
    ("projects", "projectfees"): "project.guid",
    ("projects", "projecttravelexpenses"): "project.guid",
    ("projects", "workhours"): "project.guid",
    ("users", "projectfees"): "user.guid",
    ("users", "projecttravelexpenses"): "user.guid",
    ("users", "workhours"): "user.guid",
}
STORED_AS = {"phaseswithhierarchy": "phases", "contacts": "contactpersons"}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and the token of the next."""

    docs: list[Doc]
    token: str | None = None


def stored(collection: str) -> str:
    """The collection in which a list's records are kept."""
    return STORED_AS.get(collection, collection)


def parse(contract: Contract, operation: Operation, sent: Mapping[str, list[str]]) -> Query:
    """The query's values by the contract's types; 400 names the parameter at fault."""
    for name in sent:
        if name not in operation.query:
            raise invalid("There is no such parameter", f"query:{name}")
    for name in operation.required - sent.keys():
        raise invalid("The parameter is required", f"query:{name}")
    return {n: _value(contract, n, operation.query[n], texts) for n, texts in sent.items()}


def page(
    documents: Documents, operation: Operation, parent: Mapping[str, str], query: Query, s: Switches
) -> Page:
    """The page of a list that a query asks for; 404 where the parent is not there."""
    entries = _entries(documents, operation, parent, query, s)
    tests = list(_predicates(documents, operation, query, s))
    count = _count(operation, query, s)
    if operation.paging == "token":
        return _by_token(entries, tests, query, count, s)
    first = query.get("firstRow", 0)
    if first < 0:
        raise invalid("The number is too small", "query:firstRow")
    last = None if count is None else first + count
    if operation.paging == "rows" and s.newest_first:
        entries = entries[::-1]
    if not tests:
        return Page([entry.doc for entry in entries[first:last]])
    found = (entry.doc for entry in entries if all(test(entry.doc) for test in tests))
    return Page(list(islice(found, first, last)))


def _value(contract: Contract, name: str, schema: Schema, texts: list[str]) -> Any:
    inner = contract.deref(schema)
    if inner.get("type") == "array":
        return [_value(contract, name, inner["items"], [text]) for text in texts]
    if len(texts) > 1:
        raise invalid("The parameter was sent more than once", f"query:{name}")
    value = _typed(name, str(inner.get("type")), texts[0])
    for fault in contract.faults(schema, value):
        raise invalid(fault.message, f"query:{name}")
    return value


def _typed(name: str, kind: str, text: str) -> Any:
    flags = {"true": True, "false": False}
    makers: dict[str, Callable[[str], Any]] = {
        "boolean": lambda t: flags[t.lower()],
        "integer": int,
        "number": float,
    }
    try:
        return makers[kind](text) if kind in makers else text
    except (KeyError, ValueError):
        raise invalid(f"The value must be of type {kind}", f"query:{name}") from None


def _count(operation: Operation, query: Query, switches: Switches) -> int | None:
    if operation.paging == "none":
        return None
    default = None if operation.collection in WHOLE else FIRST_PAGE
    count = query.get("rowCount", default)
    if count is not None and count < 1:
        raise invalid("The number is too small", "query:rowCount")
    if count is not None and count > (operation.page_max or switches.page_max):
        raise invalid("The number is too large", "query:rowCount")
    return int(count) if count is not None else None


def _entries(
    documents: Documents,
    operation: Operation,
    parent: Mapping[str, str],
    query: Query,
    switches: Switches,
) -> Sequence[Entry]:
    """What a list may show, oldest first; the filters that are still to be applied."""
    collection = stored(operation.collection)
    if operation.parent is None:
        for name, moment in MOMENTS.items():
            if query.get(name) and name not in switches.ignore_filters:
                return documents.since(collection, moment, _time(name, query[name]))
        return documents.entries(collection)
    above, parameter = operation.parent
    owner = documents.get(stored(above), parent[parameter])
    if owner is None:
        raise missing(f"{above} {parent[parameter]}")
    path = UNDER[above, operation.collection]
    if not path:
        found = documents.get("addresses", owner.get("addressGuid"))
        docs = [found] if found else []
    else:
        docs = documents.by(collection, path, owner["guid"])
    return sorted((Entry(documents.place(collection, doc["guid"]), doc) for doc in docs), key=place)


def _by_token(
    entries: Sequence[Entry],
    tests: list[Predicate],
    query: Query,
    count: int | None,
    switches: Switches,
) -> Page:
    after = _position(query["pageToken"]) if "pageToken" in query else 0
    found: list[Entry] = []
    for entry in islice(entries, bisect_right(entries, after, key=place), None):
        if all(test(entry.doc) for test in tests):
            if count is not None and len(found) == count:
                token = _token(found[-1].position)
                sent = query.get("pageToken") if switches.repeat_page_token else None
                return Page([e.doc for e in found], sent or token)
            found.append(entry)
    return Page([e.doc for e in found])


def _token(position: int) -> str:
    return base64.urlsafe_b64encode(f"after:{position}".encode()).decode()


def _position(token: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(token.encode()).decode().removeprefix("after:"))
    except (ValueError, UnicodeError, binascii.Error):
        raise invalid("The page token is not valid", "query:pageToken") from None


def _predicates(
    documents: Documents, operation: Operation, query: Query, switches: Switches
) -> Iterable[Predicate]:
    for name, value in query.items():
        if name in switches.ignore_filters or value in (None, []):
            continue
        test = _predicate(documents, operation, name, value)
        if test:
            yield test


def _predicate(
    documents: Documents, operation: Operation, name: str, value: Any
) -> Predicate | None:
    """The test for one filter; None for paging, and for filters that this server does not know."""
    collection = operation.collection
    if name == "changedSince":
        since = _time(name, value)
        return lambda doc: changed(doc) >= since
    if name == "textToSearch":
        return lambda doc: value.lower() in _title(doc).lower()
    if name == "isBilled":
        return lambda doc: bool(doc.get("invoice")) == value
    if name == "projectBusinessUnitGuids":
        return lambda doc: bool(_units(documents, doc) & {key(v) for v in value})
    if name in FROM or name in UNTIL:
        return _between(collection, name, value)
    path = EQUAL_THERE.get((collection, name), EQUAL.get(name, ""))
    path = "project.guid" if name == "projectGuids" and not path else path
    return _equal(path, value) if path else None


def _equal(path: str, value: Any) -> Predicate:
    wanted = {_plain(v) for v in (value if isinstance(value, list) else [value])}
    return lambda doc: any(_plain(found) in wanted for found in dig(doc, path))


def _plain(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _between(collection: str, name: str, value: Any) -> Predicate:
    path = FROM.get(name) or UNTIL[name]
    if collection == "invoices" and name in ("startDate", "endDate"):
        path = "date"
    limit = _time(name, value) if isinstance(value, str) else value
    if isinstance(limit, str) and path in ("date", "eventDate", "paymentDate"):
        limit = limit[:10]
    if name in FROM:
        return lambda doc: any(found >= limit for found in dig(doc, path))
    return lambda doc: any(found <= limit for found in dig(doc, path))


def _time(name: str, text: str) -> str:
    try:
        return stamp(moment(text))
    except (ValueError, OverflowError):
        raise invalid("The value is not a valid date-time", f"query:{name}") from None


def changed(doc: Doc) -> str:
    """When a document was last changed, or created."""
    return str(doc.get("lastUpdatedDateTime") or doc.get("createdDateTime") or "")


def _status_changed(name: str) -> Moment:
    def moment(doc: Doc) -> str:
        return str(doc.get(f"~{name}Changed") or "")

    return moment


# The filters by which clients look for what changed, and the moment that each looks at.
MOMENTS: Mapping[str, Moment] = {
    "changedSince": changed,
    "salesStatusChangedSince": _status_changed("salesStatus"),
    "projectStatusChangedSince": _status_changed("projectStatus"),
}


def _title(doc: Doc) -> str:
    return f"{doc.get('name') or full_name(doc)} {doc.get('code') or ''}"


def _units(documents: Documents, invoice: Doc) -> set[str]:
    projects = [documents.get("projects", guid) for guid in dig(invoice, "projects.guid")]
    return {key(guid) for doc in projects if doc for guid in dig(doc, "businessUnit.guid")}
