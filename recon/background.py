"""What reports must know beside outcomes: what waits behind what is held, names of records that
others refer to, and who owns which field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from recon.settings import Master
from recon.shapes import SIDES, Difference, Hold, Operation, Outcome, Record, Side, Spot
from recon.spec import Entity

BLOCKS = ("held", "waiting", "refused", "parked", "unknown")
Find = Callable[[str, Side, str], Record | None]


def masters(entities: Iterable[Entity], master: Master) -> dict[str, Side]:
    """The system that owns each field, by `entity.field`."""
    return {f"{e.name}.{f.name}": master.of(e.name, f.name) for e in entities for f in e.fields}


# --- what waits behind what is held -----------------------------------------------------------


@dataclass(slots=True)
class _Queue:
    """Who stands behind whom: from a waiting record to the held ones that it waits for."""

    states: Mapping[Spot, str]
    entities: Mapping[str, Entity]
    find: Find
    known: dict[Spot, frozenset[Spot]] = field(default_factory=dict)

    def heads(self, spot: Spot) -> frozenset[Spot]:
        """The held records at the head of this record's queue, itself if it is held."""
        if spot not in self.known:
            self.known[spot] = frozenset()  # a record that waits for itself has no head
            if self.states.get(spot) == "held":
                self.known[spot] = frozenset((spot,))
            elif self.states.get(spot) == "waiting":
                ahead = [self.heads(one) for one in self._ahead(spot)]
                self.known[spot] = frozenset().union(*ahead)
        return self.known[spot]

    def _ahead(self, spot: Spot) -> list[Spot]:
        entity, record = self.entities.get(spot[0]), self.find(*spot)
        if entity is None or record is None:
            return []
        return [one for one in referred(entity, record) if self.states.get(one) in BLOCKS]


def referred(entity: Entity, record: Record) -> Iterator[Spot]:
    """The records of the same system that a record belongs to or refers to."""
    if entity.parent and record.parent:
        yield entity.parent, record.side, record.parent
    for one in entity.fields:
        value = record.fields.get(one.name)
        if one.refers and value is not None:
            yield one.refers, record.side, str(value)


def holds(
    outcomes: Sequence[Outcome], since: Mapping[Spot, str], entities: Iterable[Entity], find: Find
) -> tuple[Hold, ...]:
    """Every held record with its age and what waits behind it."""
    states = {(o.entity, o.side, o.key): o.state for o in outcomes if o.state in BLOCKS}
    queue = _Queue(states, {entity.name: entity for entity in entities}, find)
    behind: dict[Spot, Counter[str]] = {}
    for spot, state in states.items():
        if state == "held":
            behind.setdefault(spot, Counter())
        for head in queue.heads(spot) - {spot}:
            behind.setdefault(head, Counter())[spot[0]] += 1
    return tuple(Hold(*spot, since.get(spot, ""), dict(n)) for spot, n in behind.items())


# --- names of records that others refer to ----------------------------------------------------


def named(
    entities: Iterable[Entity],
    found: tuple[Iterable[Outcome], Iterable[Operation], Iterable[Difference]],
    find: Find,
) -> dict[str, str]:
    """Name and number of every record that outcomes, operations and differences refer to, by
    `entity/key`; what is not known is left out."""
    known = {entity.name: entity for entity in entities}
    outcomes, operations, differences = found
    spots: dict[tuple[str, str], None] = {}
    for o in outcomes:
        parent = known[o.entity].parent if o.entity in known else None
        if parent and o.parent and o.state != "unchanged":
            spots[parent, o.parent] = None
    for op in operations:
        spots |= dict.fromkeys(_written(known.get(op.entity), op))
    for d in differences:
        refers = known[d.entity].field(d.field).refers if d.entity in known else ""
        if refers:
            spots |= {(refers, str(v)): None for v in (d.global_value, d.severa_value) if v}
    named_ = ((f"{entity}/{key}", _name(find, entity, key)) for entity, key in spots)
    return {spot: name for spot, name in named_ if name}


def _written(entity: Entity | None, op: Operation) -> Iterator[tuple[str, str]]:
    """The records that an operation refers to: by symbols after, by keys before."""
    for value in op.after.values():
        if isinstance(value, str) and value.startswith("ref:"):
            refers, _, key = value[4:].partition("/")
            yield refers, key
    for one in entity.fields if entity else ():
        if one.refers and op.before.get(one.name) is not None:
            yield one.refers, str(op.before[one.name])


def _name(find: Find, entity: str, key: str) -> str:
    for side in SIDES:
        record = find(entity, side, key)
        if record:
            return f"{record.name} ({record.number})" if record.number else record.name
    return ""
