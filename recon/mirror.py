"""The last row seen per side, by key; deltas in, a full compare rebuilds it.

Severa's records are kept raw in the store (private fields never reach it) and turned into records
together with their siblings, so that a delta of one address sees the others of its customer. The
records in memory are all of both systems, or (narrow) the families that a sync looks at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import sqlalchemy as sa

from recon import store as memory
from recon.shapes import Record, Side
from recon.spec import Context, Entity, Listing, SeveraSide
from recon.store import Store, Writer

OVERLAP = timedelta(seconds=5)
FURTHEST = timedelta(minutes=10)
FULL_EVERY = timedelta(hours=24)
CHUNK = 500
NOT = (None, None)
Raw = dict[str, Any]
Select = Callable[[sa.Select[Any]], list[dict[str, Any]]]


@dataclass(slots=True)
class Shelf:
    """One Severa list as last seen: the cursor, when it was read whole and how many rows it had."""

    listing: Listing
    position: str = ""
    full_at: str = ""
    counted: int = 0
    whole: bool = False

    def due(self) -> bool:
        """Whether a full read is due: never read, no change filter, or a day old."""
        if not self.position or not self.listing.changes:
            return True
        return datetime.now(UTC) - datetime.fromisoformat(self.full_at) > FULL_EVERY

    def advance(self, rows: Iterable[Raw], server_time: str | None) -> None:
        """Move the cursor to the newest stamp seen, in the server's own clock, less an overlap."""
        newest = _parse(max((_stamp(row) for row in rows), default=""))
        here = _parse(server_time) if server_time else None
        found = [
            *([newest - OVERLAP] if newest else []),
            *([here - FURTHEST] if here else []),
        ]
        if found:
            reached = max(found).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            self.position = max(self.position, reached)


def _stamp(row: Raw) -> str:
    """When a row was changed: ISO text in UTC, so that the greatest text is the newest moment."""
    return str(row.get("lastUpdatedDateTime") or row.get("createdDateTime") or "")


