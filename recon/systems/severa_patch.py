"""What a PATCH may touch in Severa: one table of pointers, and the JSON Patch made from it.

Certainty: `documented` means that the property stands, writable, in the published model that the
operation takes; `likely` that it should be so (references, money, models published in part);
`unknown` that no model is published and only a try on a test organisation will tell. What is not
in the table is read-only or private and is never sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from recon.errors import Refused

Form = Literal["value", "reference", "money"]
Certainty = Literal["documented", "likely", "unknown"]
ValueForm = Literal["json", "text"]


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where a property is patched, in which form, and how sure that is.

    `value` is sent as it is. A `reference` is {"guid": …}, and `money` {"amount": …,
    "currencyCode": …}: as JSON they replace the whole property, as text each part is replaced
    by a pointer of its own (`/currency/guid`).
    """

    path: str
    form: Form
    certainty: Certainty


def _rows(certainty: Certainty, form: Form, names: str) -> dict[str, Pointer]:
    return {name: Pointer(f"/{name}", form, certainty) for name in names.split()}


PATCHABLE: Mapping[str, Mapping[str, Pointer]] = {
    "customers": {
        **_rows(
            "documented",
            "value",
            "name number isActive notes email website vatNumber kvkNumber numberOfEmployees"
            " annualRevenue paymentTerm overdueInterest eInvoiceAddress eInvoiceOperator"
            " organizationUnitNumber",
        ),
        **_rows(
            "likely",
            "reference",
            "language currency owner industry headquarterAddress timezone pricelist"
            " invoicingVat invoiceTemplate",
        ),
    },
    "addresses": {
        **_rows(
            "documented",
            "value",
            "addressline postalCode city isBillingAddress isPostalAddress isVisitAddress phone fax",
        ),
        **_rows("likely", "reference", "country countryRegion"),
    },
    "contactpersons": {
        **_rows(
            "documented",
            "value",
            "firstName lastName salutation description jobTitle isActive addressGuid"
            " satisfactionLevel isEmailAllowed",
        ),
        **_rows("likely", "reference", "customer timeZone role language"),
    },
    "contactcommunications": {
        **_rows("documented", "value", "value isForbiddenToUse"),
        **_rows("likely", "reference", "communicationType"),
    },
    "businessunits": _rows(
        "documented", "value", "name parentGuid isActive vatNumber kvkNumber code"
    ),
    "users": {
        **_rows(
            "likely",
            "value",
            "firstName lastName salutation isActive email phone satisfaction code address"
            " postalCode city notes userType",
        ),
        **_rows(
            "unknown",
            "reference",
            "businessUnit workType superiorUser country countryRegion culture language timezone"
            " defaultActivityType permissionProfile",
        ),
    },
    "products": {
        **_rows(
            "likely",
            "value",
            "name code vatRate measurementUnit isActive type proposalDescription",
        ),
        **_rows("likely", "money", "unitPrice unitCost"),
        **_rows("unknown", "reference", "productCategory salesAccount"),
    },
    "travelexpensetypes": {
        **_rows(
            "likely",
            "value",
            "name expenseClass purchaseVatRate includeTime code vatRate measurementUnit isActive",
        ),
        **_rows("likely", "money", "unitCost"),
        **_rows("unknown", "reference", "costAccount productCategory salesAccount"),
    },
    "worktypes": {
        **_rows("likely", "value", "name isActive isProductive isDefault code"),
        **_rows("likely", "money", "hourCost"),
        **_rows("unknown", "reference", "salesAccount"),
    },
    "projects": {
        **_rows(
            "likely",
            "value",
            "name isInternal internalName number description isClosed isJoiningAllowed startDate"
            " deadline paymentTerm ourReference yourReference orderNumber invoiceNotes"
            " useOvertimeMultipliers useWorktypesFromSetting useProductsFromSetting"
            " completionEstimatePercentage probability expectedOrderDate",
        ),
        **_rows("unknown", "money", "expectedValue"),
        **_rows(
            "unknown",
            "reference",
            "customer projectOwner businessUnit customerContact salesPerson leadSource costCenter"
            " billingContact invoiceTemplate currency",
        ),
        "projectStatusTypeGuid": Pointer("/projectStatus/projectStatusTypeGuid", "value", "likely"),
        "salesStatusTypeGuid": Pointer("/salesStatus/salesStatusTypeGuid", "value", "likely"),
    },
    "projectbillingcustomers": {
        **_rows("documented", "value", "isDefault"),
        **_rows("likely", "reference", "billingCustomer billingAddress billingContact"),
    },
    "invoices": {
        **_rows(
            "unknown",
            "value",
            "referenceNumber date dueDate paymentTerm overdueInterest ourReference yourReference"
            " orderNumber notes paymentDate entryDate",
        ),
        **_rows("unknown", "reference", "status"),
    },
    "invoicesettings": {
        **_rows(
            "likely", "value", "entryDate paymentDate isReverseCharged reverseChargeDescription"
        ),
        **_rows("unknown", "value", "showReferenceNumber showQuantity showUnit showUnitPrice"),
    },
}


def operations(
    resource: str, values: Mapping[str, Any], form: ValueForm
) -> list[dict[str, str | int | float | bool | Decimal | Mapping[str, Any] | None]]:
    """The replace-only JSON Patch for these properties; `Refused` names those not patchable."""
    table = PATCHABLE.get(resource, {})
    unknown = tuple(name for name in values if name not in table)
    if unknown or not values:
        raise Refused(
            f"Severa cannot change {', '.join(unknown) or 'nothing'} of {resource}",
            where=f"PATCH {resource}",
            todo="Set it by hand in Severa, or stop its transfer in the profile",
            fields=unknown,
        )
    return [
        {"op": "Replace", "path": path, "value": value}
        for name, given in values.items()
        for path, value in _parts(table[name], _guided(table[name], given), form)
    ]


def _guided(pointer: Pointer, value: Any) -> Any:
    bare = pointer.form == "reference" and isinstance(value, str)
    return {"guid": value} if bare else value


def _parts(pointer: Pointer, value: Any, form: ValueForm) -> Iterator[tuple[str, Any]]:
    if form == "json":
        yield pointer.path, value
    elif isinstance(value, Mapping):
        yield from ((f"{pointer.path}/{part}", _text(item)) for part, item in value.items())
    else:
        yield pointer.path, _text(value)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)
