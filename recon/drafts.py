"""What an operation writes, with its symbols resolved into keys of the target system.

Everything here raises `Changed` where a record or a link that the plan rests on is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

from recon.compare import resolved
from recon.entities import ENTITIES
from recon.errors import Changed
from recon.shapes import Operation, Record, Side, other
from recon.spec import Draft, SeveraSide
from recon.workbench import Workbench

BY_NAME = {entity.name: entity for entity in ENTITIES}
AGAIN = "It is planned anew"


def need(bench: Workbench, entity: str, side: Side, key: str) -> Record:
    """A record that an operation rests on."""
    record = bench.record(entity, side, key)
    if record is None:
        raise Changed(f"{entity} {key} is no longer there", todo=AGAIN)
    return record


def resolve(bench: Workbench, symbol: str, target: Side) -> str:
    """`ref:customer/10001` → the key of its counterpart in the target system."""
    found = bench.links.resolve(symbol, target)
    if found is None:
        name = symbol.removeprefix("ref:").replace("/", " ")
        raise Changed(f"{name} is not linked", todo=AGAIN)
    return found


def values(bench: Workbench, op: Operation) -> dict[str, Any]:
    """The fields that an operation writes, references as keys of the target system."""
    entity = BY_NAME[op.entity]
    found = resolved(entity, op.after, op.system, bench.links)
    for one in entity.fields:
        if one.refers and str(found.get(one.name)).startswith("ref:"):
            raise Changed(f"Its {one.title.lower()} is not linked", todo=AGAIN)
    return found


def draft(bench: Workbench, op: Operation) -> Draft:
    """What a create is to make."""
    parent = op.after.get("@parent")
    number = op.after.get("@number")
    return Draft(
        fields=values(bench, op),
        number=None if str(number).startswith("next:") else (str(number) if number else None),
        role=str(op.after.get("@role", "")),
        parent=resolve(bench, str(parent), op.system) if parent else None,
        source=need(bench, op.entity, other(op.system), op.key),
    )


def severa_side(bench: Workbench, op: Operation) -> SeveraSide:
    """The list in Severa where an operation's record lives, or would live."""
    source = ("global", op.key) if op.kind == "create" else ("severa", op.guid or "")
    record = need(bench, op.entity, cast(Side, source[0]), source[1])
    return BY_NAME[op.entity].side_of(record.kind)


def call(bench: Workbench, op: Operation) -> tuple[Callable[[], Any], Mapping[str, Any]]:
    """The call to Severa that does an operation, and its symbols as resolved for the journal."""
    side, severa = severa_side(bench, op), bench.severa
    if op.kind == "create":
        made = draft(bench, op)
        path, body = side.create(made, bench.context)
        return partial(severa.create, path, body), {"@parent": made.parent}
    record = need(bench, op.entity, "severa", op.guid or "")
    changes = (
        {side.code: op.after["@number"]}
        if op.kind == "code"
        else side.patch(record, values(bench, op), bench.context)
    )
    return partial(severa.patch, side.one.format(guid=op.guid), side.resource, changes), {}
