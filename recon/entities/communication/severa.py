"""A contact's e-mail addresses and phones in Severa: contact communications."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from recon.entities import rows
from recon.entities.siblings import eldest
from recon.errors import Refused
from recon.reference import METHODS
from recon.shapes import Record, Value
from recon.spec import Context, Draft, Listing, SeveraSide

PATH = "/v1/contactcommunications"


def records(raw: Iterable[rows.Raw], ctx: Context) -> Iterable[Record]:
    """API records as communications; of several in one role of a contact all but the eldest are
    marked `second`."""
    found = rows.records(
        "communication", "severa", raw, lambda row: _one(row, ctx), lambda row: row["guid"]
    )
    kept = eldest(found)
    for record in found:
        if record.role:
            record.attributes["second"] = record.key not in kept
    return found


def _one(row: rows.Raw, ctx: Context) -> Iterable[Record]:
    guid = rows.own_guid(row)
    kind = rows.sub(row, "communicationType")
    method = rows.string(kind, "type")
    known = ctx.lookup.from_severa("communication_type", rows.guid(kind, "guid"))
    yield Record(
        "communication",
        "severa",
        guid,
        {"value": rows.string(row, "value")},
        guid=guid,
        parent=rows.guid(row, "contact", "guid"),
        role=METHODS.get(method or "") or str(known or ""),
        attributes={
            "type": rows.string(kind, "name") or method,
            "forbidden": rows.flag(row, "isForbiddenToUse"),
            "created": rows.string(row, "createdDateTime"),
        },
    )


def create(draft: Draft, ctx: Context) -> tuple[str, Mapping[str, Any]]:
    """A communication of the contact, allowed to use (Severa's own default forbids it)."""
    if draft.parent is None:
        raise Refused("It has no contact in Severa", todo="Link or create the contact first")
    body = {
        "value": _filled(draft.fields.get("value")),
        "isForbiddenToUse": False,
        "contact": {"guid": draft.parent},
        "communicationType": rows.severa_reference(ctx, "communication_type", draft.role, "value"),
    }
    return PATH, body


def patch(_record: Record, changes: Mapping[str, Value], _ctx: Context) -> Mapping[str, Any]:
    """The changed value."""
    return {"value": _filled(changes["value"])} if "value" in changes else {}


def _filled(value: Value) -> Value:
    if not value:
        raise Refused(
            "Severa cannot hold an empty e-mail or phone, and nothing is deleted there",
            todo="Delete it at the contact in Severa, or fill it again in Visma Global",
            fields=("value",),
        )
    return value


SEVERA = SeveraSide(
    listing=Listing(PATH, "rows"),
    records=records,
    create=create,
    patch=patch,
    one=PATH + "/{guid}",
    owner=("contact", "guid"),
    resource="contactcommunications",
    where_to_fix="Severa: Customers > the customer > Contacts > the contact",
)
