"""The whole path on a small company: rehearsed, onboarded, kept in step; one test per promise."""

from __future__ import annotations

import json

import pytest

from recon import flow
from recon.errors import Stop, Unsafe, Usage
from recon.publish import folder_of
from recon.sandbox import acts_global, acts_severa
from tests.company import Sandbox, states

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """An onboarded company; each test edits records of its own."""
    sandbox = Sandbox.make(tmp_path_factory.mktemp("flow"))
    yield sandbox, sandbox.onboard()
    sandbox.end()


@pytest.fixture
def sandbox(company):
    return company[0]


def pairs(sandbox, entity="customer"):
    with sandbox.open(entities=(entity,)) as bench:
        return {row["key"]: row["guid"] for row in flow.links(bench)}


def customer(sandbox, index):
    """A linked customer whose two sides were in step when the tests began."""
    return sorted(pairs(sandbox).items())[index]


def row(sandbox, key):
    return sandbox.acts(lambda w: acts_global.rows(w, "Customer", CustomerNo=int(key)))[0]


def record(sandbox, guid):
    return sandbox.acts(lambda w: w.severa.one("customers", guid))


def edit_severa(sandbox, guid, **values):
    sandbox.acts(lambda w: acts_severa.edit(w, "customers", guid, values))


def edit_global(sandbox, key, **values):
    sandbox.acts(lambda w: acts_global.edit(w, "Customer", int(key), values))


def test_onboarding_does_what_was_shown_and_adds_up(company):
    _, facts = company
    assert facts.balanced
    assert {state for _, state, _ in facts.operations} == {"done"}
    assert sum(facts.calls.values()) <= 1.05 * facts.least


def test_the_next_run_writes_nothing_and_reads_each_change_list_once(sandbox):
    sandbox.sync()
    facts = sandbox.sync()
    assert facts.operations == ()
    assert facts.calls == {"token": 1, "list": 12}, "nine lists, and projects by three filters"


def test_a_sync_that_did_nothing_leaves_no_report(sandbox):
    first, again = sandbox.sync(), sandbox.sync()
    assert again.operations == ()
    assert again.linked == first.linked and again.linked["customer"] > 0
    with sandbox.open() as bench:
        assert not folder_of(bench.profile.reports(), again).exists()
        assert any(bench.profile.reports().glob("*-onboard/run.xlsx"))


def test_a_change_of_the_master_transfers(sandbox):
    key, guid = customer(sandbox, 0)
    edit_severa(sandbox, guid, name="Nytt Navn Åsen AS")
    facts = sandbox.sync()
    assert row(sandbox, key)["Name"] == "Nytt Navn Åsen AS"
    assert [op.id for op, state, _ in facts.operations] == [f"customer/update/global/{key}"]
    assert sandbox.sync().operations == ()


def test_a_change_of_the_other_is_drift_and_stays(sandbox):
    key, guid = customer(sandbox, 1)
    edit_global(sandbox, key, EmailAddress="drift@global.example")
    before = record(sandbox, guid)["email"]
    for _ in range(2):
        facts = sandbox.sync()
        assert facts.operations == ()
        drift = [d for d in facts.differences if d.kind == "drift"]
        assert [(d.global_key, d.global_value) for d in drift] == [(key, "drift@global.example")]
    assert record(sandbox, guid)["email"] == before
    edit_global(sandbox, key, EmailAddress=before or "")


def test_a_conflict_lets_the_master_win_and_shows_the_lost_value(sandbox):
    key, guid = customer(sandbox, 2)
    edit_global(sandbox, key, EmailAddress="ours@global.example")
    edit_severa(sandbox, guid, email="theirs@severa.example")
    facts = sandbox.sync()
    (conflict,) = [d for d in facts.differences if d.kind == "conflict"]
    assert conflict.global_value == "ours@global.example"
    assert row(sandbox, key)["EmailAddress"] == "theirs@severa.example"


def test_both_changed_to_the_same_is_nothing(sandbox):
    key, guid = customer(sandbox, 3)
    edit_global(sandbox, key, EmailAddress="same@both.example")
    edit_severa(sandbox, guid, email="same@both.example")
    facts = sandbox.sync()
    assert facts.operations == () and not [d for d in facts.differences if d.global_key == key]
    edit_severa(sandbox, guid, email="later@both.example")
    sandbox.sync()
    assert row(sandbox, key)["EmailAddress"] == "later@both.example"


def test_what_is_new_transfers_both_ways_with_its_parts(sandbox):
    key = sandbox.acts(
        lambda w: acts_global.create_customer(w, {**acts_global.NEW_CUSTOMER, "Name": "Ny Her AS"})
    )
    guid = sandbox.acts(lambda w: acts_severa.create_customer(w, {"name": "Ny Der AS"}))
    sandbox.acts(lambda w: acts_severa.win_customer(w, guid))
    sandbox.sync()
    links = pairs(sandbox)
    assert record(sandbox, links[str(key)])["number"] == key
    back = {guid: key for key, guid in links.items()}
    assert row(sandbox, back[guid])["SeveraGUID"] == guid


def test_a_changed_number_in_severa_never_touches_the_key(sandbox):
    key, guid = customer(sandbox, 4)
    sandbox.acts(lambda w: acts_severa.renumber(w, guid, 987654))
    sandbox.sync()
    assert row(sandbox, key)["CustomerNo"] == int(key)
    assert pairs(sandbox)[key] == guid


