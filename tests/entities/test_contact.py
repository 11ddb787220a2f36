"""Contacts: joined names, e-mail before name, nobody's and deleted ones."""

from __future__ import annotations

from typing import Any

import pytest

from recon.entities.contact import ENTITY
from recon.errors import Refused
from recon.shapes import Record
from tests.entities import cases
from tests.entities.world import Database, World, draft


def _theirs(guid: str, first: str | None, last: str | None, **more: Any) -> dict[str, Any]:
    customer = {"guid": more.pop("customer", "k")}
    return {"guid": guid, "firstName": first, "lastName": last, "customer": customer, **more}


def _ours(number: str, name: str | None, **more: Any) -> Record:
    fields: dict[str, Any] = {
        "name": name,
        "title": None,
        "active": not more.pop("inactive", False),
    }
    parent, guid = more.pop("customer", "1"), more.pop("guid", None)
    found = Record("contact", "global", number, fields, guid=guid, parent=parent, row=number)
    found.attributes = {"email": more.pop("email", None)}
    return found


def _customers(world: World, **attributes: Any) -> World:
    return world.put(
        Record("customer", "global", "1", {"name": "K", "active": True}, number="1", guid="k"),
        Record("customer", "severa", "k", {"name": "K", "active": True, **attributes}),
    )


def test_contacts_of_suppliers_and_deleted_ones_are_not_read() -> None:
    database = Database()
    cases.fill(database)
    assert list(database.read(World(), "contact")) == ["501"]
    assert World().severa("contact", _theirs("a", "A", "B", isDeleted=True)) == []


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Ole von Berg", "Ole", "von Berg"),
        ("Berg, Ole", "Ole", "Berg"),
        ("Innkjøp", "-", "Innkjøp"),
    ],
)
def test_one_text_becomes_two_names_and_reads_back_as_the_same(
    name: str, first: str, last: str
) -> None:
    _, body = ENTITY.severa_side.create(draft(_ours("1", name), parent="k"), World().context)
    assert (body["firstName"], body["lastName"]) == (first, last)
    (back,) = World().severa("contact", {**body, "guid": "a"})
    compare = ENTITY.field("name").compare
    assert compare(back.fields["name"]) == compare(name)


@pytest.mark.parametrize("name", [None, "", "  "])
def test_a_contact_without_a_name_is_refused_on_both_sides(name: str | None) -> None:
    with pytest.raises(Refused, match="last name"):
        ENTITY.severa_side.create(draft(_ours("1", name), parent="k"), World().context)
    with pytest.raises(Refused, match="no name"):
        ENTITY.global_side.insert(draft(_ours("1", name), parent="1"), World().context)
    with pytest.raises(Refused):
        ENTITY.severa_side.patch(_ours("1", "A"), {"name": name}, World().context)


def test_only_changed_properties_are_patched() -> None:
    (theirs,) = World().severa("contact", _theirs("a", "Anne Marie", "Berg"))
    patch = ENTITY.severa_side.patch(theirs, {"title": None, "active": False}, World().context)
    assert patch == {"jobTitle": None, "isActive": False}


@pytest.mark.parametrize(
    ("ours", "theirs", "rule"),
    [
        (("Anne Berg", "Anne@X.no"), ("A", "B", ["anne@x.no"]), "email"),
        (("Bjørn Ås", None), ("Bjoern", "Aas", []), "name"),
        (("Anne Berg", "feil"), ("Anne", "Berg", ["feil"]), "name"),
        (("Anne Berg", None), ("Berit", "Berg", [None, 5]), None),
    ],
)
def test_they_pair_by_email_else_by_name(ours: Any, theirs: Any, rule: str | None) -> None:
    left = _ours("1", ours[0], email=ours[1])
    (right,) = World().severa("contact", _theirs("a", *theirs[:2], emails=theirs[2]))
    equal = [
        r.name for r in ENTITY.rules if r.key(left) is not None and r.key(left) == r.key(right)
    ]
    assert equal == ([rule] if rule else [])


def test_only_active_contacts_of_a_known_customer_are_created() -> None:
    world = _customers(World())
    found = [
        ENTITY.creatable(record, world.context)
        for record in (
            _ours("1", "A"),
            _ours("2", "B", inactive=True),
            _ours("3", "C", customer="9"),
            _ours("4", "D", customer=None),
        )
    ]
    assert [scope is None for scope in found] == [True, False, False, False]


def _dirty() -> World:
    world = _customers(World(lengths={"Contact.Titel": 4}), active=False)
    world.severa(
        "contact",
        _theirs("a", "Anne", "Berg", emails=["x@y.no"], jobTitle="Leder"),
        _theirs("b", "ANNE", "Berg", emails=["x@y.no"]),
        _theirs("c", "Łuk", "Ś", customer="gone"),
        _theirs("d", None, None, isActive=True),
        _theirs("e", "Łuk", "Ś", isActive=True),
    )
    return world.put(_ours("1", "Anne", guid="z"), _ours("2", "Bo Li", customer="8", guid="z"))


@pytest.mark.parametrize(
    ("check", "keys"),
    [
        ("name_missing", ["d"]),
        ("name_of_one_word", ["1"]),
        ("name_duplicated", ["a", "b"]),
        ("email_shared", ["a", "b"]),
        ("customer_inactive", ["a", "b", "d", "e"]),
        ("customer_missing", ["2", "c"]),
        ("text_too_long", ["a"]),
        ("text_not_encodable", ["e"]),
        ("severa_guid_astray", ["1", "2"]),
        ("severa_guid_twice", ["1", "2"]),
    ],
)
def test_each_check_finds_its_fault_and_nothing_else(check: str, keys: list[str]) -> None:
    assert sorted(key for _, key in _dirty().findings("contact", check)) == keys
