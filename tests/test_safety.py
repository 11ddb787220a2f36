"""One named test per safety limit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from recon import safety
from recon.errors import Unsafe
from recon.plan import make
from recon.settings import Limit, MoneyLimit, Safety
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


def documents(amounts):
    plan = many(len(amounts))
    creates = [op.id for op in plan.operations if op.kind == "create"]
    new = {name: Decimal(a) for name, a in zip(creates, amounts, strict=True)}
    return plan, new


def test_new_documents_have_a_limit_of_their_own_with_a_floor():
    plan, new = documents(["1"] * 6)
    money = safety.Money(new)
    limits = Safety(creates=Limit(floor=0), documents=Limit(share=0.1, floor=5))
    (breach,) = safety.breaches(plan, {"thing": 6}, limits, money)
    assert breach.limit == "documents:thing" and "6 new documents of thing" in breach.text
    assert safety.breaches(plan, {"thing": 60}, limits, money) == []


def test_the_money_of_new_documents_is_limited_by_share_with_a_floor():
    """Credit notes move money too: what is taken back does not make up for what is billed."""
    plan, new = documents(["600.00", "-500.01"])
    limits = Safety(money=MoneyLimit(share=Decimal("0.5"), floor=Decimal(1100)))
    (breach,) = safety.breaches(plan, {}, limits, safety.Money(new))
    assert breach.limit == "money:thing"
    assert "come to 1,100.01" in breach.text and "at most 1,100.00" in breach.text
    known = {"thing": Decimal("2200.02")}
    assert safety.breaches(plan, {}, limits, safety.Money(new, known)) == []


def test_a_limit_is_passed_only_by_its_name():
    found = safety.breaches(many(3), {}, Safety(creates=Limit(share=0, floor=2)))
    with pytest.raises(Unsafe, match="--force creates:thing") as caught:
        safety.check(found, ["updates:thing"])
    assert caught.value.limits == ("creates:thing",)
    safety.check(found, ["creates:thing"])
