"""What earlier runs kept of a document: what they wrote and when, how it stands, what failed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from recon import store as memory
from recon.journal import entry
from recon.mirror import within
from recon.store import Store
from recon.trace.shapes import Step

WRITTEN = {"global": "Visma Global", "severa": "Severa"}
RANKS: Mapping[str, int] = {"taken": 3, "sent": 6, "paid": 9}


@dataclass(frozen=True, slots=True)
class Remembered:
    """The rows of the store about one document."""

    journal: tuple[Mapping[str, Any], ...] = ()
    standing: Mapping[str, Any] | None = None
    failure: Mapping[str, Any] | None = None
    link: Mapping[str, Any] | None = None
    runs: int = 0


def remembered(store: Store, entity: str, keys: Collection[str]) -> dict[str, Remembered]:
    """By key (as the journal has it); a key of which nothing is kept has an empty one."""
    found = {
        name: _by_key(store, table, entity, keys)
        for name, table in (
            ("journal", memory.journal),
            ("standing", memory.outcome),
            ("failure", memory.failure),
            ("link", memory.link),
        )
    }
    begun = _begun(store)
    return {key: _one(found, key, begun) for key in keys}


def _by_key(
    store: Store, table: sa.Table, entity: str, keys: Collection[str]
) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for condition in within(table.c.key, keys):
        statement = store.of(table).where(table.c.entity == entity, condition)
        for row in store.rows(statement):
            found[row["key"]].append(row)
    return found


def _begun(store: Store) -> list[str]:
    table = memory.run
    rows = store.rows(store.of(table).with_only_columns(table.c.started))
    return [row["started"] for row in rows]


def _one(
    found: Mapping[str, Mapping[str, list[Mapping[str, Any]]]], key: str, begun: Iterable[str]
) -> Remembered:
    several = sorted(found["standing"].get(key, ()), key=lambda row: not row["detail"])
    standing = next(iter(several), None)
    return Remembered(
        tuple(sorted(found["journal"].get(key, ()), key=lambda row: row["id"])),
        standing,
        next(iter(found["failure"].get(key, ())), None),
        next(iter(found["link"].get(key, ())), None),
        sum(at >= standing["since"] for at in begun) if standing else 0,
    )


def steps(kept: Remembered, made: str) -> list[Step]:
    """What runs wrote, what came of it, and how it stands; `made` names what a create makes."""
    found = [_written(row, made) for row in kept.journal]
    if kept.standing:
        words = f"{kept.standing['state']}: {kept.standing['detail'] or 'no reason was given'}"
        found.append(Step(kept.standing["since"], "recon", words, rank=20))
    if kept.failure:
        count, reason = kept.failure["count"], kept.failure["reason"]
        words = f"failed {count} times: {reason} {kept.failure['remedy']}".strip()
        found.append(
            Step(kept.failure["run"][:8], "recon", words, run=kept.failure["run"], rank=21)
        )
    return [step for step in found if step.what]


def _written(row: Mapping[str, Any], made: str) -> Step:
    operation = entry(dict(row)).operation
    rank, words = 1, f"{made} made"
    if operation.kind == "link":
        rank, words = 1, "the two connected"
    if operation.kind == "update":
        told = [name for name in RANKS if operation.after.get(name)]
        rank, words = RANKS[told[-1]] if told else 3, f"told: {', '.join(told) or 'an edit'}"
    state = "" if row["state"] == "done" else f" ({row['state']})"
    detail = f": {row['detail']}" if row["detail"] else ""
    where = WRITTEN[operation.system]
    return Step(
        row["sent"], "recon", f"{words} in {where}{state}{detail}", run=row["run"], rank=rank
    )


def guids_of(store: Store, path: str, number: str) -> list[str]:
    """The guids of rows of a list, as last read, whose number is this one."""
    table = memory.mirror
    written = f'%"number":{number}%'
    statement = store.of(table).where(table.c.listing == path, table.c.data.like(written))
    rows = ((row["guid"], json.loads(row["data"])) for row in store.rows(statement))
    return [guid for guid, data in rows if str(data.get("number")) == number]
