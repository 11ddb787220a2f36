"""Addresses in Visma Global: the customer's own columns, its invoice row and its delivery row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, select

from recon import text
from recon.entities import rows
from recon.entities.address.roles import PLACES, ROLES, Place, joined
from recon.errors import Refused
from recon.shapes import Record, Value
from recon.spec import Context, Draft, GlobalSide, Next, RowInsert, RowUpdate, RowWrite
from recon.systems import tables

NUMBER = "CustomerNo"
LINES = 3


def statements() -> Mapping[str, Select[Any]]:
    """One row per customer with the invoice and delivery rows that it refers to; a row that
    belongs to another customer is not joined."""
    own, bill = tables.customer, tables.customer_invoice_adresses
    visit = tables.customer_delivery_addresses
    return {
        "address": select(
            *_selected(own, "postal", NUMBER, "Name", "InvoiceAdressNo", "DeliveryAddressNo"),
            *_selected(bill, "billing"),
            bill.c.InvoiceAdressNo.label(PLACES["billing"].found),
            bill.c.SeveraGUID.label(PLACES["billing"].guid),
            *_selected(visit, "visit"),
            visit.c.DeliveryAddressNo.label(PLACES["visit"].found),
            visit.c.SeveraGUID.label(PLACES["visit"].guid),
        )
        .select_from(
            own.outerjoin(bill, _owned(own, bill, "billing")).outerjoin(
                visit, _owned(own, visit, "visit")
            )
        )
        .where(own.c.CustomerNo != 0)
    }


def _selected(table: Any, role: str, *others: str) -> list[Any]:
    place = PLACES[role]
    names = [*place.street, place.postcode, place.city, place.country, place.phone, *others]
    return [table.c[name] for name in names if name]


def _owned(own: Any, table: Any, role: str) -> Any:
    """The referred row, if it belongs to this customer or (owner 0) to nobody in particular."""
    place = PLACES[role]
    owner = table.c[place.owner]
    return and_(
        own.c[place.pointer] != 0,
        table.c[place.key] == own.c[place.pointer],
        (owner == own.c.CustomerNo) | (owner == 0) | owner.is_(None),
    )


def records(raw: Mapping[str, Sequence[rows.Raw]], ctx: Context) -> Iterable[Record]:
    """Rows as addresses: one to three per customer. A row that two customers refer to belongs to
    the first of them."""
    ordered = sorted(raw["address"], key=_order)
    found = rows.records(
        "address", "global", ordered, lambda row: _all(row, ctx), lambda row: row[NUMBER]
    )
    return list({record.key: record for record in reversed(found)}.values())[::-1]


def _order(row: rows.Raw) -> str:
    return str(row.get(NUMBER) or "").rjust(20)


def _all(row: rows.Raw, ctx: Context) -> Iterable[Record]:
    number = rows.own_key(row, NUMBER)
    separate = {
        role: rows.reference(row, PLACES[role].found)
        for role in ROLES
        if PLACES[role].pointer and rows.reference(row, PLACES[role].pointer)
    }
    yield _one(row, ctx, "postal", (number, number), set(ROLES) - set(separate))
    for role, key in separate.items():
        if key:
            yield _one(row, ctx, role, (number, key), {role})


def _one(row: rows.Raw, ctx: Context, role: str, keys: tuple[int, int], roles: set[str]) -> Record:
    place = PLACES[role]
    fields: dict[str, Value] = {
        "street": text.lines("\n".join(rows.string(row, name) or "" for name in place.street)),
        "postcode": rows.string(row, place.postcode),
        "city": rows.string(row, place.city),
        **({"phone": rows.string(row, place.phone)} if place.phone else {}),
        "roles": joined(roles),
    }
    record = Record(
        "address",
        "global",
        f"{place.table}/{keys[1]}/{role}",
        fields,
        guid=rows.guid(row, place.guid) if place.guid else None,
        parent=str(keys[0]),
        table=place.table,
        row=str(keys[1]),
        role=role,
        attributes=_attributes(row, place, fields),
    )
    country = rows.reference(row, place.country)
    value = ctx.lookup.from_global("country", country) if country else None
    rows.coded(record, "country", country, value)
    return record


def _attributes(row: rows.Raw, place: Place, fields: Mapping[str, Value]) -> dict[str, Any]:
    dangling = [
        other.pointer
        for other in PLACES.values()
        if other.pointer
        and rows.reference(row, other.pointer)
        and not rows.reference(row, other.found)
    ]
    return {
        "carries_guid": bool(place.pointer),
        "empty": not any(fields.get(name) for name in ("street", "postcode", "city", "phone")),
        "dangling": dangling if not place.pointer else [],
        "separate": {} if place.pointer else _separate(row),
        "customer_name": rows.string(row, "Name"),
    }


def _separate(row: rows.Raw) -> dict[str, str]:
    """The keys of the customer's own invoice and delivery rows, by role."""
    found = {
        role: rows.reference(row, place.found) for role, place in PLACES.items() if place.found
    }
    return {role: f"{PLACES[role].table}/{key}/{role}" for role, key in found.items() if key}


