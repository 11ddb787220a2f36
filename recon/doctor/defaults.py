"""What Severa requires and Global does not have: the profile's [severa.defaults]."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from recon.doctor.means import Api, Row, called, listed
from recon.doctor.scopes import WHERE
from recon.doctor.verdict import Verdict, asked, failed, fine, warning
from recon.entities import ENTITIES
from recon.reference import BUSINESS_UNITS, CURRENCIES, SALES_STATUSES
from recon.settings import Profile
from recon.spec import Listing
from recon.systems.severa_scopes import scope

GUID = re.compile(r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")
PERMISSIONS = "/v1/permissionprofiles"
USERS = "/v1/users"
CUSTOMERS = "/v1/customers"
PROJECT_STATUSES = "/v1/projectstatustypes"
RECORDS: Mapping[str, str] = MappingProxyType(
    {
        "parent_business_unit": BUSINESS_UNITS,
        "project_owner": USERS,
        "permission_profile": PERMISSIONS,
        "currency": CURRENCIES,
        "won_status": SALES_STATUSES,
        "internal_customer": CUSTOMERS,
        "open_status": PROJECT_STATUSES,
        "closed_status": PROJECT_STATUSES,
    }
)
WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "user_type": ("FullUser", "Employee", "RestrictedEmployee", "Subcontractor"),
        "user_active": ("true", "false"),
        "expense_class": ("Mileage", "DailyAllowance", "OtherTravelExpense"),
    }
)
BY_NAME = ("permission_profile", "won_status")
ADDON = "addon"
TRAVEL = "travel_expense_type"


@dataclass(frozen=True, slots=True)
class Need:
    """A default that new records of an entity cannot do without in Severa, and when that is so."""

    default: str
    entity: str
    what: str
    when: Callable[[Profile, Api], bool] = lambda _profile, _api: True


def _several_tops(profile: Profile, api: Api) -> bool:
    company = profile.severa.company.casefold()
    tops = [
        row
        for row in listed(api, BUSINESS_UNITS)
        if not row.get("parentGuid")
        and (not company or company in (_plain(row, "companyGuid"), _plain(row, "companyName")))
    ]
    return len(tops) != 1


def _plain(row: Row, name: str) -> str:
    return str(row.get(name) or "").casefold()


def _several_won(_profile: Profile, api: Api) -> bool:
    rows = listed(api, SALES_STATUSES)
    won = [r for r in rows if r.get("salesState") == "Won" and r.get("isActive", True)]
    return len(won) != 1


def _several_internal(profile: Profile, api: Api) -> bool:
    if not profile.transfer.internal_category:
        return False
    customers = Listing(CUSTOMERS, "token", page=1000, changes=())
    rows = api.read(customers, kind="lookup", isInternal=True)
    return len([r for r in rows if r.get("isInternal") and r.get("isActive", True)]) != 1


NEEDS = (
    Need("parent_business_unit", "business_unit", "new business units", _several_tops),
    Need("user_type", "employee", "new users"),
    Need("permission_profile", "employee", "new users"),
    Need(
        "expense_class",
        "product",
        "new travel expense types",
        lambda profile, _api: TRAVEL in profile.transfer.article_kinds.values(),
    ),
    Need("project_owner", "project", "new projects whose manager is not in Severa"),
    Need("won_status", "project", "new projects", _several_won),
    Need("internal_customer", "project", "new internal projects", _several_internal),
)


def creates_in_severa(profile: Profile, entity: str) -> bool:
    """Whether new records of an entity (one that there is) are made in Severa."""
    there = entity in {one.name for one in ENTITIES}
    return there and profile.transfer.direction(entity) in ("both", "to_severa")


class Defaults:
    """The questions about defaults, of one profile and one API."""

    def __init__(self, profile: Profile, api: Api) -> None:
        self._profile, self._api = profile, api
        self._given = {n: v for n, v in profile.severa.defaults.items() if n != ADDON}

    def exist(self, name: str) -> Iterator[Verdict]:
        """Does each default under [severa.defaults] exist?"""
        for default, value in self._given.items():
            yield from asked(f"{name}, {default}", partial(self._one, default, value))
        if not self._given:
            yield fine(name, "The profile sets none")

    def lack(self, name: str) -> Iterator[Verdict]:
        """Is there one for all that Severa requires and Global does not have?"""
        missing = [
            need
            for need in NEEDS
            if need.default not in self._given
            and creates_in_severa(self._profile, need.entity)
            and need.when(self._profile, self._api)
        ]
        if not missing:
            yield fine(name, "None: new records can be created in Severa")
        for need in missing:
            todo = f"Set {need.default} under [severa.defaults] in the profile, for example by "
            text = f"Without it are held: {need.what}"
            yield warning(f"{name}, {need.default}", text, todo + "'recon doctor --init'")

    def _one(self, default: str, value: str, title: str) -> Iterator[Verdict]:
        where = f"Correct {default} under [severa.defaults] in the profile"
        if default in WORDS:
            known = WORDS[default]
            wrong = f"{value} is none of {', '.join(known)}"
            yield fine(title, value) if value in known else failed(title, wrong, where)
        elif default not in RECORDS:
            yield warning(title, "This default is not known and has no effect", where)
        elif GUID.match(value):
            yield self._record(title, f"{RECORDS[default]}/{value}", where)
        elif default in BY_NAME:
            yield self._named(title, (default, value), where)
        else:
            yield failed(title, f"'{value[:60]}' is no guid", where)

    def _record(self, title: str, path: str, where: str) -> Verdict:
        needed = scope("GET", path)
        if self._api.scopes and needed not in self._api.scopes:
            todo = f"Tick {needed} {WHERE}"
            return warning(title, f"Not looked up: that needs the scope {needed}", todo)
        return _found(title, self._api.find(path), where)

    def _named(self, title: str, given: tuple[str, str], where: str) -> Verdict:
        default, value = given
        rows = listed(self._api, RECORDS[default])
        if default == "won_status":
            rows = [row for row in rows if row.get("salesState") == "Won"]
        same = [row for row in rows if str(row.get("name")) == value]
        return _found(title, same[0] if same else None, where)


def _found(title: str, row: Row | None, where: str) -> Verdict:
    if row is None:
        return failed(title, "Severa has no such record", where)
    if row.get("isActive") is False:
        return failed(title, f"{called(row)} is not active in Severa", where)
    return fine(title, called(row) or "it is there")
