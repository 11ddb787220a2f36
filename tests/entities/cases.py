"""One raw record per entity and side, as the systems give them, for the contract test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.entities.world import Database

GUID = "11111111-1111-1111-1111-111111111111"
CUSTOMER = "22222222-2222-2222-2222-222222222222"
CONTACT = "33333333-3333-3333-3333-333333333333"
MADE = "44444444-4444-4444-4444-444444444444"

SEVERA: Mapping[str, dict[str, Any]] = {
    "business_unit": {
        "guid": GUID,
        "name": " Avdeling  Øst ",
        "code": "0042",
        "isActive": True,
        "parentGuid": "top",
        "companyGuid": "co",
    },
    "customer": {
        "guid": CUSTOMER,
        "name": "Ås & Sønn AS",
        "number": 30001,
        "isActive": True,
        "isInternal": False,
        "email": "post@aas.no",
        "website": "https://aas.no",
        "vatNumber": "NO 974 760 673 MVA",
        "currency": {"guid": "NOK", "code": "NOK"},
        "paymentTerm": 30,
        "eInvoiceAddress": "0192:974760673",
        "eInvoiceOperator": "Operatør",
        "headquarterAddress": None,
    },
    "address": {
        "guid": GUID,
        "addressline": "Storgata 1\nOppgang B",
        "postalCode": "0150",
        "city": "Oslo",
        "phone": "+47 22 33 44 55",
        "isPostalAddress": True,
        "isBillingAddress": False,
        "isVisitAddress": True,
        "country": {"guid": "c-no"},
        "customer": {"guid": CUSTOMER},
        "createdDateTime": "2024-01-01T00:00:00Z",
    },
    "contact": {
        "guid": CONTACT,
        "firstName": "Anne Marie",
        "lastName": "Berg",
        "jobTitle": "Daglig leder",
        "isActive": True,
        "isDeleted": False,
        "customer": {"guid": CUSTOMER},
        "emails": ["Anne@Aas.no"],
        "phoneNumbers": [],
    },
    "communication": {
        "guid": GUID,
        "value": "anne@aas.no",
        "isForbiddenToUse": False,
        "contact": {"guid": CONTACT},
        "communicationType": {"guid": "m1", "type": "EmailAddress", "name": "E-post"},
    },
}


def fill(database: Database) -> None:
    """A customer with all three addresses and a contact, and a department."""
    database.add("Department", DepNo=42, Name="Avdeling Vest", InActiveYesNo=0, SeveraGUID="")
    database.add(
        "Customer",
        CustomerNo=10001,
        Name="Fjord Bygg AS",
        CompanyNo="974760673",
        VATRegNo="",
        EmailAddress="post@fjord.no",
        WWWAddress="",
        CurrencyNo=578,
        TermsOfPayCustNo=3,
        ElectronicInvoiceAddress="",
        ElectronicInvoiceOperator="",
        InActiveYesNo=0,
        LockedYesNo=0,
        CustomerTypeNo=1,
        MergeToCustomerNo=0,
        CountryNo=578,
        Address1="Kaia 2",
        Address2="",
        Address3="",
        PostCode="5003",
        PostOffice="Bergen",
        Telephone="55 66 77 88",
        InvoiceAdressNo=7,
        DeliveryAddressNo=8,
        SeveraGUID="",
    )
    database.add(
        "CustomerInvoiceAdresses",
        InvoiceAdressNo=7,
        InvoiceAdressCustomerNo=10001,
        InvoiceAdress1="Postboks 1",
        InvoiceAdressPostCode="5003",
        InvoiceAdressPostoffice="Bergen",
        InvoiceAdressCountryNo=578,
    )
    database.add(
        "CustomerDeliveryAddresses",
        DeliveryAddressNo=8,
        CustomerNo=10001,
        DeliveryAddress1="Lageret 3",
        DeliveryPostCode="5003",
        DeliveryPostOffice="Bergen",
        DeliveryCountryNo=0,
        SeveraGUID="{ABCDEF00-0000-0000-0000-000000000000}",
    )
    database.add(
        "Contact",
        ContactNo=501,
        CustomerNo=10001,
        Name="Ole von Berg",
        Titel="Innkjøper",
        EmailAddress="ole@fjord.no",
        DirectTelephone="",
        InternalTelephone="55 00 00 01",
        MobileTelephone="",
        InActiveYesNo=0,
        SeveraGUID="",
    )
    database.add("Contact", ContactNo=502, CustomerNo=0, SupplierNo=9, Name="Leverandørs kontakt")
