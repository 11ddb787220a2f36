"""The part of a profile that is about documents: orders, ledgers, project costs, reports."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

RowType = Literal["Hours", "ProjectFees", "TravelExpenses", "FlatRate"]
OrderText = Literal["ReferenceID", "OrderName", "CustomerPurchaseNo", "EDIBuyerRefNo"]


class Table(BaseModel):
    """A table of the profile; an unknown setting is an error, not a silent wish."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Books(Table):
    """How this installation of Visma Global books: its voucher types, accounts and codes.

    `sales`, `credits`, `payments` and `suppliers` are voucher types; `cost_accounts` are ranges of
    accounts with both ends ([4000, 7999]); `final` and `approved` are the values of
    StatusTransaction and AttestStatus of lines that count (empty: all do); `debit` is the sign of
    Amount in a line that is a cost.
    """

    sales: list[int] = Field(default_factory=list)
    credits: list[int] = Field(default_factory=list)
    payments: list[int] = Field(default_factory=list)
    suppliers: list[int] = Field(default_factory=list)
    cost_accounts: list[tuple[int, int]] = Field(default_factory=list)
    final: list[int] = Field(default_factory=list)
    approved: list[int] = Field(default_factory=list)
    debit: Literal[1, -1] = 1


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


class CostRule(Table):
    """Whether a cost is billable, and the percentage added to it as its price; what is left out
    is for the next rule to say."""

    billable: bool | None = None
    percentage: Decimal | None = None


class Costs(Table):
    """How lines of suppliers' invoices become project fees. The rule of a project wins over that
    of a supplier, that over an account's, that over the general one.

    `product` is a product's guid, code or name in Severa, `phase` a phase's name or guid ('': the
    project's first one); `mark` says whether SeveraGUID is written into the ledger line, or the
    link kept in the workbench alone.
    """

    billable: bool = False
    percentage: Decimal = Decimal(0)
    projects: dict[int, CostRule] = Field(default_factory=dict)
    suppliers: dict[int, CostRule] = Field(default_factory=dict)
    accounts: dict[int, CostRule] = Field(default_factory=dict)
    product: str = ""
    phase: str = ""
    mark: bool = True


class Report(Table):
    """Where the reports of all runs lie, beside the profile if not elsewhere."""

    folder: str = "reports"
