"""What counts as alike: any rule, but a rule under a reference only where that leads to one."""

from __future__ import annotations

import pytest

from recon.guard import alike
from recon.links import Links
from recon.shapes import Record
from recon.spec import Field, Rule
from tests.engine import FIELDS, entity, linked

LINKS = Links([linked("10001", "a", {}, "owner"), linked("10002", "b", {}, "owner")])
THING = entity(
    fields=(*FIELDS, Field("owner", "Owner", "OwnerNo", "owner", refers="owner")),
    rules=(
        Rule("number", lambda r: r.number, "the numbers are equal"),
        Rule("name", lambda r: r.fields.get("name"), "the names are equal", under="owner"),
    ),
)


def _record(side, name: str, owner: str | None, number: str | None = None) -> Record:
    return Record("thing", side, "k", {"name": name, "owner": owner}, number=number)


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        (("A", "10001"), ("A", "a"), True),
        (("A", "10001"), ("A", "b"), False),
        (("A", "10001"), ("B", "a"), False),
        (("A", None), ("A", None), False),
        (("A", "10003"), ("A", "x"), False),
        (("A", "10001", "5"), ("B", "b", "5"), True),
    ],
)
def test_names_are_alike_only_under_the_same_linked_record(ours, theirs, same):
    pair = (_record("global", *ours), _record("severa", *theirs))
    assert alike(THING, pair, LINKS) is same
