"""Values between Python and Visma Global."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recon.errors import Refused
from recon.systems.catalogue import Column
from recon.systems.row_values import clean, clean_rows, comparable, fitted, missing, same

OSLO = ZoneInfo("Europe/Oslo")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("", None),
        ("   ", None),
        ("Fjord  ", "Fjord"),
        ("  x", "  x"),
        (datetime(1970, 1, 1), None),
        (datetime(1900, 1, 1), None),
        (datetime(1899, 12, 30), None),
        (date(1970, 1, 1), None),
        (datetime(1970, 1, 1, 0, 0, 1), datetime(1970, 1, 1, 0, 0, 1)),
        (12.1, Decimal("12.1")),
        (0.1 + 0.2, Decimal("0.30000000000000004")),
        (float("nan"), None),
        (0, 0),
        (None, None),
        (b"\x00", b"\x00"),
    ],
)
def test_clean(raw: Any, value: Any) -> None:
    assert clean(raw) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_survives_the_way_there_and_back(number: float) -> None:
    assert float(clean(number)) == number


def test_clean_rows_drops_private_columns_in_any_spelling() -> None:
    rows = [("A ", "x", "1"), ("", "y", "2")]
    cleaned = clean_rows(["Name", "PASSWORD", "BankAccount"], rows)
    assert cleaned == [{"Name": "A"}, {"Name": None}]


@pytest.mark.parametrize(
    ("kind", "value", "parameter"),
    [
        ("text", 1234, "1234"),
        ("integer", " 12 ", 12),
        ("integer", "A7", "A7"),
        ("number", Decimal("1.5"), 1.5),
        ("text", None, "empty"),
    ],
)
def test_comparable(kind: Any, value: Any, parameter: Any) -> None:
    found = comparable(value, Column("C", kind, "empty"))
    assert found == parameter and type(found) is type(parameter)


@pytest.mark.parametrize("value", [None, "", " ", 0, Decimal(0), 0.0, datetime(1970, 1, 1)])
def test_missing(value: Any) -> None:
    assert missing(value)


@pytest.mark.parametrize("value", ["0", "x", 1, Decimal("0.01"), datetime(2026, 1, 1), b""])
def test_not_missing(value: Any) -> None:
    assert not missing(value)


@pytest.mark.parametrize(
    ("column", "value", "stored"),
    [
        (Column("C", "text", "", length=3, codec="cp1252"), "æøå", "æøå"),
        (Column("C", "text", "", length=3, codec="cp1252"), None, ""),
        (Column("C", "text", "", length=2), "😀", "😀"),
        (Column("C", "text", "", codec="utf-8", length=6), "æøå", "æøå"),
        (Column("C", "integer", 0, low=0, high=255), True, 1),
        (Column("C", "integer", 0, low=0, high=255), " 12", 12),
        (Column("C", "number", 0), Decimal("12.10"), 12.1),
        (Column("C", "moment", 0), date(2026, 5, 1), datetime(2026, 5, 1)),
        (
            Column("C", "moment", 0),
            datetime(2026, 7, 1, 12, tzinfo=UTC),
            datetime(2026, 7, 1, 14),
        ),
        (Column("C", "day", 0), datetime(2026, 5, 1, 9), date(2026, 5, 1)),
        (Column("C", "other", "e"), None, "e"),
    ],
)
def test_fitted(column: Column, value: Any, stored: Any) -> None:
    assert fitted(value, column, "T", OSLO) == stored


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        (Column("C", "text", "", length=3), "abcd", "4 characters, but at most 3"),
        (Column("C", "text", "", length=1), "😀", "2 characters, but at most 1"),
        (Column("C", "text", "", length=5, codec="utf-8"), "æøå", "at most 5"),
        (Column("C", "text", "", codec="cp1252"), "Ł", "'Ł' cannot be stored"),
        (Column("C", "text", ""), "\ud800", "cannot be stored"),
        (Column("C", "integer", 0, low=0, high=255), 256, "outside 0 to 255"),
        (Column("C", "integer", 0, low=0, high=255), "", "not a whole number"),
        (Column("C", "integer", 0, low=0, high=255), float("inf"), "not a whole number"),
        (Column("C", "number", 0), "abc", "not a number"),
        (Column("C", "moment", 0), datetime(1752, 12, 31), "before 1753"),
        (Column("C", "binary", b"", length=1), b"ab", "2 bytes, but at most 1"),
        (Column("C", "binary", b"", length=1), "a", "not binary"),
    ],
)
def test_refused_names_table_column_and_limit(column: Column, value: Any, words: str) -> None:
    with pytest.raises(Refused, match=words) as caught:
        fitted(value, column, "T", OSLO)
    assert caught.value.where == "Visma Global T.C" and caught.value.fields == ("C",)


@pytest.mark.parametrize(
    ("found", "expected", "equal"),
    [
        ("Fjord", "Fjord ", True),
        ("Fjord", "FJORD", False),
        (0, None, True),
        (None, "", True),
        (Decimal("1.50"), Decimal("1.5"), True),
        (datetime(2026, 1, 2), date(2026, 1, 2), True),
        ("a", (None, "a"), True),
        ("b", (None, "a"), False),
        (7, {0, 7}, True),
    ],
)
def test_same(found: Any, expected: Any, equal: bool) -> None:
    assert same(found, expected) is equal
