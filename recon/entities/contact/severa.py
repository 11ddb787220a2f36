"""Customers' contact persons in Severa."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from recon import text
from recon.entities import rows
from recon.errors import Refused
from recon.shapes import Record, Value
from recon.spec import Context, Draft, Listing, SeveraSide

PATH = "/v1/contactpersons"


def records(raw: Iterable[rows.Raw], _ctx: Context) -> Iterable[Record]:
    """API records as contacts; deleted ones are not read."""
    return rows.records("contact", "severa", raw, _one, lambda row: row["guid"])


def _one(row: rows.Raw) -> Iterable[Record]:
    if rows.flag(row, "isDeleted"):
        return
    first, last = rows.string(row, "firstName"), rows.string(row, "lastName")
    fields: dict[str, Value] = {
        "name": text.join(first, last),
        "title": rows.string(row, "jobTitle"),
        "active": rows.flag(row, "isActive", missing=True),
    }
    guid = rows.own_guid(row)
    yield Record(
        "contact",
        "severa",
        guid,
        fields,
        guid=guid,
        parent=rows.guid(row, "customer", "guid"),
        attributes={
            "email": _email(row),
            "first_name": first,
            "last_name": last,
        },
    )


def _email(row: rows.Raw) -> str | None:
    """The first e-mail address of the contact's read-only list that can be one."""
    found = [text.email(one) for one in rows.many(row, "emails") if isinstance(one, str)]
    return next((one for one in found if one and text.plausible_email(one)), None)


def create(draft: Draft, _ctx: Context) -> tuple[str, Mapping[str, Any]]:
    """A contact person under its customer."""
    if draft.parent is None:
        raise Refused("The contact has no customer in Severa", todo="Link or create it first")
    title = draft.fields.get("title")
    body = {
        **_names(draft.fields.get("name")),
        "isActive": draft.fields.get("active", True),
        "customer": {"guid": draft.parent},
        **({"jobTitle": title} if title else {}),
    }
    return PATH, body


def patch(_record: Record, changes: Mapping[str, Value], _ctx: Context) -> Mapping[str, Any]:
    """The changed properties."""
    body: dict[str, Any] = _names(changes["name"]) if "name" in changes else {}
    if "title" in changes:
        body["jobTitle"] = changes["title"]
    if "active" in changes:
        body["isActive"] = changes["active"]
    return body


def _names(name: Value) -> dict[str, Any]:
    parts = text.split(name)
    if parts is None:
        raise Refused(
            "Severa takes no contact without a last name",
            todo="Name the contact in Visma Global",
            fields=("name",),
        )
    return {"firstName": parts[0], "lastName": parts[1]}


SEVERA = SeveraSide(
    listing=Listing(PATH, "rows"),
    records=records,
    create=create,
    patch=patch,
    one=PATH + "/{guid}",
    owner=("customer", "guid"),
    resource="contactpersons",
    where_to_fix="Severa: Customers > the customer > Contacts",
)
