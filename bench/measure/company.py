"""Sandbox companies for measuring: made once per state of the program, kept, and served."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from measure import process
from recon.sandbox import severa_server, world
from recon.sandbox.company_plain import LINKED, Counts
from recon.sandbox.severa_process import PORT_FILE

OUT = Path(__file__).resolve().parents[1] / "out"
LIFTED = 1_000_000
STAMP = "measured.json"


@dataclass(frozen=True, slots=True)
class Company:
    """A company on disk with its Severa served."""

    profile: Path
    made: dict[str, Any]

    @property
    def folder(self) -> Path:
        return self.profile.parent

    @property
    def server(self) -> int:
        """The process that serves its Severa."""
        pid = json.loads((self.folder / PORT_FILE).read_text(encoding="utf-8"))["pid"]
        return int(pid)

    def at(self, quota: int, **switches: Any) -> None:
        """Set the calls per second, at the server and in the profile, and other switches."""
        address = severa_server.attach(self.folder, quota=quota, idle_minutes=60)
        text = self.profile.read_text(encoding="utf-8")
        self.profile.write_text(
            re.sub(r"(?m)^quota = \d+", f"quota = {quota}", text), encoding="utf-8"
        )
        if switches:
            door = f"{address.control_url}/switches"
            httpx.post(door, json=switches, trust_env=False).raise_for_status()

    def log(self) -> dict[str, Any]:
        """What the server counted since the last time it was asked to forget."""
        door = severa_server.attach(self.folder).control_url
        found: dict[str, Any] = httpx.get(f"{door}/log", trust_env=False, timeout=60).json()
        return found

    def forget(self) -> None:
        """Let the server's counters begin anew."""
        door = severa_server.attach(self.folder).control_url
        httpx.delete(f"{door}/log", trust_env=False).raise_for_status()


@contextmanager
def linked(out: Path, size: int) -> Iterator[Company]:
    """A company of which every record is linked, onboarded and in step; the quota is lifted."""
    folder = out / "companies" / f"linked-{size}"
    kept = folder / STAMP
    if kept.exists() and json.loads(kept.read_text(encoding="utf-8"))["sources"] == sources():
        company = Company(folder / "profile.toml", json.loads(kept.read_text(encoding="utf-8")))
    else:
        company = _onboarded(folder, size)
        kept.write_text(json.dumps(company.made), encoding="utf-8")
    try:
        company.at(LIFTED)
        yield company
    finally:
        severa_server.release(folder)


def _onboarded(folder: Path, size: int) -> Company:
    if folder.exists():
        severa_server.release(folder)
        shutil.rmtree(folder)
    made: dict[str, Any] = {"sources": sources()}
    profile = timed(made, "create_s", lambda: world.create_plain(folder, Counts.of(size), LINKED))
    company = Company(profile, made)
    timed(made, "server_start_s", lambda: company.at(LIFTED))
    onboarded = process.recon(profile, "onboard", "--yes")
    made |= {"onboard_s": onboarded.wall, "onboard_cpu_s": onboarded.cpu}
    made |= {"onboard_peak_mb": onboarded.peak_mb}
    made["settled"] = settled(process.recon(profile, "sync"))
    return company


def timed(made: dict[str, Any], name: str, do: Any) -> Any:
    """Do it and note how long it took."""
    began = time.monotonic()
    done = do()
    made[name] = round(time.monotonic() - began, 2)
    return done


def settled(ran: process.Ran) -> dict[str, int]:
    """How many records ended in which state; RuntimeError where something was still to be done."""
    if ran.document["operations"]:
        raise RuntimeError(f"The company is not in step: {ran.document['operations']}")
    states: dict[str, int] = {}
    for sides in ran.document["entities"].values():
        for counts in sides.values():
            for state, count in counts.items():
                states[state] = states.get(state, 0) + count
    return states


def sources() -> str:
    """A digest of the program: a company made by another state of it is made anew."""
    found = hashlib.sha256()
    for path in sorted((process.ROOT / "recon").rglob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def write(out: Path, name: str, data: Any) -> None:
    """Keep a script's figures beside the others'."""
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{name}.json").write_text(json.dumps(data, indent=1), encoding="utf-8")
