"""Tasks at the same time: order kept, a clean end on the first error."""

from __future__ import annotations

import threading
import time

import pytest

from recon.errors import ReconError, Refused, Stop
from recon.systems import parallel as module
from recon.systems.severa import parallel


def test_parallel_keeps_the_order() -> None:
    def task(number: int) -> int:
        time.sleep(0.01 * (4 - number))
        return number

    assert parallel([lambda n=n: task(n) for n in range(4)]) == [0, 1, 2, 3]  # type: ignore[misc]
    assert parallel([]) == []


def test_parallel_ends_on_the_first_stop_and_finishes_what_runs() -> None:
    begun, done = threading.Event(), []

    def runs() -> None:
        begun.set()
        time.sleep(0.05)
        done.append("runs")

    def fails() -> None:
        begun.wait()
        raise Stop("no")

    def dropped() -> None:
        time.sleep(0.002)
        done.append("dropped")

    with pytest.raises(Stop):
        parallel([runs, fails, *[dropped] * 1000], workers=2)
    assert done.count("runs") == 1
    assert len(done) < 1000


def test_a_stop_comes_before_other_errors() -> None:
    both = threading.Barrier(2)

    def fails(error: ReconError) -> None:
        both.wait()
        raise error

    with pytest.raises(Stop):
        parallel([lambda: fails(Refused("a")), lambda: fails(Stop("b"))])


def test_something_else_is_done_while_tasks_take_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run keeps its lease while long lists are read."""
    monkeypatch.setattr(module, "EVERY_S", 0.01)
    calls: list[int] = []
    found = parallel([lambda: time.sleep(0.1)] * 2, meanwhile=lambda: calls.append(1))
    assert found == [None, None] and len(calls) > 1
