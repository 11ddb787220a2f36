"""What Severa does by itself, collection by collection, apart from invoices."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from recon.sandbox.severa_documents import Doc, key, stamp
from recon.sandbox.severa_organisation import Organisation, Rules
from recon.sandbox.severa_switches import forbidden, invalid

COMPANY = (
    "companyGuid",
    "companyName",
    "companyBusinessUnitGuid",
    "companyCountryGuid",
    "companyCurrencyGuid",
)


def guid_of(doc: Mapping[str, Any], name: str, via: str = "guid") -> Any:
    """The guid in a sub-model, None where there is no sub-model."""
    return (doc.get(name) or {}).get(via)


def numbered(organisation: Organisation, collection: str, doc: Doc) -> Doc:
    """The document with its number: the one sent, if it is free, else the next."""
    number = None if organisation.switches.renumber_on_post else doc.get("number")
    if number is None:
        return doc | {"number": organisation.documents.largest(collection, "number") + 1}
    _free(organisation, collection, doc)
    return doc


def _free(organisation: Organisation, collection: str, doc: Doc) -> None:
    if doc["number"] is None or doc["number"] < 1:
        raise invalid("The number must be greater than zero", "number")
    others = organisation.documents.by(collection, "number", doc["number"])
    if any(key(other["guid"]) != key(doc.get("guid")) for other in others):
        raise rejected_number(doc["number"])


def rejected_number(number: int) -> Exception:
    """The answer to a number that another record has."""
    return forbidden(f"The number {number} is already in use", "number")


# --- customers, their addresses and contacts --------------------------------------------------


def _customer(organisation: Organisation, doc: Doc) -> Doc:
    return numbered(organisation, "customers", _named(doc))


def _named(doc: Doc) -> Doc:
    if not str(doc.get("name") or "").strip():
        raise invalid("The name must not be empty", "name")
    return doc


def _customer_changed(organisation: Organisation, old: Doc, new: Doc) -> Doc:
    if new["number"] != old["number"]:
        _free(organisation, "customers", new)
    address = organisation.documents.get("addresses", guid_of(new, "headquarterAddress"))
    if address and key(guid_of(address, "customer")) != key(new["guid"]):
        raise invalid("The address belongs to another customer", "headquarterAddress.guid")
    return organisation.touched(_named(new))


def _customer_gone(organisation: Organisation, doc: Doc) -> Doc | None:
    documents, guid = organisation.documents, doc["guid"]
    for collection, path in (
        ("projects", "customer.guid"),
        ("invoices", "customer.guid"),
        ("invoices", "billingCustomer.guid"),
        ("projectbillingcustomers", "billingCustomer.guid"),
    ):
        if documents.by(collection, path, guid):
            raise forbidden(f"The customer is in use in {collection}")
    for contact in documents.by("contactpersons", "customer.guid", guid):
        _forget_communications(organisation, contact)
        documents.delete("contactpersons", contact["guid"])
    for address in documents.by("addresses", "customer.guid", guid):
        documents.delete("addresses", address["guid"])
    return None


def _address_gone(organisation: Organisation, doc: Doc) -> Doc | None:
    documents = organisation.documents
    for contact in documents.by("contactpersons", "addressGuid", doc["guid"]):
        documents.put("contactpersons", organisation.touched(contact | {"addressGuid": None}))
    customer = documents.get("customers", guid_of(doc, "customer"))
    if customer and key(guid_of(customer, "headquarterAddress")) == key(doc["guid"]):
        documents.put("customers", customer | {"headquarterAddress": None})
    return None


def _address_changed(organisation: Organisation, old: Doc, new: Doc) -> Doc:
    if key(guid_of(old, "customer")) != key(guid_of(new, "customer")):
        raise forbidden("An address cannot move to another customer", "customer.guid")
    return organisation.touched(new)


def _contact(organisation: Organisation, doc: Doc) -> Doc:
    address = organisation.documents.get("addresses", doc.get("addressGuid"))
    if address and key(guid_of(address, "customer")) != key(guid_of(doc, "customer")):
        raise invalid("The address belongs to another customer", "addressGuid")
    return doc


def _contact_changed(organisation: Organisation, _old: Doc, new: Doc) -> Doc:
    return organisation.touched(_contact(organisation, new))


def _contact_gone(organisation: Organisation, doc: Doc) -> Doc | None:
    """A deleted contact stays, marked, because old invoices and projects name it."""
    return organisation.touched(doc | {"isDeleted": True, "isActive": False})


def _forget_communications(organisation: Organisation, contact: Doc) -> None:
    documents = organisation.documents
    for one in documents.by("contactcommunications", "contact.guid", contact["guid"]):
        documents.delete("contactcommunications", one["guid"])


def _communication(organisation: Organisation, doc: Doc) -> Doc:
    kind = organisation.need(
        "communicationtypes", guid_of(doc, "communicationType"), "communicationType.guid"
    )
    if kind["type"] == "EmailAddress" and "@" not in doc["value"]:
        raise invalid("The value is not a valid e-mail address", "value")
    return doc


def _communication_changed(organisation: Organisation, _old: Doc, new: Doc) -> Doc:
    return organisation.touched(_communication(organisation, new))


# --- business units and users ------------------------------------------------------------------


def _unit(organisation: Organisation, doc: Doc) -> Doc:
    """A new unit hangs under another, the root where none is named, and is of its company."""
    known = organisation.documents
    parent = known.get("businessunits", doc.get("parentGuid"))
    parent = parent or next(iter(known.all("businessunits")), {})
    company = {name: parent.get(name) for name in COMPANY}
    return doc | company | {"parentGuid": parent.get("guid")}


def _unit_changed(organisation: Organisation, _old: Doc, new: Doc) -> Doc:
    above: Doc | None = new
    seen: set[str] = set()
    while above is not None and key(above["guid"]) not in seen:
        seen.add(key(above["guid"]))
        above = organisation.documents.get("businessunits", above.get("parentGuid"))
        if above is not None and key(above["guid"]) == key(new["guid"]):
            raise invalid("A unit cannot be under itself", "parentGuid")
    return organisation.touched(new)


def _user(organisation: Organisation, doc: Doc) -> Doc:
    contract = {
        "guid": str(uuid.uuid4()),
        "title": "Default",
        "startDate": stamp(organisation.now())[:10],
        "dailyHours": 7.5,
    }
    kind = {"userType": doc.get("userType") or "FullUser"}
    return doc | kind | ({"workContract": contract} if doc["~createDefaultWorkContract"] else {})


# --- projects, their phases and billing customers ---------------------------------------------


def _project(organisation: Organisation, doc: Doc) -> Doc:
    documents = organisation.documents
    if not guid_of(doc, "projectOwner"):
        raise invalid("The field is required", "projectOwner.guid")
    customer = organisation.need("customers", guid_of(doc, "customer"), "customer.guid")
    made = {
        "currency": doc.get("currency") or customer.get("currency"),
        "salesStatus": _status(organisation, doc, "salesStatus", "salesstatustypes"),
        "projectStatus": _status(organisation, doc, "projectStatus", "projectstatustypes"),
    }
    unit = documents.get("users", guid_of(doc, "projectOwner")) or {}
    return numbered(
        organisation,
        "projects",
        doc | made | {"businessUnit": doc.get("businessUnit") or unit.get("businessUnit")},
    )


def _status(organisation: Organisation, doc: Doc, name: str, collection: str) -> Doc | None:
    """The status sent, else the organisation's first."""
    via = f"{name}TypeGuid"
    if guid_of(doc, name, via):
        return dict(doc[name])
    first = next(iter(organisation.documents.all(collection)), None)
    return {via: first["guid"]} if first else None