def test_what_another_program_changes_without_lastupdate_is_found(sandbox):
    key, guid = customer(sandbox, 5)
    sandbox.acts(
        lambda w: acts_global.edit_silently(w, "Customer", int(key), {"WWWAddress": "ny.example"})
    )
    facts = sandbox.sync()
    assert [d.field for d in facts.differences if d.global_key == key] == ["website"]


def test_dry_run_writes_nothing(sandbox):
    key, guid = customer(sandbox, 6)
    edit_severa(sandbox, guid, name="Bare Prøvd AS")
    before = row(sandbox, key)
    facts = sandbox.sync(dry_run=True)
    assert [state for _, state, _ in facts.operations] == ["planned"]
    assert row(sandbox, key) == before
    assert len(sandbox.sync().operations) == 1


def test_only_the_plan_that_was_shown_is_applied(sandbox, tmp_path):
    key, guid = customer(sandbox, 7)
    edit_severa(sandbox, guid, website="www.vist.example")
    plan = sandbox.plan(shown=False)
    path = tmp_path / "plan.json"
    flow.save(plan, path)
    with sandbox.open() as bench, pytest.raises(Stop, match="checksum differs"):
        flow.apply(bench, flow.load(path), "0" * 20)
    with sandbox.open() as bench:
        facts = flow.apply(bench, flow.load(path), plan.checksum)
    assert [state for _, state, _ in facts.operations] == ["done"]
    with sandbox.open() as bench:
        again = flow.apply(bench, flow.load(path), plan.checksum)
    assert again.calls.get("update", 0) == 0, "what is done is not done again"


def test_a_plan_file_that_was_changed_is_refused(sandbox, tmp_path):
    path = tmp_path / "plan.json"
    flow.save(sandbox.plan(), path)
    document = json.loads(path.read_text("utf-8"))
    document["fingerprint"] = "other"
    path.write_text(json.dumps(document), "utf-8")
    with pytest.raises(Stop, match="changed after it was written"):
        flow.load(path)
    path.write_text("{", "utf-8")
    with pytest.raises(Usage, match="not a plan"):
        flow.load(path)


def test_someone_edits_between_plan_and_apply(sandbox, tmp_path):
    key, guid = customer(sandbox, 8)
    edit_severa(sandbox, guid, name="Først AS")
    plan = sandbox.plan(shown=False)
    edit_severa(sandbox, guid, name="Siden AS")
    with sandbox.open() as bench:
        facts = flow.apply(bench, plan, plan.checksum)
    assert [state for _, state, _ in facts.operations] == ["changed"]
    assert row(sandbox, key)["Name"].strip() != "Først AS"
    sandbox.sync()
    assert row(sandbox, key)["Name"] == "Siden AS"


def test_one_bad_record_does_not_stop_the_others(sandbox):
    bad, good = customer(sandbox, 9), customer(sandbox, 10)
    edit_severa(sandbox, bad[1], name="Навоз " * 5)
    edit_severa(sandbox, good[1], name="Helt Grei AS")
    facts = sandbox.sync()
    assert row(sandbox, good[0])["Name"] == "Helt Grei AS"
    (failure,) = [f for f in facts.failures if f.key == bad[0]]
    assert failure.remedy and failure.count == 1
    assert facts.exit_code == 1
    assert states(facts, "customer")["global"]["refused"] == 1
    for _ in range(4):
        facts = sandbox.sync()
    assert [f.parked for f in facts.failures if f.key == bad[0]] == [True]
    assert states(facts, "customer")["global"].get("refused") == 1, "the fifth time it is refused"
    assert states(sandbox.sync(), "customer")["global"]["parked"] == 1, "then it is left alone"
    edit_severa(sandbox, bad[1], name="Rettet AS")
    with sandbox.open() as bench:
        flow.release(bench, "customer", bad[0])
    assert sandbox.sync().failures == ()


def test_a_sync_with_too_many_changes_is_refused_until_forced(sandbox):
    sandbox.settings(lambda text: text + "\n[safety.updates]\nshare = 0.0\nfloor = 0\n")
    key, guid = customer(sandbox, 11)
    edit_severa(sandbox, guid, name="For Mye AS")
    with pytest.raises(Unsafe, match="--force updates:customer"):
        sandbox.sync()
    assert row(sandbox, key)["Name"].strip() != "For Mye AS"
    sandbox.sync(force=("updates:customer",))
    assert row(sandbox, key)["Name"] == "For Mye AS"


def test_an_update_is_taken_back_where_nobody_edited_since(sandbox):
    key, guid = customer(sandbox, 12)
    before = record(sandbox, guid)["website"]
    edit_severa(sandbox, guid, website="www.feil.example")
    sandbox.sync(force=("updates:customer",))
    assert row(sandbox, key)["WWWAddress"] == "www.feil.example"
    with sandbox.open() as bench:
        run = next(r["run"] for r in flow.runs(bench) if r["command"] == "sync")
        back = flow.undo(bench, run)
    with sandbox.open() as bench:
        flow.apply(bench, back, back.checksum)
    assert (row(sandbox, key)["WWWAddress"] or None) == before
    assert sandbox.sync().operations == (), "and it does not come back"
    with sandbox.open() as bench, pytest.raises(Usage, match="can be taken back"):
        flow.undo(bench, run)


def test_every_run_is_on_record_with_its_document(sandbox):
    with sandbox.open() as bench:
        runs = flow.runs(bench)
    assert {run["command"] for run in runs} >= {"plan", "onboard", "sync", "apply"}
    assert all(run["document"]["schema"] == "recon/1" for run in runs)
