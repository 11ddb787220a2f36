"""Compares an entity's unlinked records by likeness: from records to tables and back to pairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recon.links import Links
from recon.matching.engine import Match, Pairs, propose
from recon.matching.within import alike
from recon.settings_matching import Matching
from recon.shapes import Record, Side
from recon.spec import Entity

Group = Callable[[Record, str], Hashable | None]
Sides = tuple[Iterable[Record], Iterable[Record]]


@dataclass(frozen=True, slots=True)
class World:
    """What stands around an entity's records: all entities, their records, and the links."""

    entities: Sequence[Entity]
    records: Callable[[Entity, Side], Mapping[str, Record]]
    links: Links
    weights: Matching


def similar(entity: Entity, sides: Sides, group: Group, pairs: Pairs, world: World) -> list[Match]:
    """Pairs of unlinked records (Global's, Severa's) that are alike, with evidence per field."""
    if entity.likeness is None:
        return []
    left, right = (_table(entity, side, group, world) for side in sides)
    if not left["id"] or not right["id"]:
        return []
    return propose(left, right, world.weights.of(entity.likeness.kind), pairs)


def within(entity: Entity, records: Iterable[Record], world: World) -> list[Match]:
    """Pairs of one side's own records that are surely or likely the same, under one parent."""
    if entity.likeness is None:
        return []
    table = _table(entity, records, lambda one, _: one.parent if entity.parent else "all", world)
    if entity.parent:  # what hangs on a contact is its e-mail, which is compared already
        table = {**table, "linked": [()] * len(table["id"])}
    return alike(table, world.weights.of(entity.likeness.kind)) if len(table["id"]) > 1 else []


def told(entity: Entity, side: Side, world: World) -> Callable[[Record], Mapping[str, Any]]:
    """What likeness looks at in a record of this side, by name; nothing where it does not."""
    around = _around(entity, side, world)

    def tell(record: Record) -> Mapping[str, Any]:
        its = [one for one, child in around.get(record.key, []) if child.parent == entity.name]
        return _row(entity, record, its) or {}

    return tell


def _table(
    entity: Entity, records: Iterable[Record], group: Group, world: World
) -> dict[str, list[Any]]:
    """The records that may have a counterpart, as columns."""
    rows = []
    chosen = list(records)
    around = _around(entity, chosen[0].side, world) if chosen else {}
    for record in chosen:
        its = around.get(record.key, [])
        row = _row(entity, record, [one for one, child in its if child.parent == entity.name])
        place = _place(entity, record, group)
        if row is not None and place is not None:
            linked = tuple(
                sorted({clue for one, child in its for clue in _clues(one, child, world)})
            )
            rows.append({**row, "id": record.key, "linked": linked, "within": _within(row, place)})
    names = {"id", *(name for row in rows for name in row)}
    return {name: [row.get(name) for row in rows] for name in sorted(names)}


def _within(row: Mapping[str, Any], place: str) -> str:
    return "/".join(part for part in (place, str(row.get("within") or "")) if part)


def _row(entity: Entity, record: Record, its: Sequence[Record]) -> Mapping[str, Any] | None:
    return entity.likeness.features(record, its) if entity.likeness else None


def _place(entity: Entity, record: Record, group: Group) -> str | None:
    """The group inside which alone its partner is looked for; '' if anywhere, None if nowhere."""
    under = entity.likeness.under if entity.likeness else ""
    places = [group(record, "")] if entity.parent else []
    places += [group(record, under)] if under else []
    if None in places:
        return None
    return "/".join(map(str, places))


def _around(entity: Entity, side: Side, world: World) -> dict[str, list[tuple[Record, Entity]]]:
    """By key, the records of other entities that hang on a record or refer to it."""
    found: dict[str, list[tuple[Record, Entity]]] = defaultdict(list)
    for other in world.entities:
        names = [one.name for one in other.fields if one.refers == entity.name]
        if other.parent != entity.name and not names:
            continue
        for record in world.records(other, side).values():
            owners = {str(record.fields.get(name)) for name in names if record.fields.get(name)}
            if other.parent == entity.name and record.parent:
                owners.add(record.parent)
            for owner in sorted(owners):
                found[owner].append((record, other))
    return found


def _clues(record: Record, entity: Entity, world: World) -> Iterable[str]:
    """Words by which a record is known on both sides: its link, and what would connect it."""
    link = world.links.of(entity.name, record.side, record.key)
    guid = link.guid if link else record.guid or (record.key if record.side == "severa" else "")
    if guid:
        yield f"{entity.name}/{guid}"
    for rule in entity.rules:
        if rule.connects and (key := rule.key(record)) is not None:
            yield f"{entity.name}/{rule.name}/{key}"
