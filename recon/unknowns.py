"""Effects of which nobody knows whether they happened: looked for, then adopted or sent again.

An open journal row (`sent` or `unknown`) is settled before anything is planned. A create in Severa
is looked for twice, at least `settle_delay` apart; exactly one free record like it is adopted,
none twice means that it did not happen, several need a person.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from recon import store as memory
from recon.compare import forms
from recon.entities import ENTITIES
from recon.guard import alike
from recon.journal import Entry, JournalState
from recon.links import rebased
from recon.reader import read_global, refresh
from recon.shapes import Link, Operation, Record, Side, other
from recon.situation import Spot
from recon.spec import Entity
from recon.workbench import Workbench

BY_NAME = {entity.name: entity for entity in ENTITIES}
LOOKS = 2


def settle(bench: Workbench) -> dict[Spot, str]:
    """Settle all open effects of this and earlier runs as far as the systems tell. What stays
    unknown, by the record that it came from, with the sentence for a person."""
    entries = bench.journal.open()
    _look_again(bench, {e.operation.entity for e in entries if e.run == bench.run})
    while entries:
        left = [entry for entry in entries if not _settled(bench, entry, entries)]
        waiting = [entry for entry in left if entry.looks + 1 < LOOKS]
        if not waiting or bench.stopping.is_set():
            return _words(bench, left)
        _pause(bench)
        _look_again(bench, {entry.operation.entity for entry in waiting})
        entries = bench.journal.open()
    return {}


def _words(bench: Workbench, entries: Sequence[Entry]) -> dict[Spot, str]:
    text = (
        "it was sent to Severa, the answer was lost, and more than one record there could be it; "
        "compare them and decide with 'recon decide'"
    )
    return {(e.operation.entity, other(e.operation.system), e.operation.key): text for e in entries}


def _pause(bench: Workbench) -> None:
    """Wait as long as a write may take to show in Severa's lists."""
    end = time.monotonic() + bench.profile.severa.settle_delay_s
    while time.monotonic() < end and not bench.stopping.is_set():
        bench.tell("waiting until Severa shows what was sent", 0, 0)
        time.sleep(min(0.5, max(0.0, end - time.monotonic())))


def _look_again(bench: Workbench, names: set[str]) -> None:
    """Read both systems anew: what was read before the sending proves nothing."""
    entities = [entity for entity in ENTITIES if entity.name in names]
    if not entities:
        return
    refresh(bench, entities, kind="lookup")
    for entity in entities:
        bench.mirror.rebuild(entity, bench.context)
    read_global(bench, entities)


def _settled(bench: Workbench, entry: Entry, entries: Sequence[Entry]) -> bool:
    op = entry.operation
    if op.kind == "link":
        return _close(bench, entry, "not done", "it is planned anew from both systems")
    if op.kind == "update":
        return _settle_update(bench, entry)
    if op.system == "global":
        return _settle_global_create(bench, entry)
    return _settle_severa_create(bench, entry, sum(_twins(entry, one) for one in entries))


def _close(bench: Workbench, entry: Entry, state: JournalState, text: str) -> bool:
    with bench.store.write("settled") as writer:
        bench.journal.ended(writer, entry.plan_run, entry.operation.id, (state, text, None))
    return True


def _settle_update(bench: Workbench, entry: Entry) -> bool:
    """Written values are the base if they stand there now; else the pair is planned anew."""
    op = entry.operation
    entity = BY_NAME[op.entity]
    link = bench.links.of(op.entity, "global", op.key)
    key = op.key if op.system == "global" else op.guid or ""
    record = bench.record(op.entity, op.system, key)
    if link is None or record is None:
        return _close(bench, entry, "not done", "its record is not there any more")
    wanted = forms(entity, replace(record, fields={**record.fields, **op.after}))
    now = forms(entity, record)
    if any(now.get(name) != wanted.get(name) for name in op.after):
        return _close(bench, entry, "not done", "it did not happen; it is planned anew")
    base = {side: dict(link.base.get(side, {})) for side in ("global", "severa")}
    for name in op.after:
        base["global"][name] = base["severa"][name] = wanted[name]
    return _adopt(bench, entry, rebased(link, base, {}), "it had happened")  # type: ignore[arg-type]


