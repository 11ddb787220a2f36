"""One raw record per entity and side, as the systems give them, for the contract test."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from recon.links import Links
from recon.shapes import Link
from tests.entities.world import Database

GUID = "11111111-1111-1111-1111-111111111111"
CUSTOMER = "22222222-2222-2222-2222-222222222222"
OWNER = "88888888-8888-8888-8888-888888888888"
CONTACT = "33333333-3333-3333-3333-333333333333"
MADE = "44444444-4444-4444-4444-444444444444"
LINKS = Links(
    Link(entity, "", key, "", guid, entity, "2026-01-01", "test")
    for entity, key, guid in (
        ("business_unit", "42", GUID),
        ("customer", "10001", CUSTOMER),
        ("employee", "7", OWNER),
    )
)

SEVERA: Mapping[str, dict[str, Any]] = {
    "business_unit": {
        "guid": GUID,
        "name": " Avdeling  Øst ",
        "code": "0042",
        "isActive": True,
        "parentGuid": "top",
        "companyGuid": "co",
    },
    "employee": {
        "guid": OWNER,
        "firstName": "Kari Anne",
        "lastName": "Lie Berg",
        "isActive": True,
        "email": "Kari@Prove.no",
        "phone": "+47 99 88 77 66",
        "title": "Rådgiver",
        "code": "0007",
        "businessUnit": {"guid": GUID, "companyBusinessUnitGuid": "top", "companyGuid": "co"},
        "userType": "Employee",
        "permissionProfile": {"guid": "p1", "name": "Medarbeider"},
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
    "product": {
        "guid": GUID,
        "name": "Kursdag,  fjell",
        "code": "KURS-1",
        "isActive": True,
        "unitPrice": {"amount": 18500.5, "currencyCode": "NOK"},
        "unitCost": {"amount": 0, "currencyCode": "NOK"},
        "vatRate": 25.0,
        "measurementUnit": "dag",
    },
    "travel_expense_type": {
        "guid": "55555555-5555-5555-5555-555555555555",
        "name": "Kilometer",
        "code": "3000",
        "isActive": True,
        "expenseClass": "Mileage",
        "unitCost": {"amount": 5.3, "currencyCode": "NOK"},
        "vatRate": 12,
        "measurementUnit": "km",
    },
    "work_type": {
        "guid": "66666666-6666-6666-6666-666666666666",
        "name": "Rådgivning",
        "code": "4000",
        "isActive": True,
        "hourCost": {"amount": 620, "currencyCode": "NOK"},
    },
    "project": {
        "guid": GUID,
        "name": " Forprosjekt  kai",
        "number": 50001,
        "isInternal": False,
        "isClosed": False,
        "customer": {"guid": CUSTOMER, "name": "Ås & Sønn AS", "number": 30001},
        "projectOwner": {"guid": OWNER, "name": "Kari Berg"},
        "businessUnit": {"guid": GUID, "companyBusinessUnitGuid": "top", "companyGuid": "co"},
        "salesStatus": {"salesStatusTypeGuid": "w", "name": "Order"},
        "startDate": "2025-02-01",
        "deadline": None,
        "billing_customers": [{"billingCustomer": {"guid": CUSTOMER}}],
    },
}


def fill(database: Database) -> None:
    """A customer with all three addresses, a contact and a project, a department, an employee,
    articles of each kind."""
    database.add(
        "Employee",
        EmployeeNo=7,
        Name="Ola von Lund",
        MiddleName="",
        FamilyName="",
        Titel="Utvikler",
        DepNo=42,
        InternalEmailAddress="ola@prove.no",
        PrivateEmailAddress="ola@hjemme.no",
        MobileTelephone="",
        InternalTelephone="22 33 44 55",
        InActiveYesNo=0,
        SeveraGUID="",
    )
    for number, kind, template in (("K 1", 2, 1), ("T1", 3, 3), ("4711", 4, 0)):
        database.add(
            "Article",
            ArticleNo=number,
            Name=f"Artikkel {number}",
            ArtTypeNo=kind,
            PostingTemplateNo=template,
            Price1=1234.5,
            PurchasePrice=700.25,
            QuantityPerUnitTextSale="stk",
            StdUnitCode="",
            InActiveYesNo=0,
            NonStockItemYesNo=1,
            MergeToArticleNo="",
            SeveraGUID="",
        )
    database.add(
        "Project",
        ProjectNo=1042,
        Name="Flytteplan",
        CustomerNo=10001,
        PMEmployeeNo=7,
        DepNo=42,
        ProjectCategoryNo=1,
        ProjectType=1,
        MainProjectNo=0,
        InActiveYesNo=0,
        StartTime=datetime(2025, 3, 1),
        StopTime=datetime(2025, 9, 30),
        SeveraGUID="",
    )
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
