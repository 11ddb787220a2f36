"""The doctor's questions about Severa."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from recon.doctor import others, scopes
from recon.doctor.defaults import Defaults
from recon.doctor.means import Api, Question, listed, named
from recon.doctor.verdict import Verdict, asked, failed, fine, warning
from recon.reference import (
    COMMUNICATION_TYPES,
    CURRENCIES,
    INVOICE_STATUSES,
    METHODS,
    SALES_STATUSES,
)
from recon.settings import Profile

ADDRESS = "Severa: address and credentials"
ADDON = "addon"
CLOCK_S = 60.0
ORDERS = "[transfer.orders]"
Row = Mapping[str, Any]


def of_severa(profile: Profile, api: Api) -> list[Verdict]:
    """All that is asked about Severa; nothing more where it does not answer."""
    desk, defaults = Desk(profile, api), Defaults(profile, api)
    first = list(asked(ADDRESS, desk.answers))
    if not first[-1].passed:
        return first
    questions: Mapping[str, Question] = {
        "Severa: add-ons": desk.has_addons,
        "Severa: scopes": partial(scopes.granted, profile, api),
        "Severa: company": desk.knows_company,
        "Severa: currencies": desk.knows_currency,
        "Severa: communication types": desk.has_communication_types,
        "Severa: won statuses": desk.knows_won_statuses,
        "Severa: defaults": defaults.exist,
        "Severa: defaults that lack": defaults.lack,
        **_documents(desk),
        "Severa: clock": desk.tells_the_time,
        "Severa: quota": partial(others.quota, profile, api),
    }
    return [*first, *(v for name, check in questions.items() for v in asked(name, check))]


def _documents(desk: Desk) -> Mapping[str, Question]:
    """What is asked only where invoices transfer."""
    running = desk.profile.transfer.invoices_from
    return {"Severa: invoice statuses": desk.knows_invoice_statuses} if running else {}


def _names(wanted: Sequence[str], rows: Sequence[Row]) -> str:
    found = [named(one, rows) for one in wanted]
    return ", ".join(str(row.get("name")) for row in found if row)


class Desk:
    """The questions, about one profile and one API."""

    def __init__(self, profile: Profile, api: Api) -> None:
        self.profile, self._api = profile, api

    def answers(self, name: str) -> Iterator[Verdict]:
        """Does Severa answer, and accept the credentials?"""
        count = len(self._api.scopes)
        yield fine(name, f"{self.profile.severa.base_url} answers and grants {count} scopes")

    def has_addons(self, name: str) -> Iterator[Verdict]:
        """Is the add-on active that the profile asks for?"""
        active = [str(a) for a in self._details().get("activeAddons") or ()]
        shown = ", ".join(sorted(active)) or "none"
        wanted = self.profile.severa.defaults.get(ADDON, "")
        if wanted and wanted.casefold() not in {addon.casefold() for addon in active}:
            todo = f"Turn on {wanted} under Settings, Upgrades in Severa, or correct '{ADDON}' "
            todo += "under [severa.defaults] in the profile"
            yield failed(name, f"The add-on {wanted} is not active (active: {shown})", todo)
        else:
            yield fine(name, f"Active add-ons: {shown}")

    def knows_company(self, name: str) -> Iterator[Verdict]:
        """Is it clear which company we work for?"""
        companies = [c for c in self._details().get("activeCompanies") or () if c]
        ours = self.profile.severa.company
        names = ", ".join(sorted(str(c.get("name")) for c in companies))
        todo = f"Set company under [severa] in the profile to one of: {names}"
        if ours and companies and not named(ours, companies):
            yield failed(name, f"There is no active company {ours} in Severa", todo)
        elif len(companies) > 1 and not ours:
            text = f"{len(companies)} companies are active and the profile names none"
            yield failed(name, text, todo)
        else:
            yield fine(name, f"{ours or names or 'The organisation itself'}")

    def _details(self) -> Row:
        found: Row = self._api.get(scopes.ORGANISATION)
        return found

    def knows_currency(self, name: str) -> Iterator[Verdict]:
        """Is the company's currency there and active?"""
        code = self.profile.company.currency.upper()
        rows = listed(self._api, CURRENCIES)
        active = {str(r.get("code")).upper() for r in rows if r.get("isActive", True)}
        if code in active:
            yield fine(name, f"{code} is one of {len(active)} active currencies")
        else:
            todo = f"Activate {code} under Settings, Currencies in Severa, or correct currency "
            todo += "under [company] in the profile"
            yield failed(name, f"The company's currency {code} is not active in Severa", todo)

    def has_communication_types(self, name: str) -> Iterator[Verdict]:
        """Can contacts' e-mails and phones be created?"""
        rows = listed(self._api, COMMUNICATION_TYPES)
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
        won = [r for r in listed(self._api, SALES_STATUSES) if r.get("salesState") == "Won"]
        names = ", ".join(sorted(str(r.get("name")) for r in won)) or "none"
        wrong = [o for o in self.profile.transfer.won_statuses if not named(o, won)]
        if wrong:
            todo = f"Set won_statuses under [transfer] in the profile to some of: {names}"
            yield failed(name, f"No won sales status is called {', '.join(wrong)}", todo)
        elif not won:
            todo = "Add a sales status of the state Won under Settings in Severa"
            yield failed(name, "Severa has no sales status that means won", todo)
        else:
            yield fine(name, f"Won is what Severa calls {names}")

    def knows_invoice_statuses(self, name: str) -> Iterator[Verdict]:
        """Are the invoice statuses there that the profile takes from and sets?"""
        orders, rows = self.profile.transfer.orders, listed(self._api, INVOICE_STATUSES)
        names = ", ".join(sorted(str(r.get("name")) for r in rows)) or "none"
        sets = {word: getattr(orders, word) for word in ("taken", "sent", "paid")}
        wanted = [*orders.take, *filter(None, sets.values())]
        missing = [one for one in wanted if not named(one, rows)]
        if missing:
            todo = f"Set the statuses under {ORDERS} in the profile to some of: {names}"
            text = f"Severa has no invoice status {', '.join(missing)}"
            yield failed(name, text, todo)
        elif not orders.take:
            todo = f"Set take under {ORDERS} in the profile to some of: {names}"
            yield warning(name, "No status is named from which invoices transfer: none will", todo)
        else:
            told = ", ".join(word for word, status in sets.items() if status) or "nothing"
            yield fine(name, f"Taken from {_names(orders.take, rows)}; told back: {told}")

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
