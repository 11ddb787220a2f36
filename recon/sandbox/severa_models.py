"""From a stored document to an answer: every property of its model, sub-models with names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from recon.sandbox.severa_contract import Contract, Schema
from recon.sandbox.severa_documents import Doc, Documents

# Property → the collection that its guid points into.
REFERENCES: dict[str, str] = {
    "billingContact": "users",
    "billingCustomer": "customers",
    "billingAddress": "addresses",
    "billingDependencyPhase": "phases",
    "businessUnit": "businessunits",
    "communicationType": "communicationtypes",
    "contact": "contactpersons",
    "contacts": "contactpersons",
    "costAccount": "costaccounts",
    "costCenter": "costcenters",
    "country": "countries",
    "createdBy": "users",
    "creditNoteInvoice": "invoices",
    "culture": "formattingcultures",
    "currency": "currencies",
    "currencyCode": "currencies",
    "customer": "customers",
    "customerContact": "contactpersons",
    "defaultLanguage": "languages",
    "defaultWorkType": "worktypes",
    "headquarterAddress": "addresses",
    "industry": "industries",
    "invoice": "invoices",
    "invoiceTemplate": "invoicetemplates",
    "invoicingVat": "vatrates",
    "language": "languages",
    "lastUpdatedBy": "users",
    "leadSource": "leadsources",
    "overtime": "overtimes",
    "owner": "users",
    "parentPhase": "phases",
    "permissionProfile": "permissionprofiles",
    "phase": "phases",
    "phaseStatus": "phasestatustypes",
    "pricelist": "pricelists",
    "product": "products",
    "productCategory": "productcategories",
    "project": "projects",
    "projectOwner": "users",
    "projectStatus": "projectstatustypes",
    "projects": "projects",
    "reimburseInvoice": "invoices",
    "role": "contactroles",
    "rootPhase": "phases",
    "salesAccount": "salesaccounts",
    "salesPerson": "users",
    "salesStatus": "salesstatustypes",
    "status": "invoicestatuses",
    "superiorUser": "users",
    "termsOfServiceApprover": "users",
    "timezone": "timezones",
    "timeZone": "timezones",
    "travelExpense": "travelexpensetypes",
    "user": "users",
    "workType": "worktypes",
}
# The same property in a model of its own meaning.
SPECIAL: dict[tuple[str, str], str] = {
    ("projectbillingcustomers", "billingContact"): "contactpersons",
}
# Plain properties that hold a guid of another collection.
GUIDS: dict[str, str] = {
    "addressGuid": "addresses",
    "billingCustomerGuid": "customers",
    "countryGuid": "countries",
    "invoiceGuid": "invoices",
    "invoiceStatusGuid": "invoicestatuses",
    "parentGuid": "businessunits",
}
VIA: dict[str, str] = {
    "phaseStatus": "phaseStatusTypeGuid",
    "projectStatus": "projectStatusTypeGuid",
    "salesStatus": "salesStatusTypeGuid",
}
AUDIT = ("guid", "createdDateTime", "createdBy", "lastUpdatedDateTime", "lastUpdatedBy")


@dataclass(slots=True)
class Part:
    """One property of a model: what it is when missing, its sub-model, and what it points to."""

    name: str
    default: Any
    shape: Shape | None
    source: str
    via: str


@dataclass(slots=True)
class Shape:
    """A model, ready to fill."""

    parts: list[Part] = field(default_factory=list)
    names: frozenset[str] = frozenset()


class Models:
    """Makes answers from documents."""

    def __init__(self, contract: Contract, documents: Documents) -> None:
        self.contract, self.documents = contract, documents
        self._shapes: dict[tuple[str, int], Shape] = {}

    def render(self, collection: str, doc: Doc, schema: Schema) -> Doc:
        """A document in the form of a model, whole and with today's names."""
        derive = DERIVED.get(collection)
        whole = derive(self.documents, doc) if derive else doc
        return self._filled(self.shape(collection, schema), whole)

    def shape(self, collection: str, schema: Schema) -> Shape:
        """The compiled form of a schema."""
        schema = self.contract.deref(schema)
        found = self._shapes.get((collection, id(schema)))
        if found is None:
            found = self._shapes[collection, id(schema)] = Shape()
            properties = self.contract.properties(schema)
            found.parts = [self._part(collection, n, s) for n, s in properties.items()]
            found.names = frozenset(properties)
        return found

    def _part(self, collection: str, name: str, schema: Schema) -> Part:
        inner = items(self.contract, schema)
        shape = self.shape(collection, inner) if self.contract.properties(inner) else None
        source = SPECIAL.get((collection, name), REFERENCES.get(name, "")) if shape else ""
        via = VIA.get(name, "guid")
        if shape and via not in shape.names:
            source = ""
        return Part(name, empty(self.contract, schema), shape, source, via)

    def _filled(self, shape: Shape, doc: Mapping[str, Any]) -> Doc:
        made: Doc = {}
        for part in shape.parts:
            value = doc.get(part.name, part.default)
            if part.shape is not None and value:
                value = self._inner(part, value)
            made[part.name] = value
        return made

    def _inner(self, part: Part, value: Any) -> Any:
        assert part.shape is not None
        if isinstance(value, list):
            return [self._filled(part.shape, self._named(part, one)) for one in value]
        return self._filled(part.shape, self._named(part, value))

    def _named(self, part: Part, value: Doc) -> Doc:
        """A sub-model with the values of what it points to."""
        assert part.shape is not None
        target = self.documents.get(part.source, value.get(part.via)) if part.source else None
        if target is None:
            return value
        seen = view(self.documents, part.source, target)
        return value | {n: seen[n] for n in part.shape.names if n in seen and n not in AUDIT}


