"""The lines of an order, one per invoice row in order, and text lines for long texts.

Raises `Refused` naming the row where one cannot become a line.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from recon import text
from recon.entities import rows
from recon.entities.invoice.amounts import Amount
from recon.entities.siblings import once
from recon.errors import Refused
from recon.shapes import Record
from recon.spec import Context

KINDS = {
    "Hours": "work_type",
    "ProjectFees": "product",
    "TravelExpenses": "travel_expense_type",
}
NAME_LENGTH = 60
TABLE = "CustomerOrderLine"


@dataclass(frozen=True, slots=True)
class Line:
    """One invoice row as it will stand on the order: its article, what it says and amounts to, and
    the project, department and employee that it is booked on (Global's keys)."""

    guid: str
    article: Record
    says: tuple[str, ...]
    unit: str | None
    amount: Amount
    tax_class: int
    project: str | None
    department: str | None
    employee: str | None


def text_of(row: Mapping[str, Any], at: int) -> str:
    """How a row is called in a sentence."""
    said = rows.string(row, "description") or rows.string(row, "rowType") or ""
    return f"Row {at} ({said[:40]})"


def article(row: Mapping[str, Any], called: str, ctx: Context) -> Record:
    """The article of a row: by its code if it has exactly one and it is linked, else the default
    for its type. One that is inactive, merged or a stock article is refused."""
    found = _by_code(row, ctx) or _default(row, called, ctx)
    named = f"{found.name} ({found.number})"
    todo = "Choose another article in Severa, or change this one in Visma Global"
    if not found.fields.get("active"):
        raise Refused(f"{called}: the article {named} is inactive in Visma Global", todo=todo)
    if found.attributes.get("merged_to"):
        raise Refused(f"{called}: the article {named} was merged into another one", todo=todo)
    if found.attributes.get("stock") and not ctx.profile.transfer.stock_articles:
        raise Refused(f"{called}: {named} is a stock article, which goes on no order", todo=todo)
    return found


def _by_code(row: Mapping[str, Any], ctx: Context) -> Record | None:
    codes = [code for code in rows.many(row, "code") if code]
    if len(codes) != 1:
        return None
    keys = _coded(ctx).get(text.number(codes[0]) or "", [])
    partners = {key: ctx.partner("product", "severa", key) for key, _ in keys}
    linked = [(partners[key], kind) for key, kind in keys if partners[key]]
    wanted = KINDS.get(str(row.get("rowType")))
    alike = [key for key, kind in linked if kind == wanted] or [key for key, _ in linked]
    articles = ctx.records("product", "global")
    return articles.get(str(alike[0])) if len(set(alike)) == 1 else None


def _coded(ctx: Context) -> dict[str, list[tuple[str, str]]]:
    """Severa's products, work types and expense types by code: guid and kind."""
    return once(ctx, "products by code", lambda: _by_number(ctx))


def _by_number(ctx: Context) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for record in ctx.records("product", "severa").values():
        found.setdefault(text.number(record.number) or "", []).append((record.key, record.kind))
    return found


def _default(row: Mapping[str, Any], called: str, ctx: Context) -> Record:
    kind = str(row.get("rowType"))
    number = ctx.profile.transfer.orders.articles.get(kind)
    if not number:
        raise Refused(
            f"{called}: its code leads to no linked article, and there is no default for {kind}",
            todo=f"Name one for {kind} in articles under [transfer.orders] in the profile",
        )
    found = numbered(number, ctx)
    if found is None:
        raise Refused(
            f"{called}: Visma Global has no article {number}",
            todo="Correct articles under [transfer.orders] in the profile",
        )
    return found


def numbered(number: str, ctx: Context) -> Record | None:
    """The article with a number that the profile names, or None."""
    articles = ctx.records("product", "global").values()
    return once(ctx, "articles", lambda: {r.number: r for r in articles}).get(number or None)


def amount(row: Mapping[str, Any], called: str, currency: str | None) -> Amount:
    """A row's exact quantity, price and VAT."""
    price, quantity = rows.sub(row, "unitPrice"), rows.number(row, "quantity") or Decimal()
    figure, code = rows.number(price, "amount"), rows.string(price, "currencyCode")
    if figure is None and quantity:
        raise Refused(f"{called} has no price", todo="Set its unit price in Severa")
    if figure and code and currency and code != currency:
        raise Refused(
            f"{called} has a price in {code} on an invoice in {currency}",
            todo="Give its price in the invoice's currency",
        )
    return Amount(quantity, figure or Decimal(), rows.number(row, "vatRate") or Decimal())


def says(row: Mapping[str, Any], length: int) -> tuple[str, ...]:
    """A row's text in pieces that fit a line; never empty, nothing is cut away."""
    said = text.lines(row.get("description")) or ""
    pieces = [
        piece
        for line in said.splitlines()
        for piece in textwrap.wrap(line, length, break_on_hyphens=False)
    ]
    return tuple(pieces) or (str(row.get("rowType") or ""),)


def length(ctx: Context) -> int:
    """How much text a line of an order holds in this database."""
    return ctx.length(TABLE, "Name") or NAME_LENGTH


# --- what a row is booked on --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Booking:
    """Global's keys of project, department and employee, None where there is none."""

    project: str | None
    department: str | None
    employee: str | None


def of_project(guid: str | None, ctx: Context) -> Booking:
    """Where a project of Severa books: its own department and manager in Global. `Refused` where
    it is not linked, or closed there."""
    key = ctx.partner("project", "severa", guid) if guid else None
    if guid and key is None:
        known = ctx.records("project", "severa").get(guid)
        raise Refused(
            f"The project {known.name if known else guid} is not linked to one in Visma Global",
            todo="Bring it over or link it first",
            fields=("project",),
        )
    project = ctx.records("project", "global").get(key or "")
    if project is None:
        return Booking(key, None, None)
    if project.fields.get("closed"):
        raise Refused(
            f"The project {project.name} ({project.number}) is closed in Visma Global",
            todo="Open it there, or move the invoice to another project",
            fields=("project",),
        )
    found = [project.fields.get(name) for name in ("department", "manager")]
    return Booking(key, *(str(one) if one else None for one in found))


def booked(row: Mapping[str, Any], invoice: Record, ctx: Context) -> Booking:
    """Where a row books by its hours, fees and expenses; as the invoice's first project, where
    they tell none or several."""
    projects = _named(row, invoice, "project")
    if len(projects) != 1:
        return of_project(str(invoice.fields.get("project") or "") or None, ctx)
    own = of_project(projects.pop(), ctx)
    people = _named(row, invoice, "user")
    person = ctx.partner("employee", "severa", people.pop()) if len(people) == 1 else None
    return Booking(own.project, own.department, person or own.employee)


def projects(invoice: Record) -> list[str]:
    """The projects that an invoice names, and those of its hours, fees and expenses."""
    listed = [one for several in invoice.attributes.get("sources", {}).values() for one in several]
    sources = (rows.guid(one, "project", "guid") for one in listed)
    return list(dict.fromkeys([*invoice.attributes["projects"], *filter(None, sources)]))


def mixed(row: Mapping[str, Any], invoice: Record) -> bool:
    """Whether a row's hours, fees and expenses are of several projects."""
    return len(_named(row, invoice, "project")) > 1


def _named(row: Mapping[str, Any], invoice: Record, name: str) -> set[str]:
    found = (rows.guid(one, name, "guid") for one in _sources(row, invoice))
    return {guid for guid in found if guid}


def _sources(row: Mapping[str, Any], invoice: Record) -> Iterable[Mapping[str, Any]]:
    guid = rows.guid(row, "guid")
    for listed in invoice.attributes.get("sources", {}).values():
        yield from (one for one in listed if rows.guid(one, "invoiceRowGuid") == guid)