def _settle_global_create(bench: Workbench, entry: Entry) -> bool:
    """The SeveraGUID tells; a row without one is told by its parent and role."""
    op = entry.operation
    if bench.links.of(op.entity, "severa", op.key):
        return _close(bench, entry, "done", "it had happened")
    for record in bench.mirror.records(op.entity, "global").values():
        if record.guid == op.key:
            return _adopt(bench, entry, _link(entry, record, op.key), "it had happened")
    return _close(bench, entry, "not done", "it did not happen")


def _twins(entry: Entry, one: Entry) -> bool:
    """Whether two open creates sent the same thing under the same parent."""
    a, b = entry.operation, one.operation
    same = (a.entity, a.kind, a.system) == (b.entity, b.kind, b.system)
    return same and dict(a.after) == dict(b.after) and entry.resolved == one.resolved


def _settle_severa_create(bench: Workbench, entry: Entry, twins: int) -> bool:
    """Adopt by count: as many free records as creates of the same thing are open, or fewer."""
    op = entry.operation
    if bench.links.of(op.entity, "global", op.key):
        return _close(bench, entry, "done", "it had happened")
    source = bench.record(op.entity, "global", op.key)
    found = candidates(bench, entry)
    if source and 1 <= len(found) <= twins:
        return _adopt(bench, entry, _link(entry, source, found[0].key), "found in Severa")
    if not found and entry.looks + 1 >= LOOKS:
        return _close(bench, entry, "not done", f"looked {LOOKS} times, it is not in Severa")
    if entry.looks < LOOKS:
        with bench.store.write("looked") as writer:
            bench.journal.looked(writer, entry)
    return False


def candidates(bench: Workbench, entry: Entry) -> list[Record]:
    """Free Severa records that could be what was sent: all fields as sent under the same parent,
    else those that a connecting rule would link."""
    op = entry.operation
    entity = BY_NAME[op.entity]
    draft = _pseudo(entity, op, entry.resolved)
    free = [
        record
        for record in bench.mirror.records(op.entity, "severa").values()
        if not bench.links.of(op.entity, "severa", record.key)
        and (entity.parent is None or record.parent == draft.parent)
    ]
    same = [record for record in free if _same(entity, draft, record)]
    return same or [record for record in free if alike(entity, draft, record)]


def _pseudo(entity: Entity, op: Operation, resolved: Mapping[str, Any]) -> Record:
    """What was sent, as the record that it would be in Severa."""
    fields = {f.name: op.after[f.name] for f in entity.fields if f.name in op.after}
    number = op.after.get("@number")
    return Record(
        entity=op.entity,
        side="severa",
        key="",
        fields=fields,
        number=str(number) if number else None,
        parent=resolved.get("@parent"),
        role=str(op.after.get("@role", "")),
    )


def _same(entity: Entity, sent: Record, record: Record) -> bool:
    ours, theirs = forms(entity, sent), forms(entity, record)
    number = sent.number is None or sent.number == record.number
    return number and all(
        theirs.get(name) == form for name, form in ours.items() if form is not None
    )


def _link(entry: Entry, ours: Record, guid: str) -> Link:
    """A link whose base is what was sent, so that a change made since then is seen as one."""
    op = entry.operation
    entity = BY_NAME[op.entity]
    sent = forms(entity, _pseudo(entity, op, entry.resolved))
    base: dict[Side, dict[str, Any]] = {"global": dict(sent), "severa": dict(sent)}
    link = Link(
        entity=op.entity,
        table=ours.table,
        key=ours.key,
        role=ours.role,
        guid=guid,
        kind=op.entity,
        since=memory.now(),
        origin=f"created in {op.system}",
    )
    return rebased(link, base, {})


def _adopt(bench: Workbench, entry: Entry, link: Link, text: str) -> bool:
    with bench.store.write("adopted") as writer:
        bench.links.save(writer, [link])
        bench.journal.ended(writer, entry.plan_run, entry.operation.id, ("done", text, None))
    return True
