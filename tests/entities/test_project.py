"""Projects: who transfers, what refers to what, who owns and closes, and their checklist."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pytest

from recon.entities.project import ENTITY
from recon.errors import Refused
from recon.links import Links
from recon.spec import Draft, Next, RowInsert
from tests.engine import linked
from tests.entities.projects import OWNER, company, customer, in_global, in_severa
from tests.entities.world import World, draft

# --- who transfers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("project", "transfer", "reason"),
    [
        ({}, {}, None),
        ({"salesStatus": {"salesStatusTypeGuid": "l", "name": "No"}}, {}, "sales status"),
        ({"salesStatus": None}, {}, "sales status"),
        ({}, {"won_statuses": ["Signed"]}, "sales status"),
        ({}, {"won_statuses": ["order"]}, None),
        ({"isClosed": True}, {}, "closed"),
        ({"isClosed": True}, {"leavers": True}, None),
        ({"businessUnit": {"guid": "u", "companyGuid": "other"}}, {}, "another company"),
        ({"customer": None}, {}, "no customer"),
        ({"isInternal": True}, {}, None),
        ({"isInternal": True, "salesStatus": None, "customer": None}, {}, None),
        ({"isInternal": True, "salesStatus": {"salesStatusTypeGuid": "l"}}, {}, "sales status"),
        ({"isInternal": True}, {"internal_category": 0}, "names no category"),
    ],
)
def test_from_severa_come_open_won_projects_of_our_company(
    project: dict[str, Any], transfer: dict[str, Any], reason: str | None
) -> None:
    world = company(transfer)
    (found,) = world.severa("project", in_severa(**project))
    scope = ENTITY.creatable(found, world.context)
    assert (reason in scope.reason) if scope and reason else (scope is None and reason is None)


@pytest.mark.parametrize(
    ("project", "transfer", "reason"),
    [
        ({}, {}, None),
        ({}, {"project_types": [1, 2]}, None),
        ({}, {"project_types": [2]}, "project type 1"),
        ({"closed": True}, {}, "closed"),
        ({"closed": True}, {"leavers": True}, None),
        ({"customer": None}, {}, "no customer"),
        ({"customer": None, "internal": True}, {}, None),
        ({"facts": {"main": "1000"}}, {}, None),
        ({"facts": {"main": "1000"}}, {"sub_projects": "off"}, "sub project of 1000"),
    ],
)
def test_from_global_come_open_projects_of_the_types(
    project: dict[str, Any], transfer: dict[str, Any], reason: str | None
) -> None:
    world = company(transfer)
    scope = ENTITY.creatable(in_global(**project), world.context)
    assert (reason in scope.reason) if scope and reason else (scope is None and reason is None)


def test_a_project_without_a_customer_is_held_for_a_person_and_not_refused_each_run() -> None:
    scope = ENTITY.creatable(in_global(customer=None), company().context)
    assert scope and scope.state == "held"


# --- reading ----------------------------------------------------------------------------------


def test_an_internal_project_has_no_customer_on_either_side() -> None:
    world = company()
    (theirs,) = world.severa("project", in_severa(isInternal=True))
    row = {"ProjectNo": 5, "Name": "Møter", "CustomerNo": 9, "ProjectCategoryNo": 2}
    (ours,) = ENTITY.global_side.records({"project": [row]}, world.context)
    for record in (theirs, ours):
        assert (record.fields["internal"], record.fields["customer"]) == (True, None)
    assert theirs.attributes["customer"] == "c", "the customers' own rule still sees it"


def test_without_a_category_global_does_not_say_what_is_internal() -> None:
    row = {"ProjectNo": 5, "Name": "Møter", "CustomerNo": 9, "ProjectCategoryNo": 2}
    context = company({"internal_category": 0}).context
    (ours,) = ENTITY.global_side.records({"project": [row]}, context)
    assert "internal" not in ours.fields and ours.fields["customer"] == "9"


def test_the_topmost_unit_is_no_department() -> None:
    unit = {"guid": "TOP", "companyGuid": "co", "companyBusinessUnitGuid": "top"}
    (theirs,) = company().severa("project", in_severa(businessUnit=unit))
    assert theirs.fields["department"] is None


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2025-02-01", date(2025, 2, 1)),
        ("2025-02-01T00:00:00Z", date(2025, 2, 1)),
        (datetime(2025, 2, 1, 8, 30), date(2025, 2, 1)),
        (date(2025, 2, 1), date(2025, 2, 1)),
        ("", None),
        (None, None),
    ],
)
def test_days_are_days_in_every_form(value: Any, read: date | None) -> None:
    (theirs,) = company().severa("project", in_severa(startDate=value))
    assert theirs.fields["start"] == read


@pytest.mark.parametrize("value", ["soon", 5, "2025-13-01"])
def test_what_is_no_day_is_said(value: Any) -> None:
    (theirs,) = company().severa("project", in_severa(deadline=value))
    assert "deadline" in theirs.attributes["unreadable"]


def test_three_filters_tell_what_changed() -> None:
    filters = ENTITY.severa_side.listing.changes
    assert filters == ("changedSince", "salesStatusChangedSince", "projectStatusChangedSince")


# --- new in Severa ----------------------------------------------------------------------------


def _create(world: World, **fields: Any) -> Mapping[str, Any]:
    """The body of the POST for a project whose references are Severa's keys already."""
    source = in_global(**{"customer": "c", "manager": "m", "department": "u", **fields})
    make_it = Draft(source.fields, source.number, "", None, source)
    path, body = ENTITY.severa_side.create(make_it, world.context)
    assert path == "/v1/projects"
    return body


