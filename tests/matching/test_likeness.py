"""Likeness in a plan: what no rule connects is proposed with its evidence, and held by its band."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from recon import plan
from recon.matching.merging import proposals
from recon.settings_matching import Matching
from recon.shapes import Proposal
from recon.spec import Field, Likeness, Rule
from tests.engine import FIELDS, both, entity, linked, ours, situation, theirs

LIKENESS = Likeness(
    "company",
    lambda record, its: {
        "name": record.fields.get("name"),
        "email": record.fields.get("email"),
        "city": next((one.fields["name"] for one in its), None),
    },
)
RULES = (Rule("number and name", both, "number and name are equal", connects=True),)
THING = entity(rules=RULES, likeness=LIKENESS)


def made(records, *entities, links=(), **more):
    return plan.make(situation(entities or (THING,), records, links, **more))


def keys(found):
    return {(p.global_key, p.severa_guid) for p in found.proposals}


FIRMS = ("Fjord Marin AS", "Solheim Elektro AS", "Kvist Gartneri ANS", "Tind Data AB")


def firms():
    return [ours(str(at), fields={"name": name}) for at, name in enumerate(FIRMS, 1)]


def waiting_for_a_decision(found):
    return {o.key for o in found.plan.outcomes if o.detail.startswith("may be the same")}


def test_what_is_alike_is_proposed_and_held_on_both_sides():
    found = made([*firms(), theirs("g", fields={"name": "Fjord Marine"})])
    assert keys(found) == {("1", "g")}
    proposal = found.proposals[0]
    assert (proposal.band, proposal.holds) == ("likely", True)
    assert proposal.evidence == ("the names are alike",)
    assert proposal.parts[1].global_value == "Fjord Marin AS"
    assert waiting_for_a_decision(found) == {"1", "g"}


def test_possible_is_advice_only():
    found = made([*firms(), theirs("g", fields={"name": "Tind Data Drift Bergen"})])
    assert [(p.global_key, p.band, p.holds) for p in found.proposals] == [("4", "possible", False)]
    assert waiting_for_a_decision(found) == set()


def test_a_rejected_pair_gives_way_to_the_next():
    records = [*firms(), theirs("g", fields={"name": "Fjord Marin"})]
    verdicts = {"thing": {("1", "g"): "different"}}
    found = made(records, verdicts=verdicts)
    assert found.proposals == ()
    assert waiting_for_a_decision(found) == set()


def test_a_narrow_plan_does_not_look_for_likeness():
    now = situation((THING,), [*firms(), theirs("g", fields={"name": "Fjord Marin"})])
    now.mirror.narrow = True
    assert plan.make(now).proposals == ()


def test_what_hangs_on_a_record_is_part_of_what_it_tells():
    child = entity("part", parent="thing", needs=("thing",), rules=RULES)
    records = [
        *(ours(key, fields={"name": "Berg AS"}) for key in ("1", "2")),
        *(theirs(key, fields={"name": "Berg AS"}) for key in ("g", "h")),
        *(ours(f"p{key}", of="part", parent=key, number=None, fields={"name": city})
          for key, city in (("1", "Molde"), ("2", "Bergen"))),
        *(theirs(f"q{key}", of="part", parent=key, fields={"name": city})
          for key, city in (("g", "Bergen"), ("h", "Molde"))),
    ]  # fmt: skip
    assert keys(made(records, THING, child)) == {("1", "h"), ("2", "g")}


def test_linked_records_that_refer_to_them_tell_records_apart():
    refers = (*FIELDS, Field("owner", "Owner", "Owner", "owner", refers="thing"))
    case = entity("case", fields=refers, rules=())
    records = [
        *(ours(key, fields={"name": "Berg AS"}) for key in ("1", "2")),
        *(theirs(key, fields={"name": "Berg AS"}) for key in ("g", "h")),
        ours("5", of="case", fields={"name": "X", "owner": "1"}),
        theirs("c", of="case", fields={"name": "X", "owner": "h"}),
    ]
    links = [linked("5", "c", {}, of="case")]
    found = made(records, THING, case, links=links)
    best = [p for p in found.proposals if p.global_key == "1"]
    assert best[0].severa_guid == "h"
    assert "what hangs on them is the same" in best[0].evidence


def test_under_a_field_only_records_of_the_same_linked_one_are_compared():
    refers = (*FIELDS, Field("owner", "Owner", "Owner", "owner", refers="thing"))
    like = replace(LIKENESS, kind="project", under="owner")
    case = entity("case", fields=refers, rules=(), likeness=like)
    same = {"name": "Integrasjon fase 2"}
    records = [
        *(ours(key) for key in ("1", "2")),
        *(theirs(key) for key in ("g", "h")),
        ours("5", of="case", fields={**same, "owner": "1"}),
        theirs("c", of="case", fields={**same, "owner": "h"}),
        theirs("d", of="case", fields={**same, "owner": "g"}),
    ]
    links = [linked("1", "g", {}), linked("2", "h", {})]
    assert keys(made(records, entity(), case, links=links)) == {("5", "d")}


def test_a_rule_that_says_more_is_a_part_of_its_own():
    rule = Rule("number", lambda record: record.number, "the number is equal", score=0.8)
    thing = entity(rules=(rule,), likeness=LIKENESS)
    found = made([ours("1", fields={"name": "A"}), theirs("g", number="1", fields={"name": "B"})],
                 thing)  # fmt: skip
    proposal = found.proposals[0]
    assert (proposal.score, proposal.band, proposal.holds) == (0.8, "likely", True)
    assert proposal.evidence[0] == "the number is equal"
    assert (proposal.parts[-1].field, proposal.parts[-1].text) == ("rule", "the number is equal")
    bits = sum(part.bits for part in proposal.parts)
    assert 1 / (1 + 2**-bits) == pytest.approx(0.8, abs=0.01)


def test_rules_alone_need_no_engine():
    rule = Rule("number", lambda record: record.number, "the number is equal")
    assert proposals("thing", {("1", "g"): [rule]}, ()) == [
        Proposal("thing", "1", "g", 0.7, "likely", ("the number is equal",))
    ]


def test_the_profile_s_weights_count():
    records = [*firms(), theirs("g", fields={"name": "Fjord Marine"})]
    now = situation((THING,), records)
    deaf = Matching.model_validate({"weights": {"company": {"name": {"equal": 1.0}}}})
    quiet = replace(now, profile=now.profile.model_copy(update={"matching": deaf}))
    assert plan.make(quiet).proposals == ()


def test_a_plan_with_nothing_unlinked_does_not_load_the_engine():
    code = (
        "import sys\n"
        "from tests.matching.test_likeness import THING, made\n"
        "from tests.engine import linked, ours, theirs\n"
        "made([ours('1'), theirs('g'), theirs('h')], links=[linked('1', 'g', {})])\n"
        "made([ours('1'), ours('2')])\n"
        "sys.exit(int('rapidfuzz' in sys.modules or 'recon.matching.engine' in sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
