"""Visma Global's exchange rates: what one unit of a currency is worth in company currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, or_, select

from recon import money, text
from recon.frames import rows
from recon.systems.document_tables import currency_rate as table

Raw = Mapping[str, Any]
Rates = Mapping[str, Mapping[date, Decimal]]


def statements(begin: date | None) -> Mapping[str, Select[Any]]:
    """The rates from a day on, with the last one before it of each currency; nothing where no day
    is given."""
    if begin is None:
        return {}
    day, earlier = datetime.combine(begin, time()), table.alias("earlier")
    last = select(func.max(earlier.c.RateDate)).where(
        earlier.c.CurrencyNo == table.c.CurrencyNo, earlier.c.RateDate <= day
    )
    names = ("CurrencyNo", "RateDate", "SalesRate")
    wanted = or_(table.c.RateDate >= day, table.c.RateDate == last.scalar_subquery())
    return {table.name: select(*(table.c[name] for name in names)).where(wanted)}


def build(lists: Mapping[str, Sequence[Raw]]) -> Rates:
    """Currency code → its worth by the day since when; rows that cannot be read are left out."""
    known, _ = rows(lists.get("CurrencyTable", ()), _currency)
    units = {number: (code, unit) for number, code, unit in known}
    made, _ = rows(lists.get(table.name, ()), lambda row: _worth(row, units))
    found: dict[str, dict[date, Decimal]] = {}
    for code, day, worth in made:
        found.setdefault(code, {})[day] = worth
    return found


def _currency(row: Raw) -> tuple[int, str, int]:
    """Number, code, and for how many units Global's rates stand."""
    return int(row["CurrencyNo"]), text.squeeze(row["CurrencyCode"]) or "", int(row["Unit"] or 1)


def _worth(row: Raw, units: Mapping[int, tuple[str, int]]) -> tuple[str, date, Decimal]:
    code, unit = units[int(row["CurrencyNo"])]
    rate = money.exact(row["SalesRate"])
    if not rate:
        raise ValueError("SalesRate")
    return code.upper(), row["RateDate"].date(), rate / unit


def worth(found: Rates, currency: str, day: date) -> Decimal | None:
    """What one unit is worth by the last rate that is not from after the day, or None."""
    days = found.get(currency, {})
    begun = [start for start in days if start <= day]
    return days[max(begun)] if begun else None
