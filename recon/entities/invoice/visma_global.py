"""Orders made from invoices in Visma Global, as they stand in its orders, invoices and ledger.

An order moves: Global's invoicing takes it from CustomerOrder to CustomerOrderCopy, in one piece or
in parts. What stays the same is its SeveraGUID, which therefore is its key here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, or_, select

from recon import money
from recon.entities import rows
from recon.entities.invoice import statuses
from recon.entities.invoice.example import example
from recon.entities.invoice.order import compose
from recon.entities.invoice.progress import Progress, Rows, paid_share, progress
from recon.errors import Refused
from recon.frames import Unreadable
from recon.shapes import Record, Value
from recon.spec import Context, Draft, GlobalSide, RowWrite
from recon.systems.document_tables import customer_order as order
from recon.systems.document_tables import customer_order_copy as copy
from recon.systems.document_tables import deb_l_transaction as ledger

GUID = "SeveraGUID"
COUNTER = ledger.alias("counter")
SHARED = (
    "OrderType",
    "OrderStatus",
    "OrderName",
    "CustomerNo",
    "OrgRegOrderCustomerNo",
    "ProjectNo",
    "CurrencyNo",
    "OrderDate",
    "ExchangeAmount",
    "TotalAmount",
    "TotalVAT",
    "InvoiceFee",
    GUID,
)
COPIED = ("OrderCopyNo", "OriginalOrderNo", "InvoiceNo", "InvoiceDate", "DueDate", "Kid")
BOOKED = (
    "UniqueNo",
    "VoucherNo",
    "VoucherTypeNo",
    "VoucherDate",
    "Amount",
    "RestAmount",
    "ContraEntryNo",
    "CustomerNo",
)


def statements() -> Mapping[str, Select[Any]]:
    """Open orders, invoiced ones, the ledger's rows of these, and their counter entries."""
    ours = copy.c[GUID] != ""
    of_invoice = and_(
        ledger.c.VoucherNo == copy.c.InvoiceNo,
        or_(
            ledger.c.CustomerNo == copy.c.CustomerNo,
            ledger.c.CustomerNo == copy.c.OrgRegOrderCustomerNo,
            ledger.c.OrgRegOrderCustomerNo == copy.c.CustomerNo,
        ),
    )
    tied = and_(
        COUNTER.c.ContraEntryNo == ledger.c.ContraEntryNo,
        COUNTER.c.CustomerNo == ledger.c.CustomerNo,
        COUNTER.c.UniqueNo != ledger.c.UniqueNo,
    )
    return {
        "order": select(*(order.c[n] for n in ("OrderNo", *SHARED))).where(order.c[GUID] != ""),
        "copy": select(*(copy.c[n] for n in (*COPIED, *SHARED))).where(ours),
        "entry": select(*(ledger.c[n] for n in BOOKED), copy.c[GUID])
        .join(copy, of_invoice)
        .where(ours, copy.c.InvoiceNo != 0),
        "counter": select(*(COUNTER.c[n] for n in BOOKED), copy.c[GUID])
        .select_from(ledger)
        .join(copy, of_invoice)
        .join(COUNTER, tied)
        .where(ours, copy.c.InvoiceNo != 0, ledger.c.ContraEntryNo != 0),
    }


def records(raw: Mapping[str, Sequence[rows.Raw]], ctx: Context) -> Iterable[Record]:
    """One record per SeveraGUID, whatever Global has made of the order."""
    found: dict[str, dict[str, list[rows.Raw]]] = defaultdict(lambda: defaultdict(list))
    for name, several in raw.items():
        for row in several:
            found[rows.guid(row, GUID) or ""][name].append(row)
    parts = [{"guid": guid, **by_name} for guid, by_name in sorted(found.items()) if guid]
    return rows.records(
        "invoice", "global", parts, lambda part: _one(part, ctx), lambda part: part["guid"]
    )


def _one(part: Mapping[str, Any], ctx: Context) -> Iterable[Record]:
    orders, copies = part.get("order", []), part.get("copy", [])
    if len(orders) > 1:
        raise Unreadable("several open orders carry its SeveraGUID")
    if not orders and not copies:
        raise Unreadable("the ledger has an entry of it, but there is no order")
    found = Rows(
        next(iter(orders), None),
        copies,
        _distinct(part.get("entry", [])),
        _distinct(part.get("counter", [])),
    )
    how = progress(found, ctx.profile.global_.books)
    head = found.order or copies[0]
    number = _number(found)
    yield Record(
        "invoice",
        "global",
        part["guid"],
        {**_header(head, ctx), **_amounts(found, ctx), **_reached(how, ctx)},
        guid=part["guid"],
        number=number,
        table=order.name,
        row=part["guid"],
        attributes={
            "stage": how.stage,
            "words": how.words,
            "invoices": tuple(sorted({n for n in map(_invoice, found.live) if n})),
            **_reached_money(found, ctx),
        },
    )


