"""A list of made-up customers of one system, some of which stand in it twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from recon import apart, duplicates
from recon.entities import ENTITIES
from recon.links import Links
from recon.matching.likeness import World
from recon.settings_matching import Matching
from recon.shapes import Record
from recon.worklists import Duplicate
from tests.matching.nordic_pairs import Rates, make

PLACE = ("street", "postcode", "city", "country", "phone")
CUSTOMER = next(entity for entity in ENTITIES if entity.name == "customer")
Pairs = set[tuple[str, ...]]


@dataclass(frozen=True)
class Doubled:
    """The list's records, and which of them are the same."""

    records: list[Record]
    truth: Pairs

    def pairs(self, found: Iterable[Duplicate]) -> Pairs:
        """Every two records that stand in one group."""
        keys = [sorted(twin.key for twin in group.records) for group in found]
        return {pair for one in keys for pair in combinations(one, 2)}


def doubled(seed: int, size: int, doubles: int, rates: Rates) -> Doubled:
    """A list of `size` customers, `doubles` of which are there once more."""
    made = make(seed, size, rates)
    rows = made.left[: size - doubles]
    known = {row["id"] for row in rows}
    truth = [pair for pair in sorted(made.truth) if pair[0] in known][:doubles]
    others = {row["id"]: row for row in made.right}
    rows += [others[key] for _, key in truth]
    records = [record for row in rows for record in _records(row)]
    return Doubled(records, {tuple(sorted(pair)) for pair in truth})


def _records(row: Any) -> Iterable[Record]:
    told = ("name", "organisation_number", "email")
    fields = {**{name: row[name] for name in told}, "active": True}
    yield Record("customer", "global", row["id"], fields, number=row["id"])
    place = {name: row.get(name) for name in PLACE}
    yield Record("address", "global", f"a{row['id']}", place, parent=row["id"], role="postal")


def groups(records: Iterable[Record]) -> list[Duplicate]:
    """The customers of Global that may be the same."""
    known: dict[str, dict[str, Record]] = {}
    for record in records:
        known.setdefault(record.entity, {})[record.key] = record

    def of(entity: Any, side: Any) -> dict[str, Record]:
        return known.get(entity.name, {}) if side == "global" else {}

    world = World(ENTITIES, of, Links(), Matching())
    return list(duplicates.of_side(CUSTOMER, "global", world, apart.Words({})))