def items(contract: Contract, schema: Schema) -> Schema:
    """The schema of a list's items, or the schema itself."""
    inner = contract.deref(schema)
    return contract.deref(inner["items"]) if "items" in inner else inner


def empty(contract: Contract, schema: Schema) -> Any:
    """What a property is where nobody set it: its default, null, or its type's empty value."""
    inner = contract.deref(schema)
    for one in (schema, inner):
        if "default" in one:
            return one["default"]
    types = inner.get("type", [])
    if "anyOf" in schema or "null" in types:
        return None
    if "enum" in inner:
        return inner["enum"][0]
    zeros: dict[str, Any] = {"boolean": False, "integer": 0, "number": 0.0, "string": ""}
    return zeros.get(types)


def view(documents: Documents, collection: str, doc: Doc) -> Doc:
    """A document as sub-models of other records show it."""
    look = VIEWS.get(collection)
    return look(documents, doc) if look else doc


def full_name(doc: Mapping[str, Any]) -> str:
    """First and last name as one text."""
    return f"{doc.get('firstName') or ''} {doc.get('lastName') or ''}".strip()


def _person(documents: Documents, doc: Doc) -> Doc:
    return doc | {"name": full_name(doc)} | _company(documents, doc)


def _company(documents: Documents, doc: Doc) -> Doc:
    unit = documents.get("businessunits", (doc.get("businessUnit") or {}).get("guid"))
    return {"companyGuid": unit["companyGuid"]} if unit and unit.get("companyGuid") else {}


def _address(documents: Documents, doc: Doc) -> Doc:
    country = doc.get("country") or {}
    found = documents.get("countries", country.get("guid")) or country
    return doc | {"country": found.get("name")}


def _country(_documents: Documents, doc: Doc) -> Doc:
    return doc | {"code": doc.get("code2")}


def _project(documents: Documents, doc: Doc) -> Doc:
    return doc | _company(documents, doc)


def _contact(documents: Documents, doc: Doc) -> Doc:
    """A contact's name, and its e-mails and phones from its communications."""
    known = documents.by("contactcommunications", "contact.guid", doc["guid"])
    kinds = [(one.get("value"), _method(documents, one)) for one in known]
    return doc | {
        "name": full_name(doc),
        "emails": [value for value, kind in kinds if kind == "EmailAddress"],
        "phoneNumbers": [value for value, kind in kinds if kind in ("Phone", "MobilePhone")],
    }


def _method(documents: Documents, communication: Doc) -> str:
    kind = communication.get("communicationType") or {}
    found = documents.get("communicationtypes", kind.get("guid")) or kind
    return str(found.get("type"))


def _customer(documents: Documents, doc: Doc) -> Doc:
    """A customer's headquarters: the named address, else its first."""
    named = (doc.get("headquarterAddress") or {}).get("guid")
    if named and documents.get("addresses", named):
        return doc
    first = documents.by("addresses", "customer.guid", doc["guid"])[:1]
    return doc | {"headquarterAddress": {"guid": first[0]["guid"]} if first else None}


def _address_contacts(documents: Documents, doc: Doc) -> Doc:
    here = documents.by("contactpersons", "addressGuid", doc["guid"])
    return doc | {"contacts": [{"guid": one["guid"]} for one in here]}


Look = Callable[[Documents, Doc], Doc]
VIEWS: Mapping[str, Look] = {
    "addresses": _address,
    "contactpersons": _person,
    "countries": _country,
    "projects": _project,
    "users": _person,
}
DERIVED: Mapping[str, Look] = {
    "addresses": _address_contacts,
    "contactpersons": _contact,
    "customers": _customer,
}
