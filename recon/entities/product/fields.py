"""The shared fields of articles, and which of them each kind has in Severa."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from recon import money, text
from recon.spec import Field

PRODUCT, TRAVEL, WORK = "product", "travel_expense_type", "work_type"
FIELDS_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        PRODUCT: ("name", "active", "sales_price", "cost_price", "unit", "vat_rate"),
        TRAVEL: ("name", "active", "cost_price", "unit", "vat_rate"),
        WORK: ("name", "active", "cost_price"),
    }
)
NO_PRICE = (
    "Global has no empty price, so 0 and none are the same; a price in Severa that is not in the "
    "company's currency is not compared"
)


def price(value: Decimal | None) -> Decimal | None:
    """A price as it is compared: in its one form, never rounded, 0 being none."""
    return money.bare(value) or None


FIELDS = (
    Field("name", "Name", "Article.Name", "name", compare=text.squeeze),
    Field(
        "active",
        "Active",
        "Article.InActiveYesNo",
        "isActive",
        type="boolean",
        loses="Global's period (ValidFrom, ValidTo) is not looked at",
    ),
    Field(
        "sales_price",
        "Sales price",
        "Article.Price1",
        "unitPrice",
        type="decimal",
        compare=price,
        loses=f"{NO_PRICE}; Global's prices 2 to 5 stay in Global; a work type has none, because "
        "Severa gives its prices by price list and version only, in a list each",
    ),
    Field(
        "cost_price",
        "Cost price",
        "Article.PurchasePrice",
        "unitCost, hourCost",
        type="decimal",
        compare=price,
        loses=NO_PRICE,
    ),
    Field(
        "unit",
        "Unit",
        "Article.QuantityPerUnitTextSale, Article.StdUnitCode",
        "measurementUnit",
        compare=text.squeeze,
        loses="Global's StdUnitCode is only read, where the sales unit has no text",
    ),
    Field(
        "vat_rate",
        "VAT rate (%)",
        "Article.PostingTemplateNo",
        "vatRate",
        type="decimal",
        direction="to_severa",
        compare=money.bare,
        loses="In Global the rate hangs on the posting template, which decides the accounts too: "
        "a new article gets the template that the profile names for its rate, and a template is "
        "never changed",
    ),
)
