"""What a user of Global does with suppliers' invoices: book, correct, reverse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from recon.sandbox.company_books import ATTESTED, INPUT_VAT, PAYABLE, PURCHASE
from recon.sandbox.ledger_book import Book, Row, nothing, number, open_book
from recon.sandbox.world import World

USUAL_VAT = Decimal(25)
TERMS = 5  # 30 days
ENTRIES = ("GLAccountTransaction", "CredLTransaction")


class Cost(NamedTuple):
    """One line: its account, its amount without VAT in the company's currency, where it belongs."""

    account: int
    net: Decimal
    project: int
    department: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Bought:
    """A supplier's invoice: its lines, its VAT in per cent, its day (today) and its number.

    `attested` is what AttestStatus says of it.
    """

    supplier: int
    lines: Sequence[Cost | tuple[int, Decimal, int, int, str]]
    vat: Decimal = USUAL_VAT
    day: date | None = None
    number: str = ""
    attested: int = ATTESTED


def supplier_invoice(world: World, bought: Bought) -> int:
    """Book a supplier's invoice: its lines, VAT and payables under one voucher, whose id comes
    back."""
    with open_book(world) as book:
        if book.look_up("Supplier", bought.supplier) is None:
            raise nothing(f"There is no supplier {bought.supplier}")
        return book_invoice(book, bought)


def book_invoice(book: Book, bought: Bought) -> int:
    """The same in a book that is open."""
    own, day = book.own_currency(), bought.day or book.today
    voucher = book.next("Voucher")
    shared = book.entry(_voucher(book, bought, voucher), day)
    lines = [Cost(*line) for line in bought.lines]
    net = sum((own.rounded(line.net) for line in lines), Decimal(0))
    tax = own.rounded(net * bought.vat / 100)
    for line in lines:
        _line(book, shared, line, own.rounded(line.net))
    if tax:
        _line(book, shared, Cost(INPUT_VAT, tax, 0, 0, "Inngående mva"), tax)
    _line(book, shared, Cost(PAYABLE, net, 0, 0, "Leverandørgjeld"), -(net + tax))
    owed = {
        "UniqueNo": book.next("CredLTransaction"),
        "GLAccPay": PAYABLE,
        "DueDate": book.due(TERMS, day),
    }
    amounts = dict.fromkeys(("Amount", "RestAmount", "ExchangeAmount"), -(net + tax))
    book.add("CredLTransaction", shared | owed | amounts)
    totals = {"TotalAmount": net + tax, "VatAmount": tax, "VoucherStatus": 1}
    book.add("Voucher", shared | totals | {"VoucherText": f"Faktura {bought.number}"})
    return voucher


def correct(world: World, unique_no: int, values: Mapping[str, Any]) -> tuple[int, int]:
    """Correct an entry of the ledger: one that takes it back, and a new one with these values; the
    numbers of both come back."""
    with open_book(world) as book:
        old = book.one("GLAccountTransaction", unique_no)
        back = _again(book, old, _turned(old) | {"CorrectedFromUniqueNo": unique_no})
        more = {"ExchangeAmount": values["Amount"]} if "Amount" in values else {}
        return back, _again(book, old, {**more, **values})


def reverse(world: World, voucher_id: int, day: date | None = None) -> int:
    """Reverse a whole voucher by another one, of the same day or another; its id comes back."""
    with open_book(world) as book:
        voucher = book.one("Voucher", voucher_id)
        new_id = book.next("Voucher")
        new = {"VoucherID": new_id, "VoucherNo": new_id, **(_dated(day) if day else {})}
        for name in ENTRIES:
            for row in book.rows(name, VoucherID=voucher_id):
                _reversed(book, name, row, new)
        turned = {name: -number(voucher, name) for name in ("TotalAmount", "VatAmount")}
        book.add("Voucher", voucher | turned | new)
        return new_id


def _dated(day: date) -> Row:
    moment = datetime(day.year, day.month, day.day)
    return {"VoucherDate": moment, "EntryDate": moment, "AccountingYear": day.year}


def _voucher(book: Book, bought: Bought, voucher: int) -> Row:
    return {
        "VoucherID": voucher,
        "VoucherNo": voucher,
        "VoucherTypeNo": PURCHASE,
        "SupplierNo": bought.supplier,
        "SuppliersInvoiceNo": bought.number or str(90_000 + voucher),
        "AttestStatus": bought.attested,
        "CurrencyNo": book.own_currency().number,
        "ExchangeRate": float(book.own_currency().unit),
    }


def _line(book: Book, shared: Row, line: Cost, amount: Decimal) -> None:
    book.add("GLAccountTransaction", shared | {
        "UniqueNo": book.next("GLAccountTransaction"),
        "GLAccountNo": line.account,
        "Amount": amount,
        "ExchangeAmount": amount,
        "ProjectNo": line.project,
        "DepNo": line.department,
        "Description": line.text,
    })  # fmt: skip


def _again(book: Book, old: Row, values: Mapping[str, Any]) -> int:
    """An entry beside an old one in the same voucher, without what Severa knows it by."""
    unique_no = book.next("GLAccountTransaction")
    own = {"UniqueNo": unique_no, "SeveraGUID": "", "CorrectedFromUniqueNo": 0}
    book.add("GLAccountTransaction", old | own | dict(values))
    return unique_no


def _turned(row: Row) -> Row:
    return {name: -number(row, name) for name in ("Amount", "ExchangeAmount", "Quantity")}


def _reversed(book: Book, name: str, row: Row, new: Row) -> None:
    """The contrary of an entry; in the suppliers' ledger both are settled by each other."""
    unique_no = book.next(name)
    own = {"UniqueNo": unique_no, "CorrectedFromUniqueNo": row["UniqueNo"]}
    if name == "CredLTransaction":
        tie = book.next(name, "ContraEntryNo")
        closed = {"ContraEntryNo": tie, "RestAmount": 0.0}
        book.change(name, row["UniqueNo"], closed)
        own |= closed
    else:
        own |= {"SeveraGUID": ""}
    book.add(name, row | _turned(row) | new | own)
