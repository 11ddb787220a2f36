"""Employees: names split and joined, new users and their licences, private data."""

from __future__ import annotations

from typing import Any

import pytest

from recon.compare import forms
from recon.entities.employee import ENTITY, licences, names
from recon.entities.employee.visma_global import statements
from recon.errors import Refused
from recon.links import Links
from recon.shapes import Record
from recon.spec import Next
from tests.entities import cases
from tests.entities.staff import DEFAULTS, UNIT, account, business, employee
from tests.entities.world import Database, World, draft, profile

# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "middle", "family", "whole"),
    [
        ("Kari Berg", None, None, "Kari Berg"),
        ("Kari Berg", None, "Berg", "Kari Berg"),
        ("Kari", "Anne", "Berg", "Kari Anne Berg"),
        ("Kari", None, "Lie Berg", "Kari Lie Berg"),
        ("Kari-Anne", None, "Berg", "Kari-Anne Berg"),
        ("Kari Lund", None, "Berg", "Kari Lund"),
        ("BERG", None, "Berg", "BERG"),
        ("Berg, Kari", None, "Berg", "Berg, Kari"),
        (None, None, "Berg", "Berg"),
        (None, None, None, None),
    ],
)
def test_global_s_columns_are_one_text(
    name: str | None, middle: str | None, family: str | None, whole: str | None
) -> None:
    assert names.whole(name, middle, family) == whole


@pytest.mark.parametrize(
    ("name", "known", "parts"),
    [
        ("Kari Berg", (None, None), ("Kari", "Berg")),
        ("Kari Anne Berg", (None, None), ("Kari Anne", "Berg")),
        ("Ola von der Lund", (None, None), ("Ola", "von der Lund")),
        ("Berg, Kari", (None, None), ("Kari", "Berg")),
        ("Kari Lie Berg", (None, "Lie Berg"), ("Kari", "Lie Berg")),
        ("Kari Lie Berg", ("Kari", "Moe"), ("Kari", "Lie Berg")),
        ("Siri Lie Berg", ("Kari", "Lie Berg"), ("Siri", "Lie Berg")),
        ("Siri Moe", ("Kari", "Lie Berg"), ("Siri", "Moe")),
        ("Vaktsentral", (None, None), ("-", "Vaktsentral")),
        ("Vaktsentral", ("-", "Vakt"), ("-", "Vaktsentral")),
        (None, ("Kari", "Berg"), None),
        (" ", (None, None), None),
    ],
)
def test_a_text_is_split_and_keeps_the_part_that_stays(
    name: object, known: names.Parts, parts: tuple[str, str] | None
) -> None:
    assert names.split(name, known) == parts


ROWS = (
    {"Name": "Kari Berg"},
    {"Name": "Berg, Kari"},
    {"Name": "Kari Berg", "FamilyName": "Berg"},
    {"Name": "Kari", "FamilyName": "Berg"},
    {"Name": "Kari", "MiddleName": "Anne", "FamilyName": "Lie Berg"},
    {"Name": "Kari-Anne", "FamilyName": "Berg"},
    {"Name": "Kari Lund", "FamilyName": "Berg"},
    {"Name": "Vakt"},
    {"Name": "", "FamilyName": "Berg"},
)
NEW = (
    "Siri Moe",
    "Siri-Anne Moe",
    "Siri Anne Lie Berg",
    "Vaktsentral",
    "Ola von Lund",
    "Kari Berg",
    "Berg",
)


@pytest.mark.parametrize("row", ROWS, ids=str)
@pytest.mark.parametrize("name", NEW)
def test_a_name_written_into_either_system_reads_back_as_it_was(
    row: dict[str, str], name: str
) -> None:
    database, world = Database(), World()
    database.add("Employee", EmployeeNo=7, InActiveYesNo=0, **row)
    ours = database.read(world, "employee")["7"]
    database.write(ENTITY.global_side.update(ours, {"name": name}, world.context))
    assert _name(database.read(world, "employee")["7"]) == name
    (theirs,) = world.severa("employee", cases.SEVERA["employee"])
    body = ENTITY.severa_side.patch(theirs, {"name": ours.fields["name"]}, world.context)
    (after,) = world.severa("employee", {**cases.SEVERA["employee"], **body})
    assert _name(after) == _name(ours)


def _name(record: Record) -> Any:
    return forms(ENTITY, record, Links())["name"]


def test_a_family_name_that_global_knows_is_the_last_name_of_the_new_account() -> None:
    source = employee("7", "Kari Lie Berg", family="Lie Berg")
    _, body = ENTITY.severa_side.create(draft(source), World().context)
    assert (body["firstName"], body["lastName"]) == ("Kari", "Lie Berg")


