"""What users of Global do with the orders of earlier months: edit, invoice, collect, settle.

What becomes of a document follows from its SeveraGUID alone. An order of month m is acted on in
month m + 1, what is open of it in m + 2, and its invoice is settled in the month after that.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeVar

from recon.sandbox.company_books import LOSS
from recon.sandbox.ledger_book import Book, Row, number, open_book
from recon.sandbox.ledger_orders import NULLIFIED, Sold, edit_sold, invoice
from recon.sandbox.ledger_payments import credit_entry, settle
from recon.sandbox.world import World
from recon.sandbox.year import Year

Fate = Literal["leave", "nullify", "edit", "part", "part only", "collect", "whole"]
Ending = Literal["open", "part", "twice", "over", "credit", "loss", "pay"]
Drawn = TypeVar("Drawn", Fate, Ending)
FATES: tuple[tuple[Fate, float], ...] = (
    ("leave", 2.0),
    ("nullify", 0.5),
    ("edit", 2.0),
    ("part", 2.5),
    ("part only", 0.5),
    ("collect", 6.0),
    ("whole", 86.5),
)
ENDINGS: tuple[tuple[Ending, float], ...] = (
    ("open", 6.0),
    ("part", 3.0),
    ("twice", 2.0),
    ("over", 1.0),
    ("credit", 1.0),
    ("loss", 1.0),
    ("pay", 86.0),
)
HALF = Decimal("0.5")
AT_ONCE = 200


def act_month(world: World, year: Year, month: int) -> int:
    """Act on what earlier months left in Global, in transactions of a few dozen documents; how
    many documents were acted on."""
    return (
        _orders(world, year, month) + _rests(world, year, month) + _settlements(world, year, month)
    )


def fate(year: Year, guid: str) -> Fate:
    """What users do with an order."""
    return _drawn(year.dice(f"order/{guid.lower()}"), FATES)


def ending(year: Year, guids: Iterable[str]) -> Ending:
    """How an invoice over the orders with these guids is settled."""
    return _drawn(year.dice(f"invoice/{min(guids).lower()}"), ENDINGS)


def _drawn(rng: random.Random, table: Sequence[tuple[Drawn, float]]) -> Drawn:
    return rng.choices([name for name, _ in table], [weight for _, weight in table])[0]


# --- orders ---------------------------------------------------------------------------------------


def _orders(world: World, year: Year, month: int) -> int:
    """Invoice the orders that are dated in the month before."""
    with open_book(world) as book:
        open_ones = [row for row in _open(book) if _in(row["OrderDate"], year, month - 1)]
        numbers = [row["OrderNo"] for row in open_ones if not row["RemainderOrderYesNo"]]
    groups = _grouped(open_ones, year)
    for several in _chunks(groups):
        with open_book(world) as book:
            sold = _sold(book, [no for group in several for no in group])
            for group in several:
                found = [sold[no] for no in group if no in sold]
                if found:
                    _treat(book, found, year, month)
    return len(numbers)


def _open(book: Book) -> list[Row]:
    rows = book.rows("CustomerOrder", OrderStatus=book.world.profile.transfer.orders.status)
    return [row for row in rows if row["SeveraGUID"]]


def _grouped(orders: Iterable[Row], year: Year) -> list[list[str]]:
    """The numbers of orders that go together: collected ones by customer and currency."""
    groups: dict[object, list[str]] = defaultdict(list)
    for row in sorted(orders, key=lambda row: str(row["SeveraGUID"])):
        alone = fate(year, row["SeveraGUID"]) != "collect"
        key = row["OrderNo"] if alone else (row["CustomerNo"], row["CurrencyNo"], row["OrderType"])
        groups[key].append(row["OrderNo"])
    return list(groups.values())


def _chunks(groups: Sequence[list[str]]) -> Iterator[Sequence[list[str]]]:
    return (groups[at : at + AT_ONCE] for at in range(0, len(groups), AT_ONCE))


def _sold(book: Book, numbers: list[str]) -> dict[str, Sold]:
    """Open orders with their lines, read together."""
    lines: dict[str, list[Row]] = defaultdict(list)
    for line in book.rows("CustomerOrderLine", OrderNo=numbers):
        lines[line["OrderNo"]].append(line)
    return {
        row["OrderNo"]: Sold(row, sorted(lines[row["OrderNo"]], key=lambda each: each["SeqNo"]))
        for row in book.rows("CustomerOrder", OrderNo=numbers)
        if row["OrderStatus"] != NULLIFIED
    }


def _treat(book: Book, orders: list[Sold], year: Year, month: int) -> None:
    guid = str(orders[0].order["SeveraGUID"])
    what, day = fate(year, guid), year.day(month, year.dice(f"day/{guid}").randrange(20))
    if what == "nullify":
        book.change("CustomerOrder", orders[0].order["OrderNo"], {"OrderStatus": NULLIFIED})
    elif what != "leave":
        if what == "edit":
            _edit(book, orders[0])
        part = HALF if what in ("part", "part only") else None
        invoice(book, orders, part, day)


def _edit(book: Book, sold: Sold) -> None:
    """A lower price on the first line that has one."""
    line = next(each for each in sold.lines if number(each, "ExchangeSalesPrice"))
    price = (number(line, "ExchangeSalesPrice") * Decimal("0.9")).quantize(Decimal("0.01"))
    edit_sold(book, sold, line["SeqNo"], None, price - 1)


def _rests(world: World, year: Year, month: int) -> int:
    """Invoice what the month before left open of orders that were invoiced in part."""
    with open_book(world) as book:
        rows = [row for row in _open(book) if _in(row["OrderDate"], year, month - 2)]
        rests = [row for row in rows if fate(year, row["SeveraGUID"]) == "part"]
        sold = _sold(book, [row["OrderNo"] for row in rests])
        for one in sold.values():
            guid = str(one.order["SeveraGUID"])
            day = year.day(month, year.dice(f"rest/{guid}").randrange(20))
            invoice(book, [one], None, day)
    return len(rests)


def _in(moment: object, year: Year, month: int) -> bool:
    if not isinstance(moment, datetime) or month < 1:
        return False
    first = year.day(month, 0)
    return (moment.year, moment.month) == (first.year, first.month)


# --- settling -------------------------------------------------------------------------------------


def _settlements(world: World, year: Year, month: int) -> int:
    """Settle what was invoiced in the month before."""
    with open_book(world) as book:
        owners = _invoiced(book, year, month - 1)
        kinds = {book.voucher_type("sales"), book.voucher_type("credits")}
        entries = [
            row
            for row in book.rows("DebLTransaction", VoucherNo=sorted(owners))
            if row["VoucherTypeNo"] in kinds
        ]
        for row in entries:
            guids = owners[row["VoucherNo"]]
            rng = year.dice(f"paid/{min(guids)}")
            _settle(book, row, ending(year, guids), year.day(month, rng.randrange(20)))
    return len(entries)


def _invoiced(book: Book, year: Year, month: int) -> dict[int, list[str]]:
    """The SeveraGUIDs behind each invoice of a month."""
    found: dict[int, list[str]] = defaultdict(list)
    if month < 1:
        return found
    days = [datetime.combine(year.day(month, at), datetime.min.time()) for at in range(28)]
    for row in book.rows("CustomerOrderCopy", InvoiceDate=days):
        if row["SeveraGUID"]:
            found[row["InvoiceNo"]].append(row["SeveraGUID"])
    return found


def _settle(book: Book, row: Row, how: Ending, day: date) -> None:
    payment, rest = (book.voucher_type("payments"), day), number(row, "RestAmount")
    part = book.own_currency().rounded(rest * Decimal("0.4"))
    if how == "pay":
        settle(book, row, None, payment)
    elif how == "over":
        settle(book, row, rest + (10 if rest > 0 else -10), payment)
    elif how == "loss":
        settle(book, row, None, (LOSS, day))
    elif how == "credit":
        credit_entry(book, row)
    elif how in ("part", "twice"):
        settle(book, row, part, payment)
        if how == "twice":
            settle(book, row, None, payment)
