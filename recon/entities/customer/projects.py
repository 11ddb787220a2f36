"""Severa's projects, read only to know which customers transfer (the won rule)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from recon.entities import rows
from recon.entities.siblings import once
from recon.shapes import Record
from recon.spec import Context, Listing, Source, SubListing

PATH = "/v1/projects"
BILLING = "billing_customers"


def records(raw: Iterable[rows.Raw], ctx: Context) -> Iterable[Record]:
    """API records as projects of the source `project`."""
    return rows.records(
        "project", "severa", raw, lambda row: _one(row, ctx), lambda row: row["guid"]
    )


def _one(row: rows.Raw, ctx: Context) -> Iterable[Record]:
    guid, number = rows.own_guid(row), rows.whole(row, "number")
    customer = rows.guid(row, "customer", "guid")
    status = rows.guid(row, "salesStatus", "salesStatusTypeGuid")
    billing = [rows.guid(one, "billingCustomer", "guid") for one in rows.many(row, BILLING)]
    yield Record(
        "project",
        "severa",
        guid,
        {"name": rows.string(row, "name")},
        guid=guid,
        number=None if number is None else str(number),
        parent=customer,
        attributes={
            "customer": customer,
            "sales_status": status,
            "sales_state": ctx.lookup.from_severa("sales_status", status),
            "won": won(row, ctx),
            "closed": rows.flag(row, "isClosed"),
            "internal": rows.flag(row, "isInternal"),
            BILLING: tuple(one for one in billing if one),
        },
    )


def won(row: Mapping[str, Any], ctx: Context) -> bool:
    """Whether a raw project is of our company and in a won sales status: one of those that the
    profile names (by name or guid), else any whose state is Won."""
    if not _ours(row, ctx):
        return False
    status = rows.sub(row, "salesStatus")
    guid = rows.guid(status, "salesStatusTypeGuid")
    named = {str(one).casefold() for one in ctx.profile.transfer.won_statuses}
    if named:
        return bool(named & {(rows.string(status, "name") or "").casefold(), guid or ""})
    return ctx.lookup.from_severa("sales_status", guid) == "Won"


def _ours(row: Mapping[str, Any], ctx: Context) -> bool:
    company = str(ctx.profile.severa.company or "").casefold()
    unit = rows.sub(row, "businessUnit")
    names = [rows.guid(unit, "companyGuid"), (rows.string(unit, "companyName") or "").casefold()]
    return not company or company in names


def _wanted(row: Mapping[str, Any], ctx: Context) -> bool:
    """A project that cannot be read has no billing customers that we would look for."""
    try:
        return won(row, ctx)
    except ValueError:
        return False


def by_won_project(ctx: Context) -> dict[str, list[Record]]:
    """The won projects of each customer, whether its own or billed to it."""
    return once(ctx, "won projects", lambda: _by_won_project(ctx))


def _by_won_project(ctx: Context) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for project in ctx.records("project", "severa").values():
        if project.attributes.get("won"):
            for customer in {project.attributes["customer"], *project.attributes[BILLING]}:
                found.setdefault(customer or "", []).append(project)
    return found


PROJECTS = Source(
    name="project",
    listing=Listing(
        PATH,
        "token",
        changes=("changedSince", "salesStatusChangedSince", "projectStatusChangedSince"),
    ),
    records=records,
    details=(SubListing(PATH + "/{guid}/projectbillingcustomers", BILLING, _wanted),),
)
