"""The reconciliation: numbers that add up visibly, and everything that is apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recon.report import data
from recon.report.naming import words
from recon.report.reconciliation import check
from recon.report.tally import tallies
from recon.shapes import Facts
from tests.report.test_data import line, sheet


def test_the_check_lines_sum_up_to_the_records_read(facts: Facts) -> None:
    rows = check(tallies(facts), words(facts, {})).rows
    assert all(sum(row[2:8]) == row[8] == row[9] for row in rows)  # type: ignore[arg-type]
    assert {row[10] for row in rows} == {"yes"}
    assert rows[-1][0] == "All" and rows[-1][9] == 13


def test_a_check_line_that_does_not_add_up_is_said(facts: Facts) -> None:
    short = replace(facts, read={**facts.read, "contact": {"global": 4, "severa": 0}})
    rows = {row[:2]: row[-1] for row in check(tallies(short), words(short, {})).rows}
    assert rows["Contact", "Visma Global"] == "no: 3 missing"
    assert rows["All", ""] == "no"
    assert line(data.reconciliation(short), "The numbers add up").tone == "bad"


def test_the_standing_has_a_line_of_totals(facts: Facts) -> None:
    rows = sheet(data.reconciliation(facts), "Standing").rows
    columns = list(zip(*[row[1:] for row in rows[:-1]], strict=True))
    assert rows[-1][1:] == tuple(sum(column) for column in columns)


def test_both_systems_agree_only_without_differences_and_single_records(facts: Facts) -> None:
    kept = tuple(o for o in facts.outcomes if o.state in ("unchanged", "linked"))
    equal = replace(facts, outcomes=kept, differences=())
    assert line(data.reconciliation(equal), "Both systems agree").value == "yes"
    assert line(data.reconciliation(facts), "Both systems agree").value == "no"


@pytest.mark.parametrize(("command", "state"), [("check", "to be created"), ("sync", "created")])
def test_a_record_is_single_until_it_was_created(facts: Facts, command: str, state: str) -> None:
    document = data.reconciliation(replace(facts, command=command))
    states = [row[0] for row in sheet(document, "Only in Severa").rows]
    assert (state in states) == (command == "check")
    assert "held" in states


def test_records_out_of_scope_are_counted_on_the_page_and_listed_in_the_workbook(
    facts: Facts,
) -> None:
    document = data.reconciliation(facts)
    assert sheet(document, "Out of scope").detail
    assert not sheet(document, "Out of scope, by reason").detail


def test_the_picture_leaves_out_what_is_out_of_scope(facts: Facts) -> None:
    words_drawn = {row[1] for row in data.reconciliation(facts).charts[0].rows}
    assert "Only in Severa" in words_drawn and "Out of scope" not in words_drawn
