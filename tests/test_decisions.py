"""A person's word about a pair counts until the data that she saw has changed."""

from __future__ import annotations

from dataclasses import replace

from recon import decisions
from recon.shapes import Decision
from tests.engine import store

SAID = Decision("thing", "1", "g", "same", "controller", "", "same address", ("a", "b"))


def test_the_newest_word_counts_and_none_is_lost():
    memory = store()
    decisions.decide(memory, SAID)
    decisions.decide(memory, replace(SAID, verdict="different"))
    (found,) = decisions.read(memory)
    assert (found.verdict, found.who, found.why) == ("different", "controller", "same address")
    assert len(memory.rows(memory.of(decisions.memory.decision))) == 2


def test_later_is_no_verdict_and_changed_records_are_asked_again():
    later = replace(SAID, global_key="2", verdict="later")
    valid = {("thing", "1", "g"), ("thing", "2", "g")}
    assert decisions.verdicts([SAID, later], valid) == {"thing": {("1", "g"): "same"}}
    assert decisions.verdicts([SAID], set()) == {}
