"""The same memory in PostgreSQL, for several machines: Debian's own server, started here."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

from recon import lease
from recon.effects import Effects
from recon.errors import Busy
from recon.journal import Journal
from recon.links import Links
from recon.plan import make
from recon.store import Store
from tests.engine import entity, linked, loaded, ours, situation
from tests.test_decisions import rivals_at_once
from tests.test_waivers import at_once

pytestmark = pytest.mark.slow
BASE = {"global": {"name": "æ"}, "severa": {"name": "æ"}}


def programs():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install .[postgres]")
    return found[-1].parent


@pytest.fixture(scope="module")
def url():
    """A fresh server on a free port of loopback, ended afterwards; never run as root."""
    binaries = programs()
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="recon-pg-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    if user:
        shutil.chown(folder, "postgres", "postgres")
    run = {"check": True, "capture_output": True, "cwd": folder, **user}
    data = folder / "data"
    subprocess.run([binaries / "initdb", "-D", data, "-U", "recon", "-A", "trust"], **run)
    options = f"-p {port} -h 127.0.0.1 -k {folder}"
    control = [binaries / "pg_ctl", "-D", data, "-w"]
    subprocess.run([*control, "-l", folder / "log", "-o", options, "start"], **run)
    try:
        yield f"postgresql+psycopg://recon@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **run)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def store(url, request):
    found = Store(url, request.node.name, Effects())
    yield found
    found.close()


def test_links_and_notes_survive(store, url):
    with store.write("links") as writer:
        Links().save(writer, [linked("1", "g", BASE)])
        writer.remember("x", {"æ": 1})
    again = Store(url, store.company, Effects())
    assert [link.base for link in loaded(again).all("thing")] == [BASE]
    assert again.note("x")[1] == {"æ": 1}
    again.close()


def test_the_journal_is_open_until_it_has_ended(store):
    create = make(situation([entity()], [ours("1")])).plan.operations[0]
    journal = Journal(store, "run-1")
    with store.write("sent") as writer:
        journal.sent(writer, "run-1", [(create, {})])
    assert [entry.operation for entry in journal.open()] == [create]
    with store.write("done") as writer:
        journal.ended(writer, "run-1", create.id, ("done", "", None))
    assert journal.open() == [] and journal.done("run-1") == {create.id}


def test_one_lease_per_company_across_connections(store, url):
    other = Store(url, store.company, Effects())
    with lease.held(store, "1"), pytest.raises(Busy):
        lease.Lease(other, "2").take()
    lease.Lease(other, "3").take()
    other.close()


def test_two_that_take_the_lease_at_the_same_moment(store, url):
    """The second to insert the row is turned away by the key, not by luck."""
    other = Store(url, store.company, Effects())
    first, second = lease.Lease(store, "1"), lease.Lease(other, "2")
    real = first._store_rows

    def overtaken(writer):
        found = real(writer)
        second.take()
        return found

    first._store_rows = overtaken
    with pytest.raises(Busy):
        first.take()
    other.close()


def test_two_people_at_once_cannot_give_a_record_two_partners(url):
    found = rivals_at_once(url)
    assert sorted(key for key, _ in found) == [str(n) for n in range(10)]


def test_two_people_who_waive_at_once_leave_one_word_each_finding(url):
    assert sorted(key for key, _ in at_once(url)) == sorted(str(n) for n in range(20))
