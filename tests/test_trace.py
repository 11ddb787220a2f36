"""Where is invoice 10234? Traces and sums over the sandbox: real HTTP, a real database, users."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import jsonschema
import pytest

from recon import flow
from recon.effects import Effect
from recon.errors import Usage
from recon.report.documents import Documents, block
from recon.sandbox import (
    acts_global,
    acts_invoices,
    acts_severa,
    ledger_book,
    ledger_orders,
    ledger_payments,
    severa_server,
    world,
)
from recon.sandbox.acts_invoices import Entry
from recon.sandbox.company_plain import Counts
from recon.sandbox.company_plain_states import LINKED
from recon.trace import Trace, page
from tests.company import QUOTA, Sandbox
from tests.conftest import Ran
from tests.test_cli import SCHEMA, assert_failed

pytestmark = pytest.mark.slow
Recon = Callable[..., Ran]
CUT_OFF = date(2026, 1, 1)
NAMES = (
    "paid", "part paid", "fee", "edited order", "nullified", "deleted order", "edited in Severa",
    "part delivered", "open", "deleted in Severa",
)  # fmt: skip


@dataclass(slots=True)
class Story:
    """Invoices by what becomes of them: their guids, and the numbers of their orders and bills."""

    sandbox: Sandbox
    guids: dict[str, str] = field(default_factory=dict)
    orders: dict[str, str] = field(default_factory=dict)
    bills: dict[str, int] = field(default_factory=dict)
    documents: Documents = field(default_factory=Documents)
    files: list[Any] = field(default_factory=list)

    def draft(self, w: world.World, name: str, project: str, day: str = "2026-11-20") -> None:
        acts_invoices.register_hours(w, project, Entry(Decimal("7.25"), Decimal("1234.56")))
        self.guids[name] = acts_invoices.draft_invoice(w, project, day)

    def trace(self, kind: str, number: object) -> list[Trace]:
        with self.sandbox.open() as bench:
            return flow.trace(bench, kind, str(number))

    def one(self, name: str) -> Trace:
        """By its guid, for a draft has no number."""
        (found,) = self.trace("invoice", self.guids[name])
        return found

    def number(self, name: str) -> int:
        document = self.sandbox.acts(lambda w: w.severa.one("invoices", self.guids[name]))
        return int(document["number"])


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    profile = world.create_plain(tmp_path_factory.mktemp("trace"), Counts(4, 6, 3, 20), LINKED, 7)
    server = severa_server.attach(profile.parent, quota=QUOTA)
    made = Story(Sandbox(profile, server.base_url))
    world.documents_on(made.sandbox.profile, CUT_OFF)
    made.sandbox.sync()
    free, locked = _projects(made.sandbox)
    made.sandbox.acts(lambda w: _begin(made, w, free, locked))
    made.sandbox.sync()
    made.sandbox.acts(lambda w: _go_on(made, w))
    made.sandbox.sync()
    with made.sandbox.open(full=True) as bench:
        made.files, made.documents = flow.report(bench)
    yield made
    made.sandbox.end()


def _projects(sandbox: Sandbox) -> tuple[str, str]:
    """Two open projects of two customers that are linked."""
    with sandbox.open() as bench:
        bench.links.load()
        linked = {link.guid for link in bench.links.all("project")}
    rows = sandbox.acts(lambda w: w.severa.all("projects"))
    fit = [r for r in rows if r["guid"] in linked and not r["isClosed"] and not r["isInternal"]]
    first = fit[0]
    other = next(r for r in fit if r["customer"]["guid"] != first["customer"]["guid"])
    return first["guid"], other["guid"]


def _begin(made: Story, w: world.World, free: str, locked: str) -> None:
    made.draft(w, "early", free, "2025-12-31")
    made.draft(w, "draft", free)
    made.draft(w, "held", locked)
    for name in NAMES:
        made.draft(w, name, free)
    for name in ("early", "held", *NAMES):
        acts_invoices.release(w, made.guids[name])
    guid = w.severa.one("projects", locked)["customer"]["guid"]
    (customer,) = acts_global.rows(w, "Customer", SeveraGUID=guid)
    acts_global.edit(w, "Customer", customer["CustomerNo"], {"LockedYesNo": 1})


def _go_on(made: Story, w: world.World) -> None:
    for name in NAMES:
        (order,) = acts_global.rows(w, "CustomerOrder", SeveraGUID=made.guids[name])
        made.orders[name] = order["OrderNo"]
    ledger_orders.add_fee(w, made.orders["fee"], Decimal(50))
    ledger_orders.edit_line(w, made.orders["edited order"], 1, price=Decimal(900))
    for name in ("paid", "part paid", "fee", "edited order"):
        made.bills[name] = ledger_orders.invoice_order(w, made.orders[name])
    ledger_payments.pay(w, made.bills["paid"], day=date(2026, 11, 23))
    ledger_payments.pay(w, made.bills["part paid"], Decimal(1000))
    ledger_orders.nullify(w, made.orders["nullified"])
    ledger_orders.delete_order(w, made.orders["deleted order"])
    ledger_orders.invoice_order(w, made.orders["part delivered"], Decimal("0.5"))
    changed = made.guids["edited in Severa"]
    acts_invoices.set_status(w, changed, acts_invoices.status_of(w, "Kladd")["guid"])
    (row,) = acts_invoices.rows_of(w, changed)
    acts_invoices.edit_row(w, row["guid"], {"quantity": 9.25})
    acts_severa.vanish(w, "invoices", made.guids["deleted in Severa"])


# --- the sums -------------------------------------------------------------------------------------


def test_the_difference_is_explained_to_zero(story: Story) -> None:
    found = story.documents
    assert found.adds_up
    assert set(found.unexplained.values()) == {Decimal(0)}
    causes = {c.paper.key: c.cause for c in found.kinds[0].causes}
    told = {name: causes.get(guid, "") for name, guid in story.guids.items()}
    assert told == {
        "early": "before the cut-off",
        "draft": "not released to transfer",
        "held": "held",
        "paid": "",
        "part paid": "",
        "fee": "fee in Visma Global",
        "edited order": "order edited in Visma Global",
        "nullified": "nullified in Visma Global",
        "deleted order": "deleted in Visma Global",
        "edited in Severa": "edited in Severa after the transfer",
        "part delivered": "part delivered",
        "open": "",
        "deleted in Severa": "deleted in Severa",
    }


def test_the_money_comes_as_far_as_the_ledger_says(story: Story) -> None:
    amounts = {stage.name: stage.amount for stage in story.documents.stages}
    whole = _gross(story, "paid")
    assert amounts["Paid"] == whole + 1000
    bills = sum(_gross(story, name) for name in ("paid", "part paid", "fee", "edited order"))
    assert bills < amounts["Sent"] < amounts["Transferred"]


def _gross(story: Story, name: str) -> Decimal:
    (row,) = story.sandbox.acts(
        lambda w: acts_global.rows(w, "CustomerOrderCopy", SeveraGUID=story.guids[name])
    )
    return Decimal(str(row["TotalGross"]))


def test_the_report_has_the_documents_and_the_way_of_those_that_need_a_person(story: Story) -> None:
    (file,) = [path for path in story.files if path.name == "reconciliation.html"]
    text = file.read_text("utf-8")
    for said in ("How far the money is", "Documents that differ", "The way of documents that need"):
        assert said in text
    assert "Invoice of 2026-11-20, without number" in text
    assert "is locked in Visma Global" in text


# --- one document ---------------------------------------------------------------------------------

EXPECTED = {
    "early": "nothing: it is dated before the cut-off 2026-01-01",
    "draft": "somebody gives it the status Klar til fakturering in Severa",
    "paid": "nothing, done",
    "part paid": "the customer pays 10,188.20 NOK that are left; then Severa shows Betalt",
    "nullified": "somebody credits or deletes the invoice in Severa, or makes a new order by hand",
    "deleted order": "somebody drafts the invoice anew, or deletes it: its order was deleted in"
    " Visma Global",
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_next_step_is_told(story: Story, name: str) -> None:
    assert story.one(name).next == EXPECTED[name]


@pytest.mark.parametrize("name", ["open", "part delivered"])
def test_the_next_step_names_the_order(story: Story, name: str) -> None:
    rest = "the rest of " if name == "part delivered" else ""
    assert story.one(name).next == f"Visma Global's users invoice {rest}order {story.orders[name]}"


def test_every_step_of_a_paid_invoice_in_its_order(story: Story) -> None:
    found = story.one("paid")
    said = [step.what for step in found.steps]
    for wanted in (
        "drafted, dated 2026-11-20, rows: 1, VAT 2,237.64",
        "order made in Visma Global",
        f"invoiced as {story.bills['paid']}",
        "its status now: Betalt, paid on 2026-11-23",
    ):
        assert any(text.startswith(wanted) for text in said), (wanted, said)
    assert sum("payment in the customer ledger" in text for text in said) == 1
    made = next(step for step in found.steps if step.what.startswith("order made"))
    assert made.run
    assert f"invoice {story.bills['paid']}" in found.visma_global
    assert [s.amount for s in found.steps if s.what.startswith("invoiced")] == [Decimal("8950.56")]


def test_a_held_document_says_why_since_when_and_for_how_many_runs(story: Story) -> None:
    found = story.one("held")
    assert "is locked in Visma Global" in found.why
    assert found.since
    assert found.runs >= 1
    assert found.next.startswith("held: ")


def test_an_invoice_that_is_deleted_in_severa_is_found_by_its_order(story: Story) -> None:
    (found,) = story.trace("order", story.orders["deleted in Severa"])
    assert found.key == story.guids["deleted in Severa"]
    assert "its invoice was deleted in Severa" in found.next


def test_a_number_that_two_documents_have_shows_both_and_says_so(story: Story) -> None:
    """Severa's own number of one, the legal number of the other."""
    number, bill = story.number("part paid"), story.bills["edited order"]
    edit = story.guids["edited order"]

    def renumber(to: int) -> Callable[[world.World], None]:
        def act(w: world.World) -> None:
            with ledger_book.open_book(w) as book:
                (row,) = book.rows("CustomerOrderCopy", SeveraGUID=edit)
                book.change("CustomerOrderCopy", row["OrderCopyNo"], {"InvoiceNo": to})

        return act

    assert [one.key for one in story.trace("invoice", bill)] == [edit]
    story.sandbox.acts(renumber(number))
    found = story.trace("invoice", number)
    story.sandbox.acts(renumber(bill))
    assert [one.key for one in found] == [story.guids["part paid"], edit]
    told = page.document(found, ("A", True, "Europe/Oslo"), str(number))
    assert told.summary[0].value == "2: all are shown"


