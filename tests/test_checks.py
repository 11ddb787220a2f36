"""What all entities' linked pairs are looked at for; a check only tells."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from recon import checks
from recon.spec import Scope
from tests.engine import entity, linked, ours, situation, theirs


def found(records: Any, **more: Any) -> list[tuple[str, str]]:
    """The findings (check, key) about records of which 1 and g are linked."""
    thing = entity(**more)
    now = situation([thing], records, [linked("1", "g", {})])
    bench = checks.Bench(now.context, now.mirror, now.links, None)  # type: ignore[arg-type]
    return [(one.check, one.key) for one in checks.run([thing], bench)]


@pytest.mark.parametrize(("number", "told"), [("1", False), ("7", True), (None, False)])
def test_a_changed_number_is_a_finding(number: str | None, told: bool) -> None:
    records = [ours("1"), replace(theirs("g"), number=number)]
    assert found(records) == ([("number_changed", "1")] if told else [])


def nobody(_record: Any, _context: Any) -> Scope:
    return Scope("out of scope", "its type does not transfer")


def test_leaving_a_filter_is_a_finding_and_no_more() -> None:
    records = [ours("1"), theirs("g")]
    assert found(records) == []
    assert found(records, creatable=nobody) == [("outside_filter", "1")]


def test_a_pair_that_one_system_would_still_create_has_left_no_filter() -> None:
    def only_severas(record: Any, _context: Any) -> Scope | None:
        return None if record.side == "severa" else Scope("out of scope", "not from Global")

    assert found([ours("1"), theirs("g")], creatable=only_severas) == []


def test_what_is_inactive_or_not_linked_is_not_told() -> None:
    inactive = [ours("1", fields={"active": False}), theirs("g", fields={"active": False})]
    assert found(inactive, creatable=nobody) == []
    assert found([ours("2"), theirs("h")], creatable=nobody) == []


def test_a_document_that_went_over_once_has_left_no_filter() -> None:
    assert found([ours("1"), theirs("g")], creatable=nobody, worth=lambda _: Decimal()) == []
