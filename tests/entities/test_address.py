"""Addresses: one model for three places in Global and one flagged record in Severa."""

from __future__ import annotations

from typing import Any

import pytest

from recon.entities.address import ENTITY
from recon.entities.address.roles import first
from recon.entities.address.visma_global import street_lines
from recon.errors import Refused
from recon.shapes import Record
from recon.spec import Next, RowInsert, RowUpdate
from tests.entities import cases
from tests.entities.world import Database, World, draft


def _theirs(guid: str, *flags: str, customer: str | None = "k", **more: Any) -> dict[str, Any]:
    names = {"postal": "isPostalAddress", "billing": "isBillingAddress", "visit": "isVisitAddress"}
    return {
        "guid": guid,
        "addressline": "Gata 1",
        "customer": {"guid": customer} if customer else None,
        **{name: role in flags for role, name in names.items()},
        **more,
    }


def _customer(number: str, guid: str, name: str = "Kunde AS") -> tuple[Record, Record]:
    return (
        Record("customer", "global", number, {"name": name, "active": True}, guid=guid, row=number),
        Record("customer", "severa", guid, {"name": name, "active": True}, guid=guid),
    )


@pytest.fixture
def database() -> Database:
    made = Database()
    cases.fill(made)
    return made


# --- reading ----------------------------------------------------------------------------------


def test_a_customer_has_up_to_three_addresses(database: Database) -> None:
    found = database.read(World(), "address")
    assert {key: record.fields["roles"] for key, record in found.items()} == {
        "Customer/10001/postal": "postal",
        "CustomerInvoiceAdresses/7/billing": "billing",
        "CustomerDeliveryAddresses/8/visit": "visit",
    }
    assert {record.parent for record in found.values()} == {"10001"}
    assert [record.attributes["carries_guid"] for record in found.values()] == [False, True, True]
    visit = found["CustomerDeliveryAddresses/8/visit"]
    assert visit.guid == "abcdef00-0000-0000-0000-000000000000"
    assert "phone" not in visit.fields and visit.fields["country"] is None
    assert found["Customer/10001/postal"].fields["phone"] == "55 66 77 88"


def test_the_own_address_serves_where_no_other_is_referred_to() -> None:
    database = Database()
    database.add("Customer", CustomerNo=1, Name="A", Address1="X", Address3="Y")
    database.add("Customer", CustomerNo=2, Name="B", InvoiceAdressNo=99)
    found = database.read(World(), "address")
    own = found["Customer/1/postal"]
    assert own.fields["roles"] == "billing+postal+visit"
    assert own.fields["street"] == "X\nY"
    assert found["Customer/2/postal"].fields["roles"] == "postal+visit"
    assert found["Customer/2/postal"].attributes["dangling"] == ["InvoiceAdressNo"]


def test_a_row_of_another_customer_is_nobodys_and_a_common_one_is_the_firsts() -> None:
    database, world = Database(), World()
    for number in (3, 20):
        database.add(
            "Customer", CustomerNo=number, Name="A", InvoiceAdressNo=5, DeliveryAddressNo=6
        )
    database.add("CustomerInvoiceAdresses", InvoiceAdressNo=5, InvoiceAdressCustomerNo=20)
    database.add("CustomerDeliveryAddresses", DeliveryAddressNo=6, CustomerNo=0)
    found = database.read(world, "address")
    assert found["CustomerInvoiceAdresses/5/billing"].parent == "20"
    assert found["CustomerDeliveryAddresses/6/visit"].parent == "3"
    assert world.findings("address", "reference_astray") == [("global", "Customer/3/postal")]


@pytest.mark.parametrize(
    ("flags", "role"),
    [
        (("postal", "billing"), "postal"),
        (("visit", "billing"), "billing"),
        (("visit",), "visit"),
        ((), ""),
    ],
)
def test_the_first_flag_is_the_role(flags: tuple[str, ...], role: str) -> None:
    (record,) = World().severa("address", _theirs("a", *flags))
    assert record.role == role
    assert (first(record.fields["roles"]) or "") == role


def test_the_eldest_keeps_the_role_and_the_second_stays_out() -> None:
    world = World()
    found = world.severa(
        "address",
        _theirs("young", "postal", createdDateTime="2025-01-01T00:00:00Z"),
        _theirs("old", "postal", createdDateTime="2020-01-01T00:00:00Z"),
        _theirs("other", "postal", customer="other"),
        _theirs("blank", "postal", addressline=None),
    )
    scopes = {r.key: ENTITY.creatable(r, world.context) for r in found}
    assert [key for key, scope in scopes.items() if scope is None] == ["old", "other"]
    assert [ENTITY.rules[0].key(r) for r in found] == [None, "postal", "postal", None]
    assert world.findings("address", "role_twice") == [("severa", "young")]


@pytest.mark.parametrize(
    "raw",
    [
        _theirs("a"),
        _theirs("a", "postal", addressline=" "),
        _theirs("a", "postal", customer=None),
    ],
)
def test_what_has_no_role_no_content_or_no_customer_stays_out(raw: dict[str, Any]) -> None:
    (record,) = World().severa("address", raw)
    scope = ENTITY.creatable(record, World().context)
    assert scope and scope.state == "out of scope"


# --- writing ----------------------------------------------------------------------------------


