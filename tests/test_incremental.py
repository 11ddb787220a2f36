"""A sync looks at what changed and its families, loses nothing, and sees what all would show."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from recon import dirty, families, flow, standing
from recon import store as memory
from recon.errors import Unsafe
from recon.reader import COUNTED
from recon.sandbox import acts_global, acts_severa
from recon.settings import load
from recon.systems.tables import TABLES
from tests.company import Sandbox

pytestmark = pytest.mark.slow
LONG_AGO = datetime(2026, 1, 15, 12)


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    made = Sandbox.make(tmp_path_factory.mktemp("incremental"), 40, 7)
    made.onboard()
    made.sync()
    yield made
    made.end()


@pytest.fixture
def sandbox(company):
    """A company in step, none of whose rows in Global was touched lately."""
    company.sync(full=True)
    age(company)
    company.sync()
    return company


def age(sandbox: Sandbox, moment: datetime = LONG_AGO) -> None:
    """Set every LastUpdate in Global back, as if nobody had worked there since."""
    tables = [t for t in TABLES.values() if "LastUpdate" in t.c and "SeveraGUID" in t.c]
    with_stamps = [t.update().values(LastUpdate=moment) for t in tables]
    sandbox.acts(lambda w: _execute(w, with_stamps))


def _execute(world, statements):
    with world.in_global() as connection:
        for statement in statements:
            connection.execute(statement)


def seen(sandbox: Sandbox) -> tuple[bool, set[tuple[str, str]]]:
    """Whether a sync would be narrow, and the records that it takes into memory."""
    with sandbox.open() as bench:
        families.read_changes(bench)
        mirror = bench.mirror
        spots = {
            (e.name, key)
            for e in bench.entities
            for side in ("global", "severa")
            for key in mirror.records(e.name, side)
        }
        return mirror.narrow, spots


def pair(sandbox: Sandbox, index: int, entity: str = "customer") -> tuple[str, str]:
    with sandbox.open(entities=(entity,)) as bench:
        rows = sorted(flow.links(bench), key=lambda row: row["key"])
    return rows[index]["key"], rows[index]["guid"]


def global_row(sandbox, key):
    return sandbox.acts(lambda w: acts_global.rows(w, "Customer", CustomerNo=int(key)))[0]


def test_an_idle_sync_looks_at_nothing_and_still_tells_what_stands(sandbox):
    assert seen(sandbox) == (True, set())
    whole, idle = sandbox.sync(full=True), sandbox.sync()
    assert idle.operations == () and idle.balanced
    left = {(o.entity, o.side, o.key, o.state) for o in whole.outcomes if _stands(o)}
    assert left and {(o.entity, o.side, o.key, o.state) for o in idle.outcomes} == left
    assert len(idle.differences) == len(whole.differences)
    assert (idle.exit_code, idle.needs_person) == (whole.exit_code, whole.needs_person)


def test_only_what_is_new_leaves_a_report(sandbox):
    folder = sandbox.profile.parent / "reports"
    before = set(folder.iterdir())
    sandbox.sync()
    assert set(folder.iterdir()) == before
    key, _ = pair(sandbox, 2)
    values = {"WWWAddress": "nytt.example"}
    sandbox.acts(lambda w: acts_global.edit(w, "Customer", int(key), values))
    sandbox.sync()
    assert len(set(folder.iterdir()) - before) == 1, "drift is news once"
    sandbox.sync()
    assert len(set(folder.iterdir()) - before) == 1


def _stands(outcome) -> bool:
    return outcome.state not in standing.SETTLED


def test_a_change_is_looked_at_with_its_family_alone(sandbox):
    key, guid = pair(sandbox, 3)
    sandbox.acts(lambda w: acts_severa.edit(w, "customers", guid, {"name": "Smal AS"}))
    narrow, spots = seen(sandbox)
    assert narrow
    assert {spot for spot in spots if spot[0] == "customer"} == {
        ("customer", key),
        ("customer", guid),
    }
    assert any(name == "address" for name, _ in spots)
    sandbox.sync()
    assert global_row(sandbox, key)["Name"] == "Smal AS"
    assert sandbox.sync().operations == ()


def test_a_change_of_a_grandchild_in_global_leads_to_its_customer(sandbox):
    key, _ = pair(sandbox, 0, "contact")
    sandbox.acts(lambda w: acts_global.edit(w, "Contact", int(key), {"MobileTelephone": "4799"}))
    narrow, spots = seen(sandbox)
    assert narrow and ("contact", key) in spots
    assert len({key for name, key in spots if name == "customer"}) == 2


def test_what_a_run_read_and_did_not_plan_is_planned_by_the_next(sandbox):
    """A run that is killed between reading and writing, or only shows, eats no change."""
    key, guid = pair(sandbox, 4)
    sandbox.acts(lambda w: acts_severa.edit(w, "customers", guid, {"website": "en.example"}))
    other = pair(sandbox, 5)
    sandbox.acts(
        lambda w: acts_global.edit(w, "Customer", int(other[0]), {"WWWAddress": "to.example"})
    )
    with sandbox.open() as bench:
        families.read_changes(bench)
    sandbox.plan(shown=False)
    facts = sandbox.sync()
    assert [op.id for op, _, _ in facts.operations] == [f"customer/update/global/{key}"]
    assert other[0] in [d.global_key for d in facts.differences if d.field == "website"]


def test_what_differs_still_beside_a_write_stands(sandbox):
    """One field of a pair is written, another one is drift: the next narrow sync tells it."""
    key, guid = pair(sandbox, 2)
    sandbox.acts(lambda w: acts_severa.edit(w, "customers", guid, {"name": "Ved Siden AS"}))
    sandbox.acts(lambda w: acts_global.edit(w, "Customer", int(key), {"WWWAddress": "av.example"}))
    assert [op.kind for op, _, _ in sandbox.sync().operations] == ["update"]
    facts = sandbox.sync()
    assert [d.field for d in facts.differences if d.global_key == key] == ["website"]
    assert ("customer", key, "drift") in {(o.entity, o.key, o.state) for o in facts.outcomes}


@pytest.mark.parametrize("linked", [True, False])
def test_a_role_in_its_parents_row_leads_to_its_customer(sandbox, linked):
    """What was not done is marked by the record's own key, whatever row holds it."""
    with sandbox.open(entities=("communication",)) as bench:
        key = min(row["key"] for row in flow.links(bench)) if linked else "Contact/0/phone"
        with bench.store.write("test") as writer:
            dirty.mark(writer, [("communication", "global", key), ("contact", "global", "a-guid")])
    narrow, spots = seen(sandbox)
    assert narrow is linked
    assert any(name == "customer" for name, _ in spots)


