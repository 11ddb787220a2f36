"""Scopes: those asked for are those that the code needs, by the contract's own words."""

from __future__ import annotations

import pytest

from recon.doctor.scopes import reading, writing
from recon.entities import ENTITIES
from recon.sandbox.severa_contract import contract
from recon.systems.severa_scopes import INVOICES, SCOPES
from tests.doctor.asked import profile


def test_the_token_asks_for_what_is_needed_and_no_more() -> None:
    assert set(SCOPES) == reading(profile()) | writing(profile())


def test_documents_need_more_scopes_and_only_where_they_run() -> None:
    running = profile(transfer={"invoices_from": "2026-01-01"})
    assert (reading(running) | writing(running)) - set(SCOPES) == set(INVOICES)


def test_what_is_off_is_not_written() -> None:
    off = profile(transfer={"entities": {e.name: "off" for e in ENTITIES if e.name != "contact"}})
    assert writing(off) == {"customers:write"}


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda e: e.name)
def test_the_contract_asks_for_no_other_scope(entity) -> None:
    running = profile(transfer={"invoices_from": "2026-01-01"})
    for side in entity.severa_sides:
        wanted = {
            scope
            for operation in contract().operations
            if operation.template in (side.listing.path, side.one)
            and operation.method in ("get", "post", "patch")
            for scope in operation.scopes
        }
        assert wanted and wanted <= reading(running) | writing(running)
