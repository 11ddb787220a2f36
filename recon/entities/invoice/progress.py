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
NET = "TotalAmount"


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
    entries = _entries(found, books)
    rest, whole = (_sum(entries, name) for name in ("RestAmount", "Amount"))
    return (whole - rest) / whole if whole else Decimal()


def _entries(found: Rows, books: Books) -> list[rows.Raw]:
    """The ledger's rows of the invoices that stand: of a sales type, or for a part that is credited
    of a credit type."""
    standing: list[rows.Raw] = []
    for number in {rows.whole(row, "InvoiceNo"): None for row in found.live}:
        of_it = [row for row in found.entries if rows.whole(row, "VoucherNo") == number]
        parts = [row for row in found.live if rows.whole(row, "InvoiceNo") == number]
        credited = [row for row in of_it if _is(row, books.credits) and _sum(parts, NET) < 0]
        standing += credited or [row for row in of_it if _is(row, books.sales)]
    return standing


def _sum(several: Iterable[rows.Raw], name: str) -> Decimal:
    return sum((_amount(row, name) for row in several), Decimal())


def _open(found: Rows) -> Progress:
    if found.order is None or rows.whole(found.order, "OrderStatus") == NULLIFIED:
        return Progress("nullified", "nullified in Visma Global: nothing will be invoiced")
    return Progress("ordered", "not invoiced in Visma Global yet")


def _payment(found: Rows, books: Books, numbers: str) -> Progress:
    entries = _entries(found, books)
    wanted = {rows.whole(row, "InvoiceNo") for row in found.live if _amounts(row)}
    if not wanted <= {rows.whole(row, "VoucherNo") for row in entries}:
        return Progress("sent", f"invoiced ({numbers}), not in the customer ledger yet")
    if not entries:
        days = [rows.day(row, "InvoiceDate") for row in found.live]
        return Progress("paid", f"invoiced ({numbers}) with nothing to pay", _last(days))
    if any(_amount(row, "RestAmount") for row in entries):
        rest, whole = (_sum(entries, name) for name in ("RestAmount", "Amount"))
        if rest == whole:
            return Progress("sent", f"invoiced ({numbers}), not paid yet")
        return Progress("part paid", f"invoiced ({numbers}), {rest} of {whole} still to be paid")
    return _closed(_tied(found, entries, books), books, numbers)


def _amounts(row: rows.Raw) -> bool:
    """Whether an invoice comes to anything; one of nothing has no row in the ledger."""
    return any(_amount(row, name) for name in (NET, "TotalVAT"))


def _tied(found: Rows, entries: Sequence[rows.Raw], books: Books) -> list[rows.Raw]:
    """What closed these entries. Other invoices that the same payment closed are left out; one of
    the contrary sign is what they were settled against."""
    ties = {rows.whole(row, "ContraEntryNo") for row in entries}
    own = {row["UniqueNo"] for row in entries}
    whole = _sum(entries, "Amount")
    return [
        row
        for row in found.counters
        if rows.whole(row, "ContraEntryNo") in ties
        and row["UniqueNo"] not in own
        and not (_is(row, books.sales) and _amount(row, "Amount") * whole >= 0)
    ]


def _closed(counters: Sequence[rows.Raw], books: Books, numbers: str) -> Progress:
    """The rest is zero: paid, if nothing but payments closed it."""
    others = [row for row in counters if not _is(row, books.payments)]
    if not counters:
        text = f"invoiced ({numbers}); its rest is 0, but no payment is tied to it"
        return Progress("closed otherwise", text)
    if others:
        text = f"invoiced ({numbers}); closed by {_named(others, books)}, not by payments alone"
        return Progress("closed otherwise", text)
    last = _last(rows.day(row, "VoucherDate") for row in counters)
    return Progress("paid", f"invoiced ({numbers}), paid", last)


def _named(others: Sequence[rows.Raw], books: Books) -> str:
    """What closed an invoice beside payments."""
    if all(_is(row, books.sales) and _amount(row, "Amount") > 0 for row in others):
        return "the invoice that it credits"
    noted = all(_is(row, (*books.sales, *books.credits)) for row in others)
    return "a credit note" if noted else "a write-off"


def _is(row: rows.Raw, types: Sequence[int]) -> bool:
    return rows.whole(row, "VoucherTypeNo") in types


def _amount(row: Mapping[str, object], name: str) -> Decimal:
    """An amount of the ledger; what is left of a float is no amount."""
    return money.rounded(rows.number(row, name) or Decimal(), money.USUAL_DIGITS)


def _last(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day), default=None)


def _joined(numbers: Iterable[int | None]) -> str:
    return ", ".join(str(number) for number in sorted({n for n in numbers if n}))