def _parse(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Mirror:
    """Both systems' records by entity and side, in memory; Severa's raw rows in the store.

    `narrow` says that only some families are in memory.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._shelves: dict[str, Shelf] = {}
        self._records: dict[tuple[str, Side], dict[str, Record]] = {}
        self.unreadable: list[tuple[str, Side, str, str]] = []
        self.read: dict[tuple[str, Side], int] = {}
        self.narrow = False

    # --- raw rows ---------------------------------------------------------------------------

    def shelf(self, listing: Listing) -> Shelf:
        """The shelf of a list, loaded from the store the first time."""
        if listing.path not in self._shelves:
            self._shelves[listing.path] = self._load(listing)
        return self._shelves[listing.path]

    def _load(self, listing: Listing) -> Shelf:
        here = memory.cursor
        found = self._store.rows(self._store.of(here).where(here.c.listing == listing.path))
        if not found:
            return Shelf(listing)
        return Shelf(listing, found[0]["position"], found[0]["full_at"], found[0]["rows"])

    def raw(
        self,
        listing: Listing,
        *,
        guids: Collection[str] | None = None,
        owners: Collection[str] | None = None,
    ) -> dict[str, Raw]:
        """A list's raw rows by guid: all, those named, or those of the owners named."""
        column = memory.mirror.c.owner if guids is None else memory.mirror.c.guid
        wanted = owners if guids is None else guids
        texts = self._texts(self._store.rows, listing, (column, wanted))
        return {guid: memory.loads(text) for guid, text in texts.items()}

    def guids(self, listing: Listing) -> set[str]:
        """The guids of a list's raw rows."""
        table = memory.mirror
        statement = sa.select(table.c.guid).where(
            table.c.company == self._store.company, table.c.listing == listing.path
        )
        return {row["guid"] for row in self._store.rows(statement)}

    def _texts(
        self, select: Select, listing: Listing, narrowed: tuple[Any, Collection[str] | None] = NOT
    ) -> dict[str, str]:
        """A list's raw rows as text by guid: all, or those whose column is among the values."""
        table, (column, values) = memory.mirror, narrowed
        every = sa.select(table.c.guid, table.c.data).where(
            table.c.company == self._store.company, table.c.listing == listing.path
        )
        parts = [every] if values is None else [every.where(c) for c in within(column, values)]
        return {row["guid"]: row["data"] for part in parts for row in select(part)}

    def take(self, writer: Writer, side: SeveraSide, rows: Iterable[Raw]) -> list[str]:
        """Keep rows in the caller's transaction; the guids of those that are new or differ."""
        found = _by_guid(rows)
        known = self._texts(writer.select, side.listing, (memory.mirror.c.guid, found))
        return self._keep(writer, side, found, known)

    def replace(self, writer: Writer, side: SeveraSide, rows: Iterable[Raw]) -> list[str]:
        """Keep a full read; the guids of rows that are new, differ or are gone."""
        found = _by_guid(rows)
        known = self._texts(writer.select, side.listing)
        gone = sorted(set(known) - set(found))
        listed = [{"listing": side.listing.path, "guid": guid} for guid in gone]
        writer.drop(memory.mirror, listed, ("listing", "guid"))
        shelf = self.shelf(side.listing)
        shelf.full_at, shelf.counted, shelf.whole = memory.now(), len(found), True
        return self._keep(writer, side, found, known) + gone

    def _keep(
        self, writer: Writer, side: SeveraSide, rows: Mapping[str, Raw], known: Mapping[str, str]
    ) -> list[str]:
        kept = []
        for guid, row in rows.items():
            text = memory.dumps(row)
            if known.get(guid) != text:
                place = {"listing": side.listing.path, "guid": guid, "owner": _owner(side, row)}
                kept.append({**place, "data": text})
        old = [row for row in kept if row["guid"] in known]
        writer.drop(memory.mirror, old, ("listing", "guid"))
        writer.insert(memory.mirror, kept)
        return [row["guid"] for row in kept]

    def reached(self, writer: Writer, listing: Listing) -> None:
        """Write a list's cursor in the caller's transaction."""
        shelf = self.shelf(listing)
        position = {
            "listing": listing.path,
            "position": shelf.position,
            "full_at": shelf.full_at,
            "rows": shelf.counted,
        }
        writer.put(memory.cursor, [position], ("listing",))

    # --- records ----------------------------------------------------------------------------

    def records(self, entity: str, side: Side) -> dict[str, Record]:
        """The records of an entity on a side, by key; {} if it was not read."""
        return self._records.get((entity, side), {})

    def fill(self, entity: str, side: Side, records: Iterable[Record]) -> None:
        """Take an entity's records; rows that could not be read are kept apart, not lost."""
        self.unreadable = [row for row in self.unreadable if row[:2] != (entity, side)]
        found: dict[str, Record] = {}
        total = 0
        for record in records:
            total += 1
            fault = record.attributes.get("unreadable")
            if fault or record.key in found:
                text = str(fault or "its key occurs twice in this list")
                self.unreadable.append((entity, side, record.key, text))
            else:
                found[record.key] = record
        self._records[entity, side] = dict(sorted(found.items()))
        self.read[entity, side] = total

    def put(self, record: Record) -> None:
        """Take one record as just written or read back."""
        self._records.setdefault((record.entity, record.side), {})[record.key] = record

    def replace_owned(
        self, entity: Entity, owners: Collection[str], records: Iterable[Record]
    ) -> None:
        """Take Global's records of these owner rows as they are now; what is gone is forgotten."""
        known = self._records.setdefault((entity.name, "global"), {})
        for key in [key for key, record in known.items() if owner(entity, record) in owners]:
            del known[key]
        known.update({r.key: r for r in records if not r.attributes.get("unreadable")})

    def refill(self, entity: Entity, guids: Collection[str], context: Context) -> None:
        """Make Severa's records of these guids and of their siblings anew from the raw rows."""
        known = self._records.setdefault((entity.name, "severa"), {})
        for record in self.convert(entity, guids, context):
            bad = record.attributes.get("unreadable")
            if not bad and (not self.narrow or self._in_sight(entity, record)):
                known[record.key] = record
        for guid in set(guids) & set(known):
            if not self._is_there(entity, guid):
                del known[guid]

    def convert(self, entity: Entity, guids: Collection[str], context: Context) -> list[Record]:
        """Severa's records of these guids, together with their siblings."""
        found: list[Record] = []
        for side in entity.severa_sides:
            rows = self.raw(side.listing, guids=guids)
            if side.owner:
                owners = {_owner(side, row) for row in rows.values()} - {""}
                rows |= self.raw(side.listing, owners=owners)
            found += side.records(list(rows.values()), context)
        return found

    def _in_sight(self, entity: Entity, record: Record) -> bool:
        if entity.parent:
            return record.parent in self.records(entity.parent, "severa")
        return record.key in self.records(entity.name, "severa")

    def _is_there(self, entity: Entity, guid: str) -> bool:
        return any(self.raw(side.listing, guids=[guid]) for side in entity.severa_sides)

    def load(
        self, entity: Entity, context: Context, read: Mapping[str, Sequence[Raw]] | None = None
    ) -> None:
        """Make all Severa's records of an entity from the raw rows; `read` holds, by path, the
        rows of lists that were just read whole."""
        given = read or {}
        found = [
            side.records(
                given.get(side.listing.path) or list(self.raw(side.listing).values()), context
            )
            for side in entity.severa_sides
        ]
        self.fill(entity.name, "severa", chain.from_iterable(found))

    def fingerprint(self) -> str:
        """A hash over every record's content."""
        found = hashlib.sha256()
        for (entity, side), records in sorted(self._records.items()):
            rows = sorted((key, record.digest) for key, record in records.items())
            found.update(repr((entity, side, rows)).encode())
        return found.hexdigest()[:20]


def owner(entity: Entity, record: Record) -> str:
    """The key of the Global row that holds a record: its own, or its parent's."""
    return (record.parent or "") if entity.global_side.scoped_by == "parent" else record.row


def _by_guid(rows: Iterable[Raw]) -> dict[str, Raw]:
    return {str(row["guid"]).lower(): row for row in rows if row.get("guid")}


def _owner(side: SeveraSide, row: Mapping[str, Any]) -> str:
    """The guid of the parent of a raw row, '' where its list knows none."""
    value: Any = row if side.owner else None
    for name in side.owner:
        value = value.get(name) if isinstance(value, Mapping) else None
    return str(value or "").lower()


def within(column: Any, values: Collection[Any]) -> list[sa.ColumnElement[bool]]:
    """Conditions that together say that a column is among the values, in chunks that fit."""
    found = sorted(values)
    return [column.in_(found[at : at + CHUNK]) for at in range(0, len(found), CHUNK)]
