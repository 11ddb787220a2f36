"""Notebook 1's panel: what a person waives there is in the store at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from recon import notebook, waivers
from recon.displays import Note
from recon.review import waiving
from recon.review.waiving import Panel, Waiving
from recon.shapes import Finding
from tests.engine import store
from tests.test_checklist_workbook import facts

TWIN = Finding("number_duplicated", "customer", "blocker", "severa", "g1", "<b>A</b>: 7", "Menu")
ROWS = (TWIN, replace(TWIN, key="g2", text="B: 7"))
OTHER = Finding("customer_missing", "project", "blocker", "global", "9", "P: no customer", "Menu")


@pytest.fixture
def panel() -> Panel:
    made = Panel(Waiving(store(), (*ROWS, OTHER)), {}, "")
    made.made()
    return made


def stand(panel: Panel) -> list[str]:
    """The keys of the blockers that nobody waived."""
    said = waivers.read(panel.waiving.store)
    return [one.key for one in panel.waiving.blockers if said.on(one).status != "waived"]


def labels(panel: Panel) -> list[str]:
    return [box.description for box in panel.boxes.values()]


def tick(panel: Panel, entity: str = "customer") -> None:
    for check, box in panel.boxes.items():
        box.value = check[0] == entity


def test_blockers_stand_by_check_with_their_rows(panel: Panel) -> None:
    assert labels(panel) == [
        "2 of 2 stand · customer/number_duplicated",
        "1 of 1 stand · project/customer_missing",
    ]
    assert "0 rows are meant" in panel.shown.value
    tick(panel)
    assert "2 rows are meant" in panel.shown.value and "B: 7" in panel.shown.value
    panel.words.value = "b: G2"
    assert [one.key for one in panel.meant()] == ["g2"]


def test_no_reason_or_no_row_no_waiver(panel: Panel) -> None:
    panel.waive.click()
    assert "tick a check" in panel.told.value
    tick(panel)
    panel.why.value = "  "
    panel.waive.click()
    assert len(stand(panel)) == 3 and "write your reason" in panel.told.value


def test_the_rows_meant_are_waived_and_taken_back(panel: Panel) -> None:
    tick(panel)
    panel.why.value, panel.words.value = "a branch", "B: 7"
    panel.waive.click()
    assert stand(panel) == ["g1", "9"] and "1 waived by tester." in panel.told.value
    assert "<td>waived</td><td>B: 7</td><td>tester, " in panel.shown.value
    panel.words.value = ""
    panel.waive.click()
    assert stand(panel) == ["9"] and "1 were so before" in panel.told.value
    assert labels(panel)[0].startswith("all 2 waived")
    panel.back.click()
    assert stand(panel) == ["g1", "g2", "9"] and "2 taken back by tester" in panel.told.value


def test_every_control_is_labelled_and_data_are_never_markup(panel: Panel) -> None:
    controls = (*panel.boxes.values(), panel.words, panel.why, panel.waive, panel.back)
    assert all(control.description for control in controls)
    tick(panel)
    assert "<b>" not in panel.shown.value and "&lt;b&gt;A" in panel.shown.value


def test_many_rows_are_counted_and_the_first_are_shown() -> None:
    rows = [replace(TWIN, key=str(n)) for n in range(300)]
    made = Panel(Waiving(store(), rows), {}, "")
    made.made()
    tick(made)
    assert made.shown.value.count("<tr><td>") == waiving.MOST_ROWS
    assert "and 200 more" in made.shown.value


def test_a_notebook_that_nobody_sits_at_holds_no_buttons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiving, "attended", lambda: False)
    told = waiving.panel(None, facts(*ROWS))  # type: ignore[arg-type]
    assert isinstance(told, Note) and "2 blockers stand" in told.text
    assert "recon check --waive" in told.text
    assert waiving.CLEAR in waiving.panel(None, facts()).text  # type: ignore[union-attr, arg-type]


@pytest.mark.slow
def test_an_executed_notebook_knows_that_nobody_sits_at_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import nbformat

    book: Any = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
    ask = "from recon.review import waiving\nwaiving.attended()"
    book.cells = [nbformat.v4.new_code_cell(ask)]  # type: ignore[no-untyped-call]
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "x", "language": "python"}
    nbformat.write(book, tmp_path / "1_checklist.ipynb")  # type: ignore[no-untyped-call]
    monkeypatch.setattr(notebook, "folder", lambda: tmp_path)
    made = notebook.run("1_checklist", tmp_path / "out" / "1.ipynb", {})
    assert '"False"' in made.read_text()


def test_here_somebody_may_sit() -> None:
    assert waiving.attended()
    assert isinstance(Panel(Waiving(store(), ROWS), {}, "").made(), ipywidgets.VBox)
