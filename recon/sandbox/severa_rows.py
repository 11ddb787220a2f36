"""The rows of an invoice in the sandbox's Severa: one for each thing that is billable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from recon.sandbox.severa_documents import Doc
from recon.sandbox.severa_organisation import Organisation
from recon.sandbox.severa_rules import guid_of

# Collection of sources → row type, category, and where their article is.
SOURCES: dict[str, tuple[str, str]] = {
    "workhours": ("Hours", "Hours"),
    "projectfees": ("ProjectFees", "ProjectFees"),
    "projecttravelexpenses": ("TravelExpenses", "Travels"),
}
ARTICLES = {
    "workhours": ("workType", "worktypes"),
    "projectfees": ("product", "products"),
    "projecttravelexpenses": ("travelExpense", "travelexpensetypes"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """An invoice that rows are written on, and the customer who is to pay."""

    organisation: Organisation
    invoice: Doc
    payer: Doc


def write_rows(sheet: Sheet, projects: list[Doc]) -> None:
    """A row for each billable hour, fee, expense and flat rate of the projects, in that order."""
    order = 0
    for project in projects:
        for collection, source in _billable(sheet.organisation, project):
            order += 1
            _row(sheet, collection, source, order)
        for rate in _flat_rates(sheet.organisation, project):
            order += 1
            _flat_row(sheet, rate, order)


def _billable(organisation: Organisation, project: Doc) -> Iterator[tuple[str, Doc]]:
    for collection in SOURCES:
        for source in organisation.documents.by(collection, "project.guid", project["guid"]):
            if source.get("isBillable") is not False and not guid_of(source, "invoice"):
                yield collection, source


def _flat_rates(organisation: Organisation, project: Doc) -> list[Doc]:
    known = organisation.documents.by("flatrates", "project.guid", project["guid"])
    return [one for one in known if not one.get("invoiceGuid") and _due(one)]


def _due(rate: Doc) -> bool:
    return rate.get("billingSchedule") == "Immediately"


def _row(sheet: Sheet, collection: str, source: Doc, order: int) -> None:
    organisation = sheet.organisation
    kind, category = SOURCES[collection]
    name, articles = ARTICLES[collection]
    article = organisation.documents.get(articles, guid_of(source, name)) or {}
    rates = [rate for rate in (source.get("vatRate"), article.get("vatRate")) if rate is not None]
    row = {
        "invoiceGuid": sheet.invoice["guid"],
        "rowType": kind,
        "category": category,
        "description": source.get("name") or source.get("description") or article.get("name"),
        "quantity": source.get("quantity") or 0.0,
        "unitPrice": source.get("unitPrice"),
        "measurementUnit": source.get("measurementUnit") or article.get("measurementUnit"),
        "vatRate": _vat(sheet, next(iter(rates), None)),
        "sortOrder": order,
        "code": [article["code"]] if article.get("code") else [],
    }
    made = organisation.add("invoicerows", row)
    number = {"guid": sheet.invoice["guid"]}
    organisation.documents.put(
        collection,
        organisation.touched(source | {"invoice": number, "invoiceRowGuid": made["guid"]}),
    )


def _flat_row(sheet: Sheet, rate: Doc, order: int) -> None:
    organisation, guid = sheet.organisation, sheet.invoice["guid"]
    phase = organisation.documents.get("phases", guid_of(rate, "phase")) or {}
    row = {
        "invoiceGuid": guid,
        "rowType": "FlatRate",
        "category": "Hours",
        "description": phase.get("name"),
        "quantity": 1.0,
        "unitPrice": rate.get("price"),
        "vatRate": _vat(sheet, None),
        "sortOrder": order,
        "flatRateGuid": rate["guid"],
        "code": [],
    }
    organisation.add("invoicerows", row)
    organisation.documents.put("flatrates", rate | {"invoiceGuid": guid})


def _vat(sheet: Sheet, rate: Any) -> Any:
    """The customer's own rate goes before the article's; hours and flat rates have the usual one,
    if there is one."""
    own = sheet.payer.get("invoicingVat")
    if own:
        return own.get("percentage")
    if rate is not None:
        return rate
    usual = (one for one in sheet.organisation.documents.all("vatrates") if one.get("isDefault"))
    return next(usual, {}).get("percentage")
