"""The checklist for projects: numbers, names, customer and manager, dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from recon import text
from recon.entities import faults, series
from recon.entities.faults import Line
from recon.entities.project import matching
from recon.entities.project.scope import creatable, filtered
from recon.entities.project.severa import SEVERA
from recon.entities.project.usage import CHECKS as USAGE
from recon.entities.project.visma_global import GLOBAL, SERIES
from recon.shapes import Record
from recon.spec import Checkup, check

NAME = "project"
IN_SEVERA, IN_GLOBAL = SEVERA.where_to_fix, GLOBAL.where_to_fix
EITHER = f"{IN_GLOBAL}, or {IN_SEVERA}"


def _in_severa(checkup: Checkup) -> Iterator[Record]:
    return faults.concerned(checkup, NAME, "severa", creatable)


def _texts(checkup: Checkup) -> Iterator[Record]:
    """Severa's projects with nothing but what is a text in Global, too."""
    for record in _in_severa(checkup):
        yield replace(record, fields={"name": record.fields["name"]})


def _concerned(checkup: Checkup) -> Iterator[Record]:
    """The projects of both systems that are linked or pass the filters."""
    yield from faults.concerned(checkup, NAME, "global", filtered)
    yield from faults.concerned(checkup, NAME, "severa", filtered)


def _customer(checkup: Checkup, record: Record) -> str | None:
    """The project's customer, by its guid in Severa; by its number where it is not linked."""
    key = record.fields.get("customer")
    if key is None or record.side == "severa":
        return None if key is None else str(key)
    link = checkup.link("customer", "global", str(key))
    return link.guid if link else str(key)


def _name_and_customer(checkup: Checkup, record: Record) -> tuple[str, str] | None:
    name, customer = matching.name(record), _customer(checkup, record)
    return (name, customer) if name and customer else None


# --- numbers and names ------------------------------------------------------------------------


@check("warning", IN_SEVERA)
def number_missing(checkup: Checkup) -> Iterable[Line]:
    """A project in Severa that should transfer has no number."""
    for record in _in_severa(checkup):
        if not text.numeric(record.number):
            yield "severa", record.key, f"{record.name}: no project number"


@check("blocker", IN_SEVERA)
def number_duplicated(checkup: Checkup) -> Iterable[Line]:
    """Several projects in Severa have the same number."""
    records = checkup.records(NAME, "severa").values()
    return faults.duplicates(records, matching.number, "number")


@check("blocker", series.MENU)
def number_series_overlap(checkup: Checkup) -> Iterable[Line]:
    """The project numbers that the two systems give out lie in the same range."""
    return series.overlap(checkup, NAME, SERIES, matching.number_and_name)


@check("warning", IN_SEVERA)
def number_outside_range(checkup: Checkup) -> Iterable[Line]:
    """A project in Severa that should transfer has a number outside the range given to Severa."""
    return series.outside(checkup, NAME, SERIES, matching.number_and_name, creatable)


@check("warning", EITHER)
def name_missing(checkup: Checkup) -> Iterable[Line]:
    """A project that transfers has no name."""
    for record in _concerned(checkup):
        if not record.fields.get("name"):
            yield record.side, record.key, f"Project {record.number or record.key} has no name"


@check("info", EITHER)
def name_duplicated(checkup: Checkup) -> Iterable[Line]:
    """Several open projects of one customer have the same name in one system."""
    for side in ("global", "severa"):
        records = faults.concerned(checkup, NAME, side, filtered)
        groups = faults.groups(records, lambda record: _name_and_customer(checkup, record))
        for several in groups.values():
            yield from faults.duplicates(several, matching.name, "the name")


@check("blocker", EITHER)
def same_number_different_name(checkup: Checkup) -> Iterable[Line]:
    """Projects of both systems have the same number but different names."""
    return faults.rivals(checkup, NAME, matching.number, matching.name)


@check("warning", EITHER)
def same_name_different_number(checkup: Checkup) -> Iterable[Line]:
    """Projects of one customer have the same name in both systems but different numbers."""
    return faults.rivals(
        checkup, NAME, lambda record: _name_and_customer(checkup, record), matching.number
    )


# --- what a project should have ---------------------------------------------------------------


@check("blocker", EITHER)
def customer_missing(checkup: Checkup) -> Iterable[Line]:
    """A project that is not internal has no customer, or one that is not there."""
    for record in _concerned(checkup):
        key = record.fields.get("customer")
        if record.fields.get("internal"):
            continue
        if key is None:
            yield record.side, record.key, f"{record.name} ({record.number}): no customer"
        elif str(key) not in checkup.records("customer", record.side):
            text_ = f"{record.name} ({record.number}): its customer {key} is not there"
            yield record.side, record.key, text_


@check("warning", EITHER)
def manager_missing(checkup: Checkup) -> Iterable[Line]:
    """A project that is not internal has no project manager; a new one in Severa gets the
    profile's owner."""
    for record in _concerned(checkup):
        if not record.fields.get("manager") and not record.fields.get("internal"):
            yield record.side, record.key, f"{record.name} ({record.number}): no project manager"


@check("warning", EITHER)
def deadline_before_start(checkup: Checkup) -> Iterable[Line]:
    """A project's deadline lies before its start."""
    for record in _concerned(checkup):
        start, deadline = record.fields.get("start"), record.fields.get("deadline")
        if isinstance(start, date) and isinstance(deadline, date) and deadline < start:
            yield record.side, record.key, f"{record.name}: from {start} to {deadline}"


@check("warning", IN_SEVERA)
def text_too_long(checkup: Checkup) -> Iterable[Line]:
    """A project's text in Severa is too long for Global."""
    return faults.too_long(checkup, GLOBAL, _texts(checkup))


@check("warning", IN_SEVERA)
def text_not_encodable(checkup: Checkup) -> Iterable[Line]:
    """A project's text in Severa has characters that Global may not be able to store."""
    return faults.not_encodable(checkup, GLOBAL, _texts(checkup))


@check("warning", IN_GLOBAL)
def severa_guid_astray(checkup: Checkup) -> Iterable[Line]:
    """A project's SeveraGUID in Global points to nothing in Severa."""
    return faults.guids_astray(checkup, NAME)


@check("blocker", IN_GLOBAL)
def severa_guid_twice(checkup: Checkup) -> Iterable[Line]:
    """Several projects in Global carry the same SeveraGUID."""
    return faults.guids_twice(checkup, NAME)


CHECKS = (
    number_missing,
    number_duplicated,
    number_series_overlap,
    number_outside_range,
    name_missing,
    name_duplicated,
    same_number_different_name,
    same_name_different_number,
    customer_missing,
    manager_missing,
    deadline_before_start,
    text_too_long,
    text_not_encodable,
    severa_guid_astray,
    severa_guid_twice,
    *USAGE,
)
