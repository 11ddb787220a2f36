"""The code plan: codes for Severa's records without one; shown, signed, never over a filled one."""

from __future__ import annotations

from collections import Counter

import pytest

from recon import flow, store
from recon.errors import Stop
from recon.sandbox import acts_severa
from tests.company import Sandbox

pytestmark = pytest.mark.slow
HAS_GUID = store.link.c.guid
LISTS = {"business_unit": "businessunits", "employee": "users", "product": "products"}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    made = Sandbox.make(tmp_path_factory.mktemp("codes"), 20, 9)
    made.onboard()
    yield made
    made.end()


def codes(sandbox):
    """All codes in Severa, by guid."""
    found = {}
    for name in (*LISTS.values(), "worktypes", "travelexpensetypes"):
        rows = sandbox.acts(lambda w, name=name: w.severa.all(name))
        found |= {row["guid"]: row.get("code") or "" for row in rows}
    return found


def empty(sandbox, entity, count):
    """Take away the codes of some linked records, each a code that nobody else has; their guids."""
    with sandbox.open(entities=(entity,)) as bench:
        guids = sorted(row["guid"] for row in flow.links(bench))
    own = {guid: code.lstrip("0") for guid, code in codes(sandbox).items()}
    several = Counter(own.values())
    kept = [g for g in guids if own.get(g) and several[own[g]] == 1 and _in(sandbox, entity, g)]
    for guid in kept[:count]:
        sandbox.acts(lambda w, guid=guid: acts_severa.edit(w, LISTS[entity], guid, {"code": ""}))
    return kept[:count]


def _in(sandbox, entity, guid):
    rows = sandbox.acts(lambda w: w.severa.all(LISTS[entity]))
    return guid in {row["guid"] for row in rows}


def plan(sandbox):
    with sandbox.open() as bench:
        return flow.code_plan(bench)


@pytest.mark.parametrize("entity", LISTS)
def test_a_linked_record_without_code_gets_its_own_number(sandbox, entity):
    before = codes(sandbox)
    guids = empty(sandbox, entity, 2)
    shown, facts = plan(sandbox)
    wanted = {op.guid: op.after["@number"] for op in shown.operations if op.guid in guids}
    assert wanted == {guid: before[guid].lstrip("0") for guid in guids}
    assert {op.kind for op in shown.operations} == {"code"} and facts.balanced
    assert sandbox.sync().operations == (), "a sync writes no code"
    with sandbox.open() as bench:
        done = flow.apply(bench, shown, shown.checksum)
    assert {state for _, state, _ in done.operations} == {"done"}
    now = codes(sandbox)
    assert {guid: now[guid] for guid in guids} == wanted
    assert not plan(sandbox)[0].operations
    sandbox.sync()
    assert sandbox.sync().operations == ()


def test_a_code_that_someone_filled_meanwhile_is_never_written_over(sandbox):
    (guid,) = empty(sandbox, "employee", 1)
    shown, _ = plan(sandbox)
    sandbox.acts(lambda w: acts_severa.edit(w, "users", guid, {"code": "MINE"}))
    with sandbox.open() as bench:
        facts = flow.apply(bench, shown, shown.checksum)
    assert [state for op, state, _ in facts.operations if op.guid == guid] == ["changed"]
    assert codes(sandbox)[guid] == "MINE"


def test_only_the_plan_that_was_shown_is_applied(sandbox):
    empty(sandbox, "business_unit", 1)
    shown, _ = plan(sandbox)
    with sandbox.open() as bench, pytest.raises(Stop, match="checksum differs"):
        flow.apply(bench, shown, "0" * 20)


def test_what_got_a_code_is_connected_by_the_next_sync(tmp_path):
    made = Sandbox.make(tmp_path, 20, 9)
    made.onboard()
    shown, _ = plan(made)
    (coded,) = [op for op in shown.operations if op.after["@number"] == "1040"]
    with made.open() as bench:
        assert not bench.store.rows(bench.store.of(store.link).where(coded.guid == HAS_GUID))
        flow.apply(bench, shown, shown.checksum)
    assert made.sync().operations
    with made.open() as bench:
        bench.links.load()
        assert bench.links.of("product", "severa", coded.guid).key == "1040"
    assert made.sync().operations == ()
    made.end()
