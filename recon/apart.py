"""What people said of records of one system that look alike: that they are not the same. Appended
to only, with who, when and why; it counts as long as both records are as they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

import sqlalchemy as sa

from recon import store as memory
from recon.settings import user_name
from recon.shapes import Record
from recon.store import Store

CHECK = "duplicate"
APART, TOGETHER = "different", "open"
Spot = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """The newest word about each pair: its fingerprint by entity, side and keys."""

    said: Mapping[tuple[str, str, str], tuple[str, str]]

    def counts(self, where: Spot, pair: tuple[Record, Record]) -> bool:
        """Whether somebody said that two records (of an entity and side) are not the same, and
        both are as they were then."""
        verdict, seen = self.said.get((*where, _key(pair)), ("", ""))
        return verdict == APART and seen == _seen(pair)


def read(store: Store) -> Words:
    """All words that were said."""
    table = memory.waiver
    rows = store.rows(
        store.of(table).where(table.c.check_name == CHECK).order_by(sa.asc(table.c.id))
    )
    found = {(r["entity"], r["system"], r["key"]): (r["verdict"], r["fingerprint"]) for r in rows}
    return Words(found)


def say(store: Store, where: Spot, records: Iterable[Record], why: str, verdict: str) -> int:
    """Keep that these records of an entity and side are not the same, each with each (or, `open`,
    that they may be); how many pairs that are."""
    rows = [
        {
            "entity": where[0],
            "check_name": CHECK,
            "system": where[1],
            "key": _key(pair),
            "verdict": verdict,
            "who": user_name(),
            "at": memory.now(),
            "why": why,
            "fingerprint": _seen(pair),
        }
        for pair in combinations(sorted(records, key=lambda one: one.key), 2)
    ]
    with store.write("apart") as writer:
        writer.insert(memory.waiver, rows)
    return len(rows)


def _key(pair: tuple[Record, Record]) -> str:
    return "|".join(sorted(record.key for record in pair))


def _seen(pair: tuple[Record, Record]) -> str:
    """Both records' digests, in the order of their keys."""
    return "".join(one.digest[:20] for one in sorted(pair, key=lambda one: one.key))
