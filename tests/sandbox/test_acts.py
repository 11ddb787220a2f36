"""What users do in both systems: each act is seen by the other programs as it would be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, Table, delete

from recon.errors import Refused, Usage
from recon.sandbox import acts, acts_global, acts_mix, acts_severa, acts_staff, severa_server, world
from recon.sandbox.world import World
from recon.systems.table_forms import MARKER

pytestmark = pytest.mark.slow

SIZE = 60


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("acts") / "company"
    with world.open_world(world.create(folder, SIZE, 7)) as opened:
        yield opened
    severa_server.release(folder)


def customer(opened: World, number: int) -> dict[str, Any]:
    (row,) = acts_global.rows(opened, "Customer", CustomerNo=number)
    return row


def first_number(opened: World) -> int:
    return int(acts_global.rows(opened, "Customer", InActiveYesNo=0)[0]["CustomerNo"])


def first_guid(opened: World) -> str:
    return str(acts_severa.documents(opened, "customers")[0]["guid"])


def test_an_edit_in_global_moves_last_update(shared: World) -> None:
    number = first_number(shared)
    before = customer(shared, number)
    acts_global.edit(shared, "Customer", number, {"Telephone": "19 00 00 01"})
    after = customer(shared, number)
    assert after["Telephone"] == "19 00 00 01"
    assert after["LastUpdate"] > before["LastUpdate"]
    assert after["LastUpdatedBy"] == acts_global.USER


def test_a_silent_edit_in_global_does_not(shared: World) -> None:
    number = first_number(shared)
    before = customer(shared, number)
    acts_global.edit_silently(shared, "Customer", number, {"Telephone": "19 00 00 02"})
    after = customer(shared, number)
    assert after["Telephone"] == "19 00 00 02"
    assert after["LastUpdate"] == before["LastUpdate"]


def test_a_new_customer_takes_the_next_number_of_the_series(shared: World) -> None:
    def series() -> int:
        return int(acts_global.rows(shared, "CommonParameter")[0]["LastUsedCustomerNo"])

    before = series()
    number = acts_global.create_customer(shared, {**acts_global.NEW_CUSTOMER, "Name": "Ny AS"})
    assert number == before + 1 == series()
    assert customer(shared, number)["Name"] == "Ny AS"
    assert customer(shared, number)["SeveraGUID"] == ""


def test_a_duplicate_in_global_has_the_content_but_not_the_link(shared: World) -> None:
    rows = acts_global.rows(shared, "Customer")
    linked = next(row for row in rows if row["SeveraGUID"] and not row["MergeToCustomerNo"])
    number = acts_global.duplicate_customer(shared, linked["CustomerNo"])
    copy = customer(shared, number)
    assert (copy["Name"], copy["CompanyNo"]) == (linked["Name"], linked["CompanyNo"])
    assert copy["SeveraGUID"] == ""


def test_a_customer_that_vanishes_takes_its_contacts_along(shared: World) -> None:
    number = acts_global.create_customer(shared, {**acts_global.NEW_CUSTOMER, "Name": "Borte AS"})
    contact = acts_global.create(shared, "Contact", {"CustomerNo": number, "Name": "Kari Borte"})
    acts_global.vanish(shared, "Customer", number)
    assert acts_global.rows(shared, "Customer", CustomerNo=number) == []
    assert acts_global.rows(shared, "Contact", ContactNo=contact) == []


def test_merge_lock_and_guid_by_hand(shared: World) -> None:
    one, other = (
        acts_global.create_customer(shared, {**acts_global.NEW_CUSTOMER, "Name": name})
        for name in ("En AS", "To AS")
    )
    acts_global.merge(shared, one, other)
    acts_global.lock(shared, other)
    acts_global.set_guid(shared, "Customer", other, "11111111-2222-3333-4444-555555555555")
    assert customer(shared, one)["MergeToCustomerNo"] == other
    assert customer(shared, one)["InActiveYesNo"] == 1
    assert customer(shared, other)["LockedYesNo"] == 1
    assert customer(shared, other)["SeveraGUID"].startswith("11111111")


def test_a_row_that_is_not_there_is_said(shared: World) -> None:
    with pytest.raises(Usage, match="no row 1 in Customer"):
        acts_global.edit(shared, "Customer", 1, {"Name": "x"})
    with pytest.raises(Usage, match="no row 1 in Customer"):
        acts_global.vanish(shared, "Customer", 1)


def test_an_edit_in_severa_moves_its_stamp(shared: World) -> None:
    guid = first_guid(shared)
    before = shared.severa.one("customers", guid)
    acts_severa.edit(shared, "customers", guid, {"email": "ny@fjell.example"})
    after = shared.severa.one("customers", guid)
    assert after["email"] == "ny@fjell.example"
    assert after["lastUpdatedDateTime"] > before["lastUpdatedDateTime"]


def test_renumber_and_deactivate_in_severa(shared: World) -> None:
    guid = first_guid(shared)
    acts_severa.renumber(shared, guid, 77_777)
    acts_severa.deactivate(shared, "customers", guid)
    after = shared.severa.one("customers", guid)
    assert (after["number"], after["isActive"]) == (77_777, False)


def test_a_customer_that_is_sold_to_has_a_won_project(shared: World) -> None:
    guid = acts_severa.create_customer(shared, {"name": "Solgt AS"})
    project = shared.severa.one("projects", acts_severa.win_customer(shared, guid))
    won = shared.profile.transfer.won_statuses
    assert project["customer"]["guid"] == guid
    assert project["salesStatus"]["salesStatusTypeGuid"] in won


def test_a_hoped_for_project_is_won(shared: World) -> None:
    won = shared.profile.transfer.won_statuses
    hoped = next(
        project["guid"]
        for project in acts_severa.documents(shared, "projects")
        if project["salesStatus"] and project["salesStatus"]["salesStatusTypeGuid"] not in won
    )
    acts_severa.win(shared, hoped)
    after = shared.severa.one("projects", hoped)
    assert after["salesStatus"]["salesStatusTypeGuid"] == won[0]


def test_contacts_and_their_communications_in_severa(shared: World) -> None:
    customer_guid = acts_severa.create_customer(shared, {"name": "Folksom AS"})
    name = {"firstName": "Ola", "lastName": "Folk"}
    contact = acts_severa.create_contact(shared, customer_guid, name)
    acts_severa.add_communication(shared, contact, "EmailAddress", "ola@folk.example")
    assert shared.severa.one("contactpersons", contact)["emails"] == ["ola@folk.example"]
    acts_severa.vanish(shared, "contactpersons", contact)
    left = acts_severa.documents(shared, "contactpersons")
    assert all(row["isDeleted"] for row in left if row["guid"] == contact)


def test_another_customer_is_billed(shared: World) -> None:
    project = acts_severa.win_customer(shared, first_guid(shared))
    payer = acts_severa.create_customer(shared, {"name": "Betaler AS"})
    acts_severa.bill_another(shared, project, payer)
    rows = shared.severa.call("GET", f"/v1/projects/{project}/projectbillingcustomers")
    assert payer in {row["billingCustomer"]["guid"] for row in rows}


def test_severa_says_why_it_refuses(shared: World) -> None:
    project = acts_severa.documents(shared, "projects")[0]
    with pytest.raises(Refused, match="in use"):
        acts_severa.vanish(shared, "customers", project["customer"]["guid"])


def test_named_acts_take_texts(shared: World) -> None:
    number, guid = str(first_number(shared)), first_guid(shared)
    acts.edit(shared, "global", "customer", number, {"TermsOfPayCustNo": "3", "Name": "Tekst AS"})
    acts.edit(shared, "severa", "customer", guid, {"paymentTerm": "45", "isActive": "true"})
    assert customer(shared, int(number))["TermsOfPayCustNo"] == 3
    after = shared.severa.one("customers", guid)
    assert (after["paymentTerm"], after["isActive"]) == (45, True)


def test_named_acts_work_on_both_sides(shared: World) -> None:
    ours = acts.create_customer(shared, "global", "Her AS")
    theirs = acts.create_customer(shared, "severa", "Der AS")
    for made in (ours, theirs):
        copy = acts.duplicate(shared, made.side, made.key)
        assert copy.key != made.key
        acts.deactivate(shared, copy.side, "customer", copy.key)
        acts.vanish(shared, copy.side, "customer", copy.key)
    addresses = shared.severa.call("GET", f"/v1/customers/{theirs.key}/addresses")
    assert [address["isBillingAddress"] for address in addresses] == [True]
    assert acts_global.rows(shared, "Customer", CustomerNo=int(ours.key))


def test_people_are_hired_renumbered_and_leave_on_both_sides(shared: World) -> None:
    ours = acts.create_employee(shared, "global", "Kari Ny")
    acts.edit(shared, "global", "employee", ours.key, {"DepNo": "110", "Name": "Kari Nyere"})
    acts.deactivate(shared, "global", "employee", ours.key)
    (row,) = acts_global.rows(shared, "Employee", EmployeeNo=int(ours.key))
    assert (row["Name"], row["DepNo"], row["InActiveYesNo"]) == ("Kari Nyere", 110, 1)
    assert row["InternalEmailAddress"].startswith("kari.ny@")
    theirs = acts.create_employee(shared, "severa", "Ola Ny", "950")
    acts_staff.renumber(shared, theirs.key, None)
    acts.deactivate(shared, "severa", "user", theirs.key)
    user = shared.severa.one("users", theirs.key)
    assert (user["firstName"], user["code"], user["isActive"]) == ("Ola", None, False)


@pytest.mark.parametrize(
    ("side", "what", "key", "values", "word"),
    [
        ("global", "planet", "1", {"Name": "x"}, "planet"),
        ("global", "customer", "1", {"Colour": "x"}, "Colour"),
        ("global", "customer", "1", {"CountryNo": "x"}, "CountryNo"),
        ("severa", "planet", "1", {"name": "x"}, "planet"),
        ("severa", "customer", "1", {"number": "x"}, "number"),
        ("severa", "customer", "1", {"owner": "{"}, "owner"),
    ],
)
def test_wrong_acts_are_said(
    shared: World, side: Any, what: str, key: str, values: dict[str, str], word: str
) -> None:
    with pytest.raises(Usage, match=word):
        acts.edit(shared, side, what, key, values)


def test_every_move_of_the_mix_can_be_made(shared: World) -> None:
    day = acts_mix.Day(shared, 3)
    for _, move in acts_mix.MOVES:
        act = move(day)
        assert act.side in ("global", "severa") and act.text and act.key, move.__name__


def test_a_mixed_day_touches_each_record_once(shared: World) -> None:
    done = acts.random_edits(shared, 9, 25)
    assert len(done) == 25
    edited = [(act.side, act.what, act.key) for act in done]
    assert len(set(edited)) == len(edited)
    assert {act.side for act in done} == {"global", "severa"}


def test_without_the_marker_nothing_is_changed(tmp_path: Path) -> None:
    profile = world.create(tmp_path / "company", 5, 1)
    with world.open_world(profile) as opened:
        number = first_number(opened)
        with opened.in_global() as connection:
            schema = opened.profile.global_.schema_name
            assert schema == "ProvefjordAS"
            marker = Table(MARKER, MetaData(), schema=schema, autoload_with=connection)
            connection.execute(delete(marker))
        with pytest.raises(Usage, match="not the sandbox's"):
            acts_global.edit(opened, "Customer", number, {"Name": "x"})
        with pytest.raises(Usage, match="not the sandbox's"):
            acts_global.create_customer(opened, {"Name": "x"})
