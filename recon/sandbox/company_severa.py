"""The customers of the seeded company as Severa holds them: documents by collection."""

from __future__ import annotations

import random
from typing import Protocol

from recon.sandbox.company_cases import SeveraCustomer
from recon.sandbox.company_guids import Document, Guids, audit
from recon.sandbox.company_reference import Reference
from recon.sandbox.nordic import Firm, Person, Place
from recon.sandbox.nordic_numbers import pretty, vat


def person_guid(guids: Guids, customer: str, person: Person) -> str:
    """The guid of a contact person of the customer with this guid."""
    return guids.new(f"contact/{customer}/{person.label}")


def address_guid(guids: Guids, customer: str, flags: str) -> str:
    """The guid of an address of the customer with this guid, by the flags that it carries."""
    return guids.new(f"address/{customer}/{flags}")


class Owners(Protocol):
    """Who may own a customer."""

    def owner(self, at: int) -> Document: ...


class SeveraCustomers:
    """Makes documents of customers, addresses, contact persons and communications."""

    def __init__(self, reference: Reference, staff: Owners) -> None:
        self.reference, self.staff, self.guids = reference, staff, reference.guids
        self.rng = self.guids.dice("customer documents")
        self.customers: list[Document] = []
        self.addresses: list[Document] = []
        self.contacts: list[Document] = []
        self.communications: list[Document] = []

    def collections(self, customers: list[SeveraCustomer]) -> dict[str, list[Document]]:
        """The four collections by the name of their path."""
        for customer in customers:
            self._add(customer)
        return {
            "customers": self.customers,
            "addresses": self.addresses,
            "contactpersons": self.contacts,
            "contactcommunications": self.communications,
        }

    def _add(self, customer: SeveraCustomer) -> None:
        inside = {
            "guid": customer.guid,
            "name": customer.firm.name,
            "number": customer.number,
        }
        first, *others = self._addresses(customer.firm, inside)
        self.customers.append(self._customer(customer, first))
        self.addresses += [first, *others]
        for person in customer.firm.people:
            self._person(person, inside, first["guid"])

    def _customer(self, customer: SeveraCustomer, address: Document) -> Document:
        firm, reference = customer.firm, self.reference
        return {
            "guid": customer.guid,
            "name": firm.name,
            "number": customer.number,
            "isActive": customer.active,
            "isInternal": customer.internal,
            "notes": None,
            "email": firm.email or None,
            "website": firm.website or None,
            "vatNumber": _vat_number(firm, self.rng) or None,
            "language": reference.languages[firm.land.language],
            "currency": reference.currencies[firm.currency],
            "owner": self.staff.owner(self.rng.randrange(12)),
            "headquarterAddress": {
                "guid": address["guid"],
                "addressline": address["addressline"],
                "postalCode": address["postalCode"],
                "city": address["city"],
                "country": address["country"]["name"],
            },
            "paymentTerm": firm.days,
            "invoicingVat": None if firm.land.code == "NO" else self._no_vat(),
            "eInvoiceAddress": firm.e_address or None,
            "eInvoiceOperator": firm.e_operator or None,
            **audit(self.rng),
        }

    def _no_vat(self) -> Document:
        """What customers abroad are charged."""
        return {"guid": self.guids.new("vatrate/5"), "percentage": 0.0, "code": "5"}

    def _addresses(self, firm: Firm, customer: Document) -> list[Document]:
        """The postal address first; it also bills and receives visitors if no other does."""
        flags = {
            "isPostalAddress": True,
            "isBillingAddress": firm.billing is None,
            "isVisitAddress": firm.visit is None,
        }
        found = [self._address(firm.postal, customer, flags, firm.phone)]
        if firm.billing:
            found.append(self._address(firm.billing, customer, {"isBillingAddress": True}))
        if firm.visit:
            found.append(self._address(firm.visit, customer, {"isVisitAddress": True}))
        return found

    def _address(
        self, place: Place, customer: Document, flags: dict[str, bool], phone: str = ""
    ) -> Document:
        none = dict.fromkeys(("isPostalAddress", "isBillingAddress", "isVisitAddress"), False)
        return {
            "guid": address_guid(self.guids, customer["guid"], "/".join(flags)),
            "addressline": "\n".join(place.lines),
            "postalCode": place.postcode or None,
            "city": place.city,
            **none,
            **flags,
            "phone": phone or None,
            "fax": None,
            "country": self.reference.countries[place.country],
            "customer": customer,
            "contacts": [],
            **audit(self.rng),
        }

    def _person(self, person: Person, customer: Document, address: str) -> None:
        guid = person_guid(self.guids, customer["guid"], person)
        ways = [
            ("EmailAddress", person.email),
            ("Phone", person.phone),
            ("MobilePhone", person.mobile),
        ]
        self.communications += [
            self._communication(guid, person.name, kind, value) for kind, value in ways if value
        ]
        self.contacts.append(
            {
                "guid": guid,
                **_name(person),
                "jobTitle": person.title or None,
                "isActive": person.active,
                "isDeleted": False,
                "customer": customer,
                "addressGuid": address,
                "phoneNumbers": [value for value in (person.phone, person.mobile) if value],
                "emails": [person.email] if person.email else [],
                "dateOfBirth": None,
                "isEmailAllowed": True,
                **audit(self.rng),
            }
        )

    def _communication(self, contact: str, name: str, kind: str, value: str) -> Document:
        return {
            "guid": self.guids.new(f"communication/{contact}/{kind}"),
            "value": value,
            "isForbiddenToUse": False,
            "contact": {"guid": contact, "name": name},
            "communicationType": self.reference.communications[kind],
            **audit(self.rng),
        }


def _name(person: Person) -> Document:
    """Both parts of a name, as Severa wants them; an office has '-' in place of one."""
    parts = (person.first, person.last) if person.last else ("-", person.first)
    if not person.last and person.mobile:
        parts = (person.first, "-")
    return {"firstName": parts[0], "lastName": parts[1], "name": " ".join(parts)}


def _vat_number(firm: Firm, rng: random.Random) -> str:
    """The number in one of the ways people write it: with and without land, MVA and spaces."""
    number = firm.organisation
    if not number:
        return ""
    ways = (vat(firm.land, number), number, pretty(firm.land, number))
    return rng.choices(ways, (50, 30, 20))[0]
