"""Checks of invoices and their orders."""

from __future__ import annotations

from collections.abc import Iterable

from recon.entities.invoice import lines, statuses
from recon.findings import Line
from recon.spec import Checkup, check

ORDERS = "Visma Global: Orders and invoicing > the order"
INVOICES = "Severa: Invoices > the invoice"


@check("blocker", "The profile: [transfer.orders]")
def status_unknown(checkup: Checkup) -> Iterable[Line]:
    """An invoice status that the profile names does not exist in Severa."""
    for named in statuses.unknown(checkup.context):
        yield "severa", "", f"there is no invoice status {named}"


@check("warning", ORDERS)
def closed_otherwise(checkup: Checkup) -> Iterable[Line]:
    """An invoice has nothing left to pay, but was not closed by payments alone: Severa is not told
    that it was paid."""
    for record in checkup.records("invoice", "global").values():
        if record.attributes.get("stage") == "closed otherwise":
            yield "global", record.key, f"order {record.number}: {record.attributes['words']}"


@check("warning", ORDERS)
def order_nullified(checkup: Checkup) -> Iterable[Line]:
    """An order was nullified in Visma Global; its invoice in Severa still stands."""
    for record in checkup.records("invoice", "global").values():
        if record.attributes.get("stage") == "nullified":
            yield "global", record.key, f"order {record.number}: {record.attributes['words']}"


@check("info", INVOICES)
def row_of_several_projects(checkup: Checkup) -> Iterable[Line]:
    """The hours, fees or expenses behind one row of an invoice belong to several projects: the row
    is booked as the invoice's first project."""
    for record in checkup.records("invoice", "severa").values():
        for at, row in enumerate(record.attributes.get("rows", ()), 1):
            if lines.mixed(row, record):
                yield "severa", record.key, f"{record.name}: {lines.text_of(row, at)}"


CHECKS = (status_unknown, closed_otherwise, order_nullified, row_of_several_projects)
