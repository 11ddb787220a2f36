"""The checklist for users and employees, and the code plan."""

from __future__ import annotations

import pytest

from recon.entities.employee import ENTITY
from recon.shapes import Record
from tests.entities.staff import UNIT, account, business, employee
from tests.entities.world import World


def _dirty() -> World:
    world = business()
    world.lengths = {"Employee.Name": 20}
    world.severa(
        "business_unit",
        {"guid": "u2", "name": "Stengt", "parentGuid": "top", "isActive": False},
    )
    world.severa(
        "employee",
        account("a", "Anne Aas", "1"),
        account("b", "Bo Bakke", "OB"),
        account("c", "Cato Dahl", None, email="3@prove.no"),
        account("d", "Dag Eide", "4"),
        account("e", "Eva Foss", "04", email="deles@prove.no"),
        account("f", "Finn Gran", "99999999999", email="deles@prove.no"),
        account("g", "Łucja Haug-Wąsowicz den Lange", "901", email="g(at)prove.no"),
        account("h", "Hans Iver Ås", "905", businessUnit={**UNIT, "guid": "u2"}),
        account("i", "", "906", firstName=None),
        account("j", "Jan Krog", "2000"),
        account("k", "Nye Nilsen", None),
        account("l", "Leif Moe", "907", isActive=False),
    )
    department = Record("business_unit", "global", "9", {"name": "Lager", "active": False})
    return world.put(
        department,
        employee("1", "Anne Aas", guid="a"),
        employee("2", "Bo Bakke", email=None),
        employee("3", "Cato Dahl", business_unit="9"),
        employee("4", "Dag Foss", email="lager@prove.no", business_unit="8"),
        employee("5", "Vakt", email="lager@prove.no"),
        employee("6", "Ola Nes", email="ola(at)prove.no", family="Nesheim"),
        employee("7", "Ola Nes", guid="gone"),
        employee("8", "Siri Tun", guid="gone", active=False, email=None),
    )


@pytest.mark.parametrize(
    ("check", "keys"),
    [
        ("email_missing", ["2"]),
        ("email_invalid", ["6", "g"]),
        ("email_shared", ["4", "5", "e", "f"]),
        ("code_missing", ["c", "k"]),
        ("code_not_numeric", ["b", "f"]),
        ("code_duplicated", ["d", "e"]),
        ("code_outside_range", ["e", "j"]),
        ("code_changed", []),
        ("same_number_different_name", ["4", "4"]),
        ("same_name_different_number", ["2", "3"]),
        ("name_missing", ["i"]),
        ("name_duplicated", ["6", "7"]),
        ("name_of_one_word", ["5"]),
        ("family_name_differs", ["6"]),
        ("department_inactive", ["3", "h"]),
        ("department_missing", ["4"]),
        ("active_in_one_system", []),
        ("text_too_long", ["g"]),
        ("text_not_encodable", ["g"]),
        ("severa_guid_astray", ["7", "8"]),
        ("severa_guid_twice", ["7", "8"]),
    ],
)
def test_each_check_finds_its_fault_and_nothing_else(check: str, keys: list[str]) -> None:
    assert sorted(key for _, key in _dirty().findings("employee", check)) == keys


def test_linked_pairs_must_agree_on_code_and_active() -> None:
    world = _dirty().connect("employee", "2", "j").connect("employee", "3", "l")
    assert world.findings("employee", "code_changed") == [("both", "2"), ("both", "3")]
    assert world.findings("employee", "active_in_one_system") == [("both", "3")]


def test_the_code_plan_gives_own_numbers_else_free_ones_of_severa_s_range() -> None:
    world = _dirty()
    assert ENTITY.codes
    found = {user.key: code for user, code in ENTITY.codes(world.checkup)}
    assert found == {"c": "3", "k": "902"}
    texts = [text for _, _, text in world.lines("employee", "code_not_numeric")]
    assert texts == [
        "Bo Bakke: code 'OB'; proposed code 2",
        "Finn Gran: code '99999999999'; proposed code 900",
    ]


def test_the_linked_employee_s_number_is_proposed_and_no_number_twice() -> None:
    world = business().put(employee("3", "Ada Dahl"), employee("5", "Bo Eng"))
    world.severa(
        "employee", account("x", "Bo Eng"), account("y", "Bo Eng"), account("z", "Ny Navn")
    )
    world.connect("employee", "3", "z")
    assert ENTITY.codes
    found = {user.key: code for user, code in ENTITY.codes(world.checkup)}
    assert found == {"x": "5", "y": "900", "z": "3"}


def test_without_a_range_only_own_numbers_are_proposed() -> None:
    world = World().put(employee("3", "Ada Dahl"))
    world.severa("employee", account("x", "Ada Dahl"), account("y", "Ny Navn"))
    assert ENTITY.codes
    assert [(u.key, code) for u, code in ENTITY.codes(world.checkup)] == [("x", "3")]
    texts = [text for _, _, text in world.lines("employee", "code_missing")]
    assert texts == ["Ada Dahl: no code; proposed code 3", "Ny Navn: no code"]
