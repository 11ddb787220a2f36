"""Records of one system that may be one and the same: a worklist for people, never merged by us.

Alike are active records under one parent that an entity's rules call equal, or that the matching
engine, given the list twice, calls surely or likely the same. What a person said is not the same is
left out as long as both records are as they were.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from recon import apart, text
from recon.counts import is_active
from recon.matching.engine import BANDS
from recon.shapes import SIDES, Band, Record, Side
from recon.spec import Entity
from recon.worklists import Duplicate, Twin

if TYPE_CHECKING:
    from recon.matching.likeness import World
    from recon.workbench import Workbench

MOST = 12
"""What more records than these share says nothing of any two of them."""
LIKELY = 0.8
WEAK = MappingProxyType({"email": 0.6})
"""Rules that say less within one system than between two: mailboxes are shared."""
MOST_REASONS = 5
MERGE = "Visma Global: {menu} > Merge (the record to keep stands in MergeTo…No), or set it inactive"
CLOSE = "{menu}: move what hangs on one to the other and set it inactive"
Pair = tuple[str, str]
Key = Callable[[Record], Hashable | None]


@dataclass(slots=True)
class Edge:
    """Why two records may be the same, and how surely."""

    score: float = 0.0
    reasons: list[str] = field(default_factory=list)

    def add(self, score: float, reasons: Iterable[str]) -> None:
        """One more thing that says so."""
        self.score = max(self.score, score)
        self.reasons += [one for one in reasons if one not in self.reasons]


def found(bench: Workbench) -> tuple[Duplicate, ...]:
    """All groups of all entities that are compared by likeness, the surest first."""
    from recon.matching.likeness import World

    def records(entity: Entity, side: Side) -> Mapping[str, Record]:
        return bench.mirror.records(entity.name, side)

    world = World(bench.running, records, bench.links, bench.profile.matching)
    words = apart.read(bench.store)
    groups = [
        group
        for entity in bench.entities
        if entity.likeness and not entity.likeness.under
        for side in SIDES
        for group in of_side(entity, side, world, words)
    ]
    return tuple(sorted(groups, key=lambda one: -one.score))


def of_side(entity: Entity, side: Side, world: World, words: apart.Words) -> Iterator[Duplicate]:
    """The groups of one entity on one side."""
    known = world.records(entity, side)
    active = {key: one for key, one in known.items() if is_active(one)}
    told = _Told(entity, side, world)
    found_ = _edges(entity, list(active.values()), world)
    left = {
        pair: edge
        for pair, edge in found_.items()
        if not words.counts((entity.name, side), (active[pair[0]], active[pair[1]]))
    }
    left = {
        pair: e for pair, e in left.items() if e.score >= LIKELY or not told.apart(pair, active)
    }
    for part in _parts(left):
        for group in _groups(part):
            edges = [edge for pair, edge in part.items() if pair[0] in group]
            yield told.group([active[key] for key in group], edges)


def _edges(entity: Entity, records: Sequence[Record], world: World) -> dict[Pair, Edge]:
    from recon.matching.likeness import within

    edges: dict[Pair, Edge] = defaultdict(Edge)
    for rule in entity.rules:
        if not rule.under:
            for several in _equal(entity, records, rule.key):
                for a, b in _pairs(several):
                    edges[a, b].add(min(rule.score, WEAK.get(rule.name, 1.0)), [rule.words])
    for match in within(entity, records, world):
        edge = edges[min(match.left, match.right), max(match.left, match.right)]
        ruled = {rule.name for rule in entity.rules if rule.words in edge.reasons}
        parts = [part for part in match.evidence[1:] if part.bits > 0 and part.field not in ruled]
        edge.add(match.score, [part.text for part in parts])
    return edges


def _equal(entity: Entity, records: Sequence[Record], key: Key) -> Iterator[list[str]]:
    """The keys of records that a rule calls equal, under one parent."""
    found: dict[object, list[str]] = defaultdict(list)
    for record in records:
        value = key(record)
        if value is not None:
            found[record.parent if entity.parent else "", value].append(record.key)
    return (sorted(keys) for keys in found.values() if 1 < len(keys) <= MOST)


def _pairs(keys: Sequence[str]) -> Iterator[Pair]:
    return ((a, b) for at, a in enumerate(keys) for b in keys[at + 1 :])


def _parts(edges: Mapping[Pair, Edge]) -> Iterator[dict[Pair, Edge]]:
    """Likely pairs, then the rest among records that are in none of these: a mailbox that others
    share ties no two groups together."""
    likely = {pair: edge for pair, edge in edges.items() if edge.score >= LIKELY}
    taken = {key for pair in likely for key in pair}
    yield likely
    yield {pair: edge for pair, edge in edges.items() if not taken.intersection(pair)}


def _groups(edges: Iterable[Pair]) -> list[list[str]]:
    """Keys that hang together by pairs, each group sorted."""
    near: dict[str, set[str]] = defaultdict(set)
    for a, b in edges:
        near[a].add(b)
        near[b].add(a)
    groups, seen = [], set[str]()
    for start in sorted(near):
        if start not in seen:
            group, open_ = {start}, [start]
            while open_:
                more = near[open_.pop()] - group
                group |= more
                open_ += more
            seen |= group
            groups.append(sorted(group))
    return groups


class _Told:
    """Makes groups of records into what a person is shown."""

    def __init__(self, entity: Entity, side: Side, world: World) -> None:
        from recon.matching.likeness import told

        self._entity, self._side, self._world = entity, side, world
        self._row = told(entity, side, world)
        self._hangs: dict[str, Counter[str]] | None = None

    def group(self, records: Sequence[Record], edges: Sequence[Edge]) -> Duplicate:
        """One group, its reasons the strongest first."""
        ordered = sorted(edges, key=lambda edge: -edge.score)
        reasons = dict.fromkeys(reason for edge in ordered for reason in edge.reasons)
        score = ordered[0].score
        kind = records[0].kind
        return Duplicate(
            self._entity.name,
            self._side,
            tuple(self._twin(record) for record in records),
            _band(score),
            score,
            tuple(reasons)[:MOST_REASONS],
            self._where(kind),
        )

    def apart(self, pair: Pair, records: Mapping[str, Record]) -> bool:
        """Whether two records have organisation numbers, and not the same."""
        rows = [self._row(records[key]) for key in pair]
        numbers = [text.organisation_number(row.get("organisation_number")) for row in rows]
        return all(numbers) and numbers[0] != numbers[1]

    def _where(self, kind: str) -> str:
        if self._side == "severa":
            return CLOSE.format(menu=self._entity.side_of(kind).where_to_fix)
        menu = self._entity.global_side.where_to_fix
        merged = self._entity.global_side.merges
        return MERGE.format(menu=menu.partition(": ")[2]) if merged else CLOSE.format(menu=menu)

    def _twin(self, record: Record) -> Twin:
        row = self._row(record)
        link = self._world.links.of(self._entity.name, self._side, record.key)
        place = (row.get(name) for name in ("street", "postcode", "city"))
        return Twin(
            record.key,
            record.number or "",
            record.name,
            str(row.get("organisation_number") or ""),
            str(row.get("email") or ""),
            ", ".join(" ".join(str(part).split()) for part in place if part),
            dict(self._counted().get(record.key, {})),
            (link.key if self._side == "severa" else link.guid) if link else "",
        )

    def _counted(self) -> Mapping[str, Counter[str]]:
        """By key, how many records of which kind hang on a record or refer to it."""
        if self._hangs is None:
            self._hangs = defaultdict(Counter)
            for other in self._world.entities:
                for owner in self._owners(other):
                    self._hangs[owner][other.title.lower()] += 1
        return self._hangs

    def _owners(self, other: Entity) -> Iterator[str]:
        names = [one.name for one in other.fields if one.refers == self._entity.name]
        child = other.parent == self._entity.name and other.likeness is not None
        for record in self._world.records(other, self._side).values() if names or child else ():
            yield from {str(record.fields[name]) for name in names if record.fields.get(name)}
            if child and record.parent:
                yield record.parent


def _band(score: float) -> Band:
    return "sure" if score >= BANDS[0][0] else "likely" if score >= LIKELY else "possible"
