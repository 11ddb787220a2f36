"""What each report says, pinned as data."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from recon.report import data
from recon.report.shapes import Document, Line, Sheet
from recon.report.tally import standing, tallies
from recon.report.words import STATES, duration, moment, phrase, value
from recon.shapes import Facts, Plan, plain

TREND = [
    {
        "run": f"r{at}",
        "command": "sync",
        "started": f"2026-11-{10 + at}T06:00:00+00:00",
        "entities": {"customer": {"global": {"unchanged": 3, "held": 5 - at, "read": 8 - at}}},
    }
    for at in range(3)
]
NAMES = {
    "customer": "Customers",
    "customer.email": "E-mail",
    "check:customer.email_invalid": "E-mail addresses that cannot be right",
}


def documents(facts: Facts, plan: Plan) -> dict[str, Document]:
    made = (
        data.checklist(facts, NAMES),
        data.proposals(facts, NAMES),
        data.plan(plan, NAMES, sandbox=True),
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
    name: str, facts: Facts, plan: Plan, golden: Callable[[str, str], None]
) -> None:
    document = documents(facts, plan)[name]
    text = json.dumps(plain(document), ensure_ascii=False, indent=1)
    golden(f"{name}.json", text + "\n")


def test_every_row_has_a_cell_per_column(facts: Facts, plan: Plan) -> None:
    for document in documents(facts, plan).values():
        for table in document.sheets:
            assert {len(row) for row in table.rows} <= {len(table.columns)}


def test_sheets_of_a_document_have_different_names(facts: Facts, plan: Plan) -> None:
    for document in documents(facts, plan).values():
        names = [table.name for table in document.sheets]
        assert len(set(names)) == len(names)


def test_outcomes_that_add_up_are_said_to(facts: Facts) -> None:
    assert line(data.run(facts), "Outcomes add up") == Line("Outcomes add up", "yes", "good")


@pytest.mark.parametrize(
    ("read", "verdict"), [(6, "no: 1 missing"), (4, "no: 1 too many"), (5, "yes")]
)
def test_a_row_that_does_not_add_up_is_red(facts: Facts, read: int, verdict: str) -> None:
    given = replace(facts, read={**facts.read, "customer": {"global": read, "severa": 3}})
    document = data.run(given)
    rows = {row[:2]: row[-1] for row in sheet(document, "Outcomes").rows}
    assert rows["Customer", "Visma Global"] == verdict
    assert line(document, "Outcomes add up").tone == ("good" if verdict == "yes" else "bad")


def test_outcomes_without_any_read_are_too_many(facts: Facts) -> None:
    assert {t.verdict for t in tallies(replace(facts, read={})) if t.total == 2} == {
        "no: 2 too many"
    }


def test_a_run_that_says_it_is_unbalanced_is_red(facts: Facts) -> None:
    assert line(data.run(replace(facts, balanced=False)), "Outcomes add up").value == "no"


def test_a_pair_is_counted_once_and_a_created_record_by_itself() -> None:
    ours = {"unchanged": 5, "created": 2, "drift": 1}
    counts = standing({"global": ours, "severa": {"unchanged": 5, "drift": 1, "held": 3}}, "sync")
    assert list(counts.values()) == [7, 1, 0, 0, 3, 0, 0]


def test_a_run_that_only_looked_changed_nothing() -> None:
    states = {"created": 4, "updated": 2, "linked": 3, "out of scope": 5}
    counts = standing({"global": states, "severa": {"updated": 2, "linked": 3}}, "check")
    assert list(counts.values()) == [0, 2, 3, 4, 0, 5, 0]


def test_every_state_stands_somewhere() -> None:
    for command in ("sync", "check"):
        for state in STATES:
            assert sum(standing({"global": {state: 1}, "severa": {}}, command).values()) == 1


def test_the_trend_ends_with_this_run_once(facts: Facts) -> None:
    again = [*TREND, {"run": "failed", "entities": {}}, {**TREND[0], "run": facts.run}]
    rows = sheet(data.reconciliation(facts, again), "Trend").rows
    assert [row[0] for row in rows] == [
        "2026-11-10 06:00:00 UTC",
        "2026-11-11 06:00:00 UTC",
        "2026-11-12 06:00:00 UTC",
        "2026-11-24 08:30:15 UTC",
    ]
    assert [row[4] for row in rows] == [5, 4, 3, 1]


def test_edits_not_carried_over_are_shown_field_by_field(facts: Facts) -> None:
    looked = replace(
        facts,
        command="check",
        operations=tuple((operation, "planned", "") for operation, _, _ in facts.operations),
    )
    rows = sheet(data.reconciliation(looked), "Edits to carry over").rows
    assert ("Name", "Visma Severa", "Old name AS", "Fjord Rør AS") in [row[3:7] for row in rows]
    assert line(data.run(looked), "Written").value
    only = sheet(data.reconciliation(looked), "Only in Severa").rows
    assert [row[0] for row in only] == ["to be created", "held"]


def test_both_systems_agree_only_without_differences_and_single_records(facts: Facts) -> None:
    kept = tuple(o for o in facts.outcomes if o.state in ("unchanged", "linked"))
    equal = replace(facts, outcomes=kept, differences=())
    assert line(data.reconciliation(equal), "Both systems agree").value == "yes"
    assert line(data.reconciliation(facts), "Both systems agree").value == "no"


def test_the_checklist_begins_with_the_gravest_check(facts: Facts) -> None:
    document = data.checklist(facts, NAMES)
    assert [row[0] for row in sheet(document, "Overview").rows] == ["blocker", "warning"]
    assert document.sheets[2].title == NAMES["check:customer.email_invalid"]


def test_findings_and_proposals_know_the_records_names(facts: Facts) -> None:
    found = sheet(data.checklist(facts), "Email invalid").rows
    assert [row[4] for row in found] == ["Ås Bygg AS", "Nordlys Kraft"]
    first = sheet(data.proposals(facts), "Proposals").rows[0]
    assert first[4:6] == ("Nordlys Kraft ASA", "Nordlys Kraft")


def test_the_plan_shows_its_checksum_and_totals(plan: Plan) -> None:
    document = data.plan(plan)
    assert line(document, "Checksum").value == plan.checksum
    assert sheet(document, "Totals").rows[-1] == ("All", "", 1, 1, 1, 3)


def test_a_link_names_the_partner(plan: Plan) -> None:
    names = {"customer/00000000-0000-0000-0000-000000000002": "Ås Bygg"}
    rows = sheet(data.plan(plan, names), "Customer in Visma Severa").rows
    assert rows[-1][4:7] == (
        "Connected with",
        None,
        "Ås Bygg (00000000-0000-0000-0000-000000000002)",
    )


def test_an_empty_run_makes_every_document(empty: Facts) -> None:
    bare = Plan("r", "Tom AS", "m", ())
    for document in documents(empty, bare).values():
        assert document.summary
        assert not any(chart.rows for chart in document.charts if chart.kind == "outcomes")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "(empty)"),
        ("", "(empty)"),
        (True, "yes"),
        (0, "0"),
        (Decimal("1.50"), "1.50"),
        ("next:CustomerNo", "the next free number (CustomerNo)"),
        ("ref:customer/10001", "Customer 10001 (its own key, known once it exists)"),
    ],
)
def test_values_read_as_a_person_says_them(given: Any, said: str) -> None:
    assert phrase(given) == said


def test_numbers_stay_numbers() -> None:
    assert value(Decimal("10.50")) == Decimal("10.50")


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.44, "0.4 s"), (133.4, "2 min 13 s"), (7320, "2 h 2 min")]
)
def test_durations(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_moments() -> None:
    assert moment("2026-11-24T08:30:15.123456+00:00") == "2026-11-24 08:30:15 UTC"
    assert moment("r0") == "r0"
