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

from recon import decisions, dirty
from recon import store as memory
from recon.compare import forms, resolved
from recon.earlier import KNOWN
from recon.entities import ENTITIES
from recon.global_reader import read_global
from recon.guard import alike
from recon.journal import Entry, JournalState
from recon.links import Links, rebased
from recon.reader import refresh
from recon.shapes import Link, Record, Side, Spot, other
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
    changed = refresh(bench, entities, "lookup")
    for entity in entities:
        bench.mirror.refill(entity, changed[entity.name], bench.context)
    read_global(bench, entities)


def _settled(bench: Workbench, entry: Entry, entries: Sequence[Entry]) -> bool:
    op = entry.operation
    if op.kind == "code":
        return _settle_code(bench, entry)
    if op.kind == "link":
        return _close(bench, entry, "not done", "it is planned anew from both systems")
    if op.kind == "update":
        return _settle_update(bench, entry)
    if op.system == "global":
        return _settle_global_create(bench, entry)
    return _settle_severa_create(bench, entry, entries)


def _close(bench: Workbench, entry: Entry, state: JournalState, text: str) -> bool:
    with bench.store.write("settled") as writer:
        bench.journal.ended(writer, entry.plan_run, entry.operation.id, (state, text, None))
    return True


def _settle_code(bench: Workbench, entry: Entry) -> bool:
    op = entry.operation
    record = bench.record(op.entity, "severa", op.guid or "")
    if record and record.number == op.after["@number"]:
        with bench.store.write("settled") as writer:
            dirty.mark(writer, [(op.entity, "severa", record.key)])
        return _close(bench, entry, "done", "it had happened")
    return _close(bench, entry, "not done", "it did not happen")


def _settle_update(bench: Workbench, entry: Entry) -> bool:
    """Written values are the base if they stand there now; else the pair is planned anew."""
    op = entry.operation
    entity = BY_NAME[op.entity]
    link = bench.links.of(op.entity, "global", op.key)
    key = op.key if op.system == "global" else op.guid or ""
    record = bench.record(op.entity, op.system, key)
    if link is None or record is None:
        return _close(bench, entry, "not done", "its record is not there any more")
    values = resolved(entity, entity.revived(op.after), op.system, bench.links)
    wanted = forms(entity, replace(record, fields={**record.fields, **values}), bench.links)
    now = forms(entity, record, bench.links)
    if any(now.get(name) != wanted.get(name) for name in values):
        return _close(bench, entry, "not done", "it did not happen; it is planned anew")
    base = {side: dict(link.base.get(side, {})) for side in ("global", "severa")}
    for name in values:
        base["global"][name] = base["severa"][name] = wanted[name]
    return _adopt(bench, entry, rebased(link, base, {}), "it had happened")  # type: ignore[arg-type]


def _settle_global_create(bench: Workbench, entry: Entry) -> bool:
    """The SeveraGUID tells; a row without one is told by its parent and role."""
    op = entry.operation
    if bench.links.of(op.entity, "severa", op.key):
        return _close(bench, entry, "done", "it had happened")
    for record in bench.mirror.records(op.entity, "global").values():
        if record.guid == op.key:
            return _adopt(bench, entry, _link(bench, entry, record, op.key), "it had happened")
    return _close(bench, entry, "not done", "it did not happen")


def _twins(entry: Entry, one: Entry) -> bool:
    """Whether two open creates sent the same thing under the same parent."""
    a, b = entry.operation, one.operation
    return _beside(entry, one) and dict(a.after) == dict(b.after) and entry.resolved == one.resolved


def _settle_severa_create(bench: Workbench, entry: Entry, entries: Sequence[Entry]) -> bool:
    """Adopt by count: as many free records as creates of the same thing are open, or fewer."""
    op, twins = entry.operation, sum(_twins(entry, one) for one in entries)
    if bench.links.of(op.entity, "global", op.key):
        return _close(bench, entry, "done", "it had happened")
    source = bench.record(op.entity, "global", op.key)
    found = candidates(bench, entry, entries)
    if source and 1 <= len(found) <= twins:
        return _adopt(bench, entry, _link(bench, entry, source, found[0].key), "found in Severa")
    if not found and entry.looks + 1 >= LOOKS:
        return _close(bench, entry, "not done", f"looked {LOOKS} times, it is not in Severa")
    if entry.looks < LOOKS:
        with bench.store.write("looked") as writer:
            bench.journal.looked(writer, entry)
    return False


