"""What Severa does with hours, fees, expenses, and the invoices made of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from recon.sandbox.severa_documents import Doc, key, stamp
from recon.sandbox.severa_models import AUDIT
from recon.sandbox.severa_organisation import Organisation, Rules
from recon.sandbox.severa_rows import SOURCES, Sheet, write_rows
from recon.sandbox.severa_rules import guid_of
from recon.sandbox.severa_switches import forbidden, invalid
from recon.sandbox.severa_totals import totals

DELETED = {
    "projectfees": "deletedprojectfees",
    "workhours": "deletedworkhours",
    "projecttravelexpenses": "deletedprojecttravelexpenses",
}


# --- hours, fees, expenses --------------------------------------------------------------------


def _fee(organisation: Organisation, doc: Doc) -> Doc:
    project = _open_project(organisation, guid_of(doc, "project"), "project.guid")
    phase = doc.get("phase") if guid_of(doc, "phase") else project.get("rootPhase")
    doc = _placed(organisation, doc | {"phase": phase}, project)
    product = organisation.documents.get("products", guid_of(doc, "product")) or {}
    made = {
        "name": doc.get("name") or product.get("name"),
        "productType": doc.get("productType") or product.get("type"),
        "eventDate": doc.get("eventDate") or stamp(organisation.now())[:10],
        "billingSchedule": doc.get("billingSchedule") or "Immediately",
    }
    return doc | made


def _hours(organisation: Organisation, doc: Doc) -> Doc:
    phase = organisation.need("phases", guid_of(doc, "phase"), "phase.guid")
    project = _open_project(organisation, guid_of(phase, "project"), "phase.guid")
    work = organisation.documents.get("worktypes", guid_of(doc, "workType")) or {}
    billable = doc.get("isBillable") is not False
    made = {
        "project": {"guid": project["guid"]},
        "unitCost": work.get("hourCost"),
        "billableStatus": "Billable" if billable else "NotBillable",
        "isModifiable": True,
    }
    return _placed(organisation, doc | made, project)


def _expense(organisation: Organisation, doc: Doc) -> Doc:
    project = _open_project(organisation, guid_of(doc, "project"), "project.guid")
    made = {"eventDate": doc.get("eventDate") or stamp(organisation.now())[:10]}
    return _placed(organisation, doc | made, project)


def _flat_rate(organisation: Organisation, doc: Doc) -> Doc:
    phase = organisation.need("phases", guid_of(doc, "phase"), "phase.guid")
    return doc | {"project": {"guid": guid_of(phase, "project")}}


def _open_project(organisation: Organisation, guid: object, field: str) -> Doc:
    project = organisation.need("projects", guid, field)
    if project["isClosed"]:
        raise forbidden("The project is closed", field)
    return project


def _placed(organisation: Organisation, doc: Doc, project: Doc) -> Doc:
    """On a phase of this project that is not locked, with the project's customer."""
    phase = organisation.documents.get("phases", guid_of(doc, "phase"))
    if phase and key(guid_of(phase, "project")) != key(project["guid"]):
        raise invalid("The phase belongs to another project", "phase.guid")
    if phase and phase["isLocked"]:
        raise forbidden("The phase is locked", "phase.guid")
    for name in ("unitPrice", "unitCost"):
        code = (doc.get(name) or {}).get("currencyCode")
        known = [c.get("code") for c in organisation.documents.all("currencies")]
        if code and known and code not in known:
            raise invalid("There is no such currency", f"{name}.currencyCode")
    return doc | {"customer": {"guid": guid_of(project, "customer")}}


def _source_changed(organisation: Organisation, old: Doc, new: Doc) -> Doc:
    if guid_of(old, "invoice"):
        raise forbidden("The entry is on an invoice")
    return organisation.touched(new)


def _source_gone(collection: str) -> Rules:
    make = {"projectfees": _fee, "workhours": _hours, "projecttravelexpenses": _expense}

    def gone(organisation: Organisation, doc: Doc) -> Doc | None:
        if guid_of(doc, "invoice"):
            raise forbidden("The entry is on an invoice")
        tomb = doc | {"deletedDateTime": stamp(organisation.now())}
        organisation.documents.put(DELETED[collection], tomb)
        return None

    return Rules(create=make[collection], change=_source_changed, delete=gone)


# --- invoices ---------------------------------------------------------------------------------


def invoices(organisation: Organisation, body: Doc) -> list[Doc]:
    """Make invoices of all that is billable on the projects: one each, or one for all."""
    guids = [one["guid"] for one in body["projects"]]
    if not guids:
        raise invalid("At least one project is needed", "projects")
    projects = [organisation.need("projects", guid, "projects.guid") for guid in guids]
    groups = [projects] if body.get("groupProjects") else [[project] for project in projects]
    customers = {key(guid_of(p, "customer")) for p in projects}
    if body.get("groupProjects") and len(customers) > 1:
        raise forbidden("The projects have several customers", "projects")
    return [_invoice(organisation, group, body) for group in groups]


