"""The process that is killed: runs onboarding or sync through `recon.flow`, and writes down what
came of it. A killed one leaves nothing but what the workbench itself has written."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from recon import flow
from recon.effects import Effect
from recon.errors import ReconError, Stop
from recon.workbench import Options

Command = Literal["plan", "onboard", "resume onboard", "sync"]
TRIES = 3


@dataclass(frozen=True, slots=True)
class Kill:
    """Die at the nth effect of this kind and label ('' for any that writes), before or after it."""

    kind: str
    label: str
    n: int
    when: Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Job:
    """What one client process does: commands in order, answers into a file.

    `broken` turns off that open effects are settled, to see that the test would see it.
    """

    profile: Path
    severa_url: str
    commands: tuple[Command, ...]
    answers: Path
    checksum: str = ""
    kill: Kill | None = None
    broken: bool = False


class Watcher:
    """Counts writing effects by kind and label, and ends the process at the one asked for."""

    def __init__(self, kill: Kill | None) -> None:
        self.seen: Counter[tuple[str, str]] = Counter()
        self._kill, self._count, self._fatal = kill, 0, 0
        self._lock = threading.Lock()

    def before(self, effect: Effect) -> None:
        if not effect.writes:
            return
        with self._lock:
            self.seen[effect.kind, effect.label] += 1
            if self._is_meant(effect):
                self._count += 1
                if self._kill and self._count == self._kill.n:
                    self._fatal = effect.number
        self._die(effect, "before")

    def after(self, effect: Effect) -> None:
        self._die(effect, "after")

    def _is_meant(self, effect: Effect) -> bool:
        kill = self._kill
        return kill is not None and (effect.kind, kill.label or effect.label) == (
            kill.kind,
            effect.label,
        )

    def _die(self, effect: Effect, when: str) -> None:
        if self._kill and self._fatal == effect.number and self._kill.when == when:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def main(job: Job, gate: Any) -> None:
    """Wait until the harness opens the gate, do the job, write the answers at once."""
    gate.recv()
    # Reports for people cost ten times what a small run costs, and change neither system.
    setattr(flow, "publish", no_report)  # noqa: B010
    if job.broken:
        setattr(flow, "settle", _forgotten)  # noqa: B010
    watcher = Watcher(job.kill)
    answers = [_answer(job, command, watcher) for command in job.commands]
    effects = [[kind, label, count] for (kind, label), count in sorted(watcher.seen.items())]
    text = json.dumps({"answers": answers, "effects": effects}, ensure_ascii=False)
    part = job.answers.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(job.answers)


def no_report(*_: Any, shown: Any = None) -> list[Path]:
    """In place of `flow.publish`: reports are not what is tested here."""
    return []


def _forgotten(bench: flow.Bench) -> dict[Any, str]:
    """What a workbench would do that takes every open effect for one that did not happen."""
    for entry in bench.journal.open():
        with bench.store.write("settled") as writer:
            bench.journal.ended(
                writer, entry.plan_run, entry.operation.id, ("not done", "not looked for", None)
            )
    return {}


def _answer(job: Job, command: Command, watcher: Watcher) -> dict[str, Any]:
    try:
        return {"document": _done(job, command, watcher), "error": None}
    except ReconError as error:
        return {"document": {}, "error": f"{type(error).__name__}: {error}"}


def _done(job: Job, command: Command, watcher: Watcher) -> dict[str, Any]:
    if command == "resume onboard":
        return _resumed(job, watcher)
    with _opened(job, watcher, full=command != "sync") as bench:
        if command == "plan":
            return flow.document(flow.rehearse(bench)[1])
        if command == "onboard":
            return flow.document(flow.onboard(bench, job.checksum))
        return flow.document(flow.sync(bench))


def _opened(job: Job, watcher: Watcher, *, full: bool) -> Any:
    options = Options(full=full, severa_url=job.severa_url, watchers=(watcher,))
    return flow.open(job.profile, run_options=options)


def _resumed(job: Job, watcher: Watcher) -> dict[str, Any]:
    """Plan anew and apply what was shown; what a first try only settled is planned again."""
    for tries in range(1, TRIES + 1):
        with _opened(job, watcher, full=True) as bench:
            shown = flow.rehearse(bench)[0]
        try:
            with _opened(job, watcher, full=True) as bench:
                return {**flow.document(flow.onboard(bench, shown.checksum)), "tries": tries}
        except Stop as error:
            if tries == TRIES or "checksum" not in str(error):
                raise
    raise AssertionError("unreachable")
