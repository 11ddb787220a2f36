"""The doctor's questions about Severa."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from recon.doctor.verdict import Verdict, asked, failed, fine, warning
from recon.reference import (
    BUSINESS_UNITS,
    COMMUNICATION_TYPES,
    CURRENCIES,
    METHODS,
    SALES_STATUSES,
)
from recon.settings import Profile
from recon.spec import Listing
from recon.systems.severa_scopes import scope

ADDRESS = "Severa: address and credentials"
CLOCK_S = 60.0
GUID = re.compile(r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")
RECORDS = {
    "parent_business_unit": BUSINESS_UNITS,
    "project_owner": "/v1/users",
    "permission_profile": "/v1/permissionprofiles",
    "currency": CURRENCIES,
    "won_status": SALES_STATUSES,
}
WORDS = {
    "user_type": ("FullUser", "Employee", "RestrictedEmployee", "Subcontractor"),
    "expense_class": ("Mileage", "DailyAllowance", "OtherTravelExpense"),
}
ADDON = "addon"
TICK = "Tick it for these credentials under Settings, REST API in Severa"
Row = dict[str, Any]


class Api(Protocol):
    """What the questions need of the transport."""

    @property
    def wanted(self) -> frozenset[str]: ...

    @property
    def scopes(self) -> frozenset[str]: ...

    @property
    def server_time(self) -> str: ...

    def get(self, path: str, *, kind: str = "lookup") -> Any: ...

    def find(self, path: str, *, kind: str = "lookup") -> Row | None: ...

    def read(self, listing: Listing, *, kind: str = "list") -> list[Row]: ...


def of_severa(profile: Profile, api: Api) -> list[Verdict]:
    """All that is asked about Severa; nothing more where it does not answer."""
    desk = Desk(profile, api)
    first = list(asked(ADDRESS, desk.answers))
    if not first[-1].passed:
        return first
    questions: Mapping[str, Callable[[str], Iterator[Verdict]]] = {
        "Severa: scopes": desk.has_scopes,
        "Severa: organisation": desk.fits_organisation,
        "Severa: currencies": desk.knows_currency,
        "Severa: communication types": desk.has_communication_types,
        "Severa: won statuses": desk.knows_won_statuses,
        "Severa: defaults": desk.has_defaults,
        "Severa: clock": desk.tells_the_time,
    }
    return [*first, *(v for name, check in questions.items() for v in asked(name, check))]


class Desk:
    """The questions, about one profile and one API."""

    def __init__(self, profile: Profile, api: Api) -> None:
        self._profile, self._api = profile, api

    def answers(self, name: str) -> Iterator[Verdict]:
        """Does Severa answer, and accept the credentials?"""
        count = len(self._api.scopes)
        yield fine(name, f"{self._profile.severa.base_url} answers and grants {count} scopes")

    def has_scopes(self, name: str) -> Iterator[Verdict]:
        """Are all scopes granted that we need?"""
        granted = self._api.scopes
        missing = sorted(self._api.wanted - granted)
        if not granted:
            todo = "Compare the ticked scopes with: " + ", ".join(sorted(self._api.wanted))
            yield warning(name, "Severa does not say which scopes it grants", todo)
        elif missing:
            names = ", ".join(missing)
            todo = f"Tick {names} for these credentials under Settings, REST API in Severa"
            yield failed(name, f"The credentials lack {names}", todo)
        else:
            yield fine(name, f"All that is needed is granted: {', '.join(sorted(granted))}")

    def fits_organisation(self, name: str) -> Iterator[Verdict]:
        """Which add-ons are active, and is it clear which company we work for?"""
        details = self._api.get("/v1/organizationdetails")
        yield from self._addons(name, [str(a) for a in details.get("activeAddons") or ()])
        yield from self._company(name, [c for c in details.get("activeCompanies") or () if c])

    def _addons(self, name: str, active: list[str]) -> Iterator[Verdict]:
        shown = ", ".join(sorted(active)) or "none"
        wanted = self._profile.severa.defaults.get(ADDON, "")
        if wanted and wanted.casefold() not in {addon.casefold() for addon in active}:
            todo = f"Turn on {wanted} under Settings, Upgrades in Severa, or correct '{ADDON}' "
            todo += "under [severa.defaults] in the profile"
            yield failed(name, f"The add-on {wanted} is not active (active: {shown})", todo)
        else:
            yield fine(name, f"Active add-ons: {shown}")

    def _company(self, name: str, companies: list[Row]) -> Iterator[Verdict]:
        ours = self._profile.severa.company
        names = ", ".join(sorted(str(c.get("name")) for c in companies))
        known = {str(c.get(k) or "").casefold() for c in companies for k in ("name", "guid")}
        todo = f"Set company under [severa] in the profile to one of: {names}"
        if ours and companies and ours.casefold() not in known:
            yield failed(name, f"There is no active company {ours} in Severa", todo)
        elif len(companies) > 1 and not ours:
            text = f"{len(companies)} companies are active and the profile names none"
            yield failed(name, text, todo)
        else:
            yield fine(name, f"Company {ours or names or 'of the organisation'}")

    def knows_currency(self, name: str) -> Iterator[Verdict]:
        """Is the company's currency there and active?"""
        code = self._profile.company.currency.upper()
        rows = self._list(CURRENCIES)
        active = {str(r.get("code")).upper() for r in rows if r.get("isActive", True)}
        if code in active:
            yield fine(name, f"{code} is one of {len(active)} active currencies")
        else:
            todo = f"Activate {code} under Settings, Currencies in Severa, or correct currency "
            todo += "under [company] in the profile"
            yield failed(name, f"The company's currency {code} is not active in Severa", todo)

    def has_communication_types(self, name: str) -> Iterator[Verdict]:
        """Can contacts' e-mails and phones be created?"""
        rows = self._list(COMMUNICATION_TYPES)
        active = {str(r.get("type")) for r in rows if r.get("isActive", True)}
        missing = [method for method in METHODS if method not in active]
        if missing:
            names = ", ".join(missing)
            todo = "Add an active communication type of that kind under Settings in Severa"
            yield warning(name, f"Severa has no active communication type for {names}", todo)
        else:
            yield fine(name, f"There is one for each of {', '.join(METHODS)}")

    def knows_won_statuses(self, name: str) -> Iterator[Verdict]:
        """Are the profile's won statuses there, and do they mean won?"""
        rows = self._list(SALES_STATUSES)
        won = [r for r in rows if r.get("salesState") == "Won"]
        names = ", ".join(sorted(str(r.get("name")) for r in won)) or "none"
        wrong = [o for o in self._profile.transfer.won_statuses if not _named(o, won)]
        if wrong:
            todo = f"Set won_statuses under [transfer] in the profile to some of: {names}"
            yield failed(name, f"No won sales status is called {', '.join(wrong)}", todo)
        elif not won:
            todo = "Add a sales status of the state Won under Settings in Severa"
            yield failed(name, "Severa has no sales status that means won", todo)
        else:
            yield fine(name, f"Won is what Severa calls {names}")

    def has_defaults(self, name: str) -> Iterator[Verdict]:
        """Does each default under [severa.defaults] exist?"""
        given = {n: v for n, v in self._profile.severa.defaults.items() if n != ADDON}
        for default, value in given.items():
            title = f"{name}, {default}"
            yield from asked(title, lambda t, d=default, v=value: self._default(t, d, v))  # type: ignore[misc]
        if not given:
            yield fine(name, "The profile sets none")

    def _default(self, title: str, default: str, value: str) -> Iterator[Verdict]:
        where = f"Correct {default} under [severa.defaults] in the profile"
        if default in WORDS:
            known = ", ".join(WORDS[default])
            right = value in WORDS[default]
            yield (
                fine(title, value) if right else failed(title, f"{value} is none of {known}", where)
            )
        elif default not in RECORDS:
            yield warning(title, "This default is not known and has no effect", where)
        elif not GUID.match(value):
            yield failed(title, f"'{value[:60]}' is no guid", where)
        else:
            yield self._record(title, f"{RECORDS[default]}/{value}", where)

    def _record(self, title: str, path: str, where: str) -> Verdict:
        needed = scope("GET", path)
        if self._api.scopes and needed not in self._api.scopes:
            return warning(title, f"Not looked up: that needs the scope {needed}", TICK)
        found = self._api.find(path)
        if found is None:
            return failed(title, "Severa has no such record", where)
        called = found.get("name") or " ".join(
            str(found.get(n) or "") for n in ("firstName", "lastName")
        )
        if found.get("isActive") is False:
            return failed(title, f"{called} is not active in Severa", where)
        return fine(title, str(called).strip() or str(found.get("code") or "it is there"))

    def tells_the_time(self, name: str) -> Iterator[Verdict]:
        """Do Severa's clock and ours agree?"""
        if not self._api.server_time:
            yield warning(name, "Severa sends no time", "Nothing; cursors use the records' times")
            return
        theirs = datetime.fromisoformat(self._api.server_time)
        ahead = (datetime.now(UTC) - theirs).total_seconds()
        if abs(ahead) > CLOCK_S:
            way = "ahead of" if ahead > 0 else "behind"
            text = f"This machine's clock is {abs(ahead):.0f} s {way} Severa's"
            yield warning(name, text, "Let this machine set its clock from a time server")
        else:
            yield fine(name, "This machine's clock and Severa's agree")

    def _list(self, path: str) -> list[Row]:
        return self._api.read(Listing(path, "rows", changes=()), kind="lookup")


def _named(wanted: str, rows: list[Row]) -> bool:
    plain = wanted.casefold()
    return any(
        plain in (str(r.get("guid")).casefold(), str(r.get("name")).casefold()) for r in rows
    )
