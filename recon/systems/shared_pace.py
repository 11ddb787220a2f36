"""One pace for all processes of this user on this machine that work in one Severa organisation.

It stands in a small SQLite file, at which one process is at a time; the file's lock goes with its
holder, so that a killed one holds up nobody. Moments are those of `time.monotonic`, which is one
clock for all processes of a machine and which nobody can set. Where the file cannot be used, a
process goes on at a pace of its own and tells so once.
"""

from __future__ import annotations

import hashlib
import json
import re
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from recon.systems.pacer import Pace

PATIENCE_S = 2.0  # the lock is held for less than a millisecond: a longer holder is stuck
SKEW_S = 5.0  # a moment further ahead than this was noted before the machine was last started
IDLE_S = 120.0  # what nobody used for so long is forgotten; longer than any pause
TABLE = (
    "CREATE TABLE IF NOT EXISTS pace (organisation TEXT PRIMARY KEY, at REAL NOT NULL, "
    "state TEXT NOT NULL) WITHOUT ROWID"
)
READ = "SELECT at, state FROM pace WHERE organisation = ?"
WRITE = "INSERT OR REPLACE INTO pace VALUES (?, ?, ?)"
TIDY = "DELETE FROM pace WHERE at NOT BETWEEN ? AND ?"


def organisation(named: str, base_url: str, client_id: str) -> str:
    """The name under which processes share a pace; the client id cannot be read from it."""
    where = base_url.rstrip("/").casefold()
    whose = f"named {named.strip().casefold()}" if named.strip() else f"{where} {client_id}"
    return hashlib.sha256(whose.encode()).hexdigest()[:32]


class Shared:
    """Keeps an organisation's pace in a file; safe to use from several threads and processes.

    `tell` hears in one sentence why the pace cannot be shared, if it cannot.
    """

    def __init__(
        self, folder: Path, name: str, pace: Pace, tell: Callable[[str], None] = lambda text: None
    ) -> None:
        self._path = folder / f"pace-{re.sub(r'[^A-Za-z0-9-]', '-', socket.gethostname())}.db"
        self._name, self._pace, self._tell = name, pace, tell
        self._quota = pace.quota
        self._lock = threading.Lock()
        self._file: sqlite3.Connection | None = None
        try:
            self._file = _opened(self._path, pace.seen)
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)

    def close(self) -> None:
        """Let go of the file; the pace is then this process's own."""
        with self._lock:
            self._leave()

    @contextmanager
    def held(self, now: float) -> Iterator[Pace]:
        """The pace as its last holder left it, while nobody else has it."""
        with self._lock:
            self._do(self._load, now)
            try:
                yield self._pace
            finally:
                self._do(self._save, now)

    def _do(self, step: Callable[[sqlite3.Connection, float], None], now: float) -> None:
        if self._file:
            try:
                step(self._file, now)
            except sqlite3.Error as error:
                self._give_up(error)

    def _load(self, file: sqlite3.Connection, now: float) -> None:
        file.execute("BEGIN IMMEDIATE")
        found = file.execute(READ, (self._name,)).fetchone()
        known = _revived(found[1]) if found and _now_and_here(found[0], now) else None
        self._pace = known or Pace.fresh(self._quota, now)
        self._pace.limit(self._quota)

    def _save(self, file: sqlite3.Connection, now: float) -> None:
        file.execute(WRITE, (self._name, now, json.dumps(asdict(self._pace))))
        file.execute("COMMIT")

    def _give_up(self, error: Exception) -> None:
        self._leave()
        self._tell(
            "The pace of the calls to Severa is not shared with other runs on this machine: "
            f"{self._path} cannot be used ({type(error).__name__})"
        )

    def _leave(self) -> None:
        if self._file:
            self._file.close()
            self._file = None


def _opened(path: Path, now: float) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None, check_same_thread=False)
    try:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
            file.execute(f"PRAGMA {pragma}").fetchall()
        file.execute(TABLE)
        file.execute(TIDY, (now - IDLE_S, now + SKEW_S))
    except sqlite3.Error:
        file.close()
        raise
    return file


def _now_and_here(at: float, now: float) -> bool:
    """Whether a moment is a recent one of this clock."""
    return now - IDLE_S < at < now + SKEW_S


def _revived(text: str) -> Pace | None:
    """A pace from its JSON; None where another version wrote it."""
    try:
        return Pace(**json.loads(text))
    except (TypeError, ValueError):
        return None
