"""Both systems of a company, as somebody who edits them sees them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from recon.sandbox import world as worlds
from recon.sandbox.world import World
from tests.kills.state import LINKED, Key, State, guid_of, read

TABLES = ("Department", "Employee", "Article", "Customer", "Contact", "Project")
Pairs = list[tuple[Key, str]]


@dataclass(frozen=True)
class Desk:
    """An open company and what is linked and active in it by table: (Global's key, Severa's guid),
    in a seeded order."""

    world: World
    state: State
    linked: Mapping[str, Pairs]

    @property
    def customers(self) -> Pairs:
        """Linked customers."""
        return self.linked["Customer"]

    @property
    def contacts(self) -> Pairs:
        """Linked contacts."""
        return self.linked["Contact"]

    def of(self, table: str, collection: str) -> Pairs:
        """Linked records of a table that live in one of Severa's lists."""
        return [pair for pair in self.linked[table] if pair[1] in self.state.docs[collection]]


@contextmanager
def sitting(folder: Path, seed: int) -> Iterator[Desk]:
    """Sit down at both systems of a company as they are now."""
    state, dice = read(folder), random.Random(seed)
    linked = {table: _linked(state, table, dice) for table in TABLES}
    with worlds.open_world(folder) as opened:
        yield Desk(opened, state, linked)


def _linked(state: State, table: str, dice: random.Random) -> Pairs:
    known = {guid for name in LINKED[table] for guid, doc in state.docs[name].items() if _live(doc)}
    rows = sorted(state.rows[table].items())
    found = [(key, guid_of(r)) for key, r in rows if not r["InActiveYesNo"] and guid_of(r) in known]
    dice.shuffle(found)
    return found


def _live(doc: Mapping[str, object]) -> bool:
    return not doc.get("isClosed") and doc.get("isActive") is not False
