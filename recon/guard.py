"""Are target and source still as planned? One delta read per list before each batch of writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recon.compare import referred
from recon.entities import ENTITIES
from recon.global_reader import reread
from recon.links import Links
from recon.mirror import owner
from recon.reader import refresh
from recon.shapes import Operation, Record, Side
from recon.spec import Entity, Rule
from recon.workbench import Workbench

BY_NAME = {entity.name: entity for entity in ENTITIES}


def stale(bench: Workbench, batch: Sequence[Operation]) -> list[Operation]:
    """The operations of a batch whose records changed since they were planned, or whose record
    someone else has created meanwhile."""
    names = {op.entity for op in batch}
    entities = [entity for entity in ENTITIES if entity.name in names]
    fresh = _severa(bench, entities, batch)
    for entity in entities:
        reread(bench, entity, _owners(bench, entity, batch))
    return [
        op
        for op in batch
        if not _as_planned(bench, op) or _rival(bench, op, fresh.get(op.entity, set()))
    ]


def _severa(
    bench: Workbench, entities: Sequence[Entity], batch: Sequence[Operation]
) -> dict[str, set[str]]:
    """What changed in the lists that the batch writes to or rests on."""
    wanted = {op.entity for op in batch if op.system == "severa" or op.guard.get("severa")}
    lists = [entity for entity in entities if entity.name in wanted]
    changed = refresh(bench, lists, "guard") if lists else {}
    for entity in lists:
        bench.mirror.refill(entity, changed[entity.name], bench.context)
    return {name: set(guids) for name, guids in changed.items()}


def _owners(bench: Workbench, entity: Entity, batch: Sequence[Operation]) -> set[str]:
    """The Global rows that a batch rests on."""
    keys = [op.key for op in batch if op.entity == entity.name and "global" in op.guard]
    records = [bench.record(entity.name, "global", key) for key in keys]
    return {owner(entity, record) for record in records if record}


def _as_planned(bench: Workbench, op: Operation) -> bool:
    for side, key in _guarded(op):
        record = bench.record(op.entity, side, key)
        if record is None or record.digest != op.guard[side]:
            return False
    return True


def _guarded(op: Operation) -> Iterator[tuple[Side, str]]:
    if "global" in op.guard:
        yield "global", op.key
    if "severa" in op.guard:
        yield "severa", op.key if op.kind == "create" else op.guid or ""


def _rival(bench: Workbench, op: Operation, fresh: set[str]) -> bool:
    """Someone has just created in Severa what the operation would create."""
    if op.kind != "create" or op.system != "severa":
        return False
    source = bench.record(op.entity, "global", op.key)
    entity = BY_NAME[op.entity]
    for guid in fresh:
        found = bench.record(op.entity, "severa", guid)
        free = found and not bench.links.of(op.entity, "severa", guid)
        if not (source and found and free and alike(entity, (source, found), bench.links)):
            continue
        if entity.parent is None or found.parent == _parent(bench, op):
            return True
    return False


def _parent(bench: Workbench, op: Operation) -> str | None:
    return bench.links.resolve(str(op.after.get("@parent", "")), "severa")


def alike(entity: Entity, pair: tuple[Record, Record], links: Links) -> bool:
    """Whether any of the entity's rules pairs the two."""
    return any(_paired(entity, rule, pair, links) for rule in entity.rules)


def _paired(entity: Entity, rule: Rule, pair: tuple[Record, Record], links: Links) -> bool:
    ours, theirs = (rule.key(record) for record in pair)
    if ours is None or ours != theirs:
        return False
    if not rule.under:
        return True
    places = [referred(entity.field(rule.under), record, links) for record in pair]
    return places[0] is not None and places[0] == places[1]
