"""What a user of Global does with orders: edit, invoice, collect, nullify, delete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from recon.errors import Usage
from recon.sandbox.company_books import RECEIVABLE
from recon.sandbox.ledger_book import Book, Row, nothing, number, open_book
from recon.sandbox.world import World

INVOICED, NULLIFIED = 1000, -1
TOTALS = ("TotalAmount", "TotalVAT", "TotalGross", "ExchangeAmount")
DISCOUNTS = ("DiscountI", "DiscountII", "DiscountIII")


@dataclass(frozen=True, slots=True)
class Sold:
    """An order with its lines."""

    order: Row
    lines: list[Row]


@dataclass(frozen=True, slots=True)
class Invoicing:
    """One invoice: its number, its day, and which part of each line it takes (all where None)."""

    number: int
    day: date
    part: Decimal | None = None


def find(book: Book, order_no: str) -> Sold:
    """An open order; `Usage` where there is none, or it was nullified."""
    found = book.rows("CustomerOrder", OrderNo=order_no)
    if not found or found[0]["OrderStatus"] == NULLIFIED:
        raise nothing(f"There is no open order {order_no}")
    lines = book.rows("CustomerOrderLine", OrderNo=order_no)
    return Sold(found[0], sorted(lines, key=lambda line: int(line["SeqNo"])))


def invoice_order(
    world: World, order_no: str, part: Decimal | None = None, day: date | None = None
) -> int:
    """Invoice an order, or the part (0 to 1) of each line, of which the rest stays open; the
    invoice's number comes back."""
    if part is not None and not 0 < part < 1:
        raise Usage(f"A part cannot be {part}", todo="Give one between 0 and 1")
    with open_book(world) as book:
        return invoice(book, [find(book, order_no)], part, day)


def collect(world: World, order_nos: Sequence[str]) -> int:
    """One invoice for several orders of a customer in one currency; its number comes back."""
    with open_book(world) as book:
        found = [find(book, order_no) for order_no in order_nos]
        if len({(sold.order["CustomerNo"], sold.order["CurrencyNo"]) for sold in found}) != 1:
            raise Usage(
                "Orders of several customers or currencies cannot share an invoice",
                todo="Name orders of one customer",
            )
        return invoice(book, found, None, None)


def invoice(book: Book, orders: Sequence[Sold], part: Decimal | None, day: date | None) -> int:
    """One invoice for these orders, with its entry in the customers' ledger; its number."""
    made = Invoicing(book.invoice_no(), day or book.today, part)
    shared = made.number if len(orders) > 1 else 0
    copies = [_moved(book, sold, made, shared) for sold in orders]
    post(book, made, copies)
    return made.number


def edit_line(
    world: World,
    order_no: str,
    seq: int,
    quantity: Decimal | None = None,
    price: Decimal | None = None,
) -> None:
    """Change quantity or price (in the order's currency) of a line; the order's totals follow."""
    with open_book(world) as book:
        edit_sold(book, find(book, order_no), seq, quantity, price)


def edit_sold(
    book: Book, sold: Sold, seq: int, quantity: Decimal | None, price: Decimal | None
) -> None:
    """The same to an order that was found; its rows here change, too."""
    line = next((each for each in sold.lines if each["SeqNo"] == seq), None)
    if line is None:
        raise nothing(f"There is no line {seq} in order {sold.order['OrderNo']}")
    new = {
        "Quantity": number(line, "Quantity") if quantity is None else quantity,
        "ExchangeSalesPrice": number(line, "ExchangeSalesPrice") if price is None else price,
    }
    new |= _amounts(book, sold.order, {**line, **new})
    book.change("CustomerOrderLine", line["UniqueID"], new)
    line.update(new)
    _retotal(book, sold)


def add_fee(world: World, order_no: str, amount: Decimal) -> None:
    """Put an invoice fee (net, in the company's currency) on an order; its totals follow."""
    with open_book(world) as book:
        sold = find(book, order_no)
        fee = number(sold.order, "InvoiceFee") + book.own_currency().rounded(amount)
        values = {"InvoiceFee": fee, "TotalFee": fee}
        book.change("CustomerOrder", order_no, values)
        sold.order.update(values)
        _retotal(book, sold)


def nullify(world: World, order_no: str) -> None:
    """Nullify an open order: it stays, with the status that says so."""
    with open_book(world) as book:
        find(book, order_no)
        book.change("CustomerOrder", order_no, {"OrderStatus": NULLIFIED})


