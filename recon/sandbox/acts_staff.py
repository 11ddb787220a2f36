"""What users of both systems do to employees and users: hire, marry, move, promote, leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from recon.sandbox import acts_global, acts_severa
from recon.sandbox.company_people import DOMAIN
from recon.sandbox.nordic import slug
from recon.sandbox.nordic_lands import NORWAY, TITLES
from recon.sandbox.nordic_numbers import phone
from recon.sandbox.world import Act, World

if TYPE_CHECKING:
    from recon.sandbox.acts_mix import Day

Row = dict[str, Any]
FAMILIES = ("Solbakk", "Lindvik", "Vestmo", "Nordnes", "Fjellro")
NEW_EMPLOYEE: Mapping[str, Any] = {"DepNo": 100, "CountryNo": 578, "Titel": "Rådgiver"}


def create_employee(world: World, name: str, values: Mapping[str, Any] | None = None) -> int:
    """Register an employee in Global, with an e-mail address and Global's next number, which is
    not of Severa's range; the number comes back."""
    numbers = [row["EmployeeNo"] for row in acts_global.rows(world, "Employee")]
    last = max((number for number in numbers if number < _range(world)[0]), default=0)
    own = {"EmployeeNo": last + 1, "Name": name}
    row = {**own, "InternalEmailAddress": email(name), **NEW_EMPLOYEE, **(values or {})}
    return int(acts_global.create(world, "Employee", row))


def create_user(world: World, name: str, code: str, values: Mapping[str, Any] | None = None) -> str:
    """Register a user in Severa; the guid comes back."""
    first, _, last = name.rpartition(" ")
    body = {"firstName": first, "lastName": last, "code": code, "email": email(name)}
    return acts_severa.create(world, "users", {**body, **(values or {})})


def renumber(world: World, user: str, code: str | None) -> None:
    """Give a user another code, or none."""
    acts_severa.edit(world, "users", user, {"code": code})


def email(name: str) -> str:
    """An address of the company."""
    return f"{slug(name).replace('-', '.')}@{DOMAIN}"


def _range(world: World) -> tuple[int, int]:
    """The numbers that Severa gives out."""
    return world.profile.global_.numbers["employee"].severa or (900, 999)


# --- moves of a day in Global -----------------------------------------------------------------


def marry_in_global(day: Day) -> Act:
    """An employee takes another last name."""
    family = day.dice.choice(FAMILIES)
    return _employee(day, lambda row: {"Name": f"{row['Name'].split()[0].strip(',')} {family}"})


def reach_in_global(day: Day) -> Act:
    """An employee gets another phone and e-mail address."""
    number = phone(NORWAY.mobile, day.dice)
    address = f"ny{day.dice.randint(100, 999)}@{DOMAIN}"
    values = {"MobileTelephone": number, "InternalEmailAddress": address}
    return _employee(day, lambda _row: dict(values))


def move_in_global(day: Day) -> Act:
    """An employee goes to another department."""
    department = day.dice.choice(day.departments)["DepNo"]
    return _employee(day, lambda _row: {"DepNo": department})


def leave_in_global(day: Day) -> Act:
    """An employee leaves."""
    return _employee(day, lambda _row: {"InActiveYesNo": 1})


def hire_in_global(day: Day) -> Act:
    """A new employee."""
    name = _newcomer(day)
    number = create_employee(day.world, name)
    return Act("global", "employee", str(number), f"hired {name}")


def _employee(day: Day, change: Callable[[Row], Row]) -> Act:
    row = day.one(day.employees, "EmployeeNo")
    values = change(row)
    acts_global.edit(day.world, "Employee", row["EmployeeNo"], values)
    told = ", ".join(f"{name} = {value}" for name, value in values.items())
    return Act("global", "employee", str(row["EmployeeNo"]), f"{row['Name']}: {told}")


# --- moves of a day in Severa -----------------------------------------------------------------


def marry_in_severa(day: Day) -> Act:
    """A user takes another last name."""
    family = day.dice.choice(FAMILIES)
    return _user(day, {"lastName": family}, f"is called {family} now")


def promote_user(day: Day) -> Act:
    """A user gets another title."""
    title = day.dice.choice(TITLES)
    return _user(day, {"title": title}, f"is {title} now")


def phone_of_user(day: Day) -> Act:
    """A user gets another phone."""
    number = phone(NORWAY.mobile, day.dice)
    return _user(day, {"phone": number}, f"has the phone {number} now")


def deactivate_user(day: Day) -> Act:
    """A user is made inactive."""
    return _user(day, {"isActive": False}, "is inactive")


def renumber_user(day: Day) -> Act:
    """A user gets another code."""
    code = str(day.dice.randint(2000, 9999))
    return _user(day, {"code": code}, f"has the code {code} now")


def hire_in_severa(day: Day) -> Act:
    """A new user, with a code of Severa's range."""
    low, high = _range(day.world)
    name, code = _newcomer(day), str(day.dice.randint(low, high))
    return Act("severa", "user", create_user(day.world, name, code), f"hired {name} as {code}")


def _user(day: Day, values: Row, told: str) -> Act:
    row = day.one(day.users, "guid")
    acts_severa.edit(day.world, "users", row["guid"], values)
    return Act("severa", "user", row["guid"], f"{row['firstName']} {row['lastName']} {told}")


def _newcomer(day: Day) -> str:
    return f"Nykommer {day.dice.choice(FAMILIES)}{day.dice.randint(100, 999)}"
