"""Exchange rates: those that can count are read, by day and unit."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from recon import rates
from tests.entities.costs import CURRENCIES, RATES
from tests.entities.world import Database
from tests.global_fixtures import compiled

FOUND = rates.build({"CurrencyTable": CURRENCIES, "CurrencyRate": RATES})


@pytest.mark.parametrize(
    ("currency", "day", "worth"),
    [
        ("EUR", date(2025, 11, 30), None),
        ("EUR", date(2026, 2, 28), "11"),
        ("EUR", date(2026, 3, 1), "12"),
        ("EUR", date(2030, 1, 1), "13"),
        ("SEK", date(2026, 3, 1), "0.98"),
        ("USD", date(2026, 3, 1), None),
    ],
)
def test_the_last_rate_that_is_not_from_after_the_day(
    currency: str, day: date, worth: str | None
) -> None:
    assert rates.worth(FOUND, currency, day) == (None if worth is None else Decimal(worth))


@pytest.mark.parametrize("odd", [{"SalesRate": 0.0}, {"SalesRate": None}, {"RateDate": None}])
def test_a_rate_that_cannot_be_read_is_none(odd: dict[str, Any]) -> None:
    rows = [{**RATES[0], **odd}]
    assert rates.build({"CurrencyTable": CURRENCIES, "CurrencyRate": rows}) == {}


def test_of_what_lies_before_the_cut_off_only_the_last_is_read() -> None:
    database = Database()
    days = [datetime(2025, m, 1) for m in (10, 11, 12)] + [datetime(2026, m, 1) for m in (1, 2)]
    for number, known in ((978, days), (752, days[:2])):
        for day in known:
            database.add("CurrencyRate", CurrencyNo=number, RateDate=day, SalesRate=1.0)
    (statement,) = rates.statements(date(2025, 12, 24)).values()
    with database.engine.begin() as connection:
        found = connection.execute(statement).all()
    assert sorted((number, day) for number, day, _ in found) == [
        (752, days[1]),
        (978, days[2]),
        (978, days[3]),
        (978, days[4]),
    ]
    assert "SELECT max" in compiled(statement)


def test_without_a_cut_off_none_is_read() -> None:
    assert rates.statements(None) == {}
