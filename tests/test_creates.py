"""What is created: after what it refers to, with what it may be sent, once its cost is approved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from recon.plan import Made, make
from recon.shapes import Outcome, Record
from recon.spec import Entity, Field, Scope
from tests.engine import entity, ours, profile, situation, theirs

PLACE = entity("place", creatable=lambda record, _: _held(record))
STAFF = entity(
    "staff",
    needs=("place",),
    fields=(
        Field("name", "Name", "Name", "name"),
        Field("title", "Title", "Titel", "title", direction="to_global"),
        Field("place", "Place", "PlaceNo", "place", refers="place"),
    ),
)


def _held(record: Record) -> Scope | None:
    return Scope("held", "a person looks at it") if record.attributes.get("held") else None


def _staff(key: str, place: str | None = None, **more: Any) -> Record:
    fields = {"name": f"Name {key}", "title": "Chief", "place": place}
    return ours(key, of="staff", fields=fields, **more)


def _costly(words: str) -> Entity:
    return replace(STAFF, severa_side=replace(STAFF.severa_side, costs=lambda _r, _c: words))


def _planned(*records: Record, entities: tuple[Entity, ...] = (PLACE, STAFF), **more: Any) -> Made:
    return make(situation(entities, records, **more))


def _outcome(made: Made, key: str) -> Outcome:
    return next(o for o in made.plan.outcomes if (o.entity, o.key) == ("staff", key))


def test_it_comes_after_the_link_of_what_it_refers_to() -> None:
    place = {"name": "Oslo"}
    pair = (ours("7", of="place", fields=place), theirs("p", of="place", number="7", fields=place))
    made = _planned(*pair, _staff("1", "7"))
    create = next(op for op in made.plan.operations if op.id == "staff/create/severa/1")
    assert create.needs == ("place/link/global/7",)
    assert create.after["place"] == "ref:place/7"


def test_it_comes_after_the_create_of_what_it_refers_to() -> None:
    made = _planned(ours("7", of="place"), _staff("1", "7"))
    create = next(op for op in made.plan.operations if op.id == "staff/create/severa/1")
    assert create.needs == ("place/create/severa/7",)


@pytest.mark.parametrize("entities", [(PLACE, STAFF), (STAFF,)])
def test_it_waits_for_what_is_to_come_also_in_a_run_that_leaves_that_out(
    entities: tuple[Entity, ...],
) -> None:
    now = situation(
        (PLACE, STAFF), [ours("7", of="place", attributes={"held": True}), _staff("1", "7")]
    )
    made = make(replace(now, entities=entities))
    assert _outcome(made, "1").state == "waiting"


def test_it_goes_without_what_does_not_exist() -> None:
    made = _planned(_staff("1", "8"))
    assert made.plan.operations[0].after["place"] is None


def test_what_severa_does_not_take_is_not_sent() -> None:
    side = replace(STAFF.severa_side, withheld=lambda _: ("title",))
    user = theirs("g", of="staff", number="20", fields={"name": "N", "title": "T", "place": None})
    numbers = {"url": "sqlite://", "schema": "P", "numbers": {"staff": {"severa": [20, 29]}}}
    made = _planned(
        _staff("1"),
        user,
        entities=(replace(STAFF, severa_side=side),),
        profile=profile(**{"global": numbers}),
    )
    sent = {op.system: op.after for op in made.plan.operations if op.kind == "create"}
    assert "title" not in sent["severa"] and sent["global"]["title"] == "T"


@pytest.mark.parametrize(
    ("approved", "state"), [(0, "held"), (1, "held"), (2, "created"), (9, "created")]
)
def test_what_costs_is_created_once_all_of_it_is_approved(approved: int, state: str) -> None:
    made = _planned(_staff("1"), _staff("2"), entities=(_costly("licence"),), licences=approved)
    assert {(o.state, o.costs) for o in made.plan.outcomes} == {(state, "licence")}
    assert len(made.plan.operations) == (4 if state == "created" else 0)
    assert state == "created" or "2 × licence" in _outcome(made, "1").detail


def test_what_costs_nothing_needs_no_approval() -> None:
    made = _planned(_staff("1"), entities=(_costly(""),))
    assert (_outcome(made, "1").state, _outcome(made, "1").costs) == ("created", "")
