"""How well the quota is used: share used, answers 429, calls lost, and how much was serial.

    python bench/pace.py [--calls 400] [--size 60]

A fresh sandbox answers with a random latency of 50 to 900 ms at a quota of 10 calls per second.
`lookups` are independent calls, more than four always ready; `shared` are the same while a second
client takes 3 calls per second; `lists` reads a company's lists, whose pages hang on each other;
`companies` are two companies of one organisation at once, a process each. The pace stands in a
file, as in every run. The tables go to stdout, the figures to bench/out/pace.json.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from recon import settings  # noqa: E402
from recon.effects import Effect, Effects  # noqa: E402
from recon.sandbox import severa_server, world  # noqa: E402
from recon.spec import Listing
from recon.systems.pacer import Pace, Pacer  # noqa: E402
from recon.systems.severa import Options, Severa, parallel  # noqa: E402
from recon.systems.severa_scopes import SCOPES  # noqa: E402
from recon.systems.shared_pace import Shared  # noqa: E402

QUOTA, OTHERS = 10, 3.0
PAGE = 20  # small pages make a small company's lists as long as a large one's
LATENCY_MS = [50, 900]
OUT = Path(__file__).parent / "out" / "pace.json"
LISTS = [
    Listing("/v1/customers", "token", 1000),
    Listing("/v1/users", "token", 1000),
    Listing("/v1/products", "token", 1000),
    Listing("/v1/projects", "token", 100),
    Listing("/v1/invoices", "token", 1000),
    Listing("/v1/businessunits", "rows", 100),
    Listing("/v1/addresses", "rows", 100),
    Listing("/v1/contactpersons", "rows", 100),
    Listing("/v1/contactcommunications", "rows", 100),
    Listing("/v1/worktypes", "rows", 100),
]


@dataclass(frozen=True)
class Figures:
    """One run: `share` of the quota that was free for us, `limited` share of answers that were
    429, `serial` share of the time in which only one call was under way."""

    name: str
    calls: int
    seconds: float
    per_second: float
    share: float
    limited: float
    lost: int
    serial: float


@dataclass(frozen=True)
class Together:
    """Two companies, while both were at work: `per_second` and `share` of the quota are their sum,
    `fair` is the smaller part by the larger one, `most` is what both sent in any second."""

    name: str
    calls: int
    seconds: float
    per_second: float
    share: float
    limited: float
    fair: float
    most: int


class Clockwork:
    """A watcher that notes when each call began and ended."""

    def __init__(self) -> None:
        self.moments: list[tuple[float, int]] = []
        self._lock = threading.Lock()

    def before(self, effect: Effect) -> None:
        self._note(1)

    def after(self, effect: Effect) -> None:
        self._note(-1)

    def _note(self, step: int) -> None:
        with self._lock:
            self.moments.append((time.monotonic(), step))

    @property
    def began(self) -> list[float]:
        return [moment for moment, step in self.moments if step == 1]

    def serial(self) -> float:
        """The share of the time in which exactly one call was under way."""
        alone, under_way = 0.0, 0
        for (moment, step), (after, _) in zip(self.moments, self.moments[1:], strict=False):
            under_way += step
            alone += (after - moment) * (under_way == 1)
        return alone / (self.moments[-1][0] - self.moments[0][0])


class Sandbox:
    """A company in a folder of its own, and its server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.profile = settings.load(folder / "profile.toml")
        address = severa_server.attach(folder)
        self.url, self._door = address.base_url, address.control_url

    @classmethod
    def make(cls, folder: Path, size: int) -> Sandbox:
        world.create(folder, size)
        return cls(folder)

    def tell(self, what: str, body: Any) -> None:
        httpx.post(f"{self._door}/{what}", json=body, trust_env=False).raise_for_status()

    def log(self) -> dict[str, Any]:
        return self._ask("log")

    def dump(self) -> dict[str, Any]:
        return self._ask("dump")

    def _ask(self, what: str) -> dict[str, Any]:
        answer = httpx.get(f"{self._door}/{what}", trust_env=False, timeout=60).json()
        assert isinstance(answer, dict)
        return answer

    def forget(self) -> None:
        httpx.delete(f"{self._door}/log", trust_env=False).raise_for_status()

    @contextmanager
    def severa(self, clockwork: Clockwork, name: str) -> Iterator[Severa]:
        """The transport; the pace of each measurement begins anew under its name."""
        given = self.profile.severa.model_copy(
            update={"base_url": self.url, "quota": QUOTA, "page": PAGE}
        )
        pace = Pace.fresh(QUOTA, time.monotonic())
        keeper = Shared(settings.state_folder(), name, pace, sys.exit)
        made = Severa(
            given,
            Effects(clockwork),
            client_id=self.profile.secret(given.client_id),
            client_secret=self.profile.secret(given.client_secret),
            options=Options(
                scopes=(*SCOPES, "users:read", "invoices:read"),
                gate=Pacer(QUOTA, keeper=keeper),
            ),
        )
        with made as severa:
            yield severa
        keeper.close()


