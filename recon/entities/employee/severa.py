"""Users in Severa."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from recon import text
from recon.entities import rows
from recon.entities.employee import licences, names
from recon.entities.siblings import topmost_unit
from recon.errors import Refused
from recon.shapes import Record, Value
from recon.spec import Context, Draft, Listing, SeveraSide

PATH = "/v1/users"
PROPERTIES = {"email": "email", "phone": "phone", "active": "isActive"}


def records(raw: Iterable[rows.Raw], ctx: Context) -> Iterable[Record]:
    """API records as employees, those of other companies included (they are out of scope)."""
    return rows.records(
        "employee", "severa", raw, lambda row: _one(row, ctx), lambda row: row["guid"]
    )


def _one(row: rows.Raw, ctx: Context) -> Iterable[Record]:
    first, last = rows.string(row, "firstName"), rows.string(row, "lastName")
    unit = rows.sub(row, "businessUnit")
    fields: dict[str, Value] = {
        "name": text.join(first, last),
        "email": rows.string(row, "email"),
        "phone": rows.string(row, "phone"),
        "business_unit": _department(unit),
        "title": rows.string(row, "title"),
        "active": rows.flag(row, "isActive", missing=True),
    }
    guid, code = rows.own_guid(row), rows.string(row, "code")
    yield Record(
        "employee",
        "severa",
        guid,
        fields,
        guid=guid,
        number=text.number(code),
        attributes={
            "code": code,
            "first": first,
            "last": last,
            "ours": _ours(unit, ctx),
            "user_type": rows.string(row, "userType"),
        },
    )


def _department(unit: rows.Raw) -> str | None:
    """The unit, but for the topmost one, which stands for the company itself."""
    guid = rows.guid(unit, "guid")
    return None if guid == rows.guid(unit, "companyBusinessUnitGuid") else guid


def _ours(unit: rows.Raw, ctx: Context) -> bool:
    """A user whose unit names another company is not ours; one without a unit is."""
    company = str(ctx.profile.severa.company or "").casefold()
    found = (rows.guid(unit, "companyGuid"), (rows.string(unit, "companyName") or "").casefold())
    named = [one for one in found if one]
    return not company or not named or company in named


def create(draft: Draft, ctx: Context) -> tuple[str, Mapping[str, Any]]:
    """A user with the employee's number as code, of the configured type and permission profile,
    without a default work contract, inactive if the profile wants that."""
    fields = draft.fields
    missing = licences.unsettled(ctx)
    if missing:
        raise Refused("It is not known what kind of user to make", todo=missing)
    unit = fields.get("business_unit") or topmost_unit(ctx)
    return PATH, {
        **_names(fields.get("name"), (None, draft.source.attributes.get("family"))),
        "isActive": bool(fields.get("active", True)) and not licences.inactive_first(ctx),
        **{name: fields[name] for name in ("email", "phone") if fields.get(name)},
        **({"code": draft.number} if draft.number else {}),
        **({"businessUnit": {"guid": unit}} if unit else {}),
        "userType": licences.user_type(ctx),
        "permissionProfile": {"guid": licences.permission_profile(ctx)},
        "createDefaultWorkContract": False,
    }


def patch(record: Record, changes: Mapping[str, Value], ctx: Context) -> Mapping[str, Any]:
    """The changed properties; code, title, type and permissions are never among them."""
    body: dict[str, Any] = {}
    if "name" in changes:
        known = (record.attributes.get("first"), record.attributes.get("last"))
        body |= _names(changes["name"], known)
    if "business_unit" in changes:
        body["businessUnit"] = {"guid": _unit(changes["business_unit"], ctx)}
    return body | {PROPERTIES[name]: v for name, v in changes.items() if name in PROPERTIES}


def _names(name: Value, known: names.Parts) -> dict[str, Any]:
    parts = names.split(name, known)
    if parts is None:
        raise Refused(
            "Severa takes no user without a name",
            todo="Name the employee in Visma Global",
            fields=("name",),
        )
    return {"firstName": parts[0], "lastName": parts[1]}


def _unit(unit: Value, ctx: Context) -> Value:
    """No department is the topmost unit."""
    guid = unit or topmost_unit(ctx)
    if not guid:
        raise Refused(
            "It is not known which business unit stands for the company itself",
            todo="Give the employee a department in Visma Global",
            fields=("business_unit",),
        )
    return guid


def withheld(ctx: Context) -> tuple[str, ...]:
    """What a new user is not sent with: the title, and whether it is active where the profile
    decides that."""
    return ("title", "active") if licences.inactive_first(ctx) else ("title",)


SEVERA = SeveraSide(
    listing=Listing(PATH, "token", page=1000),
    records=records,
    create=create,
    patch=patch,
    one=PATH + "/{guid}",
    resource="users",
    where_to_fix="Severa: Settings > Organization > Users",
    costs=licences.costs,
    code="code",
    withheld=withheld,
)