def test_a_difference_that_is_held_back_is_for_somebody(story: Story) -> None:
    told = "[transfer.orders]\nhold_differences = true"
    story.sandbox.settings(lambda text: text.replace("[transfer.orders]", told))
    edited = story.guids["edited order"]
    status = acts_invoices.set_status
    story.sandbox.acts(lambda w: status(w, edited, "Overført til regnskap"))
    found = story.one("edited order")
    story.sandbox.acts(lambda w: status(w, edited, "Sendt"))
    story.sandbox.settings(lambda text: text.replace("\nhold_differences = true", ""))
    assert found.next.startswith("somebody makes order and invoice equal")
    assert story.one("edited order").next.startswith("the customer pays")


@dataclass(slots=True)
class Watcher:
    """What was done, by whether it writes."""

    seen: list[Effect] = field(default_factory=list)

    def before(self, effect: Effect) -> None:
        self.seen.append(effect)

    def after(self, effect: Effect) -> None: ...


def test_nothing_is_written(story: Story) -> None:
    """Neither into a system nor into our own memory."""
    watcher = Watcher()
    with story.sandbox.open(watchers=(watcher,)) as bench:
        runs = len(flow.runs(bench))
        flow.trace(bench, "invoice", str(story.number("paid")))
        assert len(flow.runs(bench)) == runs
    assert [effect for effect in watcher.seen if effect.writes] == []
    assert {"http", "sql"} <= {effect.kind for effect in watcher.seen}


