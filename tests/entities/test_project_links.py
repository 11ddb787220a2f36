"""Projects kept in step and planned: references by link, names only under the same customer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from recon.compare import Rules, compare, written
from recon.entities.project import ENTITY
from recon.links import Links, rebased
from recon.plan import Made, make
from recon.settings import Master, Numbers
from recon.shapes import Link, Record
from recon.spec import Context, Entity
from tests.engine import linked, situation
from tests.entities.projects import OWNER, company, customer, in_global, in_severa
from tests.entities.world import BY_NAME, LOOKUP

LINKS = Links(
    linked(key, guid, {}, entity)
    for entity, key, guid in (
        ("customer", "10001", "c"),
        ("customer", "10002", "d"),
        ("employee", "7", "m"),
        ("employee", "8", "n"),
        ("business_unit", "42", "u"),
    )
)


def _read(guid: str = "p", **more: Any) -> Record:
    return company().severa("project", in_severa(guid, **more))[0]


# --- kept in step -----------------------------------------------------------------------------


def _in_step(ours: Record, theirs: Record) -> Link:
    """Their link, as after both were written."""
    base = written(ENTITY, {}, (ours, theirs), ours.fields, LINKS)
    return rebased(linked(ours.key, theirs.key, {}, "project"), base, {})


def _rules(master: Any = "severa", *, shown: bool = False) -> Rules:
    return Rules(Master(default=master), shown, LINKS)


def test_linked_references_are_equal() -> None:
    pair = (in_global(name="Prosjekt p"), _read())
    link = linked("1001", "p", {}, "project")
    assert compare(ENTITY, link, pair, _rules()).in_step


@pytest.mark.parametrize("master", ["severa", "global"])
def test_an_owner_who_stands_for_nobody_never_goes_back(master: str) -> None:
    pair = (in_global(manager=None), _read(projectOwner={"guid": OWNER}))
    assert compare(ENTITY, _in_step(*pair), pair, _rules(master)).in_step


def test_a_changed_manager_transfers_by_link_or_waits() -> None:
    ours, theirs = in_global(), _read()
    link = _in_step(ours, theirs)
    theirs.fields["manager"] = "n"
    found = compare(ENTITY, link, (ours, theirs), _rules())
    assert found.changes["global"] == {"manager": "ref:employee/n"}
    theirs.fields["manager"] = "stranger"
    found = compare(ENTITY, link, (ours, theirs), _rules())
    assert found.changes["global"] == {}
    assert [(one.name, key) for one, _, key in found.waits] == [("manager", "stranger")]


def test_a_project_that_becomes_internal_loses_its_customer() -> None:
    ours, theirs = in_global(), _read()
    link = _in_step(ours, theirs)
    changed = _read(isInternal=True)
    found = compare(ENTITY, link, (ours, changed), _rules())
    assert found.changes["global"] == {"internal": True, "customer": None}


# --- planned ----------------------------------------------------------------------------------


def _planned(*records: Record, entities: tuple[Entity, ...] = (ENTITY,)) -> Made:
    """A plan for these records, whose customers are linked."""
    known = company({"won_statuses": ["Order"]}).profile
    ranges = {"project": Numbers(severa=(50_000, 59_999)), "customer": Numbers(severa=(1, 2))}
    known = known.model_copy(
        update={"global_": known.global_.model_copy(update={"numbers": ranges})}
    )
    links = LINKS.all("customer")
    now = situation(entities, records, links, profile=known)
    return make(replace(now, context=Context(known, LOOKUP, now.mirror.records)))


def _states(made: Made) -> dict[str, str]:
    return {o.key: o.state for o in made.plan.outcomes if o.entity == "project"}


def _detail(made: Made, key: str) -> str:
    return next(o.detail for o in made.plan.outcomes if o.key == key)


def test_number_and_name_connect_whatever_the_customer() -> None:
    made = _planned(in_global("50001", name="PROSJEKT  p", customer="10002"), _read())
    assert [op.id for op in made.plan.operations] == ["project/link/global/50001"]


def test_equal_names_are_proposed_under_the_same_linked_customer_only() -> None:
    rows = [
        in_global("1001", name="Prosjekt p"),
        in_global("1002", name="Prosjekt p", customer="10002"),
        in_global("1003", name="Prosjekt p", customer="10003"),
        in_global("1004", name="Prosjekt p", customer=None, internal=True),
    ]
    made = _planned(*rows, _read())
    assert [(p.global_key, p.severa_guid) for p in made.proposals] == [("1001", "p")]
    assert _states(made) == {
        "1001": "held",
        "1002": "created",
        "1003": "waiting",
        "1004": "created",
        "p": "held",
    }
    assert "customer is the same" in _detail(made, "1001")


def test_an_equal_number_is_proposed_and_holds() -> None:
    made = _planned(in_global("50001", customer="10002"), _read())
    assert [p.evidence for p in made.proposals] == [("the project numbers are equal",)]
    assert set(_states(made).values()) == {"held"}


def test_a_project_waits_for_its_customer_and_goes_without_a_manager_who_does_not_come() -> None:
    made = _planned(_read("p"), _read("q", number=50002, customer={"guid": "new"}))
    assert _states(made) == {"p": "created", "q": "waiting"}
    assert "waits for its customer" in _detail(made, "q")
    (create,) = [op for op in made.plan.operations if op.kind == "create"]
    assert create.after["customer"] == "ref:customer/c"
    assert create.after["manager"] is None and create.after["@number"] == "50001"


def test_a_customer_that_is_created_in_the_same_plan_comes_first() -> None:
    new = customer("severa", "new")
    new.number = "2"
    project = _read("q", customer={"guid": "new"})
    made = _planned(new, project, entities=(BY_NAME["customer"], ENTITY))
    create = next(op for op in made.plan.operations if op.entity == "project")
    assert create.needs == ("customer/create/global/new",)


def test_a_customer_that_is_linked_in_the_same_plan_comes_first() -> None:
    pair = (customer("global", "10009"), customer("severa", "nine"))
    for record in pair:
        record.number, record.fields["name"] = "10009", "Ni AS"
    project = in_global("1001", customer="10009", name="Nytt", manager=None, department=None)
    made = _planned(*pair, project, entities=(BY_NAME["customer"], ENTITY))
    create = next(op for op in made.plan.operations if op.entity == "project")
    assert create.needs == ("customer/link/global/10009",)


def test_a_project_without_a_customer_is_held_and_an_internal_one_is_not() -> None:
    rows = [in_global("1", customer=None), in_global("2", customer=None, internal=True)]
    assert _states(_planned(*rows)) == {"1": "held", "2": "created"}


def test_leaving_a_filter_changes_nothing_of_a_link() -> None:
    lost = _read(salesStatus={"salesStatusTypeGuid": "l"})
    ours = in_global("50001", name="Prosjekt p")
    ours.guid = "p"
    made = _planned(ours, lost)
    assert [op.kind for op in made.plan.operations] == ["link"]
    assert "out of scope" not in _states(made).values()
