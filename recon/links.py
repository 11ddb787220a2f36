"""Global key ↔ Severa guid: the only place where identity is looked up."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from recon import store as memory
from recon.shapes import Link, Side, canonical
from recon.store import Store, Writer

UNIQUE = ("entity", "table_name", "key", "role")


class Links:
    """All links of one company, indexed by both ends. Changes are written by the caller's
    transaction (`save`), so that a link and the journal's word of it stand or fall together."""

    def __init__(self, links: Iterable[Link] = ()) -> None:
        self._by_key: dict[tuple[str, Side, str], Link] = {}
        for link in links:
            self.put(link)

    @classmethod
    def read(cls, store: Store) -> Links:
        """The links that the store holds."""
        return cls(_link(row) for row in store.rows(store.of(memory.link)))

    def copy(self) -> Links:
        """The same links, to try things out on."""
        twin = Links()
        twin._by_key = dict(self._by_key)
        return twin

    def put(self, link: Link) -> None:
        """Add or replace a link in memory."""
        old = self.of(link.entity, "global", link.key)
        if old and old.guid != link.guid:
            self._by_key.pop((link.entity, "severa", old.guid), None)
        self._by_key[link.entity, "global", link.key] = link
        self._by_key[link.entity, "severa", link.guid] = link

    def of(self, entity: str, side: Side, key: str) -> Link | None:
        """The link of a record, or None."""
        return self._by_key.get((entity, side, key))

    def counterpart(self, entity: str, side: Side, key: str) -> str | None:
        """The key on the other side of the record that is the same thing, or None."""
        link = self.of(entity, side, key)
        if link is None:
            return None
        return link.guid if side == "global" else link.key

    def all(self, entity: str) -> list[Link]:
        """The links of an entity."""
        return [k for (e, side, _), k in self._by_key.items() if e == entity and side == "global"]

    def save(self, writer: Writer, links: Iterable[Link]) -> None:
        """Write links in the caller's transaction and keep them in memory."""
        found = list(links)
        writer.put(memory.link, [_row(link) for link in found], UNIQUE)
        for link in found:
            self.put(link)


def rebased(link: Link, base: Mapping[Side, Mapping[str, Any]], seen: Mapping[Side, str]) -> Link:
    """The link with another base and other digests."""
    return replace(link, base=base, seen=seen)


def _row(link: Link) -> dict[str, Any]:
    return {
        "entity": link.entity,
        "table_name": link.table,
        "key": link.key,
        "role": link.role,
        "guid": link.guid,
        "kind": link.kind,
        "since": link.since,
        "origin": link.origin,
        "base": canonical(link.base),
        "seen": canonical(link.seen),
    }


def _link(row: Mapping[str, Any]) -> Link:
    return Link(
        entity=row["entity"],
        table=row["table_name"],
        key=row["key"],
        role=row["role"],
        guid=row["guid"],
        kind=row["kind"],
        since=row["since"],
        origin=row["origin"],
        base=json.loads(row["base"]),
        seen=json.loads(row["seen"]),
    )
