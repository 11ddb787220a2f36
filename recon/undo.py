"""The plan that takes back a run's updates, field by field, where nobody has edited since.

What a run created or linked stays: nothing is deleted in either system (table in docs/rules.md).
"""

from __future__ import annotations

from dataclasses import replace

from recon.compare import forms
from recon.entities import ENTITIES
from recon.errors import Usage
from recon.journal import Entry
from recon.shapes import Operation, Plan, Record, Value, revive
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
    names = _unedited(entity, target, done)
    if not names:
        return None
    before = {name: revive(entity.field(name).type, done.before.get(name)) for name in names}
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


def _unedited(entity: Entity, target: Record, done: Operation) -> list[str]:
    """The fields that still hold what the run wrote."""
    written: dict[str, Value] = {
        name: revive(entity.field(name).type, value) for name, value in done.after.items()
    }
    now, then = forms(entity, target), forms(entity, replace(target, fields=written))
    return [name for name in written if name in now and now[name] == then[name]]
