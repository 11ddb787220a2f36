"""The checklist for how articles are used: kinds, inactive, merged and stock articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from recon import text
from recon.entities import faults
from recon.entities.faults import Line
from recon.entities.product.severa import SIDES
from recon.entities.product.visma_global import GLOBAL
from recon.shapes import Record
from recon.spec import Checkup, check

NAME = "product"
IN_GLOBAL = GLOBAL.where_to_fix
IN_SEVERA = "; ".join([SIDES[0].where_to_fix, *(s.where_to_fix.split(": ")[1] for s in SIDES[1:])])
EITHER = f"{IN_GLOBAL}, or {IN_SEVERA}"


def kind_of(record: Record) -> str:
    """A record's kind in words."""
    return record.kind.replace("_", " ")


def _pairs(checkup: Checkup) -> Iterator[tuple[Record, Record]]:
    """Linked articles and what they are in Severa."""
    theirs = checkup.records(NAME, "severa")
    for ours in checkup.records(NAME, "global").values():
        link = checkup.link(NAME, "global", ours.key)
        found = theirs.get(link.guid if link else ours.guid or "")
        if found:
            yield ours, found


@check("blocker", EITHER)
def kind_different(checkup: Checkup) -> Iterable[Line]:
    """An article's type stands for another kind than the record in Severa that has its number."""
    by_code = faults.groups(
        checkup.records(NAME, "severa").values(), lambda r: text.number(r.number)
    )
    linked = {ours.key: theirs for ours, theirs in _pairs(checkup)}
    for ours in checkup.records(NAME, "global").values():
        found = [linked[ours.key]] if ours.key in linked else by_code.get(text.number(ours.number))
        if found and all(theirs.kind != ours.kind for theirs in found):
            words = f"a {kind_of(ours)} by its article type, but a {kind_of(found[0])} in Severa"
            yield "both", ours.key, f"{ours.name} ({ours.number}): {words}"


@check("warning", EITHER)
def active_in_one_system(checkup: Checkup) -> Iterable[Line]:
    """A linked article is active in one system and inactive in the other."""
    for ours, theirs in _pairs(checkup):
        if ours.fields.get("active") != theirs.fields.get("active"):
            yield "both", ours.key, f"{ours.name} ({ours.number}) is active in one system only"


@check("warning", IN_GLOBAL)
def merged_but_linked(checkup: Checkup) -> Iterable[Line]:
    """An article merged into another in Global is still linked to Severa: move the link."""
    for ours, _ in _pairs(checkup):
        merged = ours.attributes.get("merged_to")
        if merged:
            yield "global", ours.key, f"{ours.name} ({ours.number}) is merged into {merged}"


@check("info", IN_GLOBAL)
def stock_but_linked(checkup: Checkup) -> Iterable[Line]:
    """A stock article is linked to Severa, though the profile keeps stock articles out."""
    for ours, _ in _pairs(checkup):
        if ours.attributes.get("stock") and not checkup.context.profile.transfer.stock_articles:
            yield "global", ours.key, f"{ours.name} ({ours.number}) is a stock article"


CHECKS = (
    kind_different,
    active_in_one_system,
    merged_but_linked,
    stock_but_linked,
)
