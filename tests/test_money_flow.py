"""Invoices become orders once, and what Global makes of them comes back: whole runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from recon import families, flow, global_writes
from recon import store as memory
from recon.entities.invoice import ENTITY as INVOICE
from recon.sandbox import (
    acts_invoices,
    acts_severa,
    ledger_orders,
    ledger_payments,
)
from recon.sandbox.acts_invoices import Entry
from recon.spec import Draft
from tests.company import Sandbox
from tests.money import (
    DRAFT,
    PAID,
    SENT,
    TAKEN,
    company,
    made,
    open_projects,
    order_of,
    outcome,
    released,
    rows,
    status,
)

pytestmark = pytest.mark.slow
SHORT = ("short_list:invoice_in_global", "short_list:invoice")


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    made = company(tmp_path_factory.mktemp("money"))
    yield made
    made.end()


@pytest.fixture(scope="module")
def projects(sandbox: Sandbox) -> list[tuple[str, str]]:
    return open_projects(sandbox)


# --- orders -----------------------------------------------------------------------------------


def test_an_invoice_becomes_one_order_and_is_taken_sent_and_paid(sandbox, projects):
    guid, number = projects[0]
    invoice = released(sandbox, guid, Entry(Decimal("7.25"), Decimal("1234.56")), Entry(), Entry())
    facts = sandbox.sync()
    assert outcome(facts, invoice) == ("created", "")
    order = order_of(sandbox, invoice)
    lines = rows(sandbox, "CustomerOrderLine", OrderNo=order["OrderNo"])
    theirs = sandbox.acts(lambda w: acts_invoices.rows_of(w, invoice))
    assert [line["SeveraGUID"] for line in lines] == [row["guid"] for row in theirs]
    document = sandbox.acts(lambda w: w.severa.one("invoices", invoice))
    totals = [
        document[f"total{name}"]["amount"] for name in ("ExcludingTax", "Tax", "IncludingTax")
    ]
    assert [order["TotalAmount"], order["TotalVAT"], order["TotalGross"]] == totals
    assert sum(line["Amount"] for line in lines) == pytest.approx(totals[0], abs=0.001)
    assert order["ProjectNo"] == int(number)
    sandbox.sync()
    assert status(sandbox, invoice) == TAKEN
    bill = sandbox.acts(lambda w: ledger_orders.invoice_order(w, order["OrderNo"]))
    sandbox.sync()
    assert status(sandbox, invoice) == SENT
    sandbox.acts(lambda w: ledger_payments.pay(w, bill, day=date(2026, 11, 23)))
    sandbox.sync()
    assert status(sandbox, invoice) == PAID
    now = sandbox.acts(lambda w: w.severa.one("invoices", invoice))
    assert now["paymentDate"][:10] == "2026-11-23"
    for full in (False, True):
        assert made(sandbox.sync(full=full)) == []
    assert len(rows(sandbox, "CustomerOrderCopy", SeveraGUID=invoice)) == 1


def test_a_new_invoice_is_looked_at_with_what_it_is_made_from_alone(sandbox, projects):
    sandbox.acts(lambda w: acts_invoices.draft_invoice(w, projects[0][0], "2026-11-20"))
    invoice = released(sandbox, projects[1][0])
    with sandbox.open() as bench:
        families.read_changes(bench)
        assert bench.mirror.narrow
        customers = bench.mirror.records("customer", "global")
        assert len(customers) < len(bench.links.rows("Customer")) / 2
    assert outcome(sandbox.sync(), invoice) == ("created", "")


def test_an_order_that_global_moved_before_we_knew_of_it_is_not_made_again(sandbox, projects):
    """The commit happened, its answer and our link were lost, and Global invoiced the order."""
    invoice = released(sandbox, projects[0][0])
    sandbox.sync()
    order = order_of(sandbox, invoice)
    with sandbox.open() as bench, bench.store.write("lost") as writer:
        table = memory.link
        writer.execute(table.delete().where(table.c.guid == invoice))
    sandbox.acts(lambda w: ledger_orders.invoice_order(w, order["OrderNo"]))
    sandbox.sync()
    assert rows(sandbox, "CustomerOrder", SeveraGUID=invoice) == []
    assert len(rows(sandbox, "CustomerOrderCopy", SeveraGUID=invoice)) == 1
    sandbox.sync()
    assert status(sandbox, invoice) == SENT


def test_a_part_delivery_is_sent_when_all_of_it_is(sandbox, projects):
    invoice = released(sandbox, projects[1][0], Entry(Decimal(4)), Entry(Decimal(2)))
    sandbox.sync()
    sandbox.sync()
    number = order_of(sandbox, invoice)["OrderNo"]
    sandbox.acts(lambda w: ledger_orders.invoice_order(w, number, Decimal("0.5")))
    sandbox.sync()
    assert status(sandbox, invoice) == TAKEN
    sandbox.acts(lambda w: ledger_orders.invoice_order(w, number))
    sandbox.sync()
    assert status(sandbox, invoice) == SENT


def test_an_edited_order_is_sent_with_the_difference_told(sandbox, projects):
    invoice = released(sandbox, projects[1][0])
    sandbox.sync()
    sandbox.sync()
    number = order_of(sandbox, invoice)["OrderNo"]
    sandbox.acts(lambda w: ledger_orders.edit_line(w, number, 1, price=Decimal(900)))
    sandbox.acts(lambda w: ledger_orders.invoice_order(w, number))
    facts = sandbox.sync()
    assert status(sandbox, invoice) == SENT
    told = {d.field for d in facts.differences if d.guid == invoice}
    assert told == {"total", "vat"}


def test_a_credited_invoice_is_not_paid(sandbox, projects):
    invoice = released(sandbox, projects[1][0])
    sandbox.sync()
    sandbox.sync()
    number = order_of(sandbox, invoice)["OrderNo"]
    bill = sandbox.acts(lambda w: ledger_orders.invoice_order(w, number))
    sandbox.acts(lambda w: ledger_payments.credit(w, bill))
    sandbox.sync()
    assert status(sandbox, invoice) == SENT
    sandbox.acts(lambda w: acts_invoices.set_status(w, invoice, PAID))
    facts = sandbox.sync()
    assert status(sandbox, invoice) == PAID, "what a person set stays"
    assert outcome(facts, invoice)[0] == "drift"


def test_a_status_that_was_reached_is_not_taken_back(sandbox, projects):
    invoice = released(sandbox, projects[1][0])
    sandbox.sync()
    number = order_of(sandbox, invoice)["OrderNo"]
    bill = sandbox.acts(lambda w: ledger_orders.invoice_order(w, number))
    sandbox.acts(lambda w: ledger_payments.pay(w, bill))
    sandbox.sync()
    assert status(sandbox, invoice) == PAID
    sandbox.acts(lambda w: ledger_payments.reopen(w, bill))
    facts = sandbox.sync()
    assert status(sandbox, invoice) == PAID
    assert "what was reached is not taken back" in outcome(facts, invoice)[1]


def test_another_currency_and_a_credit_note(sandbox, projects):
    guid = projects[2][0]
    sandbox.acts(lambda w: acts_invoices.set_currency(w, guid, "EUR"))
    invoice = released(sandbox, guid, Entry(Decimal("1.5"), Decimal("99.99")), Entry())
    sandbox.sync()
    order = order_of(sandbox, invoice)
    document = sandbox.acts(lambda w: w.severa.one("invoices", invoice))
    assert order["ExchangeAmount"] == document["totalExcludingTax"]["amount"]
    assert order["TotalAmount"] == pytest.approx(
        document["totalExcludingTax"]["amount"] * document["currencyRate"], abs=0.02
    )
    note = sandbox.acts(lambda w: acts_invoices.credit(w, invoice))
    sandbox.acts(lambda w: acts_invoices.release(w, note))
    sandbox.sync()
    credited = order_of(sandbox, note)
    assert credited["ExchangeAmount"] == -order["ExchangeAmount"]
    assert credited["OrderType"] != order["OrderType"]
    said = rows(sandbox, "CustomerOrderLine", OrderNo=credited["OrderNo"])[0]["Name"]
    assert said.startswith("Credit note")
    bill = sandbox.acts(lambda w: ledger_orders.invoice_order(w, credited["OrderNo"]))
    sandbox.sync()
    assert status(sandbox, note) == SENT
    sandbox.acts(lambda w: ledger_payments.pay(w, bill))
    sandbox.sync()
    assert status(sandbox, note) == PAID, "its ledger row has the credit notes' voucher type"


def test_five_hundred_rows_and_long_texts(sandbox, projects):
    guid = projects[0][0]
    sandbox.acts(lambda w: acts_invoices.register_many(w, guid, 500))
    invoice = released(sandbox, guid, Entry(text="Avtalt arbeid " * 30))
    facts = sandbox.sync()
    assert outcome(facts, invoice) == ("created", "")
    lines = rows(sandbox, "CustomerOrderLine", OrderNo=order_of(sandbox, invoice)["OrderNo"])
    assert len({line["SeveraGUID"] for line in lines if line["SeveraGUID"]}) == 501
    said = " ".join(line["Name"] for line in lines)
    assert said.count("Avtalt arbeid") == 30, "texts are wrapped, not cut"


def test_an_order_that_is_there_is_never_inserted_again_wherever_global_moved_it(sandbox, projects):
    """The insert itself looks for the guid first, in the same transaction, in both tables."""
    invoice = released(sandbox, projects[4][0])
    sandbox.sync()
    number = order_of(sandbox, invoice)["OrderNo"]
    for moved in (False, True):
        if moved:
            sandbox.acts(lambda w: ledger_orders.invoice_order(w, number))
        with sandbox.open(full=True) as bench:
            flow.plan(bench)
            source = bench.record("invoice", "severa", invoice)
            again = global_writes.create(
                bench, INVOICE, Draft(source.fields, None, "", None, source), invoice
            )
        assert again.key == invoice
        open_ones = rows(sandbox, "CustomerOrder", SeveraGUID=invoice)
        copies = rows(sandbox, "CustomerOrderCopy", SeveraGUID=invoice)
        assert (len(open_ones), len(copies)) == ((0, 1) if moved else (1, 0))


def test_one_invoice_over_several_orders_is_sent_and_paid_for_each(sandbox, projects):
    guid = projects[4][0]
    invoices = [released(sandbox, guid), released(sandbox, guid)]
    sandbox.sync()
    numbers = [order_of(sandbox, invoice)["OrderNo"] for invoice in invoices]
    bill = sandbox.acts(lambda w: ledger_orders.collect(w, numbers))
    sandbox.sync()
    assert [status(sandbox, invoice) for invoice in invoices] == [SENT, SENT]
    sandbox.acts(lambda w: ledger_payments.pay(w, bill))
    sandbox.sync()
    assert [status(sandbox, invoice) for invoice in invoices] == [PAID, PAID]


def test_amounts_that_differ_are_held_back_where_the_profile_says_so(sandbox, projects):
    invoice = released(sandbox, projects[4][0])
    sandbox.sync()
    sandbox.sync()
    number = order_of(sandbox, invoice)["OrderNo"]
    sandbox.settings(
        lambda text: text.replace("[transfer.orders]", "[transfer.orders]\nhold_differences = true")
    )
    sandbox.acts(lambda w: ledger_orders.add_fee(w, number, Decimal(50)))
    sandbox.acts(lambda w: ledger_orders.invoice_order(w, number))
    facts = sandbox.sync()
    assert status(sandbox, invoice) == TAKEN
    assert {d.field for d in facts.differences if d.guid == invoice} == {"total", "vat", "sent"}
    assert made(sandbox.sync(full=True)) == []
    sandbox.settings(lambda text: text.replace("\nhold_differences = true", ""))
    sandbox.sync()
    assert status(sandbox, invoice) == SENT


def test_a_nullified_order_and_a_deleted_one_are_told_and_never_made_again(sandbox, projects):
    nullified, deleted = (released(sandbox, projects[4][0]) for _ in range(2))
    sandbox.sync()
    sandbox.sync()
    numbers = [order_of(sandbox, invoice)["OrderNo"] for invoice in (nullified, deleted)]
    sandbox.acts(lambda w: ledger_orders.nullify(w, numbers[0]))
    sandbox.acts(lambda w: ledger_orders.delete_order(w, numbers[1]))
    for _ in range(3):
        facts = sandbox.sync(full=True)
        assert made(facts) == []
    assert outcome(facts, deleted)[0] == "vanished"
    assert [status(sandbox, invoice) for invoice in (nullified, deleted)] == [TAKEN, TAKEN]
    with sandbox.open() as bench:
        findings = flow.check(bench).findings
    assert [f.key for f in findings if f.check == "order_nullified"] == [nullified]


def test_what_becomes_of_an_invoice_in_severa_afterwards_leaves_the_order_alone(sandbox, projects):
    """Pulled back to a draft, edited, deleted: reported, and never carried over."""
    invoice = released(sandbox, projects[0][0], Entry(Decimal(3)))
    sandbox.sync()
    sandbox.sync()
    order = order_of(sandbox, invoice)
    sandbox.acts(lambda w: acts_invoices.set_status(w, invoice, DRAFT))
    for _ in range(2):
        facts = sandbox.sync()
        assert status(sandbox, invoice) == DRAFT, (
            "a status that a person took back is not set again"
        )
        assert made(facts) == []
    assert outcome(facts, invoice)[0] == "drift"
    bill = sandbox.acts(lambda w: ledger_orders.invoice_order(w, order["OrderNo"]))
    sandbox.acts(lambda w: ledger_payments.pay(w, bill))
    told = [d.text for d in sandbox.sync().differences if (d.guid, d.field) == (invoice, "paid")]
    assert status(sandbox, invoice) == DRAFT and "was set by a person" in told[0]
    row = sandbox.acts(lambda w: acts_invoices.rows_of(w, invoice))[0]
    sandbox.acts(lambda w: acts_invoices.edit_row(w, row["guid"], {"quantity": 4.0}))
    facts = sandbox.sync()
    assert {d.field for d in facts.differences if d.guid == invoice} >= {"total", "vat"}
    sandbox.acts(lambda w: acts_invoices.release(w, invoice))
    sandbox.sync()
    assert status(sandbox, invoice) == PAID, "released again, it is told how far it is"
    assert rows(sandbox, "CustomerOrder", SeveraGUID=invoice) == [], "and is no new order"
    (copy,) = rows(sandbox, "CustomerOrderCopy", SeveraGUID=invoice)
    assert copy["ExchangeAmount"] == order["ExchangeAmount"]


def test_the_history_of_an_earlier_integration_is_told_nothing(sandbox, projects):
    """Its orders carry the guids of invoices from before the cut-off, long sent and paid."""
    invoice = released(sandbox, projects[0][0])
    sandbox.sync()
    order = order_of(sandbox, invoice)
    with sandbox.open() as bench, bench.store.write("lost") as writer:
        table = memory.link
        writer.execute(table.delete().where(table.c.guid == invoice))
    bill = sandbox.acts(lambda w: ledger_orders.invoice_order(w, order["OrderNo"]))
    sandbox.acts(lambda w: ledger_payments.pay(w, bill))
    before = sandbox.profile.read_text("utf-8")
    sandbox.settings(lambda text: text.replace("2026-01-01", "2027-01-01"))
    first = status(sandbox, invoice)
    for full in (True, False):
        facts = sandbox.sync(full=full, force=SHORT)
        kinds = {op.kind for op, _, _ in facts.operations if op.entity == "invoice"}
        assert kinds <= {"link"} and status(sandbox, invoice) == first
    sandbox.settings(lambda _: before)
    sandbox.sync()
    assert status(sandbox, invoice) == PAID


def test_an_invoice_that_is_deleted_after_its_order_was_made_is_told(sandbox, projects):
    invoice = released(sandbox, projects[0][0], Entry(Decimal(2)))
    sandbox.sync()
    sandbox.acts(lambda w: acts_severa.vanish(w, "invoices", invoice))
    for _ in range(3):
        facts = sandbox.sync(full=True)
        assert made(facts) == []
    assert outcome(facts, invoice, "global")[0] == "vanished"
    assert order_of(sandbox, invoice)["SeveraGUID"] == invoice