def project_created(organisation: Organisation, doc: Doc) -> Doc:
    """A project gets its root phase, and its customer as the default billing customer."""
    phase = {"name": doc["name"], "project": {"guid": doc["guid"]}}
    root = organisation.add("phases", phase)
    pair = {"project": {"guid": doc["guid"]}, "billingCustomer": {"guid": doc["customer"]["guid"]}}
    organisation.add("projectbillingcustomers", pair | {"isDefault": True, "canBeDeleted": False})
    times = dict.fromkeys(("~salesStatusChanged", "~projectStatusChanged"), doc["createdDateTime"])
    return organisation.documents.put(
        "projects", doc | times | {"rootPhase": {"guid": root["guid"]}}
    )


def _project_changed(organisation: Organisation, old: Doc, new: Doc) -> Doc:
    if new["number"] != old["number"]:
        _free(organisation, "projects", new)
    now = stamp(organisation.now())
    moved = [s for s in ("salesStatus", "projectStatus") if new.get(s) != old.get(s)]
    new = new | {f"~{status}Changed": now for status in moved}
    if new["isClosed"] != old["isClosed"]:
        new = new | {"closedDate": now[:10] if new["isClosed"] else None}
    seen = {name for name in new if new[name] != old.get(name) and not name.startswith("~")}
    if moved and seen <= set(moved) and not organisation.switches.status_moves_changed:
        return new
    return organisation.touched(new)


