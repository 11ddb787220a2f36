"""Departments and business units, employees and users of the seeded company."""

from __future__ import annotations

import random
from dataclasses import dataclass

from recon.sandbox.company_cases import OWN_NAME, Pair
from recon.sandbox.company_guids import Document, Row, audit, stamps
from recon.sandbox.company_people import CASES, STAFF, Case, draw
from recon.sandbox.company_people import DOMAIN as DOMAIN
from recon.sandbox.company_reference import COUNTRY_NO, Reference
from recon.sandbox.nordic import Register


@dataclass(frozen=True, slots=True)
class Unit:
    """A department: its number and name in Global, its code and name in Severa ('' for none)."""

    label: str
    number: int
    name: str
    code: str | None
    severa_name: str
    active: bool = True
    guid: str = ""  # 'right', 'stale' or nothing in Global's SeveraGUID


UNITS = (
    Unit("administration", 100, "Administrasjon", "100", "Administrasjon"),
    Unit("finance", 110, "Økonomi", "110", "Økonomi"),
    Unit("sales", 120, "Salg", "0120", "Salg"),
    Unit("marketing", 130, "Markedsføring", "130", "Marked og kommunikasjon"),
    Unit("advice", 140, "Rådgivning", "140", "RÅDGIVNING"),
    Unit("projects", 150, "Prosjektledelse", "150", "Prosjektledelse", guid="right"),
    Unit("development", 160, "Utvikling", "160 ", "Utvikling"),
    Unit("operations", 170, "Drift & support", "170", "Drift og support"),
    Unit("bergen", 180, "Avdeling Bergen", None, "Avdeling Bergen"),
    Unit("trondheim", 190, "Avdeling Trondheim", None, "", guid="stale"),
    Unit("quality", 200, "HMS og kvalitet", None, ""),
    Unit("warehouse", 210, "Lager (nedlagt)", None, "", active=False),
    Unit("tromso", 0, "", "510", "Avdeling Tromsø"),
    Unit("hired", 0, "", "INNLEID", "Innleide konsulenter"),
    Unit("green", 0, "", None, "Bærekraft"),
    Unit("closed", 0, "", "520", "Avdeling Hamar (nedlagt)", active=False),
)
BY_LABEL = {unit.label: unit for unit in UNITS}


