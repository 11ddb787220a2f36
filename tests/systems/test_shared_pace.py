"""One pace for several processes: never more than the quota, fair, and no run fails for it."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from recon import settings
from recon.sandbox import severa_server, world
from recon.systems.pacer import Pace, Pacer
from recon.systems.shared_pace import IDLE_S, Shared, organisation
from tests.systems.test_pacer import Clock

ROOT = Path(__file__).resolve().parents[2]
QUOTA = 10


def shared(folder: Path, clock: Callable[[], float], quota: int = QUOTA, name: str = "o") -> Shared:
    told: list[str] = []
    keeper = Shared(folder, name, Pace.fresh(quota, clock()), told.append)
    assert told == []
    return keeper


def pacer(folder: Path, clock: Clock, quota: int = QUOTA, name: str = "o") -> Pacer:
    keeper = shared(folder, clock, quota, name)
    return Pacer(quota, clock=clock, sleep=clock.sleep, keeper=keeper)


def in_any_second(sent: list[float]) -> int:
    """The most calls that were sent within a second."""
    ordered = sorted(sent)
    return max(
        sum(s <= t < s + 1.0 for t in ordered[at : at + 100]) for at, s in enumerate(ordered)
    )


# --- in simulated time ---------------------------------------------------------------------------


def test_together_they_keep_the_quota_that_one_keeps_alone(tmp_path: Path) -> None:
    clock = Clock()
    both = [pacer(tmp_path, clock) for _ in range(2)]
    sent = [both[at % 2].wait() for at in range(200)]
    assert in_any_second(sent) <= QUOTA
    assert 200 / (sent[-1] - sent[0]) >= 0.95 * QUOTA


@pytest.mark.parametrize(("other", "most"), [("o", 10), ("p", 20)])
def test_only_one_organisation_is_shared(tmp_path: Path, other: str, most: int) -> None:
    clock = Clock()
    both = [pacer(tmp_path, clock), pacer(tmp_path, clock, name=other)]
    sent = [both[at % 2].wait() for at in range(100)]
    assert most - 2 <= in_any_second(sent) <= most


def test_a_refusal_of_one_stops_the_other_too(tmp_path: Path) -> None:
    clock = Clock()
    one, other = pacer(tmp_path, clock), pacer(tmp_path, clock)
    one.slow(one.wait(), 7.0)
    assert other.wait() >= 7.0
    assert other.rate == one.rate < QUOTA / 1.04


def test_a_refusal_told_while_one_waits_stops_it_too(tmp_path: Path) -> None:
    clock = Clock()
    one, other = pacer(tmp_path, clock), pacer(tmp_path, clock)
    sent = [one.wait() for _ in range(9)][-1]

    def sleep(seconds: float) -> None:
        one._sleep = clock.sleep
        other.slow(sent, 5.0)
        clock.sleep(seconds)

    one._sleep = sleep
    assert one.wait() >= sent + 5.0


def test_of_two_quotas_the_lower_counts(tmp_path: Path) -> None:
    clock = Clock()
    both = [pacer(tmp_path, clock, 10), pacer(tmp_path, clock, 5)]
    sent = [both[at % 2].wait() for at in range(60)]
    assert in_any_second(sent[2:]) <= 5


def test_a_turn_that_a_killed_process_took_is_only_one_turn(tmp_path: Path) -> None:
    clock = Clock()
    left = pacer(tmp_path, clock)
    for _ in range(12):
        left.wait()
    with left._keeper.held(clock()) as pace:
        pace.reserve(clock())
    begun = clock.now
    assert pacer(tmp_path, clock).wait() - begun <= 0.25


@pytest.mark.parametrize("moment", [-5_000_000.0, -3_600.0, IDLE_S + 1, 9e6])
def test_a_clock_that_jumps_holds_nobody_up(tmp_path: Path, moment: float) -> None:
    """After a start of the machine its clock begins anew, before or behind what was noted."""
    clock = Clock(6_000_000.0)
    before = pacer(tmp_path, clock)
    for _ in range(30):
        before.wait()
    before.slow(before.wait(), 50.0)
    clock.now += moment
    begun = clock.now
    after = pacer(tmp_path, clock)
    sent = [before.wait() if at % 2 else after.wait() for at in range(20)]
    assert sent[0] == begun
    assert in_any_second(sent) <= QUOTA


def test_what_another_version_wrote_is_not_read(tmp_path: Path) -> None:
    clock = Clock()
    pacer(tmp_path, clock).wait()
    (file,) = tmp_path.glob("*.db")
    with sqlite3.connect(file) as rows:
        rows.execute("UPDATE pace SET state = ?", ('{"tokens": 3}',))
    rows.close()
    assert pacer(tmp_path, clock).wait() == clock.now


def test_it_costs_less_than_a_millisecond(tmp_path: Path) -> None:
    ticks = iter(range(0, 100_000_000, 10))
    keeper = shared(tmp_path, lambda: float(next(ticks)))
    alone = Pacer(QUOTA, clock=lambda: float(next(ticks)), sleep=lambda _: None, keeper=keeper)
    costs = []
    for _ in range(300):
        begun = time.perf_counter()
        alone.wait()
        costs.append(time.perf_counter() - begun)
    assert sorted(costs)[150] < 0.001


# --- where the file cannot be used --------------------------------------------------------------


def _file_in_the_way(folder: Path) -> Path:
    (folder / "taken").write_text("x", "utf-8")
    return folder / "taken"


def _folder_in_the_way(folder: Path) -> Path:
    name = Shared(folder, "o", Pace.fresh(QUOTA, 0.0))._path
    for file in folder.glob(f"{name.name}*"):
        file.unlink()
    name.mkdir()
    return folder


def _no_database(folder: Path) -> Path:
    Shared(folder, "o", Pace.fresh(QUOTA, 0.0)).close()
    (file,) = folder.glob("*.db")
    file.write_bytes(b"something else" * 1000)
    return folder


@pytest.mark.parametrize("spoil", [_file_in_the_way, _folder_in_the_way, _no_database])
def test_where_it_cannot_be_shared_it_is_told_and_kept_alone(
    tmp_path: Path, spoil: Callable[[Path], Path]
) -> None:
    told: list[str] = []
    clock = Clock()
    keeper = Shared(spoil(tmp_path), "o", Pace.fresh(QUOTA, 0.0), told.append)
    alone = Pacer(QUOTA, clock=clock, sleep=clock.sleep, keeper=keeper)
    sent = [alone.wait() for _ in range(50)]
    assert in_any_second(sent) <= QUOTA
    assert len(told) == 1 and str(tmp_path) in told[0]


def test_a_lock_that_is_never_given_back_is_waited_for_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recon.systems.shared_pace.PATIENCE_S", 0.2)
    told: list[str] = []
    clock = Clock()
    keeper = Shared(tmp_path, "o", Pace.fresh(QUOTA, 0.0), told.append)
    alone = Pacer(QUOTA, clock=clock, sleep=clock.sleep, keeper=keeper)
    sent = [alone.wait() for _ in range(9)]
    stuck = sqlite3.connect(keeper._path, isolation_level=None)
    stuck.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    sent += [alone.wait() for _ in range(20)]
    assert time.monotonic() - begun < 2.0
    assert in_any_second(sent) <= QUOTA
    assert len(told) == 1
    stuck.close()


def test_an_organisation_is_named_without_its_credentials() -> None:
    a = organisation("", "https://x/rest-api/", "client-1")
    assert (
        a
        == organisation(" ", "https://X/rest-api", "client-1")
        != organisation("", "https://x/rest-api", "client-2")
    )
    assert organisation("Fjord ", "https://x", "1") == organisation("fjord", "https://y", "2")
    assert "client" not in a


# --- real processes on loopback -----------------------------------------------------------------
# How fast they are is measured by bench/pace.py; a busy machine may be slow here, never greedy.


@pytest.fixture(scope="module")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[Path]]]:
    """Two companies of one organisation, whose Severa is served with the real quota."""
    folder = tmp_path_factory.mktemp("organisation") / "company"
    first = world.create(folder, 3, 1)
    second = folder / "second.toml"
    second.write_text(first.read_text("utf-8").replace('name = "', 'name = "Second ', 1), "utf-8")
    address = severa_server.attach(folder, quota=QUOTA, latency_ms=(20, 120))
    yield address.base_url, [first, second]
    severa_server.release(folder)


def start(profile: Path, url: str, calls: int, threads: int = 6) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.systems.pace_worker"]
    given = [str(profile), url, str(calls), str(threads)]
    return subprocess.Popen([*command, *given], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def ended(worker: subprocess.Popen[str]) -> dict[str, Any]:
    out, _ = worker.communicate(timeout=120)
    assert worker.returncode == 0
    told: dict[str, Any] = json.loads(out)
    return told


@pytest.mark.slow
def test_two_processes_share_the_quota_fairly(companies: tuple[str, list[Path]]) -> None:
    url, profiles = companies
    told = [ended(worker) for worker in [start(p, url, 70) for p in profiles]]
    sent = sorted(moment for one in told for moment in one["sent"])
    assert [one["notes"] for one in told] == [[], []]
    assert sum(one["limited"] for one in told) <= 0.03 * len(sent)
    begun = max(one["sent"][0] for one in told)
    until = min(one["sent"][-1] for one in told)
    shares = [sum(begun <= moment <= until for moment in one["sent"]) for one in told]
    assert until - begun > 5
    assert sum(shares) / (until - begun) <= QUOTA * 1.02
    assert sum(shares) / (until - begun) >= QUOTA * 0.3
    assert max(shares) <= 1.3 * min(shares)


@pytest.mark.slow
def test_one_thread_is_not_starved_by_eight(companies: tuple[str, list[Path]]) -> None:
    url, profiles = companies
    many, one = start(profiles[0], url, 90, 8), start(profiles[1], url, 12, 1)
    alone = ended(one)["sent"]
    many.kill()
    many.communicate()
    gaps = [b - a for a, b in zip(alone[2:], alone[3:], strict=False)]
    assert sorted(gaps)[len(gaps) // 2] < 1.0
    assert max(gaps) < 5.0


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows cannot halt a process")
def test_killed_and_halted_processes_hold_nobody_up(companies: tuple[str, list[Path]]) -> None:
    url, profiles = companies
    killed = [start(profiles[0], url, 500) for _ in range(3)]
    time.sleep(3)
    for worker in killed[1:]:
        worker.kill()
        worker.communicate()
    os.kill(killed[0].pid, signal.SIGSTOP)
    try:
        told = ended(start(profiles[1], url, 40))
    finally:
        killed[0].kill()
        killed[0].communicate()
    assert told["notes"] == []
    assert told["limited"] <= 2
    assert 40 / (told["sent"][-1] - told["sent"][1]) >= 0.3 * QUOTA


@pytest.mark.slow
def test_a_run_that_cannot_share_its_pace_goes_on_and_says_so(
    companies: tuple[str, list[Path]], tmp_path: Path
) -> None:
    taken = _file_in_the_way(tmp_path)
    command = [sys.executable, "-m", "recon", "--company", str(companies[1][0]), "report", "--json"]
    environment = settings.environment_with(RECON_STATE=str(taken))
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0
    assert "pace of the calls to Severa is not shared" in ran.stderr
    ran = subprocess.run(
        [*command[:-2], "check", "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    (told,) = [f for f in json.loads(ran.stdout)["findings"] if f["check"] == "pace_not_shared"]
    assert "RECON_STATE" in told["where_to_fix"] and str(taken) in told["text"]


def test_the_state_folder_is_the_users_and_can_be_chosen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert settings.state_folder() == Path(os.environ["RECON_STATE"])
    monkeypatch.setenv("RECON_STATE", str(tmp_path))
    assert settings.state_folder() == tmp_path
    monkeypatch.delenv("RECON_STATE")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    assert settings.state_folder().name == "recon"