def _invoice(organisation: Organisation, projects: list[Doc], body: Doc) -> Doc:
    head = _head(organisation, projects, body)
    doc = organisation.add("invoices", head)
    organisation.add("invoicesettings", {"invoiceGuid": doc["guid"]})
    payer = organisation.need("customers", guid_of(doc, "billingCustomer"), "billingCustomerGuid")
    write_rows(Sheet(organisation, doc, payer), projects)
    doc = organisation.documents.put("invoices", doc | totals(organisation, doc))
    return organisation.documents.put("invoices", status_set(organisation, doc))


def _head(organisation: Organisation, projects: list[Doc], body: Doc) -> Doc:
    documents, project = organisation.documents, projects[0]
    customer = organisation.need("customers", guid_of(project, "customer"), "projects.guid")
    billing = _billing_customer(organisation, project, body)
    day = body.get("date") or stamp(organisation.now())[:10]
    term = project.get("paymentTerm") or billing.get("paymentTerm") or 14
    address = next(iter(documents.by("addresses", "customer.guid", billing["guid"])), {})
    currency = project.get("currency") or customer.get("currency") or {}
    return {
        "status": {"guid": _first_status(organisation, body)},
        "customer": {"guid": customer["guid"]},
        "billingCustomer": {"guid": billing["guid"]},
        "projects": [{"guid": one["guid"]} for one in projects],
        "date": day,
        "dueDate": _later(day, term),
        "paymentTerm": term,
        "currency": currency or None,
        "currencyRate": (documents.get("currencies", currency.get("guid")) or {}).get("rate", 1.0),
        "receiverCustomerName": billing["name"],
        "receiverVatNumber": billing.get("vatNumber"),
        "receiverAddress": _receiver(organisation, address),
        "canBeDeleted": True,
    } | {name: project.get(name) for name in ("ourReference", "yourReference", "orderNumber")}


def _billing_customer(organisation: Organisation, project: Doc, body: Doc) -> Doc:
    guid = body.get("billingCustomerGuid")
    if not guid:
        pairs = organisation.documents.by(
            "projectbillingcustomers", "project.guid", project["guid"]
        )
        chosen = next((pair for pair in pairs if pair["isDefault"]), None)
        guid = guid_of(chosen or project, "billingCustomer" if chosen else "customer")
    return organisation.need("customers", guid, "billingCustomerGuid")


def _first_status(organisation: Organisation, body: Doc) -> Any:
    sent = body.get("invoiceStatusGuid")
    if sent:
        return organisation.need("invoicestatuses", sent, "invoiceStatusGuid")["guid"]
    known = list(organisation.documents.all("invoicestatuses"))
    chosen = next((one for one in known if one["isDefault"]), known[0] if known else None)
    if chosen is None:
        raise forbidden("The organisation has no invoice status", "invoiceStatusGuid")
    return chosen["guid"]


def _later(day: str, days: int) -> str:
    try:
        return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
    except OverflowError:
        return day


def _receiver(organisation: Organisation, address: Doc) -> Doc:
    country = organisation.documents.get("countries", guid_of(address, "country")) or {}
    made = {name: address.get(name) for name in ("addressline", "postalCode", "city")}
    return made | {"country": country.get("name")}


def credit_note(organisation: Organisation, guid: str, day: str | None = None) -> Doc:
    """A draft of this day (today) that takes an invoice back: its rows with negative quantities,
    and both name each other. The API has no call for it; 409 where the invoice is a credit note or
    has one."""
    invoice = organisation.need("invoices", guid, "guid")
    if invoice.get("isCreditNote") or guid_of(invoice, "creditNoteInvoice"):
        raise forbidden("The invoice is credited already, or is a credit note")
    doc = organisation.add("invoices", _credit_head(organisation, invoice, day))
    organisation.add("invoicesettings", {"invoiceGuid": doc["guid"]})
    for row in organisation.documents.by("invoicerows", "invoiceGuid", invoice["guid"]):
        moved = {"invoiceGuid": doc["guid"], "quantity": -row["quantity"]}
        organisation.add("invoicerows", _unsigned(row) | moved)
    credited = invoice | {"creditNoteInvoice": {"guid": doc["guid"]}}
    organisation.documents.put("invoices", organisation.touched(credited))
    return organisation.documents.put("invoices", doc | totals(organisation, doc))


