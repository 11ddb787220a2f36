"""The checks of the whole: open proposals, dimensions, other programs; and docs/checks.md."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from recon import overall
from recon.entities.employee import ENTITY as EMPLOYEE
from recon.entities.invoice import ENTITY as INVOICE
from recon.entities.project import ENTITY as PROJECT
from recon.errors import Stop
from recon.journal import Journal
from recon.links import Links
from recon.shapes import Finding, Proposal, Record
from recon.workbench import Workbench
from tests.doctor.asked import NOW, Server, profile
from tests.engine import linked
from tests.entities.staff import UNIT, account, business
from tests.entities.world import World

LATELY = NOW - timedelta(days=1)
DOCUMENTS = {"invoices_from": "2026-01-01"}


class Refusing(Server):
    """A database that lets nobody look at its switches."""

    def read(self, statement: Any) -> list[dict[str, Any]]:
        if "CommonParameter" in str(statement):
            raise Stop("SELECT was denied on CommonParameter")
        return super().read(statement)


def bench(server: Server, world: World | None = None, **tables: Any) -> Workbench:
    records = world or World()
    return cast(
        Workbench,
        SimpleNamespace(
            profile=profile(**tables),
            visma_global=server,
            entities=(EMPLOYEE, PROJECT, INVOICE),
            running=(EMPLOYEE,),
            links=Links(),
            mirror=records,
            context=records.context,
            journal=SimpleNamespace(open=list),
        ),
    )


def told(found: list[Finding]) -> list[tuple[str, str, str, str]]:
    return [(one.check, one.entity, one.severity, one.key) for one in found]


def test_open_proposals_are_one_line_per_entity() -> None:
    def proposal(entity: str, *, holds: bool) -> Proposal:
        return Proposal(entity, "1", "g", 0.9, "likely", (), holds=holds)

    given = [proposal("employee", holds=True), proposal("employee", holds=False)]
    found = overall.found(bench(Server()), [*given, proposal("project", holds=False)])
    assert told(found) == [
        ("proposals_open", "employee", "warning", ""),
        ("proposals_open", "project", "info", ""),
    ]
    assert found[0].text == "2 proposals are open; 1 of them hold records back"


def test_a_required_dimension_that_no_row_or_one_record_lacks() -> None:
    switches = {"DepartmentRequiredYesNo": 1, "EmployeeRequiredYesNo": 1}
    world = business()
    world.severa("employee", account("a", "Anne Aas", "1", businessUnit=None))
    world.severa("employee", account("b", "Bo Bakke", "2", businessUnit=UNIT))
    found = overall.found(bench(Server({"CommonParameter": [switches]}), world), [])
    assert told(found) == [("dimension_empty", "employee", "warning", "a")]
    assert found[0].text == "Anne Aas (1): no Business unit"
    extra = Server({"CommonParameter": [{"ExtraCostUnitIRequiredYesNo": 1}]})
    assert told(overall.found(bench(extra), [])) == [("dimension_required", "", "warning", "")]


def test_orders_lack_the_product_and_the_warehouse() -> None:
    server = Server(
        {
            "CommonParameter": [{"ProductRequiredYesNo": 1}],
            "InvoicePurchasingParameter": [{"WareHouseRequiredYesNo": 1}],
        }
    )
    orders = {"entities": {"project": "off"}, **DOCUMENTS}
    found = [f for f in overall.found(bench(server, transfer=orders), []) if f.entity == "invoice"]
    assert [one.text.partition(" (")[0] for one in found] == ["Product", "warehouse"]
    assert {one.check for one in found} == {"dimension_required"}


def test_accounts_that_ask_for_a_dimension() -> None:
    article = Record("product", "global", "1", {}, attributes={"posting_template": 7})
    world = World(profile=profile(transfer=DOCUMENTS)).put(article)
    server = Server(
        {
            "PostingTemplateArticle": [
                {"PostingTemplateNo": 7, "Name": "Varer", "SalesAccTaxable": 3000},
                {"PostingTemplateNo": 8, "Name": "Andre", "SalesAccTaxable": 3100},
            ],
            "GLAccount": [
                {"GLAccountNo": 3000, "Name": "Salg", "DepNoSpec": 1, "ProductNoSpec": 2},
                {"GLAccountNo": 3100, "Name": "Annet", "DepNoSpec": 1},
            ],
        }
    )
    found = overall.found(bench(server, world, transfer=DOCUMENTS), [])
    assert [one.text for one in found] == [
        "account 3000 Salg (posting template 7 Varer): DepNoSpec is 1; orders carry DepNo, where "
        "the project has it",
        "account 3000 Salg (posting template 7 Varer): ProductNoSpec is 2; orders lack it",
    ]
    assert {one.severity for one in found} == {"info"}


@pytest.mark.parametrize(("live", "severity"), [(False, "warning"), (True, "blocker")])
def test_another_program_writes_severaguids(live: bool, severity: str) -> None:
    row = {"SeveraGUID": "x", "Created": LATELY, "LastUpdate": LATELY, "LastUpdatedBy": 7}
    desk = bench(Server({"Employee": [row], "LogonUser": []}))
    if live:
        desk.links.put(linked("1", "g", {}, "employee"))
    found = overall.found(desk, [])
    assert told(found) == [("severa_guid_by_others", "", severity, "")]
    assert "Switch the other integration off" in found[0].text


def test_what_we_sent_ourselves_and_heard_no_answer_of_is_no_other_program() -> None:
    row = {"SeveraGUID": "X", "Created": LATELY, "LastUpdate": LATELY, "LastUpdatedBy": 7}
    desk = bench(Server({"Employee": [row], "LogonUser": []}))
    sent = SimpleNamespace(operation=SimpleNamespace(key="x", guid=None))
    desk.journal = cast(Journal, SimpleNamespace(open=lambda: [sent]))
    assert overall.found(desk, []) == []


def test_a_check_that_cannot_be_made_is_a_finding() -> None:
    found = overall.found(bench(Refusing()), [])
    assert [one.check for one in found] == ["cannot_be_checked"]
    assert "denied" in found[0].text
