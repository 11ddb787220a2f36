"""Several writers in Visma Global at once, locks, and a process that is killed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from recon.errors import NotDone
from recon.systems import tables
from recon.systems.visma_global import Transaction, VismaGlobal
from tests.global_fixtures import Place, lay, needs_sqlite, opened


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return lay(tmp_path)


def names(glob: VismaGlobal) -> set[int]:
    return {row["CustomerNo"] for row in glob.read(select(tables.customer.c.CustomerNo))}


def add(transaction: Transaction, number: int = 20001, name: str = "Ny AS") -> int:
    return int(transaction.insert("Customer", {"CustomerNo": number, "Name": name}))


@needs_sqlite
def test_locked_table_is_not_done_in_bounded_time(place: Place) -> None:
    other = sqlite3.connect(place.url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with opened(place, lock_timeout_s=0) as glob:
        with pytest.raises(NotDone, match="locked by another program; nothing was written"):
            glob.in_transaction("add", lambda t: add(t))
        other.execute("COMMIT")
        other.close()
        glob.in_transaction("add", lambda t: add(t))


@needs_sqlite
def test_a_passing_lock_is_waited_for(place: Place) -> None:
    other = sqlite3.connect(
        place.url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False
    )
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.3, lambda: other.execute("COMMIT"))
    release.start()
    with opened(place) as glob:
        glob.in_transaction("add", lambda t: add(t))
        assert 20001 in names(glob)
    release.join()
    other.close()


KILLED = """
import os, signal, sys
from recon.effects import Effects
from recon.settings import Global
from recon.systems.visma_global import VismaGlobal

url, schema, moment = sys.argv[1:]
class Killer:
    def before(self, effect):
        if moment == "before": os.kill(os.getpid(), 9)
    def after(self, effect):
        if moment == "after": os.kill(os.getpid(), 9)
glob = VismaGlobal(Global(schema=schema), Effects(Killer()), url=url)
glob.in_transaction("add", lambda t: t.insert("Customer", {"CustomerNo": 20001, "Name": "Ny"}))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize(("moment", "there"), [("before", False), ("after", True)])
def test_a_killed_process_leaves_all_or_nothing(place: Place, moment: str, there: bool) -> None:
    command = [sys.executable, "-c", KILLED, place.url, place.schema, moment]
    assert subprocess.run(command, check=False, timeout=60).returncode == -9
    with opened(place) as glob:
        assert (20001 in names(glob)) is there
        glob.in_transaction("go on", lambda t: add(t, 20002))


def _many(place: Place, take: str, count: int, found: list[int]) -> None:
    def do(transaction: Transaction) -> int:
        if take == "series":
            return add(transaction, transaction.next_in_series("Customer"))
        return add(transaction, transaction.next_free("Customer", 30000, 39999))

    with opened(place, lock_timeout_s=20) as glob:
        found += [glob.in_transaction("add", do) for _ in range(count)]


@pytest.mark.parametrize("take", ["series", "free"])
def test_two_writers_never_get_the_same_number(place: Place, take: str) -> None:
    lists: list[list[int]] = [[], []]
    threads = [threading.Thread(target=_many, args=(place, take, 15, found)) for found in lists]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = lists[0] + lists[1]
    assert len(numbers) == 30 == len(set(numbers))
    assert max(numbers) - min(numbers) == (30 if take == "series" else 29)  # 10005 was taken
