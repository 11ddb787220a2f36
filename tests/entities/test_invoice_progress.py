"""How far an order is: the table of docs/invoices.md, a case per row."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from recon.entities.invoice.progress import NULLIFIED, Rows, progress
from recon.settings_documents import Books

SALE, CREDIT, PAYMENT, OTHER = 1, 2, 3, 9
BOOKS = Books(sales=[SALE], credits=[CREDIT], payments=[PAYMENT])
Row = dict[str, Any]
DAY = datetime(2026, 3, 1)


def order(status: int = 10050) -> Row:
    return {"OrderStatus": status, "OrderNo": "20001"}


def copy(invoice: int | None = 300, status: int = 1000, amount: float = 1000.0) -> Row:
    money = {"TotalAmount": amount or None, "TotalVAT": amount * 0.25 or None}
    return {"OrderStatus": status, "InvoiceNo": invoice, "InvoiceDate": DAY, **money}


def entry(rest: float | None, invoice: int = 300) -> Row:
    amounts = {"Amount": 1250.0, "RestAmount": rest}
    return {"VoucherNo": invoice, "VoucherTypeNo": SALE, "UniqueNo": invoice, **amounts}


def paid(day: int, kind: int = PAYMENT) -> Row:
    return {"VoucherTypeNo": kind, "VoucherDate": datetime(2026, 4, day), "UniqueNo": day}


def note(rest: float | None, invoice: int = 300) -> Row:
    return {**entry(rest, invoice), "VoucherTypeNo": CREDIT, "Amount": -1250.0}


def credit_of(amount: float, kind: int) -> Row:
    return {**paid(7, kind), "VoucherNo": 555, "Amount": amount, "RestAmount": None}


CASES = [
    pytest.param(Rows(order()), "ordered", None, id="not invoiced"),
    pytest.param(Rows(order(), [copy()]), "part delivered", None, id="the rest is still open"),
    pytest.param(Rows(None, [copy()]), "sent", None, id="not in the ledger yet"),
    pytest.param(Rows(None, [copy()], [entry(1250.0)]), "sent", None, id="nothing paid"),
    pytest.param(Rows(None, [copy()], [entry(200.0)]), "part paid", None, id="a part paid"),
    pytest.param(
        Rows(None, [copy()], [entry(None)], [paid(2), paid(9)]),
        "paid",
        date(2026, 4, 9),
        id="closed by payments",
    ),
    pytest.param(
        Rows(None, [copy(300), copy(301)], [entry(None), entry(100.0, 301)], [paid(2)]),
        "part paid",
        None,
        id="in parts, one of them not paid",
    ),
    pytest.param(
        Rows(None, [copy(300), copy(301)], [entry(None), entry(None, 301)], [paid(2), paid(5)]),
        "paid",
        date(2026, 4, 5),
        id="in parts, all paid",
    ),
    pytest.param(
        Rows(None, [copy()], [entry(None)], [paid(2, CREDIT)]),
        "closed otherwise",
        None,
        id="closed by a credit note",
    ),
    pytest.param(
        Rows(None, [copy()], [entry(None)], [paid(2), paid(3, OTHER)]),
        "closed otherwise",
        None,
        id="written off in part",
    ),
    pytest.param(
        Rows(None, [copy()], [entry(None)]), "closed otherwise", None, id="nothing tied to it"
    ),
    pytest.param(
        Rows(None, [copy()], [entry(None)], [paid(2), credit_of(-400.0, SALE)]),
        "closed otherwise",
        None,
        id="credited in part by a note of the invoices' own voucher type",
    ),
    pytest.param(
        Rows(None, [copy()], [entry(None)], [paid(2), credit_of(400.0, SALE)]),
        "paid",
        date(2026, 4, 2),
        id="one payment for two invoices",
    ),
    pytest.param(
        Rows(None, [copy(amount=-1000.0)], [note(-1250.0)]), "sent", None, id="a credit note"
    ),
    pytest.param(
        Rows(None, [copy(amount=-1000.0)], [note(None)], [paid(2)]),
        "paid",
        date(2026, 4, 2),
        id="a credit note that was paid out",
    ),
    pytest.param(
        Rows(None, [copy(amount=-1000.0)], [note(None)], [credit_of(1250.0, SALE)]),
        "closed otherwise",
        None,
        id="a credit note settled against the invoice",
    ),
    pytest.param(
        Rows(None, [copy(300, amount=0.0), copy(301)], [entry(None, 301)], [paid(2)]),
        "paid",
        date(2026, 4, 2),
        id="in parts, one of them of nothing",
    ),
    pytest.param(
        Rows(None, [copy(300, NULLIFIED), copy(301)], [entry(1250.0), entry(None, 301)], [paid(2)]),
        "paid",
        date(2026, 4, 2),
        id="nullified and invoiced anew",
    ),
    pytest.param(
        Rows(None, [copy()], [entry(None)], [{**paid(2), "ContraEntryNo": 9}]),
        "closed otherwise",
        None,
        id="a payment of another voucher with the same number",
    ),
    pytest.param(Rows(None, [copy(amount=0.0)]), "paid", DAY.date(), id="an invoice of nothing"),
    pytest.param(Rows(order(NULLIFIED)), "nullified", None, id="nullified order"),
    pytest.param(Rows(None, [copy(status=NULLIFIED)]), "nullified", None, id="nullified invoice"),
    pytest.param(Rows(None, [copy(invoice=None)]), "ordered", None, id="moved without a number"),
    pytest.param(
        Rows(None, [copy()], [entry(0.001)], [paid(2)]),
        "paid",
        date(2026, 4, 2),
        id="what is left of a float is no amount",
    ),
]


@pytest.mark.parametrize(("rows", "stage", "day"), CASES)
def test_how_far_an_order_is(rows: Rows, stage: str, day: date | None) -> None:
    found = progress(rows, BOOKS)
    assert (found.stage, found.paid_on) == (stage, day)
    assert found.words


def test_a_voucher_of_another_type_with_the_same_number_is_no_entry() -> None:
    stranger = {**entry(None), "VoucherTypeNo": OTHER}
    assert progress(Rows(None, [copy()], [stranger]), BOOKS).stage == "sent"
