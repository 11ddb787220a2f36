"""The panel in which a person says which types transfer: ticks, what would change, save."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from recon import counts
from recon.panels import Panel
from recon.settings import load
from recon.shapes import Record
from tests.entities.world import World

TOML = """\
[company]
name = "Fjord AS"
[global]
[severa]
[transfer]
customer_types = [1]  # firms
"""
NAMES = {"customer_types": {"1": "Bedrifter", "2": "<b>Private</b>"}}


def customer(key: str, kind: int) -> Record:
    fields: dict[str, Any] = {"name": f"Kunde {key}", "active": True}
    return Record("customer", "global", key, fields, attributes={"customer_type": kind})


@pytest.fixture
def panel(tmp_path: Path) -> Panel:
    path = tmp_path / "profile.toml"
    path.write_text(TOML, "utf-8")
    profile = load(path)
    context = World(profile=profile).put(customer("1", 1), customer("2", 2)).context
    found = counts.counted(context, {"business_unit", "customer"}, NAMES)
    return Panel(profile, context, found, ("business_unit", "customer"))


def parts(widget: Any, kind: str) -> list[Any]:
    """All widgets of a kind, in their order."""
    found = [widget] if type(widget).__name__ == kind else []
    return found + [one for child in getattr(widget, "children", ()) for one in parts(child, kind)]


def said(widget: Any) -> str:
    return str(parts(widget, "HTML")[0].value)


def click(widget: Any) -> None:
    parts(widget, "Button")[0].click()


def test_there_is_a_question_per_entity_and_a_tick_per_type_with_its_count(panel: Panel) -> None:
    widget = panel.widget()
    assert [one.description for one in parts(widget, "ToggleButtons")] == [
        "Do you want to transfer all departments?",
        "Do you want to transfer all customers?",
    ]
    ticks = {one.description: one.value for one in parts(widget, "Checkbox")}
    assert ticks == {
        "Customer type 1 Bedrifter: 1 active": True,
        "Customer type 2 <b>Private</b>: 1 active": False,
    }
    assert said(widget) == "<p>As in the profile.</p>"


def test_what_would_change_is_shown_at_once_and_saved_on_a_click_alone(panel: Panel) -> None:
    widget = panel.widget()
    parts(widget, "Checkbox")[1].value = True
    assert "Customers: 2 instead of 1 are created in Severa" in said(widget)
    assert "stays linked" in said(widget)
    assert panel.profile.path.read_text("utf-8") == TOML
    click(widget)
    assert "profile.toml.bak" in said(widget)
    assert load(panel.profile.path).transfer.customer_types == []
    click(widget)
    assert "Nothing to save" in said(widget)


def test_a_direction_goes_to_all_that_lives_under_the_entity(panel: Panel) -> None:
    widget = panel.widget()
    parts(widget, "ToggleButtons")[1].value = "to_global"
    assert "Customers: 0 instead of 1 are created in Severa" in said(widget)
    click(widget)
    made = load(panel.profile.path).transfer
    assert {made.direction(name) for name in ("customer", "contact", "address")} == {"to_global"}
    assert made.direction("business_unit") == "both" and made.customer_types == [1]


def test_no_type_at_all_is_not_how_nothing_is_said(panel: Panel) -> None:
    widget = panel.widget()
    parts(widget, "Checkbox")[0].value = False
    assert "No customer types are chosen" in said(widget) and "not at all" in said(widget)
    click(widget)
    assert panel.profile.path.read_text("utf-8") == TOML


def test_a_profile_that_cannot_be_read_any_more_is_told_and_not_raised(panel: Panel) -> None:
    widget = panel.widget()
    panel.profile.path.unlink()
    parts(widget, "Checkbox")[1].value = True
    assert "There is no such profile" in said(widget)


def test_a_notebook_that_a_program_executes_has_no_panel(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recon.panels.attended", lambda: False)
    assert set(panel._repr_mimebundle_()) == {"text/html", "text/plain"}


def test_without_a_kernel_its_answers_of_today_can_be_read(panel: Panel) -> None:
    bundle = panel._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "needs a running kernel" in bundle["text/html"]
    assert "Customer type 1 Bedrifter: 1 active" in bundle["text/html"]
    assert "<script" not in bundle["text/html"] and "<b>" not in bundle["text/html"]