def candidates(bench: Workbench, entry: Entry, entries: Sequence[Entry]) -> list[Record]:
    """Free Severa records that could be what was sent: all fields as sent under the same parent,
    else those that a rule pairs with it and that are not what another open entry sent. What was
    there before the sending, or a person called different, is none."""
    entity, sent = BY_NAME[entry.operation.entity], _pseudo(bench, entry)
    apart = _different(bench, entry) | set(entry.resolved.get(KNOWN, ()))
    free = [
        record
        for key, record in bench.mirror.records(entity.name, "severa").items()
        if key not in apart
        and not bench.links.of(entity.name, "severa", key)
        and _placed(entity, sent, record)
    ]
    same = _exact(bench, sent, free)
    if same:
        return same
    others = [_pseudo(bench, one) for one in entries if one is not entry and _beside(entry, one)]
    taken = {record.key for other in others for record in _exact(bench, other, free)}
    return [r for r in free if r.key not in taken and alike(entity, (sent, r), bench.links)]


def _different(bench: Workbench, entry: Entry) -> set[str]:
    """The guids that a person called different from what was sent."""
    spot = (entry.operation.entity, entry.operation.key, "different")
    found = decisions.read(bench.store)
    return {d.severa_guid for d in found if (d.entity, d.global_key, d.verdict) == spot}


def _exact(bench: Workbench, sent: Record, records: Sequence[Record]) -> list[Record]:
    """The records that hold all that was sent, where it would be."""
    entity = BY_NAME[sent.entity]
    return [
        record
        for record in records
        if _placed(entity, sent, record) and _same(entity, sent, record, bench.links)
    ]


def _beside(entry: Entry, one: Entry) -> bool:
    """Whether both made records of one kind in the same system."""
    a, b = entry.operation, one.operation
    return (a.entity, a.kind, a.system) == (b.entity, b.kind, b.system)


def _placed(entity: Entity, sent: Record, record: Record) -> bool:
    """Whether a record is where what was sent would be: its kind, under its parent."""
    return record.kind == sent.kind and (entity.parent is None or record.parent == sent.parent)


def _pseudo(bench: Workbench, entry: Entry) -> Record:
    """What was sent, as the record that it would be in its system."""
    op, entity = entry.operation, BY_NAME[entry.operation.entity]
    fields = resolved(entity, entity.revived(op.after), op.system, bench.links)
    number = op.after.get("@number")
    source = bench.record(op.entity, other(op.system), op.key)
    return Record(
        entity=op.entity,
        side=op.system,
        key="",
        fields=fields,
        number=str(number) if number else None,
        parent=entry.resolved.get("@parent"),
        role=str(op.after.get("@role", "")),
        kind=source.kind if source else "",
    )


def _same(entity: Entity, sent: Record, record: Record, links: Links) -> bool:
    ours, theirs = forms(entity, sent, links), forms(entity, record, links)
    number = sent.number is None or sent.number == record.number
    return number and all(
        theirs.get(name) == form for name, form in ours.items() if form is not None
    )


def _link(bench: Workbench, entry: Entry, ours: Record, guid: str) -> Link:
    """A link whose base is what was sent, so that a change made since then is seen as one."""
    op, entity = entry.operation, BY_NAME[entry.operation.entity]
    theirs = bench.record(op.entity, "severa", guid)
    sent = forms(entity, _pseudo(bench, entry), bench.links)
    base: dict[Side, dict[str, Any]] = {
        "global": {**sent, **_left_out(entity, sent, ours, bench.links)},
        "severa": {**sent, **_left_out(entity, sent, theirs, bench.links)},
    }
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


def _left_out(
    entity: Entity, sent: Mapping[str, Any], record: Record | None, links: Links
) -> dict[str, Any]:
    """References that were left out, as they stand: the target may have put one of its own."""
    now = forms(entity, record, links) if record else {}
    left = [one.name for one in entity.fields if one.refers and sent.get(one.name) is None]
    return {name: now[name] for name in left if name in now}


def _adopt(bench: Workbench, entry: Entry, link: Link, text: str) -> bool:
    with bench.store.write("adopted") as writer:
        bench.links.save(writer, [link])
        bench.journal.ended(writer, entry.plan_run, entry.operation.id, ("done", text, None))
    return True