def test_the_postal_address_is_written_into_the_customers_own_columns() -> None:
    (source,) = World().severa("address", _theirs("a", "postal", country={"guid": "c-no"}))
    writes = ENTITY.global_side.insert(draft(source, parent="10001"), World().context)
    assert writes == [
        RowUpdate(
            "Customer",
            {
                "Address1": "Gata 1",
                "Address2": None,
                "Address3": None,
                "PostCode": None,
                "PostOffice": None,
                "Telephone": None,
                "CountryNo": 578,
            },
            "CustomerNo",
            10001,
        )
    ]


@pytest.mark.parametrize(
    ("role", "table", "key", "pointer"),
    [
        ("billing", "CustomerInvoiceAdresses", "InvoiceAdressNo", "InvoiceAdressNo"),
        ("visit", "CustomerDeliveryAddresses", "DeliveryAddressNo", "DeliveryAddressNo"),
    ],
)
def test_other_roles_get_a_row_and_the_customer_refers_to_it(
    role: str, table: str, key: str, pointer: str
) -> None:
    world = World().put(*_customer("10001", "k"))
    (source,) = world.severa("address", _theirs("a", role, phone="22334455"))
    row, reference = ENTITY.global_side.insert(draft(source, parent="10001"), world.context)
    assert isinstance(row, RowInsert) and (row.table, row.key) == (table, key)
    assert isinstance(row.values[key], Next)
    assert "Kunde AS" in row.values.values() and 10001 in row.values.values()
    assert "22334455" not in row.values.values()
    assert reference == RowUpdate("Customer", {pointer: row.values[key]}, "CustomerNo", 10001)


def test_a_place_that_is_taken_is_never_overwritten(database: Database) -> None:
    world = World()
    database.read(world, "address")
    for role in ("postal", "billing", "visit"):
        (source,) = world.severa("address", _theirs("a", role))
        with pytest.raises(Refused, match=f"another {role} address"):
            ENTITY.global_side.insert(draft(source, parent="10001"), world.context)


def test_a_resumed_run_may_write_the_same_address_again(database: Database) -> None:
    world = World()
    (source,) = world.severa("address", _theirs("a", "postal"))
    database.add("Customer", CustomerNo=1, Address1="Gata 1", Name="A")
    database.read(world, "address")
    assert ENTITY.global_side.insert(draft(source, parent="1"), world.context)


def test_an_address_whose_place_is_taken_stays_out(database: Database) -> None:
    world = World().put(*_customer("10001", "k"))
    database.read(world, "address")
    (source,) = world.severa("address", _theirs("a", "visit"))
    scope = ENTITY.creatable(source, world.context)
    assert scope and "has its visit address" in scope.reason


def test_severa_gets_the_flags_of_all_roles_when_created() -> None:
    database = Database()
    database.add("Customer", CustomerNo=1, Name="A", Address1="X", CountryNo=578)
    (source,) = database.read(World(), "address").values()
    path, body = ENTITY.severa_side.create(draft(source, parent="k"), World().context)
    assert path == "/v1/customers/k/addresses"
    assert body == {
        "addressline": "X",
        "country": {"guid": "c-no"},
        "isPostalAddress": True,
        "isBillingAddress": True,
        "isVisitAddress": True,
    }


@pytest.mark.parametrize(
    ("street", "expected"),
    [
        (None, [None, None, None]),
        ("a", ["a", None, None]),
        ("a\nb\nc", ["a", "b", "c"]),
        ("a\nb\nc\nd", ["a", "b", "c, d"]),
    ],
)
def test_streets_have_three_lines(street: str | None, expected: list[str | None]) -> None:
    assert street_lines(street) == expected


def test_further_flags_are_no_difference() -> None:
    compare = ENTITY.field("roles").compare
    assert compare("billing+postal+visit") == compare("postal") != compare("billing+visit")


# --- checks -----------------------------------------------------------------------------------


def _dirty() -> World:
    world = World(lengths={"Customer.PostOffice": 5}).put(*_customer("1", "k"))
    world.severa(
        "address",
        _theirs("a", "postal", addressline="1\n2\n3\n4", city="Trondheim", postalCode="123"),
        _theirs("b"),
        _theirs("c", "visit", country={"guid": "strange"}, postalCode="123"),
        _theirs("d", "billing", country={"guid": "c-no"}, postalCode="15 0"),
        _theirs("e", "postal", customer="k2", addressline="Łódź", createdDateTime="2024"),
        _theirs("f", "postal", customer="k2", createdDateTime="2025"),
    )
    database = Database()
    database.add("Customer", CustomerNo=1, Name="A", InvoiceAdressNo=4, DeliveryAddressNo=3)
    database.add("CustomerInvoiceAdresses", InvoiceAdressNo=4, SeveraGUID="gone")
    database.add("CustomerDeliveryAddresses", DeliveryAddressNo=3, SeveraGUID="gone")
    database.read(world, "address")
    return world


INVOICE, DELIVERY = "CustomerInvoiceAdresses/4/billing", "CustomerDeliveryAddresses/3/visit"


@pytest.mark.parametrize(
    ("check", "keys"),
    [
        ("country_unknown", ["c"]),
        ("post_code_wrong", ["d"]),
        ("role_missing", ["b"]),
        ("role_twice", ["f"]),
        ("reference_astray", []),
        ("street_too_many_lines", ["a"]),
        ("text_too_long", ["a"]),
        ("text_not_encodable", ["e"]),
        ("severa_guid_astray", [DELIVERY, INVOICE]),
        ("severa_guid_twice", [DELIVERY, INVOICE]),
    ],
)
def test_each_check_finds_its_fault_and_nothing_else(check: str, keys: list[str]) -> None:
    assert sorted(key for _, key in _dirty().findings("address", check)) == keys
