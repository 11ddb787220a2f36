"""Articles of Global; products, work types and travel expense types of Severa."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from recon.sandbox.company_cases import Pair
from recon.sandbox.company_guids import Document, Guids, Row, audit, stamps

Kind = Literal["products", "worktypes", "travelexpensetypes", ""]
KINDS: tuple[Kind, ...] = ("products", "worktypes", "travelexpensetypes")
STOCK = 1
ART_TYPES = ((STOCK, "Lagervarer"), (2, "Tjenester"), (3, "Utlegg"), (4, "Timer"))
# Posting templates with their tax class, and the rates of the classes since when.
TEMPLATES = (
    (1, "Avgiftspliktig salg, høy sats", 1),
    (2, "Avgiftspliktig salg, middels sats", 2),
    (3, "Avgiftspliktig salg, lav sats", 3),
    (4, "Avgiftsfritt salg", 4),
    (5, "Avgiftspliktig salg, utlegg", 1),
)
TAX_CLASSES = (
    (1, "Høy sats"),
    (2, "Middels sats"),
    (3, "Lav sats"),
    (4, "Fritatt"),
    (5, "Utførsel"),
)
TAX_RATES = (
    (1, datetime(2005, 1, 1), 25.0),
    (2, datetime(2007, 1, 1), 14.0),
    (2, datetime(2012, 1, 1), 15.0),
    (3, datetime(2005, 1, 1), 8.0),
    (3, datetime(2018, 1, 1), 12.0),
    (3, datetime(2099, 1, 1), 13.0),
    (4, datetime(2005, 1, 1), 0.0),
    (5, datetime(2005, 1, 1), 0.0),
)
TEMPLATE_OF = {25.0: 1, 15.0: 2, 12.0: 3, 0.0: 4}
UNITS = ("stk", "dag", "mnd", "km", "døgn", "natt", "time")


@dataclass(frozen=True, slots=True)
class Good:
    """One article and its counterpart; '' for what a system does not have."""

    number: str
    name: str
    type_no: int
    unit: str
    price: float
    cost: float
    kind: Kind
    code: str | None
    severa_name: str
    active: bool = True
    vat: float = 25.0


GOODS = (
    Good("1000", "Kursdag", 2, "dag", 18500.0, 6000.0, "products", "1000", "Kursdag"),
    Good("1010", "Workshop", 2, "stk", 24000.0, 9000.0, "products", "1010", "Workshop"),
    Good("1020", "Lisens, årlig", 2, "stk", 4800.0, 3100.0, "products", "1020", "Årslisens"),
    Good("1030", "Serverleie", 2, "mnd", 1200.0, 800.0, "products", "01030", "Serverleie"),
    Good("1040", "Trykksaker", 2, "stk", 349.9, 210.25, "products", None, "Trykksaker"),
    Good("1050", "Rapport", 2, "stk", 9500.0, 0.0, "", None, ""),
    Good("", "", 0, "uke", 7200.0, 2500.0, "products", "1900", "Måleutstyr, leie"),
    Good("", "", 0, "stk", 1490.0, 0.0, "products", "KURS-B", "Kursbok", vat=0.0),
    Good("2000", "Datamaskin", 1, "stk", 15900.0, 12100.0, "", None, ""),
    Good("2010", "Kabel 5 m", 1, "stk", 199.0, 60.0, "", None, ""),
    Good("2020", "Gammel skjerm", 1, "stk", 900.0, 700.0, "", None, "", active=False),
    Good("3000", "Kilometer", 3, "km", 5.3, 5.3, "travelexpensetypes", "3000", "Kilometer"),
    Good("3010", "Diett", 3, "døgn", 977.0, 977.0, "travelexpensetypes", "3010", "Diett"),
    Good("3020", "Hotell", 3, "natt", 0.0, 0.0, "travelexpensetypes", "3020", "Hotell", vat=12.0),
    Good("3030", "Fly og tog", 3, "stk", 0.0, 0.0, "travelexpensetypes", "3030", "Reise", vat=12.0),
    Good("3040", "Parkering", 3, "stk", 0.0, 0.0, "", None, ""),
    Good("", "", 0, "dag", 0.0, 450.0, "travelexpensetypes", "BIL", "Leiebil"),
    Good("4000", "Rådgivning", 4, "time", 1450.0, 620.0, "worktypes", "4000", "Rådgivning"),
    Good("4010", "Prosjektledelse", 4, "time", 1550.0, 700.0, "worktypes", "4010", "Prosjektleder"),
    Good("4020", "Utvikling", 4, "time", 1350.0, 600.0, "worktypes", "1010", "Utvikling"),
    Good("4030", "Intern tid", 4, "time", 0.0, 600.0, "worktypes", "", "Intern tid"),
)


class Goods:
    """Articles and their counterparts in both systems."""

    def __init__(self, guids: Guids) -> None:
        self.guids = guids

    def rows(self) -> dict[str, list[Row]]:
        """Articles, their types, posting templates, VAT rates and units."""
        rng = self.guids.dice("goods rows")
        return {
            **reference_rows(self.guids.dice("goods reference")),
            "ArtType": art_types(rng),
            "Article": [article(good, rng) for good in GOODS if good.number],
        }

    def documents(self) -> dict[str, list[Document]]:
        """Products, work types and travel expense types."""
        rng = self.guids.dice("goods documents")
        return {
            kind: [
                {"guid": self._guid(good), **document(good, rng)}
                for good in GOODS
                if good.kind == kind
            ]
            for kind in KINDS
        }

    def pairs(self) -> list[Pair]:
        """Articles that both systems have."""
        return [
            Pair("product", good.number, self._guid(good), good.kind)
            for good in GOODS
            if good.number and good.kind
        ]

    def _guid(self, good: Good) -> str:
        return self.guids.new(f"{good.kind}/{good.severa_name}")


def reference_rows(rng: random.Random) -> dict[str, list[Row]]:
    """Posting templates, tax classes and rates, and units."""
    return {
        "PostingTemplateArticle": [
            {"PostingTemplateNo": no, "Name": name, "OutputTaxClassNo": tax, **stamps(rng)}
            for no, name, tax in TEMPLATES
        ],
        "TaxClass": [{"TaxClassNo": no, "Name": name, **stamps(rng)} for no, name in TAX_CLASSES],
        "TaxRate": [
            {"TaxClassNo": no, "ComeIntoForce": start, "OutputVATPer": rate, **stamps(rng)}
            for no, start, rate in TAX_RATES
        ],
        "Units": [
            {"UnitNo": no, "UnitName": name, **stamps(rng)} for no, name in enumerate(UNITS, 1)
        ],
    }


def art_types(rng: random.Random) -> list[Row]:
    """ArtType."""
    return [{"ArtTypeNo": no, "Name": name, **stamps(rng)} for no, name in ART_TYPES]


def article(good: Good, rng: random.Random) -> Row:
    """A good as Global holds it."""
    return {
        "ArticleNo": good.number,
        "Name": good.name,
        "ArtTypeNo": good.type_no,
        "QuantityPerUnitTextSale": good.unit,
        "StdUnitCode": good.unit,
        "Price1": good.price,
        "PurchasePrice": good.cost,
        "PostingTemplateNo": TEMPLATE_OF[good.vat],
        "NonStockItemYesNo": int(good.type_no != STOCK),
        "InActiveYesNo": int(not good.active),
        **stamps(rng),
    }


def document(good: Good, rng: random.Random) -> Document:
    """A good as Severa holds it, without its guid."""
    return {**_MAKERS[good.kind](good), **audit(rng)}


def _money(amount: float) -> Document:
    return {"amount": amount, "currencyCode": "NOK", "multiCurrencyInfo": []}


def _product(good: Good) -> Document:
    return {
        "name": good.severa_name,
        "code": good.code,
        "unitPrice": _money(good.price),
        "unitCost": _money(good.cost),
        "vatRate": good.vat,
        "measurementUnit": good.unit,
        "isActive": good.active,
        "type": "Materials" if good.unit == "stk" else "FixedFees",
    }


def _work_type(good: Good) -> Document:
    return {
        "name": good.severa_name,
        "code": good.code,
        "isActive": good.active,
        "isProductive": good.price > 0,
        "isDefault": good.number == "4000",
        "hourCost": _money(good.cost),
    }


def _travel_expense_type(good: Good) -> Document:
    classes = {"km": "Mileage", "døgn": "DailyAllowance"}
    return {
        "name": good.severa_name,
        "code": good.code,
        "isMileage": good.unit == "km",
        "isDailyAllowance": good.unit == "døgn",
        "expenseClass": classes.get(good.unit, "OtherTravelExpense"),
        "includeTime": good.unit == "døgn",
        "unitCost": _money(good.cost),
        "vatRate": good.vat,
        "purchaseVatRate": 0.0,
        "measurementUnit": good.unit,
        "isActive": good.active,
    }


_MAKERS: Mapping[Kind, Callable[[Good], Document]] = {
    "products": _product,
    "worktypes": _work_type,
    "travelexpensetypes": _travel_expense_type,
}
