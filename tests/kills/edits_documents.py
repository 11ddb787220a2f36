"""What users did with documents before the run that is killed: invoices that wait to transfer,
orders that were invoiced and paid, suppliers' invoices. Each needs the company's server running."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from recon.sandbox import acts_global
from recon.sandbox import acts_invoices as theirs
from recon.sandbox import ledger_orders as orders
from recon.sandbox import ledger_payments as payments
from recon.sandbox import ledger_suppliers as ledger
from recon.sandbox.acts_invoices import Entry
from recon.sandbox.ledger_suppliers import Bought, Cost
from tests.kills.desk import Desk, sitting
from tests.kills.state import guid_of

BEGIN, BOUGHT = date(2026, 1, 1), date(2026, 11, 20)
EACH = 3


def make(folder: Path, seed: int) -> None:
    """Invoices that the first syncs transfer."""
    with sitting(folder, seed) as desk:
        for at, project in enumerate(_projects(desk)[: 3 * EACH]):
            _released(desk, project, at)


def go_on(folder: Path, seed: int) -> None:
    """Some of the orders are invoiced, of these some paid; and there are new invoices."""
    with sitting(folder, seed) as desk:
        made = sorted(desk.state.rows["CustomerOrder"].items(), key=lambda row: guid_of(row[1]))
        bills = [orders.invoice_order(desk.world, str(number)) for number, _ in made[: 2 * EACH]]
        for bill in bills[:EACH]:
            payments.pay(desk.world, bill)
        for at, project in enumerate(_projects(desk)[:EACH]):
            _released(desk, project, EACH + at)
        _bought(desk)


def _bought(desk: Desk) -> None:
    """Two suppliers' invoices of several lines; one line is corrected at once."""
    lines = [
        Cost(4500, Decimal(1000) + at, int(number), text=f"Uke {at}")
        for at, (number, _) in enumerate(desk.linked["Project"][: 2 * EACH])
    ]
    for part in (lines[:EACH], lines[EACH:]):
        ledger.supplier_invoice(desk.world, Bought(50_001, part, day=BOUGHT))
    booked = acts_global.rows(desk.world, "GLAccountTransaction", GLAccountNo=4500)
    ledger.correct(desk.world, int(booked[0]["UniqueNo"]), {"Amount": 900.0})


def _projects(desk: Desk) -> list[str]:
    docs = desk.state.docs["projects"]
    return [guid for _, guid in desk.linked["Project"] if not docs[guid].get("isInternal")]


def _released(desk: Desk, project: str, at: int) -> None:
    entry = Entry(Decimal("1.5") + at, Decimal("1033.33"))
    theirs.register_hours(desk.world, project, entry)
    theirs.register_fee(desk.world, project, Entry())
    theirs.release(desk.world, theirs.draft_invoice(desk.world, project, "2026-11-20"))
