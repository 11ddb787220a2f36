"""The process that is killed: runs onboarding or sync through `recon.flow`, and writes down what
came of it. A killed one leaves nothing but what the workbench itself has written."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from recon import flow
from recon.effects import Effect
from recon.errors import ReconError, Stop
from recon.shapes import Facts
from recon.workbench import Options
from tests.waiving import rehearsed, waived

Command = Literal["plan", "onboard", "resume onboard", "sync", "plan codes", "apply codes"]
When = Literal["before", "after"]
TRIES = 3
CODES = "codes.json"


@dataclass(frozen=True, slots=True)
class Kill:
    """Die at the nth effect of this kind and label ('' for any that writes), before or after it."""

    kind: str
    label: str
    n: int
    when: When


@dataclass(frozen=True, slots=True)
class Job:
    """What one client process does: commands in order, answers into a file. The code plan is
    saved and found beside the profile.

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
        document, narrow = _done(job, command, watcher)
        return {"document": document, "narrow": narrow, "error": None}
    except ReconError as error:
        return {"document": {}, "narrow": False, "error": f"{type(error).__name__}: {error}"}


def _done(job: Job, command: Command, watcher: Watcher) -> tuple[dict[str, Any], bool]:
    """The run's document; whether it looked at no more than the families of what changed."""
    if command == "resume onboard":
        return _resumed(job, watcher), False
    with _opened(job, watcher, full=command in ("plan", "onboard")) as bench:
        return flow.document(DO[command](bench, job)), bench.mirror.narrow


def _plan(bench: flow.Bench, _job: Job) -> Facts:
    shown = flow.rehearse(bench)[1]
    waived(bench, shown)
    return shown


def _plan_codes(bench: flow.Bench, job: Job) -> Facts:
    shown, facts = flow.code_plan(bench)
    flow.save(shown, job.profile.parent / CODES)
    return replace(facts, checksum=shown.checksum)


def _apply_codes(bench: flow.Bench, job: Job) -> Facts:
    return flow.apply(bench, flow.load(job.profile.parent / CODES), job.checksum)


DO: Mapping[Command, Callable[[flow.Bench, Job], Facts]] = {
    "plan": _plan,
    "onboard": lambda bench, job: flow.onboard(bench, job.checksum),
    "sync": lambda bench, _: flow.sync(bench),
    "plan codes": _plan_codes,
    "apply codes": _apply_codes,
}


def _opened(job: Job, watcher: Watcher, *, full: bool) -> Any:
    options = Options(full=full, severa_url=job.severa_url, watchers=(watcher,))
    return flow.open(job.profile, run_options=options)


def _resumed(job: Job, watcher: Watcher) -> dict[str, Any]:
    """Plan anew and apply what was shown; what a first try only settled is planned again."""
    for tries in range(1, TRIES + 1):
        with _opened(job, watcher, full=True) as bench:
            shown = rehearsed(bench)
        try:
            with _opened(job, watcher, full=True) as bench:
                return {**flow.document(flow.onboard(bench, shown.checksum)), "tries": tries}
        except Stop as error:
            if tries == TRIES or "checksum" not in str(error):
                raise
    raise AssertionError("unreachable")
