"""Projects on the whole path: what users of both systems do, and what two syncs make of it."""

from __future__ import annotations

from typing import Any

import pytest

from recon import flow
from recon.sandbox import acts_global, acts_projects, acts_severa
from recon.shapes import Facts
from tests.company import Sandbox, states

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory):
    """An onboarded company; each test makes projects of its own."""
    company = Sandbox.make(tmp_path_factory.mktemp("projects"))
    company.onboard()
    yield company
    company.end()


def pairs(sandbox: Sandbox, entity: str) -> dict[str, str]:
    with sandbox.open(entities=(entity,)) as bench:
        return {row["key"]: row["guid"] for row in flow.links(bench)}


def customer(sandbox: Sandbox, at: int) -> tuple[int, str]:
    """A linked customer that is active in both."""
    rows = {r["CustomerNo"]: r for r in sandbox.acts(lambda w: acts_global.rows(w, "Customer"))}
    linked = [(int(key), guid) for key, guid in sorted(pairs(sandbox, "customer").items())]
    return [(key, guid) for key, guid in linked if not rows[key]["InActiveYesNo"]][at]


def row(sandbox: Sandbox, guid: str) -> dict[str, Any]:
    found: dict[str, Any] = sandbox.acts(lambda w: acts_global.rows(w, "Project", SeveraGUID=guid))[
        0
    ]
    return found


def document(sandbox: Sandbox, guid: str) -> dict[str, Any]:
    found: dict[str, Any] = sandbox.acts(lambda w: w.severa.one("projects", guid))
    return found


def won(sandbox: Sandbox, at: int, **values: Any) -> str:
    """A new project, won for a linked customer and carried over to Global."""
    owner = customer(sandbox, at)[1]
    guid: str = sandbox.acts(lambda w: acts_severa.create_project(w, owner, values))
    sandbox.sync()
    return guid


def done(facts: Facts) -> list[str]:
    assert {state for _, state, _ in facts.operations} <= {"done"}
    return [op.id for op, _, _ in facts.operations if op.entity == "project"]


def edit(sandbox: Sandbox, guid: str, **values: Any) -> None:
    sandbox.acts(lambda w: acts_severa.edit(w, "projects", guid, values))


def test_the_next_run_writes_nothing(sandbox: Sandbox) -> None:
    sandbox.sync()
    facts = sandbox.sync()
    assert facts.operations == () and facts.balanced
    assert set(facts.calls) == {"token", "list"} and sum(facts.calls.values()) == facts.least


def test_a_won_project_comes_with_its_customer_department_and_dates(sandbox: Sandbox) -> None:
    guid = won(sandbox, 0, name="Ny havn", startDate="2025-11-01", deadline="2026-02-28")
    made = row(sandbox, guid)
    assert made["ProjectNo"] == document(sandbox, guid)["number"]
    assert (made["Name"], made["CustomerNo"]) == ("Ny havn", customer(sandbox, 0)[0])
    assert (made["ProjectType"], made["DepNo"], made["InActiveYesNo"]) == (1, 100, 0)
    assert (str(made["StartTime"])[:10], str(made["StopTime"])[:10]) == ("2025-11-01", "2026-02-28")
    assert sandbox.sync().operations == ()


def test_what_the_master_changes_transfers_and_what_the_other_changes_is_drift(
    sandbox: Sandbox,
) -> None:
    guid = won(sandbox, 1, name="Kaiplan")
    number, other = row(sandbox, guid)["ProjectNo"], customer(sandbox, 2)
    edit(sandbox, guid, deadline="2026-05-31", customer={"guid": other[1]}, isClosed=True)
    assert done(sandbox.sync()) == [f"project/update/global/{number}"]
    after = row(sandbox, guid)
    assert (after["CustomerNo"], after["InActiveYesNo"]) == (other[0], 1)
    assert str(after["StopTime"])[:10] == "2026-05-31"
    sandbox.acts(lambda w: acts_global.edit(w, "Project", number, {"DepNo": 110}))
    facts = sandbox.sync()
    drift = [d.field for d in facts.differences if d.global_key == str(number)]
    assert (facts.operations, drift) == ((), ["department"])
    sandbox.acts(lambda w: acts_global.edit(w, "Project", number, {"DepNo": 100}))


