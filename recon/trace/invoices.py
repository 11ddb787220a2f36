"""Invoices and their orders, found by any of their numbers and read where they stand now."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from recon.entities import rows
from recon.entities.invoice.progress import Rows
from recon.entities.invoice.severa import ROWS, SEVERA
from recon.entities.invoice.visma_global import GLOBAL, GUID
from recon.mirror import within
from recon.reference import INVOICE_STATUSES
from recon.settings import Profile
from recon.spec import Listing
from recon.systems.document_tables import customer_order as order
from recon.systems.document_tables import customer_order_copy as copy
from recon.trace.remembered import Remembered, guids_of, remembered
from recon.workbench import Workbench

ENTITY = "invoice"
LARGEST = 2**31 - 1
GUID_FORM = re.compile(r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")


@dataclass(frozen=True, slots=True)
class Found:
    """An invoice as Severa has it, its order as Global has it, and what runs kept of both."""

    guid: str
    document: Mapping[str, Any] | None
    order: Rows
    kept: Remembered
    lines: int | None = None

    @property
    def ordered(self) -> bool:
        """Whether Global has an order of it, open or invoiced."""
        return self.order.order is not None or bool(self.order.copies)


def by_invoice(bench: Workbench, number: str) -> list[str]:
    """The guids of the invoices with this number in Severa, or in Global; a draft, which has none
    yet, goes by its guid."""
    if GUID_FORM.match(number):
        return _by_guid(bench, number.lower())
    return list(dict.fromkeys([*_in_severa(bench, number), *_invoiced(bench, number)]))


def _by_guid(bench: Workbench, guid: str) -> list[str]:
    known = bench.severa.find(SEVERA.one.format(guid=guid)) is not None
    return [guid] if known or remembered(bench.store, ENTITY, [guid])[guid].link else []


def _in_severa(bench: Workbench, number: str) -> Iterable[str]:
    """As it is now; a deleted one as it was last read."""
    if not _is_number(number):
        return []
    read = bench.severa.read(SEVERA.listing, kind="lookup", numbers=[number])
    now = [str(row["guid"]).lower() for row in read if str(row.get("number")) == number]
    return [*now, *guids_of(bench.store, SEVERA.listing.path, number)]


def _invoiced(bench: Workbench, number: str) -> Iterable[str]:
    if not _is_number(number):
        return []
    return _guids(bench, select(copy.c[GUID]).where(copy.c.InvoiceNo == int(number)))


def by_order(bench: Workbench, number: str) -> list[str]:
    """The guids of the invoices whose order has this number, open or invoiced."""
    ours = select(order.c[GUID]).where(order.c.OrderNo == number)
    named = or_(copy.c.OriginalOrderNo == number, copy.c.OrderCopyNo == number)
    moved = select(copy.c[GUID]).where(named)
    return list(dict.fromkeys([*_guids(bench, ours), *_guids(bench, moved)]))


def is_own_order(bench: Workbench, number: str) -> bool:
    """Whether Global has such an order at all: one that its users made carries no SeveraGUID."""
    return bool(bench.visma_global.read(select(order.c.OrderNo).where(order.c.OrderNo == number)))


def _guids(bench: Workbench, statement: Any) -> Iterable[str]:
    found = (rows.guid(row, GUID) for row in bench.visma_global.read(statement))
    return [guid for guid in found if guid]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < int(text) <= LARGEST


def profile_in_words(bench: Workbench) -> Profile:
    """The profile with the names of its invoice statuses, where it has their guids; as Severa's
    list was last read, for nothing is kept of a trace."""
    known = bench.store.note("reference")
    listed = known[1].get(INVOICE_STATUSES, ()) if known else ()
    names = {str(row["guid"]).lower(): str(row["name"]) for row in listed}
    transfer = bench.profile.transfer
    orders = transfer.orders
    told = {name: _word(getattr(orders, name), names) for name in ("taken", "sent", "paid")}
    named = {**told, "take": [_word(one, names) for one in orders.take]}
    changed = transfer.model_copy(update={"orders": orders.model_copy(update=named)})
    return bench.profile.model_copy(update={"transfer": changed})


def _word(named: str, names: Mapping[str, str]) -> str:
    return names.get(named.lower(), named)


# --- as they stand now ----------------------------------------------------------------------------


def now(bench: Workbench, guids: Collection[str]) -> list[Found]:
    """Each invoice read from both systems: one record, its rows, and its order."""
    documents = {guid: bench.severa.find(SEVERA.one.format(guid=guid)) for guid in guids}
    counts = {guid: _count(bench, guid) for guid, document in documents.items() if document}
    return _together(bench, guids, documents, counts)


def seen(bench: Workbench, guids: Collection[str]) -> list[Found]:
    """The same of many at once, Severa's side as this run has read it."""
    raw = bench.mirror.raw(SEVERA.listing, guids=guids)
    counts = {guid: len(row[ROWS]) for guid, row in raw.items() if row.get(ROWS)}
    return _together(bench, guids, raw, counts)


def _count(bench: Workbench, guid: str) -> int:
    rows_of = next(detail for detail in SEVERA.details if detail.into == ROWS)
    listing = Listing(rows_of.path.format(guid=guid), rows_of.paging, rows_of.page, changes=())
    return len(bench.severa.read(listing, kind="lookup"))


def _together(
    bench: Workbench,
    guids: Collection[str],
    documents: Mapping[str, Mapping[str, Any] | None],
    counts: Mapping[str, int],
) -> list[Found]:
    orders, kept = _orders(bench, guids), remembered(bench.store, ENTITY, guids)
    return [
        Found(guid, documents.get(guid), orders[guid], kept[guid], counts.get(guid))
        for guid in guids
    ]


def _orders(bench: Workbench, guids: Collection[str]) -> dict[str, Rows]:
    found: dict[str, dict[str, dict[Any, rows.Raw]]] = defaultdict(lambda: defaultdict(dict))
    for name, statement in GLOBAL.statements().items():
        for condition in within(GLOBAL.scope[name], guids):
            for row in bench.visma_global.read(statement.where(condition)):
                own = row.get("UniqueNo") or row.get("OrderCopyNo") or row.get("OrderNo")
                found[rows.guid(row, GUID) or ""][name][own] = row
    return {guid: _rows(found[guid]) for guid in guids}


def _rows(by_name: Mapping[str, Mapping[Any, rows.Raw]]) -> Rows:
    parts = {name: list(several.values()) for name, several in by_name.items()}
    return Rows(
        next(iter(parts.get("order", [])), None),
        parts.get("copy", []),
        parts.get("entry", []),
        parts.get("counter", []),
    )
