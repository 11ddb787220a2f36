"""What was intended and what came of it: open effects are found again by the next run."""

from __future__ import annotations

from recon.journal import Journal
from recon.plan import make
from recon.store import journal as journal_table
from tests.engine import entity, ours, situation, store


def operations():
    return make(situation([entity()], [ours("1")])).plan.operations


def test_sent_is_open_until_it_has_ended():
    memory = store()
    first = Journal(memory, "run-1")
    create = operations()[0]
    with memory.write("sent") as writer:
        first.sent(writer, "run-1", [(create, {"@parent": "p"})])
    (entry,) = Journal(memory, "run-2").open()
    assert (entry.operation, entry.run, dict(entry.resolved)) == (create, "run-1", {"@parent": "p"})
    with memory.write("done") as writer:
        first.ended(writer, "run-1", create.id, ("done", "", {"name": "x"}))
    assert first.open() == []
    assert first.done("run-1") == {create.id}


def test_the_same_operation_in_two_plans_is_two_effects():
    memory = store()
    create = operations()[0]
    for run in ("run-1", "run-2"):
        with memory.write("sent") as writer:
            Journal(memory, run).sent(writer, run, [(create, {})])
    assert len(Journal(memory, "run-3").open()) == 2


def test_looks_are_counted_and_stay_open():
    memory = store()
    journal = Journal(memory, "run-1")
    with memory.write("sent") as writer:
        journal.sent(writer, "run-1", [(operations()[0], {})])
    with memory.write("look") as writer:
        journal.looked(writer, journal.open()[0])
    assert [(entry.looks, entry.state) for entry in journal.open()] == [(1, "unknown")]


def test_the_journal_says_who_and_when():
    memory = store()
    with memory.write("sent") as writer:
        Journal(memory, "run-1").sent(writer, "run-1", [(operations()[0], {})])
    (row,) = memory.rows(memory.of(journal_table))
    assert row["who"] and row["sent"] and row["state"] == "sent"
