"""The process of one sync: it may be killed at an effect, lose answers of Global's commits, and
count what it reads. What it finds out goes into a file at its end."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy.sql import visitors
from sqlalchemy.sql.selectable import TableClause

from recon import flow
from recon.effects import Effect
from recon.errors import ReconError, Unknown
from recon.systems.visma_global import VismaGlobal
from recon.workbench import Options
from tests.kills.client import Kill, no_report
from tests.waiving import rehearsed


@dataclass(frozen=True, slots=True)
class Job:
    """One sync: of which company, against which server, where its answer goes, how it ends.

    `lost` is the share of Global's commits whose answer is lost; `dice` decides which.
    """

    profile: Path
    severa_url: str
    answers: Path
    kill: Kill | None = None
    lost: float = 0.0
    dice: str = ""
    command: Literal["sync", "onboard"] = "sync"


class Watcher:
    """Ends the process at a writing effect, or loses the answer of a commit."""

    def __init__(self, job: Job) -> None:
        self.seen: Counter[str] = Counter()
        self.lost = 0
        self._kill, self._share = job.kill, job.lost
        self._rng = random.Random(job.dice)
        self._fatal = 0
        self._lock = threading.Lock()

    def before(self, effect: Effect) -> None:
        if not effect.writes:
            return
        with self._lock:
            self.seen[effect.kind] += 1
            kill = self._kill
            if kill and kill.kind == effect.kind and self.seen[effect.kind] == kill.n:
                self._fatal = effect.number
        self._die(effect, "before")

    def after(self, effect: Effect) -> None:
        self._die(effect, "after")
        if effect.kind == "sql" and effect.writes:
            with self._lock:
                lose = self._rng.random() < self._share
                self.lost += lose
            if lose:
                raise Unknown("The answer to a commit was lost", where="Visma Global")

    def _die(self, effect: Effect, when: str) -> None:
        if self._kill and self._fatal == effect.number and self._kill.when == when:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def main(job: Job, gate: Any) -> None:
    """Wait until the gate opens, do the sync, write the answer at once."""
    gate.recv()
    setattr(flow, "publish", no_report)  # noqa: B010
    watcher, read = Watcher(job), _counting()
    began = time.monotonic()
    try:
        document: dict[str, Any] = _done(job, watcher)
    except ReconError as error:
        document = {"error": f"{type(error).__name__}: {error}", "operations": {}, "unknowns": []}
    answer = {
        "document": document,
        "seconds": round(time.monotonic() - began, 2),
        "writes": dict(watcher.seen),
        "lost": watcher.lost,
        "rows": dict(read),
    }
    part = job.answers.with_suffix(".part")
    part.write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")
    part.replace(job.answers)


def _done(job: Job, watcher: Watcher) -> dict[str, Any]:
    options = Options(severa_url=job.severa_url, watchers=(watcher,))
    if job.command == "onboard":
        with flow.open(job.profile, run_options=Options(severa_url=job.severa_url)) as bench:
            checksum = rehearsed(bench).checksum
        with flow.open(job.profile, run_options=options) as bench:
            return flow.document(flow.onboard(bench, checksum))
    with flow.open(job.profile, run_options=options) as bench:
        return flow.document(flow.sync(bench))


def _counting() -> Counter[str]:
    """Rows of Global that come back from each read, by the tables that it names."""
    counts: Counter[str] = Counter()
    plain = VismaGlobal.read

    def read(self: VismaGlobal, statement: Any, params: Any = None) -> list[dict[str, Any]]:
        found = plain(self, statement, params)
        counts[" ".join(_tables(statement))] += len(found)
        return found

    setattr(VismaGlobal, "read", read)  # noqa: B010
    return counts


def _tables(statement: Any) -> list[str]:
    """The tables that a select names."""
    return sorted({t.name for t in visitors.iterate(statement) if isinstance(t, TableClause)})
