"""Scopes: those asked for are those that the code needs, by the contract's own words."""

from __future__ import annotations

import pytest

from recon.doctor.scopes import reading, writing
from recon.entities import ENTITIES
from recon.sandbox.severa_contract import contract
from recon.systems.severa_scopes import FEES, INVOICES, SCOPES
from tests.doctor.asked import profile

BOOKS = {"books": {"suppliers": [4], "cost_accounts": [[4000, 7999]]}}
DAY = "2026-01-01"


def test_the_token_asks_for_what_is_needed_and_no_more() -> None:
    assert set(SCOPES) == reading(profile()) | writing(profile())


def test_documents_need_more_scopes_and_only_where_they_run() -> None:
    invoices = profile(transfer={"invoices_from": DAY})
    assert (reading(invoices) | writing(invoices)) - set(SCOPES) == set(INVOICES)
    costs = profile(transfer={"costs_from": DAY}, **{"global": BOOKS})
    assert (reading(costs) | writing(costs)) - set(SCOPES) == set(FEES)


def test_what_is_off_is_not_written() -> None:
    off = profile(transfer={"entities": {e.name: "off" for e in ENTITIES if e.name != "contact"}})
    assert writing(off) == {"customers:write"}


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda e: e.name)
def test_the_contract_asks_for_no_other_scope(entity) -> None:
    dates = {"invoices_from": DAY, "costs_from": DAY}
    running = profile(transfer=dates, **{"global": BOOKS})
    for side in entity.severa_sides:
        wanted = {
            scope
            for operation in contract().operations
            if operation.template in (side.listing.path, side.one)
            and operation.method in ("get", "post", "patch")
            for scope in operation.scopes
        }
        assert wanted and wanted <= reading(running) | writing(running)
