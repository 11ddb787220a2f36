"""What users of both systems do to articles, products, travel expense types and work types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from recon.sandbox import acts_global, acts_severa
from recon.sandbox.world import Act, World

if TYPE_CHECKING:
    from recon.sandbox.acts_mix import Day

Row = dict[str, Any]
CURRENCY = "NOK"
NEW_ARTICLE: Mapping[str, Any] = {
    "ArtTypeNo": 2,
    "PostingTemplateNo": 1,
    "NonStockItemYesNo": 1,
    "QuantityPerUnitTextSale": "stk",
    "StdUnitCode": "stk",
}


def create_article(world: World, number: str, values: Mapping[str, Any]) -> str:
    """Register an article, a service unless something else is said; its number comes back."""
    row = {"ArticleNo": number, **NEW_ARTICLE, **values}
    return str(acts_global.create(world, "Article", row))


def create_product(world: World, name: str, code: str, price: float) -> str:
    """Register a product in Severa; its guid comes back."""
    body = {"name": name, "code": code, "unitPrice": money(price), "vatRate": 25.0}
    return acts_severa.create(world, "products", {**body, "measurementUnit": "stk"})


def money(amount: float) -> Row:
    """An amount as Severa takes it."""
    return {"amount": amount, "currencyCode": CURRENCY}


# --- moves of a day in Global -----------------------------------------------------------------


def price_in_global(day: Day) -> Act:
    """An article gets other prices."""
    price = day.dice.randrange(10_000, 2_000_000) / 100
    return _article(day, lambda _row: {"Price1": price, "PurchasePrice": round(price * 0.6, 2)})


def rename_article(day: Day) -> Act:
    """An article gets another name."""
    return _article(day, lambda row: {"Name": f"{row['Name']} {day.dice.randint(2, 99)}"})


def vat_in_global(day: Day) -> Act:
    """An article gets another posting template, and so another VAT rate."""
    return _article(day, lambda row: {"PostingTemplateNo": row["PostingTemplateNo"] % 4 + 1})


def deactivate_article(day: Day) -> Act:
    """An article is made inactive."""
    return _article(day, lambda _row: {"InActiveYesNo": 1})


def article_in_global(day: Day) -> Act:
    """A new article."""
    number = f"A{day.dice.randint(10_000, 99_999)}"
    create_article(day.world, number, {"Name": f"Nyhet {number}", "Price1": 99.9})
    return Act("global", "article", number, f"registered article {number}")


def _article(day: Day, change: Callable[[Row], Row]) -> Act:
    row = day.one(day.articles, "ArticleNo")
    values = change(row)
    acts_global.edit(day.world, "Article", row["ArticleNo"], values)
    told = ", ".join(f"{name} = {value}" for name, value in values.items())
    return Act("global", "article", row["ArticleNo"], f"'{row['Name']}': {told}")


# --- moves of a day in Severa -----------------------------------------------------------------


def price_in_severa(day: Day) -> Act:
    """A product gets another sales price."""
    price = day.dice.randrange(10_000, 2_000_000) / 100
    return _product(day, {"unitPrice": money(price)}, f"costs {price} now")


def rename_product(day: Day) -> Act:
    """A product gets another name."""
    name = f"Omdøpt {day.dice.randint(100, 999)}"
    return _product(day, {"name": name}, f"is called '{name}' now")


def deactivate_product(day: Day) -> Act:
    """A product is made inactive."""
    return _product(day, {"isActive": False}, "is inactive")


def product_in_severa(day: Day) -> Act:
    """A new product, coded by hand."""
    code = f"S{day.dice.randint(10_000, 99_999)}"
    guid = create_product(day.world, f"Nytt produkt {code}", code, 149.5)
    return Act("severa", "product", guid, f"registered product {code}")


def _product(day: Day, values: Row, told: str) -> Act:
    row = day.one(day.products, "guid")
    acts_severa.edit(day.world, "products", row["guid"], values)
    return Act("severa", "product", row["guid"], f"'{row['name']}' {told}")
