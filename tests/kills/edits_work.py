"""What users did to departments, employees, articles and projects, which refer to each other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from recon.sandbox import acts_global as ours
from recon.sandbox import acts_goods, acts_projects
from recon.sandbox import acts_severa as theirs
from tests.kills.desk import Desk
from tests.kills.state import ARTICLES, Key

EACH = 2
TYPES = (2, 3, 4)
FIRST_EMPLOYEE, FIRST_ARTICLE, FIRST_PROJECT = 700, 7000, 800
FIRST_UNIT, FIRST_USER, FIRST_GOOD = 580, 980, 1980


def new_in_global(desk: Desk, customers: Sequence[int]) -> None:
    """New departments, employees in them, articles of each kind, and projects of new and of known
    customers with new and with known managers."""
    units = [ours.create(desk.world, "Department", {"Name": f"Ny avdeling {n}"}) for n in range(2)]
    people = [_employee(desk, at, units[at % len(units)]) for at in range(EACH)]
    for at in range(len(TYPES) * EACH):
        values = {"Name": f"Ny artikkel {at}", "ArtTypeNo": TYPES[at % len(TYPES)]}
        prices = {"Price1": 100.5 + at, "PurchasePrice": 60.25 + at}
        acts_goods.create_article(desk.world, str(FIRST_ARTICLE + at), {**values, **prices})
    known = [int(number) for number, _ in desk.linked["Customer"]]
    managers = [*people, *(key for key, _ in desk.linked["Employee"][:1])]
    for at, customer in enumerate([*customers, *known[:EACH]]):
        values = {"ProjectNo": FIRST_PROJECT + at, "Name": f"Nytt prosjekt {at}"}
        within = {"PMEmployeeNo": managers[at % len(managers)], "DepNo": units[at % len(units)]}
        acts_projects.create_in_global(desk.world, customer, {**values, **within})


def _employee(desk: Desk, at: int, unit: Key) -> Key:
    values = {
        "EmployeeNo": FIRST_EMPLOYEE + at,
        "Name": f"Nils Nyansatt {'ABC'[at]}",
        "InternalEmailAddress": f"nils.{at}@provefjord.example",
        "MobileTelephone": f"9170010{at}",
        "DepNo": unit,
        "CountryNo": 578,
    }
    return ours.create(desk.world, "Employee", values)


def new_in_severa(desk: Desk, customers: Sequence[str]) -> None:
    """The same in Severa, with codes."""
    units = [_unit(desk, f"Ny enhet {at}", str(FIRST_UNIT + at)) for at in range(EACH)]
    users = [_user(desk, f"Severa{at}", units[at], str(FIRST_USER + at)) for at in range(EACH)]
    for at, name in enumerate(ARTICLES * EACH):
        _good(desk, name, f"Ny vare {at}", {"code": str(FIRST_GOOD + at)})
    known = [guid for _, guid in desk.linked["Customer"]]
    for at, customer in enumerate([*customers, *known[:EACH]]):
        within = {
            "name": f"Nytt oppdrag {at}",
            "projectOwner": {"guid": users[at % EACH]},
            "businessUnit": {"guid": units[at % EACH]},
            "deadline": "2027-06-30",
        }
        theirs.create_project(desk.world, customer, within)


def uncoded(desk: Desk) -> None:
    """New records in Severa without codes; Global has an article of the same name as some."""
    for at in range(EACH):
        unit = _unit(desk, f"Uten kode {at}", None)
        _user(desk, f"Kodelaus{at}", unit, None)
    for at, name in enumerate(ARTICLES * EACH):
        _good(desk, name, f"Vare uten kode {at}", {})
    for at, kind in enumerate(TYPES):
        values = {"Name": f"Vare uten kode {at}", "ArtTypeNo": kind}
        acts_goods.create_article(desk.world, str(FIRST_ARTICLE + 900 + at), values)


def _unit(desk: Desk, name: str, code: str | None) -> str:
    root = desk.world.profile.severa.defaults["parent_business_unit"]
    body = {"name": name, "parentGuid": root, **({"code": code} if code else {})}
    return theirs.create(desk.world, "businessunits", body)


def _user(desk: Desk, name: str, unit: str, code: str | None) -> str:
    body = {
        "firstName": "Berit",
        "lastName": name,
        "email": f"berit.{name.lower()}@provefjord.example",
        "phone": "91700900",
        "userType": "Employee",
        "businessUnit": {"guid": unit},
        "permissionProfile": {"guid": desk.world.profile.severa.defaults["permission_profile"]},
        "createDefaultWorkContract": False,
        **({"code": code} if code else {}),
    }
    return theirs.create(desk.world, "users", body)


def _good(desk: Desk, collection: str, name: str, more: dict[str, str]) -> None:
    body: dict[str, Any] = {"name": name, **more}
    if collection == "worktypes":
        body |= {"hourCost": acts_goods.money(410.5)}
    else:
        body |= {"unitCost": acts_goods.money(41.5), "vatRate": 25.0, "measurementUnit": "stk"}
    if collection == "travelexpensetypes":
        body |= {"expenseClass": "OtherTravelExpense"}
    theirs.create(desk.world, collection, body)


def changed(desk: Desk) -> None:
    """The master's changes are transferred, the others are drift; one project in both."""
    _changed_in_global(desk)
    _changed_in_severa(desk)
    number, guid = desk.linked["Project"][-1]
    ours.edit(desk.world, "Project", number, {"Name": "Omdøpt i Global"})
    theirs.edit(desk.world, "projects", guid, {"name": "Omdøpt i Severa"})


def _changed_in_global(desk: Desk) -> None:
    for name in ARTICLES:
        for at, (number, _) in enumerate(desk.of("Article", name)[:EACH]):
            ours.edit(desk.world, "Article", number, {"PurchasePrice": 77.5 + at})
    units = [number for number, _ in desk.linked["Department"]]
    for at, (number, _) in enumerate(desk.linked["Employee"][: 2 * EACH]):
        values = {"MobileTelephone": f"9170020{at}", "DepNo": units[at % len(units)]}
        ours.edit(desk.world, "Employee", number, values)
    for at, (number, _) in enumerate(desk.linked["Project"][: 2 * EACH]):
        ours.edit(desk.world, "Project", number, {"StopTime": datetime(2027, 5, 1 + at)})


def _changed_in_severa(desk: Desk) -> None:
    users = [guid for _, guid in desk.linked["Employee"]]
    for at, (_, guid) in enumerate(desk.linked["Project"][: 2 * EACH]):
        theirs.edit(desk.world, "projects", guid, {"name": f"Omdøpt oppdrag {at}"})
        if users:
            acts_projects.hand_over(desk.world, guid, users[at % len(users)])
    for _, guid in desk.of("Article", "products")[:EACH]:
        theirs.edit(desk.world, "products", guid, {"unitPrice": acts_goods.money(999.5)})
    for _, guid in desk.linked["Employee"][-EACH:]:
        theirs.edit(desk.world, "users", guid, {"phone": "22170300"})
