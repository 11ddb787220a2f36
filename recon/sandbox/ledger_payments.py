"""What a user of Global does with invoices: book payments, credit, write off, undo a payment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from recon.sandbox.company_books import LOSS
from recon.sandbox.ledger_book import Book, Row, nothing, number, open_book
from recon.sandbox.ledger_orders import Invoicing, kid, post
from recon.sandbox.world import World

# What a credit note takes back, in orders and lines.
TURNED = (
    "TotalAmount TotalGross TotalVAT TotalFee InvoiceFee ExchangeAmount Amount Quantity Invoiced "
    "VATAmount BasisOfVATAmount BasisOfVATExchAmount OriginalQuantity RoundingAmount"
).split()


def pay(
    world: World, invoice_no: int, amount: Decimal | None = None, day: date | None = None
) -> int:
    """Book a payment of an invoice, of all that is open or of an amount in the company's currency;
    the entry's number comes back. What is paid too much stays open on the payment."""
    with open_book(world) as book:
        row = entry_of(book, invoice_no)
        return settle(book, row, amount, (book.voucher_type("payments"), day or book.today))


def write_off(world: World, invoice_no: int) -> int:
    """Book what is open of an invoice as a loss; the entry's number comes back."""
    with open_book(world) as book:
        return settle(book, entry_of(book, invoice_no), None, (LOSS, book.today))


def reopen(world: World, invoice_no: int) -> None:
    """Undo how an invoice was settled: its entry and those that settled it are open again."""
    with open_book(world) as book:
        row = entry_of(book, invoice_no)
        tie = row["ContraEntryNo"]
        if not tie:
            raise nothing(f"There is no payment of invoice {invoice_no}")
        for each in book.rows("DebLTransaction", ContraEntryNo=tie):
            values = {"ContraEntryNo": 0, "ContraEntryChainNo": 0, "RestAmount": each["Amount"]}
            book.change("DebLTransaction", each["UniqueNo"], values)


def credit(world: World, invoice_no: int) -> int:
    """Credit an invoice with a note of its own, settled against what is open; the note's number
    comes back."""
    with open_book(world) as book:
        return credit_entry(book, entry_of(book, invoice_no))


def credit_entry(book: Book, row: Row) -> int:
    """The same for the entry of an invoice that was found."""
    copies = book.rows("CustomerOrderCopy", InvoiceNo=row["VoucherNo"])
    made = Invoicing(book.invoice_no(), book.today)
    notes = [_note(book, copy, made) for copy in copies]
    own = -number(row, "ExchangeAmount")
    notes[0]["gross"] = own
    for other in notes[1:]:
        other["gross"] = Decimal(0)
    note = post(book, made, notes)
    _tie(book, row, note)
    return made.number


def entry_of(book: Book, invoice_no: int) -> Row:
    """The entry of an invoice in the customers' ledger; `Usage` where there is none."""
    kinds = {*book.world.profile.global_.books.sales, *book.world.profile.global_.books.credits}
    found = book.rows("DebLTransaction", VoucherNo=invoice_no)
    row = next((each for each in found if each["VoucherTypeNo"] in kinds), None)
    if row is None:
        raise nothing(f"There is no invoice {invoice_no}")
    return row


def settle(book: Book, row: Row, amount: Decimal | None, voucher: tuple[int, date]) -> int:
    """Book an entry of this voucher type and day against an invoice's; `row` changes, too."""
    kind, day = voucher
    rest = number(row, "RestAmount")
    paid = rest if amount is None else book.own_currency().rounded(amount)
    over = max(paid - rest, Decimal(0)) if rest >= 0 else min(paid - rest, Decimal(0))
    tie = row["ContraEntryNo"] or book.next("DebLTransaction", "ContraEntryNo")
    at = book.next("DebLTransaction")
    shared = book.entry({"VoucherID": book.next("Voucher"), "VoucherNo": at}, day)
    book.add("DebLTransaction", row | shared | {
        "UniqueNo": at,
        "VoucherTypeNo": kind,
        "Amount": -paid,
        "ExchangeAmount": -_exchanged(book, row, paid),
        "RestAmount": -over,
        "ContraEntryNo": tie,
        "ContraEntryChainNo": tie,
        "Description": f"Innbetaling {row['VoucherNo']}",
    })  # fmt: skip
    book.add("Voucher", {"CustomerNo": row["CustomerNo"], "TotalAmount": -paid, **shared})
    _close(book, row, rest - (paid - over), tie)
    return at


def _close(book: Book, row: Row, rest: Decimal, tie: int) -> None:
    values = {"RestAmount": rest, "ContraEntryNo": tie, "ContraEntryChainNo": tie}
    book.change("DebLTransaction", row["UniqueNo"], values)
    row.update(values)


def _tie(book: Book, row: Row, note: Row) -> None:
    """Settle an invoice and its credit note against each other, as far as both are open."""
    tie = row["ContraEntryNo"] or book.next("DebLTransaction", "ContraEntryNo")
    rest, back = number(row, "RestAmount"), number(note, "RestAmount")
    both = min(rest, -back) if rest >= 0 else max(rest, -back)
    _close(book, row, rest - both, tie)
    _close(book, note, back + both, tie)


def _exchanged(book: Book, row: Row, amount: Decimal) -> Decimal:
    """An amount in the currency of an entry, by the entry's own rate."""
    whole = number(row, "Amount")
    share = amount / whole if whole else Decimal(0)
    currency = book.currency(int(row["CurrencyNo"]))
    return currency.rounded(number(row, "ExchangeAmount") * share)


def _note(book: Book, copy: Row, made: Invoicing) -> Row:
    """A copy of an invoiced order with everything turned, which no longer names Severa's."""
    order_no = f"{copy['OrderCopyNo']}-K{made.number}"
    head = {
        "OrderCopyNo": order_no,
        "UniqueID": book.next("CustomerOrderCopy", "UniqueID"),
        "InvoiceNo": made.number,
        "OrderType": book.world.profile.transfer.orders.credit_type,
        "OriginalOrderNo": copy["OrderCopyNo"],
        "Kid": kid(made.number),
        "SeveraGUID": "",
    }
    note = _turned(copy) | head | {"InvoiceDate": book.due(0, made.day)}
    book.add("CustomerOrderCopy", note)
    lines = book.rows("CustomerOrderLineCopy", InvoiceNo=copy["InvoiceNo"])
    for line in (each for each in lines if each["OrderCopyNo"] == copy["OrderCopyNo"]):
        own = {"UniqueID": book.next("CustomerOrderLineCopy"), "InvoiceNo": made.number}
        book.add(
            "CustomerOrderLineCopy",
            _turned(line) | own | {"OrderCopyNo": order_no, "SeveraGUID": ""},
        )
    return note


def _turned(row: Mapping[str, Any]) -> Row:
    return dict(row) | {name: -number(row, name) for name in TURNED if name in row}
