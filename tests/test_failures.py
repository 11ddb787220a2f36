"""A refused record is kept with its reason, tried again, parked, and released by a person."""

from __future__ import annotations

import pytest

from recon import failures
from recon.errors import Usage
from recon.shapes import Failure
from tests.engine import store

FAILED = Failure(
    "thing", "global", "1", "Ærlig AS", "too long", "shorten it", 1, False, {"name": "Æ"}
)
SPOT = ("thing", "global", "1")


def save(memory, failure):
    with memory.write("failures") as writer:
        failures.save(writer, "run-1", [failure])


def test_it_is_counted_and_parked_from_the_nth_time_on():
    first = failures.failed(None, FAILED, park_after=2)
    second = failures.failed(first, FAILED, park_after=2)
    assert [(f.count, f.parked) for f in (first, second)] == [(1, False), (2, True)]


def test_it_survives_and_is_forgotten_when_solved():
    memory = store()
    save(memory, FAILED)
    assert failures.read(memory) == {SPOT: FAILED}
    with memory.write("solved") as writer:
        failures.solved(writer, [SPOT])
    assert failures.read(memory) == {}


def test_release_lets_it_be_tried_again():
    memory = store()
    save(memory, failures.failed(FAILED, FAILED, park_after=1))
    assert failures.release(memory, "thing", "1") == 1
    assert not failures.read(memory)[SPOT].parked
    with pytest.raises(Usage, match="No failure"):
        failures.release(memory, "thing", "2")


def test_payloads_are_cut():
    assert len(failures.masked({"name": "x" * 10_000_000})["name"]) == failures.LONGEST
