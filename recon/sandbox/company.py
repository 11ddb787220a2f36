"""A seeded company: the same customers, departments and goods in two systems, with the usual dirt.

`make` is deterministic: size and seed decide all of it, in every process.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from recon.sandbox import company_books, company_profile, company_reference
from recon.sandbox.company_cases import OWN_NAME, Cast, GlobalCustomer, Pair, play
from recon.sandbox.company_global import GlobalCustomers
from recon.sandbox.company_goods import Goods
from recon.sandbox.company_guids import LAST, Document, Guids, Row
from recon.sandbox.company_projects import Projects
from recon.sandbox.company_reference import COUNTRY_NO, CURRENCY_NO, Reference
from recon.sandbox.company_severa import SeveraCustomers
from recon.sandbox.company_staff import Staff
from recon.sandbox.nordic import Register, pools

DEMO = 330
USERS = ((1, "RECON"), (2, "ØKONOMI"), (3, "SALG"))
ADDONS = ["PublicRestApi", "Invoicing", "ProjectManagement"]


@dataclass(frozen=True, slots=True)
class Company:
    """Both systems' data, a profile that fits them, and the truth of what belongs together.

    `global_rows` by table; `severa` by the last part of the collection's path, except
    `organizationdetails` and `guidconversions`, which are no lists of the API.
    """

    size: int
    seed: int
    global_rows: dict[str, list[Row]]
    severa: dict[str, list[Document]]
    profile: dict[str, Any]
    truth: tuple[Pair, ...]


def make(size: int, seed: int) -> Company:
    """A company with `size` customers on each side, about a third of them in both."""
    guids = Guids(seed)
    register = Register(pools(seed), guids.dice(f"register/{size}"))
    reference = Reference(guids)
    staff, goods = Staff(reference, register), Goods(guids)
    base = number_base(size)
    projects = Projects(reference, staff, base * 5)
    cast = Cast(register, guids.dice(f"cases/{size}"), guids, base)
    play(cast, size)
    severa = _severa(cast, reference, staff, goods) | projects.collections(cast.severa_side)
    own = projects.rows(cast.pairs)
    rows = _rows(cast, staff, goods) | {"Project": own.rows}
    truth = (*staff.pairs(), *goods.pairs(), *cast.pairs, *own.pairs)
    return Company(
        size, seed, rows, severa, company_profile.settings(reference, staff, base), truth
    )


def number_base(size: int) -> int:
    """Where Global's customer numbers begin; Severa's begin at five times this number."""
    return max(10_000, int(10 ** math.ceil(math.log10(max(size, 2) / 2))))


def _severa(
    cast: Cast, reference: Reference, staff: Staff, goods: Goods
) -> dict[str, list[Document]]:
    return {
        **reference.documents(),
        **staff.documents(),
        **goods.documents(),
        **SeveraCustomers(reference, staff).collections(cast.severa_side),
        **beside(reference, staff, cast),
    }


def beside(reference: Reference, staff: Staff, cast: Cast) -> dict[str, list[Document]]:
    """What Severa knows that is no list of its API."""
    return {
        "organizationdetails": [_organisation(reference, staff)],
        "guidconversions": [
            {"guid": old, "converted": converted} for old, converted in cast.conversions
        ],
    }


def _organisation(reference: Reference, staff: Staff) -> Document:
    currency, country = reference.currencies["NOK"], reference.countries["NO"]
    company = {
        "name": OWN_NAME,
        "guid": reference.guids.new("company"),
        "rootBusinessUnitGuid": staff.root,
        "country": {
            "name": country["name"],
            "guid": country["guid"],
            "code3": "NOR",
            "englishName": country["englishName"],
        },
        "currencyGuid": currency["guid"],
        "currencyRate": 1.0,
        "currencyCode": "NOK",
        "currencySymbol": "kr",
    }
    return {
        "guid": reference.guids.new("organization"),
        "name": OWN_NAME,
        "vatNumber": "NO310000003MVA",
        "isVatRegistered": True,
        "address": "Havnegata 1",
        "postalCode": "7010",
        "city": "TRONDHEIM",
        "currency": currency,
        "activeCompanies": [company],
        "activeAddons": ADDONS,
    }


def _rows(cast: Cast, staff: Staff, goods: Goods) -> dict[str, list[Row]]:
    return {
        **fixed_rows(cast),
        **staff.rows(),
        **goods.rows(),
        **GlobalCustomers(cast.guids).tables(cast.global_side),
    }


def fixed_rows(cast: Cast) -> dict[str, list[Row]]:
    """The tables that every company has: reference lists, parameters, the installation."""
    return {
        **company_reference.rows(cast.guids),
        **company_books.rows(cast.guids.dice("books")),
        **_parameters(cast.global_side, cast.base),
        **_installation(),
    }


def _parameters(customers: list[GlobalCustomer], base: int) -> dict[str, list[Row]]:
    """The number series; the customer series stands at the highest number given."""
    last = max((customer.number for customer in customers), default=base)
    return {
        "CommonParameter": [
            {"UniqueNo": 1, "LastUsedCustomerNo": last, "LastUsedSupplierNo": 50_000}
        ],
        "InvoicePurchasingParameter": [
            {"UniqueNo": 1, "LastSalesOrderNo": 20_000, "LastInvoiceNo": 300_000}
        ],
        "LastNumbers": [{"UniqueNo": 1, "LastInvoiceNo": 300_000}],
    }


def _installation() -> dict[str, list[Row]]:
    return {
        "LogonUser": [{"UserNo": number, "Name": name} for number, name in USERS],
        "CompanyInformation": [
            {
                "UniqueNo": 1,
                "Name": OWN_NAME,
                "CompanyNo": "310000003",
                "CountryNo": COUNTRY_NO["NO"],
                "LocalCurrency": CURRENCY_NO["NOK"],
            }
        ],
        "SystemUpdateHistory": [{"ID": 1, "UpdateInfo": "Visma Global 16.10", "UpdateDate": LAST}],
        "SubSystemInfo": [{"SubSystemID": 1, "Build": "16.10.0.5012", "SystemDate": LAST}],
    }
