"""Lookups of codes in both systems, built from raw lists."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mssql

from recon import reference
from recon.reference import LISTS, Reference, statements

SEVERA: dict[str, list[dict[str, Any]]] = {
    "/v1/localization/countries": [
        {"guid": "C-NO", "code2": "no"},
        {"guid": "c-se", "code2": "SE"},
        {"guid": None, "code2": "DK"},
        {"guid": "c-x", "code2": None},
    ],
    "/v1/currencies": [
        {"guid": "old", "code": "NOK", "isActive": False},
        {"guid": "nok", "code": "NOK", "isActive": True},
    ],
    "/v1/communicationtypes": [
        {"guid": "m2", "name": "Mail B", "type": "EmailAddress", "isActive": True},
        {"guid": "m0", "name": "Mail A", "type": "EmailAddress", "isActive": False},
        {"guid": "m1", "name": "mail a", "type": "EmailAddress", "isActive": True},
        {"guid": "p", "name": "Phone", "type": "Phone", "isActive": True},
        {"guid": "c", "name": "Mobile", "type": "MobilePhone", "isActive": True},
        {"guid": "f", "name": "Fax", "type": "Fax", "isActive": True},
        {"guid": "odd", "name": None, "type": ["x"]},
    ],
    "/v1/salesstatustypes": [
        {"guid": "w", "name": "Order", "salesState": "Won"},
        {"guid": "l", "name": "No", "salesState": "Lost"},
    ],
    "/v1/permissionprofiles": [
        {"guid": "P1", "name": "Medarbeider", "isActive": True},
        {"guid": "p0", "name": "Gammel", "isActive": False},
    ],
    "/v1/vatrates": [
        {"guid": "v-old", "percentage": 25, "isActive": False},
        {"guid": "V-25", "percentage": 25.0, "isActive": True},
        {"guid": "v-12", "percentage": Decimal("11.50")},
        {"guid": "v-0", "percentage": 0},
        {"guid": "v-x", "percentage": None},
    ],
    "/v1/businessunits": [
        {"guid": "top", "parentGuid": None, "companyGuid": "co"},
        {"guid": "sub", "parentGuid": "top", "companyGuid": "co"},
    ],
}
GLOBAL: dict[str, list[dict[str, Any]]] = {
    "Country": [
        {"CountryNo": 47, "Alfa2Code": "NO"},
        {"CountryNo": 578, "Alfa2Code": "NO"},
        {"CountryNo": 752, "Alfa2Code": None},
        {"CountryNo": 9999, "Alfa2Code": None},
        {"CountryNo": 0, "Alfa2Code": "XX"},
        {"CountryNo": "odd", "Alfa2Code": "DK"},
    ],
    "CurrencyTable": [
        {"CurrencyNo": 578, "CurrencyCode": "nok"},
        {"CurrencyNo": 1, "CurrencyCode": None},
        {"CurrencyNo": None, "CurrencyCode": "EUR"},
    ],
    "TermsOfPayCustomer": [
        {"TermsOfPayCustNo": 1, "NumberOfDays": 30, "FreeDeliveryMonthYesNo": 1},
        {"TermsOfPayCustNo": 3, "NumberOfDays": 30, "FreeDeliveryMonthYesNo": 0},
        {"TermsOfPayCustNo": 2, "NumberOfDays": 30, "FreeDeliveryMonthYesNo": 0},
        {"TermsOfPayCustNo": 4, "NumberOfDays": None},
        {"TermsOfPayCustNo": 5, "NumberOfDays": "x"},
    ],
    "PostingTemplateArticle": [
        {"PostingTemplateNo": 1, "OutputTaxClassNo": 10},
        {"PostingTemplateNo": 2, "OutputTaxClassNo": 10},
        {"PostingTemplateNo": 3, "OutputTaxClassNo": 20},
        {"PostingTemplateNo": 4, "OutputTaxClassNo": 30},
        {"PostingTemplateNo": 5, "OutputTaxClassNo": 99},
        {"PostingTemplateNo": 6, "OutputTaxClassNo": 0},
    ],
    "TaxRate": [
        {"TaxClassNo": 10, "ComeIntoForce": None, "OutputVATPer": Decimal("23.0")},
        {"TaxClassNo": 10, "ComeIntoForce": datetime(2005, 1, 1), "OutputVATPer": Decimal("25.0")},
        {"TaxClassNo": 20, "ComeIntoForce": datetime(2026, 7, 1), "OutputVATPer": Decimal("12.0")},
        {"TaxClassNo": 20, "ComeIntoForce": datetime(2018, 1, 1), "OutputVATPer": Decimal("11.5")},
        {"TaxClassNo": 30, "ComeIntoForce": datetime(2018, 1, 1), "OutputVATPer": Decimal("0.0")},
        {"TaxClassNo": 30, "ComeIntoForce": datetime(2019, 1, 1), "OutputVATPer": None},
    ],
    "Units": [
        {"UnitNo": 1, "UnitName": "Stk"},
        {"UnitNo": 2, "UnitName": " "},
        {"UnitNo": 0, "UnitName": "none"},
    ],
}
DAY = date(2026, 8, 1)
BOOK = Reference.build(SEVERA, GLOBAL, DAY)


@pytest.mark.parametrize(
    ("kind", "value", "key"),
    [
        ("country", "NO", 578),
        ("country", "SE", 752),
        ("country", "DK", None),
        ("currency", "NOK", 578),
        ("payment_term", 30, 2),
        ("payment_term", 0, 4),
        ("payment_term", 14, None),
        ("country", None, None),
        ("vat_rate", "25", 1),
        ("vat_rate", "12", 3),
        ("vat_rate", "11.5", None),
        ("vat_rate", "0", 4),
        ("unit", "stk", 1),
        ("unit", "none", None),
        ("no such kind", "NO", None),
    ],
)
def test_global_keys(kind: str, value: Any, key: Any) -> None:
    assert BOOK.to_global(kind, value) == key
    if key is not None:
        assert BOOK.from_global(kind, key) == value


@pytest.mark.parametrize(
    ("kind", "value", "guid"),
    [
        ("country", "NO", "c-no"),
        ("currency", "NOK", "nok"),
        ("communication_type", "email", "m1"),
        ("communication_type", "phone", "p"),
        ("communication_type", "mobile", "c"),
        ("communication_type", "fax", None),
        ("sales_status", "Won", "w"),
        ("permission_profile", "Medarbeider", "p1"),
        ("permission_profile", "medarbeider", None),
        ("permission_profile", "Gammel", None),
        ("business_unit_parent", "co", "top"),
        ("business_unit_parent", None, "top"),
        ("currency", "SEK", None),
        ("vat_rate", "25", "v-25"),
        ("vat_rate", "11.5", "v-12"),
        ("vat_rate", "12", None),
    ],
)
def test_severa_keys(kind: str, value: Any, guid: Any) -> None:
    assert BOOK.to_severa(kind, value) == guid


def test_every_entry_can_be_read_back_from_severa() -> None:
    assert BOOK.from_severa("communication_type", "m0") == "email"
    assert BOOK.from_severa("currency", "OLD") == "NOK"
    assert BOOK.from_severa("communication_type", "f") is None
    assert BOOK.from_severa("sales_status", None) is None
    assert BOOK.from_severa("permission_profile", "P1") == "Medarbeider"


def test_a_term_without_days_is_due_at_once_and_severa_has_days_itself() -> None:
    assert BOOK.from_global("payment_term", 4) == 0
    assert BOOK.to_severa("payment_term", 30) == "30"
    assert BOOK.from_severa("payment_term", "30") == 30


@pytest.mark.parametrize(
    ("day", "rate"),
    [(date(2026, 6, 30), "11.5"), (date(2026, 7, 1), "12"), (date(2017, 12, 31), None)],
)
def test_the_vat_rate_is_the_newest_in_force_on_the_day(day: date, rate: str | None) -> None:
    book = Reference.build(SEVERA, GLOBAL, day)
    assert book.from_global("vat_rate", 3) == rate
    assert book.from_global("vat_rate", 1) == book.from_global("vat_rate", 2) == "25"
    assert book.from_global("vat_rate", 5) is book.from_global("vat_rate", 6) is None


def test_it_survives_json() -> None:
    assert Reference.load(json.loads(json.dumps(BOOK.dump()))) == BOOK


def test_nothing_read_knows_nothing() -> None:
    assert Reference.build({}, {}, DAY).to_global("country", "NO") is None


def test_iso_numbers_are_whole() -> None:
    assert len(reference.ISO_NUMBERS) == len(reference.ISO_CODES) == 249
    known = {"NO": 578, "SE": 752, "DK": 208, "FI": 246, "DE": 276, "GB": 826, "US": 840}
    assert known.items() <= reference.ISO_NUMBERS.items()


@pytest.mark.parametrize("name", list(statements()))
def test_statements_mean_something_to_sql_server(name: str) -> None:
    statement = statements()[name]
    assert isinstance(statement, sa.Select)
    dialect = mssql.dialect()  # type: ignore[no-untyped-call]
    assert name in str(statement.compile(dialect=dialect))


def test_lists_are_read_with_their_largest_page() -> None:
    unpaged = {one.path for one in LISTS if one.paging == "none"}
    assert unpaged == {"/v1/localization/countries", "/v1/vatrates"}
    assert all(one.page == 100 and not one.changes for one in LISTS)
