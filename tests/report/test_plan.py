"""The plan's report: what would be made, changed, linked and numbered, readable by a person."""

from __future__ import annotations

from dataclasses import replace

from recon.report import data, sheets
from recon.report import plan as plans
from recon.report.naming import words
from recon.shapes import Facts
from tests.report.conftest import GUID, operation
from tests.report.test_data import NAMES, line, sheet


def test_the_plan_shows_its_checksum_and_totals(plan: Facts) -> None:
    document = data.plan(plan)
    assert line(document, "Checksum").value == plan.checksum
    assert sheet(document, "Totals").rows[-1] == ("All", "", 1, 1, 1, 1, 1, 5)


def test_a_link_shows_both_records(plan: Facts) -> None:
    rows = sheet(data.plan(plan), "To link").rows
    assert [row[1:7] for row in rows] == [
        ("10002", "Ås Bygg AS", "", "502", "Ås Bygg", "edited in the master, Visma Global")
    ]


def test_a_note_of_a_record_to_be_made_is_no_link_of_its_own(plan: Facts) -> None:
    assert line(data.plan(plan), "Records to link").value == 1
    said = words(plan, {})
    assert "made for it" in sheets.changes(replace(operation(3, "link"), guid=None), said)


def test_codes_are_written_into_empty_places(plan: Facts) -> None:
    (row,) = sheet(data.plan(plan), "Numbers to write").rows
    assert row[1:5] == ("Nordlys Kraft", "Visma Severa", "(empty)", "50006")
    assert line(data.plan(plan), "Numbers to write into empty places").value == 1


def test_new_records_stand_in_a_row_each_with_names_for_references(plan: Facts) -> None:
    table = sheet(data.plan(plan, NAMES), "New customers in Visma Global")
    titles = [column.title for column in table.columns]
    (row,) = table.rows
    assert row[titles.index("Manager")] == "Ola Vik (112)"
    assert row[titles.index("Name")] == "Østfold Tre AS"
    assert titles.index("Active") > titles.index("Manager")


def test_more_fields_than_fit_stand_in_the_workbook_and_are_named(plan: Facts) -> None:
    fields = {f"field_{at}": f"{at}" for at in range(plans.MOST_FIELDS + 2)}
    made = replace(operation(7, "create", "global", **fields), key=GUID(7))
    table = plans.creations([made], words(plan, {}))
    details = [column.title for column in table.columns if column.detail]
    assert details == ["Field 6", "Field 7", "Because", "Guid in Severa"]
    assert "Field 6, Field 7" in table.note


def test_licences_are_counted_by_type_on_the_first_lines(plan: Facts) -> None:
    document = data.plan(plan)
    assert line(document, "New licences, approved").value == "1 × licence of type PM"
    assert line(document, "Licences to approve").value == "1 × licence of type Employee"
    assert line(document, "Licences to approve").tone == "warn"


def test_a_plan_without_costs_or_codes_does_not_speak_of_them(empty: Facts) -> None:
    labels = [one.label for one in data.plan(empty).summary]
    assert not [label for label in labels if "icence" in label or "Numbers" in label]
