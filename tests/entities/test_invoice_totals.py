"""Whatever the amounts, rates and quantities: an order comes to its invoice's total, line by line,
in its own and in the company's currency, and reads back the same from FLOAT columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from recon.entities.invoice import order
from recon.entities.invoice.visma_global import GLOBAL
from tests.entities.test_invoice_order import Case, Lists, row

PLACES = {"NOK": 2, "EUR": 2, "SEK": 2, "JPY": 0}
NUMBERS = {"NOK": 578, "EUR": 978, "SEK": 752, "JPY": 392}
UNITS = {"SEK": "100", "JPY": "100"}
LINES = st.tuples(st.decimals(-400, 400, places=2), st.decimals(0, 30_000, places=4))
RATES = st.decimals(Decimal("0.0001"), 20, places=6)


def half_up(value: Decimal, places: int) -> Decimal:
    """By the decimal module itself, apart from recon's own rounding."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def invoice(currency: str, rate: Decimal, lines: Sequence[tuple[Decimal, Decimal]]) -> Case:
    """An invoice as Severa sends it: JSON numbers, totals rounded by row."""
    places = PLACES[currency]
    nets = [half_up(quantity * price, places) for quantity, price in lines]
    tax = half_up(sum(nets, Decimal()) * 25 / 100, places)
    rows = [
        row(guid=f"r{at}", quantity=float(quantity),
            unitPrice={"amount": float(price), "currencyCode": currency})
        for at, (quantity, price) in enumerate(lines)
    ]  # fmt: skip
    return Case(
        fields={"currency": currency, "total": sum(nets, Decimal()), "vat": half_up(tax * rate, 2)},
        attributes={"rows": rows, "tax": tax, "rate": rate},
        lists=Digits(currencies=NUMBERS, units=UNITS),
    )


class Digits(Lists):
    """Lists with each currency's own digits."""

    def from_global(self, kind: str, key: Any) -> Any:
        if kind == "currency_digits":
            return str(PLACES[str(key)])
        if kind == "currency":
            return next((code for code, number in NUMBERS.items() if number == key), None)
        return super().from_global(kind, key)


@given(st.sampled_from(sorted(PLACES)), RATES, st.lists(LINES, min_size=1, max_size=25))
def test_an_order_comes_to_its_invoice_and_reads_back_the_same(
    currency: str, rate: Decimal, lines: list[tuple[Decimal, Decimal]]
) -> None:
    rate = Decimal(1) if currency == "NOK" else rate
    case = invoice(currency, rate, lines)
    assume(case.fields["total"])
    header, *found = [write.values for write in order.compose(case.invoice, case.context)]
    assert sum(line["ExchangeAmount"] for line in found) == case.fields["total"]
    assert header["ExchangeAmount"] == case.fields["total"]
    assert sum(line["Amount"] for line in found) == header["TotalAmount"]
    assert header["TotalGross"] == header["TotalAmount"] + header["TotalVAT"]
    for line, (quantity, price) in zip(found, lines, strict=True):
        assert line["ExchangeAmount"] == half_up(quantity * price, PLACES[currency])
        assert line["Amount"] == half_up(line["ExchangeAmount"] * rate, 2)
    (record,) = GLOBAL.records({"order": [as_stored(header)]}, case.context)
    assert record.attributes.get("unreadable") is None
    assert (record.fields["total"] or 0) == case.fields["total"]
    assert (record.fields["vat"] or 0) == case.fields["vat"]


def as_stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns as they come back: amounts are FLOATs, read through their shortest text."""
    found = {
        name: Decimal(repr(float(value))) if isinstance(value, Decimal) else value
        for name, value in values.items()
    }
    return found | {"OrderNo": "20001"}
