"""The roles that an address can have, and where each lives in both systems.

One model: a Severa address is one record whose role is the first of its flags postal, billing,
visit. In Global the postal address stands in the customer's own columns, the billing address in
the invoice row and the visiting address in the delivery row that the customer refers to; where it
refers to none, its own address serves, and the own address has that role, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from recon.shapes import Value

ROLES = ("postal", "billing", "visit")
FLAGS: Mapping[str, str] = MappingProxyType(
    {"postal": "isPostalAddress", "billing": "isBillingAddress", "visit": "isVisitAddress"}
)


@dataclass(frozen=True, slots=True)
class Place:
    """The columns of one role in Global. `pointer` is the customer's column that refers to the
    row ('' for its own columns), `owner` and `title` the row's columns for customer and name,
    `guid` and `found` the select's names for the row's SeveraGUID and number."""

    table: str
    key: str
    street: tuple[str, str, str]
    postcode: str
    city: str
    country: str
    phone: str = ""
    pointer: str = ""
    owner: str = ""
    title: str = ""
    series: str = ""
    guid: str = ""
    found: str = ""


PLACES: Mapping[str, Place] = MappingProxyType(
    {
        "postal": Place(
            "Customer",
            "CustomerNo",
            ("Address1", "Address2", "Address3"),
            "PostCode",
            "PostOffice",
            "CountryNo",
            phone="Telephone",
        ),
        "billing": Place(
            "CustomerInvoiceAdresses",
            "InvoiceAdressNo",
            ("InvoiceAdress1", "InvoiceAdress2", "InvoiceAdress3"),
            "InvoiceAdressPostCode",
            "InvoiceAdressPostoffice",
            "InvoiceAdressCountryNo",
            pointer="InvoiceAdressNo",
            owner="InvoiceAdressCustomerNo",
            title="InvoiceAdressName",
            series="invoice_address",
            guid="InvoiceGUID",
            found="InvoiceRow",
        ),
        "visit": Place(
            "CustomerDeliveryAddresses",
            "DeliveryAddressNo",
            ("DeliveryAddress1", "DeliveryAddress2", "DeliveryAddress3"),
            "DeliveryPostCode",
            "DeliveryPostOffice",
            "DeliveryCountryNo",
            pointer="DeliveryAddressNo",
            owner="CustomerNo",
            title="DeliveryName",
            series="delivery_address",
            guid="DeliveryGUID",
            found="DeliveryRow",
        ),
    }
)


def joined(roles: set[str]) -> str:
    """Roles as one sorted text: 'billing+postal+visit'."""
    return "+".join(sorted(roles))


def first(roles: Value) -> str | None:
    """The role that decides where an address lives: the first of postal, billing, visit."""
    found = str(roles or "").split("+")
    return next((role for role in ROLES if role in found), None)
