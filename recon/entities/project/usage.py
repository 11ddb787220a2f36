"""The checklist for what projects rest on: customers, managers, main projects, their status."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from recon.entities import faults
from recon.entities.customer.scope import creatable as customer_creatable
from recon.entities.faults import Line
from recon.entities.project.scope import creatable, filtered, sold
from recon.entities.project.severa import SEVERA
from recon.entities.project.visma_global import GLOBAL
from recon.shapes import Record
from recon.spec import Checkup, check

NAME = "project"
IN_SEVERA, IN_GLOBAL = SEVERA.where_to_fix, GLOBAL.where_to_fix
EITHER = f"{IN_GLOBAL}, or {IN_SEVERA}"


def _open(checkup: Checkup) -> Iterator[Record]:
    """The open projects of both systems that are linked or pass the filters."""
    for side in ("global", "severa"):
        for record in faults.concerned(checkup, NAME, side, filtered):
            if not record.fields.get("closed"):
                yield record


def _used(checkup: Checkup, field: str, entity: str) -> Iterator[tuple[Record, Record]]:
    """Open projects, each with the record of another entity that one of its fields refers to."""
    for project in _open(checkup):
        found = checkup.records(entity, project.side).get(str(project.fields.get(field)))
        if found:
            yield project, found


@check("blocker", EITHER)
def customer_cannot_transfer(checkup: Checkup) -> Iterable[Line]:
    """A project that should transfer, such as a won one, has a customer who cannot."""
    for project, customer in _used(checkup, "customer", "customer"):
        linked = checkup.link("customer", customer.side, customer.key)
        scope = None if linked else customer_creatable(customer, checkup.context)
        if scope:
            reason = f"its customer {customer.name} does not transfer: {scope.reason}"
            yield project.side, project.key, f"{project.name} ({project.number}): {reason}"


@check("warning", EITHER)
def customer_blocked(checkup: Checkup) -> Iterable[Line]:
    """An open project's customer is inactive, locked, credit-blocked or merged into another."""
    for project, customer in _used(checkup, "customer", "customer"):
        for word in faults.blocked(customer):
            text = f"{project.name} ({project.number}): its customer {customer.name} is {word}"
            yield project.side, project.key, text


@check("warning", EITHER)
def manager_inactive(checkup: Checkup) -> Iterable[Line]:
    """An open project's manager is inactive."""
    for project, manager in _used(checkup, "manager", "employee"):
        if not manager.fields.get("active"):
            text = f"{project.name} ({project.number}): its manager {manager.name} is inactive"
            yield project.side, project.key, text


@check("warning", EITHER)
def department_inactive(checkup: Checkup) -> Iterable[Line]:
    """An open project belongs to an inactive department or business unit."""
    for project, unit in _used(checkup, "department", "business_unit"):
        if not unit.fields.get("active"):
            text = f"{project.name} ({project.number}): its department {unit.name} is inactive"
            yield project.side, project.key, text


@check("warning", EITHER)
def closed_in_one_system(checkup: Checkup) -> Iterable[Line]:
    """A linked project is closed in one system and open in the other."""
    for ours, theirs in _linked(checkup):
        if bool(ours.fields.get("closed")) != bool(theirs.fields.get("closed")):
            where = "Visma Global" if ours.fields.get("closed") else "Severa"
            yield "both", ours.key, f"{ours.name} ({ours.number}) is closed in {where} only"


def _linked(checkup: Checkup) -> Iterator[tuple[Record, Record]]:
    projects = checkup.records(NAME, "severa")
    for ours in checkup.records(NAME, "global").values():
        link = checkup.link(NAME, "global", ours.key)
        theirs = projects.get(link.guid) if link else None
        if theirs:
            yield ours, theirs


@check("info", IN_SEVERA)
def linked_but_not_won(checkup: Checkup) -> Iterable[Line]:
    """A linked project's sales status is not, or no longer, one that counts as won; it stays
    linked."""
    for ours, theirs in _linked(checkup):
        if not sold(theirs):
            yield "severa", theirs.key, f"{theirs.name} ({ours.number}) is not won in Severa"


@check("warning", IN_GLOBAL)
def main_project_does_not_transfer(checkup: Checkup) -> Iterable[Line]:
    """A sub project in Global transfers, and its main project does not."""
    projects = checkup.records(NAME, "global")
    for record in faults.concerned(checkup, NAME, "global", creatable):
        key = record.attributes.get("main")
        main = projects.get(str(key))
        if key and not (main and _transfers(checkup, main)):
            text = f"{record.name} ({record.number}) is a sub project of {key}, which does not"
            yield "global", record.key, f"{text} transfer"


def _transfers(checkup: Checkup, record: Record) -> bool:
    linked = checkup.link(NAME, record.side, record.key)
    return linked is not None or creatable(record, checkup.context) is None


CHECKS = (
    customer_cannot_transfer,
    customer_blocked,
    manager_inactive,
    department_inactive,
    closed_in_one_system,
    linked_but_not_won,
    main_project_does_not_transfer,
)
