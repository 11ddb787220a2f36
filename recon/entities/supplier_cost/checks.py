"""Checks of supplier costs and their project fees."""

from __future__ import annotations

from collections.abc import Iterable

from recon.entities.faults import Line, duplicates
from recon.entities.supplier_cost import severa
from recon.shapes import Record
from recon.spec import Checkup, check

NAME = "supplier_cost"
VOUCHER = "Visma Global: General ledger > the voucher"
FEE = "Severa: Projects > the project > Products"


@check("blocker", "The profile: [transfer.costs]")
def product_unknown(checkup: Checkup) -> Iterable[Line]:
    """The product that the profile names for project fees is not an active one in Severa."""
    named = checkup.context.profile.transfer.costs.product
    if named and severa.product(checkup.context) is None:
        yield "severa", "", f"there is no active product {named}"


@check("warning", FEE)
def changed_after_transfer(checkup: Checkup) -> Iterable[Line]:
    """The amount or the project of a ledger line or of its fee was changed after the transfer:
    both stay as they are until a person makes them equal."""
    for ours in checkup.records(NAME, "global").values():
        theirs = _fee(checkup, ours.key)
        if theirs is not None and (words := "; ".join(_differences(checkup, ours, theirs))):
            yield "global", ours.key, f"{ours.name}: {words}"


def _differences(checkup: Checkup, ours: Record, theirs: Record) -> Iterable[str]:
    if ours.fields.get("cost") != theirs.fields.get("cost"):
        yield f"{ours.fields.get('cost')} in Visma Global, {theirs.fields.get('cost')} in Severa"
    link = checkup.link("project", "global", str(ours.fields.get("project")))
    if link is None or link.guid != theirs.fields.get("project"):
        yield f"its project is {ours.fields.get('project') or 'none'} in Visma Global now"


@check("warning", FEE)
def reversed_after_invoicing(checkup: Checkup) -> Iterable[Line]:
    """A ledger line was reversed or corrected after its fee had been invoiced in Severa: the
    negative fee waits for the project's next invoice."""
    for ours in checkup.records(NAME, "global").values():
        corrects = str(ours.attributes.get("corrects") or "")
        theirs = _fee(checkup, corrects) if corrects else None
        if theirs is not None and theirs.attributes.get("invoiced") and _fee(checkup, ours.key):
            yield (
                "global",
                ours.key,
                f"{ours.name}: it takes back line {corrects}, invoiced already",
            )


@check("warning", FEE)
def ledger_line_twice(checkup: Checkup) -> Iterable[Line]:
    """Several project fees name the same ledger line: one of them was copied by hand."""
    fees = checkup.records(NAME, "severa").values()
    yield from duplicates(fees, lambda fee: fee.number, "ledger line")


def _fee(checkup: Checkup, key: str) -> Record | None:
    link = checkup.link(NAME, "global", key)
    return checkup.records(NAME, "severa").get(link.guid) if link else None


CHECKS = (product_unknown, changed_after_transfer, reversed_after_invoicing, ledger_line_twice)
