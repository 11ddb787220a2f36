"""Addresses in Severa: one record each, under a customer, with flags for what it is used for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from recon import text
from recon.entities import rows
from recon.entities.address.roles import FLAGS, first, joined
from recon.entities.siblings import eldest
from recon.errors import Refused
from recon.shapes import Record, Value
from recon.spec import Context, Draft, Listing, SeveraSide

PATH = "/v1/addresses"
PROPERTIES = {
    "street": "addressline",
    "postcode": "postalCode",
    "city": "city",
    "country": "country",
    "phone": "phone",
}


def records(raw: Iterable[rows.Raw], ctx: Context) -> Iterable[Record]:
    """API records as addresses; of several in one role of a customer the eldest keeps it, the
    others are marked `second`."""
    found = rows.records(
        "address", "severa", raw, lambda row: _one(row, ctx), lambda row: row["guid"]
    )
    kept = eldest([r for r in found if not r.attributes.get("empty")])
    for record in found:
        if record.role and not record.attributes.get("empty"):
            record.attributes["second"] = record.key not in kept
    return found


def _one(row: rows.Raw, ctx: Context) -> Iterable[Record]:
    flags = {role for role, name in FLAGS.items() if rows.flag(row, name)}
    fields: dict[str, Value] = {
        "street": rows.string(row, "addressline", text.lines),
        "postcode": rows.string(row, "postalCode"),
        "city": rows.string(row, "city"),
        "phone": rows.string(row, "phone"),
        "roles": joined(flags) or None,
    }
    guid = rows.own_guid(row)
    record = Record(
        "address",
        "severa",
        guid,
        fields,
        guid=guid,
        parent=rows.guid(row, "customer", "guid"),
        role=first(fields["roles"]) or "",
        attributes={
            "empty": not any(fields[name] for name in ("street", "postcode", "city", "phone")),
            "created": rows.string(row, "createdDateTime"),
        },
    )
    country = rows.guid(row, "country", "guid")
    rows.coded(record, "country", country, ctx.lookup.from_severa("country", country))
    yield record


def create(draft: Draft, ctx: Context) -> tuple[str, Mapping[str, Any]]:
    """An address under its customer, with the flags of the roles that it has in Global."""
    if draft.parent is None:
        raise Refused("The address has no customer in Severa", todo="Link or create it first")
    filled = {name: value for name, value in draft.fields.items() if value is not None}
    roles = str(draft.fields.get("roles") or draft.role).split("+")
    flags = {name: role in roles for role, name in FLAGS.items()}
    body = {**_properties(filled, ctx), **flags}
    return f"/v1/customers/{draft.parent}/addresses", body


def patch(_record: Record, changes: Mapping[str, Value], ctx: Context) -> Mapping[str, Any]:
    """The changed properties."""
    body = _properties(changes, ctx)
    if "roles" in changes:
        roles = str(changes["roles"] or "").split("+")
        body |= {name: role in roles for role, name in FLAGS.items()}
    return body


def _properties(fields: Mapping[str, Value], ctx: Context) -> dict[str, Any]:
    body: dict[str, Any] = {
        PROPERTIES[name]: value for name, value in fields.items() if name in PROPERTIES
    }
    if "country" in fields:
        body["country"] = rows.severa_reference(ctx, "country", fields["country"], "country")
    return body


SEVERA = SeveraSide(
    listing=Listing(PATH, "rows"),
    records=records,
    create=create,
    patch=patch,
    one=PATH + "/{guid}",
    owner=("customer", "guid"),
    resource="addresses",
    where_to_fix="Severa: Customers > the customer > Addresses",
)
