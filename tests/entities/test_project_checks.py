"""The checklist for projects."""

from __future__ import annotations

from typing import Any

import pytest

from recon.entities.project import ENTITY
from recon.shapes import Record
from tests.entities.projects import company, customer, in_global, in_severa
from tests.entities.world import World, profile


def _manager(side: Any, key: str, *, active: bool = True) -> Record:
    return Record("employee", side, key, {"name": f"Ansatt {key}", "active": active})


def _dirty() -> World:
    world = company({"won_statuses": ["Order"]}).connect("customer", "10001", "c")
    world.lengths["Project.Name"] = 20
    world.put(
        customer("global", "10001", customer_type=1),
        customer("global", "10002", customer_type=1, locked=True, credit_blocked=True),
        customer("global", "10003", customer_type=1, active=False, merged_to="10001"),
        customer("severa", "c"),
        customer("severa", "gone", active=False),
        _manager("global", "7"),
        _manager("global", "9", active=False),
        _manager("severa", "m"),
    )
    world.severa(
        "project",
        in_severa("a", number=None),
        in_severa("b", number=50002, name="Vei"),
        in_severa("d", number=50002, name="Vei"),
        in_severa("e", number=1002, name="Et navn som er altfor langt, Łódź"),
        in_severa("f", number=50003, customer={"guid": "gone"}),
        in_severa("g", number=50004, customer={"guid": "nobody"}),
        in_severa("h", number=50005, startDate="2025-02-01", deadline="2025-01-31"),
        in_severa("i", number=50006, isInternal=True, customer=None, projectOwner=None),
        in_severa("lost", number=50007, salesStatus=None, name=None),
        in_severa("over", number=50008, isClosed=True, customer=None),
        in_severa("won", number=50009, name=None),
    )
    return world.put(
        in_global("1001", name="VEI", guid="stale"),
        in_global("1002", name="Bro", guid="stale", customer="10002"),
        Record("business_unit", "global", "9", {"name": "Lager", "active": False}),
        in_global("1003", customer="10003", manager="9", department="9"),
        in_global("1004", customer=None, manager=None),
        in_global("1005", customer="404"),
        in_global("1006", facts={"main": "1007"}),
        in_global("1007", closed=True),
        in_global("1008", facts={"main": "1001"}, customer=None, internal=True, manager=None),
        in_global("1009", facts={"project_type": 2}),
        in_global("50007", name="Tapt"),
        in_global("50008", name="Prosjekt over"),
    )


@pytest.mark.parametrize(
    ("check", "keys"),
    [
        ("number_missing", ["a"]),
        ("number_duplicated", ["b", "d"]),
        ("number_series_overlap", [""]),
        ("number_outside_range", []),
        ("name_missing", ["won"]),
        ("name_duplicated", ["b", "d"]),
        ("same_number_different_name", ["1002", "50007"]),
        ("same_name_different_number", ["1001", "1001"]),
        ("customer_missing", ["1004", "1005", "g"]),
        ("manager_missing", ["1004"]),
        ("deadline_before_start", ["h"]),
        ("text_too_long", ["e"]),
        ("text_not_encodable", ["e"]),
        ("severa_guid_astray", ["1001", "1002"]),
        ("severa_guid_twice", ["1001", "1002"]),
        ("customer_cannot_transfer", ["1003", "f"]),
        ("customer_blocked", ["1002", "1002", "1003", "1003", "f"]),
        ("manager_inactive", ["1003"]),
        ("department_inactive", ["1003"]),
        ("closed_in_one_system", []),
        ("linked_but_not_won", []),
        ("main_project_does_not_transfer", ["1006"]),
    ],
)
def test_each_check_finds_its_fault_and_nothing_else(check: str, keys: list[str]) -> None:
    assert sorted(key for _, key in _dirty().findings("project", check)) == keys


def test_every_check_of_the_checklist_has_a_case() -> None:
    marks = test_each_check_finds_its_fault_and_nothing_else.pytestmark  # type: ignore[attr-defined]
    assert {check.name for check in ENTITY.checks} == {c[0] for m in marks for c in m.args[1]}


def test_what_is_linked_is_watched() -> None:
    world = _dirty().connect("project", "50007", "lost").connect("project", "50008", "over")
    assert world.findings("project", "closed_in_one_system") == [("both", "50008")]
    assert "closed in Severa only" in world.lines("project", "closed_in_one_system")[0][2]
    assert world.findings("project", "linked_but_not_won") == [("severa", "lost")]
    assert ("both", "50007") not in world.findings("project", "same_number_different_name")


def test_names_of_different_customers_are_no_rivals() -> None:
    world = _dirty()
    world.links.clear()
    assert world.findings("project", "same_name_different_number") == []


@pytest.mark.parametrize(
    ("low", "high", "overlap", "outside"),
    [
        (50_000, 59_999, True, ["e"]),
        (60_000, 60_999, False, ["d", "e"]),
        (1, 99_999, True, []),
    ],
)
def test_number_ranges_of_the_profile(
    low: int, high: int, overlap: bool, outside: list[str]
) -> None:
    world = _dirty()
    numbers = {"url": "sqlite://", "numbers": {"project": {"severa": [low, high]}}}
    known = profile(**{"global": numbers})
    world.profile = world.profile.model_copy(update={"global_": known.global_})
    assert bool(world.findings("project", "number_series_overlap")) is overlap
    found = {key for _, key in world.findings("project", "number_outside_range")}
    assert (set(outside) <= found) if outside else found == set()


def test_sub_projects_that_do_not_transfer_need_no_main_one() -> None:
    world = company({"sub_projects": "off"})
    world.put(in_global("1006", facts={"main": "1007"}), in_global("1007", closed=True))
    assert world.findings("project", "main_project_does_not_transfer") == []
