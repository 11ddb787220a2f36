"""Invoices in Severa, with their rows while they wait to be transferred."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from recon import money
from recon.entities import rows
from recon.entities.invoice import statuses
from recon.entities.invoice.telling import FOLLOWS
from recon.entities.siblings import WAITS
from recon.errors import Refused
from recon.shapes import Record, Value
from recon.spec import Context, Draft, Listing, SeveraSide, SubListing

PATH = "/v1/invoices"
ROWS = "rows"
SOURCES = ("projectfees", "workhours", "projecttravelexpenses")
PAGE = 1000


def records(raw: Iterable[rows.Raw], ctx: Context) -> Iterable[Record]:
    """API records as invoices, whatever their status."""
    return rows.records(
        "invoice", "severa", raw, lambda row: _one(row, ctx), lambda row: row["guid"]
    )


def _one(row: rows.Raw, ctx: Context) -> Iterable[Record]:
    guid, number = rows.own_guid(row), rows.whole(row, "number")
    status = rows.guid(row, "status", "guid")
    currency = rows.string(rows.sub(row, "currency"), "code")
    home = ctx.profile.company.currency
    rate = Decimal(1) if currency in (None, home) else rows.number(row, "currencyRate")
    vat = _money(row, "totalTax")
    fields: dict[str, Value] = {
        "name": f"Invoice {number}" if number else f"Invoice of {row.get('date')}",
        "customer": rows.guid(row, "billingCustomer", "guid") or rows.guid(row, "customer", "guid"),
        "project": next(iter(_projects(row)), None),
        "date": rows.day(row, "date"),
        "currency": currency or home,
        "total": _money(row, "totalExcludingTax"),
        "vat": None if vat is None or not rate else money.amount(vat * rate, home),
        **statuses.reached(status, ctx),
    }
    if statuses.tells_day(ctx):
        fields["paid_on"] = rows.day(row, "paymentDate")
    yield Record(
        "invoice",
        "severa",
        guid,
        fields,
        guid=guid,
        number=None if number is None else str(number),
        attributes={**_attributes(row, (status, rate), ctx), WAITS: waits(row, ctx)},
    )


def _money(row: rows.Raw, name: str) -> Decimal | None:
    return rows.number(rows.sub(row, name), "amount")


def _projects(row: rows.Raw) -> list[str]:
    found = [rows.guid(one, "guid") for one in rows.many(row, "projects")]
    return [guid for guid in found if guid]


def _attributes(
    row: rows.Raw, known: tuple[str | None, Decimal | None], ctx: Context
) -> dict[str, Any]:
    """What an order is made from beside the fields; `content` is a hash of the rows."""
    status, rate = known
    listed = rows.many(row, ROWS)
    sources = {name: rows.many(row, name) for name in SOURCES}
    found: dict[str, Any] = {
        "status": status,
        FOLLOWS: statuses.follows(status, ctx),
        "status_name": ctx.lookup.from_severa(statuses.STATUS, status),
        "projects": tuple(_projects(row)),
        "rate": rate,
        "tax": _money(row, "totalTax"),
        "due": rows.day(row, "dueDate"),
        "credit": rows.flag(row, "isCreditNote"),
        "credits": rows.sub(row, "reimburseInvoice"),
        "texts": {
            name: rows.string(row, name)
            for name in ("ourReference", "yourReference", "orderNumber", "receiverCustomerName")
        },
        "address": rows.sub(row, "receiverAddress"),
    }
    if listed:
        text = repr((listed, sources, found["texts"], found["due"]))
        found |= {ROWS: listed, "sources": sources}
        found["content"] = hashlib.blake2b(text.encode(), digest_size=10).hexdigest()
    return found


def waits(row: Mapping[str, Any], ctx: Context) -> bool:
    """Whether a raw invoice is one that transfers by status and date, so that its rows count."""
    begin, day = ctx.profile.transfer.invoices_from, rows.day(row, "date")
    taken = rows.guid(row, "status", "guid") in statuses.taking(ctx)
    return bool(begin and day and day >= begin and taken)


def _of_several(row: Mapping[str, Any], ctx: Context) -> bool:
    """Only where an invoice covers several projects do its hours, fees and expenses tell more."""
    return len(_projects(row)) > 1 and waits(row, ctx)


def create(_draft: Draft, _ctx: Context) -> tuple[str, Mapping[str, Any]]:
    """Invoices are made in Severa by people alone."""
    raise Refused("An order of Visma Global is never made into an invoice in Severa")


def patch(_record: Record, changes: Mapping[str, Value], ctx: Context) -> Mapping[str, Any]:
    """The furthest status that was reached, and the day of the payment."""
    found: dict[str, Any] = {}
    name = next((one for one in ("paid", "sent", "taken") if changes.get(one)), None)
    if name:
        found["status"] = {"guid": statuses.target(ctx, name)}
    day = changes.get("paid_on")
    if isinstance(day, date):
        found["paymentDate"] = day.isoformat()
    return found


SEVERA = SeveraSide(
    listing=Listing(PATH, "token", PAGE),
    records=records,
    create=create,
    patch=patch,
    one=PATH + "/{guid}",
    resource="invoices",
    details=(
        SubListing(PATH + "/{guid}/invoicerows", ROWS, waits, paging="token"),
        *(
            SubListing(PATH + "/{guid}/" + name, name, _of_several, paging="token")
            for name in SOURCES
        ),
    ),
    where_to_fix="Severa: Invoices > the invoice",
)
