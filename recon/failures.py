"""Records that could not be written: why, what was tried, the remedy; parked after N times."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from recon import store as memory
from recon.errors import Usage
from recon.shapes import Failure, Spot, Value, plain
from recon.store import Store, Writer

KEY = ("entity", "side", "key")
LONGEST = 300


def read(store: Store) -> dict[Spot, Failure]:
    """All failures that are not solved yet."""
    return {
        (f.entity, f.side, f.key): f for f in map(_failure, store.rows(store.of(memory.failure)))
    }


def _failure(row: Mapping[str, Any]) -> Failure:
    return Failure(
        entity=row["entity"],
        side=row["side"],
        key=row["key"],
        name=row["name"],
        reason=row["reason"],
        remedy=row["remedy"],
        count=row["count"],
        parked=bool(row["parked"]),
        payload=json.loads(row["payload"]),
    )


def failed(before: Failure | None, failure: Failure, park_after: int) -> Failure:
    """The failure counted once more, and parked from the N-th time on."""
    count = (before.count if before else 0) + 1
    return Failure(
        entity=failure.entity,
        side=failure.side,
        key=failure.key,
        name=failure.name,
        reason=failure.reason,
        remedy=failure.remedy,
        count=count,
        parked=count >= park_after,
        payload=failure.payload,
    )


def save(writer: Writer, run: str, failures: Sequence[Failure]) -> None:
    """Write failures in the caller's transaction."""
    rows = [
        {
            "entity": f.entity,
            "side": f.side,
            "key": f.key,
            "name": f.name[:200],
            "count": f.count,
            "reason": f.reason,
            "remedy": f.remedy,
            "payload": json.dumps(plain(f.payload), ensure_ascii=False),
            "parked": int(f.parked),
            "run": run,
        }
        for f in failures
    ]
    writer.put(memory.failure, rows, KEY)


def solved(writer: Writer, spots: Sequence[Spot]) -> None:
    """Forget the failures of records that have been written."""
    rows = [dict(zip(KEY, spot, strict=True)) for spot in spots]
    writer.drop(memory.failure, rows, KEY)


def release(store: Store, entity: str, key: str) -> int:
    """Let a parked record be tried again; the number of records released."""
    table = memory.failure
    with store.write("release") as writer:
        count = writer.execute(
            table.update()
            .where(table.c.company == store.company, table.c.entity == entity, table.c.key == key)
            .values(count=0, parked=0)
        )
    if not count:
        raise Usage(
            f"No failure of {entity} {key[:80]} is on record",
            todo="List them with 'recon failures'",
        )
    return count


def masked(fields: Mapping[str, Value]) -> dict[str, Value]:
    """A payload for people: long texts cut (private fields never get this far)."""
    return {k: v[:LONGEST] if isinstance(v, str) else v for k, v in fields.items()}
