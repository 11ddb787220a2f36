"""Articles, products, travel expense types and work types for the tests, made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from recon.entities.product import ENTITY
from recon.shapes import Record
from tests.entities.world import World, profile

TRANSFER: Mapping[str, Any] = {
    "new_articles": {"ArtTypeNo": 2, "PostingTemplateNo": 1, "MainGroupNo": 7},
    "article_kinds": {"3": "travel_expense_type", "4": "work_type"},
    "posting_templates": {"12.0": 3, "0": 9},
}


def world(**transfer: Any) -> World:
    return World(profile=profile(transfer={**TRANSFER, **transfer}))


def money(amount: Any, currency: str = "NOK") -> dict[str, Any]:
    return {"amount": amount, "currencyCode": currency}


def raw(guid: str, name: str, code: str | None = None, **more: Any) -> dict[str, Any]:
    return {"guid": guid, "name": name, "code": code, **more}


def row(number: str, name: str, **more: Any) -> dict[str, Any]:
    """An article as the transport gives it."""
    return {
        "ArticleNo": number,
        "Name": name,
        "ArtTypeNo": 2,
        "PostingTemplateNo": 1,
        "Price1": Decimal("0.0"),
        "PurchasePrice": Decimal("0.0"),
        "QuantityPerUnitTextSale": None,
        "StdUnitCode": None,
        "InActiveYesNo": 0,
        "NonStockItemYesNo": 1,
        "MergeToArticleNo": None,
        "SeveraGUID": None,
        **more,
    }


def articles(here: World, *found: dict[str, Any]) -> list[Record]:
    read = list(ENTITY.global_side.records({"article": list(found)}, here.context))
    here.put(*(r for r in read if "unreadable" not in r.attributes))
    return read
