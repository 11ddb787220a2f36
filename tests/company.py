"""A small sandbox company for the tests of whole stages: real HTTP on loopback, real SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from recon import flow
from recon.sandbox import severa_server, world
from recon.shapes import Facts, Plan
from recon.workbench import Options
from tests.waiving import rehearsed

QUOTA = 500


@dataclass(slots=True)
class Sandbox:
    """A company with its Severa served; every stage opens it anew, as processes do."""

    profile: Path
    url: str

    @classmethod
    def make(cls, folder: Path, size: int = 30, seed: int = 5) -> Sandbox:
        """A fresh company in a folder."""
        profile = world.create(folder, size, seed)
        return cls(profile, severa_server.attach(folder, quota=QUOTA).base_url)

    def end(self) -> None:
        """End its server; every request and answer until now kept Severa's contract."""
        broken = self.log()["violations"]
        severa_server.release(self.profile.parent)
        assert broken == []

    @contextmanager
    def open(self, **options: Any) -> Iterator[flow.Bench]:
        chosen = Options(severa_url=self.url, **options)
        with flow.open(self.profile, run_options=chosen) as bench:
            yield bench

    def fault(self, *rules: Mapping[str, Any]) -> None:
        """Arm the server's faults (see recon.sandbox.faults.Rule)."""
        door = severa_server.attach(self.profile.parent).control_url
        httpx.post(f"{door}/faults", json=list(rules), trust_env=False).raise_for_status()

    def log(self) -> dict[str, Any]:
        """What the server counted."""
        door = severa_server.attach(self.profile.parent).control_url
        found: dict[str, Any] = httpx.get(f"{door}/log", trust_env=False).json()
        return found

    def plan(self, *, shown: bool = True) -> Plan:
        with self.open() as bench:
            return flow.plan(bench, shown=shown)

    def rehearsed(self) -> Plan:
        """The plan of an onboarding that no blocker stops."""
        with self.open() as bench:
            return rehearsed(bench)

    def onboard(self) -> Facts:
        """Rehearse, waive the blockers, then go live with the checksum that was shown."""
        checksum = self.rehearsed().checksum
        with self.open() as bench:
            return flow.onboard(bench, checksum)

    def sync(self, **options: Any) -> Facts:
        with self.open(**options) as bench:
            return flow.sync(bench)

    def acts(self, do: Callable[[world.World], Any]) -> Any:
        """Let users act in either system."""
        with world.open_world(self.profile) as both:
            return do(both)

    def settings(self, change: Callable[[str], str]) -> None:
        """Change the profile's text."""
        self.profile.write_text(change(self.profile.read_text("utf-8")), "utf-8")


@contextmanager
def onboarded(folder: Path, size: int = 12) -> Iterator[Sandbox]:
    """A company that has gone live, for the tests of a module."""
    company = Sandbox.make(folder, size)
    company.onboard()
    yield company
    company.end()


def states(facts: Facts, entity: str) -> Mapping[str, Mapping[str, int]]:
    """How many records of an entity ended in which state, by side."""
    found: dict[str, dict[str, int]] = {}
    for o in facts.outcomes:
        if o.entity == entity:
            side = found.setdefault(o.side, {})
            side[o.state] = side.get(o.state, 0) + 1
    return found
