"""Credentials that only read are enough for all that only looks; what writes says what lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from recon.sandbox import acts_global, severa_server, world
from recon.systems.severa_scopes import SCOPES
from tests.company import QUOTA, Sandbox
from tests.conftest import Ran

pytestmark = pytest.mark.slow
Recon = Callable[..., Ran]
LOOKING = (["check"], ["propose"], ["plan"], ["report"], ["onboard", "--dry-run"])


@pytest.fixture(params=[False, True], ids=["less is granted", "none is granted"])
def company(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A company whose credentials may not write; Severa gives a token for less, or none."""
    made = Sandbox.make(tmp_path / "company", 6)
    writes = [scope for scope in SCOPES if scope.endswith(":write")]
    switch(made, missing_scopes=writes, strict_scopes=request.param)
    yield made.profile
    severa_server.release(made.profile.parent)


def switch(made: Sandbox, **switches: Any) -> None:
    door = severa_server.attach(made.profile.parent, quota=QUOTA).control_url
    httpx.post(f"{door}/switches", json=switches, trust_env=False).raise_for_status()


def waive(recon: Recon, company: Path) -> None:
    """Waive the blockers, check by check, as a person does."""
    found = recon("--company", str(company), "check", "--json").document["findings"]
    blockers = {f"{f['entity']}/{f['check']}" for f in found if f["severity"] == "blocker"}
    named = [word for name in sorted(blockers) for word in ("--waive", name)]
    ran = recon("--company", str(company), "check", *named, "--why", "made up")
    assert ran.code == 1 and "stop an onboarding" not in ran.err


def linked(company: Path) -> list[str]:
    """The SeveraGUIDs of Global's customers, which an onboarding writes."""
    with world.open_world(company) as both:
        return sorted(row["SeveraGUID"] or "" for row in acts_global.rows(both, "Customer"))


def test_looking_works_and_writing_stops_before_the_first_write(
    recon: Recon, company: Path
) -> None:
    doctor = recon("--company", str(company), "doctor", "--json").document
    known = {v["name"]: v for v in doctor["verdicts"]}
    assert known["Severa: scopes to read"]["ok"] == "ok"
    assert known["Severa: scopes to write"]["ok"] == "warning"
    assert doctor["exit_code"] == 0
    for command in LOOKING:
        assert recon("--company", str(company), *command, "--json").code in (0, 1), command
    assert recon("--company", str(company), "onboard", "--yes").code == 3
    waive(recon, company)
    before = linked(company)
    ran = recon("--company", str(company), "onboard", "--yes", "--json")
    assert linked(company) == before
    assert ran.code == 3
    assert "Nothing was written" in ran.document["error"]
    assert "Tick customers:write" in ran.document["error"]
