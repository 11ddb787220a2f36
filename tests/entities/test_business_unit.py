"""Business units: the topmost stays out, codes are proposed and never written back."""

from __future__ import annotations

from typing import Any

import pytest

from recon.entities.business_unit import ENTITY, severa
from recon.errors import Refused
from recon.shapes import Record
from recon.spec import Next
from tests.entities.world import PARENT, World, draft, profile


def _unit(guid: str, name: str, code: str | None = None, **more: object) -> dict[str, object]:
    return {"guid": guid, "name": name, "code": code, "parentGuid": "top", **more}


def _department(number: str, name: str, **more: object) -> Record:
    fields: dict[str, Any] = {"name": name, "active": not more.pop("inactive", False)}
    found = Record("business_unit", "global", number, fields, number=number, row=number)
    found.guid = str(more["guid"]) if more.get("guid") else None
    return found


def test_the_topmost_unit_and_inactive_ones_are_not_created() -> None:
    world = World()
    top, closed, fine = world.severa(
        "business_unit",
        {"guid": "top", "name": "Prøve AS", "parentGuid": None},
        _unit("a", "Stengt", "1", isActive=False),
        _unit("b", "Åpen", "2"),
    )
    reasons = [ENTITY.creatable(unit, world.context) for unit in (top, closed, fine)]
    assert [bool(reason) for reason in reasons] == [True, True, False]


def test_leavers_are_created_where_the_profile_says_so() -> None:
    world = World(profile=profile(transfer={"leavers": True}))
    (closed,) = world.severa("business_unit", _unit("a", "Stengt", isActive=False))
    assert ENTITY.creatable(closed, world.context) is None


def test_the_new_unit_lies_under_the_configured_parent_with_the_number_as_code() -> None:
    path, body = ENTITY.severa_side.create(
        draft(_department("42", "Øst"), number="42"), World().context
    )
    assert path == "/v1/businessunits"
    assert body == {"name": "Øst", "isActive": True, "parentGuid": PARENT, "code": "42"}


def test_without_a_configured_parent_the_only_topmost_unit_is_taken() -> None:
    plain = {"base_url": "http://127.0.0.1:9", "client_id": "env:A", "client_secret": "env:B"}
    world = World(profile=profile(severa=plain))
    make = draft(_department("42", "Øst"), number="42")
    with pytest.raises(Refused, match="under which business unit") as caught:
        ENTITY.severa_side.create(make, world.context)
    assert severa.PARENT in caught.value.todo
    world.severa("business_unit", {"guid": "only", "name": "Top"})
    assert ENTITY.severa_side.create(make, world.context)[1]["parentGuid"] == "only"


@pytest.mark.parametrize(
    ("number", "key"),
    [("77", 77), (None, Next("department")), ("next:department", Next("department"))],
)
def test_the_number_is_given_or_taken_from_the_series(number: str | None, key: object) -> None:
    (unit,) = World().severa("business_unit", _unit("a", "Øst", "77"))
    (write,) = ENTITY.global_side.insert(draft(unit, number=number), World().context)
    assert write.values["DepNo"] == key


def test_a_code_is_never_patched() -> None:
    (unit,) = World().severa("business_unit", _unit("a", "Øst"))
    patch = ENTITY.severa_side.patch(unit, {"name": "Ny", "active": False}, World().context)
    assert patch == {"name": "Ny", "isActive": False}
    with pytest.raises(Refused):
        ENTITY.severa_side.patch(unit, {"name": None}, World().context)


def test_leading_zeros_do_not_part_a_code_from_its_number() -> None:
    (unit,) = World().severa("business_unit", _unit("a", "Avd. Øst", " 0042"))
    rule = ENTITY.rules[0]
    assert rule.connects
    assert rule.key(unit) == rule.key(_department("42", "AVD OEST"))


# --- checks -----------------------------------------------------------------------------------


def _dirty() -> World:
    world = World(lengths={"Department.Name": 10})
    world.severa(
        "business_unit",
        {"guid": "top", "name": "Prøve AS"},
        _unit("a", "Øst", "OST"),
        _unit("b", "Vest", None),
        _unit("c", "Nord", "3"),
        _unit("d", "Nord", "03"),
        _unit("e", "Sør", "5", isActive=False),
        _unit("f", "Sørvest Łódź", "6", parentGuid="e"),
        _unit("g", None or "", "7"),
    )
    return world.put(
        _department("1", "Øst"),
        _department("3", "Nordre"),
        _department("9", "Sør", guid="gone"),
        _department("8", "Sør", guid="gone"),
        _department("10", "Nord", inactive=True),
    )


@pytest.mark.parametrize(
    ("check", "keys"),
    [
        ("code_missing", ["b"]),
        ("code_not_numeric", ["a"]),
        ("code_duplicated", ["c", "d"]),
        ("name_duplicated", ["8", "9", "c", "d"]),
        ("name_missing", ["g"]),
        ("same_number_different_name", ["3", "3"]),
        ("same_name_different_number", ["1", "10", "10", "8", "9"]),
        ("parent_inactive", ["f"]),
        ("text_too_long", ["f"]),
        ("text_not_encodable", ["f"]),
        ("severa_guid_astray", ["8", "9"]),
        ("severa_guid_twice", ["8", "9"]),
    ],
)
def test_each_check_finds_its_fault_and_nothing_else(check: str, keys: list[str]) -> None:
    assert sorted(key for _, key in _dirty().findings("business_unit", check)) == keys


def test_the_code_plan_takes_the_department_of_that_name_else_a_free_number() -> None:
    texts = [text for _, _, text in _dirty().lines("business_unit", "code_not_numeric")]
    assert texts == ["Øst: code 'OST'; proposed code 1"]
    texts = [text for _, _, text in _dirty().lines("business_unit", "code_missing")]
    assert texts == ["Vest: no code; proposed code 11"]


def test_a_linked_pair_is_no_rival_but_must_agree_on_active() -> None:
    world = _dirty().connect("business_unit", "3", "c").connect("business_unit", "10", "d")
    found = world.findings("business_unit", "same_number_different_name")
    assert found == [("both", "3")]
    assert world.findings("business_unit", "active_in_one_system") == [("both", "10")]
