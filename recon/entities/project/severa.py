"""Projects in Severa; what they are sold as decides which customers transfer, too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from recon import text
from recon.entities import rows
from recon.entities.siblings import by_guid, topmost_unit
from recon.errors import Refused
from recon.shapes import Record, Value
from recon.spec import Context, Draft, Listing, SeveraSide, SubListing

PATH = "/v1/projects"
BILLING = "billing_customers"
PHASES = "phases"
STATUS = "projectStatusTypeGuid"
OWNER, WON, CUSTOMER = "project_owner", "won_status", "internal_customer"
Fields = Mapping[str, Value]
Body = dict[str, Any]
Write = Callable[[Fields, Context], Body]


def records(raw: Iterable[rows.Raw], ctx: Context) -> Iterable[Record]:
    """API records as projects, those of other companies and those not won included (they are out
    of scope)."""
    return rows.records(
        "project", "severa", raw, lambda row: _one(row, ctx), lambda row: row["guid"]
    )


def _one(row: rows.Raw, ctx: Context) -> Iterable[Record]:
    guid, number = rows.own_guid(row), rows.whole(row, "number")
    customer, internal = rows.guid(row, "customer", "guid"), rows.flag(row, "isInternal")
    yield Record(
        "project",
        "severa",
        guid,
        {
            "name": rows.string(row, "name"),
            "customer": None if internal else customer,
            "manager": rows.guid(row, "projectOwner", "guid"),
            "department": _department(rows.sub(row, "businessUnit")),
            "start": rows.day(row, "startDate"),
            "deadline": rows.day(row, "deadline"),
            "closed": rows.flag(row, "isClosed"),
            "internal": internal,
        },
        guid=guid,
        number=None if number is None else str(number),
        attributes=_attributes(row, ctx),
    )


def _attributes(row: rows.Raw, ctx: Context) -> dict[str, Any]:
    status = rows.guid(row, "salesStatus", "salesStatusTypeGuid")
    billing = [rows.guid(one, "billingCustomer", "guid") for one in rows.many(row, BILLING)]
    return {
        "customer": rows.guid(row, "customer", "guid"),
        "sales_status": status,
        "sales_status_name": rows.string(rows.sub(row, "salesStatus"), "name"),
        "sales_state": ctx.lookup.from_severa("sales_status", status),
        "won": won(row, ctx),
        "ours": _ours(row, ctx),
        "internal": rows.flag(row, "isInternal"),
        "currency": rows.string(rows.sub(row, "currency"), "code"),
        BILLING: tuple(one for one in billing if one),
        PHASES: {
            str(rows.string(one, "name")).casefold(): rows.guid(one, "guid")
            for one in rows.many(row, PHASES)
        },
    }


def _department(unit: rows.Raw) -> str | None:
    """The unit, but for the topmost one, which stands for the company itself."""
    guid = rows.guid(unit, "guid")
    return None if guid == rows.guid(unit, "companyBusinessUnitGuid") else guid


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


def _needed(ctx: Context) -> bool:
    """Whether there is a customer whom only a project billed to it could bring to Global."""
    carried = by_guid(ctx, "customer")
    projects = ctx.records("project", "severa").values()
    own = {p.attributes.get("customer") for p in projects if p.attributes.get("won")}
    return any(
        customer.fields.get("active")
        and not customer.attributes.get("internal")
        and key not in carried
        and key not in own
        for key, customer in ctx.records("customer", "severa").items()
    )


def _booked_by_phase(row: Mapping[str, Any], ctx: Context) -> bool:
    """Where supplier costs go to a phase by its name, the phases of projects that take costs."""
    transfer = ctx.profile.transfer
    named = bool(transfer.costs_from and transfer.costs.phase)
    return named and row.get("isClosed") is not True and _is(_ours, row, ctx)


def _wanted(row: Mapping[str, Any], ctx: Context) -> bool:
    return _is(won, row, ctx)


def _is(
    test: Callable[[Mapping[str, Any], Context], bool], row: Mapping[str, Any], ctx: Context
) -> bool:
    """A project that cannot be read has no lists that we would look for."""
    try:
        return test(row, ctx)
    except ValueError:
        return False


# --- writing ----------------------------------------------------------------------------------


def create(draft: Draft, ctx: Context) -> tuple[str, Mapping[str, Any]]:
    """A won project with Global's number, in the currency of its customer. What Global names
    none of is left to Severa, but for the department (the topmost unit) and the owner."""
    number = text.numeric(draft.number)
    body = {name: v for name, v in _body(_WRITES, draft.fields, ctx).items() if v is not None}
    status = body.pop(STATUS, None)
    return PATH, {
        **body,
        "salesStatus": {"salesStatusTypeGuid": _won_status(ctx)},
        **({"projectStatus": {STATUS: status}} if status else {}),
        **_currency(body["customer"]["guid"], ctx),
        **({"number": number} if number else {}),
    }


def patch(record: Record, changes: Mapping[str, Value], ctx: Context) -> Mapping[str, Any]:
    """The changed properties; the number is never among them, and neither is the sales status."""
    return _body(changes, {**record.fields, **changes}, ctx)


def _body(names: Iterable[str], project: Fields, ctx: Context) -> Body:
    """The properties for these fields of a project as it is to be."""
    body: Body = {}
    for name in names:
        body |= _WRITES[name](project, ctx)
    return body


def _name(project: Fields, _ctx: Context) -> Body:
    if not project.get("name"):
        raise Refused(
            "Severa takes no project without a name",
            todo="Name it in Visma Global",
            fields=("name",),
        )
    return {"name": project["name"]}


def _customer(project: Fields, ctx: Context) -> Body:
    """Internal projects belong to the internal customer."""
    guid = _internal_customer(ctx) if project.get("internal") else project.get("customer")
    if not guid:
        raise Refused(
            "Severa takes no project without a customer",
            todo="Set the customer in Visma Global, or the category of internal projects",
            fields=("customer",),
        )
    return {"customer": {"guid": guid}}


def _internal_customer(ctx: Context) -> str:
    """The configured one, else the only active internal customer."""
    named = ctx.profile.severa.defaults.get(CUSTOMER)
    if named:
        return str(named)
    customers = ctx.records("customer", "severa").values()
    found = [c.key for c in customers if c.attributes.get("internal") and c.fields.get("active")]
    if len(found) == 1:
        return found[0]
    raise Refused(
        f"Severa has {len(found)} internal customers: it is not known which one internal projects "
        "belong to",
        todo=f"Set {CUSTOMER} under [severa.defaults] in the profile",
        fields=("customer",),
    )


def _manager(project: Fields, ctx: Context) -> Body:
    """Severa has no project without an owner: the profile's, where Global names none."""
    owner = project.get("manager") or ctx.profile.severa.defaults.get(OWNER)
    if not owner:
        raise Refused(
            "The project has no manager who is in Severa, and Severa requires an owner",
            todo=f"Set the manager in Visma Global, or {OWNER} under [severa.defaults] in "
            "the profile",
            fields=("manager",),
        )
    return {"projectOwner": {"guid": owner}}