# --- on the command line --------------------------------------------------------------------------


def test_the_command_line_tells_it_and_writes_a_page(
    story: Story, recon: Recon, tmp_path: Any
) -> None:
    company, where = ("--company", str(story.sandbox.profile)), tmp_path / "where.html"
    number = story.number("part paid")
    ran = recon("trace", "invoice", number, "--out", where, *company, "--json")
    assert ran.code == 0, ran.err
    jsonschema.validate(ran.document, SCHEMA)
    (found,) = [t for t in ran.document["traces"] if t["key"] == story.guids["part paid"]]
    assert found["steps"][0]["amount"] == "8950.56"
    assert ran.document["files"] == [str(where)]
    assert "the customer pays" in where.read_text("utf-8")
    assert "Next: the customer pays" in ran.err


@pytest.mark.parametrize(
    ("kind", "number", "said"),
    [
        ("invoice", "999999", "There is no invoice 999999 (searched: Severa's invoice numbers"),
        ("invoice", "no number", "There is no invoice no number"),
        ("invoice", "9" * 30, "There is no invoice"),
        ("order", "'; --", "There is no order"),
        ("order", "x" * 50, "This is no number of a document"),
        ("order", " ", "This is no number of a document"),
        ("bill", "1", "cannot be traced"),
        ("cost", "1", "do not run"),
    ],
)
def test_a_number_that_is_not_there_is_told_with_what_was_searched(
    story: Story, recon: Recon, kind: str, number: str, said: str
) -> None:
    ran = recon("trace", kind, number, "--company", str(story.sandbox.profile), "--json")
    assert_failed(ran, 2, said)


def test_an_order_of_globals_own_is_told(story: Story) -> None:
    def own(w: world.World) -> str:
        rows = acts_global.rows(w, "CustomerOrder")
        mine = next(row for row in rows if row["SeveraGUID"] == story.guids["open"])
        acts_global.edit(w, "CustomerOrder", mine["OrderNo"], {"SeveraGUID": ""})
        return str(mine["OrderNo"])

    number = story.sandbox.acts(own)
    with pytest.raises(Usage, match="made in Visma Global itself"):
        story.trace("order", number)


def test_the_block_of_the_report_is_valid(story: Story) -> None:
    found = block(story.documents)
    jsonschema.validate(found, {**SCHEMA["$defs"]["documents"], "$defs": SCHEMA["$defs"]})
    assert set(found["unexplained"].values()) == {"0.00"}
