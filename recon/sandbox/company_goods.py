"""Articles of Global; products, work types and travel expense types of Severa."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from recon.sandbox.company_cases import Pair
from recon.sandbox.company_guids import Document, Guids, Row, audit, stamps

Kind = Literal["products", "worktypes", "travelexpensetypes", ""]
ART_TYPES = ((1, "Lagervarer"), (2, "Tjenester"), (3, "Utlegg"), (4, "Timer"))


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


GOODS = (
    Good("1000", "Kursdag", 2, "dag", 18500.0, 6000.0, "products", "1000", "Kursdag"),
    Good("1010", "Workshop", 2, "stk", 24000.0, 9000.0, "products", "1010", "Workshop"),
    Good("1020", "Lisens, årlig", 2, "stk", 4800.0, 3100.0, "products", "1020", "Årslisens"),
    Good("1030", "Serverleie", 2, "mnd", 1200.0, 800.0, "products", "01030", "Serverleie"),
    Good("1040", "Trykksaker", 2, "stk", 350.0, 210.0, "products", None, "Trykksaker"),
    Good("1050", "Rapport", 2, "stk", 9500.0, 0.0, "", None, ""),
    Good("", "", 0, "stk", 7200.0, 2500.0, "products", "1900", "Måleutstyr, leie"),
    Good("2000", "Datamaskin", 1, "stk", 15900.0, 12100.0, "", None, ""),
    Good("2010", "Kabel 5 m", 1, "stk", 199.0, 60.0, "", None, ""),
    Good("2020", "Gammel skjerm", 1, "stk", 900.0, 700.0, "", None, "", active=False),
    Good("3000", "Kilometer", 3, "km", 5.3, 5.3, "travelexpensetypes", "3000", "Kilometer"),
    Good("3010", "Diett", 3, "døgn", 977.0, 977.0, "travelexpensetypes", "3010", "Diett"),
    Good("3020", "Hotell", 3, "natt", 0.0, 0.0, "travelexpensetypes", "3020", "Hotell"),
    Good("3030", "Fly og tog", 3, "stk", 0.0, 0.0, "travelexpensetypes", "3030", "Reise"),
    Good("3040", "Parkering", 3, "stk", 0.0, 0.0, "", None, ""),
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
        """ArtType and Article."""
        rng = self.guids.dice("goods rows")
        return {
            "ArtType": [{"ArtTypeNo": no, "Name": name, **stamps(rng)} for no, name in ART_TYPES],
            "Article": [_article(good, rng) for good in GOODS if good.number],
        }

    def documents(self) -> dict[str, list[Document]]:
        """Products, work types and travel expense types."""
        rng = self.guids.dice("goods documents")
        makers = {
            "products": _product,
            "worktypes": _work_type,
            "travelexpensetypes": _travel_expense_type,
        }
        return {
            kind: [
                {"guid": self._guid(good), **make(good), **audit(rng)}
                for good in GOODS
                if good.kind == kind
            ]
            for kind, make in makers.items()
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


def _article(good: Good, rng: random.Random) -> Row:
    return {
        "ArticleNo": good.number,
        "Name": good.name,
        "ArtTypeNo": good.type_no,
        "QuantityPerUnitTextSale": good.unit,
        "StdUnitCode": good.unit,
        "Price1": good.price,
        "PurchasePrice": good.cost,
        "PostingTemplateNo": 1,
        "InActiveYesNo": int(not good.active),
        **stamps(rng),
    }


def _money(amount: float) -> Document:
    return {"amount": amount, "currencyCode": "NOK", "multiCurrencyInfo": []}


def _product(good: Good) -> Document:
    return {
        "name": good.severa_name,
        "code": good.code,
        "unitPrice": _money(good.price),
        "unitCost": _money(good.cost),
        "vatRate": 25.0,
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
        "vatRate": 25.0,
        "purchaseVatRate": 0.0,
        "measurementUnit": good.unit,
        "isActive": good.active,
    }
