"""Every row of the three-way comparison (rules 1 to 3), as data."""

from __future__ import annotations

import pytest

from recon.compare import Rules, compare, written
from recon.entities.invoice import ENTITY as INVOICE
from recon.links import Links
from recon.settings import Master, Profile
from tests.engine import entity, linked, ours, theirs

OLD = {"global": {"name": "old"}, "severa": {"name": "old"}}
LOSSY = {"global": {"name": "ol"}, "severa": {"name": "old"}}
NONE: dict[str, str] = {}
# base, Global now, Severa now, master, shown → what Global gets, what Severa gets, told as
CASES = [
    ("nothing changed", OLD, "old", "old", "severa", False, None, None, None),
    ("case is no change", OLD, "OLD", "old", "severa", False, None, None, None),
    ("a declared loss does not ping-pong", LOSSY, "ol", "old", "severa", False, None, None, None),
    ("the master changed", OLD, "old", "new", "severa", False, "new", None, None),
    ("the master changed, other way", OLD, "new", "old", "global", False, None, "new", None),
    ("the other changed: drift", OLD, "new", "old", "severa", False, None, None, "drift"),
    ("both changed to the same", OLD, "new", "New", "severa", False, None, None, None),
    ("both changed: conflict", OLD, "a", "b", "severa", False, "b", None, "conflict"),
    ("the master emptied it", OLD, "old", None, "severa", False, "(empty)", None, None),
    ("no base, differing", NONE, "a", "b", "severa", False, None, None, "initial difference"),
    (
        "no base, not shown, empty",
        NONE,
        None,
        "b",
        "severa",
        False,
        None,
        None,
        "initial difference",
    ),
    ("no base, shown: empty is filled", NONE, None, "b", "global", True, "b", None, None),
    ("no base, shown: empty is filled", NONE, "a", None, "severa", True, None, "a", None),
    (
        "no base, shown, both filled",
        NONE,
        "a",
        "b",
        "severa",
        True,
        None,
        None,
        "initial difference",
    ),
]


@pytest.mark.parametrize(
    ("base", "here", "there", "master", "shown", "to_global", "to_severa", "told"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_rules_of_transfer(base, here, there, master, shown, to_global, to_severa, told):
    pair = (ours("1", fields={"name": here}), theirs("g", fields={"name": there}))
    rules = Rules(Master(default=master), shown, Links())
    found = compare(entity(), linked("1", "g", base), pair, rules)
    got = [found.changes[side].get("name", "-") for side in ("global", "severa")]
    wanted = [
        "-" if value is None else (None if value == "(empty)" else value)
        for value in (to_global, to_severa)
    ]
    assert got == wanted
    assert [d.kind for d in found.differences] == ([told] if told else [])


def test_conflict_is_held_when_the_profile_says_so():
    pair = (ours("1", fields={"name": "a"}), theirs("g", fields={"name": "b"}))
    rules = Rules(Master(default="severa", hold_conflicts=True), False, Links())
    found = compare(entity(), linked("1", "g", OLD), pair, rules)
    assert found.changes == {"global": {}, "severa": {}}
    assert "until a person" in found.differences[0].text
    assert found.base["global"]["name"] == "old", "the base stays, so that it is told again"


def test_masters_decide_initial_differences_only_in_a_shown_plan():
    pair = (ours("1", fields={"name": "a"}), theirs("g", fields={"name": "b"}))
    master = Master(default="severa", initial="master")
    hidden = compare(entity(), linked("1", "g", {}), pair, Rules(master, False, Links()))
    shown = compare(entity(), linked("1", "g", {}), pair, Rules(master, True, Links()))
    assert hidden.changes["global"] == {} and hidden.differences
    assert shown.changes["global"] == {"name": "b"}


def test_a_master_per_field_outranks_the_entitys():
    pair = (
        ours("1", fields={"name": "a", "email": "old@x.example"}),
        theirs("g", fields={"name": "old", "email": "new@x.example"}),
    )
    base = {side: {"name": "old", "email": "old@x.example"} for side in ("global", "severa")}
    master = Master(default="global", field={"thing.email": "severa"})
    found = compare(entity(), linked("1", "g", base), pair, Rules(master, False, Links()))
    assert found.changes == {"global": {"email": "new@x.example"}, "severa": {"name": "a"}}


def test_compared_only_fields_never_transfer():
    pair = (ours("1", fields={"billable": "yes"}), theirs("g", fields={"billable": "no"}))
    base = {side: {"billable": "no"} for side in ("global", "severa")}
    found = compare(
        entity(), linked("1", "g", base), pair, Rules(Master(default="global"), True, Links())
    )
    assert found.changes == {"global": {}, "severa": {}}
    assert found.differences[0].kind == "drift"


def test_one_way_field_does_not_travel_back():
    pair = (ours("1", fields={"title": "new"}), theirs("g", fields={"title": "old"}))
    base = {side: {"title": "old"} for side in ("global", "severa")}
    found = compare(
        entity(), linked("1", "g", base), pair, Rules(Master(default="global"), False, Links())
    )
    assert found.changes == {"global": {}, "severa": {}}
    assert "does not transfer in that direction" in found.differences[0].text


def test_base_after_writing_is_what_both_hold():
    pair = (ours("1", fields={"name": "Long na"}), theirs("g", fields={"name": "Long name"}))
    base = written(entity(), OLD, pair, {"name": "Long name"}, Links())
    assert base == {"global": {"name": "long na"}, "severa": {"name": "long name"}}


def test_a_status_that_the_target_did_not_keep_is_told_in_every_later_run():
    """Severa answered as if it had set it; it is not sent again and again, nor forgotten."""
    pair = (ours("1", fields={"sent": True}), theirs("g", fields={"sent": False}))
    base = written(INVOICE, {}, pair, {"sent": True}, Links())
    plain = Profile.model_validate({"company": {"name": "P"}, "global": {}, "severa": {}})
    rules = Rules(Master(), False, Links(), profile=plain)
    found = compare(INVOICE, linked("1", "g", base), pair, rules)
    assert found.changes == {"global": {}, "severa": {}}
    assert [(told.field, told.kind) for told in found.differences] == [("sent", "drift")]
