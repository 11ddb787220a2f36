"""Global key ↔ Severa guid: the only place where identity is looked up."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from recon import store as memory
from recon.shapes import Link, Side, canonical, other
from recon.store import Store, Writer


class Parsed(Mapping[Any, Any]):
    """A JSON object that is read only when it is looked into: most bases never are."""

    __slots__ = ("_data", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._data: dict[str, Any] | None = None

    def _read(self) -> dict[str, Any]:
        if self._data is None:
            self._data = json.loads(self._text)
        return self._data

    def __getitem__(self, key: Any) -> Any:
        return self._read()[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


ORIGIN = 200
UNIQUE = ("entity", "table_name", "key", "role")


class Links:
    """All links of one company, indexed by both ends, read from the store as they are asked for
    or all at once. Changes are written by the caller's transaction (`save`), so that a link and
    the journal's word of it stand or fall together."""

    def __init__(self, links: Iterable[Link] = (), store: Store | None = None) -> None:
        self._by_key: dict[tuple[str, Side, str], Link | None] = {}
        self._store = store
        self._rows: dict[str, set[str]] = {}
        for link in links:
            self.put(link)

    def load(self) -> None:
        """Read all links that the store holds; from here on nothing is asked of it again."""
        if self._store is not None:
            rows = self._store.rows(self._store.of(memory.link))
            self._store = None
            for row in rows:
                self.put(_link(row))

    def copy(self) -> Links:
        """The same links, to try things out on."""
        twin = Links(store=self._store)
        twin._by_key = dict(self._by_key)
        return twin

    def put(self, link: Link) -> None:
        """Add or replace a link in memory."""
        old = self._by_key.get((link.entity, "global", link.key))
        if old and old.guid != link.guid:
            self._by_key.pop((link.entity, "severa", old.guid), None)
        self._by_key[link.entity, "global", link.key] = link
        self._by_key[link.entity, "severa", link.guid] = link
        if link.table in self._rows:
            self._rows[link.table].add(_row_of(link.key))

    def rows(self, table: str) -> set[str]:
        """The keys of the rows of a Global table that are linked, or were until somebody deleted
        them: their numbers are given to no other row."""
        if table not in self._rows:
            self._rows[table] = {_row_of(key) for key in self._keys(table)}
        return self._rows[table]

    def _keys(self, table: str) -> Iterable[str]:
        if self._store is None:
            return [k.key for k in self._by_key.values() if k and k.table == table]
        statement = self._store.of(memory.link).where(memory.link.c.table_name == table)
        return [row["key"] for row in self._store.rows(statement)]

    def of(self, entity: str, side: Side, key: str) -> Link | None:
        """The link of a record, or None."""
        spot = (entity, side, key)
        if self._store is not None and spot not in self._by_key:
            self._by_key[spot] = None
            for link in self._asked(self._store, spot):
                self.put(link)
        return self._by_key.get(spot)

    @staticmethod
    def _asked(store: Store, spot: tuple[str, Side, str]) -> list[Link]:
        table = memory.link
        column = table.c.key if spot[1] == "global" else table.c.guid
        rows = store.rows(store.of(table).where(table.c.entity == spot[0], column == spot[2]))
        return [_link(row) for row in rows]

    def counterpart(self, entity: str, side: Side, key: str) -> str | None:
        """The key on the other side of the record that is the same thing, or None."""
        link = self.of(entity, side, key)
        if link is None:
            return None
        return link.guid if side == "global" else link.key

    def resolve(self, symbol: str, target: Side) -> str | None:
        """`ref:customer/10001` → the key of its counterpart in the target system, or None."""
        name, _, key = symbol.removeprefix("ref:").partition("/")
        return self.counterpart(name, other(target), key)

    def all(self, entity: str) -> list[Link]:
        """The links of an entity; those asked for so far where not all were read."""
        found = self._by_key.items()
        return [k for (e, side, _), k in found if k and e == entity and side == "global"]

    def save(self, writer: Writer, links: Iterable[Link]) -> None:
        """Write links in the caller's transaction and keep them in memory."""
        found = list(links)
        writer.put(memory.link, [_row(link) for link in found], UNIQUE)
        for link in found:
            self.put(link)


def _row_of(key: str) -> str:
    """The row's own key in a link's key, which for a role is `Table/key/role`."""
    return key.split("/")[1] if key.count("/") == 2 else key


def counted(store: Store) -> dict[str, int]:
    """How many links the store holds, by entity."""
    table = memory.link
    columns = (table.c.entity, sa.func.count().label("links"))
    rows = store.rows(store.of(table).with_only_columns(*columns).group_by(table.c.entity))
    return {row["entity"]: row["links"] for row in rows}


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
        "origin": link.origin[:ORIGIN],
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
        base=Parsed(row["base"]),
        seen=json.loads(row["seen"]),
    )
