"""Projects of the seeded company: what was won, for whom, and who pays."""

from __future__ import annotations

from recon.sandbox.company_cases import Pair, SeveraCustomer
from recon.sandbox.company_guids import Document, audit
from recon.sandbox.company_project_rows import Rows
from recon.sandbox.company_reference import SALES_STATUSES, Reference
from recon.sandbox.company_staff import UNITS, Staff

SUBJECTS = (
    "Forprosjekt", "Utredning", "Kvalitetssystem", "Nettsider", "Systemvalg", "Internkontroll",
    "Opplæring", "Flytteplan", "Energikartlegging", "Integrasjon", "Rammeavtale", "Revisjon",
)  # fmt: skip
NOT_WON = tuple(name for name, state, _ in SALES_STATUSES if state != "Won")
WON = tuple(name for name, state, _ in SALES_STATUSES if state == "Won")
PROBABILITY = {name: share for name, _, share in SALES_STATUSES}
INTERNAL = ("Ledermøter", "Kompetanseheving", "Interne systemer")


class Projects:
    """Makes Severa's projects, numbered from `first`, with root phases and billing customers."""

    def __init__(self, reference: Reference, staff: Staff, first: int) -> None:
        self.reference, self.staff, self.guids = reference, staff, reference.guids
        self.first = first
        self.rng = self.guids.dice("projects")
        self.projects: list[Document] = []
        self.phases: list[Document] = []
        self.billing: list[Document] = []

    def collections(self, customers: list[SeveraCustomer]) -> dict[str, list[Document]]:
        """Projects, phases and projectbillingcustomers."""
        for customer in customers:
            for status in self._statuses(customer):
                self._add(customer, status)
        for customer in [each for each in customers if each.internal]:
            self._add_internal(customer)
        self._some_dirt()
        self._bill_others([each for each in customers if each.stage == "billing"])
        return {
            "projects": self.projects,
            "phases": self.phases,
            "projectbillingcustomers": self.billing,
        }

    def rows(self, pairs: list[Pair]) -> Rows:
        """Global's projects, of customers that both systems have."""
        number = {pair.severa_guid: int(pair.global_key) for pair in pairs}
        known = [
            (row, number[row["customer"]["guid"]])
            for row in self.projects
            if row["customer"]["guid"] in number and row["number"]
        ]
        made = Rows(self.guids, known, sorted(number.values()), self.staff.employees())
        made.fill()
        return made

    def _statuses(self, customer: SeveraCustomer) -> tuple[str, ...]:
        """The sales statuses of the customer's projects; one project each."""
        if customer.internal:
            return ()
        if customer.stage == "won":
            more = self.rng.random() < 0.1
            return tuple(self.rng.choice(WON) for _ in range(1 + more))
        return (self.rng.choice(NOT_WON),) if self.rng.random() < 0.2 else ()

    def _add_internal(self, customer: SeveraCustomer) -> None:
        """The company's own work, which nobody bought: the last of them is over."""
        for name in INTERNAL:
            self._add(customer, WON[0])
            closed = name == INTERNAL[-1]
            self.projects[-1] |= {
                "name": name,
                "isInternal": True,
                "isClosed": closed,
                "closedDate": "2025-06-30" if closed else None,
                "salesStatus": None,
            }

    def _some_dirt(self) -> None:
        """Of the won projects some are over, have a deadline (one too early) or lack a number."""
        mine = self._won()
        for project in mine[3::10]:
            project |= {"isClosed": True, "closedDate": "2025-09-30"}
        for project in mine[1::4]:
            project["deadline"] = "2026-03-31"
        for project in mine[5::40]:
            project["deadline"] = "2024-12-31"
        for project in mine[7::40]:
            project["number"] = None

    def _add(self, customer: SeveraCustomer, status: str) -> None:
        number = self.first + len(self.projects)
        project = self.guids.new(f"project/{len(self.projects) + 1}")
        inside = {
            "guid": customer.guid,
            "name": customer.firm.name,
            "number": customer.number,
        }
        self.projects.append(self._project(project, number, inside, status))
        self.phases.append(self._phase(self.projects[-1]))
        self.billing.append(self._pays(project, customer))

    def _project(self, guid: str, number: int, customer: Document, status: str) -> Document:
        subject = self.rng.choice(SUBJECTS)
        owner = self.staff.owner(self.rng.randrange(12))
        return {
            "guid": guid,
            "name": subject,
            "internalName": subject,
            "number": number,
            "description": None,
            "isInternal": False,
            "isClosed": False,
            "closedDate": None,
            "isJoiningAllowed": True,
            "customer": customer,
            "projectOwner": owner,
            "salesPerson": owner,
            "businessUnit": self.staff.place(UNITS[self.rng.randrange(9)]),
            "currency": self.reference.currencies["NOK"],
            "salesStatus": self._sales_status(guid, status),
            "projectStatus": self._project_status(guid),
            "probability": PROBABILITY[status],
            "startDate": f"2025-{self.rng.randint(1, 10):02d}-01",
            "deadline": None,
            "rootPhase": {"guid": self.guids.new(f"phase/{guid}"), "name": subject},
            "paymentTerm": None,
            "keywords": [],
            **audit(self.rng),
        }

    def _sales_status(self, project: str, status: str) -> Document:
        return {
            "guid": self.guids.new(f"salesstatus/{project}"),
            "name": status,
            "salesStatusTypeGuid": self.reference.sales[status],
        }

    def _project_status(self, project: str) -> Document:
        return {
            "guid": self.guids.new(f"projectstatus/{project}"),
            "name": "Pågår",
            "description": None,
            "projectStatusTypeGuid": self.guids.new("projectstatus/Pågår"),
        }

    def _phase(self, project: Document) -> Document:
        return {
            **project["rootPhase"],
            "project": {
                "guid": project["guid"],
                "name": project["name"],
                "number": project["number"],
                "isInternal": False,
                "isClosed": False,
            },
            "parentPhase": None,
            "isCompleted": False,
            "isLocked": False,
            **audit(self.rng),
        }

    def _pays(self, project: str, customer: SeveraCustomer) -> Document:
        firm = customer.firm
        return {
            "guid": self.guids.new(f"billing/{project}"),
            "project": {"guid": project},
            "billingCustomer": {
                "guid": customer.guid,
                "name": firm.name,
                "eInvoiceAddress": firm.e_address or None,
                "eInvoiceOperator": firm.e_operator or None,
            },
            "isDefault": True,
            "canBeDeleted": False,
            **audit(self.rng),
        }

    def _bill_others(self, payers: list[SeveraCustomer]) -> None:
        """Let each payer take over the invoices of a won project that is not its own."""
        own = {row["project"]["guid"]: at for at, row in enumerate(self.billing)}
        candidates = [project["guid"] for project in self._won()]
        for payer, project in zip(payers, candidates[::2], strict=False):
            self.billing[own[project]] = self._pays(project, payer)

    def _won(self) -> list[Document]:
        won = self.reference.won()
        sold = [project for project in self.projects if project["salesStatus"]]
        return [one for one in sold if one["salesStatus"]["salesStatusTypeGuid"] in won]
