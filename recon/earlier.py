"""Which free records of Severa look like what is about to be created, before it is created.

Should the answer be lost, whoever looks for the new record knows that these are not it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from typing import Any

from recon.entities import ENTITIES
from recon.shapes import Operation, Record
from recon.workbench import Workbench

BY_NAME = {entity.name: entity for entity in ENTITIES}
KNOWN = "@known"
"""Under this name the journal keeps the guids beside a create's resolved symbols."""


class Earlier:
    """Severa's records without a link by what the rules compare; each entity is indexed once."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._indexes: dict[str, dict[tuple[str, Hashable], list[str]]] = {}

    def of(self, op: Operation) -> dict[str, Any]:
        """The guids that a rule pairs with what a create in Severa would make, as a part of its
        resolved symbols; nothing where there are none."""
        source = self._bench.record(op.entity, "global", op.key)
        if (op.kind, op.system) != ("create", "severa") or source is None:
            return {}
        index = self._index(op.entity)
        found = {guid for one in _keys(source) for guid in index.get(one, ())}
        return {KNOWN: sorted(found)} if found else {}

    def _index(self, entity: str) -> dict[tuple[str, Hashable], list[str]]:
        if entity not in self._indexes:
            index = defaultdict(list)
            for guid, record in self._bench.mirror.records(entity, "severa").items():
                if self._bench.links.of(entity, "severa", guid) is None:
                    for one in _keys(record):
                        index[one].append(guid)
            self._indexes[entity] = index
        return self._indexes[entity]


def _keys(record: Record) -> list[tuple[str, Hashable]]:
    """What the entity's rules compare of a record."""
    found = [(rule.name, rule.key(record)) for rule in BY_NAME[record.entity].rules]
    return [(name, key) for name, key in found if key is not None]
