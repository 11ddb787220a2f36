"""What was read as changed and is not planned yet: marks that survive a killed run.

A mark is written in the transaction that keeps what was read, and taken away in the one that
keeps what a run made of it; so no change is lost between the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from recon import store as memory
from recon.shapes import Side, Spot
from recon.store import Store, Writer

EVERYTHING: Spot = ("*", "severa", "")
MOST = 2000


@dataclass(frozen=True, slots=True)
class Marks:
    """The records that await planning, and the newest mark among them."""

    spots: frozenset[Spot]
    newest: int

    @property
    def everything(self) -> bool:
        """Whether so much changed that all is to be looked at."""
        return EVERYTHING in self.spots


def mark(writer: Writer, spots: Iterable[Spot]) -> None:
    """Mark records in the caller's transaction; very many of them are one mark for everything."""
    found = sorted(set(spots))
    kept = found if len(found) <= MOST else [EVERYTHING]
    rows = [{"entity": entity, "side": side, "key": key} for entity, side, key in kept]
    writer.insert(memory.dirty, rows)


def read(store: Store) -> Marks:
    """The marks that stand."""
    rows = store.rows(store.of(memory.dirty))
    spots = frozenset((row["entity"], cast(Side, row["side"]), row["key"]) for row in rows)
    return Marks(spots, max((row["id"] for row in rows), default=0))


def clear(writer: Writer, marks: Marks) -> None:
    """Take away these marks; those made since stay."""
    table = memory.dirty
    statement = table.delete().where(table.c.company == writer.company)
    writer.execute(statement.where(table.c.id <= marks.newest))
