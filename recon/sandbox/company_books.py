"""How the seeded company sells and books: voucher types, accounts, suppliers, rates, settings."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from recon.sandbox.company_guids import Row, stamps
from recon.sandbox.company_reference import (
    COUNTRIES,
    COUNTRY_NO,
    CURRENCIES,
    CURRENCY_NO,
    Reference,
)

SALE, CREDIT, PAYMENT, PURCHASE, LOSS = 1, 2, 3, 4, 5
VOUCHER_TYPES = (
    (SALE, "Utgående faktura"),
    (CREDIT, "Kreditnota"),
    (PAYMENT, "Innbetaling"),
    (PURCHASE, "Inngående faktura"),
    (LOSS, "Tap på krav"),
)
FINAL, ATTESTED = 1, 2
RECEIVABLE, PAYABLE, INPUT_VAT, INTERIM = 1500, 2400, 2710, 2990
ACCOUNTS = (
    (RECEIVABLE, "Kundefordringer"),
    (PAYABLE, "Leverandørgjeld"),
    (INPUT_VAT, "Inngående merverdiavgift"),
    (INTERIM, "Interimskonto"),
    (3000, "Salgsinntekt"),
    (4300, "Innkjøp for videresalg"),
    (4500, "Underleverandører"),
    (6540, "Inventar"),
    (6800, "Kontorrekvisita"),
    (7140, "Reisekostnad"),
    (8150, "Rentekostnad"),
)
SUPPLIERS = (
    (50_001, "Nordvik Underkonsulent AS", "NO"),
    (50_002, "Fjellrein Hotelldrift AS", "NO"),
    (50_003, "Trønder Trykk AS", "NO"),
    (50_004, "Mälardal Programvara AB", "SE"),
    (50_005, "Havnegata Kontorrekvisita AS", "NO"),
)
OPEN, CREDIT_ORDER, ORDER = 10_050, 2, 1


def unit_of(currency: str) -> int:
    """For how many units Global's rates of a currency stand."""
    return next(row[4] for row in CURRENCIES if row[1] == currency)


def rate_of(currency: str) -> float:
    """What one unit of a currency costs in the company's own."""
    return next(row[5] for row in CURRENCIES if row[1] == currency)


def rows(rng: random.Random) -> dict[str, list[Row]]:
    """VoucherType, GLAccount, Supplier and CurrencyRate."""
    named = ("VoucherTypeNo", VOUCHER_TYPES), ("GLAccountNo", ACCOUNTS)
    types, accounts = ([{key: no, "Name": name, **stamps(rng)} for no, name in rows]
                       for key, rows in named)  # fmt: skip
    return {
        "VoucherType": types,
        "GLAccount": accounts,
        "Supplier": [_supplier(*each, rng) for each in SUPPLIERS],
        "CurrencyRate": [
            rate_row(code, datetime(2019, 1, 1), rate_of(code)) for _, code, *_ in CURRENCIES
        ],
    }


def rate_row(currency: str, day: datetime, rate: float) -> Row:
    """What a currency costs from a day on, as Global holds it; `rate` is for one unit."""
    value = round(rate * unit_of(currency), 6)
    rates = dict.fromkeys(("SalesRate", "PurchaseRate", "AverageRate"), value)
    return {"CurrencyNo": CURRENCY_NO[currency], "RateDate": day, **rates, "Created": day}


def _supplier(number: int, name: str, land: str, rng: random.Random) -> Row:
    currency = next(row[5] for row in COUNTRIES if row[1] == land)
    return {
        "SupplierNo": number,
        "Name": name,
        "CountryNo": COUNTRY_NO[land],
        "CurrencyNo": CURRENCY_NO[currency],
        **stamps(rng),
    }


def books() -> dict[str, Any]:
    """The profile's [global.books]."""
    return {
        "sales": [SALE],
        "credits": [CREDIT],
        "payments": [PAYMENT],
        "suppliers": [PURCHASE],
        "cost_accounts": [[4000, 7999]],
        "final": [FINAL],
        "approved": [ATTESTED],
    }


def costs() -> dict[str, Any]:
    """The profile's [transfer.costs]: what an account or a supplier says of a cost."""
    return {
        "billable": True,
        "percentage": 10,
        "accounts": {"6800": {"billable": False}, "7140": {"percentage": 0}},
    }


def orders(reference: Reference, articles: Mapping[str, str]) -> dict[str, Any]:
    """The profile's [transfer.orders], with the articles of rows without a code of their own."""
    return {
        "take": [reference.guids.new("invoicestatus/Klar til fakturering")],
        "taken": "Overført til regnskap",
        "sent": "Sendt",
        "paid": "Betalt",
        "type": ORDER,
        "credit_type": CREDIT_ORDER,
        "status": OPEN,
        "articles": dict(articles),
    }
