"""Runs every entity's checks over the mirror → Findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from recon.links import Links
from recon.mirror import Mirror
from recon.shapes import Finding, Link, Record, Side
from recon.spec import Context, Entity
from recon.systems.visma_global import VismaGlobal


@dataclass(frozen=True, slots=True)
class Bench:
    """What a check may look at (spec.Checkup)."""

    context: Context
    mirror: Mirror
    links: Links
    visma_global: VismaGlobal

    def records(self, entity: str, side: Side) -> Mapping[str, Record]:
        """An entity's records on a side, by key."""
        return self.mirror.records(entity, side)

    def link(self, entity: str, side: Side, key: str) -> Link | None:
        """The link of a record, or None."""
        return self.links.of(entity, side, key)

    def length(self, table: str, column: str) -> int | None:
        """The length of a Global text column in characters, None where it has none."""
        found = self.visma_global.catalogue(table).get(column)
        return found.length if found else None


def run(entities: Iterable[Entity], bench: Bench) -> tuple[Finding, ...]:
    """All findings, blockers first; a check that finds nothing adds nothing."""
    found = [
        Finding(check.name, entity.name, check.severity, system, key, text, check.where_to_fix)
        for entity in entities
        for check in entity.checks
        for system, key, text in check.find(bench)
    ]
    order = {"blocker": 0, "warning": 1, "info": 2}
    return tuple(sorted(found, key=lambda f: (order[f.severity], f.entity, f.check, f.key)))


def lines(entities: Iterable[Entity]) -> dict[str, str]:
    """The checklist's sentence of every check, by its name."""
    return {check.name: check.line for entity in entities for check in entity.checks}
