"""Pairs records by an entity's rules: what is alone on both sides connects, the rest is proposed.

Rules stay first; likeness then adds evidence to what they propose, and pairs of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from recon.matching.merging import Pair as Keys
from recon.matching.merging import proposals
from recon.shapes import Proposal, Record
from recon.spec import Entity, Rule

if TYPE_CHECKING:
    from recon.matching.engine import Match

MOST_PER_KEY = 50
Group = Callable[[Record, str], Hashable | None]
Verdicts = Mapping[tuple[str, str], str]
Sides = tuple[dict[str, Record], dict[str, Record]]
Similar = Callable[[Sides, Collection[Keys], Collection[Keys]], "Sequence[Match]"]
"""Pairs that are alike among what is left, told of these pairs in any case and of those never."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that are the same thing, and in words what says so."""

    globals_record: Record
    severa_record: Record
    origin: str


@dataclass(slots=True)
class Matched:
    """Connected pairs, and what a person has to decide."""

    pairs: list[Pair] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)


def match(
    entity: Entity,
    sides: tuple[Iterable[Record], Iterable[Record]],
    group: Group,
    verdicts: Verdicts,
    similar: Similar | None = None,
) -> Matched:
    """Pair unlinked records (Global's, Severa's). `group` keeps records apart that are of different
    parents, or that refer to different records by the field named (None: not to be matched yet);
    `verdicts` are persons' decisions by (key, guid). `similar` finds what no rule connects, where
    both sides have something left."""
    left = {r.key: r for r in sides[0] if group(r, "") is not None}
    right = {r.key: r for r in sides[1] if group(r, "") is not None}
    matched = Matched()
    _decided(left, right, verdicts, matched)
    for rule in entity.rules:
        if rule.connects:
            _connect(rule, (left, right), group, verdicts, matched)
    evidence = _evidence(entity, (left, right), group, verdicts)
    never = [pair for pair, verdict in verdicts.items() if verdict == "different"]
    alike = similar((left, right), evidence, never) if similar and left and right else ()
    matched.proposals = proposals(entity.name, evidence, alike)
    return matched


def _decided(
    left: dict[str, Record], right: dict[str, Record], verdicts: Verdicts, matched: Matched
) -> None:
    for (key, guid), verdict in verdicts.items():
        if verdict == "same" and key in left and guid in right:
            matched.pairs.append(Pair(left.pop(key), right.pop(guid), "a person said so"))


def _connect(
    rule: Rule,
    sides: tuple[dict[str, Record], dict[str, Record]],
    group: Group,
    verdicts: Verdicts,
    matched: Matched,
) -> None:
    for ours, theirs in _buckets(rule, sides, group):
        if len(ours) == len(theirs) == 1:
            a, b = ours[0], theirs[0]
            if verdicts.get((a.key, b.key)) != "different":
                matched.pairs.append(Pair(sides[0].pop(a.key), sides[1].pop(b.key), rule.words))


def _buckets(
    rule: Rule, sides: tuple[dict[str, Record], dict[str, Record]], group: Group
) -> list[tuple[list[Record], list[Record]]]:
    """Records of both sides that share a key, in a stable order."""
    found: dict[Hashable, tuple[list[Record], list[Record]]] = defaultdict(lambda: ([], []))
    for index, records in enumerate(sides):
        for record in records.values():
            key, place = rule.key(record), group(record, rule.under)
            if key is not None and place is not None:
                found[place, key][index].append(record)
    both = [pair for pair in found.values() if pair[0] and pair[1]]
    return [(_by_key(ours), _by_key(theirs)) for ours, theirs in both]


def _by_key(records: list[Record]) -> list[Record]:
    return sorted(records, key=lambda record: record.key)


def _evidence(
    entity: Entity, sides: Sides, group: Group, verdicts: Verdicts
) -> dict[Keys, list[Rule]]:
    """The rules by which pairs are equal."""
    evidence: dict[Keys, list[Rule]] = defaultdict(list)
    for rule in entity.rules:
        for ours, theirs in _buckets(rule, sides, group):
            pairs = [(a.key, b.key) for a in ours for b in theirs][:MOST_PER_KEY]
            for pair in pairs:
                if verdicts.get(pair) != "different":
                    evidence[pair].append(rule)
    return evidence