def test_no_name_is_refused() -> None:
    (user,) = World().severa("employee", account("a", "Kari Berg"))
    with pytest.raises(Refused, match="without a name"):
        ENTITY.severa_side.patch(user, {"name": None}, World().context)
    with pytest.raises(Refused, match="no name"):
        ENTITY.global_side.update(employee("7", "K"), {"name": None}, World().context)


# --- phone, department, number ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("mobile", "internal", "phone", "new", "columns"),
    [
        ("1", "2", "1", "3", {"MobileTelephone": "3"}),
        ("", "2", "2", "3", {"InternalTelephone": "3"}),
        ("", "", None, "3", {"MobileTelephone": "3"}),
        ("1", "2", "1", None, {"MobileTelephone": None, "InternalTelephone": None}),
    ],
)
def test_the_phone_is_written_where_it_was_read(
    mobile: str, internal: str, phone: str | None, new: str | None, columns: dict[str, Any]
) -> None:
    database, world = Database(), World()
    database.add("Employee", EmployeeNo=7, MobileTelephone=mobile, InternalTelephone=internal)
    ours = database.read(world, "employee")["7"]
    assert ours.fields["phone"] == phone
    (write,) = ENTITY.global_side.update(ours, {"phone": new}, world.context)
    assert write.values == columns


def test_the_topmost_unit_stands_for_no_department() -> None:
    world = World()
    world.severa("business_unit", {"guid": "top", "name": "Vi AS", "companyGuid": "co"})
    (user,) = world.severa("employee", account("a", "A B", businessUnit={**UNIT, "guid": "top"}))
    assert user.fields["business_unit"] is None
    patch = ENTITY.severa_side.patch(user, {"business_unit": None}, world.context)
    assert patch == {"businessUnit": {"guid": "top"}}
    _, body = ENTITY.severa_side.create(draft(employee("7", "A B")), world.context)
    assert body["businessUnit"] == {"guid": "top"}


def test_no_department_cannot_be_written_where_nothing_stands_for_it() -> None:
    (user,) = World().severa("employee", account("a", "A B", businessUnit=UNIT))
    with pytest.raises(Refused, match="stands for the company"):
        ENTITY.severa_side.patch(user, {"business_unit": None}, World().context)
    _, body = ENTITY.severa_side.create(draft(employee("7", "A B")), World().context)
    assert "businessUnit" not in body


@pytest.mark.parametrize(("number", "key"), [("77", 77), (None, Next("employee"))])
def test_a_new_employee_has_the_profile_s_defaults(number: str | None, key: object) -> None:
    (user,) = World().severa("employee", account("a", "Kari Berg", title=None))
    (write,) = ENTITY.global_side.insert(draft(user, number=number), World().context)
    wanted = {"EmployeeNo": key, "EmployeeCatNo": 4, "Name": "Kari Berg", "InActiveYesNo": 0}
    assert write.values == {**wanted, "InternalEmailAddress": "a@prove.no"}


# --- new users --------------------------------------------------------------------------------


def test_a_new_user_has_the_configured_licence_and_permissions_and_no_contract() -> None:
    source = employee("7", "Kari Berg", phone="99887766", title="Rådgiver", business_unit="u1")
    path, body = ENTITY.severa_side.create(draft(source, number="7"), business().context)
    assert path == "/v1/users"
    assert body == {
        "firstName": "Kari",
        "lastName": "Berg",
        "isActive": True,
        "email": "7@prove.no",
        "phone": "99887766",
        "code": "7",
        "businessUnit": {"guid": "u1"},
        "userType": "Employee",
        "permissionProfile": {"guid": "p1"},
        "createDefaultWorkContract": False,
    }


@pytest.mark.parametrize("named", ["p1", "P1", "Medarbeider"])
def test_permissions_are_named_by_guid_or_by_exact_name(named: str) -> None:
    world = business(defaults={**DEFAULTS, "permission_profile": named})
    assert licences.permission_profile(world.context) == "p1"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"user_type": ""}, "user_type"),
        ({"user_type": "Worker"}, "FullUser, Employee"),
        ({"permission_profile": ""}, "permission_profile"),
        ({"permission_profile": "medarbeider"}, "no active one called 'medarbeider'"),
        ({"permission_profile": "Gammel"}, "no active one called 'Gammel'"),
    ],
)
def test_what_the_profile_does_not_settle_holds_new_users(
    changes: dict[str, str], words: str
) -> None:
    context = business(defaults={**DEFAULTS, **changes}).context
    scope = ENTITY.creatable(employee("7", "Kari Berg"), context)
    assert scope and scope.state == "held" and words in scope.reason
    with pytest.raises(Refused) as caught:
        ENTITY.severa_side.create(draft(employee("7", "Kari Berg")), context)
    assert words in caught.value.todo


