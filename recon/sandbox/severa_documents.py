"""The server's documents: in memory for reading, in SQLite before any answer.

A document is never changed in place: put a new one. Guids are compared without case.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Doc = dict[str, Any]

# Paths by which documents are looked up; a path goes through objects and lists of objects.
INDEXED: dict[str, tuple[str, ...]] = {
    "addresses": ("customer.guid",),
    "contactcommunications": ("contact.guid",),
    "contactpersons": ("customer.guid", "addressGuid"),
    "customers": ("number",),
    "flatrates": ("project.guid", "invoiceGuid"),
    "invoicerows": ("invoiceGuid",),
    "invoices": ("number", "customer.guid", "billingCustomer.guid", "projects.guid"),
    "invoicesettings": ("invoiceGuid",),
    "phases": ("project.guid",),
    "projectbillingcustomers": ("project.guid", "billingCustomer.guid"),
    "projectfees": ("project.guid", "invoice.guid", "invoiceRowGuid", "user.guid"),
    "projects": ("number", "customer.guid"),
    "projecttravelexpenses": ("project.guid", "invoice.guid", "invoiceRowGuid", "user.guid"),
    "workhours": ("project.guid", "invoice.guid", "invoiceRowGuid", "user.guid"),
}
TABLES = (
    "CREATE TABLE IF NOT EXISTS documents (collection TEXT NOT NULL, guid TEXT NOT NULL,"
    " position INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (collection, guid))",
    "CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, body TEXT NOT NULL)",
)
SAVE = (
    "INSERT INTO documents (collection, guid, position, body) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (collection, guid) DO UPDATE SET body = excluded.body"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A document and its place in the list: places only grow."""

    position: int
    doc: Doc


class Documents:
    """All collections of one organisation."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        # A killed process loses nothing that was committed; only a power cut could.
        self._db.execute("PRAGMA synchronous = NORMAL")
        for table in TABLES:
            self._db.execute(table)
        self._entries: dict[str, dict[str, Entry]] = defaultdict(dict)
        self._index: dict[tuple[str, str], dict[Any, dict[str, None]]] = defaultdict(dict)
        self._changed: dict[tuple[str, str], Entry | None] = {}
        self._position = 0
        self._load()

    def close(self) -> None:
        self._db.close()

    @property
    def collections(self) -> list[str]:
        return sorted(name for name, entries in self._entries.items() if entries)

    def entries(self, collection: str) -> Iterable[Entry]:
        """A collection's documents with their places, oldest first."""
        return self._entries[collection].values()

    def all(self, collection: str) -> Iterator[Doc]:
        """A collection's documents, oldest first."""
        return (entry.doc for entry in self._entries[collection].values())

    def get(self, collection: str, guid: object) -> Doc | None:
        """The document with this guid."""
        entry = self._entries[collection].get(key(guid))
        return entry.doc if entry else None

    def holds(self, collection: str) -> bool:
        """Whether a collection has any documents."""
        return bool(self._entries[collection])

    def place(self, collection: str, guid: object) -> int:
        """The place of a document in its list."""
        return self._entries[collection][key(guid)].position

    def by(self, collection: str, path: str, value: object) -> list[Doc]:
        """The documents that hold a value at an indexed path."""
        assert path in INDEXED[collection], f"{collection}.{path} is not indexed"
        guids = self._index[collection, path].get(_same(value), {})
        return [self._entries[collection][guid].doc for guid in guids]

    def largest(self, collection: str, path: str) -> int:
        """The largest number at an indexed path, 0 where there is none."""
        found = self._index[collection, path]
        return max((n for n in found if isinstance(n, int)), default=0)

    def put(self, collection: str, doc: Doc) -> Doc:
        """Add or replace a document; it lasts from `commit` on."""
        guid = key(doc["guid"])
        old = self._entries[collection].get(guid)
        self._remember(collection, guid, old)
        self._set(collection, guid, Entry(old.position if old else self._next(), doc))
        return doc

    def delete(self, collection: str, guid: object) -> None:
        """Remove a document; it is gone for good from `commit` on."""
        self._remember(collection, key(guid), self._entries[collection].get(key(guid)))
        self._set(collection, key(guid), None)

    def commit(self) -> None:
        """Make all puts and deletes since the last commit durable, as one transaction."""
        if not self._changed:
            return
        self._db.execute("BEGIN IMMEDIATE")
        for collection, guid in self._changed:
            self._save(collection, guid, self._entries[collection].get(guid))
        self._db.execute("COMMIT")
        self._changed.clear()

    def rollback(self) -> None:
        """Forget all puts and deletes since the last commit."""
        for (collection, guid), old in self._changed.items():
            self._set(collection, guid, old)
        self._changed.clear()

    def note(self, name: str) -> Any:
        """A note kept beside the documents (credentials, switches), None where there is none."""
        row = self._db.execute("SELECT body FROM notes WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    def set_note(self, name: str, value: object) -> None:
        """Keep a note, at once."""
        self._db.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, json.dumps(value)))

    def _load(self) -> None:
        rows = self._db.execute("SELECT collection, guid, position, body FROM documents")
        for collection, guid, position, body in rows.fetchall():
            self._position = max(self._position, position)
            self._set(collection, guid, Entry(position, json.loads(body)))
        for name, entries in self._entries.items():
            self._entries[name] = dict(sorted(entries.items(), key=lambda e: e[1].position))

    def _next(self) -> int:
        self._position += 1
        return self._position

    def _remember(self, collection: str, guid: str, old: Entry | None) -> None:
        self._changed.setdefault((collection, guid), old)

    def _set(self, collection: str, guid: str, entry: Entry | None) -> None:
        old = self._entries[collection].pop(guid, None) if entry is None else None
        old = old or self._entries[collection].get(guid)
        if old:
            self._reindex(collection, guid, old.doc, lambda guids: guids.pop(guid, None))
        if entry:
            self._entries[collection][guid] = entry
            self._reindex(collection, guid, entry.doc, lambda guids: guids.update({guid: None}))

    def _reindex(
        self, collection: str, guid: str, doc: Doc, do: Callable[[dict[str, None]], object]
    ) -> None:
        for path in INDEXED.get(collection, ()):
            index = self._index[collection, path]
            for value in dig(doc, path):
                guids = index.setdefault(_same(value), {})
                do(guids)
                if not guids:
                    del index[_same(value)]

    def _save(self, collection: str, guid: str, entry: Entry | None) -> None:
        if entry is None:
            where = "DELETE FROM documents WHERE collection = ? AND guid = ?"
            self._db.execute(where, (collection, guid))
        else:
            body = json.dumps(entry.doc, ensure_ascii=False)
            self._db.execute(SAVE, (collection, guid, entry.position, body))


def key(guid: object) -> str:
    """A guid as it is compared."""
    return str(guid).lower()


def _same(value: object) -> Any:
    return value.lower() if isinstance(value, str) else value


def dig(value: Any, path: str) -> list[Any]:
    """The values at a dotted path, through objects and lists; missing and null ones left out."""
    found = [value]
    for word in path.split("."):
        found = [v.get(word) for v in _flat(found) if isinstance(v, Mapping)]
    return [v for v in _flat(found) if v is not None]


def _flat(values: list[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value


def stamp(time: datetime) -> str:
    """A time as the server writes it: UTC with milliseconds, so that texts sort as times."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """A time from a text; one without a zone is UTC. ValueError for anything else."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
