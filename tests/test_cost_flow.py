"""Suppliers' invoices become project fees once, and nothing else does: whole runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from recon import families, flow
from recon import store as memory
from recon.sandbox import acts_global, acts_invoices, acts_severa, ledger_suppliers
from recon.sandbox.ledger_suppliers import Bought, Cost
from tests.company import Sandbox
from tests.costs import NAMED, book, company, fees, ledger, made, open_projects, outcome
from tests.test_incremental import age

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with company(tmp_path_factory.mktemp("costs")) as made:
        yield made


@pytest.fixture(scope="module")
def projects(sandbox: Sandbox) -> list[tuple[str, int]]:
    return open_projects(sandbox)


def test_a_line_becomes_one_fee_and_carries_its_guid(sandbox, projects):
    guid, number = projects[0]
    lines = [Cost(4500, Decimal("1234.56"), number, text="Uke 4"), Cost(6800, Decimal(80), number)]
    first, second = book(sandbox, *lines, number="INV-77")
    before = ledger(sandbox)[first]
    facts = sandbox.sync()
    assert [outcome(facts, key) for key in (first, second)] == [("created", "")] * 2
    fee = fees(sandbox)[first]
    assert fee["project"]["guid"] == guid
    assert fee["name"] == f"{NAMED} INV-77: Uke 4"
    assert fee["eventDate"] == before["VoucherDate"].date().isoformat()
    assert (fee["quantity"], fee["unitCost"]["amount"]) == (1, 1234.56)
    assert (fee["unitPrice"]["amount"], fee["isBillable"]) == (1358.02, True)
    assert fees(sandbox)[second]["isBillable"] is False, "the account's own rule"
    after = ledger(sandbox)[first]
    assert after == {**before, "SeveraGUID": fee["guid"]}, "nothing but SeveraGUID is written"
    assert set(fees(sandbox)) == {first, second}, "neither VAT nor payables"
    for full in (False, True, False):
        assert made(sandbox.sync(full=full)) == []


# --- what users do afterwards ---------------------------------------------------------------------


def test_a_reversed_voucher_and_a_corrected_line_become_negative_fees(sandbox, projects):
    first, second = book(sandbox, *[Cost(4500, Decimal(n), projects[2][1]) for n in (500, 70)])
    sandbox.sync()
    voucher = ledger(sandbox)[first]["VoucherID"]
    sandbox.acts(lambda w: ledger_suppliers.correct(w, int(second), {"Amount": 90.0}))
    sandbox.sync()
    of_project = [f for f in fees(sandbox).values() if f["project"]["guid"] == projects[2][0]]
    assert sum(f["unitCost"]["amount"] for f in of_project) == 590
    sandbox.acts(lambda w: ledger_suppliers.reverse(w, voucher, date(2026, 12, 1)))
    sandbox.sync()
    of_project = [f for f in fees(sandbox).values() if f["project"]["guid"] == projects[2][0]]
    assert sum(f["unitCost"]["amount"] for f in of_project) == 0
    assert made(sandbox.sync(full=True)) == []


def test_a_reversal_of_what_is_invoiced_waits_for_the_next_invoice(sandbox, projects):
    guid, number = projects[3]
    (key,) = book(sandbox, Cost(4500, Decimal(500), number))
    sandbox.sync()
    sandbox.acts(lambda w: acts_invoices.draft_invoice(w, guid))
    voucher = ledger(sandbox)[key]["VoucherID"]
    sandbox.acts(lambda w: ledger_suppliers.reverse(w, voucher))
    sandbox.sync()
    (back,) = [k for k, row in ledger(sandbox).items() if row["CorrectedFromUniqueNo"] == int(key)]
    assert fees(sandbox)[key]["invoice"] and not fees(sandbox)[back]["invoice"]
    assert fees(sandbox)[back]["unitCost"]["amount"] == -500
    with sandbox.open() as bench:
        findings = flow.check(bench).findings
    assert [f.key for f in findings if f.check == "reversed_after_invoicing"] == [back]


def test_a_line_moved_to_another_project_stays_and_is_told(sandbox, projects):
    (guid, number), (_, other) = projects[:2]
    (key,) = book(sandbox, Cost(4500, Decimal(640), number))
    sandbox.sync()
    sandbox.acts(
        lambda w: acts_global.edit(w, "GLAccountTransaction", int(key), {"ProjectNo": other})
    )
    facts = sandbox.sync()
    assert outcome(facts, key)[0] == "drift"
    assert fees(sandbox)[key]["project"]["guid"] == guid
    assert made(sandbox.sync()) == []


def test_a_fee_deleted_or_edited_by_a_person_is_told_and_not_made_again(sandbox, projects):
    deleted, edited = book(sandbox, *[Cost(4500, Decimal(n), projects[1][1]) for n in (11, 12)])
    sandbox.sync()
    known = fees(sandbox)
    cost = {"amount": 99.0, "currencyCode": "NOK"}
    sandbox.acts(lambda w: acts_severa.vanish(w, "projectfees", known[deleted]["guid"]))
    sandbox.acts(
        lambda w: acts_severa.edit(w, "projectfees", known[edited]["guid"], {"unitCost": cost})
    )
    for _ in range(3):
        facts = sandbox.sync(full=True)
        assert made(facts) == []
    assert outcome(facts, deleted)[0] == "vanished"
    assert outcome(facts, edited)[0] == "drift"
    assert fees(sandbox)[edited]["unitCost"]["amount"] == 99


# --- what keeps a line back ---------------------------------------------------------------------


def test_a_line_waits_for_its_project_and_comes_when_that_is_linked(sandbox):
    with sandbox.open() as bench:
        bench.links.load()
        linked = {int(link.key) for link in bench.links.all("project")}
    known = sandbox.acts(lambda w: acts_global.rows(w, "Project"))
    like = next(row for row in known if row["ProjectNo"] in linked and not row["InActiveYesNo"])
    values = {
        n: like[n] for n in ("CustomerNo", "ProjectType", "ProjectCategoryNo", "PMEmployeeNo")
    }
    number = sandbox.acts(
        lambda w: acts_global.create(
            w, "Project", {**values, "ProjectNo": 4999, "Name": "Senere", "InActiveYesNo": 1}
        )
    )
    (key,) = book(sandbox, Cost(4500, Decimal(45), int(number)))
    assert outcome(sandbox.sync(), key)[0] == "waiting"
    sandbox.acts(lambda w: acts_global.edit(w, "Project", number, {"InActiveYesNo": 0}))
    facts = sandbox.sync()
    (project,) = [o for o in facts.outcomes if (o.entity, o.key) == ("project", str(number))]
    assert (project.state, project.detail) == ("created", "")
    assert outcome(facts, key) == ("created", ""), "in the run that makes its project"
    assert key in fees(sandbox)


def test_a_line_waits_until_it_is_approved(sandbox, projects):
    (key,) = book(sandbox, Cost(4500, Decimal(46), projects[0][1]), attested=0)
    assert "not approved" in outcome(sandbox.sync(), key)[1]
    sandbox.acts(
        lambda w: acts_global.edit(w, "GLAccountTransaction", int(key), {"AttestStatus": 2})
    )
    assert outcome(sandbox.sync(), key) == ("created", "")


def test_a_closed_project_and_a_locked_phase_keep_their_costs_back(sandbox, projects):
    guid, number = projects[4]
    (key,) = book(sandbox, Cost(4500, Decimal(47), number))
    sandbox.acts(lambda w: acts_severa.edit(w, "projects", guid, {"isClosed": True}))
    state, said = outcome(sandbox.sync(), key)
    assert (state, "is closed in Severa" in said) == ("held", True)
    sandbox.acts(lambda w: acts_severa.edit(w, "projects", guid, {"isClosed": False}))
    phase = sandbox.acts(lambda w: w.severa.one("projects", guid))["rootPhase"]["guid"]
    sandbox.acts(lambda w: acts_severa.edit(w, "phases", phase, {"isLocked": True}))
    state, said = outcome(sandbox.sync(), key)
    assert (state, "phase is locked" in said) == ("refused", True)
    sandbox.acts(lambda w: acts_severa.edit(w, "phases", phase, {"isLocked": False}))
    sandbox.sync()
    assert key in fees(sandbox)


def test_the_price_is_in_the_projects_currency(sandbox, projects):
    guid, number = projects[2]
    sandbox.acts(lambda w: acts_invoices.set_currency(w, guid, "EUR"))
    (key,) = book(sandbox, Cost(4500, Decimal("1234.56"), number))
    sandbox.sync()
    price = fees(sandbox)[key]["unitPrice"]
    assert (price["amount"], price["currencyCode"]) == (116.07, "EUR")


def test_what_people_register_themselves_stays_theirs_and_costs_no_full_look(sandbox, projects):
    own = sandbox.acts(lambda w: acts_invoices.register_fee(w, projects[0][0]))
    before = sandbox.acts(lambda w: w.severa.one("projectfees", own))
    with sandbox.open() as bench:
        families.read_changes(bench)
        assert bench.mirror.narrow
    facts = sandbox.sync()
    assert [o for o in facts.outcomes if o.key == own] == []
    assert sandbox.acts(lambda w: w.severa.one("projectfees", own)) == before


def test_a_new_line_is_looked_at_with_its_project_alone(sandbox, projects):
    guid, number = projects[0]
    sandbox.sync()
    (key,) = book(sandbox, Cost(4500, Decimal(51), number))
    with sandbox.open() as bench:
        families.read_changes(bench)
        assert bench.mirror.narrow
        assert key in bench.mirror.records("supplier_cost", "global")
        assert set(bench.mirror.records("project", "severa")) >= {guid}
        assert bench.mirror.records("customer", "global") == {}
    assert outcome(sandbox.sync(), key) == ("created", "")


# --- settings -------------------------------------------------------------------------------------


def test_an_idle_sync_costs_the_same_however_much_was_transferred(sandbox, projects):
    for _ in range(2):
        sandbox.sync()
    few = sandbox.sync()
    book(sandbox, *[Cost(4500, Decimal(n), projects[0][1]) for n in range(1, 21)])
    sandbox.sync()
    age(sandbox)
    sandbox.sync()
    many = sandbox.sync()
    assert many.calls == few.calls
    assert many.operations == ()
    assert not [name for name in many.calls if name == "guard"]


def test_a_phase_and_a_product_by_name(sandbox, projects):
    guid, number = projects[0]
    root = sandbox.acts(lambda w: w.severa.one("projects", guid))["rootPhase"]["guid"]
    body = {"name": "Innkjøp", "project": {"guid": guid}, "parentPhase": {"guid": root}}
    phase = sandbox.acts(lambda w: acts_severa.create(w, "phases", body))
    products = sandbox.acts(lambda w: acts_severa.documents(w, "products"))
    product = next(p for p in products if p["isActive"])
    (key,) = book(sandbox, Cost(4500, Decimal(48), number))
    named = f'phase = "innkjøp"\nproduct = "{product["name"]}"\n'
    table = "[transfer.costs]\n"
    sandbox.settings(lambda text: text.replace(table, table + named))
    facts = sandbox.sync()
    sandbox.settings(lambda text: text.replace(named, ""))
    assert outcome(facts, key) == ("created", "")
    fee = fees(sandbox)[key]
    assert fee["phase"]["guid"] == phase
    assert fee["product"]["guid"] == product["guid"]


def test_without_mark_nothing_is_written_into_the_ledger(sandbox, projects):
    table = "[transfer.costs]\n"
    sandbox.settings(lambda text: text.replace(table, table + "mark = false\n"))
    (key,) = book(sandbox, Cost(4500, Decimal(49), projects[0][1]))
    before = ledger(sandbox)
    sandbox.sync()
    assert key in fees(sandbox)
    assert ledger(sandbox) == before
    for full in (False, True):
        assert made(sandbox.sync(full=full)) == []
    with sandbox.open() as bench, bench.store.write("lost") as writer:
        table_ = memory.link
        writer.execute(table_.delete().where(table_.c.key == key))
    assert made(sandbox.sync(full=True)) == ["done"], "the fee names its line"
    assert made(sandbox.sync(full=True)) == []
    assert ledger(sandbox) == before
    sandbox.settings(lambda text: text.replace("mark = false\n", ""))
    sandbox.sync(full=True)
    assert ledger(sandbox)[key]["SeveraGUID"] == fees(sandbox)[key]["guid"]


def test_without_a_cut_off_nothing_of_it_is_read(tmp_path):
    plain = Sandbox.make(tmp_path, 12, 5)
    facts = plain.sync()
    assert "supplier_cost" not in facts.read
    assert "GET /v1/projectfees" not in plain.log()["calls"]
    plain.end()


def test_what_lies_before_the_cut_off_is_counted_and_left_alone(sandbox, projects):
    before = len(fees(sandbox))
    lines = [Cost(4500, Decimal(n), projects[0][1]) for n in ("100.10", "200.20")]
    old = Bought(50_001, [*lines, Cost(4500, Decimal(7), 0)], day=date(2025, 12, 31))
    sandbox.acts(lambda w: ledger_suppliers.supplier_invoice(w, old))
    assert made(sandbox.sync()) == []
    with sandbox.open(full=True) as bench:
        _, found = flow.report(bench)
    assert (found.earlier.count, found.earlier.net) == (2, Decimal("300.30"))
    assert len(fees(sandbox)) == before
