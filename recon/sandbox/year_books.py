"""A month's suppliers' invoices as a consultancy's accountant books them in Global: lines that
belong on projects, and all kinds that do not; corrections and reversals of earlier ones."""

from __future__ import annotations

import random
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from recon.sandbox.company_books import ATTESTED, INTERIM, SALE, SUPPLIERS
from recon.sandbox.ledger_book import Book, number, open_book
from recon.sandbox.ledger_suppliers import Bought, Cost, book_invoice, correct, reverse
from recon.sandbox.world import World
from recon.sandbox.year import Year

COSTS, OTHERS = (4300, 4500, 4500, 6540, 6800, 7140), (8150, INTERIM, 3000)
UNAPPROVED, OTHER_TYPE, UNTAXED = 0.02, 0.02, 0.2
WRONG = 0.12
TAKEN_BACK = 0.015
LEDGER = "GLAccountTransaction"


def book_month(world: World, year: Year, month: int) -> int:
    """Book a month's invoices of suppliers, and take some of the month before back; the number of
    new lines on projects."""
    rng = year.dice(f"books/{month}")
    wanted, made = year.share(year.costs, month), 0
    with open_book(world) as book:
        projects = [row["ProjectNo"] for row in book.rows("Project", InActiveYesNo=0)]
        while made < wanted:
            lines = [_line(projects, rng) for _ in range(min(wanted - made, rng.randint(1, 4)))]
            made += len(lines)
            _booked(book, [*lines, *_wrong(projects, rng)], _day(year, month, rng), rng)
        if month == 1:
            for _ in range(max(1, wanted // 50)):
                early = date(year.calendar - 1, 12, rng.randint(1, 31))
                _booked(book, [_line(projects, rng)], early, rng)
    _taken_back(world, year, month, rng)
    return made


def approve_month(world: World, year: Year, month: int) -> int:
    """Approve what was booked in the month before and waits; the number of lines."""
    with open_book(world) as book:
        waiting = [row for row in book.rows(LEDGER, AttestStatus=0) if row["ProjectNo"]]
        for row in waiting:
            if (row["VoucherDate"].year, row["VoucherDate"].month) == _before(year, month):
                book.change(LEDGER, row["UniqueNo"], {"AttestStatus": ATTESTED})
    return len(waiting)


def _before(year: Year, month: int) -> tuple[int, int]:
    first = year.day(month - 1, 0) if month > 1 else date(year.calendar - 1, 12, 1)
    return first.year, first.month


def _day(year: Year, month: int, rng: random.Random) -> date:
    return year.day(month, rng.randrange(28))


def _line(projects: list[int], rng: random.Random) -> Cost:
    """A line on a project; seldom a supplier's credit."""
    net = Decimal(rng.randint(5_000, 4_000_000)) / 100
    sign = -1 if rng.random() < 0.04 else 1
    text = rng.choice(("Underkonsulent", "Reise og opphold", "Lisens", "Trykk", "Leie"))
    return Cost(rng.choice(COSTS), sign * net, rng.choice(projects), 0, text)


def _wrong(projects: list[int], rng: random.Random) -> list[Cost]:
    """Sometimes a line that belongs on no project, or on no cost account."""
    if rng.random() >= WRONG:
        return []
    plain = _line(projects, rng)
    if rng.random() < 0.5:
        return [plain._replace(project=0)]
    return [plain._replace(account=rng.choice(OTHERS))]


def _booked(book: Book, lines: list[Cost], day: date, rng: random.Random) -> None:
    supplier = rng.choice(SUPPLIERS)[0]
    attested = 0 if rng.random() < UNAPPROVED else ATTESTED
    vat = Decimal(0) if rng.random() < UNTAXED else Decimal(25)
    own = f"{rng.choice('ABF')}{rng.randrange(10**6):06d}"
    voucher = book_invoice(book, Bought(supplier, lines, vat, day, own, attested))
    if rng.random() < OTHER_TYPE:
        for row in book.rows(LEDGER, VoucherID=voucher):
            book.change(LEDGER, row["UniqueNo"], {"VoucherTypeNo": SALE})


def _taken_back(world: World, year: Year, month: int, rng: random.Random) -> None:
    """Correct some lines of the month before, and reverse some of its vouchers."""
    if month == 1:
        return
    with open_book(world) as book:
        days = [year.day(month - 1, at) for at in range(28)]
        lines = [row for row in _of(book, days) if not row["CorrectedFromUniqueNo"]]
    count = max(1, round(year.share(year.costs, month) * TAKEN_BACK))
    chosen = rng.sample(lines, min(2 * count, len(lines)))
    vouchers = sorted({row["VoucherID"] for row in chosen[count:]})
    for row in chosen[:count]:
        if row["VoucherID"] not in vouchers:
            new = (number(row, "Amount") * Decimal("1.1")).quantize(Decimal("0.01"))
            correct(world, row["UniqueNo"], {"Amount": new})
    for voucher in vouchers:
        reverse(world, voucher)


def _of(book: Book, days: list[date]) -> list[dict[str, Any]]:
    moments = [datetime(day.year, day.month, day.day) for day in days]
    return [row for row in book.rows(LEDGER, VoucherDate=moments) if row["ProjectNo"]]
