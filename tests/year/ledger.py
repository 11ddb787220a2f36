"""How far an order is, read from Global's rows by the table of docs/invoices.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.year.held import Held, Row, cents, day, exact

if TYPE_CHECKING:
    from tests.year.checker import Part

NULLIFIED = -1
TAKEN, SENT, PAID = 1, 2, 3


@dataclass(frozen=True)
class Stage:
    """What Severa may say of an order (0: not even taken), how far it is called to be, and the day
    of payment."""

    ranks: tuple[int, ...]
    name: str
    paid_on: date | None = None


class Ledger:
    """The customers' ledger by voucher and by what ties its entries."""

    def __init__(self, known: Held) -> None:
        books = known.profile["global"]["books"]
        self.sales, self.payments = set(books["sales"]), set(books["payments"])
        self.credits = set(books.get("credits", ()))
        self.entries: dict[Any, list[Row]] = defaultdict(list)
        self.notes: dict[Any, list[Row]] = defaultdict(list)
        self.tied: dict[Any, list[Row]] = defaultdict(list)
        for row in known.rows["DebLTransaction"]:
            if row["VoucherTypeNo"] in self.sales:
                self.entries[row["VoucherNo"]].append(row)
            if row["VoucherTypeNo"] in self.credits:
                self.notes[row["VoucherNo"]].append(row)
            if row["ContraEntryNo"]:
                self.tied[row["ContraEntryNo"], row["CustomerNo"]].append(row)

    def stage(self, parts: Sequence[Part]) -> Stage:
        """How far an order with these parts is."""
        invoiced = [p.head for p in parts if not p.open and p.head["OrderStatus"] != NULLIFIED]
        still = [p for p in parts if p.open and p.head["OrderStatus"] != NULLIFIED]
        if not invoiced:
            return Stage((TAKEN,), "taken") if still else Stage((0, TAKEN), "nullified")
        if still:
            return Stage((TAKEN,), "part delivered")
        return self._settled(invoiced)

    def _settled(self, invoiced: Sequence[Row]) -> Stage:
        numbers = {head["InvoiceNo"] for head in invoiced}
        entries = [row for number in sorted(numbers) for row in self._booked(number, invoiced)]
        if numbers - {row["VoucherNo"] for row in entries}:
            return Stage((SENT,), "sent")
        rests = [cents(exact(row["RestAmount"])) for row in entries]
        whole = sum((cents(exact(row["Amount"])) for row in entries), Decimal())
        if any(rests):
            name = "sent" if sum(rests, Decimal()) == whole else "part paid"
            return Stage((SENT,), name)
        counters = [row for entry in entries for row in self._counters(entry, whole)]
        if not counters or any(row["VoucherTypeNo"] not in self.payments for row in counters):
            return Stage((SENT,), "closed otherwise")
        return Stage((PAID,), "paid", max(filter(None, (day(r["VoucherDate"]) for r in counters))))

    def _booked(self, number: Any, invoiced: Sequence[Row]) -> list[Row]:
        """The ledger's rows of an invoice; a credit note's may have a type of its own."""
        heads = [head for head in invoiced if head["InvoiceNo"] == number]
        credited = sum((exact(head["TotalAmount"]) for head in heads), Decimal()) < 0
        return (self.notes[number] if credited else []) or self.entries[number]

    def _counters(self, entry: Row, whole: Decimal) -> list[Row]:
        """What closed an entry: payments, notes, losses, an invoice of the contrary sign; not the
        other invoices that one payment closed with it."""
        tied = self.tied.get((entry["ContraEntryNo"], entry["CustomerNo"]), [])
        return [
            row
            for row in tied
            if row["UniqueNo"] != entry["UniqueNo"]
            and (row["VoucherTypeNo"] not in self.sales or exact(row["Amount"]) * whole < 0)
        ]