def test_a_new_project_is_won_and_has_globals_number() -> None:
    world = company().put(customer("severa", "c"))
    body = _create(world, start=date(2025, 3, 1), deadline=None)
    assert body == {
        "name": "Prosjekt 1001",
        "customer": {"guid": "c"},
        "projectOwner": {"guid": "m"},
        "businessUnit": {"guid": "u"},
        "startDate": "2025-03-01",
        "isInternal": False,
        "isClosed": False,
        "salesStatus": {"salesStatusTypeGuid": "w"},
        "currency": {"guid": "nok"},
        "number": 1001,
    }


def test_what_global_has_none_of_comes_from_the_profile_and_the_topmost_unit() -> None:
    world = company()
    top = {"guid": "top", "name": "Prøve AS", "companyGuid": "co"}
    world.severa("business_unit", top)
    body = _create(world, manager=None, department=None)
    assert body["projectOwner"] == {"guid": OWNER}
    assert body["businessUnit"] == {"guid": "top"}
    assert body["currency"] == {"guid": "sek"}, "its customer is not known here"
    assert "businessUnit" not in _create(company(), department=None)


def test_an_internal_project_belongs_to_the_only_internal_customer_or_the_configured_one() -> None:
    world = company().put(
        customer("severa", "us", internal=True),
        customer("severa", "old", internal=True, active=False),
        customer("severa", "c"),
    )
    internal = {"customer": None, "internal": True}
    assert _create(world, **internal)["customer"] == {"guid": "us"}
    assert _create(company(internal_customer="x"), **internal)["customer"] == {"guid": "x"}
    world.put(customer("severa", "us too", internal=True))
    with pytest.raises(Refused, match="2 internal customers") as caught:
        _create(world, **internal)
    assert "internal_customer" in caught.value.todo


@pytest.mark.parametrize("named", ["w", "W", "Order"])
def test_the_won_status_is_named_by_guid_or_name(named: str) -> None:
    found = _create(company(won_status=named))["salesStatus"]["salesStatusTypeGuid"]
    assert found.lower() == "w"


@pytest.mark.parametrize("named", ["l", "No", "order ", "x"])
def test_a_won_status_that_does_not_mean_won_is_refused(named: str) -> None:
    with pytest.raises(Refused, match="means won") as caught:
        _create(company(won_status=named))
    assert "won_status" in caught.value.todo


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"name": None}, "name"),
        ({"customer": None}, "customer"),
        ({"customer": None, "internal": True}, "internal customers"),
    ],
)
def test_what_severa_requires_is_refused_with_a_remedy(fields: dict[str, Any], what: str) -> None:
    with pytest.raises(Refused, match=what) as caught:
        _create(company(), **fields)
    assert caught.value.todo


def test_without_a_default_owner_a_project_without_a_manager_is_refused() -> None:
    with pytest.raises(Refused, match="owner") as caught:
        _create(company(project_owner=""), manager=None)
    assert "project_owner" in caught.value.todo


def test_a_closed_project_may_get_the_profiles_status_and_an_open_one_another() -> None:
    world = company({"leavers": True}, closed_status="over", open_status="on")
    body = _create(world, closed=True)
    assert body["isClosed"] is True
    assert body["projectStatus"] == {"projectStatusTypeGuid": "over"}
    assert _create(world)["projectStatus"] == {"projectStatusTypeGuid": "on"}


