"""A plan is data: what is linked, created, held, waiting, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recon.plan import make
from recon.spec import Rule
from tests.engine import entity, linked, ours, profile, situation, theirs

RANGE = {"global": {"url": "sqlite://", "schema": "P", "numbers": {"thing": {"severa": [20, 29]}}}}
EQUAL = {side: {"name": "thing 1"} for side in ("global", "severa")}


def planned(*records, links=(), entities=None, **more):
    return make(situation(entities or [entity()], records, links, **more))


def text_keyed():
    found = entity()
    return replace(found, global_side=replace(found.global_side, alphanumeric=True))


def states(made):
    return {(o.side, o.key): o.state for o in made.plan.outcomes}


def detail(made, side, key):
    return next(o.detail for o in made.plan.outcomes if (o.side, o.key) == (side, key))


def test_equal_number_and_name_are_linked_not_created():
    made = planned(ours("1"), theirs("g", number="1", fields={"name": "THING 1"}))
    assert [op.id for op in made.plan.operations] == ["thing/link/global/1"]
    assert states(made) == {("global", "1"): "linked", ("severa", "g"): "linked"}


def test_severa_guid_of_a_live_record_comes_before_the_number():
    made = planned(
        ours("1", guid="h"), theirs("g", number="1", fields={"name": "Thing 1"}), theirs("h")
    )
    assert made.plan.operations[0].guid == "h"


def test_older_guid_is_translated():
    made = planned(ours("1", guid="old"), theirs("g"), converted={"old": "g"})
    assert made.plan.operations[0].because == "Global's row carries its SeveraGUID"


def test_guid_that_points_to_nothing_holds_its_row():
    made = planned(ours("1", guid="gone"))
    assert states(made) == {("global", "1"): "held"}
    assert "points to nothing" in detail(made, "global", "1")


def test_one_guid_in_two_rows_holds_all_three():
    made = planned(ours("1", guid="g"), ours("2", guid="g"), theirs("g"))
    assert set(states(made).values()) == {"held"}
    assert made.plan.operations == ()


def test_store_and_column_that_disagree_are_held():
    made = planned(ours("1", guid="h"), theirs("g"), theirs("h"), links=[linked("1", "g", EQUAL)])
    assert states(made)[("global", "1")] == "held"
    assert not [op for op in made.plan.operations if op.key == "1"]


def test_a_linked_record_whose_counterpart_is_held_is_not_created_anew():
    links = [linked("1", "g", EQUAL), linked("2", "h", EQUAL)]
    rows = (ours("1", guid="h"), ours("2", guid="h"), theirs("g"), theirs("h"))
    made = planned(*rows, links=links)
    assert set(states(made).values()) == {"held"}
    assert made.plan.operations == ()


def test_link_that_only_the_store_knows_is_completed():
    same = {"name": "Thing 1"}
    made = planned(ours("1"), theirs("g", fields=same), links=[linked("1", "g", EQUAL)])
    assert [op.id for op in made.plan.operations] == ["thing/link/global/1"]


def test_equal_number_with_another_name_is_held_on_both_sides():
    made = planned(ours("1"), theirs("g", number="1", fields={"name": "Other"}))
    assert set(states(made).values()) == {"held"}
    assert made.proposals[0].evidence == ("the number is equal",)


def test_a_person_says_same_or_different():
    pair = (ours("1"), theirs("g", number="21", fields={"name": "thing 1"}))
    same = planned(*pair, verdicts={"thing": {("1", "g"): "same"}})
    apart = planned(*pair, verdicts={"thing": {("1", "g"): "different"}}, profile=profile(**RANGE))
    assert [op.kind for op in same.plan.operations] == ["link"]
    assert [op.kind for op in apart.plan.operations] == ["create", "link", "create"]


def test_rivals_are_shown_and_nothing_is_guessed():
    twins = [theirs(g, number=None, fields={"name": "Thing 1"}) for g in ("g", "h")]
    made = planned(ours("1"), *twins)
    assert {p.rivals for p in made.proposals} == {("h",), ("g",)}
    assert made.plan.operations == ()


def test_new_in_global_is_created_in_severa_and_noted_back():
    made = planned(ours("1"))
    create, back = made.plan.operations
    assert (create.id, create.after["@number"]) == ("thing/create/severa/1", "1")
    assert back.needs == (create.id,)
    assert back.after == {"SeveraGUID": "ref:thing/1"}


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("25", ""),
        ("31", "outside the range 20 to 29"),
        ("A7", "is not a number that Global can take"),
        (None, "it has no number or code in Severa"),
        ("21", "is taken by another record in Global"),
        ("99999999999", "is not a number that Global can take"),
    ],
)
def test_who_numbers_what_is_new_in_severa(number, words):
    made = planned(
        ours("21", fields={"name": "Else"}, attributes={"inactive": True}),
        theirs("g", number=number),
        profile=profile(**RANGE),
        verdicts={"thing": {("21", "g"): "different"}},
    )
    if words:
        assert states(made)[("severa", "g")] == "held"
        assert words in detail(made, "severa", "g")
    else:
        assert made.plan.operations[-1].after["@number"] == number


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("KURS-1", ""),
        ("0025", ""),
        ("25", ""),
        ("31", "outside the range 20 to 29"),
        ("A234567", "has 7 characters, and Global takes 6"),
        ("ulv ", "code ulv is taken by another record in Global"),
        (None, "it has no number or code in Severa"),
    ],
)
def test_a_text_key_takes_any_code_that_is_free_and_fits(code, words):
    made = planned(
        ours("ULV", fields={"name": "Else"}, attributes={"inactive": True}),
        theirs("g", number=code),
        entities=[text_keyed()],
        profile=profile(**RANGE),
        length=lambda table, column: {("thing", "No"): 6}[table, column],
    )
    if words:
        assert states(made)[("severa", "g")] == "held"
        assert words in detail(made, "severa", "g")
    else:
        assert made.plan.operations[-1].after["@number"] == code


def test_without_a_range_a_text_key_takes_any_number():
    made = planned(theirs("g", number="5"), entities=[text_keyed()])
    assert made.plan.operations[-1].after["@number"] == "5"


def test_without_a_range_nothing_is_numbered():
    assert "gives Severa no number range" in detail(planned(theirs("g", number="5")), "severa", "g")


def test_configured_range_gives_the_next_free_number():
    numbers = {"thing": {"policy": "range", "range": [50, 59]}}
    known = profile(**{"global": {"url": "sqlite://", "schema": "P", "numbers": numbers}})
    made = planned(theirs("g", number="5"), profile=known)
    assert made.plan.operations[0].after["@number"] == "next:thing"


def test_inactive_is_out_of_scope_but_stays_linked():
    apart = planned(ours("1", attributes={"inactive": True}))
    pair = (ours("1", attributes={"inactive": True}), theirs("g", fields={"name": "Thing 1"}))
    kept = planned(*pair, links=[linked("1", "g", EQUAL)])
    assert states(apart) == {("global", "1"): "out of scope"}
    assert states(kept)[("global", "1")] == "unchanged"


def test_direction_of_the_profile():
    known = profile(transfer={"entities": {"thing": "to_global"}})
    assert states(planned(ours("1"), profile=known)) == {("global", "1"): "out of scope"}
    off = profile(transfer={"entities": {"thing": "off"}})
    assert planned(ours("1"), theirs("g"), profile=off).plan.operations == ()


def parent_and_child():
    child = entity(
        "part",
        parent="thing",
        numbered=False,
        rules=(Rule("name", lambda r: r.fields.get("name"), "name", connects=True),),
    )
    return [entity(), child]


def test_child_is_created_after_its_parent():
    made = planned(ours("1"), ours("7", of="part", parent="1"), entities=parent_and_child())
    create = next(op for op in made.plan.operations if op.id == "part/create/severa/7")
    assert create.needs == ("thing/create/severa/1",)
    assert create.after["@parent"] == "ref:thing/1"


def test_child_waits_for_a_held_parent_and_leaves_with_one_out_of_scope():
    held = planned(
        ours("1", guid="gone"), ours("7", of="part", parent="1"), entities=parent_and_child()
    )
    out = planned(
        ours("1", attributes={"inactive": True}),
        ours("7", of="part", parent="1"),
        entities=parent_and_child(),
    )
    assert states(held)[("global", "7")] == "waiting"
    assert states(out)[("global", "7")] == "out of scope"


def test_child_of_a_linked_parent_that_vanished_waits():
    entities = [entity(), entity("part", needs=("thing",), parent="thing")]
    pair = (theirs("g"), theirs("p", of="part", parent="g"))
    made = planned(*pair, ours("2"), entities=entities, links=[linked("1", "g", EQUAL)])
    assert states(made)[("severa", "p")] == "waiting"
    assert [op for op in made.plan.operations if op.entity == "part"] == []


def test_children_are_matched_under_their_linked_parent_only():
    made = planned(
        ours("1"),
        theirs("g", number="1", fields={"name": "Thing 1"}),
        ours("7", of="part", parent="1", fields={"name": "p"}),
        theirs("p1", of="part", parent="g", fields={"name": "p"}),
        theirs("p2", of="part", parent="other", fields={"name": "p"}),
        entities=parent_and_child(),
    )
    assert [op.guid for op in made.plan.operations] == ["g", "p1"]


def test_vanished_only_after_two_full_reads():
    link = linked("1", "g", EQUAL)
    once = planned(ours("1", guid="g"), links=[link], absent={("thing", "severa", "1"): 1})
    twice = planned(ours("1", guid="g"), links=[link], absent={("thing", "severa", "1"): 2})
    assert (states(once)[("global", "1")], states(twice)[("global", "1")]) == (
        "waiting",
        "vanished",
    )
    assert once.plan.operations == twice.plan.operations == ()


def test_parked_and_unknown_records_are_left_alone():
    spot = ("thing", "global", "1")
    assert states(planned(ours("1"), parked={spot: "why"})) == {spot[1:]: "parked"}
    assert states(planned(ours("1"), unknown={spot: "why"})) == {spot[1:]: "unknown"}


def test_unreadable_rows_are_counted():
    bad = ours("2", attributes={"unreadable": "its name is a number"})
    made = planned(ours("1"), bad, ours("1"))
    assert sorted(o.state for o in made.plan.outcomes) == ["created", "unreadable", "unreadable"]


def test_checksum_ties_to_content_not_to_the_run():
    first = planned(ours("1")).plan
    again = planned(ours("1"), run="run-2").plan
    other = planned(ours("1", fields={"name": "Other"})).plan
    assert first.checksum == again.checksum != other.checksum


def test_agreed_change_moves_the_base_without_a_write():
    same = {"name": "New"}
    made = planned(
        ours("1", guid="g", fields=same), theirs("g", fields=same), links=[linked("1", "g", EQUAL)]
    )
    assert made.plan.operations == ()
    assert made.rebased[0].base["global"] == {"name": "new"}
    assert made.rebased[0].seen["severa"]