def delete_order(world: World, order_no: str) -> None:
    """Delete an order with its lines, as some users may."""
    with open_book(world) as book:
        book.one("CustomerOrder", order_no)
        for line in book.rows("CustomerOrderLine", OrderNo=order_no):
            book.drop("CustomerOrderLine", line["UniqueID"])
        book.drop("CustomerOrder", order_no)


# --- amounts ------------------------------------------------------------------------------------


def _amounts(book: Book, order: Row, line: Mapping[str, Any]) -> Row:
    """A line's net in both currencies, and its price in the company's."""
    price = number(line, "ExchangeSalesPrice")
    left = price * number(line, "Quantity")
    for discount in DISCOUNTS:
        left *= 1 - number(line, discount) / 100
    net = book.currency(int(order["CurrencyNo"])).rounded(left)
    unit = book.currency(int(order["CurrencyNo"])).unit
    rate = number(order, "ExchangeRate") or Decimal(unit)
    own = price * rate / unit
    return {"ExchangeAmount": net, "Amount": book.in_own(net, order), "NetPrice": round(own, 6)}


def _retotal(book: Book, sold: Sold) -> None:
    new = added_up(book, sold.order, sold.lines)
    book.change("CustomerOrder", sold.order["OrderNo"], new)
    sold.order.update(new)


def added_up(book: Book, order: Row, lines: Iterable[Row]) -> Row:
    """An order's totals from its lines and its fee; VAT is summed exactly and rounded once."""
    kept, fee = list(lines), number(order, "InvoiceFee")
    net = sum((number(line, "Amount") for line in kept), fee)
    taxes = (number(line, "Amount") * number(line, "VATPer") for line in kept)
    tax = book.own_currency().rounded(sum(taxes, fee * _fee_rate(kept)) / 100)
    exchanged = sum((number(line, "ExchangeAmount") for line in kept), _exchanged(book, order, fee))
    totals = (net, tax, net + tax, exchanged)
    return dict(zip(TOTALS, totals, strict=True))


def _exchanged(book: Book, order: Row, fee: Decimal) -> Decimal:
    """A fee in the order's currency."""
    currency = book.currency(int(order["CurrencyNo"]))
    rate = number(order, "ExchangeRate") or Decimal(currency.unit)
    return currency.rounded(fee * currency.unit / rate)


# --- invoicing ----------------------------------------------------------------------------------


def _moved(book: Book, sold: Sold, made: Invoicing, shared: int) -> Row:
    """Move an order, or a part of it, among the invoiced ones; the copy comes back with what it
    is in the order's currency, VAT included (`gross`)."""
    order = sold.order
    if made.part is None:
        taken, totals = sold.lines, {name: number(order, name) for name in TOTALS}
        for line in sold.lines:
            book.drop("CustomerOrderLine", line["UniqueID"])
        book.drop("CustomerOrder", order["OrderNo"])
    else:
        taken = [_part_of(book, order, line, made.part) for line in sold.lines]
        totals = added_up(book, order, taken)
        _leave(book, sold, taken, totals)
    copy = _copy(book, order | totals, made, shared)
    for line in taken:
        book.add("CustomerOrderLineCopy", _line_copy(book, line, copy))
    book.add("CustomerOrderCopy", copy)
    return copy | {"gross": totals["ExchangeAmount"] + _vat(book, order, taken)}


def _vat(book: Book, order: Row, lines: Sequence[Row]) -> Decimal:
    """VAT in the order's currency."""
    taxes = (number(line, "ExchangeAmount") * number(line, "VATPer") for line in lines)
    fee = _exchanged(book, order, number(order, "InvoiceFee")) * _fee_rate(lines)
    return book.currency(int(order["CurrencyNo"])).rounded(sum(taxes, fee) / 100)


def _fee_rate(lines: Iterable[Row]) -> Decimal:
    """A fee follows the highest rate of the lines."""
    return max((number(line, "VATPer") for line in lines), default=Decimal(0))


def _part_of(book: Book, order: Row, line: Row, part: Decimal) -> Row:
    """The part of a line that is delivered now: whole hundredths of its quantity."""
    all_of_it = number(line, "Quantity")
    quantity = round(all_of_it * part, 2)
    share = quantity / all_of_it if all_of_it else Decimal(0)
    net = book.currency(int(order["CurrencyNo"])).rounded(number(line, "ExchangeAmount") * share)
    return line | {
        "Quantity": quantity,
        "ExchangeAmount": net,
        "Amount": book.in_own(net, order),
    }


