"""A company of given counts and without dirt, for measuring: what is in both systems agrees in
every field, and nothing else resembles it.

`make_plain` is deterministic: counts, states and seed decide all of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from recon.sandbox import company, company_profile
from recon.sandbox.company_cases import Cast
from recon.sandbox.company_global import GlobalCustomers
from recon.sandbox.company_guids import Guids
from recon.sandbox.company_plain_goods import PlainGoods
from recon.sandbox.company_plain_projects import Party, PlainProjects
from recon.sandbox.company_plain_staff import PlainStaff
from recon.sandbox.company_plain_states import (
    LINKED,
    MIXED,
    State,
    States,
    held,
    in_global,
    in_severa,
)
from recon.sandbox.company_reference import Reference
from recon.sandbox.company_severa import SeveraCustomers
from recon.sandbox.nordic import Firm, Person, Register, pools

__all__ = ["LINKED", "MIXED", "Counts", "State", "make_plain"]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many different customers, projects, users and products there are on the whole."""

    customers: int
    projects: int
    users: int
    products: int

    @staticmethod
    def of(customers: int) -> Counts:
        """The counts that go with so many customers: 20,000 have 20,000 projects, 2,000 users and
        5,000 products."""
        return Counts(customers, customers, max(1, customers // 10), max(1, customers // 4))


def make_plain(counts: Counts, states: States, seed: int) -> company.Company:
    """A company of these counts; the records of a kind take the states in turn."""
    guids = Guids(seed)
    register = Register(pools(seed), guids.dice("plain register"))
    reference = Reference(guids)
    base = company.number_base(counts.customers)
    staff = PlainStaff(reference, register, counts.users, states)
    goods = PlainGoods(guids, counts.products, states)
    cast = Cast(register, guids.dice("plain cases"), guids, base)
    parties = [_customer(cast, states[at % len(states)]) for at in range(counts.customers)]
    projects = PlainProjects(staff, parties, counts.projects, states)
    settings = company_profile.settings(reference, staff.units, base)
    severa = {
        **reference.documents(),
        **staff.documents(),
        **goods.documents(),
        **SeveraCustomers(reference, staff).collections(cast.severa_side),
        **projects.documents(),
        **company.beside(reference, staff.units, cast),
    }
    rows = {
        **company.fixed_rows(cast),
        **staff.rows(),
        **goods.rows(),
        **GlobalCustomers(guids).tables(cast.global_side),
        **projects.rows(),
    }
    truth = (*staff.pairs(), *goods.pairs(), *cast.pairs, *projects.pairs())
    return company.Company(counts.customers, seed, rows, severa, _profile(settings, goods), truth)


def _customer(cast: Cast, state: State) -> Party:
    """One customer, in the systems that its state names, with all that hangs on it."""
    firm = _tidy(cast.register.firm())
    if not in_severa(state):
        return Party(state, cast.in_global(firm), None)
    number = cast.global_number() if in_global(state) else cast.severa_number()
    guid = cast.in_severa(firm, number, stage="won")
    if in_global(state):
        cast.in_global(firm, number, guid=held(state, guid), linked=state == "linked")
        cast.pair(state, number, guid)
    return Party(state, number, cast.severa_side[-1])


def _tidy(firm: Firm) -> Firm:
    """The firm with active people who share no e-mail address, and an organisation number only
    where both systems' ways of writing it are known to mean the same."""
    number = firm.organisation if firm.land.locale else ""
    return replace(firm, organisation=number, people=tuple(_own_email(firm.people)))


def _own_email(people: Iterable[Person]) -> Iterable[Person]:
    taken: set[str] = set()
    for person in people:
        email = "" if person.email in taken else person.email
        taken.add(email)
        yield replace(person, email=email, active=True)


def _profile(made: dict[str, Any], goods: PlainGoods) -> dict[str, Any]:
    """The seeded company's settings, with ranges for Severa's numbers of every kind, and its own
    articles for rows without a code."""
    numbers = {
        **made["global"]["numbers"],
        "employee": {"policy": "severa", "severa": [50_000, 99_999]},
        "article": {"policy": "severa", "severa": [500_000, 999_999]},
        "project": {"policy": "severa", "severa": [500_000, 999_999]},
    }
    orders = {**made["transfer"]["orders"], "articles": goods.of_rows()}
    return {
        **made,
        "global": {**made["global"], "numbers": numbers},
        "transfer": {**made["transfer"], "orders": orders},
    }