@pytest.mark.parametrize(
    ("setting", "active", "withheld"),
    [({}, True, {"title"}), ({"user_active": "false"}, False, {"title", "active"})],
)
def test_users_are_made_inactive_first_where_the_profile_says_so(
    setting: dict[str, str], active: bool, withheld: set[str]
) -> None:
    context = business(defaults={**DEFAULTS, **setting}).context
    source = employee("7", "Kari Berg")
    _, body = ENTITY.severa_side.create(draft(source), context)
    assert body["isActive"] is active
    assert set(ENTITY.severa_side.withheld(context)) == withheld
    assert licences.costs(source, context) == "licence of type Employee"


def test_a_leaver_takes_no_licence() -> None:
    leaver = employee("7", "Kari Berg", active=False)
    assert licences.costs(leaver, business().context) == ""
    _, body = ENTITY.severa_side.create(draft(leaver), business().context)
    assert body["isActive"] is False


def test_code_title_and_type_are_never_patched() -> None:
    (user,) = World().severa("employee", cases.SEVERA["employee"])
    changes: dict[str, Any] = {"email": "ny@prove.no", "active": False, "title": "Sjef"}
    patch = ENTITY.severa_side.patch(user, changes, World().context)
    assert patch == {"email": "ny@prove.no", "isActive": False}


# --- scope ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "state", "words"),
    [
        ({}, None, ""),
        ({"email": None}, "out of scope", "no e-mail"),
        ({"email": "kari(at)prove.no"}, "held", "cannot be right"),
        ({"active": False}, "out of scope", "inactive"),
    ],
)
def test_employees_with_an_email_address_transfer(
    changes: dict[str, Any], state: str | None, words: str
) -> None:
    scope = ENTITY.creatable(employee("7", "Kari Berg", **changes), business().context)
    assert (scope.state if scope else None) == state
    assert words in (scope.reason if scope else "")


@pytest.mark.parametrize(
    ("company", "unit", "ours"),
    [
        ("", UNIT, True),
        ("Vi AS", UNIT, True),
        ("CO", UNIT, True),
        ("De AS", UNIT, False),
        ("De AS", None, True),
        ("De AS", {"guid": "u1"}, True),
    ],
)
def test_users_of_another_company_stay_out(company: str, unit: Any, ours: bool) -> None:
    world = business(company=company)
    (user,) = world.severa("employee", account("a", "Kari Berg", "7", businessUnit=unit))
    scope = ENTITY.creatable(user, world.context)
    assert (scope is None) is ours
    assert all((rule.key(user) is not None) is ours for rule in ENTITY.rules)


def test_all_active_users_transfer_even_without_email() -> None:
    world = business()
    plain, left = world.severa(
        "employee", account("a", "A B", email=None), account("b", "C D", isActive=False)
    )
    assert ENTITY.creatable(plain, world.context) is None
    assert ENTITY.creatable(left, world.context)


def test_leavers_transfer_where_the_profile_says_so() -> None:
    world = World(profile=profile(transfer={"leavers": True}))
    (left,) = world.severa("employee", account("b", "C D", isActive=False))
    assert ENTITY.creatable(left, world.context) is None


# --- matching and privacy ---------------------------------------------------------------------


def test_number_and_name_connect_however_they_are_spelled() -> None:
    (user,) = World().severa("employee", account("a", "Åse Bjørn Møller", " 0042"))
    rule = ENTITY.rules[0]
    assert rule.connects and rule.key(user) == rule.key(employee("42", "Moeller, Aase Bjoern"))
    assert not any(rule.connects for rule in ENTITY.rules[1:])


def test_nothing_private_is_selected_or_kept() -> None:
    columns = {column.name.casefold() for column in statements()["employee"].selected_columns}
    private = {"privateemailaddress", "privatetelephone", "birthday", "bankaccount", "postaccount"}
    assert not columns & (private | {"password", "bizwebpassword", "timecostprice", "sex"})
    secret = {"socialSecurityNumber": "x1x", "birthDate": "x2x", "bankAccountNumber": "x3x"}
    raw = {**cases.SEVERA["employee"], **secret, "workContract": {"hourCost": {"amount": "x4x"}}}
    (user,) = World().severa("employee", raw)
    assert not [word for word in ("x1x", "x2x", "x3x", "x4x") if word in repr(user)]
