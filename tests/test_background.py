"""What waits behind what is held, and names for what others refer to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recon import background
from recon.plan import make
from recon.shapes import Difference, Hold, Operation, Outcome, Record
from recon.spec import Field
from tests.engine import FIELDS, entity, ours, profile, theirs

CUSTOMER = entity("customer")
CONTACT = entity("contact", parent="customer")
PROJECT = entity("project", fields=(*FIELDS, Field("payer", "Payer", "P", "p", refers="customer")))
ENTITIES = (CUSTOMER, CONTACT, PROJECT)
RECORDS = (
    ours("1", of="customer"),
    ours("2", of="customer"),
    ours("7", of="contact", parent="1"),
    ours("8", of="contact", parent="7"),
    ours("9", of="project", fields={"name": "Nord", "payer": "1"}),
    theirs("g-5", of="customer", number="505", fields={"name": "Berg"}),
)


def find(entity_name: str, side: str, key: str) -> Record | None:
    spot = (entity_name, side, key)
    return next((r for r in RECORDS if (r.entity, r.side, r.key) == spot), None)


def ended(entity_name: str, key: str, state: str) -> Outcome:
    return Outcome(entity_name, "global", key, key, state)  # type: ignore[arg-type]


def held(*outcomes: Outcome) -> dict[str, Hold]:
    since = {("customer", "global", "1"): "2026-11-01"}
    return {h.key: h for h in background.holds(outcomes, since, ENTITIES, find)}  # type: ignore[arg-type]


def test_children_and_referrers_wait_behind_a_held_record() -> None:
    found = held(
        ended("customer", "1", "held"),
        ended("customer", "2", "held"),
        ended("contact", "7", "waiting"),
        ended("project", "9", "waiting"),
    )
    assert found["1"].behind == {"contact": 1, "project": 1} and found["1"].since == "2026-11-01"
    assert found["2"].behind == {} and found["2"].since == ""


def test_what_is_created_or_linked_waits_behind_nobody() -> None:
    found = held(ended("customer", "1", "held"), ended("contact", "7", "created"))
    assert found["1"].behind == {}


def test_a_record_waits_behind_the_head_of_its_queue_however_far() -> None:
    chain = (entity("customer"), entity("contact", parent="customer"))
    waiting = [ended("customer", "1", "held"), ended("contact", "7", "waiting")]
    further = replace(RECORDS[3], entity="line", parent="7")
    lines = entity("line", parent="contact")

    def look(name: str, side: str, key: str) -> Record | None:
        return further if name == "line" else find(name, side, key)

    outcomes = (*waiting, ended("line", "8", "waiting"))
    (hold,) = background.holds(outcomes, {}, (*chain, lines), look)  # type: ignore[arg-type]
    assert hold.behind == {"contact": 1, "line": 1}


def test_records_that_wait_for_each_other_end() -> None:
    twins = entity("twin", fields=(*FIELDS, Field("other", "O", "O", "o", refers="twin")))
    records = {key: ours(key, of="twin", fields={"other": to}) for key, to in ("12", "21")}
    outcomes = [ended("twin", key, "waiting") for key in records]
    assert background.holds(outcomes, {}, (twins,), lambda *spot: records[spot[2]]) == ()


def operation(**after: object) -> Operation:
    return Operation("o", "project", "severa", "update", "9", "g", {"payer": "g-5"}, after, (), "")  # type: ignore[arg-type]


def test_names_are_known_of_all_that_is_referred_to() -> None:
    outcomes = [replace(ended("contact", "7", "waiting"), parent="1")]
    differences = [
        Difference("project", "9", "g", "Nord", "payer", "drift", "2", "g-404", "t"),
        Difference("project", "9", "g", "Nord", "name", "drift", "a", "b", "t"),
    ]
    changed = operation(payer="ref:customer/1")
    found = background.named(ENTITIES, (outcomes, [changed], differences), find)  # type: ignore[arg-type]
    assert found == {
        "customer/1": "Thing 1 (1)",
        "customer/g-5": "Berg (505)",
        "customer/2": "Thing 2 (2)",
    }


def test_each_field_has_its_owner() -> None:
    known = profile(master={"default": "severa", "field": {"customer.email": "global"}})
    found = background.masters((CUSTOMER,), known.master)
    assert found["customer.email"] == "global" and found["customer.name"] == "severa"


@pytest.mark.parametrize(("licences", "state"), [(0, "held"), (1, "held"), (2, "created")])
def test_outcomes_say_what_they_cost_approved_or_not(licences: int, state: str) -> None:
    from tests.engine import situation

    priced = replace(entity().severa_side, costs=lambda record, context: "licence of type Employee")
    things = [ours("1"), ours("2")]
    now = situation([entity(severa_side=priced)], things, licences=licences)
    outcomes = make(now).plan.outcomes
    assert {(o.state, o.costs) for o in outcomes} == {(state, "licence of type Employee")}


def test_outcomes_know_number_parent_and_partner() -> None:
    from tests.engine import situation

    same = {"name": "Fjord"}
    made = make(
        situation(
            [CUSTOMER, CONTACT],
            [
                ours("1", of="customer", fields=same),
                theirs("g", of="customer", number="1", fields=same),
                ours("7", of="contact", parent="1"),
            ],
        )
    )
    found = {(o.entity, o.side): o for o in made.plan.outcomes}
    assert found["customer", "severa"].number == "1"
    assert found["customer", "global"].partner == "g"
    assert (found["contact", "global"].parent, found["contact", "global"].partner) == ("1", "")