# --- writing ----------------------------------------------------------------------------------


def insert(draft: Draft, ctx: Context) -> Sequence[RowWrite]:
    """The customer's own columns for the postal role; a row of its own, and the customer's
    reference to it, for the others. `Refused` where another address stands in that role."""
    place = PLACES[draft.role]
    customer = rows.parent_key(draft.parent, "The address")
    _must_be_free(draft, ctx)
    values = _columns(place, draft.fields, ctx)
    if not place.pointer:
        return [RowUpdate(place.table, values, place.key, customer)]
    number = Next(place.series)
    row = {
        place.key: number,
        place.owner: customer,
        place.title: _customer_name(draft, ctx),
        **values,
    }
    pointer = {place.pointer: number}
    return [
        RowInsert(place.table, row, place.key),
        RowUpdate("Customer", pointer, NUMBER, customer),
    ]


def _must_be_free(draft: Draft, ctx: Context) -> None:
    records = ctx.records("address", "global")
    own = records.get(f"Customer/{draft.parent}/postal")
    separate: Mapping[str, str] = own.attributes.get("separate", {}) if own else {}
    found = own if draft.role == "postal" else records.get(separate.get(draft.role, ""))
    if found and not found.attributes.get("empty") and _differs(found, draft):
        raise Refused(
            f"Customer {draft.parent} already has another {draft.role} address in Global",
            where=found.key,
            todo="Link the two, or clear the flag of one of the addresses in Severa",
        )


def _differs(record: Record, draft: Draft) -> bool:
    """A resumed run may find its own address there already."""
    if record.guid:
        return record.guid != draft.source.key
    parts = {"street": text.one_line, "postcode": text.post_code, "city": text.squeeze}
    return any(f(record.fields.get(n)) != f(draft.fields.get(n)) for n, f in parts.items())


def _customer_name(draft: Draft, ctx: Context) -> Value:
    theirs = ctx.records("customer", "severa").get(draft.source.parent or "")
    ours = ctx.records("customer", "global").get(draft.parent or "")
    found = ours or theirs
    return found.fields.get("name") if found else None


def update(record: Record, changes: Mapping[str, Value], ctx: Context) -> Sequence[RowWrite]:
    """The columns of the changed fields in the role's own row; roles follow from structure."""
    place = PLACES[record.role]
    values = _columns(place, changes, ctx)
    return [RowUpdate(place.table, values, place.key, int(record.row))] if values else []


def _columns(place: Place, fields: Mapping[str, Value], ctx: Context) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "street" in fields:
        values |= dict(zip(place.street, street_lines(fields["street"]), strict=True))
    for name, column in (
        ("postcode", place.postcode),
        ("city", place.city),
        ("phone", place.phone),
    ):
        if name in fields and column:
            values[column] = fields[name]
    if "country" in fields:
        values[place.country] = rows.global_code(ctx, "country", fields["country"], "country")
    return values


def street_lines(street: Value) -> list[str | None]:
    """Three lines; what is more is joined to the third with commas."""
    found = (text.lines(street) or "").split("\n")
    kept = [*found[: LINES - 1], ", ".join(found[LINES - 1 :])]
    return [line or None for line in [*kept, *[""] * LINES][:LINES]]


GLOBAL = GlobalSide(
    statements=statements,
    records=records,
    insert=insert,
    update=update,
    table="Customer",
    key=NUMBER,
    scope={"address": tables.customer.c[NUMBER]},
    changed={
        "address": (
            tables.customer.c.LastUpdate,
            tables.customer_invoice_adresses.c.LastUpdate,
            tables.customer_delivery_addresses.c.LastUpdate,
        )
    },
    scoped_by="parent",
    where_to_fix="Visma Global: Register > Customers > Addresses",
)