def test_a_new_record_makes_it_look_at_all(sandbox):
    sandbox.acts(
        lambda w: acts_global.create_customer(w, {**acts_global.NEW_CUSTOMER, "Name": "Helt Ny"})
    )
    assert seen(sandbox)[0] is False
    facts = sandbox.sync()
    assert {op.kind for op, _, _ in facts.operations} == {"create", "link"}
    age(sandbox)
    sandbox.sync()
    assert seen(sandbox) == (True, set())


def test_a_change_of_the_settings_makes_it_look_at_all(sandbox):
    more = "\n[safety]\npark_after = 7\n"
    sandbox.settings(lambda text: text + more)
    assert seen(sandbox)[0] is False
    sandbox.settings(lambda text: text.replace(more, ""))


def test_a_decision_and_a_release_make_it_look_again(sandbox):
    with sandbox.open() as bench, bench.store.write("test") as writer:
        dirty.mark(writer, [("customer", "global", pair(sandbox, 6)[0])])
    narrow, spots = seen(sandbox)
    assert narrow and len([s for s in spots if s[0] == "customer"]) == 2
    sandbox.sync()
    assert seen(sandbox) == (True, set())


@pytest.mark.parametrize(("minutes", "found"), [(-3, True), (60, True), (64, True), (180, False)])
def test_changes_are_found_over_the_hour_of_daylight_saving(sandbox, minutes, found):
    """LastUpdate is wall-clock time: when the hour comes twice, a later change has an earlier
    stamp. Beyond the overlap only a full compare finds it."""
    key, _ = pair(sandbox, 7)
    moment = _clock(sandbox) - timedelta(minutes=minutes)
    values = {"ElectronicInvoiceOperator": f"op{minutes}", "LastUpdate": moment}
    _edit_silently(sandbox, key, values)
    assert (("customer", key) in seen(sandbox)[1]) is found
    facts = sandbox.sync(full=True)
    assert any(d.global_key == key for d in facts.differences)


