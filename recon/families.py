"""What a sync has to look at: the families of the records that changed, and nothing else.

A family is a linked pair of records without parent and all that hangs below them. A new document
is looked at with the families that it is made from. Where a change is about more than that (a new
record of another kind, a guid that leads elsewhere, a filter that rests on it), nothing less than
all is enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from recon import dirty, standing
from recon.entities import ENTITIES
from recon.global_reader import CLOCK, read_all, read_changed, read_owned, read_under
from recon.reader import any_due, read, read_reference, refresh, widen
from recon.shapes import SIDES, Record, Side, Spot, digest, other
from recon.spec import Entity
from recon.workbench import Workbench

PLANNED_BY = "planned by"
MOST = 1000
BY_NAME = {entity.name: entity for entity in ENTITIES}
Keys = dict[tuple[str, Side], set[str]]


def read_changes(bench: Workbench) -> None:
    """Bring into memory what changed since a sync last planned, with its families; all, where
    that is due, asked for or needed."""
    if _all_wanted(bench):
        read(bench)
        return
    read_reference(bench)
    refresh(bench, bench.running, "list")
    read_changed(bench, bench.running)
    marks, planned = dirty.read(bench.store), bench.store.note(PLANNED_BY)
    same = planned is not None and planned[1] == rules(bench)
    wide = not same or marks.everything
    if wide or not _narrowed(bench, [*marks.spots, *_freed(bench, marks.spots)]):
        widen(bench)


def _freed(bench: Workbench, spots: Iterable[Spot]) -> list[Spot]:
    """The held records that may rest on one of those that changed."""
    changed = {name for name, _, _ in spots}
    resting = {e.name for e in bench.running if e.rests and changed & set(e.needs)}
    held = standing.read(bench.store) if resting else {}
    return [s for s, one in held.items() if s[0] in resting and one.outcome.state == "held"]


def _all_wanted(bench: Workbench) -> bool:
    options = bench.options
    asked = options.full or options.entities or options.licences
    known = bench.store.note(CLOCK) is not None
    return bool(asked or not known or any_due(bench) or bench.journal.open())


def rules(bench: Workbench) -> str:
    """A hash of all settings and lookups: after a change of them all records are planned anew."""
    lookups = bench.reference.dump() if bench.reference else {}
    return digest([bench.profile.model_dump(mode="json"), lookups])


def _narrowed(bench: Workbench, spots: Iterable[Spot]) -> bool:
    """Take the families of these records into memory; whether that is enough."""
    roots = _roots(bench, spots)
    if roots is None:
        return False
    bench.mirror.narrow = True
    whole = _whole(bench, roots)
    for entity in bench.running:
        if entity.name in whole:
            bench.mirror.fill(entity.name, "global", read_all(bench, entity))
            bench.mirror.load(entity, bench.context)
            continue
        for side in SIDES:
            bench.mirror.fill(entity.name, side, _family(bench, entity, side, roots))
    return not any(_astray(bench, entity) for entity in bench.running)


def _whole(bench: Workbench, roots: Keys) -> set[str]:
    """The entities that the new documents among the roots take as a whole."""
    new = [e for e in bench.running if e.draws and _new(bench, e, roots)]
    return {name for entity in new for name in entity.whole}


def _new(bench: Workbench, entity: Entity, roots: Keys) -> bool:
    """Whether a root of this entity is not linked."""
    spots = [(entity.name, side, key) for side in SIDES for key in roots[entity.name, side]]
    return any(bench.links.of(*spot) is None for spot in spots)


def _roots(bench: Workbench, spots: Iterable[Spot]) -> Keys | None:
    """The linked pairs at the top of the families of these records; None if one is not linked."""
    found: Keys = defaultdict(set)
    for spot in spots:
        name, side, key = _entry(bench, spot)
        if not key:
            return None
        found[name, side].add(key)
    for entity in reversed(bench.running):
        for side in SIDES:
            records = _records(bench, entity, side, found[entity.name, side])
            if side == "severa":
                found[entity.name, side] -= _strangers(bench, entity, found, records)
            for record in records:
                if entity.parent and record.parent:
                    found[entity.parent, side].add(record.parent)
                if side == "severa" and not _settled(bench, entity, record):
                    return None
                for drawn in _drawn(bench, entity, record):
                    found[drawn[:2]].add(drawn[2])
    return _linked(bench, found)


def _drawn(bench: Workbench, entity: Entity, record: Record) -> Iterable[Spot]:
    """The records that a new one is made from, and those that these are made from."""
    spot = (entity.name, record.side, record.key)
    if entity.draws is None or bench.links.of(*spot):
        return
    for one in entity.draws(record, bench.context):
        yield one
        if one[0] == entity.name and one != spot:
            for again in _records(bench, entity, one[1], {one[2]}):
                yield from _drawn(bench, entity, again)


def _strangers(
    bench: Workbench, entity: Entity, found: Keys, records: Iterable[Record]
) -> set[str]:
    """The rows of Severa that are none of the entity's records, such as the fees that people
    register themselves: they change nothing."""
    left = found[entity.name, "severa"] - {record.key for record in records}
    linked = {key for key in left if bench.links.of(entity.name, "severa", key)}
    lists = [bench.mirror.raw(s.listing, guids=left - linked) for s in entity.severa_sides]
    return {key for rows in lists for key in rows}


def _entry(bench: Workbench, spot: Spot) -> Spot:
    """Where a record is looked up: one that lives in its parent's row by what it is linked to,
    without a key where that is nothing."""
    name, side, key = spot
    if side == "severa" or BY_NAME[name].global_side.scoped_by == "row":
        return spot
    return name, "severa", bench.links.counterpart(name, side, key) or ""


def _records(bench: Workbench, entity: Entity, side: Side, keys: set[str]) -> list[Record]:
    if not keys:
        return []
    if side == "severa":
        found = bench.mirror.convert(entity, keys, bench.context)
        return [record for record in found if record.key in keys]
    return read_owned(bench, entity, keys) if entity.parent or entity.draws else []


def _settled(bench: Workbench, entity: Entity, record: Record) -> bool:
    """Whether no record that could be created now rests on this one."""
    concerned = entity.concerns(record) if entity.concerns else ()
    return all(bench.links.of(*spot) for spot in concerned)


def _linked(bench: Workbench, found: Keys) -> Keys | None:
    roots: Keys = defaultdict(set)
    for (name, side), keys in found.items():
        if BY_NAME[name].parent is None:
            for key in keys:
                link = bench.links.of(name, side, key)
                if link:
                    roots[name, "global"].add(link.key)
                    roots[name, "severa"].add(link.guid)
                elif BY_NAME[name].draws:
                    roots[name, side].add(key)
                else:
                    return None
    few = sum(len(keys) for keys in roots.values()) <= MOST
    return roots if few else None


def _family(bench: Workbench, entity: Entity, side: Side, roots: Keys) -> list[Record]:
    """The records of an entity that belong to the roots or to records that are in memory."""
    mirror = bench.mirror
    if entity.parent is None:
        keys = roots[entity.name, side]
        if side == "severa":
            return mirror.convert(entity, keys, bench.context)
        return read_owned(bench, entity, keys)
    parents = set(mirror.records(entity.parent, side))
    if side == "global":
        return read_under(bench, entity, parents)
    found: list[Record] = []
    for one in entity.severa_sides:
        rows = mirror.raw(one.listing, owners=parents)
        found += one.records(list(rows.values()), bench.context)
    return found


def _astray(bench: Workbench, entity: Entity) -> bool:
    """Whether a link or a SeveraGUID leads from a record in memory to one that is not."""
    known = bench.converted()
    for side in SIDES:
        theirs = bench.mirror.records(entity.name, other(side))
        for record in bench.mirror.records(entity.name, side).values():
            link = bench.links.counterpart(entity.name, side, record.key)
            guid = (known.get(record.guid or "") or record.guid) if side == "global" else None
            if any(key and key not in theirs for key in (link, guid)):
                return True
    return False
