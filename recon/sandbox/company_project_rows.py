"""Projects of the seeded company in Global: those that Severa has, too, and Global's own."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle, islice

from recon.sandbox.company_cases import Pair
from recon.sandbox.company_dirt import untidy
from recon.sandbox.company_guids import Document, Guids, Row, stamps

CUSTOMERS, INTERNAL = 1, 2
TRANSFERRING, OTHER = 1, 2
FIRST = 1000
LEAST = 12
NAMES = (
    "Lokaler Sluppen", "Ny telefonsentral", "Brannvern", "Arkivplan", "Lønnskjøring",
    "Prosjektstøtte", "Sikkerhetskopi", "Varslingssystem", "Kantine", "Miljøfyrtårn",
)  # fmt: skip


@dataclass
class Rows:
    """Global's projects in the making; `known` are Severa's with their customers in Global, and
    `employees` the numbers of Severa's users there."""

    guids: Guids
    known: Sequence[tuple[Document, int]]
    customers: Sequence[int]
    employees: Mapping[str, int]
    rows: list[Row] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    last: int = FIRST

    def fill(self) -> None:
        """A third of what is known gets its row, as the cases in turn say; then Global's own."""
        rng = self.guids.dice("project rows")
        both = self.known[: max(LEAST, len(self.known) // 3)]
        for (project, customer), shared in zip(both, cycle(BOTH), strict=False):
            row = _row(project["number"], customer, rng) | self._same(project)
            self.rows.append(row | shared(self, project))
            key = str(self.rows[-1]["ProjectNo"])
            case = f"project_{shared.__name__}"
            self.pairs.append(Pair("project", key, project["guid"], case))
        own = max(len(OWN), len(self.known) // 4) if self.customers else 0
        for only in islice(cycle(OWN), own):
            row = _row(self.number(), rng.choice(self.customers), rng) | _own(rng)
            self.rows.append(row | {"Name": f"{row['Name']} {self.last}"} | only(self))

    def _same(self, project: Document) -> Row:
        return {
            "Name": project["name"],
            "DepNo": int((project["businessUnit"]["code"] or "180").strip()),
            "PMEmployeeNo": self.employees[project["projectOwner"]["guid"]],
            "StartTime": datetime.fromisoformat(project["startDate"]),
        }

    def number(self) -> int:
        """The next number that Global gives out."""
        self.last += 1
        return self.last


def _row(number: int, customer: int, rng: random.Random) -> Row:
    return {
        "ProjectNo": number,
        "CustomerNo": customer,
        "ProjectCategoryNo": CUSTOMERS,
        "ProjectType": TRANSFERRING,
        "MainProjectNo": 0,
        "InvoiceableYesNo": 1,
        "InActiveYesNo": 0,
        "SeveraGUID": "",
        **stamps(rng),
    }


def _own(rng: random.Random) -> Row:
    return {
        "Name": rng.choice(NAMES),
        "DepNo": rng.choice((100, 120, 140, 150)),
        "PMEmployeeNo": rng.randint(1, 10),
        "StartTime": datetime(2025, rng.randint(1, 9), 15),
    }


# --- in both systems: what is different in Global ---------------------------------------------


def equal(_rows: Rows, _project: Document) -> Row:
    """Number and name agree."""
    return {}


def guid_right(_rows: Rows, project: Document) -> Row:
    """Global's SeveraGUID points to it."""
    return {"SeveraGUID": project["guid"]}


def untidy_name(rows: Rows, project: Document) -> Row:
    """The number agrees, the name does once it is tidied up."""
    return {"Name": untidy(project["name"], rows.guids.dice(project["guid"]))}


def other_number(rows: Rows, _project: Document) -> Row:
    """The name agrees, and the customer; Global gave a number of its own."""
    return {"ProjectNo": rows.number()}


def other_name(_rows: Rows, project: Document) -> Row:
    """The number agrees, the name does not."""
    return {"Name": f"{project['name']}, fase 2"}


def other_days(_rows: Rows, _project: Document) -> Row:
    """Number and name agree, the dates do not."""
    return {"StartTime": datetime(2025, 11, 3), "StopTime": datetime(2026, 6, 30)}


# --- in Global alone: what is special about it ------------------------------------------------


def open_one(_rows: Rows) -> Row:
    """Open, of a type that transfers."""
    return {}


def sub_project(rows: Rows) -> Row:
    """A sub project of the one before."""
    main = rows.rows[-1]
    main["IsMainProjectYesNo"] = 1
    return {"MainProjectNo": main["ProjectNo"], "CustomerNo": main["CustomerNo"]}


def closed(_rows: Rows) -> Row:
    """Closed."""
    return {"InActiveYesNo": 1}


def other_type(_rows: Rows) -> Row:
    """Of a type that does not transfer."""
    return {"ProjectType": OTHER}


def internal(_rows: Rows) -> Row:
    """Of the company itself."""
    return {"CustomerNo": 0, "ProjectCategoryNo": INTERNAL}


def without_customer(_rows: Rows) -> Row:
    """Should have a customer and has none."""
    return {"CustomerNo": 0}


def without_manager(_rows: Rows) -> Row:
    """Has no project manager."""
    return {"PMEmployeeNo": 0}


def backwards(_rows: Rows) -> Row:
    """Ends before it begins."""
    return {"StartTime": datetime(2025, 9, 1), "StopTime": datetime(2025, 3, 1)}


def guid_stale(rows: Rows) -> Row:
    """Its SeveraGUID points to nothing."""
    return {"SeveraGUID": rows.guids.new(f"stale project/{rows.last}")}


def number_clash(rows: Rows) -> Row:
    """Has the number of quite another project in Severa."""
    taken = {row["ProjectNo"] for row in rows.rows}
    free = [project["number"] for project, _ in rows.known if project["number"] not in taken]
    return {"ProjectNo": free[-1]} if free else {}


BOTH: tuple[Callable[[Rows, Document], Row], ...] = (
    guid_right,
    equal,
    other_number,
    untidy_name,
    other_days,
    other_name,
)
OWN: tuple[Callable[[Rows], Row], ...] = (
    open_one,
    open_one,
    sub_project,
    closed,
    sub_project,
    other_type,
    internal,
    without_customer,
    without_manager,
    backwards,
    guid_stale,
    number_clash,
    open_one,
    open_one,
)