def _project_gone(organisation: Organisation, doc: Doc) -> Doc | None:
    documents = organisation.documents
    used = ("projectfees", "workhours", "projecttravelexpenses")
    if any(documents.by(name, "project.guid", doc["guid"]) for name in used):
        raise forbidden("The project has fees, hours or expenses")
    if documents.by("invoices", "projects.guid", doc["guid"]):
        raise forbidden("The project is in use in invoices")
    for name in ("phases", "projectbillingcustomers"):
        for one in documents.by(name, "project.guid", doc["guid"]):
            documents.delete(name, one["guid"])
    return None


def _billing(organisation: Organisation, doc: Doc) -> Doc:
    project = organisation.need("projects", guid_of(doc, "project"), "project.guid")
    customer = organisation.need(
        "customers", guid_of(doc, "billingCustomer"), "billingCustomer.guid"
    )
    others = organisation.documents.by("projectbillingcustomers", "project.guid", project["guid"])
    if any(key(guid_of(o, "billingCustomer")) == key(customer["guid"]) for o in others):
        raise forbidden("The project has this billing customer already", "billingCustomer.guid")
    return doc | {"canBeDeleted": True, "isDefault": bool(doc.get("isDefault")) or not others}


def _one_default(organisation: Organisation, doc: Doc) -> Doc:
    documents = organisation.documents
    others = documents.by("projectbillingcustomers", "project.guid", guid_of(doc, "project"))
    for other in others if doc["isDefault"] else []:
        if other["isDefault"] and key(other["guid"]) != key(doc["guid"]):
            documents.put(
                "projectbillingcustomers", organisation.touched(other | {"isDefault": False})
            )
    return doc


def _billing_changed(organisation: Organisation, old: Doc, new: Doc) -> Doc:
    if key(guid_of(new, "project")) != key(guid_of(old, "project")):
        raise forbidden("A billing customer cannot move to another project", "project.guid")
    return _one_default(organisation, organisation.touched(new))


def _billing_gone(_organisation: Organisation, doc: Doc) -> Doc | None:
    if not doc["canBeDeleted"]:
        raise forbidden("The project's own customer cannot be removed")
    return None


def _phase(organisation: Organisation, doc: Doc) -> Doc:
    parent = organisation.need("phases", guid_of(doc, "parentPhase"), "parentPhase.guid")
    return doc | {"project": {"guid": guid_of(parent, "project")}}


def _phase_gone(organisation: Organisation, doc: Doc) -> Doc | None:
    documents = organisation.documents
    project = guid_of(doc, "project")
    below = [p for p in documents.by("phases", "project.guid", project) if _is_under(p, doc)]
    used = ("projectfees", "workhours", "projecttravelexpenses")
    on_it = [
        one
        for name in used
        for one in documents.by(name, "project.guid", project)
        if key(guid_of(one, "phase")) == key(doc["guid"])
    ]
    if not doc.get("parentPhase") or below or on_it:
        raise forbidden("The phase is in use")
    return None


def _is_under(phase: Doc, parent: Doc) -> bool:
    return key(guid_of(phase, "parentPhase")) == key(parent["guid"])


CUSTOMER_RULES: Mapping[str, Rules] = {
    "customers": Rules(create=_customer, change=_customer_changed, delete=_customer_gone),
    "addresses": Rules(change=_address_changed, delete=_address_gone),
    "contactpersons": Rules(create=_contact, change=_contact_changed, delete=_contact_gone),
    "contactcommunications": Rules(create=_communication, change=_communication_changed),
    "businessunits": Rules(create=_unit, change=_unit_changed),
    "users": Rules(create=_user),
}
PROJECT_RULES: Mapping[str, Rules] = {
    "projects": Rules(
        create=_project, created=project_created, change=_project_changed, delete=_project_gone
    ),
    "projectbillingcustomers": Rules(
        create=_billing, created=_one_default, change=_billing_changed, delete=_billing_gone
    ),
    "phases": Rules(create=_phase, delete=_phase_gone),
}
