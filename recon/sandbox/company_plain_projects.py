"""Projects of a plain company, all of them won."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from recon.sandbox.company_cases import Pair, SeveraCustomer
from recon.sandbox.company_guids import Document, Row, audit, stamps
from recon.sandbox.company_plain_staff import PlainStaff
from recon.sandbox.company_plain_states import State, States, held, in_global, in_severa
from recon.sandbox.company_projects import SUBJECTS, WON

FIRST_DAY = datetime(2024, 1, 1)
SEVERA_FIRST = 500_000


@dataclass(frozen=True, slots=True)
class Party:
    """A customer that may have projects: its number (Global's, where it is there), and as Severa
    holds it."""

    state: State
    number: int
    severa: SeveraCustomer | None


class PlainProjects:
    """So many projects, each of a customer in the same systems, or at least in them."""

    def __init__(self, staff: PlainStaff, parties: list[Party], count: int, states: States) -> None:
        self.staff, self.reference, self.guids = staff, staff.reference, staff.guids
        self.states = [states[at % len(states)] for at in range(count)]
        both = [p for p in parties if in_global(p.state) and in_severa(p.state)]
        self._parties = {s: [p for p in parties if p.state == s] or both for s in set(states)}

    def rows(self) -> dict[str, list[Row]]:
        """Project."""
        rng = self.guids.dice("plain project rows")
        return {
            "Project": [
                self._row(at, state, rng)
                for at, state in enumerate(self.states)
                if in_global(state)
            ]
        }

    def documents(self) -> dict[str, list[Document]]:
        """Projects, and their customers as billing customers."""
        rng = self.guids.dice("plain project documents")
        places = [at for at, state in enumerate(self.states) if in_severa(state)]
        projects = [self._project(at, rng) for at in places]
        return {
            "projects": projects,
            "projectbillingcustomers": [self._pays(project) for project in projects],
        }

    def pairs(self) -> list[Pair]:
        """Projects that both systems have."""
        return [
            Pair("project", str(self._number(at)), self._guid(at), state)
            for at, state in enumerate(self.states)
            if in_global(state) and in_severa(state)
        ]

    def _guid(self, at: int) -> str:
        return self.guids.new(f"project/{at}")

    def _number(self, at: int) -> int:
        return (1_000 if in_global(self.states[at]) else SEVERA_FIRST) + at

    def _name(self, at: int) -> str:
        return f"{SUBJECTS[at % len(SUBJECTS)]} {self._number(at)}"

    def _party(self, at: int) -> Party:
        found = self._parties[self.states[at]]
        return found[at % len(found)]

    def _days(self, at: int) -> tuple[datetime, datetime]:
        first = FIRST_DAY + timedelta(days=at % 600)
        return first, first + timedelta(days=90 + at % 300)

    def _row(self, at: int, state: State, rng: random.Random) -> Row:
        first, last = self._days(at)
        return {
            "ProjectNo": self._number(at),
            "Name": self._name(at),
            "CustomerNo": self._party(at).number,
            "PMEmployeeNo": self.staff.number(self.staff.shared(at)),
            "DepNo": self.staff.department(at).number,
            "StartTime": first,
            "StopTime": last,
            "ProjectCategoryNo": 1,
            "ProjectType": 1,
            "InvoiceableYesNo": 1,
            "SeveraGUID": held(state, self._guid(at)),
            **stamps(rng),
        }

    def _project(self, at: int, rng: random.Random) -> Document:
        customer = self._party(at).severa
        assert customer is not None
        first, last = self._days(at)
        owner = self.staff.owner(at)
        name, guid = self._name(at), self._guid(at)
        return {
            "guid": guid,
            "name": name,
            "internalName": name,
            "number": self._number(at),
            "customer": {
                "guid": customer.guid,
                "name": customer.firm.name,
                "number": customer.number,
            },
            "projectOwner": owner,
            "salesPerson": owner,
            "businessUnit": self.staff.units.place(self.staff.department(at)),
            "currency": self.reference.currencies["NOK"],
            "salesStatus": {
                "guid": self.guids.new(f"salesstatus/{guid}"),
                "name": WON[0],
                "salesStatusTypeGuid": self.reference.sales[WON[0]],
            },
            "projectStatus": {
                "guid": self.guids.new(f"projectstatus/{guid}"),
                "name": "Pågår",
                "description": None,
                "projectStatusTypeGuid": self.guids.new("projectstatus/Pågår"),
            },
            "probability": 100,
            "startDate": first.date().isoformat(),
            "deadline": last.date().isoformat(),
            "keywords": [],
            **audit(rng),
        }

    def _pays(self, project: Document) -> Document:
        return {
            "guid": self.guids.new(f"billing/{project['guid']}"),
            "project": {"guid": project["guid"]},
            "billingCustomer": {
                "guid": project["customer"]["guid"],
                "name": project["customer"]["name"],
            },
            "isDefault": True,
            "canBeDeleted": False,
            "createdDateTime": project["createdDateTime"],
            "lastUpdatedDateTime": project["lastUpdatedDateTime"],
        }
