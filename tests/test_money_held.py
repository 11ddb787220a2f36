"""What keeps an invoice back is told, and the invoice comes later: whole runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from recon import flow, global_writes
from recon.entities.invoice import ENTITY as INVOICE
from recon.errors import Changed, Unsafe
from recon.sandbox import (
    acts_global,
    acts_invoices,
    world,
)
from recon.sandbox.acts_invoices import Entry
from recon.spec import Draft
from tests.company import Sandbox
from tests.money import (
    company,
    open_projects,
    order_of,
    outcome,
    released,
    rows,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    made = company(tmp_path_factory.mktemp("money"))
    yield made
    made.end()


@pytest.fixture(scope="module")
def projects(sandbox: Sandbox) -> list[tuple[str, str]]:
    return open_projects(sandbox)


def _customer(sandbox: Sandbox, project: str) -> int:
    (row,) = rows(sandbox, "Project", ProjectNo=int(project))
    return int(row["CustomerNo"])


def _set(table: str, key: Any, **values: Any) -> Callable[[world.World], Any]:
    return lambda w: acts_global.edit(w, table, key, values)


def test_what_global_would_not_take_is_held_with_its_sentence_and_comes_later(sandbox, projects):
    guid, number = projects[3]
    customer = _customer(sandbox, number)
    invoice = released(sandbox, guid)
    sandbox.acts(_set("Customer", customer, LockedYesNo=1))
    state, said = outcome(sandbox.sync(), invoice)
    assert state == "held"
    assert "is locked in Visma Global" in said
    sandbox.acts(_set("Customer", customer, LockedYesNo=0, CreditBlockAllowOfferAndNewOrders=1))
    assert "credit is blocked" in outcome(sandbox.sync(), invoice)[1]
    sandbox.acts(_set("Customer", customer, CreditBlockAllowOfferAndNewOrders=0))
    sandbox.acts(_set("Project", int(number), InActiveYesNo=1))
    assert "is closed in Visma Global" in outcome(sandbox.sync(), invoice)[1]
    sandbox.acts(_set("Project", int(number), InActiveYesNo=0))
    assert outcome(sandbox.sync(), invoice) == ("created", "")


def test_a_vat_rate_that_global_would_not_charge_is_told(sandbox, projects):
    invoice = released(sandbox, projects[0][0], Entry(), Entry(vat=Decimal(15)))
    state, said = outcome(sandbox.sync(), invoice)
    assert state == "held"
    assert "has 15 % VAT in Severa, but Visma Global charges 25 %" in said


def test_a_status_that_severa_does_not_have_is_told(sandbox, projects):
    invoice = released(sandbox, projects[0][0])
    sandbox.settings(lambda text: text.replace('taken = "', 'taken = "x'))
    state, said = outcome(sandbox.sync(), invoice)
    sandbox.settings(lambda text: text.replace('taken = "x', 'taken = "'))
    assert state == "held"
    assert "which Severa does not have" in said


def test_what_lies_before_the_cut_off_stays_outside(sandbox, projects):
    def act(w: world.World) -> str:
        acts_invoices.register_hours(w, projects[0][0])
        guid = acts_invoices.draft_invoice(w, projects[0][0], "2025-12-31")
        acts_invoices.release(w, guid)
        return guid

    invoice = sandbox.acts(act)
    state, said = outcome(sandbox.sync(), invoice)
    assert (state, "before the cut-off" in said) == ("out of scope", True)


def test_without_a_cut_off_nothing_of_it_is_read(tmp_path):
    plain = Sandbox.make(tmp_path, 12, 5)
    facts = plain.sync()
    assert "invoice" not in facts.read
    assert "GET /v1/invoices" not in plain.log()["calls"]
    plain.end()


def test_a_sync_that_moves_too_much_money_writes_nothing_until_it_is_forced(sandbox, projects):
    invoice = released(sandbox, projects[0][0], Entry(Decimal(10), Decimal("1234567.8")))
    with pytest.raises(Unsafe, match="12,345,678.00 in the company's currency") as caught:
        sandbox.sync()
    assert caught.value.limits == ("money:invoice",)
    assert rows(sandbox, "CustomerOrder", SeveraGUID=invoice) == []
    sandbox.sync(force=("money:invoice",))
    assert order_of(sandbox, invoice)["TotalAmount"] == pytest.approx(12345678.0)


def test_a_customer_who_is_locked_between_plan_and_order_gets_none(sandbox, projects):
    guid, number = projects[4]
    invoice = released(sandbox, guid)
    customer = _customer(sandbox, number)
    with sandbox.open() as bench:
        flow.plan(bench)
        source = bench.record("invoice", "severa", invoice)
        sandbox.acts(_set("Customer", customer, LockedYesNo=1))
        draft = Draft(source.fields, None, "", None, source)
        with pytest.raises(Changed, match="LockedYesNo in Global meanwhile"):
            global_writes.create(bench, INVOICE, draft, invoice)
    assert rows(sandbox, "CustomerOrder", SeveraGUID=invoice) == []
    sandbox.acts(_set("Customer", customer, LockedYesNo=0))
    assert outcome(sandbox.sync(), invoice) == ("created", "")