Work = Callable[[Severa, Any, int], int]


def lookups(severa: Severa, sandbox: Any, calls: int) -> int:
    """Independent calls; gives the number of answers that were not there."""
    answers = parallel([partial(severa.get, "/v1/vatrates") for _ in range(calls)])
    return sum(not answer for answer in answers)


def lists(severa: Severa, sandbox: Sandbox, calls: int) -> int:
    """The lists of a company at the same time; gives the number of rows that were lost."""
    answers = parallel([partial(severa.read, listing) for listing in LISTS])
    held = sandbox.dump()
    names = [listing.path.removeprefix("/v1/") for listing in LISTS]
    return sum(len(held.get(n, ())) - len(rows) for n, rows in zip(names, answers, strict=True))


def measure(sandbox: Sandbox, work: Work, name: str, others: float, calls: int) -> Figures:
    sandbox.tell("switches", {"latency_ms": LATENCY_MS, "quota": QUOTA, "other_clients": others})
    clockwork = Clockwork()
    with sandbox.severa(clockwork, name) as severa:
        severa.get("/v1/vatrates")  # the token, and whatever the server does only once
        time.sleep(1.1)
        sandbox.forget()
        clockwork.moments.clear()
        lost = work(severa, sandbox, calls)
        refused = severa.calls["429"]
    log = sandbox.log()
    began = clockwork.began
    seconds = began[-1] - began[0]
    done = len(began) - 1 - refused
    return Figures(
        name,
        len(began),
        round(seconds, 2),
        round(done / seconds, 2),
        round(done / seconds / (QUOTA - others), 3),
        round(log["limited"] / log["total"], 4),
        lost,
        round(clockwork.serial(), 3),
    )


def company(folder: Path, calls: int) -> None:
    """One of two companies: a process that prints when it sent its calls, and its refusals."""
    clockwork = Clockwork()
    with Sandbox(folder).severa(clockwork, "companies") as severa:
        lookups(severa, None, calls)
        print(json.dumps({"began": clockwork.began, "limited": severa.calls["429"]}))


def together(sandbox: Sandbox, calls: int) -> Together:
    """The figures of two companies at once, `calls` each."""
    sandbox.tell("switches", {"latency_ms": LATENCY_MS, "quota": QUOTA, "other_clients": 0.0})
    command = [sys.executable, __file__, "--calls", str(calls), "--company", str(sandbox.folder)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = [json.loads(worker.communicate()[0]) for worker in started]
    begun = max(one["began"][0] for one in told)
    until = min(one["began"][-1] for one in told)
    parts = [sum(begun <= moment <= until for moment in one["began"]) for one in told]
    rate = (sum(parts) - 1) / (until - begun)
    sent = sorted(moment for one in told for moment in one["began"])
    return Together(
        "companies",
        len(sent),
        round(until - begun, 2),
        round(rate, 2),
        round(rate / QUOTA, 3),
        round(sum(one["limited"] for one in told) / len(sent), 4),
        round(min(parts) / max(parts), 3),
        max(sum(s <= t < s + 1.0 for t in sent[at : at + 50]) for at, s in enumerate(sent)),
    )


def show(rows: Sequence[Figures | Together]) -> None:
    heads = list(asdict(rows[0]))
    print("  ".join(f"{head:>10}" for head in heads))
    for row in rows:
        print("  ".join(f"{value:>10}" for value in asdict(row).values()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--size", type=int, default=60)
    parser.add_argument("--company", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.company:
        company(given.company, given.calls)
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ["RECON_STATE"] = folder
        sandbox = Sandbox.make(Path(folder) / "company", given.size)
        try:
            rows = [
                measure(sandbox, lookups, "lookups", 0.0, given.calls),
                measure(sandbox, lookups, "shared", OTHERS, given.calls),
                measure(sandbox, lists, "lists", 0.0, given.calls),
            ]
            both = together(sandbox, given.calls // 2)
        finally:
            severa_server.release(sandbox.profile.folder)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([asdict(row) for row in [*rows, both]], indent=2), encoding="utf-8")
    show(rows)
    show([both])


if __name__ == "__main__":
    main()