def _unit(project: Fields, ctx: Context) -> Body:
    unit = project.get("department") or topmost_unit(ctx)
    return {"businessUnit": {"guid": unit} if unit else None}


def _closed(project: Fields, ctx: Context) -> Body:
    """Closed or open, and the project status that the profile gives to such projects. The status
    is set while the project is open, for a closed one may not take it."""
    closed = bool(project.get("closed"))
    flag = {"isClosed": closed}
    status = ctx.profile.severa.defaults.get("closed_status" if closed else "open_status")
    named = {STATUS: status} if status else {}
    return {**named, **flag} if closed else {**flag, **named}


def _won_status(ctx: Context) -> str:
    """The configured status (by guid or name), else the only active one that means won."""
    named = ctx.profile.severa.defaults.get(WON)
    if named and ctx.lookup.from_severa("won_status", named):
        return str(named)
    found = ctx.lookup.to_severa("won_status", named)
    if found:
        return found
    raise Refused(
        f"Severa has no active sales status {named} that means won"
        if named
        else "It is not known which sales status a new project gets: several mean won, or none",
        todo=f"Set {WON} under [severa.defaults] in the profile to a won status's guid or name",
    )


def _currency(customer: str, ctx: Context) -> Body:
    """The customer's currency, else the profile's; Severa decides where there is neither."""
    record = ctx.records("customer", "severa").get(customer)
    code = record.fields.get("currency") if record else None
    guid = ctx.lookup.to_severa("currency", code) or ctx.profile.severa.defaults.get("currency")
    return {"currency": {"guid": guid}} if guid else {}


def _day(name: str, called: str) -> Write:
    def write(project: Fields, _ctx: Context) -> Body:
        value = project.get(name)
        return {called: value.isoformat() if isinstance(value, date) else None}

    return write


_WRITES: Mapping[str, Write] = {
    "name": _name,
    "customer": _customer,
    "manager": _manager,
    "department": _unit,
    "start": _day("start", "startDate"),
    "deadline": _day("deadline", "deadline"),
    "internal": lambda project, _ctx: {"isInternal": bool(project.get("internal"))},
    "closed": _closed,
}

SEVERA = SeveraSide(
    listing=Listing(
        PATH,
        "token",
        changes=("changedSince", "salesStatusChangedSince", "projectStatusChangedSince"),
    ),
    records=records,
    create=create,
    patch=patch,
    one=PATH + "/{guid}",
    resource="projects",
    details=(
        SubListing(PATH + "/{guid}/projectbillingcustomers", BILLING, _wanted, _needed),
        SubListing(PATH + "/{guid}/phaseswithhierarchy", PHASES, _booked_by_phase),
    ),
    where_to_fix="Severa: Projects > the project",
)
