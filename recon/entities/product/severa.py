"""Products, travel expense types and work types in Severa: three lists of much the same form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from recon import text
from recon.entities import rows
from recon.entities.product.fields import FIELDS_OF, PRODUCT, TRAVEL, WORK
from recon.errors import Refused
from recon.shapes import Record, Value
from recon.spec import Context, Draft, Listing, SeveraSide

EXPENSE_CLASS = "expense_class"
PRICES = ("sales_price", "cost_price")
PROPERTIES: Mapping[str, str] = {
    "name": "name",
    "active": "isActive",
    "sales_price": "unitPrice",
    "cost_price": "unitCost",
    "unit": "measurementUnit",
    "vat_rate": "vatRate",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the three lists: its name, the last part of its path, what its cost is called."""

    name: str
    collection: str
    cost: str = "unitCost"

    @property
    def properties(self) -> dict[str, str]:
        """Severa's words for the fields that this kind has."""
        return {field: self.word(field) for field in FIELDS_OF[self.name]}

    def word(self, field: str) -> str:
        """Severa's word for a field."""
        return self.cost if field == "cost_price" else PROPERTIES[field]


def _records(kind: Kind, raw: Iterable[rows.Raw], ctx: Context) -> Iterable[Record]:
    """API records of one list."""
    return rows.records(
        "product", "severa", raw, lambda row: _one(kind, row, ctx), lambda row: row["guid"]
    )


def _one(kind: Kind, row: rows.Raw, ctx: Context) -> Iterable[Record]:
    guid, code = rows.own_guid(row), rows.string(row, "code")
    fields: dict[str, Value] = {
        "name": rows.string(row, "name"),
        "active": rows.flag(row, "isActive", missing=True),
    }
    record = Record("product", "severa", guid, fields, guid=guid, number=code, kind=kind.name)
    record.attributes["category"] = rows.string(rows.sub(row, "productCategory"), "name")
    for field, name in kind.properties.items():
        if field in PRICES:
            _price(record, field, rows.sub(row, name), ctx)
        elif field == "unit":
            record.fields[field] = rows.string(row, name)
        elif field == "vat_rate":
            record.fields[field] = rows.number(row, name)
    yield record


def _price(record: Record, field: str, amount: rows.Raw, ctx: Context) -> None:
    """A price in another currency than the company's is left out, and noted for the checklist."""
    value, currency = rows.number(amount, "amount"), text.squeeze(amount.get("currencyCode"))
    if value and currency and currency.upper() != ctx.profile.company.currency.upper():
        rows.coded(record, field, currency, None)
    else:
        record.fields[field] = value


def _create(kind: Kind, draft: Draft, ctx: Context) -> tuple[str, Mapping[str, Any]]:
    """A record of this kind with the article's number as its code."""
    if not draft.fields.get("name"):
        raise Refused("The article has no name", todo="Name it in Visma Global", fields=("name",))
    filled = {name: value for name, value in draft.fields.items() if value is not None}
    body = {
        **_properties(kind, filled, ctx),
        **({"code": draft.number} if draft.number else {}),
        **(_required(draft, ctx) if kind.name == TRAVEL else {}),
    }
    return f"/v1/{kind.collection}", body


def _required(draft: Draft, ctx: Context) -> dict[str, Any]:
    """What Severa requires of a travel expense type: its class, and a cost, be it 0."""
    found = ctx.profile.severa.defaults.get(EXPENSE_CLASS)
    if not found:
        raise Refused(
            "The class of new travel expense types is not known",
            todo=f"Set {EXPENSE_CLASS} under [severa.defaults] in the profile",
        )
    return {"expenseClass": found, "unitCost": _money(draft.fields.get("cost_price"), ctx)}


def _patch(
    kind: Kind, _record: Record, changes: Mapping[str, Value], ctx: Context
) -> Mapping[str, Any]:
    """The changed properties; the code is never among them."""
    if not changes.get("name", True):
        raise Refused("The article has no name", todo="Name it in Visma Global", fields=("name",))
    return _properties(kind, changes, ctx)


def _properties(kind: Kind, fields: Mapping[str, Value], ctx: Context) -> dict[str, Any]:
    return {
        word: _money(fields[field], ctx) if field in PRICES else fields[field]
        for field, word in kind.properties.items()
        if field in fields
    }


def _money(value: Value, ctx: Context) -> dict[str, Any]:
    """An amount in the company's currency; none is 0, as in Global."""
    return {"amount": value or 0, "currencyCode": ctx.profile.company.currency.upper()}


def _side(kind: Kind, listing: Listing, menu: str) -> SeveraSide:
    return SeveraSide(
        listing=listing,
        records=partial(_records, kind),
        create=partial(_create, kind),
        patch=partial(_patch, kind),
        one=f"/v1/{kind.collection}/{{guid}}",
        resource=kind.collection,
        where_to_fix=f"Severa: Settings > {menu}",
        kind=kind.name,
        code="code",
    )


PRODUCTS = _side(Kind(PRODUCT, "products"), Listing("/v1/products", "token", page=1000), "Products")
TRAVEL_EXPENSE_TYPES = _side(
    Kind(TRAVEL, "travelexpensetypes"),
    Listing("/v1/travelexpensetypes", "rows", page=1000),
    "Travel expense types",
)
WORK_TYPES = _side(
    Kind(WORK, "worktypes", "hourCost"), Listing("/v1/worktypes", "rows"), "Work types"
)
SIDES = (PRODUCTS, TRAVEL_EXPENSE_TYPES, WORK_TYPES)
