"""The code plan: numbers and codes for Severa's records that have none (rule 8).

It is a plan like any other, shown, signed by its checksum and applied by `recon apply`; a sync
never makes one, and a code that is there is never written over.
"""

from __future__ import annotations

from collections.abc import Iterator

from recon.checks import Bench
from recon.shapes import Operation, Outcome, Plan, Record
from recon.spec import Entity
from recon.workbench import Workbench


def plan(bench: Workbench) -> Plan:
    """One operation per Severa record without a code for which its entity proposes one."""
    desk = Bench(bench.context, bench.mirror, bench.links, bench.visma_global)
    found = [one for entity in bench.entities for one in _proposed(entity, desk)]
    return Plan(
        run=bench.run,
        company=bench.profile.company.name,
        fingerprint=bench.mirror.fingerprint(),
        operations=tuple(_operation(record, code) for record, code in found),
        outcomes=tuple(_outcome(record, code) for record, code in found),
        shown=True,
    )


def _proposed(entity: Entity, desk: Bench) -> Iterator[tuple[Record, str]]:
    taken = {r.number for r in desk.records(entity.name, "severa").values() if r.number}
    for record, code in entity.codes(desk) if entity.codes else ():
        empty = not record.number and not record.attributes.get("code")
        if empty and entity.side_of(record.kind).code and code not in taken:
            taken.add(code)
            yield record, code


def _id(record: Record) -> str:
    return f"{record.entity}/code/severa/{record.key}"


def _operation(record: Record, code: str) -> Operation:
    return Operation(
        id=_id(record),
        entity=record.entity,
        system="severa",
        kind="code",
        key="",
        guid=record.key,
        before={"@number": None},
        after={"@number": code},
        needs=(),
        because=f"{record.name} has no code",
        guard={"severa": record.digest},
    )


def _outcome(record: Record, code: str) -> Outcome:
    detail = f"gets the code {code}"
    spot = (record.entity, record.side, record.key)
    return Outcome(*spot, record.name, "updated", detail, (_id(record),))
