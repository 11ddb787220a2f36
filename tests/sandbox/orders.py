"""Orders in a sandbox's Global as they would come from Severa, for the tests of what users do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from recon.sandbox import acts_global
from recon.sandbox.ledger_book import Book, open_book
from recon.sandbox.world import World

EUR, NOK = 978, 578
GUID = "aaaaaaaa-0000-4000-8000-{:012d}"


@dataclass(frozen=True)
class Line:
    """Quantity, price in the order's currency, VAT in per cent."""

    quantity: str
    price: str
    vat: str = "25"

    @property
    def net(self) -> Decimal:
        return cents(Decimal(self.quantity) * Decimal(self.price))


USUAL = (Line("10", "1000"), Line("3", "33.335"), Line("0", "0"))


def cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def order(
    world: World,
    number: int,
    lines: Sequence[Line] = USUAL,
    currency: int = NOK,
    rate: str = "1",
) -> str:
    """An open order of the first customer; its number comes back."""
    with open_book(world) as book:
        return _order(book, str(number), lines, (currency, rate))


def _order(book: Book, number: str, lines: Sequence[Line], sold_in: tuple[int, str]) -> str:
    currency, rate = sold_in
    customer = book.rows("Customer")[0]["CustomerNo"]
    head = {"CurrencyNo": currency, "ExchangeRate": float(rate), "OrderStatus": 10_050}
    own = [cents(line.net * Decimal(rate)) for line in lines]
    tax = cents(sum((n * Decimal(x.vat) for n, x in zip(own, lines, strict=True)), Decimal()) / 100)
    net = sum(own, Decimal())
    book.add("CustomerOrder", {
        **head,
        "OrderNo": number,
        "CustomerNo": customer,
        "OrderType": 1,
        "TermsOfPayCustNo": 3,
        "OrderDate": datetime(2025, 11, 3),
        "TotalAmount": float(net),
        "TotalVAT": float(tax),
        "TotalGross": float(net + tax),
        "ExchangeAmount": float(sum((line.net for line in lines), Decimal())),
        "SeveraGUID": GUID.format(int(number)),
    })  # fmt: skip
    for at, (line, amount) in enumerate(zip(lines, own, strict=True), 1):
        book.add("CustomerOrderLine", {
            "UniqueID": book.next("CustomerOrderLine"),
            **head,
            "OrderNo": number,
            "SeqNo": at,
            "ArticleNo": "4000" if Decimal(line.quantity) else "",
            "Quantity": float(line.quantity),
            "ExchangeSalesPrice": float(line.price),
            "Amount": float(amount),
            "ExchangeAmount": float(line.net),
            "VATPer": float(line.vat),
            "SeveraGUID": GUID.format(int(number) * 100 + at),
        })  # fmt: skip
    return number


def head_of(world: World, order_no: str) -> dict[str, Any]:
    (found,) = acts_global.rows(world, "CustomerOrder", OrderNo=order_no)
    return found


def lines_of(world: World, order_no: str) -> list[dict[str, Any]]:
    return acts_global.rows(world, "CustomerOrderLine", OrderNo=order_no)


def copies_of(world: World, invoice_no: int) -> list[dict[str, Any]]:
    return acts_global.rows(world, "CustomerOrderCopy", InvoiceNo=invoice_no)


def ledger_of(world: World, invoice_no: int) -> dict[str, Any]:
    found = acts_global.rows(world, "DebLTransaction", CustomerInvoiceNo=str(invoice_no))
    return next(row for row in found if row["VoucherNo"] == invoice_no)


def entry(world: World, unique_no: int) -> dict[str, Any]:
    (found,) = acts_global.rows(world, "DebLTransaction", UniqueNo=unique_no)
    return found
