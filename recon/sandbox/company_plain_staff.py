"""Departments, employees and users of a plain company."""

from __future__ import annotations

import random

from recon.sandbox.company_cases import OWN_NAME, Pair
from recon.sandbox.company_guids import Document, Row, audit, stamps
from recon.sandbox.company_plain_states import State, States, held, in_global, in_severa
from recon.sandbox.company_reference import COUNTRY_NO, Reference
from recon.sandbox.company_staff import DOMAIN, Staff, Unit
from recon.sandbox.nordic import Person, Register, slug
from recon.sandbox.nordic_lands import TITLES

NAMES = (
    "Administrasjon", "Økonomi", "Salg", "Markedsføring", "Rådgivning", "Prosjektledelse",
    "Utvikling", "Drift", "Avdeling Bergen", "Avdeling Trondheim", "Kvalitet", "Innkjøp",
)  # fmt: skip
SEVERA_FIRST = 50_000


class PlainStaff:
    """The company's departments, all linked, and its people, each in the state of its turn."""

    def __init__(
        self, reference: Reference, register: Register, count: int, states: States
    ) -> None:
        self.reference, self.guids = reference, reference.guids
        self.units = Staff(reference, register)
        self.departments = tuple(_unit(at, states) for at in range(len(NAMES)))
        self.people = tuple(_people(register, count))
        self.states = [states[at % len(states)] for at in range(count)]
        self._both = [at for at, s in enumerate(self.states) if in_global(s) and in_severa(s)]

    def user_guid(self, at: int) -> str:
        """The guid of the user at this place in the list."""
        return self.units.user_guid(at)

    def number(self, at: int) -> int:
        """The number of the employee, and the code of the user, at this place."""
        return at + 1 if in_global(self.states[at]) else SEVERA_FIRST + at

    def owner(self, at: int) -> Document:
        """A user as it stands inside other records: of those that both systems have."""
        at = self.shared(at)
        person = self.people[at]
        return {
            "guid": self.user_guid(at),
            "name": person.name,
            "firstName": person.first,
            "lastName": person.last,
            "code": str(self.number(at)),
        }

    def shared(self, at: int) -> int:
        """The place of one of the people that both systems have, going round them."""
        return self._both[at % len(self._both)]

    def rows(self) -> dict[str, list[Row]]:
        """Department and Employee."""
        rng = self.guids.dice("plain staff rows")
        return {
            "Department": [self.units.department(unit, rng) for unit in self.departments],
            "Employee": [self._row(at, s, rng) for at, s in enumerate(self.states) if in_global(s)],
        }

    def documents(self) -> dict[str, list[Document]]:
        """Business units below their root, and users."""
        rng = self.guids.dice("plain staff documents")
        top = Unit("root", 0, "", None, OWN_NAME)
        return {
            "businessunits": [self.units.document(unit, rng) for unit in (top, *self.departments)],
            "users": [self._user(at, rng) for at, s in enumerate(self.states) if in_severa(s)],
        }

    def pairs(self) -> list[Pair]:
        """What both systems have."""
        units = [
            Pair("business_unit", str(unit.number), self.units.unit_guid(unit), unit.label)
            for unit in self.departments
        ]
        users = [
            Pair("employee", str(self.number(at)), self.user_guid(at), self.states[at])
            for at in self._both
        ]
        return units + users

    def department(self, at: int) -> Unit:
        """The department of whoever, or whatever, stands at this place of its list."""
        return self.departments[at % len(self.departments)]

    def _row(self, at: int, state: State, rng: random.Random) -> Row:
        person = self.people[at]
        return {
            "EmployeeNo": self.number(at),
            "Name": person.name,
            "Titel": person.title,
            "DepNo": self.department(at).number,
            "InternalEmailAddress": person.email,
            "InternalTelephone": person.mobile,
            "MobileTelephone": person.mobile,
            "CountryNo": COUNTRY_NO["NO"],
            "InActiveYesNo": 0,
            "SeveraGUID": held(state, self.user_guid(at)),
            **stamps(rng),
        }

    def _user(self, at: int, rng: random.Random) -> Document:
        person = self.people[at]
        return {
            "guid": self.user_guid(at),
            "firstName": person.first,
            "lastName": person.last,
            "isActive": True,
            "email": person.email,
            "phone": person.mobile,
            "title": person.title,
            "code": str(self.number(at)),
            "businessUnit": self.units.place(self.department(at)),
            "permissionProfile": {
                "guid": self.guids.new("permissionprofile/Medarbeider"),
                "name": "Medarbeider",
            },
            "userType": "Employee",
            "language": self.reference.languages["nb"],
            "keywords": [],
            **audit(rng),
        }


def _unit(at: int, states: States) -> Unit:
    """A department that both systems have; Global knows its guid where all is linked."""
    number, name = 100 + 10 * at, NAMES[at]
    guid = "right" if states == ("linked",) else ""
    return Unit(f"plain{number}", number, name, str(number), name, guid=guid)


def _people(register: Register, count: int) -> list[Person]:
    """So many people of different names and e-mail addresses."""
    found: dict[str, Person] = {}
    while len(found) < count:
        first, last = register.own_name()
        at = len(found)
        email = f"{slug(first)}.{slug(last)}@{DOMAIN}"
        if email in found:
            last = f"{last}-{register.own_name()[1]}"
            email = f"{slug(first)}.{slug(last)}@{DOMAIN}"
        mobile = f"+47 10 0{at // 10_000 % 10} {at // 100 % 100:02d} {at % 100:02d}"
        title = TITLES[at % len(TITLES)]
        found.setdefault(email, Person(str(at), first, last, title, email, mobile=mobile))
    return list(found.values())