def _leave(book: Book, sold: Sold, taken: Sequence[Row], totals: Mapping[str, Decimal]) -> None:
    """Leave in the order what was not taken; its fee went with the first part."""
    for line, gone in zip(sold.lines, taken, strict=True):
        columns = ("Quantity", "ExchangeAmount", "Amount")
        rest = {name: number(line, name) - number(gone, name) for name in columns}
        delivered = number(line, "Invoiced") + number(gone, "Quantity")
        more = {"Invoiced": delivered, "Remainder": rest["Quantity"]}
        book.change("CustomerOrderLine", line["UniqueID"], rest | more)
    rest = {name: number(sold.order, name) - totals[name] for name in TOTALS}
    day = datetime(*book.today.timetuple()[:3])
    flags: Row = {"InvoiceFee": 0.0, "TotalFee": 0.0, "RemainderOrderYesNo": 1}
    dated = {"LastInvoiceDate": day}
    book.change("CustomerOrder", sold.order["OrderNo"], {**rest, **flags, **dated})


def _copy(book: Book, order: Row, made: Invoicing, shared: int) -> Row:
    day = datetime(made.day.year, made.day.month, made.day.day)
    return order | {
        "OrderCopyNo": _copy_no(book, order["OrderNo"], made.part),
        "UniqueID": book.next("CustomerOrderCopy", "UniqueID"),
        "InvoiceNo": made.number,
        "CommonInvoiceID": shared,
        "SummaryInvoiceYesNo": int(bool(shared)),
        "JournalNo": made.number,
        "Period": made.day.month,
        "InvoiceDate": day,
        "DueDate": book.due(int(order["TermsOfPayCustNo"]), made.day),
        "Kid": kid(made.number),
        "OrderStatus": INVOICED,
        "OriginalOrderNo": order["OrderNo"],
    }


def _copy_no(book: Book, order_no: str, part: Decimal | None) -> str:
    """The order's own number; with a suffix where it is invoiced in parts."""
    at = 1
    while book.holds("CustomerOrderCopy", f"{order_no}-{at}"):
        at += 1
    return order_no if part is None and at == 1 else f"{order_no}-{at}"


def _line_copy(book: Book, line: Row, copy: Row) -> Row:
    net = number(line, "Amount")
    tax = book.own_currency().rounded(net * number(line, "VATPer") / 100)
    return line | {
        "UniqueID": book.next("CustomerOrderLineCopy"),
        "OrderCopyNo": copy["OrderCopyNo"],
        "InvoiceNo": copy["InvoiceNo"],
        "CommonInvoiceID": copy["CommonInvoiceID"],
        "OrderLineUniqueID": line["UniqueID"],
        "OrderStatus": INVOICED,
        "Invoiced": number(line, "Quantity"),
        "VATAmount": tax,
        "BasisOfVATAmount": net,
        "BasisOfVATExchAmount": number(line, "ExchangeAmount"),
    }


def post(book: Book, made: Invoicing, copies: Sequence[Row]) -> Row:
    """The entry of an invoice in the customers' ledger, with its voucher; it comes back."""
    first, gross = copies[0], sum((number(copy, "TotalGross") for copy in copies), Decimal(0))
    kind = book.voucher_type("credits" if gross < 0 else "sales")
    shared = {
        "VoucherID": book.next("Voucher"),
        "VoucherNo": made.number,
        "CustomerNo": first["CustomerNo"],
        "DueDate": first["DueDate"],
        "Kid": first["Kid"],
        **{name: first[name] for name in ("DepNo", "ProjectNo", "EmployeeNo", "CurrencyNo")},
    }
    row = book.entry(shared, made.day) | {
        "UniqueNo": book.next("DebLTransaction"),
        "VoucherTypeNo": kind,
        "OrgRegOrderCustomerNo": first["OrgRegOrderCustomerNo"],
        "CustomerInvoiceNo": str(made.number),
        "TermsOfPayCustNo": first["TermsOfPayCustNo"],
        "GLAccRec": RECEIVABLE,
        "ExchangeRate": first["ExchangeRate"],
        "ExchangeAmount": sum((copy["gross"] for copy in copies), Decimal(0)),
        "Amount": gross,
        "RestAmount": gross,
        "ContraEntryNo": 0,
        "Description": f"Faktura {made.number}",
    }
    book.add("DebLTransaction", row)
    book.add("Voucher", row | {"TotalAmount": gross, "VoucherText": row["Description"]})
    return row


def kid(invoice_no: int) -> str:
    """The reference that a payer gives: the invoice's number and its check digit."""
    digits = [int(digit) for digit in reversed(str(invoice_no))]
    doubled = (sum(divmod(d * 2, 10)) if at % 2 == 0 else d for at, d in enumerate(digits))
    return f"{invoice_no}{-sum(doubled) % 10}"
