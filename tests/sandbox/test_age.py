"""A company is made older: every stamp moves, empty ones stay, and nothing else changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from recon.sandbox import acts_global, acts_severa, severa_server, world
from recon.sandbox.age import STAMPS, age
from recon.sandbox.company_plain import LINKED, Counts
from recon.sandbox.world import World

pytestmark = pytest.mark.slow

DAYS = 40


@pytest.fixture
def company(tmp_path: Path) -> Iterator[World]:
    profile = world.create_plain(tmp_path / "company", Counts(4, 3, 2, 2), LINKED, 1)
    with world.open_world(profile) as opened:
        yield opened
    severa_server.release(profile.parent)


def customers(opened: World) -> dict[int, dict[str, Any]]:
    return {row["CustomerNo"]: dict(row) for row in acts_global.rows(opened, "Customer")}


def without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def test_all_stamps_move_and_nothing_else(company: World) -> None:
    before, theirs = customers(company), company.severa.all("projects")
    company.close()
    assert age(company, DAYS) > 30
    by = timedelta(days=DAYS)
    for number, row in customers(company).items():
        assert without(row, *STAMPS) == without(before[number], *STAMPS)
        assert [before[number][name] - row[name] for name in STAMPS] == [by, by]
    for old, new in zip(theirs, company.severa.all("projects"), strict=True):
        moved = ("createdDateTime", "lastUpdatedDateTime")
        assert without(new, *moved) == without(old, *moved)
        for name in moved:
            assert datetime.fromisoformat(old[name]) - datetime.fromisoformat(new[name]) == by


def test_an_empty_stamp_stays_empty(company: World) -> None:
    number = min(customers(company))
    empty = datetime(1970, 1, 1)
    acts_global.edit(company, "Customer", number, {"Created": empty})
    age(company, DAYS)
    assert customers(company)[number]["Created"] == empty


def test_what_changes_afterwards_is_new(company: World) -> None:
    guid = company.severa.all("customers")[0]["guid"]
    company.close()
    age(company, DAYS)
    acts_severa.edit(company, "customers", guid, {"name": "Nytt navn AS"})
    since = {"changedSince": "2026-01-01T00:00:00Z", "rowCount": "100"}
    changed = company.severa._done({"method": "GET", "path": "/v1/customers", "query": since})
    assert [doc["guid"] for doc in changed["body"]] == [guid]