# --- changed in Severa ------------------------------------------------------------------------


def _patch(world: World, **changes: Any) -> Mapping[str, Any]:
    (theirs,) = world.severa("project", in_severa())
    return ENTITY.severa_side.patch(theirs, changes, world.context)


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        ({"name": "Ny"}, {"name": "Ny"}),
        ({"customer": "d"}, {"customer": {"guid": "d"}}),
        ({"manager": "n"}, {"projectOwner": {"guid": "n"}}),
        ({"manager": None}, {"projectOwner": {"guid": OWNER}}),
        ({"department": "v"}, {"businessUnit": {"guid": "v"}}),
        ({"start": date(2025, 1, 2)}, {"startDate": "2025-01-02"}),
        ({"deadline": None}, {"deadline": None}),
        ({"closed": True}, {"isClosed": True}),
        (
            {"internal": True, "customer": None},
            {"isInternal": True, "customer": {"guid": "us"}},
        ),
    ],
)
def test_a_change_is_patched(changes: dict[str, Any], body: dict[str, Any]) -> None:
    world = company().put(customer("severa", "us", internal=True))
    assert _patch(world, **changes) == body


@pytest.mark.parametrize(("closed", "order"), [(True, [0, 1]), (False, [1, 0])])
def test_the_status_is_set_while_the_project_is_open(closed: bool, order: list[int]) -> None:
    world = company(closed_status="over", open_status="on")
    names = ["projectStatusTypeGuid", "isClosed"]
    assert list(_patch(world, closed=closed)) == [names[at] for at in order]


@pytest.mark.parametrize("changes", [{"name": ""}, {"customer": None}])
def test_what_severa_cannot_take_is_refused_with_a_remedy(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        _patch(company(), **changes)
    assert caught.value.todo and caught.value.fields == tuple(changes)


# --- written into Global ----------------------------------------------------------------------


def test_a_new_row_has_the_profiles_defaults_and_severas_number() -> None:
    world = company()
    (source,) = world.severa("project", in_severa(startDate="2025-02-01"))
    links = Links([linked("10001", "c", {}, "customer"), linked("7", "m", {}, "employee")])
    (write,) = ENTITY.global_side.insert(draft(source, number="50001", links=links), world.context)
    assert isinstance(write, RowInsert) and (write.table, write.key) == ("Project", "ProjectNo")
    assert write.values == {
        "ProjectType": 1,
        "ProjectCategoryNo": 1,
        "ProjectNo": 50001,
        "Name": "Prosjekt p",
        "CustomerNo": 10001,
        "PMEmployeeNo": 7,
        "StartTime": datetime(2025, 2, 1),
        "InActiveYesNo": 0,
    }
    (write,) = ENTITY.global_side.insert(draft(source, links=links), world.context)
    assert write.values["ProjectNo"] == Next("project")


def test_an_internal_project_gets_the_category_and_no_customer() -> None:
    world = company()
    (source,) = world.severa("project", in_severa(isInternal=True))
    (write,) = ENTITY.global_side.insert(draft(source, number="1", links=Links()), world.context)
    assert write.values["ProjectCategoryNo"] == 2 and "CustomerNo" not in write.values


@pytest.mark.parametrize(
    ("changes", "columns"),
    [
        ({"customer": "10002"}, {"CustomerNo": 10002}),
        ({"customer": None, "internal": True}, {"CustomerNo": None, "ProjectCategoryNo": 2}),
        ({"internal": False}, {"ProjectCategoryNo": 1}),
        ({"manager": None}, {"PMEmployeeNo": None}),
        ({"department": "9"}, {"DepNo": 9}),
        ({"deadline": None}, {"StopTime": None}),
        ({"closed": True}, {"InActiveYesNo": 1}),
    ],
)
def test_a_change_is_updated(changes: dict[str, Any], columns: dict[str, Any]) -> None:
    (write,) = ENTITY.global_side.update(in_global(), changes, company().context)
    assert write.values == columns


@pytest.mark.parametrize(
    ("changes", "transfer"), [({"name": None}, {}), ({"internal": True}, {"internal_category": 0})]
)
def test_what_global_cannot_take_is_refused_with_a_remedy(
    changes: dict[str, Any], transfer: dict[str, Any]
) -> None:
    with pytest.raises(Refused) as caught:
        ENTITY.global_side.update(in_global(), changes, company(transfer).context)
    assert caught.value.todo and caught.value.fields == tuple(changes)
