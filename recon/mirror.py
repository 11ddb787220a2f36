"""The last row seen per side, by key; deltas in, a full compare rebuilds it.

Severa's records are kept raw in the store (private fields never reach it) and turned into records
anew, so that a delta of one address sees its siblings. Global is one short select per table and
is read whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from recon import store as memory
from recon.shapes import Record, Side, digest
from recon.spec import Context, Entity, Listing, Source
from recon.store import Store, Writer

OVERLAP = timedelta(seconds=5)
FURTHEST = timedelta(minutes=10)
FULL_EVERY = timedelta(hours=24)
Raw = dict[str, Any]


@dataclass(slots=True)
class Shelf:
    """One Severa list as last seen: raw records by guid, the cursor, and when it was read whole."""

    listing: Listing
    rows: dict[str, Raw] = field(default_factory=dict)
    position: str = ""
    full_at: str = ""
    counted: int = 0
    whole: bool = False

    def due(self) -> bool:
        """Whether a full read is due: never read, no change filter, or a day old."""
        if not self.position or not self.listing.changes:
            return True
        return datetime.now(UTC) - datetime.fromisoformat(self.full_at) > FULL_EVERY

    def replace(self, rows: Iterable[Raw]) -> None:
        """Take a full read."""
        self.rows = {str(row["guid"]): row for row in rows if row.get("guid")}
        self.full_at = memory.now()
        self.counted = len(self.rows)
        self.whole = True

    def merge(self, rows: Iterable[Raw]) -> list[str]:
        """Take a delta; the guids of rows that are new or differ."""
        changed = []
        for row in rows:
            guid = str(row.get("guid") or "")
            if guid and self.rows.get(guid) != row:
                self.rows[guid] = row
                changed.append(guid)
        return changed

    def advance(self, server_time: str | None) -> None:
        """Move the cursor to the newest stamp seen, in the server's own clock, less an overlap."""
        stamps = [_stamp(row) for row in self.rows.values()]
        newest = max((stamp for stamp in stamps if stamp), default=None)
        here = _parse(server_time) if server_time else None
        found = [
            *([newest - OVERLAP] if newest else []),
            *([here - FURTHEST] if here else []),
        ]
        if found:
            reached = max(found).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            self.position = max(self.position, reached)


def _stamp(row: Raw) -> datetime | None:
    return _parse(row.get("lastUpdatedDateTime") or row.get("createdDateTime"))


def _parse(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Mirror:
    """Both systems' records by entity and side, in memory; Severa's raw rows in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.shelves: dict[str, Shelf] = {}
        self._records: dict[tuple[str, Side], dict[str, Record]] = {}
        self.unreadable: list[tuple[str, Side, str, str]] = []
        self.read: dict[tuple[str, Side], int] = {}

    def shelf(self, listing: Listing) -> Shelf:
        """The shelf of a list, loaded from the store the first time."""
        if listing.path not in self.shelves:
            self.shelves[listing.path] = self._load(listing)
        return self.shelves[listing.path]

    def _load(self, listing: Listing) -> Shelf:
        here, table = memory.cursor, memory.mirror
        found = self._store.rows(self._store.of(here).where(here.c.listing == listing.path))
        shelf = Shelf(listing)
        if found:
            shelf.position, shelf.full_at = found[0]["position"], found[0]["full_at"]
            shelf.counted = found[0]["rows"]
            rows = self._store.rows(self._store.of(table).where(table.c.listing == listing.path))
            shelf.rows = {row["guid"]: memory.loads(row["data"]) for row in rows}
        return shelf

    def save(self, writer: Writer, listing: Listing, guids: Sequence[str] | None = None) -> None:
        """Write a shelf (or only some of its rows) and its cursor in the caller's transaction."""
        shelf = self.shelf(listing)
        if guids is None:
            writer.clear(memory.mirror, listing=listing.path)
        rows = [
            {"listing": listing.path, "guid": guid, "data": memory.dumps(shelf.rows[guid])}
            for guid in (shelf.rows if guids is None else guids)
        ]
        writer.put(memory.mirror, rows, ("listing", "guid")) if guids else writer.insert(
            memory.mirror, rows if guids is None else []
        )
        position = {
            "listing": listing.path,
            "position": shelf.position,
            "full_at": shelf.full_at,
            "rows": shelf.counted,
        }
        writer.put(memory.cursor, [position], ("listing",))

    def records(self, entity: str, side: Side) -> dict[str, Record]:
        """The records of an entity (or source) on a side, by key; {} if it was not read."""
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

    def rebuild(self, part: Entity | Source, context: Context) -> None:
        """Make Severa's records of an entity or source anew from the raw rows."""
        side = part.severa_side if isinstance(part, Entity) else part
        shelf = self.shelf(side.listing)
        self.fill(part.name, "severa", side.records(list(shelf.rows.values()), context))

    def fingerprint(self) -> str:
        """A hash over every record's content."""
        rows = [
            (entity, side, sorted((key, record.digest) for key, record in records.items()))
            for (entity, side), records in sorted(self._records.items())
        ]
        return digest(rows)
