"""Client and server processes of the kill test, forked from one that has imported all."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from recon.sandbox import severa_server
from tests.kills import client
from tests.kills.client import Job

QUOTA = 1000
START_S = 60.0
LIMIT_S = 120.0


@cache
def context() -> Any:
    """Forked from a server process where the system can; else each starts anew."""
    if os.name == "nt":
        return multiprocessing.get_context("spawn")
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["tests.kills.preload"])
    return found


class Server:
    """A running sandbox server, reached through its own door beside the API.

    `hits` is how many of the faults of the last client have happened.
    """

    def __init__(self, address: str, door: str) -> None:
        self.url, self.hits = address, 0
        self._client = httpx.Client(base_url=door, timeout=30.0, trust_env=False)

    def close(self) -> None:
        """Close the connection to the door."""
        self._client.close()

    def arm(self, rules: list[dict[str, Any]]) -> None:
        """Let these faults wait, instead of all earlier ones."""
        self._client.post("faults", json=rules).raise_for_status()

    def switch(self, switches: dict[str, Any]) -> None:
        """Set the server's switches."""
        self._client.post("switches", json=switches).raise_for_status()

    def fired(self) -> int:
        """How many of the armed faults have happened."""
        rules = self._client.get("faults").raise_for_status().json()
        return sum(rule["seen"] >= rule["at"] for rule in rules)

    def reset(self) -> None:
        """Begin the log anew."""
        self._client.delete("log").raise_for_status()

    def log(self) -> dict[str, Any]:
        """What the server saw since the log began."""
        found: dict[str, Any] = self._client.get("log").raise_for_status().json()
        return found


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    """Serve a company's Severa in a process of its own until the block ends."""
    ours, theirs = context().Pipe()
    process = context().Process(target=_serve, args=(folder, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(START_S):
            raise RuntimeError(f"The sandbox server of {folder} did not start")
        server = Server(*ours.recv())
        try:
            yield server
        finally:
            server.close()
    finally:
        ours.close()
        process.terminate()
        process.join()


def _serve(folder: Path, pipe: Any) -> None:
    def ready(address: severa_server.Address) -> None:
        pipe.send((address.base_url, f"{address.control_url}/"))

    severa_server.serve(folder, quota=QUOTA, ready=ready)


def run(job: Job, server: Server, rules: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What a client process answered; None if it was killed. Rules that kill get its pid."""
    ours, theirs = context().Pipe()
    process = context().Process(target=client.main, args=(job, theirs), daemon=True)
    process.start()
    theirs.close()
    server.arm([{**r, "pid": process.pid} if r["action"] == "kill" else r for r in rules])
    ours.send("go")
    process.join(LIMIT_S)
    ours.close()
    if process.is_alive():
        process.kill()
        process.join()
        raise RuntimeError(f"{job.commands} did not end in {LIMIT_S:.0f} s")
    server.hits = server.fired()
    server.arm([])
    if not job.answers.exists():
        return None if _was_killed(process) else _crashed(process)
    found: dict[str, Any] = json.loads(job.answers.read_text(encoding="utf-8"))
    job.answers.unlink()
    return found


def _was_killed(process: Any) -> bool:
    return process.exitcode is not None and (process.exitcode < 0 or os.name == "nt")


def _crashed(process: Any) -> dict[str, Any]:
    raise RuntimeError(f"A client ended with {process.exitcode} and without an answer")
