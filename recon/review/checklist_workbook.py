"""The round trip of the checklist's workbook: written for a person to fill in, her words kept."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from recon import waivers
from recon.entities import ENTITIES
from recon.report import excel
from recon.report.checklist import checklist
from recon.report.clean import cell_text
from recon.report.words import titles
from recon.review.checklist_filled import Filled
from recon.shapes import Facts, Finding, fingerprint
from recon.store import Store
from recon.waivers import Kept, Spot, Wish

GONE = "this is not found any more"
CHANGED = "what it says changed since the workbook was written"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a filled cell: `kept`, `known` (it stood before), or `refused` and why."""

    filled: Filled
    state: Literal["kept", "known", "refused"]
    text: str = ""


def write(facts: Facts, path: Path) -> Path:
    """Write the checklist of a run as a workbook to be filled in; the path written."""
    return excel.write(checklist(facts, titles(ENTITIES)), path)


def keep(store: Store, now: Iterable[Finding], filled: Sequence[Filled]) -> list[Answer]:
    """Keep what a person filled in, in one commit: what is still found as it was written and goes
    against no colleague's newer word."""
    found: dict[Spot, dict[str, Finding]] = {}
    for one in now:
        found.setdefault(_clean(one), {})[fingerprint(one)] = one
    meant = [found.get(row.spot, {}).get(row.seen) for row in filled]
    asked = [(row, one) for row, one in zip(filled, meant, strict=True) if one]
    wishes = [Wish(one, row.verdict, row.why, row.knew) for row, one in asked]
    kept = iter(waivers.keep(store, wishes) if wishes else [])
    return [
        _told(row, next(kept)) if one else Answer(row, "refused", _lost(row, found))
        for row, one in zip(filled, meant, strict=True)
    ]


def _told(row: Filled, became: Kept) -> Answer:
    if became.state == "overtaken" and became.waiver:
        other = became.waiver
        return Answer(row, "refused", f"{other.who} said {other.verdict!r} of it meanwhile")
    return Answer(row, "known" if became.state == "known" else "kept")


def _lost(row: Filled, found: Container[Spot]) -> str:
    return CHANGED if row.spot in found else GONE


def _clean(one: Finding) -> Spot:
    """A finding's place as its cells hold it."""
    entity, check, system, key = (cell_text(part).strip() for part in one.spot)
    return (entity, check, system, key)