def test_a_status_that_does_not_move_changed_since_is_seen(sandbox: Sandbox) -> None:
    kinds = sandbox.acts(lambda w: acts_severa.documents(w, "salesstatustypes"))
    hoped = next(kind["guid"] for kind in kinds if kind["salesState"] == "InProgress")
    status = {"salesStatus": {"salesStatusTypeGuid": hoped}}
    owner = customer(sandbox, 3)[1]
    guid = sandbox.acts(lambda w: acts_severa.create_project(w, owner, {"name": "Håp", **status}))
    assert done(sandbox.sync()) == []
    before = document(sandbox, guid)["lastUpdatedDateTime"]
    sandbox.acts(lambda w: acts_severa.win(w, guid))
    assert document(sandbox, guid)["lastUpdatedDateTime"] == before
    assert done(sandbox.sync()) == [f"project/create/global/{guid}"]
    sandbox.acts(lambda w: acts_projects.change_status(w, guid, hoped))
    assert done(sandbox.sync()) == []
    with sandbox.open() as bench:
        found = {(f.check, f.key) for f in flow.check(bench).findings}
    assert ("linked_but_not_won", guid) in found
    assert row(sandbox, guid)["InActiveYesNo"] == 0


def test_a_project_of_globals_is_won_in_severa_and_owned_by_the_profiles_owner(
    sandbox: Sandbox,
) -> None:
    ours, theirs = customer(sandbox, 4)
    values = {"Name": "Brannøvelse", "DepNo": 110}
    number = sandbox.acts(lambda w: acts_projects.create_in_global(w, ours, values))
    facts = sandbox.sync()
    assert done(facts) == [f"project/create/severa/{number}", f"project/link/global/{number}"]
    assert not [f for f in facts.findings if f.check == "not_kept_as_written"]
    made = document(sandbox, pairs(sandbox, "project")[str(number)])
    profile = sandbox.acts(lambda w: w.profile)
    assert (made["number"], made["customer"]["guid"]) == (number, theirs)
    assert made["salesStatus"]["salesStatusTypeGuid"] == profile.severa.defaults["won_status"]
    assert made["projectOwner"]["guid"] == profile.severa.defaults["project_owner"]
    assert made["startDate"] == "2025-11-01"
    assert sandbox.sync().operations == ()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_answer_leads_to_one_project_and_brings_no_owner_back(
    sandbox: Sandbox, when: str
) -> None:
    ours, _ = customer(sandbox, 5)
    name = f"Tapt {when}"
    number = sandbox.acts(lambda w: acts_projects.create_in_global(w, ours, {"Name": name}))
    rule = {"action": "lose", "when": when, "methods": ["POST"], "path": "^/v1/projects$"}
    sandbox.fault(rule)
    facts = sandbox.sync()
    sandbox.fault()
    assert len(done(facts)) == 2 and facts.unknowns == ()
    projects = sandbox.acts(lambda w: acts_severa.documents(w, "projects"))
    assert [p["number"] for p in projects if p["name"] == name] == [number]
    facts = sandbox.sync()
    assert facts.operations == ()
    (state,) = [o.state for o in facts.outcomes if (o.side, o.key) == ("global", str(number))]
    assert state == "unchanged"


def test_an_internal_project_of_globals_belongs_to_the_internal_customer(sandbox: Sandbox) -> None:
    values = {"Name": "Årsmøte", "ProjectCategoryNo": 2}
    number = sandbox.acts(lambda w: acts_projects.create_in_global(w, 0, values))
    sandbox.sync()
    made = document(sandbox, pairs(sandbox, "project")[str(number)])
    owner = sandbox.acts(lambda w: w.severa.one("customers", made["customer"]["guid"]))
    assert made["isInternal"] and owner["isInternal"]
    assert sandbox.sync().operations == ()


def test_a_project_without_a_customer_is_held_in_every_run(sandbox: Sandbox) -> None:
    number = sandbox.acts(lambda w: acts_projects.create_in_global(w, 0, {"Name": "Ingen"}))
    before = states(sandbox.sync(), "project")["global"]["held"]
    facts = sandbox.sync()
    assert states(facts, "project")["global"]["held"] == before
    assert not [f for f in facts.failures if f.key == str(number)]
