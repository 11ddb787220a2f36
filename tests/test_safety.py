"""One named test per safety limit."""

from __future__ import annotations

import pytest

from recon import safety
from recon.errors import Unsafe
from recon.plan import make
from recon.settings import Limit, Safety
from tests.engine import entity, linked, ours, situation, theirs


def many(count):
    return make(situation([entity()], [ours(str(n)) for n in range(count)])).plan


def changed(count):
    links, records = [], []
    base = {side: {"name": "old"} for side in ("global", "severa")}
    for n in range(count):
        records += [ours(str(n), guid=f"g{n}", fields={"name": "new"})]
        records += [theirs(f"g{n}", fields={"name": "old"})]
        links.append(linked(str(n), f"g{n}", base))
    return make(situation([entity()], records, links)).plan


def test_creates_are_limited_by_share_with_a_floor():
    limits = Safety(creates=Limit(share=0.1, floor=5))
    assert safety.breaches(many(5), {"thing": 5}, limits) == []
    assert [b.limit for b in safety.breaches(many(6), {"thing": 6}, limits)] == ["creates:thing"]
    assert safety.breaches(many(6), {"thing": 60}, limits) == []


def test_updates_are_limited_by_share_with_a_floor():
    limits = Safety(updates=Limit(share=0, floor=2))
    assert safety.breaches(changed(2), {"thing": 2}, limits) == []
    assert [b.limit for b in safety.breaches(changed(3), {"thing": 3}, limits)] == ["updates:thing"]


def test_a_limit_is_passed_only_by_its_name():
    found = safety.breaches(many(3), {}, Safety(creates=Limit(share=0, floor=2)))
    with pytest.raises(Unsafe, match="--force creates:thing") as caught:
        safety.check(found, ["updates:thing"])
    assert caught.value.limits == ("creates:thing",)
    safety.check(found, ["creates:thing"])
