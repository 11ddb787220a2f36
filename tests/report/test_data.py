"""What each report says, pinned as data."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from recon.report import data
from recon.report.shapes import Document, Line, Sheet
from recon.report.tally import standings, tallies
from recon.report.words import STATES
from recon.shapes import Facts, Outcome, Side, plain

NAMES = {
    "customer": "Customers",
    "customer.email": "E-mail",
    "customer.manager": "Manager",
    "refers:customer.manager": "employee",
    "parent:contact": "customer",
    "check:customer.email_invalid": "E-mail addresses that cannot be right",
}
ENTITIES = {"business_unit": 2, "customer": 3, "contact": 0, "employee": 0}
TREND = [
    {
        "run": f"r{at}",
        "command": "sync",
        "started": f"2026-11-{10 + at}T06:00:00+00:00",
        "entities": {"customer": {"global": {"unchanged": 3, "held": 5 - at, "read": 8 - at}}},
        "linked": ENTITIES,
        "failures": [],
        "exit_code": 0,
    }
    for at in range(3)
]


def documents(facts: Facts, plan: Facts) -> dict[str, Document]:
    made = (
        data.checklist(facts, NAMES),
        data.proposals(facts, NAMES),
        data.plan(plan, NAMES),
        data.run(facts, NAMES),
        data.reconciliation(facts, TREND, NAMES),
    )
    return {document.name: document for document in made}


def sheet(document: Document, name: str) -> Sheet:
    return next(sheet for sheet in document.sheets if sheet.name == name)


def line(document: Document, label: str) -> Line:
    return next(line for line in document.summary if line.label == label)


@pytest.mark.parametrize("name", ["checklist", "proposals", "plan", "run", "reconciliation"])
def test_documents_say_what_they_said(
    name: str, facts: Facts, plan: Facts, golden: Callable[[str, str], None]
) -> None:
    document = documents(facts, plan)[name]
    text = json.dumps(plain(document), ensure_ascii=False, indent=1)
    golden(f"{name}.json", text + "\n")


def test_every_row_has_a_cell_per_column(facts: Facts, plan: Facts) -> None:
    for document in documents(facts, plan).values():
        for table in document.sheets:
            assert {len(row) for row in table.rows} <= {len(table.columns)}, table.name


def test_sheets_of_a_document_have_different_names(facts: Facts, plan: Facts) -> None:
    for document in documents(facts, plan).values():
        names = [table.name for table in document.sheets]
        assert len(set(names)) == len(names)


def test_guids_stand_in_details_alone(facts: Facts, plan: Facts) -> None:
    for name, document in documents(facts, plan).items():
        for table in document.sheets if name != "proposals" else ():
            shown = [at for at, column in enumerate(table.columns) if not column.detail]
            told = " ".join(str(row[at]) for row in table.rows for at in shown)
            assert "00000000-0000" not in told, (name, table.name)


def test_outcomes_that_add_up_are_said_to(facts: Facts) -> None:
    assert line(data.run(facts), "Outcomes add up") == Line("Outcomes add up", "yes", "good")


@pytest.mark.parametrize(
    ("read", "verdict"), [(6, "no: 1 missing"), (4, "no: 1 too many"), (5, "yes")]
)
def test_a_row_that_does_not_add_up_is_red(facts: Facts, read: int, verdict: str) -> None:
    given = replace(facts, read={**facts.read, "customer": {"global": read, "severa": 4}})
    document = data.run(given)
    rows = {row[:2]: row[-1] for row in sheet(document, "Outcomes").rows}
    assert rows["Customer", "Visma Global"] == verdict
    assert rows["All", ""] == verdict.split(":")[0]
    assert line(document, "Outcomes add up").tone == ("good" if verdict == "yes" else "bad")


def test_outcomes_without_any_read_are_too_many(facts: Facts) -> None:
    assert {t.verdict for t in tallies(replace(facts, read={})) if t.total == 2} == {
        "no: 2 too many"
    }


def test_a_run_that_says_it_is_unbalanced_is_red(facts: Facts) -> None:
    assert line(data.run(replace(facts, balanced=False)), "Outcomes add up").value == "no"


def stands(command: str, *found: tuple[Side, str, int, str]) -> list[int]:
    """Where records stand: (side, state, how many, partner)."""
    outcomes = [
        Outcome("customer", side, f"{side}{at}{state}", "", state, partner=partner)  # type: ignore[arg-type]
        for side, state, count, partner in found
        for at in range(count)
    ]
    made = Facts("r", command, "AS", False, "", 0, 0, {}, tuple(outcomes))
    return list(standings(tallies(made))["customer"].values())


def test_a_pair_is_counted_once_and_a_created_record_by_itself() -> None:
    pairs = [(side, state, n, "x") for side in ("global", "severa")
             for state, n in (("unchanged", 5), ("drift", 1))]  # fmt: skip
    alone = [("global", "created", 2, ""), ("severa", "held", 3, "")]
    assert stands("sync", *pairs, *alone) == [7, 1, 0, 0, 3, 0, 0]  # type: ignore[arg-type]


def test_a_run_that_only_looked_changed_nothing() -> None:
    pairs = [(side, state, n, "x") for side in ("global", "severa")
             for state, n in (("updated", 2), ("linked", 3))]  # fmt: skip
    alone = [("global", "created", 4, ""), ("global", "out of scope", 5, "")]
    assert stands("check", *pairs, *alone) == [0, 2, 3, 4, 0, 5, 0]  # type: ignore[arg-type]


def test_a_linked_pair_that_waits_for_another_record_is_not_counted_as_single() -> None:
    pairs: list[tuple[Side, str, int, str]] = [
        ("global", "waiting", 1, "x"),
        ("severa", "waiting", 1, "x"),
    ]
    assert stands("sync", *pairs) == [0, 1, 0, 0, 0, 0, 0]


def test_every_state_stands_somewhere() -> None:
    for command in ("sync", "check"):
        for state in STATES:
            assert sum(stands(command, ("global", state, 1, ""))) == 1


def test_the_checklist_begins_with_the_gravest_check(facts: Facts) -> None:
    document = data.checklist(facts, NAMES)
    assert [row[0] for row in sheet(document, "Overview").rows] == ["blocker", "warning"]
    assert document.sheets[2].title == NAMES["check:customer.email_invalid"]


def test_findings_and_proposals_know_the_records_names(facts: Facts) -> None:
    found = sheet(data.checklist(facts), "Email invalid").rows
    assert [row[3:5] for row in found] == [("10002", "Ås Bygg AS"), ("50006", "Nordlys Kraft")]
    first = sheet(data.proposals(facts), "Proposals").rows[0]
    assert (first[4], first[6]) == ("Nordlys Kraft ASA", "Nordlys Kraft")


def test_an_empty_run_makes_every_document(empty: Facts) -> None:
    for document in documents(empty, replace(empty, command="plan")).values():
        assert document.summary
        assert not any(chart.rows for chart in document.charts if chart.kind == "outcomes")


def test_the_run_report_counts_what_is_out_of_scope_and_lists_what_waits(facts: Facts) -> None:
    document = data.run(facts)
    reasons = sheet(document, "Out of scope, by reason").rows
    assert reasons[0] == ("out of scope", "Customer", "Visma Global", "inactive", 1)
    assert [row[4] for row in sheet(document, "Waiting").rows] == ["Kari Lie"]


def test_a_check_says_that_nothing_was_written(facts: Facts) -> None:
    assert line(data.run(replace(facts, command="check")), "Written").value
