"""Fields that differ: both values by name, counted by field, and what is to be decided."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recon.report.differences import by_field, differences, pending, to_decide
from recon.report.naming import words
from recon.report.shapes import Sheet
from recon.shapes import Difference, Facts, Value
from tests.report.conftest import GUID

NAMES = {"customer.manager": "Manager", "refers:customer.manager": "employee"}


def shown(sheet: Sheet) -> list[str]:
    return [column.title for column in sheet.columns if not column.detail]


def test_references_are_shown_by_name(facts: Facts) -> None:
    sheet = differences(facts, words(facts, NAMES), "initial difference")
    manager = next(row for row in sheet.rows if row[5] == "Manager")
    assert manager[6:9] == ("Ola Vik (112)", "Ida Moe (109)", "Visma Severa")


def test_one_kind_alone_does_not_repeat_itself(facts: Facts) -> None:
    said = words(facts, NAMES)
    assert "Kind" not in shown(differences(facts, said, "drift"))
    assert "What it means" not in shown(differences(facts, said, "drift"))
    assert "What it means" in shown(differences(facts, said, "conflict"))
    everything = differences(facts, said)
    assert "Kind" in shown(everything) and "What it means" not in shown(everything)
    assert [row[0] for row in everything.rows] == [
        "conflict",
        "drift",
        "initial difference",
        "initial difference",
    ]


def test_equal_fields_stand_together(facts: Facts) -> None:
    term, manager = facts.differences[2:]
    mixed = (term, manager, replace(term, global_key="10002"))
    rows = differences(replace(facts, differences=mixed), words(facts, {})).rows
    assert [row[5] for row in rows] == ["Payment term", "Payment term", "Manager"]


def test_differences_are_counted_by_field_with_their_owner(facts: Facts) -> None:
    sheet = by_field(facts, words(facts, NAMES))
    rows = {row[1]: row[2:] for row in sheet.rows}
    assert rows["Payment term"] == ("Visma Global", 0, 0, 1, 1)
    assert rows["Email"] == ("", 0, 1, 0, 1)
    assert sheet.rows[-1] == ("All", "", "", 1, 1, 2, 4)


@pytest.mark.parametrize(
    ("values", "initial", "direction", "deed"),
    [
        ((14, 30), "report", "both", "only reports: 1"),
        ((14, 30), "master", "both", "overwrites Visma Severa: 1"),
        ((14, 30), "master", "to_global", "only reports: 1"),
        ((None, 30), "report", "both", "fills Visma Global: 1"),
        (("", 30), "report", "to_severa", "only reports: 1"),
        ((14, None), "report", "to_severa", "fills Visma Severa: 1"),
        ((14, 30), "master", "compare",
         "nothing: the field is only compared; correct it by hand where it is wrong"),
    ],
)  # fmt: skip
def test_what_an_onboarding_does_is_what_the_profile_says(
    facts: Facts, values: tuple[Value, Value], initial: str, direction: str, deed: str
) -> None:
    term = replace(facts.differences[2], global_value=values[0], severa_value=values[1])
    given = replace(facts, differences=(term,), initial=initial)
    names = {"direction:customer.payment_term": direction}
    (row,) = to_decide(given, words(given, names)).rows
    empty = int(None in values or "" in values)
    assert row[2:7] == (1, empty, 1 - empty, "Visma Global", deed)
    line = "" if direction == "compare" else '"customer.payment_term" = "severa"'
    assert row[7] == line


def test_initial_differences_are_grouped_by_field(facts: Facts) -> None:
    term, manager = facts.differences[2:]
    many = tuple(replace(term, global_key=str(at)) for at in range(5))
    rows = to_decide(replace(facts, differences=(*many, manager)), words(facts, {})).rows
    assert [(row[1], row[2]) for row in rows] == [("Payment term", 5), ("Manager", 1)]


def test_edits_not_carried_over_are_shown_field_by_field(plan: Facts) -> None:
    rows = pending(plan, words(plan, {})).rows
    assert ("Visma Severa", "Name", "Old name AS", "Fjord Rør AS") in [row[4:8] for row in rows]
    assert ("Credit", "(empty)") in [row[5:7] for row in rows]


def test_a_guid_of_an_unknown_record_is_not_shown(facts: Facts) -> None:
    strange = Difference("customer", "1", GUID(1), "A", "manager", "drift", None, GUID(4), "t")
    given = replace(facts, differences=(strange,))
    assert GUID(4) not in str(differences(given, words(given, NAMES)).rows[0][:10])