def _credit_head(organisation: Organisation, invoice: Doc, day: str | None) -> Doc:
    known = list(organisation.documents.all("invoicestatuses"))
    status = next((one for one in known if one.get("isDefaultForCreditNote")), known[0])
    day = day or stamp(organisation.now())[:10]
    return _unsigned(invoice) | {
        "status": {"guid": status["guid"]},
        "number": None,
        "referenceNumber": None,
        "date": day,
        "dueDate": day,
        "paymentDate": None,
        "entryDate": None,
        "isCreditNote": True,
        "reimburseInvoice": {"guid": invoice["guid"]},
        "canBeDeleted": True,
    }


def _unsigned(doc: Doc) -> Doc:
    """A record without its guid, and without who made it when."""
    return {name: value for name, value in doc.items() if name not in AUDIT}


def status_set(organisation: Organisation, doc: Doc) -> Doc:
    """The invoice with the number that its status calls for."""
    status = organisation.documents.get("invoicestatuses", guid_of(doc, "status")) or {}
    if status.get("hasInvoiceNumber") and doc.get("number") is None:
        number = organisation.documents.largest("invoices", "number") + 1
        return doc | {"number": number, "referenceNumber": str(number), "canBeDeleted": False}
    return doc


def _invoice_changed(organisation: Organisation, old: Doc, new: Doc) -> Doc:
    moved = guid_of(new, "status") != guid_of(old, "status")
    status = organisation.documents.get("invoicestatuses", guid_of(old, "status")) or {}
    others = {n for n in new if new[n] != old.get(n)} - {"status", "paymentDate", "entryDate"}
    if status.get("isReadOnly") and others:
        raise forbidden("The invoice is read-only in its status", min(others))
    if new.get("number") != old.get("number"):
        raise invalid("The field is read-only", "number")
    return organisation.touched(status_set(organisation, new) if moved else new)


def _invoice_gone(organisation: Organisation, doc: Doc) -> Doc | None:
    documents = organisation.documents
    if doc.get("number") is not None:
        raise forbidden("An invoice that has a number cannot be deleted")
    for row in documents.by("invoicerows", "invoiceGuid", doc["guid"]):
        _free(organisation, row)
    for one in documents.by("invoicesettings", "invoiceGuid", doc["guid"]):
        documents.delete("invoicesettings", one["guid"])
    credited = documents.get("invoices", guid_of(doc, "reimburseInvoice"))
    if credited:
        documents.put("invoices", organisation.touched(credited | {"creditNoteInvoice": None}))
    return None


def _row_changed(organisation: Organisation, _old: Doc, new: Doc) -> Doc:
    organisation.documents.put("invoicerows", new)
    _retotal(organisation, new)
    return organisation.touched(new)


def _row_gone(organisation: Organisation, doc: Doc) -> Doc | None:
    _free(organisation, doc)
    _retotal(organisation, doc)
    return None


def _free(organisation: Organisation, row: Doc) -> None:
    """Remove a row; its hours, fees and expenses can be invoiced again."""
    for collection in SOURCES:
        for source in organisation.documents.by(collection, "invoiceRowGuid", row["guid"]):
            freed = source | {"invoice": None, "invoiceRowGuid": None}
            organisation.documents.put(collection, organisation.touched(freed))
    for rate in organisation.documents.by("flatrates", "invoiceGuid", row["invoiceGuid"]):
        if key(rate["guid"]) == key(row.get("flatRateGuid")):
            organisation.documents.put("flatrates", rate | {"invoiceGuid": None})
    organisation.documents.delete("invoicerows", row["guid"])


def _retotal(organisation: Organisation, row: Doc) -> None:
    invoice = organisation.need("invoices", row["invoiceGuid"], "invoiceGuid")
    status = organisation.documents.get("invoicestatuses", guid_of(invoice, "status")) or {}
    if status.get("isReadOnly"):
        raise forbidden("The invoice is read-only in its status")
    made = invoice | totals(organisation, invoice)
    organisation.documents.put("invoices", organisation.touched(made))


def _settings_changed(organisation: Organisation, old: Doc, new: Doc) -> Doc:
    """The payment and entry dates stand on the invoice, too."""
    invoice = organisation.documents.get("invoices", new.get("invoiceGuid"))
    dates = {n: new[n] for n in ("paymentDate", "entryDate") if new[n] != old[n]}
    if invoice and dates:
        organisation.documents.put("invoices", organisation.touched(invoice | dates))
    return organisation.touched(new)


INVOICE_RULES: Mapping[str, Rules] = {
    "projectfees": _source_gone("projectfees"),
    "workhours": _source_gone("workhours"),
    "projecttravelexpenses": _source_gone("projecttravelexpenses"),
    "flatrates": Rules(create=_flat_rate),
    "invoices": Rules(change=_invoice_changed, delete=_invoice_gone),
    "invoicerows": Rules(change=_row_changed, delete=_row_gone),
    "invoicesettings": Rules(change=_settings_changed),
}
