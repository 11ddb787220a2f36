"""Every step of a document in both systems, from what runs kept and from both systems read now.
Nothing is written anywhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import get_args

from recon.entities import ENTITIES
from recon.errors import Usage
from recon.trace import costs, invoice_steps, invoices
from recon.trace.shapes import KindName, Step, Trace
from recon.workbench import Workbench

__all__ = ["KINDS", "Step", "Trace", "seen", "trace"]

KINDS: tuple[str, ...] = get_args(KindName)
ENTITY_OF: Mapping[str, str] = {"invoice": "invoice", "order": "invoice", "cost": "supplier_cost"}
LONGEST = 40
SEARCHED: Mapping[str, str] = {
    "invoice": "Severa's invoice numbers, the numbers of invoices that were read earlier and are "
    "deleted now, and the invoice numbers of orders that Visma Global made of Severa's invoices",
    "order": "Visma Global's open and invoiced orders that were made of Severa's invoices",
    "cost": "Visma Global's general ledger: numbers of its lines, numbers of suppliers' vouchers, "
    "and suppliers' own invoice numbers",
}


def trace(bench: Workbench, kind: str, number: str) -> list[Trace]:
    """The documents with this number; `Usage` where there is none, saying what was searched."""
    _admit(bench, kind, number)
    return _FIND[kind](bench, number) or _none(bench, kind, number)


def _invoices(bench: Workbench, guids: Collection[str]) -> list[Trace]:
    profile = invoices.profile_in_words(bench)
    return [invoice_steps.trace(one, profile) for one in invoices.now(bench, guids)]


def _costs(bench: Workbench, number: str) -> list[Trace]:
    lines = costs.by_number(bench, number)
    return [costs.trace(one, bench.profile) for one in costs.now(bench, lines)]


_FIND: Mapping[str, Callable[[Workbench, str], list[Trace]]] = {
    "invoice": lambda bench, number: _invoices(bench, invoices.by_invoice(bench, number)),
    "order": lambda bench, number: _invoices(bench, invoices.by_order(bench, number)),
    "cost": _costs,
}


def seen(bench: Workbench, guids: Collection[str]) -> list[Trace]:
    """The traces of many invoices, Severa's side as this run has read it."""
    profile = invoices.profile_in_words(bench)
    return [invoice_steps.trace(one, profile) for one in invoices.seen(bench, guids)]


def _admit(bench: Workbench, kind: str, number: str) -> None:
    if kind not in KINDS:
        raise Usage(
            f"A {kind[:LONGEST]!r} cannot be traced", todo=f"Choose from {', '.join(KINDS)}"
        )
    if not number.strip() or len(number) > LONGEST:
        raise Usage(
            "This is no number of a document", todo="Give the number as it is written on it"
        )
    entity = next(one for one in ENTITIES if one.name == ENTITY_OF[kind])
    if idle := entity.idle(bench.profile):
        raise Usage(f"{entity.title} do not run: {idle}", where=f"recon trace {kind}")


def _none(bench: Workbench, kind: str, number: str) -> list[Trace]:
    if kind == "order" and invoices.is_own_order(bench, number):
        raise Usage(
            f"Order {number} was made in Visma Global itself, not of an invoice of Severa",
            todo="Look at it there",
        )
    raise Usage(
        f"There is no {kind} {number}",
        where=f"searched: {SEARCHED[kind]}",
        todo="Check the number; what was never read and never transferred is not known here",
    )
