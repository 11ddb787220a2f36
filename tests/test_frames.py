"""Frames: typed, and every bad row collected."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from recon.errors import Refused
from recon.frames import Unreadable, frame, rows
from recon.shapes import Record
from recon.spec import Field
from tests.engine import entity

FIELDS = (
    Field("name", "Name", "", ""),
    Field("days", "Days", "", "", type="integer"),
    Field("price", "Price", "", "", type="decimal"),
    Field("active", "Active", "", "", type="boolean"),
    Field("due", "Due", "", "", type="date"),
)


def _record(key: str, **fields: Any) -> Record:
    return Record("thing", "global", key, fields, number=key)


def test_every_column_has_its_type() -> None:
    full = _record(
        "1",
        name="A",
        days=30,
        price=Decimal("1.5"),
        active=True,
        due=date(2026, 11, 24),
        currency="NOK",
    )
    found = frame([full, _record("2")], entity(fields=FIELDS))
    assert {name: str(dtype) for name, dtype in found.dtypes.items()} == {
        **dict.fromkeys(("key", "guid", "number", "parent", "role", "name"), "str"),
        "days": "Int64",
        "price": "Int64",
        "price_currency": "str",
        "active": "boolean",
        "due": "datetime64[us]",
    }
    assert found["price"].tolist()[0] == 15000
    assert found["price_currency"].tolist()[0] == "NOK"
    assert found.iloc[1][["name", "days", "price", "active", "due"]].isna().all()


def test_an_empty_frame_has_the_same_types() -> None:
    filled = frame([_record("1", name="A")], entity(fields=FIELDS))
    empty = frame([], entity(fields=FIELDS))
    assert empty.dtypes.to_dict() == filled.dtypes.to_dict()
    assert len(empty) == 0


def _convert(row: Any) -> int:
    if row == "own":
        raise Unreadable("Name is not a text")
    if row == "refused":
        raise Refused("It is refused")
    return int(row["n"])


def test_all_bad_rows_are_collected_not_the_first_alone() -> None:
    made, bad = rows([{"n": "1"}, {}, {"n": "secret"}, None, "own", "refused", {"n": 2}], _convert)
    assert made == [1, 2]
    assert [one.position for one in bad] == [1, 2, 3, 4, 5]
    assert [one.reason for one in bad][3:] == ["Name is not a text", "It is refused"]


def test_a_foreign_error_does_not_quote_the_data() -> None:
    _, bad = rows([{"n": "secret"}], _convert)
    assert "secret" not in bad[0].reason
