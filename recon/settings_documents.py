"""The part of a profile that is about documents: orders and ledgers."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

RowType = Literal["Hours", "ProjectFees", "TravelExpenses", "FlatRate"]
OrderText = Literal["ReferenceID", "OrderName", "CustomerPurchaseNo", "EDIBuyerRefNo"]


class Table(BaseModel):
    """A table of the profile; an unknown setting is an error, not a silent wish."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Books(Table):
    """The voucher types of this installation: sales invoices, credit notes, payments."""

    sales: list[int] = Field(default_factory=list)
    credits: list[int] = Field(default_factory=list)
    payments: list[int] = Field(default_factory=list)


class Orders(Table):
    """How invoices become orders and what comes back; statuses by guid or name.

    `take` are the statuses from which invoices transfer; `taken`, `sent` and `paid` are set in
    Severa ('' : that one is not). The day of the payment goes into the invoice, or nowhere, should
    this Severa not take it. `articles` are the articles of rows whose code leads to none, by
    row type; `text_article` carries texts ('' : a line without article). `number_in` is the order
    field that gets Severa's invoice number. A difference of at most `rounding` (in the smallest
    unit of the currency) gets a line of its own with `rounding_article`. `new` and `new_lines` are
    further columns of a new order and its lines, as `type`, `credit_type` and `status` are.
    """

    take: list[str] = Field(default_factory=list)
    taken: str = ""
    sent: str = ""
    paid: str = ""
    hold_differences: bool = False
    payment_date_in: Literal["invoice", "nowhere"] = "invoice"
    articles: dict[RowType, str] = Field(default_factory=dict)
    text_article: str = ""
    number_in: OrderText = "ReferenceID"
    rounding: int = Field(default=0, ge=0)
    rounding_article: str = ""
    type: int = 1
    credit_type: int = 2
    status: int = 0
    new: dict[str, int | str] = Field(default_factory=dict)
    new_lines: dict[str, int | str] = Field(default_factory=dict)
