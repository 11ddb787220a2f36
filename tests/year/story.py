"""A year told month by month: drafts and books, a sync, users' acts, a sync; with or without
kills, lost answers and users who act while a sync runs."""

from __future__ import annotations

import json
import random
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from recon.sandbox import severa_server, world, year_acts, year_books, year_drafts
from recon.sandbox import year as years
from recon.sandbox.year import Year
from tests.kills.client import Kill
from tests.kills.companies import TEMPORARY
from tests.kills.processes import context
from tests.year import checker
from tests.year.worker import Job, main

KINDS = (("sql", "after"), ("http", "after"), ("store", "before")) + (
    ("sql", "before"),
    ("http", "before"),
    ("store", "after"),
)
LOST, AFTER = 0.05, 3
EARLY = 3
LIMIT_S, MOST = 1_800.0, 12
# What the server says of a call that a killed process was still sending.
CUT = "not valid JSON"
WRITES = r"/v1/(?!token|refreshtoken)"


@dataclass
class Told:
    """What happened in a year: figures by name, and how long each sync took."""

    figures: Counter[str] = field(default_factory=Counter)
    syncs: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    unknowns: list[Any] = field(default_factory=list)
    early: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0


class Story:
    """A company of a year in a folder, and what is done with it."""

    def __init__(self, folder: Path, year: Year, kills: int = 0) -> None:
        self.folder, self.year, self.kills = folder, year, kills
        self.told, self.rng = Told(), random.Random(f"story/{year.seed}")
        if folder.exists():
            severa_server.release(folder)
            shutil.rmtree(folder)
        self.profile = years.create(folder, year)
        self.steps: dict[str, int] = {}
        self.early: Path | None = None
        self.say: Callable[[str], None] = lambda text: None

    @property
    def months(self) -> int:
        """The year's months, and those in which its last documents are settled."""
        return self.year.months + AFTER

    def serve(self) -> None:
        """Serve the company's Severa, with guids that follow from the seed."""
        address = severa_server.attach(self.folder, quota=years.LIFTED, idle_minutes=60)
        self.url, self.door = address.base_url, address.control_url
        self._post("switches", {"guid_seed": self.year.seed})
        self.world = world.open_world(self.profile)

    def end(self) -> None:
        """End the server; what broke Severa's contract is a fault."""
        log = httpx.get(f"{self.door}/log", trust_env=False, timeout=60).json()
        broken = [one for one in log["violations"] if not (self.kills and CUT in str(one))]
        self.told.faults += [f"the contract: {one}" for one in broken]
        self.world.close()
        severa_server.release(self.folder)

    def tell(self) -> Told:
        """The whole year, until a sync has nothing left to do."""
        began = time.monotonic()
        self.serve()
        self._sync(command="onboard")
        for month in range(1, self.months + 1):
            self._month(month)
            if month == EARLY and self.early:
                self.told.early = idle(self.folder, self.early)
        self._until_idle()
        self.end()
        self.told.seconds = round(time.monotonic() - began, 1)
        return self.told

    def _month(self, month: int) -> None:
        if month <= self.year.months:
            self._act(lambda w: len(year_drafts.draft_month(w, self.year, month)), "drafted")
            self._act(lambda w: year_books.book_month(w, self.year, month), "booked")
        if self.kills:
            self._stormy(month)
        else:
            if month <= self.year.months:
                self._sync()
            self._act(lambda w: self._users(w, month), "acted")
            self._sync()
        before, self.steps = self.steps, checker.steps(self.folder)
        self.told.faults += checker.back(before, self.steps)

    def _users(self, both: world.World, month: int) -> int:
        """What users of Global do in a month with what earlier months left."""
        approved = year_books.approve_month(both, self.year, month)
        return approved + year_acts.act_month(both, self.year, month)

    def _act(self, do: Callable[[world.World], int], name: str) -> None:
        began = time.monotonic()
        self.told.figures[name] += do(self.world)
        self.say(f"  {name}: {time.monotonic() - began:.1f} s")

    def _stormy(self, month: int) -> None:
        """The month's syncs with faults, while users act on what earlier months left."""
        users = threading.Thread(target=self._act, args=(lambda w: self._users(w, month), "acted"))
        users.start()
        due = self.kills * month // self.year.months
        for at in range(2 * MOST):
            if self.told.figures["kills"] >= min(due, self.kills) or at >= MOST:
                break
            self._sync(self._kill(), LOST)
        users.join()
        self._until_idle(LOST)

    def _kill(self) -> Kill:
        kind, when = self.rng.choice(KINDS)
        share = max(2, self.year.invoices // self.year.months // 2)
        return Kill(kind, "", self.rng.randint(1, share), when)  # type: ignore[arg-type]

    def _until_idle(self, lost: float = 0.0) -> None:
        """Sync until nothing is written and nothing is left in doubt."""
        for _ in range(MOST):
            answer = self._sync(None, lost)
            document = answer["document"] if answer else {"operations": {"": 1}}
            if not document.get("operations") and not document.get("unknowns"):
                break
        else:
            self.told.faults.append(f"{MOST} syncs did not come to an end")
        self.told.unknowns = list(document.get("unknowns", []))

    def _sync(
        self, kill: Kill | None = None, lost: float = 0.0, command: Any = "sync"
    ) -> dict[str, Any] | None:
        """One sync in a process of its own; None where it was killed."""
        number = len(self.told.syncs)
        self._post("faults", self._lost_answers() if lost else [])
        job = Job(
            profile=self.profile,
            severa_url=self.url,
            answers=self.folder / "answers.json",
            kill=kill,
            lost=lost,
            dice=f"{self.year.seed}/{number}",
            command=command,
        )
        began = time.monotonic()
        answer = run(job)
        rules = httpx.get(f"{self.door}/faults", trust_env=False, timeout=60).json()
        self.told.figures["lost answers of Severa"] += sum(r["seen"] >= r["at"] for r in rules)
        self._note(answer, time.monotonic() - began)
        return answer

    def _lost_answers(self) -> list[dict[str, Any]]:
        """Of the writing calls of one sync every twentieth, on average, gets no answer."""
        rules, at = [], 0
        while at < max(200, 2 * self.year.invoices // self.year.months):
            at += self.rng.randint(1, 39)
            when = self.rng.choice(("after", "after", "before"))
            rules.append({"action": "lose", "when": when, "at": at, "methods": ["PATCH", "POST"],
                          "path": WRITES})  # fmt: skip
        return rules

    def _note(self, answer: dict[str, Any] | None, seconds: float) -> None:
        if answer is None:
            self.told.figures["kills"] += 1
            self.told.syncs.append({"killed": True, "seconds": round(seconds, 1)})
            self.say(f"  sync: killed after {seconds:.1f} s")
            return
        document = answer["document"]
        if error := document.get("error"):
            self.told.faults.append(f"a sync failed: {error}")
        self.told.figures["lost answers of Global"] += answer["lost"]
        self.told.figures["written"] += sum(document["operations"].values())
        self.told.syncs.append({
            "seconds": round(seconds, 1),
            "operations": document["operations"],
            "calls": document.get("calls"),
            "unknowns": len(document["unknowns"]),
        })  # fmt: skip
        self.say(f"  sync: {seconds:.1f} s {document['operations']}")

    def _post(self, name: str, sent: Any) -> None:
        answer = httpx.post(f"{self.door}/{name}", json=sent, trust_env=False, timeout=60)
        answer.raise_for_status()


def run(job: Job) -> dict[str, Any] | None:
    """What a sync's process answered; None if it was killed."""
    ours, theirs = context().Pipe()
    process = context().Process(target=main, args=(job, theirs), daemon=True)
    process.start()
    theirs.close()
    ours.send("go")
    process.join(LIMIT_S)
    ours.close()
    if process.is_alive():
        process.kill()
        process.join()
        raise RuntimeError(f"A sync did not end in {LIMIT_S:.0f} s")
    if not job.answers.exists():
        if process.exitcode is None or process.exitcode >= 0:
            raise RuntimeError(f"A sync ended with {process.exitcode} and without an answer")
        return None
    found: dict[str, Any] = json.loads(job.answers.read_text(encoding="utf-8"))
    job.answers.unlink()
    return found


def _copied(source: Path, scratch: Path, names: list[str]) -> None:
    """A copy, once the server that was ended has closed its files."""
    for tries in range(10):
        shutil.rmtree(scratch, ignore_errors=True)
        try:
            shutil.copytree(source, scratch, ignore=lambda *_: names)
            return
        except shutil.Error:
            if tries == 9:
                raise
            time.sleep(1)


def idle(source: Path, scratch: Path) -> dict[str, Any]:
    """What a sync costs that has nothing to do, a month after all was written: calls by kind, rows
    of Global by table. Measured on a copy."""
    names = [path.name for path in source.iterdir() if TEMPORARY.match(path.name)]
    _copied(source, scratch, names)
    from recon.sandbox.age import age

    with world.open_world(scratch) as both:
        age(both, 30)
    address = severa_server.attach(scratch, quota=years.LIFTED)
    job = Job(scratch / "profile.toml", address.base_url, scratch / "answers.json")
    answers = [run(job) for _ in range(3)]
    severa_server.release(scratch)
    shutil.rmtree(scratch)
    last = answers[-1]
    assert last is not None
    return {
        "seconds": last["seconds"],
        "operations": last["document"]["operations"],
        "calls": {n: c for n, c in last["document"]["calls"].items() if c},
        "rows": sum(last["rows"].values()),
        "rows by table": {n: c for n, c in last["rows"].items() if c},
    }
