"""Checks of invoices and their orders."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from recon import text
from recon.entities import series
from recon.entities.faults import blocked
from recon.entities.invoice import lines, statuses
from recon.entities.siblings import WAITS
from recon.findings import Line
from recon.spec import Checkup, check
from recon.systems.document_tables import customer_order_copy as copy

ORDERS = "Visma Global: Orders and invoicing > the order"
INVOICES = "Severa: Invoices > the invoice"
CUSTOMERS = "Visma Global: Register > Customers"
NUMBER = copy.c.InvoiceNo
SPAN = select(func.min(NUMBER).label("first"), func.max(NUMBER).label("last")).where(NUMBER > 0)


@check("blocker", "The profile: [transfer.orders]")
def status_unknown(checkup: Checkup) -> Iterable[Line]:
    """An invoice status that the profile names does not exist in Severa."""
    for named in statuses.unknown(checkup.context):
        yield "severa", "", f"there is no invoice status {named}"


@check("warning", series.MENU)
def number_series_overlap(checkup: Checkup) -> Iterable[Line]:
    """The invoice numbers that the two systems give out lie in the same range: one number may mean
    two invoices. Visma Global's is the legal one."""
    numbers = [text.numeric(r.number) for r in checkup.records("invoice", "severa").values()]
    theirs = sorted(number for number in numbers if number)
    for row in checkup.read(SPAN) if theirs else ():
        first, last = row["first"] or 0, row["last"] or 0
        if theirs[0] <= last and first <= theirs[-1]:
            spans = f"Global has {first} to {last}, Severa {theirs[0]} to {theirs[-1]}"
            yield "both", "", f"{spans}; give Severa's invoices a series of their own"


@check("warning", CUSTOMERS)
def customer_blocked(checkup: Checkup) -> Iterable[Line]:
    """The customer of an invoice that is to transfer is inactive, locked or credit-blocked in
    Visma Global, or merged into another."""
    for record in checkup.records("invoice", "severa").values():
        link = checkup.link("customer", "severa", str(record.fields.get("customer")))
        ours = checkup.records("customer", "global").get(link.key) if link else None
        if ours and record.attributes.get(WAITS):
            for word in blocked(ours):
                yield "severa", record.key, f"{record.name}: its customer {ours.name} is {word}"


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


CHECKS = (
    status_unknown,
    number_series_overlap,
    customer_blocked,
    closed_otherwise,
    order_nullified,
    row_of_several_projects,
)
