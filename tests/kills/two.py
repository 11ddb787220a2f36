"""Two processes that sync one company at the same moment: one runs, the other is turned away.

Both call the command line in a process that has already loaded everything, wait at one gate, and
measure from there: what is measured is the workbench's own time until it gives up, and until it
ends.
"""

from __future__ import annotations

import contextlib
import io
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from recon import cli, flow
from recon.sandbox import acts_global, world
from recon.sandbox.world import World
from tests.kills import checker
from tests.kills.client import no_report
from tests.kills.companies import PROFILE, copy, idle
from tests.kills.processes import Server, context, served

TIMES = 50
LIMIT_S = 90.0
LATENCY_MS = [30, 60]
TURNED_AWAY = 3


@dataclass(frozen=True, slots=True)
class Ended:
    """One call of the command line: its exit code, its document, seconds from the gate on."""

    code: int
    document: dict[str, Any]
    seconds: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two calls at once, the one that ran first."""

    ran: Ended
    turned_away: Ended

    def problems(self) -> list[str]:
        """What speaks against "one runs, the other exits 3 and says why"."""
        found = []
        if self.ran.code not in (0, 1):
            found.append(f"the one that ran ended with {self.ran.code}: {self.ran.document}")
        if self.turned_away.code != TURNED_AWAY:
            found.append(f"the other ended with {self.turned_away.code}, not {TURNED_AWAY}")
        elif "Another run" not in str(self.turned_away.document.get("error")):
            found.append(f"the other said {self.turned_away.document.get('error')}")
        return found


def at_once(start: Path, scratch: Path, times: int) -> tuple[list[Pair], list[str]]:
    """Sync a copy of a company so many times, two at once each time, with a user's edit between;
    the pairs, and what both systems show against it in the end."""
    folder = copy(start, scratch)
    before = checker.read(folder)
    with served(folder) as server:
        server.switch({"latency_ms": LATENCY_MS})
        pairs = list(_pairs(folder, server, times))
        last = _both(folder, server, 1)[0]
    problems = idle({"error": last.document["error"], "document": last.document})
    after = checker.read(folder)
    problems += checker.duplicates(before, after) + checker.lost(before, after)
    return pairs, problems


def _pairs(folder: Path, server: Server, times: int) -> Iterator[Pair]:
    opened = world.open_world(folder)
    for at in range(times):
        _edited(opened, at)
        first, second = sorted(_both(folder, server, 2), key=lambda one: one.code)
        yield Pair(first, second)


def _edited(opened: World, at: int) -> None:
    """Something new to transfer: Global is master of the web site in this company."""
    linked = sorted(checker.read(opened.folder).customers())
    number = linked[at % len(linked)]
    acts_global.edit(opened, "Customer", number, {"WWWAddress": f"www.side{at}.no"})


def _both(folder: Path, server: Server, count: int) -> list[Ended]:
    """Let so many processes sync at once; the server is found by its port file."""
    assert httpx.URL(server.url).host == "127.0.0.1"
    pipes = [context().Pipe() for _ in range(count)]
    processes = [
        context().Process(target=_sync, args=(folder / PROFILE, theirs), daemon=True)
        for _, theirs in pipes
    ]
    for process in processes:
        process.start()
    ready = [ours.recv() for ours, _ in pipes]
    assert len(ready) == count
    for ours, _ in pipes:
        ours.send("go")
    ended = [ours.recv() if ours.poll(LIMIT_S) else None for ours, _ in pipes]
    for process in processes:
        process.join(LIMIT_S)
    for ends in pipes:
        for end in ends:
            end.close()
    assert None not in ended, f"a sync did not end in {LIMIT_S:.0f} s"
    return [Ended(*one) for one in ended if one]


def _sync(profile: Path, gate: Any) -> None:
    """One call of the command line behind the gate."""
    setattr(flow, "publish", no_report)  # noqa: B010
    out = io.StringIO()
    gate.send("ready")
    gate.recv()
    began = time.monotonic()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = cli.run(["--company", str(profile), "sync", "--json"])
    seconds = time.monotonic() - began
    gate.send((code, json.loads(out.getvalue()), round(seconds, 3)))
