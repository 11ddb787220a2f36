"""Two runs for one company never overlap; a dead owner's lease is taken over at once."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from recon import lease
from recon import store as memory
from recon.effects import Effects
from recon.errors import Busy, Stop
from recon.store import Store


@pytest.fixture
def store(tmp_path):
    return Store(f"sqlite:///{tmp_path / 's.db'}", "A", Effects())


def test_the_second_run_is_told_who_holds_it(store):
    with lease.held(store, "20260101-1"), pytest.raises(Busy, match="run 20260101-1"):
        lease.Lease(store, "20260101-2").take()
    lease.Lease(store, "20260101-3").take()


def test_two_companies_do_not_disturb_each_other(store):
    other = Store(str(store.engine.url), "B", Effects())
    with lease.held(store, "1"), lease.held(other, "2"):
        assert len(store.rows(memory.lease.select())) == 2


def test_a_dead_owner_is_followed_at_once(store):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        row = {"host": lease.socket.gethostname(), "pid": child.pid, "run": "old"}
        with store.write("lease") as writer:
            expires = "2999-01-01T00:00:00+00:00"
            started = lease.started(child.pid)
            writer.insert(memory.lease, [{**row, "started": started, "expires": expires}])
        with pytest.raises(Busy):
            lease.Lease(store, "new").take()
    finally:
        child.kill()
        child.wait()
    lease.Lease(store, "new").take()


def test_another_host_is_waited_for_until_it_expires(store):
    row = {"host": "elsewhere", "pid": 1, "started": "x", "run": "old"}
    for expires, busy in (
        ("2999-01-01T00:00:00+00:00", True),
        ("2000-01-01T00:00:00+00:00", False),
    ):
        with store.write("lease") as writer:
            writer.clear(memory.lease)
            writer.insert(memory.lease, [{**row, "expires": expires}])
        if busy:
            with pytest.raises(Busy):
                lease.Lease(store, "new").take()
        else:
            lease.Lease(store, "new").take()


def test_no_write_without_a_valid_lease(store, monkeypatch):
    held = lease.Lease(store, "1")
    held.take()
    effects = Effects(held)
    assert effects.run("http", "POST", lambda: "done", writes=True) == "done"
    monkeypatch.setattr(time, "monotonic", lambda: 10.0**9)
    with pytest.raises(Stop, match="lost its lease"):
        effects.run("http", "POST", lambda: "done", writes=True)
    assert effects.run("http", "GET", lambda: "read") == "read"


def test_a_lease_that_someone_took_is_not_renewed(store, monkeypatch):
    held = lease.Lease(store, "1")
    held.take()
    with store.write("lease") as writer:
        writer.execute(memory.lease.update().values(run="2"))
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 60)
    with pytest.raises(Stop, match="lost its lease"):
        held.renew()
