"""The sandbox server's process as others see it: its port file, its health, starting it once."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recon.errors import Stop

PORT_FILE = "severa.port.json"
LOG_FILE = "severa.log"
START_LOCK = "severa.start.lock"
START_S = 30.0
SOURCES = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Address:
    """Where a sandbox server answers: the API, and the sandbox's own door."""

    base_url: str
    control_url: str

    @staticmethod
    def at(port: int) -> Address:
        """The addresses of a server on a port of this machine."""
        root = f"http://127.0.0.1:{port}"
        return Address(f"{root}/rest-api", f"{root}/__sandbox__")


def attach(
    directory: Path,
    port: int = 0,
    quota: int | None = None,
    latency_ms: tuple[float, float] | None = None,
    idle_minutes: float = 10.0,
) -> Address:
    """The address of the server of `directory`, which is started if none lives.

    It runs on after this process ends, and ends itself when idle. Quota and latency are set where
    given, on a server that lives already too. `Stop` where it cannot be started.
    """
    with _one_starter(directory):
        found = living(directory) or _start(directory, port, idle_minutes)
    wanted = {"quota": quota, "latency_ms": latency_ms}
    changes = {name: value for name, value in wanted.items() if value is not None}
    if changes:
        _ask(found, "POST", "switches", changes)
    return found


def living(directory: Path) -> Address | None:
    """The address of the server that serves `directory` now, None where there is none."""
    try:
        port = json.loads((directory / PORT_FILE).read_text(encoding="utf-8"))["port"]
        health = _ask(Address.at(port), "GET", "health")
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException):
        return None
    same = health.get("directory") == str(directory.resolve())
    return Address.at(port) if same else None


def release(directory: Path) -> None:
    """End the server of `directory`, if one lives; returns when it is gone."""
    found = living(directory)
    until = time.monotonic() + START_S
    while found and time.monotonic() < until:
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
            _ask(found, "POST", "stop")
        time.sleep(0.05)
        found = living(directory)


def write_port(directory: Path, port: int) -> None:
    """Tell others where this process serves, at once and whole."""
    text = json.dumps({"pid": os.getpid(), "port": port})
    made = directory / f"{PORT_FILE}.{os.getpid()}"
    made.write_text(text, encoding="utf-8")
    made.replace(directory / PORT_FILE)


def _start(directory: Path, port: int, idle_minutes: float) -> Address:
    with (directory / LOG_FILE).open("ab") as log:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "recon.sandbox.severa_server",
                f"--dir={directory.resolve()}",
                f"--port={port}",
                f"--idle-minutes={idle_minutes}",
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=SOURCES,
            **_detached(),
        )
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        found = living(directory)
        if found:
            process.returncode = 0  # It outlives us: nobody here waits for it.
            return found
        time.sleep(0.02)
    raise Stop(
        "The sandbox's Severa server could not be started",
        where=str(directory / LOG_FILE),
        todo=_last_line(directory / LOG_FILE) or "Look into that file",
    )


def _detached() -> dict[str, Any]:
    if os.name == "nt":
        flags = ("DETACHED_PROCESS", "CREATE_NEW_PROCESS_GROUP")
        return {"creationflags": sum(getattr(subprocess, flag) for flag in flags)}
    return {"start_new_session": True}


def _last_line(path: Path) -> str:
    lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else ""


@contextlib.contextmanager
def _one_starter(directory: Path) -> Iterator[None]:
    """Only one process starts a server at a time; SQLite's lock dies with its holder."""
    if not directory.is_dir():
        raise Stop("There is no such folder", where=str(directory))
    lock = sqlite3.connect(directory / START_LOCK, timeout=START_S, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        lock.close()


def _ask(address: Address, method: str, name: str, body: object = None) -> Any:
    """One call to the sandbox's door; ValueError where it is refused."""
    host = address.control_url.removeprefix("http://").partition("/")[0]
    connection = http.client.HTTPConnection(host, timeout=5)
    try:
        connection.request(method, f"/__sandbox__/{name}", json.dumps(body))
        response = connection.getresponse()
        answer = json.loads(response.read())
        if response.status != 200:
            raise ValueError(str(answer))
        return answer
    finally:
        connection.close()
