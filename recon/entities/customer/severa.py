"""Customers in Severa, and the projects that decide which of them transfer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from recon import text
from recon.entities import rows
from recon.errors import Refused
from recon.shapes import Record, Value
from recon.spec import Context, Draft, Listing, SeveraSide

PATH = "/v1/customers"
PROPERTIES = {
    "name": "name",
    "organisation_number": "vatNumber",
    "email": "email",
    "website": "website",
    "currency": "currency",
    "payment_term": "paymentTerm",
    "e_invoice_address": "eInvoiceAddress",
    "e_invoice_operator": "eInvoiceOperator",
    "active": "isActive",
}
TEXTS = (
    "name",
    "organisation_number",
    "email",
    "website",
    "e_invoice_address",
    "e_invoice_operator",
)


def records(raw: Iterable[rows.Raw], ctx: Context) -> Iterable[Record]:
    """API records as customers."""
    return rows.records(
        "customer", "severa", raw, lambda row: _one(row, ctx), lambda row: row["guid"]
    )


def _one(row: rows.Raw, ctx: Context) -> Iterable[Record]:
    fields: dict[str, Value] = {name: rows.string(row, PROPERTIES[name]) for name in TEXTS}
    fields["payment_term"] = rows.whole(row, "paymentTerm")
    fields["active"] = rows.flag(row, "isActive", missing=True)
    guid = rows.own_guid(row)
    number = rows.whole(row, "number")
    record = Record(
        "customer",
        "severa",
        guid,
        fields,
        guid=guid,
        number=None if number is None else str(number),
        attributes={
            "internal": rows.flag(row, "isInternal"),
            "country": text.squeeze(rows.sub(row, "headquarterAddress").get("country")),
        },
    )
    currency = rows.guid(row, "currency", "guid")
    rows.coded(record, "currency", currency, ctx.lookup.from_severa("currency", currency))
    yield record


def create(draft: Draft, ctx: Context) -> tuple[str, Mapping[str, Any]]:
    """A customer with Global's number."""
    if not draft.fields.get("name"):
        raise Refused("The customer has no name", todo="Name it in Visma Global", fields=("name",))
    filled = {name: value for name, value in draft.fields.items() if value is not None}
    number = text.numeric(draft.number)
    return PATH, {**_properties(filled, ctx), **({"number": number} if number else {})}


def patch(_record: Record, changes: Mapping[str, Value], ctx: Context) -> Mapping[str, Any]:
    """The changed properties."""
    if "name" in changes and not changes["name"]:
        raise Refused(
            "Severa takes no customer without a name",
            todo="Name it in Visma Global",
            fields=("name",),
        )
    return _properties(changes, ctx)


def _properties(fields: Mapping[str, Value], ctx: Context) -> dict[str, Any]:
    body: dict[str, Any] = {PROPERTIES[name]: value for name, value in fields.items()}
    if "currency" in fields:
        body["currency"] = rows.severa_reference(ctx, "currency", fields["currency"], "currency")
    return body


SEVERA = SeveraSide(
    listing=Listing(PATH, "token", page=1000),
    records=records,
    create=create,
    patch=patch,
    one=PATH + "/{guid}",
    resource="customers",
    where_to_fix="Severa: Customers > the customer > Overview",
)
