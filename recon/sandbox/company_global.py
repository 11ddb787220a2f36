"""The customers of the seeded company as Global holds them: rows by table."""

from __future__ import annotations

import random

from recon.sandbox.company_cases import PUBLIC, GlobalCustomer
from recon.sandbox.company_guids import Guids, Row, stamps
from recon.sandbox.company_reference import COUNTRY_NO, CURRENCY_NO, EXPORT, NOT_IN_EU, TERMS
from recon.sandbox.company_severa import address_guid, person_guid
from recon.sandbox.nordic import Firm, Person, Place
from recon.sandbox.nordic_numbers import pretty, vat

TERM_NO = {days: number for number, _, days in reversed(TERMS)}
LINES = 3


class GlobalCustomers:
    """Lays customers, their contacts and their other addresses into Global's tables."""

    def __init__(self, guids: Guids) -> None:
        self.rng = guids.dice("customer rows")
        self.guids = guids
        self.customers: list[Row] = []
        self.contacts: list[Row] = []
        self.invoice_addresses: list[Row] = []
        self.delivery_addresses: list[Row] = []

    def tables(self, customers: list[GlobalCustomer]) -> dict[str, list[Row]]:
        """Customer, Contact, CustomerInvoiceAdresses and CustomerDeliveryAddresses."""
        for customer in sorted(customers, key=lambda each: each.number):
            self._add(customer)
        return {
            "Customer": self.customers,
            "Contact": self.contacts,
            "CustomerInvoiceAdresses": self.invoice_addresses,
            "CustomerDeliveryAddresses": self.delivery_addresses,
        }

    def _add(self, customer: GlobalCustomer) -> None:
        firm = customer.firm
        addresses = {
            "InvoiceAdressNo": self._invoice_address(customer) if firm.billing else 0,
            "DeliveryAddressNo": self._delivery_address(customer) if firm.visit else 0,
        }
        self.customers.append({**_customer(customer, self.rng), **addresses})
        self.contacts += [
            self._contact(customer, person, at) for at, person in enumerate(firm.people, 1)
        ]

    def _contact(self, customer: GlobalCustomer, person: Person, at: int) -> Row:
        first = customer.guid and not customer.merged_to and int(person.label) == 0
        linked = customer.linked or first
        return {
            "ContactNo": len(self.contacts) + at,
            "CustomerNo": customer.number,
            "Name": person.name,
            "Titel": person.title,
            "EmailAddress": person.email,
            "DirectTelephone": person.phone,
            "MobileTelephone": person.mobile,
            "InActiveYesNo": int(not person.active),
            "SeveraGUID": person_guid(self.guids, customer.guid, person) if linked else "",
            **stamps(self.rng),
        }

    def _invoice_address(self, customer: GlobalCustomer) -> int:
        number = len(self.invoice_addresses) + 1
        firm = customer.firm
        assert firm.billing
        self.invoice_addresses.append(
            {
                "InvoiceAdressNo": number,
                "InvoiceAdressName": firm.name,
                "InvoiceAdressCustomerNo": customer.number,
                **_place(
                    firm.billing,
                    ("InvoiceAdress1", "InvoiceAdress2", "InvoiceAdress3"),
                    ("InvoiceAdressPostCode", "InvoiceAdressPostoffice", "InvoiceAdressCountryNo"),
                ),
                "SeveraGUID": self._address_guid(customer, "isBillingAddress"),
                **stamps(self.rng),
            }
        )
        return number

    def _address_guid(self, customer: GlobalCustomer, flag: str) -> str:
        return address_guid(self.guids, customer.guid, flag) if customer.linked else ""

    def _delivery_address(self, customer: GlobalCustomer) -> int:
        number = len(self.delivery_addresses) + 1
        firm = customer.firm
        assert firm.visit
        self.delivery_addresses.append(
            {
                "DeliveryAddressNo": number,
                "DeliveryName": firm.name,
                "CustomerNo": customer.number,
                **_place(
                    firm.visit,
                    ("DeliveryAddress1", "DeliveryAddress2", "DeliveryAddress3"),
                    ("DeliveryPostCode", "DeliveryPostOffice", "DeliveryCountryNo"),
                ),
                "SeveraGUID": self._address_guid(customer, "isVisitAddress"),
                **stamps(self.rng),
            }
        )
        return number


def _place(place: Place, lines: tuple[str, ...], rest: tuple[str, str, str]) -> Row:
    """An address in a table's own columns: the lines, then postcode, city and country."""
    texts = (*place.lines, *("",) * LINES)[:LINES]
    values = (place.postcode, place.city, COUNTRY_NO[place.country])
    return {**dict(zip(lines, texts, strict=True)), **dict(zip(rest, values, strict=True))}


def _customer(customer: GlobalCustomer, rng: random.Random) -> Row:
    firm = customer.firm
    return {
        "CustomerNo": customer.number,
        "Name": firm.name,
        "SortName": firm.name.upper()[:20],
        **_place(
            firm.postal,
            ("Address1", "Address2", "Address3"),
            ("PostCode", "PostOffice", "CountryNo"),
        ),
        "Telephone": firm.phone,
        "EmailAddress": firm.email,
        "WWWAddress": firm.website,
        **_numbers(firm, rng),
        **_terms(customer),
        "InActiveYesNo": int(not customer.active),
        "LockedYesNo": int(customer.locked),
        "CreditBlockAllowOfferAndNewOrders": int(customer.blocked),
        "MergeToCustomerNo": customer.merged_to,
        "SeveraGUID": customer.guid,
        **stamps(rng),
    }


def _numbers(firm: Firm, rng: random.Random) -> Row:
    """The organisation number, as people write it, and mostly the VAT number too."""
    grouped = rng.random() < 0.2
    number = pretty(firm.land, firm.organisation) if grouped else firm.organisation
    return {
        "CompanyNo": number,
        "VATRegNo": vat(firm.land, firm.organisation) if rng.random() < 0.5 else "",
        "ElectronicInvoiceActive": int(bool(firm.e_address)),
        "ElectronicInvoiceAddress": firm.e_address,
        "ElectronicInvoiceOperator": firm.e_operator,
    }


def _terms(customer: GlobalCustomer) -> Row:
    firm = customer.firm
    abroad = 0 if firm.land.code == "NO" else 2 if firm.land.code in NOT_IN_EU else 1
    public = customer.type_no == PUBLIC
    return {
        "CurrencyNo": CURRENCY_NO[firm.currency],
        "TermsOfPayCustNo": TERM_NO[firm.days],
        "CustomerTypeNo": customer.type_no,
        "CustomerGrpNo": (10, 20, 30)[abroad],
        "CustomerProfileNo": EXPORT if abroad else 3 if public else 1,
    }
