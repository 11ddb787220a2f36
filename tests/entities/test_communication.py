"""Communications: three columns of a contact in Global, any number in Severa."""

from __future__ import annotations

from typing import Any

import pytest

from recon.entities.communication import ENTITY
from recon.errors import Refused
from recon.shapes import Record
from recon.spec import RowUpdate
from tests.entities import cases
from tests.entities.world import Database, World, draft

TYPES = {"email": "EmailAddress", "phone": "Phone", "mobile": "MobilePhone", "fax": "Fax"}


def _theirs(guid: str, role: str, value: str | None, **more: Any) -> dict[str, Any]:
    return {
        "guid": guid,
        "value": value,
        "contact": {"guid": more.pop("contact", "c")},
        "communicationType": {"guid": "t", "type": TYPES[role], "name": role},
        **more,
    }


@pytest.fixture
def database() -> Database:
    made = Database()
    cases.fill(made)
    return made


def _world(database: Database, *, guid: str | None = None) -> World:
    """Global's contact 501 and Severa's contact c, which carry each other's guid or not."""
    world = World().put(
        Record("contact", "global", "501", {"name": "Ole"}, guid=guid, parent="10001"),
        Record("contact", "severa", "c", {"name": "Ole"}, guid="c", parent="k"),
    )
    database.read(world, "communication")
    return world


def test_every_contact_has_three_places_filled_or_empty(database: Database) -> None:
    found = database.read(World(), "communication")
    assert {key: record.fields["value"] for key, record in found.items()} == {
        "Contact/501/email": "ole@fjord.no",
        "Contact/501/phone": "55 00 00 01",
        "Contact/501/mobile": None,
    }
    assert [record.attributes["empty"] for record in found.values()] == [False, False, True]
    assert all(record.attributes["carries_guid"] is False for record in found.values())
    assert {record.parent for record in found.values()} == {"501"}


def test_a_phone_is_updated_in_the_column_that_it_came_from(database: Database) -> None:
    phone = database.read(World(), "communication")["Contact/501/phone"]
    (write,) = ENTITY.global_side.update(phone, {"value": "1"}, World().context)
    assert write == RowUpdate("Contact", {"InternalTelephone": "1"}, "ContactNo", 501)


def test_an_empty_place_is_created_into_and_a_filled_one_never(database: Database) -> None:
    world = _world(database)
    mobile, email = world.severa(
        "communication", _theirs("m", "mobile", "90000001"), _theirs("e", "email", "ny@fjord.no")
    )
    (write,) = ENTITY.global_side.insert(draft(mobile, parent="501"), world.context)
    assert write == RowUpdate("Contact", {"MobileTelephone": "90000001"}, "ContactNo", 501)
    with pytest.raises(Refused, match="another email"):
        ENTITY.global_side.insert(draft(email, parent="501"), world.context)


def test_the_same_value_may_be_written_again(database: Database) -> None:
    world = _world(database)
    (email,) = world.severa("communication", _theirs("e", "email", "OLE@fjord.no"))
    assert ENTITY.global_side.insert(draft(email, parent="501"), world.context)


def test_severa_is_told_that_it_may_be_used(database: Database) -> None:
    email = database.read(World(), "communication")["Contact/501/email"]
    path, body = ENTITY.severa_side.create(draft(email, parent="c"), World().context)
    assert path == "/v1/contactcommunications"
    assert body == {
        "value": "ole@fjord.no",
        "isForbiddenToUse": False,
        "contact": {"guid": "c"},
        "communicationType": {"guid": "m1"},
    }


def test_severa_cannot_hold_an_empty_one() -> None:
    (theirs,) = World().severa("communication", _theirs("e", "email", "a@b.no"))
    with pytest.raises(Refused, match="cannot hold an empty") as caught:
        ENTITY.severa_side.patch(theirs, {"value": None}, World().context)
    assert "Delete it" in caught.value.todo


def test_an_emptied_one_keeps_its_record_but_is_not_created(database: Database) -> None:
    world = _world(database)
    scopes = {
        record.role: ENTITY.creatable(record, world.context)
        for record in world.records("communication", "global").values()
    }
    assert [role for role, scope in scopes.items() if scope is None] == ["email", "phone"]


def test_further_ones_stay_in_severa_alone(database: Database) -> None:
    world = _world(database, guid="c")
    found = world.severa(
        "communication",
        _theirs("p", "phone", "1"),
        _theirs("m2", "mobile", "3", createdDateTime="2025"),
        _theirs("m1", "mobile", "2", createdDateTime="2024"),
        _theirs("f", "fax", "4"),
        _theirs("x", "mobile", "5", contact="unknown"),
        _theirs("n", "email", None, contact="c2"),
    )
    fine = [r.key for r in found if ENTITY.creatable(r, world.context) is None]
    assert fine == ["m1"]


@pytest.mark.parametrize(
    ("role", "value", "rules"),
    [
        ("email", "OLE@FJORD.NO", ["value", "role"]),
        ("phone", "+47 55 00 00 01", ["value", "role"]),
        ("email", "annen@fjord.no", ["role"]),
        ("mobile", "55000001", []),
        ("fax", "ole@fjord.no", []),
    ],
)
def test_they_pair_by_value_else_by_role(
    database: Database, role: str, value: str, rules: list[str]
) -> None:
    (theirs,) = World().severa("communication", _theirs("a", role, value))
    equal: set[str] = set()
    for ours in database.read(World(), "communication").values():
        for rule in ENTITY.rules:
            if rule.key(ours) is not None and rule.key(ours) == rule.key(theirs):
                equal.add(rule.name)
    assert equal == set(rules)


@pytest.mark.parametrize(
    ("check", "keys"),
    [
        ("email_invalid", ["e"]),
        ("phone_invalid", ["p"]),
        ("role_twice", ["e2"]),
        ("forbidden_to_use", ["p"]),
        ("text_too_long", ["e"]),
        ("text_not_encodable", ["p"]),
    ],
)
def test_each_check_finds_its_fault_and_nothing_else(check: str, keys: list[str]) -> None:
    world = World(lengths={"Contact.EmailAddress": 3})
    world.put(Record("contact", "severa", "c", {"name": "Ole"}))
    world.severa(
        "communication",
        _theirs("e", "email", "feil", createdDateTime="1"),
        _theirs("e2", "email", "a@b.no", createdDateTime="2"),
        _theirs("p", "phone", "spør Łuk", isForbiddenToUse=True),
        _theirs("m", "mobile", "900 00 001"),
    )
    assert [key for _, key in world.findings("communication", check)] == keys
