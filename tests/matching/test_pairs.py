"""Rules connect what is alone on both sides; all else is a proposal with its rivals."""

from __future__ import annotations

import pytest

from recon.matching.pairs import match
from recon.spec import Rule
from tests.engine import entity, ours, theirs


def matched(left, right, verdicts=None):
    return match(entity(), (left, right), lambda record, under: "all", verdicts or {})


def test_alone_on_both_sides_connects():
    found = matched([ours("1")], [theirs("g", number="1", fields={"name": "Thing 1"})])
    assert [(p.globals_record.key, p.severa_record.key) for p in found.pairs] == [("1", "g")]
    assert found.proposals == []


def test_evidence_of_several_rules_is_one_proposal():
    twins = [ours("1"), ours("2", number="1", fields={"name": "Thing 1"})]
    found = matched(twins, [theirs("g", number="1", fields={"name": "Thing 1"})])
    assert found.pairs == []
    assert {p.global_key for p in found.proposals} == {"1", "2"}
    best = found.proposals[0]
    assert best.evidence[:2] == ("number and name are equal", "the number is equal")
    assert best.score == pytest.approx(0.7)


def test_a_decision_outranks_the_rules():
    pair = ([ours("1")], [theirs("g", number="1", fields={"name": "Thing 1"})])
    assert matched(*pair, {("1", "g"): "different"}).pairs == []
    far = matched([ours("1")], [theirs("g", number="9")], {("1", "g"): "same"})
    assert [p.origin for p in far.pairs] == ["a person said so"]


def test_different_parents_are_never_compared():
    left = [ours("1", parent="a")]
    right = [theirs("g", number="1", parent="b", fields={"name": "Thing 1"})]
    found = match(entity(), (left, right), lambda record, under: record.parent, {})
    assert found.pairs == found.proposals == []


def test_a_thousand_of_one_name_do_not_explode():
    name = {"name": "Same"}
    left = [ours(str(n), number=None, fields=name) for n in range(300)]
    right = [theirs(f"g{n}", fields=name) for n in range(300)]
    assert len(matched(left, right).proposals) == 50


def test_a_rule_may_pair_only_what_refers_to_the_same_record():
    rule = Rule("name", lambda r: r.fields["name"], "the names are equal", under="owner")
    places = {"1": "a", "2": "b", "3": None, "g": "a"}
    same = {"name": "Same"}
    left = [ours(key, fields=same) for key in ("1", "2", "3")]
    found = match(
        entity(rules=(rule,)),
        (left, [theirs("g", fields=same)]),
        lambda record, under: places[record.key] if under else "all",
        {},
    )
    assert [(p.global_key, p.severa_guid) for p in found.proposals] == [("1", "g")]
