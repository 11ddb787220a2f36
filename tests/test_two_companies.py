"""Two companies of one Severa organisation, each with its own Global and store, at once."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from recon import store
from recon.sandbox import severa_server, world
from recon.settings import load
from tests.company import QUOTA, Sandbox

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parent.parent
SIZE, EDITS, LIVE_QUOTA = 12, 4, 10


@pytest.fixture(scope="module")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Sandbox]]:
    """Both have gone live, one after the other."""
    folder = tmp_path_factory.mktemp("two") / "company"
    first = world.create(folder, SIZE, 2)
    shutil.copyfile(folder / "global.db", folder / "second.db")
    text = first.read_text("utf-8").replace('name = "', 'name = "Second ', 1)
    second = folder / "second.toml"
    second.write_text(text.replace("sqlite:///global.db", "sqlite:///second.db"), "utf-8")
    url = severa_server.attach(folder, quota=QUOTA).base_url
    both = [Sandbox(profile, url) for profile in (first, second)]
    for company in both:
        company.onboard()
        company.sync()
    severa_server.attach(folder, quota=LIVE_QUOTA, latency_ms=(20, 150))
    yield both
    severa_server.release(folder)


def start(company: Sandbox) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "recon", "--company", str(company.profile), "sync"]
    given = ["--json", "--full", "--force", "updates:customer", "--force", "creates:customer"]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([*command, *given], cwd=ROOT, text=True, **streams)  # type: ignore[call-overload, no-any-return]


def ended(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, _ = process.communicate(timeout=180)
    told: dict[str, Any] = json.loads(out)
    return told | {"code": process.returncode}


def edit(company: Sandbox, word: str) -> list[str]:
    """A user of Severa renames customers that are linked; their guids."""
    with world.open_world(company.profile) as both:
        linked = linked_guids(company)
        chosen = [c for c in both.severa.all("customers") if c["guid"] in linked][:EDITS]
        for at, customer in enumerate(chosen):
            change = [{"op": "Replace", "path": "/name", "value": f"{word} {at} AS"}]
            both.severa.call("PATCH", f"/v1/customers/{customer['guid']}", change)
    return [c["guid"] for c in chosen]


def linked_guids(company: Sandbox) -> set[str]:
    with company.open() as bench:
        bench.links.load()
        return {link.guid for link in bench.links.all("customer")}


def names(company: Sandbox) -> dict[str, str]:
    """The names of Global's customers by SeveraGUID."""
    url = load(company.profile).global_.url.removeprefix("sqlite:///")
    with sqlite3.connect(company.profile.parent / url) as rows:
        found = dict(rows.execute("SELECT SeveraGUID, Name FROM Customer"))
    rows.close()
    return found


def test_two_syncs_at_once_do_not_disturb_each_other(companies: list[Sandbox]) -> None:
    edited = edit(companies[0], "Felles")
    assert len(edited) == EDITS
    _forget(companies[0])
    told = [ended(process) for process in [start(company) for company in companies]]
    assert [one["error"] for one in told] == [None, None]
    assert {one["code"] for one in told} <= {0, 1}
    assert [one["company"] for one in told] == [load(c.profile).company.name for c in companies]
    for company in companies:
        now = names(company)
        assert [now[guid] for guid in edited] == [f"Felles {at} AS" for at in range(EDITS)]
    log = companies[0].log()
    assert log["violations"] == []
    assert log["limited"] <= 0.02 * log["total"]


def test_a_sync_right_after_writes_nothing(companies: list[Sandbox]) -> None:
    told = [ended(process) for process in [start(company) for company in companies]]
    assert [(one["error"], one["operations"]) for one in told] == [(None, {}), (None, {})]


def test_each_remembers_only_its_own(companies: list[Sandbox]) -> None:
    runs = []
    for company in companies:
        with company.open() as bench:
            rows = bench.store.rows(bench.store.of(store.run))
            runs.append({row["run"] for row in rows})
    assert runs[0] and runs[1] and not runs[0] & runs[1]
    assert len({company.profile.stem for company in companies}) == 2


@pytest.mark.long
def test_one_that_is_killed_does_not_hold_up_the_other(companies: list[Sandbox]) -> None:
    edited = edit(companies[0], "Etter")
    killed, other = (start(company) for company in companies)
    _wait_for_work(companies[0])
    killed.kill()
    killed.communicate()
    told = ended(other)
    assert (told["error"], told["code"] in (0, 1)) == (None, True)
    assert names(companies[1])[edited[0]] == "Etter 0 AS"
    assert ended(start(companies[0]))["error"] is None
    assert names(companies[0])[edited[0]] == "Etter 0 AS"


def _wait_for_work(company: Sandbox) -> None:
    """Until a run of the company holds its lease."""
    with company.open() as bench:
        until = time.monotonic() + 120
        while not bench.store.rows(bench.store.of(store.lease)) and time.monotonic() < until:
            time.sleep(0.01)


def _forget(company: Sandbox) -> None:
    door = severa_server.attach(company.profile.parent).control_url
    httpx.delete(f"{door}/log", trust_env=False).raise_for_status()