def _reached_money(found: Rows, ctx: Context) -> dict[str, Any]:
    """In company currency: the fee, and with VAT what the order comes to, what of it is invoiced
    and what of that is paid."""
    home = ctx.profile.company.currency
    order = [found.order] if found.order is not None else []
    invoiced = money.total(_grosses(found.live), home)
    share = paid_share(found, ctx.profile.global_.books)
    return {
        "fee": money.total((rows.number(row, "InvoiceFee") for row in (*found.live, *order)), home),
        "gross": money.total(_grosses([*found.live, *order]), home),
        "invoiced": invoiced,
        "paid": money.rounded(invoiced * share, money.digits(home)),
    }


def _grosses(several: Iterable[rows.Raw]) -> Iterable[Decimal | None]:
    return (rows.number(row, name) for row in several for name in ("TotalAmount", "TotalVAT"))


def _distinct(several: Iterable[rows.Raw]) -> list[rows.Raw]:
    """A ledger row once: it is found once per part of the order that it belongs to."""
    return list({row["UniqueNo"]: row for row in several}.values())


def _invoice(row: rows.Raw) -> int | None:
    return rows.reference(row, "InvoiceNo")


def _number(found: Rows) -> str | None:
    if found.order is not None:
        return rows.string(found.order, "OrderNo")
    row = found.copies[0]
    return rows.string(row, "OriginalOrderNo") or rows.string(row, "OrderCopyNo")


def _header(row: rows.Raw, ctx: Context) -> dict[str, Value]:
    """What the order was made with; on a collective invoice the customer who ordered counts."""
    currency = rows.reference(row, "CurrencyNo")
    code = ctx.lookup.from_global("currency", currency) if currency else None
    return {
        "name": rows.string(row, "OrderName"),
        "customer": _key(row, "OrgRegOrderCustomerNo") or _key(row, "CustomerNo"),
        "project": _key(row, "ProjectNo"),
        "date": rows.day(row, "OrderDate"),
        "currency": code or ctx.profile.company.currency,
    }


def _key(row: rows.Raw, column: str) -> str | None:
    found = rows.reference(row, column)
    return str(found) if found else None


def _amounts(found: Rows, ctx: Context) -> dict[str, Value]:
    """What the order comes to: the parts that were invoiced, and what is still open. Global's
    floats are rounded to their currencies' digits."""
    parts = [*found.live, *([found.order] if found.order is not None else [])]
    home = ctx.profile.company.currency
    own = str(_header(parts[0], ctx)["currency"]) if parts else home
    return {
        name: money.total((rows.number(row, column) for row in parts), currency)
        for name, column, currency in (("total", "ExchangeAmount", own), ("vat", "TotalVAT", home))
    }


def _reached(how: Progress, ctx: Context) -> dict[str, Value]:
    """How far the order is, of those statuses that the profile sets."""
    orders = ctx.profile.transfer.orders
    reached = {"taken": how.stage != "nullified", "sent": how.sent, "paid": how.stage == "paid"}
    kept: dict[str, Value] = {n: value for n, value in reached.items() if getattr(orders, n)}
    return kept | ({"paid_on": how.paid_on} if statuses.tells_day(ctx) else {})


def insert(draft: Draft, ctx: Context) -> Sequence[RowWrite]:
    """One order with its lines."""
    return compose(draft.source, ctx)


def update(record: Record, _changes: Mapping[str, Value], _ctx: Context) -> Sequence[RowWrite]:
    """An order is never changed after it was made."""
    raise Refused(
        f"The order {record.number} was made already and is not changed",
        todo="Change it in Visma Global, or credit it",
    )


GLOBAL = GlobalSide(
    statements=statements,
    records=records,
    insert=insert,
    update=update,
    table=order.name,
    key="OrderNo",
    series=order.name,
    scope={name: (order if name == "order" else copy).c[GUID] for name in statements()},
    changed={
        "order": (order.c.LastUpdate,),
        "copy": (copy.c.Created,),
        "entry": (ledger.c.LastUpdate, copy.c.Created),
        "counter": (ledger.c.LastUpdate, COUNTER.c.LastUpdate),
    },
    where_to_fix="Visma Global: Orders and invoicing > the order",
    elsewhere=(copy.name,),
    example=example,
    fresh=("order",),
)
