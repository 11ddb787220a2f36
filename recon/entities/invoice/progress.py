"""How far an order is, by the rows of Visma Global: the decision table of docs/invoices.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from recon import money
from recon.entities import rows
from recon.settings_documents import Books

Stage = Literal[
    "ordered", "part delivered", "nullified", "sent", "part paid", "paid", "closed otherwise"
]
NULLIFIED = -1


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one order: what is still open, what was invoiced, the ledger's entries of those
    invoices and their counter entries."""

    order: rows.Raw | None
    copies: Sequence[rows.Raw] = ()
    entries: Sequence[rows.Raw] = ()
    counters: Sequence[rows.Raw] = ()

    @property
    def live(self) -> list[rows.Raw]:
        """The invoiced parts that were not nullified."""
        return [row for row in self.copies if rows.whole(row, "OrderStatus") != NULLIFIED]


@dataclass(frozen=True, slots=True)
class Progress:
    """A stage, the sentence for people, and the day of the last payment where it is paid."""

    stage: Stage
    words: str
    paid_on: date | None = None

    @property
    def sent(self) -> bool:
        """Whether all of it is invoiced."""
        return self.stage in ("sent", "part paid", "paid", "closed otherwise")


def progress(found: Rows, books: Books) -> Progress:
    """How far an order is; `books` tells what the voucher types mean."""
    live = found.live
    if not live:
        return _open(found)
    numbers = _joined(rows.whole(row, "InvoiceNo") for row in live)
    if found.order is not None and rows.whole(found.order, "OrderStatus") != NULLIFIED:
        return Progress("part delivered", f"invoiced in part ({numbers}); the rest is still open")
    if any(not rows.whole(row, "InvoiceNo") for row in live):
        return Progress("ordered", "moved to the invoiced orders, but without an invoice number")
    return _payment(found, books, numbers)


def paid_share(found: Rows, books: Books) -> Decimal:
    """Which part of what was invoiced is paid, from 0 to 1: a collective invoice's row in the
    ledger is of all its orders, so that each has the same part."""
    stage = progress(found, books).stage
    if stage != "part paid":
        return Decimal(stage == "paid")
    entries = [row for row in found.entries if _is(row, books.sales)]
    rest, whole = (_sum(entries, name) for name in ("RestAmount", "Amount"))
    return (whole - rest) / whole if whole else Decimal()


def _sum(several: Iterable[rows.Raw], name: str) -> Decimal:
    return sum((_amount(row, name) for row in several), Decimal())


def _open(found: Rows) -> Progress:
    if found.order is None or rows.whole(found.order, "OrderStatus") == NULLIFIED:
        return Progress("nullified", "nullified in Visma Global: nothing will be invoiced")
    return Progress("ordered", "not invoiced in Visma Global yet")


def _payment(found: Rows, books: Books, numbers: str) -> Progress:
    entries = [row for row in found.entries if _is(row, books.sales)]
    wanted = {rows.whole(row, "InvoiceNo") for row in found.live}
    if not wanted <= {rows.whole(row, "VoucherNo") for row in entries}:
        return _without_entry(found, numbers)
    if any(_amount(row, "RestAmount") for row in entries):
        rest, whole = (_sum(entries, name) for name in ("RestAmount", "Amount"))
        if rest == whole:
            return Progress("sent", f"invoiced ({numbers}), not paid yet")
        return Progress("part paid", f"invoiced ({numbers}), {rest} of {whole} still to be paid")
    return _closed(found, books, numbers)


def _without_entry(found: Rows, numbers: str) -> Progress:
    """An invoice of nothing has no row in the ledger: there is nothing to pay."""
    if not any(_amount(row, name) for row in found.live for name in ("TotalAmount", "TotalVAT")):
        days = [rows.day(row, "InvoiceDate") for row in found.live]
        return Progress("paid", f"invoiced ({numbers}) with nothing to pay", _last(days))
    return Progress("sent", f"invoiced ({numbers}), not in the customer ledger yet")


def _closed(found: Rows, books: Books, numbers: str) -> Progress:
    """The rest is zero: paid, if nothing but payments closed it."""
    counters = [row for row in found.counters if not _is(row, books.sales)]
    others = [row for row in counters if not _is(row, books.payments)]
    if not counters:
        text = f"invoiced ({numbers}); its rest is 0, but no payment is tied to it"
        return Progress("closed otherwise", text)
    if others:
        by = "a credit note" if all(_is(row, books.credits) for row in others) else "a write-off"
        text = f"invoiced ({numbers}); closed by {by}, not by payments alone"
        return Progress("closed otherwise", text)
    last = _last(rows.day(row, "VoucherDate") for row in counters)
    return Progress("paid", f"invoiced ({numbers}), paid", last)


def _is(row: rows.Raw, types: Sequence[int]) -> bool:
    return rows.whole(row, "VoucherTypeNo") in types


def _amount(row: Mapping[str, object], name: str) -> Decimal:
    """An amount of the ledger; what is left of a float is no amount."""
    return money.rounded(rows.number(row, name) or Decimal(), money.USUAL_DIGITS)


def _last(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day), default=None)


def _joined(numbers: Iterable[int | None]) -> str:
    return ", ".join(str(number) for number in sorted({n for n in numbers if n}))
