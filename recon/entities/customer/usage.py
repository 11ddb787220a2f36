"""The checklist for how customers are used: number series, won projects, locked and merged ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from recon.entities import faults, series
from recon.entities.customer import matching
from recon.entities.customer.projects import by_won_project
from recon.entities.customer.scope import creatable
from recon.entities.customer.severa import SEVERA
from recon.entities.customer.visma_global import GLOBAL, SERIES
from recon.entities.faults import Line
from recon.shapes import Record
from recon.spec import Checkup, check

NAME = "customer"
IN_SEVERA, IN_GLOBAL = SEVERA.where_to_fix, GLOBAL.where_to_fix


# --- number series ----------------------------------------------------------------------------


@check("blocker", series.MENU)
def number_series_overlap(checkup: Checkup) -> Iterable[Line]:
    """The customer numbers that the two systems give out lie in the same range."""
    return series.overlap(checkup, NAME, SERIES, matching.number_and_name)


@check("warning", IN_SEVERA)
def number_outside_range(checkup: Checkup) -> Iterable[Line]:
    """A customer in Severa that should transfer has a number outside the range given to Severa."""
    return series.outside(checkup, NAME, SERIES, matching.number_and_name, creatable)


# --- use --------------------------------------------------------------------------------------


def _used(checkup: Checkup) -> Iterator[tuple[Record, Record | None, list[Record]]]:
    """Severa customers with won projects, and the Global customers that they are linked to."""
    for key, projects in by_won_project(checkup.context).items():
        theirs = checkup.records(NAME, "severa").get(key)
        link = checkup.link(NAME, "severa", key)
        if theirs:
            ours = checkup.records(NAME, "global").get(link.key) if link else None
            yield theirs, ours, projects


def _projects(projects: list[Record]) -> str:
    return f"won project {faults.named(projects)}"


@check("blocker", IN_SEVERA)
def won_project_customer_cannot_transfer(checkup: Checkup) -> Iterable[Line]:
    """A won project belongs or is billed to a customer who cannot transfer."""
    for theirs, ours, projects in _used(checkup):
        scope = creatable(theirs, checkup.context)
        if scope and ours is None and not theirs.attributes.get("internal"):
            reason = f"{theirs.name} does not transfer: {scope.reason}"
            yield "severa", theirs.key, f"{reason}; {_projects(projects)}"


@check("blocker", IN_SEVERA)
def won_project_customer_missing(checkup: Checkup) -> Iterable[Line]:
    """A won project has no customer, or one that Severa does not list."""
    known = checkup.records(NAME, "severa")
    for key, projects in by_won_project(checkup.context).items():
        if key not in known:
            for project in projects:
                if not project.attributes.get("internal"):
                    yield "severa", project.key, f"Project {project.name}: its customer is unknown"


@check("warning", IN_GLOBAL)
def inactive_with_won_project(checkup: Checkup) -> Iterable[Line]:
    """A customer with a won project is inactive in one of the systems."""
    for theirs, ours, projects in _used(checkup):
        for record in (theirs, ours):
            if record and not record.fields.get("active"):
                text_ = f"{record.name} is inactive; {_projects(projects)}"
                yield record.side, record.key, text_


@check("warning", IN_GLOBAL)
def locked_with_won_project(checkup: Checkup) -> Iterable[Line]:
    """A customer with a won project is locked or credit-blocked in Global."""
    for _, ours, projects in _used(checkup):
        found = ours.attributes if ours else {}
        if ours and (found.get("locked") or found.get("credit_blocked")):
            word = "locked" if found.get("locked") else "credit-blocked"
            yield "global", ours.key, f"{ours.name} is {word}; {_projects(projects)}"


@check("warning", IN_GLOBAL)
def merged_but_linked(checkup: Checkup) -> Iterable[Line]:
    """A customer merged into another in Global is still linked to Severa: move the link."""
    for record in checkup.records(NAME, "global").values():
        merged = record.attributes.get("merged_to")
        if merged and (record.guid or checkup.link(NAME, "global", record.key)):
            yield "global", record.key, f"{record.name} ({record.number}) is merged into {merged}"


@check("info", IN_GLOBAL)
def locked(checkup: Checkup) -> Iterable[Line]:
    """A customer that transfers from Global is locked or credit-blocked there."""
    for record in faults.concerned(checkup, NAME, "global", creatable):
        if record.attributes.get("locked"):
            yield "global", record.key, f"{record.name} is locked"
        elif record.attributes.get("credit_blocked"):
            yield "global", record.key, f"{record.name} is credit-blocked"


CHECKS = (
    number_series_overlap,
    number_outside_range,
    won_project_customer_cannot_transfer,
    won_project_customer_missing,
    inactive_with_won_project,
    locked_with_won_project,
    merged_but_linked,
    locked,
)