def _edit_silently(sandbox, key, values):
    sandbox.acts(lambda w: acts_global.edit_silently(w, "Customer", int(key), values))


def _clock(sandbox):
    with sandbox.open() as bench:
        return bench.visma_global.now()


def test_two_changes_with_one_stamp_are_two_changes(sandbox):
    """Ties: the row's content decides, never its stamp."""
    key, _ = pair(sandbox, 8)
    stamp = _clock(sandbox)
    for value in ("first", "second"):
        values = {"ElectronicInvoiceOperator": value, "LastUpdate": stamp}
        _edit_silently(sandbox, key, values)
        sandbox.sync()
        found = [d.global_value for d in sandbox.sync().differences if d.global_key == key]
        assert value in found


def test_a_contact_that_moved_to_another_customer_makes_it_look_at_all(sandbox):
    key, _ = pair(sandbox, 1, "contact")
    now = int(global_contact(sandbox, key)["CustomerNo"])
    target = next(int(k) for k in (pair(sandbox, i)[0] for i in range(9, 12)) if int(k) != now)
    sandbox.acts(lambda w: acts_global.edit(w, "Contact", int(key), {"CustomerNo": target}))
    assert seen(sandbox)[0] is False
    sandbox.acts(lambda w: acts_global.edit(w, "Contact", int(key), {"CustomerNo": now}))
    sandbox.sync()


def global_contact(sandbox, key):
    return sandbox.acts(lambda w: acts_global.rows(w, "Contact", ContactNo=int(key)))[0]


def test_the_store_of_the_first_version_is_taken_over(tmp_path):
    """What was read is read again; links, journal and decisions stay."""
    made = Sandbox.make(tmp_path, 10, 3)
    made.onboard()
    url = load(made.profile).store_url()
    import sqlalchemy as sa

    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(memory.version.update().values(number=1))
        connection.execute(sa.text("DROP TABLE recon_outcome"))
        connection.execute(sa.text("DROP TABLE recon_dirty"))
        connection.execute(sa.text("CREATE TABLE recon_hold (company TEXT)"))
    engine.dispose()
    facts = made.sync()
    assert facts.balanced and not [op for op, _, _ in facts.operations if op.kind == "create"]
    made.end()


@pytest.mark.parametrize("limit", ["short_list:customer", "short_list:customer_in_global"])
def test_a_list_that_is_much_shorter_stops_the_run(sandbox, limit):
    """As if last time there had been a thousand customers: a bad read, not a mass deletion."""
    with sandbox.open() as bench, bench.store.write("test") as writer:
        if limit.endswith("global"):
            writer.remember(COUNTED, {"customer": {"global": 1000, "severa": 1}})
        else:
            table = memory.cursor
            named = table.c.listing == "/v1/customers"
            writer.execute(table.update().where(named).values(rows=1000))
    with pytest.raises(Unsafe, match=f"--force {limit}"):
        sandbox.sync(full=True)
    sandbox.sync(full=True, force=(limit,))
