"""Two runs for one company never overlap: one lease per company in the store.

A lease is taken over at once when its owner on the same host is dead (process id and start time),
else when it has expired. It is checked before every writing effect and renewed on the way.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.exc import IntegrityError

from recon import store as memory
from recon.effects import Effect
from recon.errors import Busy, Stop
from recon.store import Store

DURATION = timedelta(seconds=120)


def started(pid: int) -> str:
    """When a process of this host started, in the system's own words; '' if it does not run."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            words = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if words[0] == "Z" else words[19]
    return "running" if _alive(pid) else ""


def _alive(pid: int) -> bool:
    if os.name == "nt":
        import ctypes

        windows: Any = ctypes.windll  # type: ignore[attr-defined]
        handle = windows.kernel32.OpenProcess(0x1000, 0, pid)
        if handle:
            windows.kernel32.CloseHandle(handle)
        return bool(handle)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class Lease:
    """A held lease; as a watcher of effects it forbids every write once it is lost."""

    def __init__(self, store: Store, run: str) -> None:
        self._store, self._run = store, run
        self._until = 0.0
        self._lock = threading.Lock()

    @property
    def left(self) -> float:
        """Seconds until it expires."""
        return self._until - time.monotonic()

    def take(self) -> None:
        """Take the lease, or raise `Busy` at once naming the owner."""
        try:
            with self._store.write("lease take") as writer:
                found = self._store_rows(writer)
                if found and found["run"] != self._run and _valid(found):
                    raise Busy(
                        f"Another run of this company is under way since {found['run'][:15]}",
                        where=f"host {found['host']}, process {found['pid']}, run {found['run']}",
                        todo="Wait until it has ended, then run again",
                    )
                if found:
                    writer.clear(memory.lease, run=found["run"])
                writer.insert(memory.lease, [self._row()])
        except IntegrityError:
            raise Busy(
                "Another run of this company began at the same moment",
                todo="Wait until it has ended, then run again",
            ) from None
        self._until = time.monotonic() + DURATION.total_seconds()

    def _store_rows(self, writer: memory.Writer) -> dict[str, Any] | None:
        rows = writer.select(self._store.of(memory.lease))
        return rows[0] if rows else None

    def _row(self) -> dict[str, Any]:
        pid = os.getpid()
        expires = (datetime.now(UTC) + DURATION).isoformat(timespec="milliseconds")
        return {
            "company": self._store.company,
            "host": socket.gethostname(),
            "pid": pid,
            "started": started(pid),
            "run": self._run,
            "expires": expires,
        }

    def renew(self) -> None:
        """Prolong the lease if a third of it has passed; `Stop` if someone else took it."""
        with self._lock:
            if self.left > DURATION.total_seconds() * 2 / 3:
                return
            with self._store.write("lease renew") as writer:
                found = self._store_rows(writer)
                if not found or found["run"] != self._run:
                    raise Stop("This run lost its lease to another run", todo="Run again")
                writer.put(memory.lease, [self._row()], ["company"])
            self._until = time.monotonic() + DURATION.total_seconds()

    def before(self, effect: Effect) -> None:
        """Watcher: no write into another system without a valid lease."""
        if effect.writes and effect.kind != "store" and self.left <= 0:
            raise Stop(
                "This run lost its lease: it was not renewed in time", todo="Run again; it resumes"
            )

    def after(self, effect: Effect) -> None: ...

    def release(self) -> None:
        """Give the lease back."""
        with self._store.write("lease release") as writer:
            writer.clear(memory.lease, run=self._run)
        self._until = 0.0


def _valid(row: dict[str, Any]) -> bool:
    if row["host"] == socket.gethostname():
        return bool(row["started"]) and started(row["pid"]) == row["started"]
    return str(row["expires"]) > memory.now()


@contextmanager
def held(store: Store, run: str) -> Iterator[Lease]:
    """Hold the company's lease for the length of a block."""
    lease = Lease(store, run)
    lease.take()
    try:
        yield lease
    finally:
        lease.release()
