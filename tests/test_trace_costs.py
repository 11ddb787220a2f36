"""Where is a supplier's invoice? Traces and sums of costs over the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import jsonschema
import pytest

from recon import flow
from recon.report.documents import Documents, block
from recon.sandbox import acts_global, acts_severa, ledger_suppliers, severa_server, world
from recon.sandbox.company_plain import LINKED, Counts
from recon.sandbox.ledger_suppliers import Bought, Cost
from recon.trace import Trace
from tests.company import QUOTA, Sandbox
from tests.conftest import Ran
from tests.test_cli import SCHEMA, assert_failed

pytestmark = pytest.mark.slow
Recon = Callable[..., Ran]
SUPPLIER, ACCOUNT = 50_001, 4500
NET = Decimal("1234.56")


@dataclass(slots=True)
class Story:
    """Costs by what becomes of them: the numbers of their lines and vouchers, and the sums."""

    sandbox: Sandbox
    lines: dict[str, int] = field(default_factory=dict)
    vouchers: dict[str, int] = field(default_factory=dict)
    documents: Documents = field(default_factory=Documents)

    def book(self, w: world.World, name: str, project: int, attested: int = 2) -> None:
        bought = Bought(SUPPLIER, [Cost(ACCOUNT, NET, project)], number=name, attested=attested)
        voucher = ledger_suppliers.supplier_invoice(w, bought)
        rows = acts_global.rows(w, "GLAccountTransaction", VoucherID=voucher)
        (line,) = [row for row in rows if row["GLAccountNo"] == ACCOUNT]
        self.lines[name], self.vouchers[name] = line["UniqueNo"], line["VoucherNo"]

    def trace(self, number: object) -> list[Trace]:
        with self.sandbox.open() as bench:
            return flow.trace(bench, "cost", str(number))


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    counts = Counts(3, 4, 2, 8)
    profile = world.create_plain(tmp_path_factory.mktemp("costs"), counts, LINKED, 7)
    made = Story(Sandbox(profile, severa_server.attach(profile.parent, quota=QUOTA).base_url))
    world.costs_on(profile, date(2026, 1, 1))
    made.sandbox.acts(lambda w: _booked(made, w))
    made.sandbox.sync()
    made.sandbox.acts(lambda w: _changed(made, w))
    with made.sandbox.open(full=True) as bench:
        made.documents = flow.report(bench)[1]
    yield made
    made.sandbox.end()


def _booked(made: Story, w: world.World) -> None:
    projects = acts_global.rows(w, "Project", InActiveYesNo=0)
    project = min(row["ProjectNo"] for row in projects if row["SeveraGUID"] and row["CustomerNo"])
    for name in ("made", "edited", "deleted"):
        made.book(w, name, project)
    made.book(w, "not approved", project, attested=0)
    made.book(w, "no project", 0)


def _changed(made: Story, w: world.World) -> None:
    rows = acts_global.rows(w, "GLAccountTransaction")
    fees = {row["UniqueNo"]: row["SeveraGUID"] for row in rows}
    cost = {"unitCost": {"amount": 1300.0, "currencyCode": "NOK"}}
    acts_severa.edit(w, "projectfees", fees[made.lines["edited"]], cost)
    acts_severa.vanish(w, "projectfees", fees[made.lines["deleted"]])


def test_the_difference_is_explained_to_zero(story: Story) -> None:
    (kind,) = story.documents.kinds
    told = {cause.paper.global_number.split(",")[0]: cause for cause in kind.causes}
    causes = {
        name: told[str(no)].cause if str(no) in told else "" for name, no in story.lines.items()
    }
    assert causes == {
        "made": "",
        "edited": "edited in Severa after the transfer",
        "deleted": "deleted in Severa",
        "not approved": "not approved",
        "no project": "",
    }
    assert story.documents.adds_up
    edited = told[str(story.lines["edited"])]
    assert edited.sum.net == Decimal("65.44")
    assert "Nordvik Underkonsulent AS" in edited.paper.party


def test_the_block_has_neither_status_nor_vat(story: Story) -> None:
    found = block(story.documents)
    jsonschema.validate(found, {**SCHEMA["$defs"]["documents"], "$defs": SCHEMA["$defs"]})
    (group,) = found["costs"]
    assert not {"status"} & set(group)
    assert group["severa"] == {"count": 2, "net": "2534.56"}
    assert group["global"] == {"count": 4, "net": "4938.24"}
    assert found["unexplained"] == {"NOK": "0.00"}


@pytest.mark.parametrize("by", ["line", "voucher", "supplier's invoice"])
def test_a_cost_is_found_by_any_of_its_numbers(story: Story, by: str) -> None:
    number = {"line": story.lines["made"], "voucher": story.vouchers["made"]}.get(by, "made")
    found = {one.key: one for one in story.trace(number)}
    said = [step.what for step in found[str(story.lines["made"])].steps]
    assert any("supplier's invoice made" in text for text in said), said
    assert any(text.startswith("project fee made in Severa") for text in said), said
    assert any(text.startswith("project fee dated") for text in said), said
    assert found[str(story.lines["made"])].party == "Nordvik Underkonsulent AS"


def test_the_next_step_of_a_cost_is_told(story: Story) -> None:
    told = {name: story.trace(no) for name, no in story.lines.items()}
    nexts = {name: next(t.next for t in found if t.key == str(story.lines[name]))
             for name, found in told.items()}  # fmt: skip
    assert nexts["made"] == "Severa's users invoice it to the customer"
    assert nexts["deleted"].startswith("somebody puts it right in Severa")
    assert "it is not approved" in nexts["not approved"]
    assert nexts["no project"].startswith("nothing: it has no project; book it on one")
    (tax,) = [
        t for t in story.trace(story.lines["made"] + 1) if t.key == str(story.lines["made"] + 1)
    ]
    assert tax.next == "nothing: account 2710 is no cost account ([global.books])"


def test_the_command_line_tells_it(story: Story, recon: Recon) -> None:
    company = ("--company", str(story.sandbox.profile), "--json")
    ran = recon("trace", "cost", "made", *company)
    assert ran.code == 0, ran.err
    jsonschema.validate(ran.document, SCHEMA)
    assert ran.document["traces"][0]["steps"][0]["amount"] == "1234.56"
    for number in ("999999999", "9" * 30, "no such", "'; --"):
        assert_failed(
            recon("trace", "cost", number, *company), 2, "searched: Visma Global's general"
        )
    assert_failed(recon("trace", "invoice", "1", *company), 2, "Invoices do not run")
