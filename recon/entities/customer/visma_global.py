"""Customers in Visma Global."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select

from recon import text
from recon.entities import rows
from recon.errors import Refused
from recon.shapes import Record, Value
from recon.spec import Context, Draft, GlobalSide, RowInsert, RowUpdate, RowWrite
from recon.systems.tables import customer as table

KEY = "CustomerNo"
SERIES = "customer"
TEXTS = {
    "name": "Name",
    "email": "EmailAddress",
    "website": "WWWAddress",
    "e_invoice_address": "ElectronicInvoiceAddress",
    "e_invoice_operator": "ElectronicInvoiceOperator",
}
COLUMNS = (
    KEY,
    *TEXTS.values(),
    "CompanyNo",
    "VATRegNo",
    "CurrencyNo",
    "TermsOfPayCustNo",
    "CountryNo",
    "PostCode",
    "CustomerTypeNo",
    "CustomerProfileNo",
    "InActiveYesNo",
    "LockedYesNo",
    "CreditBlockAllowOfferAndNewOrders",
    "MergeToCustomerNo",
    "SeveraGUID",
)


def statements() -> Mapping[str, Select[Any]]:
    """Every customer but number 0, which stands for "none"."""
    return {"customer": select(*(table.c[name] for name in COLUMNS)).where(table.c[KEY] != 0)}


def records(raw: Mapping[str, Sequence[rows.Raw]], ctx: Context) -> Iterable[Record]:
    """Rows as customers."""
    return rows.records(
        "customer", "global", raw["customer"], lambda row: _one(row, ctx), lambda row: row[KEY]
    )


def _one(row: rows.Raw, ctx: Context) -> Iterable[Record]:
    number = str(rows.own_key(row, KEY))
    fields: dict[str, Value] = {name: rows.string(row, column) for name, column in TEXTS.items()}
    fields["organisation_number"] = rows.string(row, "CompanyNo") or rows.string(row, "VATRegNo")
    fields["active"] = not rows.flag(row, "InActiveYesNo")
    record = Record(
        "customer",
        "global",
        number,
        fields,
        guid=rows.guid(row, "SeveraGUID"),
        number=number,
        table=table.name,
        row=number,
        attributes=_attributes(row, ctx),
    )
    for name, kind, column in (
        ("currency", "currency", "CurrencyNo"),
        ("payment_term", "payment_term", "TermsOfPayCustNo"),
    ):
        key = rows.reference(row, column)
        rows.coded(record, name, key, ctx.lookup.from_global(kind, key) if key else None)
    yield record


def _attributes(row: rows.Raw, ctx: Context) -> dict[str, Any]:
    country = rows.reference(row, "CountryNo")
    merged = rows.reference(row, "MergeToCustomerNo")
    return {
        "guid_in_global": rows.guid(row, "SeveraGUID"),
        "customer_type": rows.whole(row, "CustomerTypeNo") or 0,
        "country_no": country,
        "country": ctx.lookup.from_global("country", country) if country else None,
        "post_code": rows.string(row, "PostCode"),
        "locked": rows.flag(row, "LockedYesNo"),
        "credit_blocked": rows.flag(row, "CreditBlockAllowOfferAndNewOrders"),
        "merged_to": str(merged) if merged else None,
        "company_no": rows.string(row, "CompanyNo"),
        "vat_reg_no": rows.string(row, "VATRegNo"),
        "profile_no": rows.reference(row, "CustomerProfileNo"),
    }


def insert(draft: Draft, ctx: Context) -> Sequence[RowWrite]:
    """One customer: the profile's defaults for new customers, over them what Severa holds."""
    if not draft.fields.get("name"):
        raise Refused("The customer has no name", todo="Name it in Severa", fields=("name",))
    filled = {name: value for name, value in draft.fields.items() if value is not None}
    values = {
        **ctx.profile.transfer.new_customers,
        **_columns(filled, ctx),
        KEY: rows.new_key(draft.number, SERIES),
    }
    return [RowInsert(table.name, values, KEY)]


def update(record: Record, changes: Mapping[str, Value], ctx: Context) -> Sequence[RowWrite]:
    """The columns of the changed fields; a payment term whose days agree stays as it is."""
    if "name" in changes and not changes["name"]:
        raise Refused("The customer has no name", todo="Name it in Severa", fields=("name",))
    kept = {
        name: value
        for name, value in changes.items()
        if name != "payment_term" or value != record.fields.get(name)
    }
    values = _columns(kept, ctx)
    return [RowUpdate(table.name, values, KEY, int(record.row))] if values else []


def _columns(fields: Mapping[str, Value], ctx: Context) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in fields.items():
        values |= _OTHERS[name](value, ctx) if name in _OTHERS else {TEXTS[name]: value}
    return values


def _organisation(value: Value, _ctx: Context) -> dict[str, Any]:
    """VATRegNo is only read where CompanyNo is empty, so emptying must reach both."""
    bare = text.organisation_number(value)
    return {"CompanyNo": bare} if bare else {"CompanyNo": None, "VATRegNo": None}


def _currency(value: Value, ctx: Context) -> dict[str, Any]:
    return {"CurrencyNo": rows.global_code(ctx, "currency", value, "currency")}


def _payment_term(value: Value, ctx: Context) -> dict[str, Any]:
    return {"TermsOfPayCustNo": rows.global_code(ctx, "payment_term", value, "payment_term")}


def _active(value: Value, _ctx: Context) -> dict[str, Any]:
    return {"InActiveYesNo": int(not value)}


_OTHERS: Mapping[str, Callable[[Value, Context], dict[str, Any]]] = {
    "organisation_number": _organisation,
    "currency": _currency,
    "payment_term": _payment_term,
    "active": _active,
}

GLOBAL = GlobalSide(
    statements=statements,
    records=records,
    insert=insert,
    update=update,
    table=table.name,
    key=KEY,
    series=SERIES,
    scope={"customer": table.c[KEY]},
    changed={"customer": (table.c.LastUpdate,)},
    where_to_fix="Visma Global: Register > Customers",
    merges=True,
)
