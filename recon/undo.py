"""The plan that takes back a run's updates, field by field, where nobody has edited since.

What a run created or linked stays: nothing is deleted in either system (table in docs/rules.md).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from recon.compare import forms, resolved
from recon.entities import ENTITIES
from recon.errors import Usage
from recon.journal import Entry
from recon.shapes import Operation, Plan, Record
from recon.spec import Entity
from recon.workbench import Workbench

BY_NAME = {entity.name: entity for entity in ENTITIES}


def plan(bench: Workbench, run: str) -> Plan:
    """Operations that write back what the run's updates replaced, as a plan like any other.

    A field that is no longer as the run left it is left alone. `Usage` for a run that wrote
    nothing that could be taken back.
    """
    entries = [entry for entry in bench.journal.of_run(run) if entry.state == "done"]
    found = [_back(bench, entry) for entry in entries if entry.operation.kind == "update"]
    operations = tuple({back.id: back for back in found if back}.values())
    if not operations:
        raise Usage(
            f"Nothing of run {run[:40]} can be taken back",
            todo="Only updates can, where nobody edited since; take the run's id from 'recon runs'",
        )
    name = bench.profile.company.name
    return Plan(bench.run, name, bench.mirror.fingerprint(), operations, shown=True)


def _back(bench: Workbench, entry: Entry) -> Operation | None:
    done = entry.operation
    entity = BY_NAME[done.entity]
    ours = bench.record(done.entity, "global", done.key)
    theirs = bench.record(done.entity, "severa", done.guid or "")
    if ours is None or theirs is None or not bench.links.of(done.entity, "global", done.key):
        return None
    target = ours if done.system == "global" else theirs
    names = _unedited(bench, entity, target, done)
    if not names:
        return None
    before = _symbols(bench, entity, done, {name: done.before.get(name) for name in names})
    return Operation(
        id=done.id,
        entity=done.entity,
        system=done.system,
        kind="update",
        key=done.key,
        guid=done.guid,
        before={name: target.fields.get(name) for name in names},
        after=before,
        needs=(),
        because=f"undo of run {entry.run}",
        guard={"global": ours.digest, "severa": theirs.digest},
    )


def _symbols(
    bench: Workbench, entity: Entity, done: Operation, values: dict[str, Any]
) -> dict[str, Any]:
    """Values as an operation holds them: in their own types, references as symbols."""
    found = entity.revived(values)
    for one in entity.fields:
        if one.refers and found.get(one.name) is not None:
            source = bench.links.counterpart(one.refers, done.system, str(found[one.name]))
            found[one.name] = f"ref:{one.refers}/{source}"
    return found


def _unedited(bench: Workbench, entity: Entity, target: Record, done: Operation) -> list[str]:
    """The fields that still hold what the run wrote."""
    written = resolved(entity, entity.revived(done.after), done.system, bench.links)
    now = forms(entity, target, bench.links)
    then = forms(entity, replace(target, fields=written), bench.links)
    return [name for name in written if name in now and now[name] == then[name]]
