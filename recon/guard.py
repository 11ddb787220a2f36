"""Are target and source still as planned? One delta read per list before each batch of writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from recon.entities import ENTITIES
from recon.errors import Changed
from recon.reader import read_global, refresh
from recon.shapes import Operation, Record, Side
from recon.spec import Entity
from recon.workbench import Workbench

BY_NAME = {entity.name: entity for entity in ENTITIES}
Resolve = Callable[[str, Side], str]


def stale(bench: Workbench, batch: Sequence[Operation], resolve: Resolve) -> list[Operation]:
    """The operations of a batch whose records changed since they were planned, or whose record
    someone else has created meanwhile. `resolve` turns `ref:` symbols into keys."""
    names = {op.entity for op in batch}
    entities = [entity for entity in ENTITIES if entity.name in names]
    fresh = _severa(bench, entities, batch)
    read_global(bench, entities)
    return [
        op
        for op in batch
        if not _as_planned(bench, op) or _rival(bench, op, fresh.get(op.entity, set()), resolve)
    ]


def _severa(
    bench: Workbench, entities: Sequence[Entity], batch: Sequence[Operation]
) -> dict[str, set[str]]:
    """What changed in the lists that the batch writes to or rests on."""
    wanted = {op.entity for op in batch if op.system == "severa" or op.guard.get("severa")}
    lists = [entity for entity in entities if entity.name in wanted]
    changed = refresh(bench, lists, kind="guard") if lists else {}
    for entity in lists:
        if changed[entity.name]:
            bench.mirror.rebuild(entity, bench.context)
    return {name: set(guids) for name, guids in changed.items()}


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


def _rival(bench: Workbench, op: Operation, fresh: set[str], resolve: Resolve) -> bool:
    """Someone has just created in Severa what the operation would create."""
    if op.kind != "create" or op.system != "severa":
        return False
    source = bench.record(op.entity, "global", op.key)
    entity = BY_NAME[op.entity]
    for guid in fresh:
        found = bench.record(op.entity, "severa", guid)
        free = found and not bench.links.of(op.entity, "severa", guid)
        if not (source and found and free and alike(entity, source, found)):
            continue
        if entity.parent is None or found.parent == _parent(op, resolve):
            return True
    return False


def _parent(op: Operation, resolve: Resolve) -> str | None:
    try:
        return resolve(str(op.after.get("@parent", "")), "severa")
    except Changed:
        return None


def alike(entity: Entity, ours: Record, theirs: Record) -> bool:
    """Whether any of the entity's rules pairs the two."""
    keys = [(rule.key(ours), rule.key(theirs)) for rule in entity.rules]
    return any(a is not None and a == b for a, b in keys)
