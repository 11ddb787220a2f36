"""What is held, since when and what waits behind it; reasons counted; what costs something."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from recon.report.naming import words
from recon.report.waiting import costs, held, licences, reasons
from recon.shapes import Facts, Hold, Outcome
from tests.report.conftest import GUID


def test_what_most_others_wait_for_stands_first_with_its_age(facts: Facts) -> None:
    sheet = held(facts, words(facts, {"contact": "Contacts"}))
    first = sheet.rows[0]
    assert first[2:4] == ("10004", "Nordlys Kraft ASA")
    assert first[6:10] == (date(2026, 11, 21), 3, 1, "Contacts 1")
    assert [row[6:10] for row in sheet.rows[1:]] == [(None, None, 0, "")] * 2


def test_of_holds_with_equal_queues_the_oldest_stands_first(facts: Facts) -> None:
    holds = (
        Hold("customer", "global", "10004", "2026-11-21", {}),
        Hold("customer", "severa", GUID(6), "2026-10-01", {}),
    )
    rows = held(replace(facts, holds=holds), words(facts, {})).rows
    assert [row[3] for row in rows] == ["Nordlys Kraft", "Nordlys Kraft ASA", "Ola Vik"]


def test_reasons_are_counted_and_add_up(facts: Facts) -> None:
    more = [
        replace(facts.outcomes[6], key=str(at), detail=f"customer Alta {at} AS does not transfer")
        for at in range(3)
    ]
    given = replace(facts, outcomes=(*facts.outcomes, *more))
    sheet = reasons(given, words(given, {}), ("out of scope",), "t", "n")
    assert [row[3:] for row in sheet.rows] == [
        ("its customer does not transfer", 3),
        ("inactive", 1),
        ("", 4),
    ]
    assert sheet.count == 2


def test_licences_are_counted_by_type_and_say_how_to_approve_them(plan: Facts) -> None:
    sheet = licences(plan, words(plan, {}))
    assert [row[0] for row in sheet.rows] == ["licence of type Employee", "licence of type PM"]
    assert [row[4] for row in sheet.rows] == ["held", "to be created"]
    assert "Approved: 1 × licence of type PM." in sheet.note
    assert "To be approved: 1 × licence of type Employee." in sheet.note
    assert "--licences 1" in sheet.note and "licences = 1" in sheet.note


def test_the_number_to_approve_is_of_all_that_the_plan_would_cost(plan: Facts) -> None:
    more = tuple(
        Outcome("employee", "global", str(at), "E", "held", costs="licence of type A")
        for at in range(3)
    )
    assert costs(more) == "3 × licence of type A"
    asked = replace(plan, outcomes=more)
    assert "--licences 3" in licences(asked, words(asked, {})).note


def test_without_costs_there_is_nothing_to_approve(facts: Facts) -> None:
    free = replace(facts, outcomes=facts.outcomes[:3])
    assert licences(free, words(free, {})).rows == ()