class Staff:
    """The company's own people and where they work."""

    def __init__(self, reference: Reference, register: Register) -> None:
        self.reference, self.guids = reference, reference.guids
        self.root = self.guids.new("businessunit/root")
        self.people = draw(register, self.guids)

    def unit_guid(self, unit: Unit) -> str:
        """The guid of a business unit."""
        return self.guids.new(f"businessunit/{unit.label}")

    def user_guid(self, at: int) -> str:
        """The guid of the user at this place in the list."""
        return self.guids.new(f"user/{at}")

    def employees(self) -> dict[str, int]:
        """The employee numbers of the users whom Global knows, too, by guid."""
        both = [at for at, case in enumerate(CASES) if case.side == "both"]
        return {self.user_guid(at): at + 1 for at in both}

    def owner(self, at: int) -> Document:
        """A user as it stands inside other records."""
        person = self.people[at % STAFF]
        return {
            "guid": self.user_guid(at % STAFF),
            "name": person.name,
            "firstName": person.first,
            "lastName": person.last,
            "code": CASES[at % STAFF].code_of(at % STAFF, person),
        }

    def rows(self) -> dict[str, list[Row]]:
        """Department and Employee."""
        rng = self.guids.dice("staff rows")
        units = [unit for unit in UNITS if unit.number]
        return {
            "Department": [self.department(unit, rng) for unit in units],
            "Employee": [self._row(at, c, rng) for at, c in enumerate(CASES) if c.in_global],
        }

    def documents(self) -> dict[str, list[Document]]:
        """Business units below their root, and users."""
        rng = self.guids.dice("staff documents")
        units = [unit for unit in UNITS if unit.severa_name]
        top = Unit("root", 0, "", None, OWN_NAME)
        return {
            "businessunits": [self.document(unit, rng) for unit in (top, *units)],
            "users": [self._user(at, c, rng) for at, c in enumerate(CASES) if c.in_severa],
        }

    def pairs(self) -> list[Pair]:
        """Departments and people that both systems have."""
        units = [
            Pair("business_unit", str(unit.number), self.unit_guid(unit), unit.label)
            for unit in UNITS
            if unit.number and unit.severa_name
        ]
        people = [
            Pair("employee", str(at + 1), self.user_guid(at), case.label)
            for at, case in enumerate(CASES)
            if case.in_global and case.in_severa
        ]
        return units + people

    def place(self, unit: Unit) -> Document:
        """A business unit as it stands inside other records."""
        return {
            "guid": self.unit_guid(unit),
            "name": unit.severa_name,
            "code": unit.code,
            **self._company(),
        }

    def _company(self) -> Document:
        return {
            "companyGuid": self.guids.new("company"),
            "companyName": OWN_NAME,
            "companyBusinessUnitGuid": self.root,
            "companyCountryGuid": self.reference.countries["NO"]["guid"],
            "companyCurrencyGuid": self.reference.currencies["NOK"]["guid"],
        }

    def department(self, unit: Unit, rng: random.Random) -> Row:
        """A department's row in Global."""
        stale = self.guids.new(f"stale/{unit.label}")
        guid = {"right": self.unit_guid(unit), "stale": stale}.get(unit.guid, "")
        return {
            "DepNo": unit.number,
            "Name": unit.name,
            "InActiveYesNo": int(not unit.active),
            "SeveraGUID": guid,
            **stamps(rng),
        }

    def document(self, unit: Unit, rng: random.Random) -> Document:
        """A business unit's document in Severa."""
        return {
            "guid": self.unit_guid(unit),
            "name": unit.severa_name,
            "parentGuid": None if unit.label == "root" else self.root,
            "isActive": unit.active,
            "costCenter": None,
            "vatNumber": None,
            "kvkNumber": None,
            "code": unit.code,
            **self._company(),
            **audit(rng),
        }

    def _row(self, at: int, case: Case, rng: random.Random) -> Row:
        person = self.people[at]
        guid = {"right": self.user_guid(at), "stale": self.guids.new(f"stale/user/{at}")}
        return {
            "EmployeeNo": at + 1,
            "Name": case.global_name(person),
            "FamilyName": person.last if case.label in ("plain", "extension") else "",
            "Titel": person.title,
            "DepNo": _unit(at, case).number,
            "InternalEmailAddress": case.global_email(person),
            "MobileTelephone": "" if case.label == "extension" else person.mobile,
            "InternalTelephone": "204" if case.label == "extension" else "",
            "CountryNo": COUNTRY_NO["NO"],
            "InActiveYesNo": int(not case.active),
            "SeveraGUID": guid.get(case.guid, ""),
            **stamps(rng),
        }

    def _user(self, at: int, case: Case, rng: random.Random) -> Document:
        person = self.people[at]
        first, last = case.severa_name(person)
        top = {**self._company(), "guid": self.root, "name": OWN_NAME, "code": None}
        unit = _unit(at, case, in_severa=True)
        return {
            "guid": self.user_guid(at),
            "firstName": first,
            "lastName": last,
            "isActive": case.active,
            "email": person.email,
            "phone": person.mobile or None,
            "socialSecurityNumber": "00000000000",
            "birthDate": "1980-01-01T00:00:00",
            "bankAccountNumber": "0000.00.00000",
            "title": person.title or None,
            "code": case.code_of(at, person),
            "businessUnit": top if case.label == "leader" else self.place(unit),
            "permissionProfile": self._permission("Administrator" if at == 0 else "Medarbeider"),
            "userType": "FullUser" if at < 12 else "Subcontractor",
            "language": self.reference.languages["nb"],
            "keywords": [],
            **audit(rng),
        }

    def _permission(self, name: str) -> Document:
        return {"guid": self.guids.new(f"permissionprofile/{name}"), "name": name}


def _unit(at: int, case: Case, *, in_severa: bool = False) -> Unit:
    """Where someone works: one of the nine units that both systems have, or as the case says."""
    return UNITS[at % 9] if in_severa or not case.unit else BY_LABEL[case.unit]
