"""Business units in Severa."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from recon import text
from recon.entities import rows
from recon.entities.siblings import topmost_unit
from recon.errors import Refused
from recon.shapes import Record, Value
from recon.spec import Context, Draft, Listing, SeveraSide

PATH = "/v1/businessunits"
PARENT = "parent_business_unit"
PROPERTIES = {"name": "name", "active": "isActive"}


def records(raw: Iterable[rows.Raw], ctx: Context) -> Iterable[Record]:
    """API records as business units, those of other companies included (they are out of scope)."""
    company = str(ctx.profile.severa.company or "")
    return rows.records(
        "business_unit", "severa", raw, lambda row: _one(row, company), lambda row: row["guid"]
    )


def _one(row: rows.Raw, company: str) -> Iterable[Record]:
    fields: dict[str, Value] = {
        "name": rows.string(row, "name"),
        "active": rows.flag(row, "isActive", missing=True),
    }
    code = rows.string(row, "code")
    names = (rows.guid(row, "companyGuid"), text.squeeze(row.get("companyName")))
    attributes: dict[str, Any] = {
        "code": code,
        "root": rows.guid(row, "parentGuid") is None,
        "unit": rows.guid(row, "parentGuid"),
        "cost_center": rows.guid(row, "costCenter", "guid"),
        "company": names[0],
        "ours": not company or company.casefold() in [str(n).casefold() for n in names if n],
    }
    guid = rows.own_guid(row)
    yield Record(
        "business_unit",
        "severa",
        guid,
        fields,
        guid=guid,
        number=text.number(code),
        attributes=attributes,
    )


def create(draft: Draft, ctx: Context) -> tuple[str, Mapping[str, Any]]:
    """A unit under the profile's parent, with the department's number as its code."""
    if not draft.fields.get("name"):
        raise Refused(
            "The department has no name", todo="Name it in Visma Global", fields=("name",)
        )
    body = {
        "name": draft.fields["name"],
        "isActive": draft.fields.get("active", True),
        "parentGuid": _parent(ctx),
        **({"code": draft.number} if draft.number else {}),
    }
    return PATH, body


def _parent(ctx: Context) -> str:
    """The configured parent, else the only topmost unit of the company."""
    named = ctx.profile.severa.defaults.get(PARENT)
    if named:
        return str(named)
    topmost = topmost_unit(ctx)
    if topmost:
        return topmost
    raise Refused(
        "It is not known under which business unit new ones belong",
        todo=f"Set {PARENT} under [severa.defaults] in the profile",
    )


def patch(_record: Record, changes: Mapping[str, Value], _ctx: Context) -> Mapping[str, Any]:
    """The changed properties; the code is never among them."""
    if "name" in changes and not changes["name"]:
        raise Refused(
            "Severa takes no business unit without a name",
            todo="Name the department in Visma Global",
            fields=("name",),
        )
    return {PROPERTIES[name]: value for name, value in changes.items()}


SEVERA = SeveraSide(
    listing=Listing(PATH, "rows"),
    records=records,
    create=create,
    patch=patch,
    one=PATH + "/{guid}",
    resource="businessunits",
    code="code",
    where_to_fix="Severa: Settings > Organization > Business units",
)
