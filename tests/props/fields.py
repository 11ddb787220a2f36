"""Which fields users change, and to what: a pool of values, one made of two numbers, or (a text)
another record of that table or list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

Pool = tuple[Any, ...] | Callable[[int, int], Any] | str


def _name(stem: str) -> Callable[[int, int], str]:
    return lambda which, what: (
        f"{stem} {which % 50}{' Nord' * (what % 2)}{' Øst' * (what // 2 % 2)}"
    )


def mail(which: int, what: int) -> str:
    return "" if what % 7 == 6 else f"post{which % 50}.{what % 3}@kunde.example"


SITES = ("www.en.example", "to.example", "", "http://www.en.example/")
PHONES = ("22 50 03 00", "+47 22500300", "22500301", "")
TITLES = ("Innkjøper", "Daglig leder", "", "Prosjektleder")
STREETS = ("Storgata 1", "Lillegata 2", "", "Kaigata 3")
CODES = ("7010", "0150", "5003")
PRICES = (100.0, 99.5, 0.0, 1234.56)
OPERATORS = ("Pagero", "Basware", "")
DAYS = ("2026-03-01", "2026-09-30", "2027-01-31")
FLAGS = (1, 0)
BOTH = (False, True)
GLOBAL_EDITS: Mapping[str, Mapping[str, Pool]] = {
    "Department": {"Name": _name("Avdeling"), "InActiveYesNo": FLAGS},
    "Customer": {
        "Name": _name("Kunde"),
        "EmailAddress": mail,
        "WWWAddress": SITES,
        "CompanyNo": ("987654325", "NO 987 654 325 MVA", ""),
        "ElectronicInvoiceOperator": OPERATORS,
        "TermsOfPayCustNo": (3, 5, 6, 7),
        "Address1": STREETS,
        "PostCode": CODES,
        "Telephone": PHONES,
        "InActiveYesNo": FLAGS,
        "LockedYesNo": FLAGS,
        "CustomerTypeNo": (1, 3),
    },
    "Contact": {
        "Name": _name("Kari"),
        "Titel": TITLES,
        "EmailAddress": mail,
        "DirectTelephone": PHONES,
        "MobileTelephone": PHONES,
        "InActiveYesNo": FLAGS,
        "CustomerNo": "Customer",
    },
    "CustomerInvoiceAdresses": {"InvoiceAdress1": STREETS, "InvoiceAdressPostCode": CODES},
    "CustomerDeliveryAddresses": {"DeliveryAddress1": STREETS, "DeliveryPostCode": CODES},
    "Article": {
        "Name": _name("Vare"),
        "Price1": PRICES,
        "PurchasePrice": PRICES,
        "PostingTemplateNo": (1, 2, 3, 4),
        "QuantityPerUnitTextSale": ("stk", "time", ""),
        "InActiveYesNo": FLAGS,
    },
    "Employee": {
        "Name": _name("Per"),
        "InternalEmailAddress": mail,
        "MobileTelephone": PHONES,
        "Titel": TITLES,
        "DepNo": "Department",
        "InActiveYesNo": FLAGS,
    },
    "Project": {
        "Name": _name("Oppdrag"),
        "PMEmployeeNo": "Employee",
        "StopTime": (datetime(2026, 3, 1), datetime(2027, 1, 31)),
        "DepNo": "Department",
        "CustomerNo": "Customer",
        "InActiveYesNo": FLAGS,
    },
}
SEVERA_EDITS: Mapping[str, Mapping[str, Pool]] = {
    "businessunits": {"name": _name("Avdeling"), "isActive": BOTH, "code": _name("K")},
    "customers": {
        "name": _name("Kunde"),
        "email": mail,
        "website": SITES,
        "vatNumber": ("NO987654325MVA", "987654325", ""),
        "eInvoiceOperator": OPERATORS,
        "paymentTerm": (14, 30, 45, 21),
        "isActive": BOTH,
        "number": lambda which, what: 70_000 + which % 50 * 10 + what % 10,
    },
    "addresses": {
        "addressline": STREETS,
        "postalCode": CODES,
        "phone": PHONES,
        "isPostalAddress": BOTH,
        "isVisitAddress": BOTH,
    },
    "contactpersons": {
        "firstName": ("Kari", "Ola", "Nina Marie"),
        "lastName": _name("Berg"),
        "jobTitle": TITLES,
        "isActive": BOTH,
        "customer": "customers",
    },
    "contactcommunications": {"value": lambda which, what: mail(which, what % 6)},
    "users": {
        "lastName": _name("Berg"),
        "email": mail,
        "phone": PHONES,
        "businessUnit": "businessunits",
        "isActive": BOTH,
    },
    "products": {
        "name": _name("Vare"),
        "unitPrice": PRICES,
        "unitCost": PRICES,
        "vatRate": (25.0, 15.0, 0.0),
        "measurementUnit": ("stk", "time"),
        "isActive": BOTH,
        "code": _name("V"),
    },
    "travelexpensetypes": {"name": _name("Reise"), "unitCost": PRICES, "isActive": BOTH},
    "worktypes": {"name": _name("Arbeid"), "hourCost": PRICES, "isActive": BOTH},
    "projects": {
        "name": _name("Oppdrag"),
        "startDate": DAYS,
        "deadline": (*DAYS, None),
        "customer": "customers",
        "businessUnit": "businessunits",
        "projectOwner": "users",
        "isClosed": BOTH,
        "number": lambda which, what: 70_000 + which % 50 * 10 + what % 10,
    },
}
