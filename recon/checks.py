"""Runs every entity's checks over the mirror → Findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from recon.findings import Line
from recon.links import Links
from recon.mirror import Mirror
from recon.overall import OVERALL
from recon.shapes import Finding, Link, Record, Side, Spot
from recon.spec import Check, Context, Entity
from recon.systems.visma_global import VismaGlobal


@dataclass(frozen=True, slots=True)
class Bench:
    """What a check may look at (spec.Checkup); `decided` are the links that a person's decisions
    will make."""

    context: Context
    mirror: Mirror
    links: Links
    visma_global: VismaGlobal
    decided: Mapping[Spot, Link] = field(default_factory=dict)

    def records(self, entity: str, side: Side) -> Mapping[str, Record]:
        """An entity's records on a side, by key."""
        return self.mirror.records(entity, side)

    def link(self, entity: str, side: Side, key: str) -> Link | None:
        """The link of a record, also one that is decided and not made yet, or None."""
        return self.links.of(entity, side, key) or self.decided.get((entity, side, key))

    def length(self, table: str, column: str) -> int | None:
        """The length of a Global text column in characters, None where it has none."""
        return self.visma_global.length(table, column)

    def read(self, statement: Any) -> Sequence[Mapping[str, Any]]:
        """Rows of Global that no entity reads."""
        return self.visma_global.read(statement)


def run(
    entities: Iterable[Entity], bench: Bench, more: Iterable[Finding] = ()
) -> tuple[Finding, ...]:
    """All findings with these `more`, blockers first; a check that finds nothing adds nothing."""
    found = [
        _finding(entity, check, line)
        for entity in entities
        for check in entity.checks
        for line in check.find(bench)
    ]
    found += [*more, *(finding for entity in entities for finding in _of_links(entity, bench))]
    order = {"blocker": 0, "warning": 1, "info": 2}
    return tuple(sorted(found, key=lambda f: (order[f.severity], f.entity, f.check, f.key)))


def _finding(entity: Entity, check: Check, line: Line) -> Finding:
    system, key, text, *others = line
    where = check.where_to_fix
    more = others[0] if others else ()
    return Finding(check.name, entity.name, check.severity, system, key, text, where, more)


def _of_links(entity: Entity, bench: Bench) -> Iterator[Finding]:
    """What every entity's linked pairs are looked at for."""
    for link in bench.links.all(entity.name):
        ours = bench.records(entity.name, "global").get(link.key)
        theirs = bench.records(entity.name, "severa").get(link.guid)
        if ours and theirs:
            yield from _number_changed(entity, ours, theirs)
            yield from _outside_filter(entity, bench, (ours, theirs))


def _number_changed(entity: Entity, ours: Record, theirs: Record) -> Iterator[Finding]:
    if entity.numbered and theirs.number and theirs.number != ours.number:
        text = f"{ours.name}: {theirs.number} in Severa, {ours.number} in Visma Global"
        where = entity.side_of(theirs.kind).where_to_fix
        yield Finding("number_changed", entity.name, "warning", "both", ours.key, text, where)


def _outside_filter(entity: Entity, bench: Bench, pair: tuple[Record, Record]) -> Iterator[Finding]:
    """A pair that neither system would create today, inactive ones apart; a document goes one way
    and once, so that it is none."""
    if entity.worth is not None:
        return
    reasons = [entity.creatable(record, bench.context) for record in pair]
    out = [scope for scope in reasons if scope and scope.state == "out of scope"]
    if len(out) == 2 and all(record.fields.get("active", True) for record in pair):
        text = f"{pair[0].name}: {out[0].reason}"
        where = "The profile: [transfer], or the record itself"
        yield Finding("outside_filter", entity.name, "info", "both", pair[0].key, text, where)


def lines(entities: Iterable[Entity]) -> dict[str, str]:
    """The checklist's sentence of every check, by its name."""
    own = {check.name: check.line for entity in entities for check in entity.checks}
    return {**{check.name: check.line for check in OVERALL}, **own}
