"""Reads Visma Global: whole, what changed, or the rows of some owners.

LastUpdate is wall-clock time without zone and not set by every program: what changed is read with
an overlap longer than the hour of daylight saving, a hash of each row decides whether it really
did, and a full compare finds the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_

from recon import dirty
from recon import store as memory
from recon.errors import Unsafe
from recon.mirror import within
from recon.shapes import Record, Spot
from recon.spec import Entity
from recon.store import Writer
from recon.workbench import Workbench

OVERLAP = timedelta(minutes=65)
CLOCK = "global_clock"
Row = Mapping[str, Any]
Hashes = dict[str, str]


def read_global(bench: Workbench, entities: Iterable[Entity]) -> None:
    """Read these entities whole, one short select per table; what differs from the last time is
    marked."""
    for entity in entities:
        rows = _rows(bench, entity)
        bench.mirror.fill(entity.name, "global", entity.global_side.records(rows, bench.context))
        known = {name: _known(bench, (entity, name)) for name in rows}
        with bench.store.write("global") as writer:
            for name in rows:
                _note(writer, (entity, name), _hashes(entity, name, rows[name]), known[name])


def start_clock(bench: Workbench) -> None:
    """Remember Global's clock before a full read, so that the next delta begins there."""
    moment = bench.visma_global.now()
    with bench.store.write("clock") as writer:
        writer.remember(CLOCK, moment.isoformat())


def read_changed(bench: Workbench, entities: Iterable[Entity]) -> None:
    """Mark the records whose rows changed since the last read; the mirror stays as it is."""
    noted = bench.store.note(CLOCK)
    since = datetime.fromisoformat(noted[1]) - OVERLAP if noted else datetime(1753, 1, 1)
    moment = bench.visma_global.now()
    found = [
        ((entity, name), _hashes(entity, name, _changed(bench, entity, name, since)))
        for entity in entities
        for name in entity.global_side.selects(bench.profile)
    ]
    known = [_known(bench, statement, hashes) for statement, hashes in found]
    with bench.store.write("global") as writer:
        for (statement, hashes), before in zip(found, known, strict=True):
            _note(writer, statement, hashes, before)
        writer.remember(CLOCK, moment.isoformat())


def _changed(bench: Workbench, entity: Entity, name: str, since: datetime) -> list[dict[str, Any]]:
    """The rows of a statement with a LastUpdate in the window; all rows where it has none."""
    side = entity.global_side
    statement = side.selects(bench.profile)[name]
    columns = side.changed.get(name, ())
    if columns:
        statement = statement.where(or_(*(column >= since for column in columns)))
    return bench.visma_global.read(statement)


def _hashes(entity: Entity, name: str, rows: Iterable[Row]) -> Hashes:
    """A hash per owner's key over its rows of a statement."""
    column = entity.global_side.scope[name].name
    found: Hashes = {}
    for row in rows:
        key = str(row[column])
        text = found.get(key, "") + repr(tuple(row.values()))
        found[key] = hashlib.blake2b(text.encode(), digest_size=10).hexdigest()
    return found


def _known(
    bench: Workbench, statement: tuple[Entity, str], keys: Collection[str] | None = None
) -> Hashes:
    table = memory.row_hash
    every = bench.store.of(table).where(table.c.statement == _label(statement))
    parts = [every] if keys is None else [every.where(c) for c in within(table.c.key, keys)]
    return {row["key"]: row["hash"] for part in parts for row in bench.store.rows(part)}


def _label(statement: tuple[Entity, str]) -> str:
    return f"{statement[0].name}/{statement[1]}"


def _note(writer: Writer, statement: tuple[Entity, str], now: Hashes, known: Hashes) -> None:
    """Keep the hashes that differ from those known, and mark their records; a key that is known
    and not there any more is gone."""
    gone = [key for key in known if key not in now]
    fresh = [key for key, value in now.items() if known.get(key) != value]
    label = _label(statement)
    old = [{"statement": label, "key": key} for key in [*gone, *fresh] if known.get(key)]
    writer.drop(memory.row_hash, old, ("statement", "key"))
    rows = [{"statement": label, "key": key, "hash": now[key]} for key in fresh]
    writer.insert(memory.row_hash, rows)
    dirty.mark(writer, [spot(statement[0], key) for key in [*gone, *fresh]])


def spot(entity: Entity, key: str) -> Spot:
    """The record that an owner's key stands for: of the entity, or of its parent."""
    by_parent = entity.global_side.scoped_by == "parent" and entity.parent
    return (entity.parent if by_parent else entity.name) or entity.name, "global", key


def read_owned(bench: Workbench, entity: Entity, owners: Collection[str]) -> list[Record]:
    """The records of these owner rows as they are now."""
    return _narrowed(bench, entity, entity.global_side.scope, owners)


def read_all(bench: Workbench, entity: Entity) -> list[Record]:
    """All records of an entity as they are now; nothing is marked."""
    return list(entity.global_side.records(_rows(bench, entity), bench.context))


def _rows(bench: Workbench, entity: Entity) -> dict[str, list[dict[str, Any]]]:
    """All rows of an entity's statements, as far as the profile lets them in."""
    selects = entity.global_side.selects(bench.profile)
    return {name: bench.visma_global.read(statement) for name, statement in selects.items()}


def read_under(bench: Workbench, entity: Entity, parents: Collection[str]) -> list[Record]:
    """The records that belong to these parents, as they are now."""
    side = entity.global_side
    return _narrowed(bench, entity, side.under or side.scope, parents)


def reread(bench: Workbench, entity: Entity, owners: Collection[str]) -> None:
    """Bring the mirror's records of these owner rows up to date."""
    bench.mirror.replace_owned(entity, owners, read_owned(bench, entity, owners))


def _narrowed(
    bench: Workbench, entity: Entity, columns: Mapping[str, Any], keys: Collection[str]
) -> list[Record]:
    if not keys:
        return []
    side = entity.global_side
    rows: dict[str, Sequence[Row]] = {}
    for name, statement in side.selects(bench.profile).items():
        column = columns[name]
        whole = column.type.python_type is int
        values = {int(k) for k in keys if k.isdecimal()} if whole else set(keys)
        parts = [bench.visma_global.read(statement.where(c)) for c in within(column, values)]
        rows[name] = [row for part in parts for row in part]
    return list(side.records(rows, bench.context))


def not_short(bench: Workbench, entity: Entity, before: int) -> None:
    """A table that is much shorter than last time is a bad read, not a mass deletion."""
    now = bench.mirror.read.get((entity.name, "global"), 0)
    limit = f"short_list:{entity.name}_in_global"
    if now >= before * bench.profile.safety.short_list or limit in bench.options.force:
        return
    raise Unsafe(
        f"Visma Global shows {now} {entity.title.lower()}, the last full read had {before}",
        todo=f"Check the database and the login's rights; if it is right, pass --force {limit}",
        limits=(limit,),
    )
