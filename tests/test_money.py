"""Amounts: exact in, half up out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recon import money


@pytest.mark.parametrize(
    ("value", "currency", "expected"),
    [
        (0.1 + 0.2, "NOK", "0.30"),
        (2.675, "NOK", "2.68"),
        (-2.675, "NOK", "-2.68"),
        (1.005, "EUR", "1.01"),
        ("1234.5", "JPY", "1235"),
        (0.5, "ISK", "1"),
        (1.23456, "KWD", "1.235"),
        (1, None, "1.00"),
        (-0.001, "NOK", "0.00"),
        ("99999999999999999.995", "NOK", "100000000000000000.00"),
    ],
)
def test_amounts_round_half_up(value: Any, currency: str | None, expected: str) -> None:
    assert str(money.amount(value, currency)) == expected


@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_is_no_amount(nothing: Any) -> None:
    assert money.amount(nothing) is None


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), "NaN", "12,5", "abc", True, [1]])
def test_what_is_not_a_number_raises(wrong: Any) -> None:
    with pytest.raises(ValueError, match="not"):
        money.exact(wrong)


def test_a_total_is_rounded_once() -> None:
    parts = [Decimal("0.005"), Decimal("0.005"), None, Decimal("0.005")]
    assert money.total(parts, "NOK") == Decimal("0.02")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12)))
def test_scaling_loses_nothing_down_to_four_places(value: Decimal) -> None:
    assert money.unscaled(money.scaled(value)) == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [("10.50", "10.5"), ("100", "100"), ("1E+3", "1000"), ("-0.00", "0"), ("0.10000", "0.1")],
)
def test_equal_numbers_have_one_form(value: str, expected: str) -> None:
    assert str(money.bare(Decimal(value))) == expected
    assert money.bare(None) is None


def test_equal_once_rounded() -> None:
    assert money.equal(Decimal("1.004"), Decimal("1.00"), "NOK")
    assert not money.equal(Decimal("1.005"), Decimal("1.00"), "NOK")
    assert money.equal(None, None)
    assert not money.equal(None, Decimal(0))
