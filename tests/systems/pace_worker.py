"""One of several processes that call one Severa: `python -m tests.systems.pace_worker`.

Arguments: profile, address, how many calls, how many threads. Prints the moments at which calls
were sent, on the machine's common clock, how many were refused for the quota, and what it noted.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from recon import flow
from recon.effects import Effect
from recon.workbench import Options


class Moments:
    """A watcher that notes when each call was sent."""

    def __init__(self) -> None:
        self.sent: list[float] = []
        self._lock = threading.Lock()

    def before(self, effect: Effect) -> None:
        if effect.kind == "http":
            with self._lock:
                self.sent.append(time.monotonic())

    def after(self, effect: Effect) -> None: ...


def main(profile: str, url: str, calls: int, threads: int) -> None:
    moments = Moments()
    options = Options(severa_url=url, watchers=(moments,))
    with (
        flow.open(Path(profile), run_options=options) as bench,
        ThreadPoolExecutor(threads) as pool,
    ):
        list(pool.map(lambda _: bench.severa.get("/v1/vatrates"), range(calls)))
        told = {
            "sent": moments.sent,
            "limited": bench.severa.calls["429"],
            "notes": [note.text for note in bench.notes],
        }
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
