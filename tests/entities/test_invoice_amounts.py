"""Amounts, texts and articles of invoice rows: what becomes a line, and what is told instead."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recon.entities.invoice import lines
from recon.entities.invoice.amounts import Amount, Header, difference, taxes
from recon.errors import Refused

CENT = Decimal("0.01")
QUANTITIES = st.decimals(-500, 500, places=2)
PRICES = st.decimals(-20_000, 20_000, places=4)
ROWS = st.lists(
    st.builds(
        Amount, QUANTITIES, PRICES, st.sampled_from([Decimal(p) for p in (0, 12, 15, 25, "11.5")])
    ),
    min_size=1,
    max_size=40,
)


def cents(value: Decimal) -> Decimal:
    """Half up by the decimal module itself, apart from recon's own rounding."""
    return value.quantize(CENT, ROUND_HALF_UP)


def header(rows: Sequence[Amount], tax: Decimal, allowed: int = 0, off: int = 0) -> Header:
    net = sum((cents(row.quantity * row.price) for row in rows), Decimal())
    return Header(net + off * CENT, tax, 2, allowed)


@given(ROWS)
def test_an_invoice_whose_vat_is_rounded_in_any_of_the_ways_agrees(rows: list[Amount]) -> None:
    nets = [(row.percentage, cents(row.quantity * row.price)) for row in rows]
    per_row = sum((cents(net * rate / 100) for rate, net in nets), Decimal())
    rates = {rate for rate, _ in nets}
    by_rate = sum(
        (cents(sum(n for r, n in nets if r == rate) * rate / 100) for rate in rates), Decimal()
    )
    at_the_end = cents(sum((net * rate / 100 for rate, net in nets), Decimal()))
    for tax in (per_row, by_rate, at_the_end):
        assert difference(rows, header(rows, tax)) == 0


@given(ROWS, st.sampled_from([-3, -1, 1, 3]))
def test_a_cent_that_no_row_explains_is_told_or_gets_a_line(rows: list[Amount], off: int) -> None:
    tax = min(taxes(rows, 2))
    with pytest.raises(Refused, match="but the invoice's total without VAT"):
        difference(rows, header(rows, tax, off=off))
    assert difference(rows, header(rows, tax, allowed=abs(off), off=off)) == off * CENT


@given(ROWS, st.sampled_from([Decimal("0.01"), Decimal("-0.01")]))
def test_vat_that_no_way_of_rounding_gives_is_told(rows: list[Amount], off: Decimal) -> None:
    tax = (max if off > 0 else min)(taxes(rows, 2)) + off
    with pytest.raises(Refused, match="VAT comes to"):
        difference(rows, header(rows, tax))


def test_an_invoice_without_totals_is_told() -> None:
    with pytest.raises(Refused, match="no totals"):
        difference([], Header(None, None, 2, 0))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"quantity": 1.0, "unitPrice": None}, "has no price"),
        (
            {"quantity": 1.0, "unitPrice": {"amount": 5.0, "currencyCode": "EUR"}},
            "has a price in EUR on an invoice in NOK",
        ),
    ],
)
def test_a_row_that_cannot_be_a_line_is_told(row: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=words):
        lines.amount(row, "Row 1", "NOK")


def test_a_row_of_text_alone_and_a_negative_quantity_are_lines() -> None:
    assert lines.amount({"quantity": 0.0, "unitPrice": None}, "Row 1", "NOK").net(2) == 0
    price = {"amount": 99.995, "currencyCode": "NOK"}
    row = {"quantity": -1.0, "unitPrice": price, "vatRate": 25.0}
    assert lines.amount(row, "Row 1", "NOK").net(2) == Decimal("-100.00")


@given(st.text(st.characters(codec="cp1252", exclude_categories=["C"]), max_size=300))
def test_no_word_of_a_text_is_lost_in_wrapping(said: str) -> None:
    found = lines.says({"description": said, "rowType": "Hours"}, 20)
    assert all(0 < len(piece) <= 20 for piece in found)
    assert "".join("".join(found).split()) == ("".join(said.split()) or "Hours")
