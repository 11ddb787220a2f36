"""The server's documents: in memory for reading, in SQLite before any answer.

A document is never changed in place: put a new one. Guids are compared without case.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from recon.sandbox.growing import all_stay

Doc = dict[str, Any]
AT_ONCE = 1000

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


class Entry(NamedTuple):
    """A document and its place in the list: places only grow."""

    position: int
    doc: Doc


Moment = Callable[[Doc], str]


def place(entry: Entry) -> int:
    """Where a document stands in its list."""
    return entry.position


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
        self._lists: dict[str, list[Entry]] = {}
        self._orders: dict[str, dict[Moment, list[tuple[str, str]]]] = defaultdict(dict)
        self._changed: dict[tuple[str, str], Entry | None] = {}
        self._position = 0
        self._load()

    def close(self) -> None:
        self._db.close()

    @property
    def collections(self) -> list[str]:
        return sorted(name for name, entries in self._entries.items() if entries)

    def entries(self, collection: str) -> Sequence[Entry]:
        """A collection's documents with their places, oldest first."""
        if collection not in self._lists:
            self._lists[collection] = sorted(self._entries[collection].values(), key=place)
        return self._lists[collection]

    def since(self, collection: str, moment: Moment, least: str) -> Sequence[Entry]:
        """The documents whose moment is not before `least`, oldest place first; a document's
        moment is a text that sorts, '' for none."""
        orders, entries = self._orders[collection], self._entries[collection]
        if moment not in orders:
            orders[moment] = sorted((moment(e.doc), guid) for guid, e in entries.items())
        rows = orders[moment]
        found = (entries[guid] for _, guid in rows[bisect_left(rows, (least, "")) :])
        return sorted(found, key=place)

    def all(self, collection: str) -> Iterator[Doc]:
        """A collection's documents, oldest first."""
        return (entry.doc for entry in self.entries(collection))

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
        rows = self._db.execute(
            "SELECT collection, guid, position, body FROM documents ORDER BY position"
        )
        with all_stay():
            while several := rows.fetchmany(AT_ONCE):
                # Parsed as one text, documents share the names of their fields.
                docs = json.loads(f"[{','.join(body for *_, body in several)}]")
                for (collection, guid, position, _), doc in zip(several, docs, strict=True):
                    self._entries[collection][guid] = Entry(position, doc)
                    self._index_new(collection, guid, doc)
                self._position = several[-1][2]

    def _next(self) -> int:
        self._position += 1
        return self._position

    def _remember(self, collection: str, guid: str, old: Entry | None) -> None:
        self._changed.setdefault((collection, guid), old)

    def _set(self, collection: str, guid: str, entry: Entry | None) -> None:
        old = self._entries[collection].pop(guid, None) if entry is None else None
        old = old or self._entries[collection].get(guid)
        self._lists.pop(collection, None)
        if old:
            self._index_old(collection, guid, old.doc)
            for moment, rows in self._orders[collection].items():
                del rows[bisect_left(rows, (moment(old.doc), guid))]
        if entry:
            self._entries[collection][guid] = entry
            self._index_new(collection, guid, entry.doc)
            for moment, rows in self._orders[collection].items():
                insort(rows, (moment(entry.doc), guid))

    def _index_new(self, collection: str, guid: str, doc: Doc) -> None:
        for path in INDEXED.get(collection, ()):
            index = self._index[collection, path]
            for value in dig(doc, path):
                index.setdefault(_same(value), {})[guid] = None

    def _index_old(self, collection: str, guid: str, doc: Doc) -> None:
        for path in INDEXED.get(collection, ()):
            index = self._index[collection, path]
            for value in map(_same, dig(doc, path)):
                guids = index.get(value, {})
                guids.pop(guid, None)
                if not guids:
                    index.pop(value, None)

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
    one = value
    for word in _words(path):
        if one is None:
            return []
        if not isinstance(one, dict):
            return _dug(value, path)
        one = one.get(word)
    if isinstance(one, list):
        return _dug(value, path)
    return [] if one is None else [one]


@cache
def _words(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))


def _dug(value: Any, path: str) -> list[Any]:
    """The same where there may be lists."""
    found = [value]
    for word in _words(path):
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
