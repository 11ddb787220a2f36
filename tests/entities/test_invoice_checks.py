"""The checklist for invoices: number series, and customers who cannot be invoiced."""

from __future__ import annotations

from typing import Any

import pytest

from recon.entities.invoice import ENTITY
from recon.entities.siblings import WAITS
from recon.shapes import Record
from tests.entities.world import World


def lines(world: World, check: str) -> list[tuple[str, str, str]]:
    found = next(one for one in ENTITY.checks if one.name == check)
    return [*found.find(world.checkup)]  # type: ignore[list-item]


def invoice(key: str, number: str | None, waits: bool = True) -> Record:
    fields: dict[str, Any] = {"customer": "c"}
    return Record("invoice", "severa", key, fields, number=number, attributes={WAITS: waits})


@pytest.mark.parametrize(
    ("first", "last", "overlap"),
    [(100, 250, True), (210, 300, True), (100, 199, False), (211, 300, False), (None, None, False)],
)
def test_invoice_numbers_of_both_systems_in_one_range(
    first: int | None, last: int | None, overlap: bool
) -> None:
    world = World(rows={"CustomerOrderCopy": [{"first": first, "last": last}]})
    world.put(invoice("a", "200"), invoice("b", "210"), invoice("c", None))
    found = lines(world, "number_series_overlap")
    assert [text.partition(";")[0] for _, _, text in found] == (
        [f"Global has {first} to {last}, Severa 200 to 210"] if overlap else []
    )


def test_without_numbers_in_severa_nothing_overlaps() -> None:
    world = World(rows={"CustomerOrderCopy": [{"first": 1, "last": 999}]})
    assert lines(world.put(invoice("a", None)), "number_series_overlap") == []


def test_the_customer_of_a_waiting_invoice_is_locked() -> None:
    facts = {"locked": True, "merged_to": "10002"}
    ours = Record("customer", "global", "10001", {"name": "K", "active": True}, attributes=facts)
    world = World().put(ours, invoice("a", "1"), invoice("b", "2", waits=False))
    assert lines(world, "customer_blocked") == []
    found = lines(world.connect("customer", "10001", "c"), "customer_blocked")
    assert [(side, key) for side, key, _ in found] == [("severa", "a"), ("severa", "a")]
    assert "locked" in found[0][2] and "merged into 10002" in found[1][2]
