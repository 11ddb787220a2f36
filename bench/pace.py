"""How well the quota is used: share used, answers 429, calls lost, and how much was serial.

    python bench/pace.py [--calls 400] [--size 60]

A fresh sandbox answers with a random latency of 50 to 900 ms at a quota of 10 calls per second.
`lookups` are independent calls, more than four always ready; `shared` are the same while a second
client takes 3 calls per second; `lists` reads a company's lists, whose pages hang on each other.
The table goes to stdout, the figures to bench/out/pace.json.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
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
from recon.systems.severa import Options, Severa, parallel  # noqa: E402
from recon.systems.severa_scopes import SCOPES  # noqa: E402

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

    def __init__(self, folder: Path, size: int) -> None:
        self.profile = settings.load(world.create(folder, size))
        address = severa_server.attach(folder)
        self.url, self._door = address.base_url, address.control_url

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
    def severa(self, clockwork: Clockwork) -> Iterator[Severa]:
        given = self.profile.severa.model_copy(
            update={"base_url": self.url, "quota": QUOTA, "page": PAGE}
        )
        made = Severa(
            given,
            Effects(clockwork),
            client_id=self.profile.secret(given.client_id),
            client_secret=self.profile.secret(given.client_secret),
            options=Options(scopes=(*SCOPES, "users:read", "invoices:read")),
        )
        with made as severa:
            yield severa


Work = Callable[[Severa, Sandbox, int], int]


def lookups(severa: Severa, sandbox: Sandbox, calls: int) -> int:
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
    with sandbox.severa(clockwork) as severa:
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


def show(rows: list[Figures]) -> None:
    heads = list(asdict(rows[0]))
    print("  ".join(f"{head:>10}" for head in heads))
    for row in rows:
        print("  ".join(f"{value:>10}" for value in asdict(row).values()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--size", type=int, default=60)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sandbox = Sandbox(Path(folder) / "company", given.size)
        try:
            rows = [
                measure(sandbox, lookups, "lookups", 0.0, given.calls),
                measure(sandbox, lookups, "shared", OTHERS, given.calls),
                measure(sandbox, lists, "lists", 0.0, given.calls),
            ]
        finally:
            severa_server.release(sandbox.profile.folder)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([asdict(row) for row in rows], indent=2), encoding="utf-8")
    show(rows)


if __name__ == "__main__":
    main()
