"""How ledger lines are read, priced and named in fees."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from recon.entities.project.severa import SEVERA as PROJECTS
from recon.entities.supplier_cost import ENTITY, texts
from recon.entities.supplier_cost.pricing import Booked, terms
from recon.entities.supplier_cost.scope import idle
from recon.errors import Refused
from recon.settings_documents import Costs
from recon.shapes import Record
from tests import engine
from tests.entities.costs import NAME, PROJECT, Company, profile

RULES: dict[str, Any] = {
    "billable": True,
    "percentage": 5,
    "accounts": {4500: {"billable": False, "percentage": 10}, 4600: {"percentage": 1}},
    "suppliers": {50: {"percentage": 20}},
    "projects": {101: {"billable": True}, 102: {"percentage": 0}},
}


@pytest.mark.parametrize(
    ("booked", "billable", "percentage"),
    [
        pytest.param((None, None, None), True, 5, id="general"),
        pytest.param((9, 9, 4500), False, 10, id="account"),
        pytest.param((9, 50, 4500), False, 20, id="supplier, and billable by account"),
        pytest.param((101, 50, 4500), True, 20, id="project, and percentage by supplier"),
        pytest.param((102, 50, 4500), False, 0, id="a percentage of nothing is one"),
        pytest.param((9, 9, 4600), True, 1, id="billable by the general rule"),
    ],
)
def test_the_rule_of_a_project_wins_over_supplier_account_and_all(
    booked: Any, billable: bool, percentage: int
) -> None:
    found = terms(Booked(*booked), Costs.model_validate(RULES))
    assert (found.billable, found.percentage) == (billable, Decimal(percentage))


def test_they_run_with_a_cut_off_alone() -> None:
    assert idle(profile()) == ""
    assert "set costs_from under [transfer]" in idle(engine.profile())


def test_the_supplier_comes_through_the_voucher_though_the_line_has_none() -> None:
    company = Company(profile({"suppliers": {50: {"percentage": 50}}}))
    company.bought()
    body = company.body(company.line(1, SupplierNo=0))
    assert body["name"] == "Nordvik AS INV-1: Uke 9"
    assert body["unitPrice"]["amount"] == 1500


@pytest.mark.parametrize("ids", [(0, 9), (9, 0), (0, 0)])
def test_where_a_row_has_no_voucher_id_number_type_and_year_tell(ids: tuple[int, int]) -> None:
    company = Company()
    company.bought(VoucherID=ids[0])
    company.bought(UniqueNo=2, VoucherID=7, AccountingYear=2025, SuppliersInvoiceNo="OLD")
    assert "INV-1" in company.body(company.line(1, VoucherID=ids[1]))["name"]


def test_a_voucher_of_the_same_number_in_another_year_or_type_is_another() -> None:
    company = Company()
    company.bought(VoucherID=0, AccountingYear=2025)
    company.bought(UniqueNo=2, VoucherID=0, VoucherTypeNo=5)
    assert company.body(company.line(1))["name"] == "Uke 9"


def test_a_line_with_a_supplier_of_its_own_and_no_voucher_is_named_by_it() -> None:
    company = Company()
    assert company.body(company.line(1, SupplierNo=50))["name"] == "Nordvik AS: Uke 9"


def test_a_line_without_text_and_supplier_is_named_by_its_number_alone() -> None:
    company = Company()
    body = company.body(company.line(1, Description=""))
    assert "name" not in body
    assert "ledger line 1," in body["description"]


def test_several_entries_of_a_voucher_make_one_cost() -> None:
    company = Company()
    company.bought()
    company.bought(UniqueNo=2)
    company.line(1)
    assert company.read() == {"1"}


def test_the_sign_of_a_cost_is_a_setting() -> None:
    company = Company(profile(books={"debit": -1}))
    assert company.body(company.line(1, -80.0))["unitCost"]["amount"] == 80


@pytest.mark.parametrize(
    ("cost", "percentage", "price"),
    [
        ("0.05", "10", "0.06"),
        ("-0.05", "10", "-0.06"),
        ("10.05", "50", "15.08"),
        ("1", "-100", "0"),
    ],
)
def test_prices_are_rounded_half_up(cost: str, percentage: str, price: str) -> None:
    company = Company(profile({"percentage": percentage}))
    body = company.body(company.line(1, float(cost)))
    assert body["unitPrice"]["amount"] == Decimal(price)


def test_floats_of_the_ledger_are_rounded_to_the_currency() -> None:
    company = Company()
    assert company.body(company.line(1, 0.1 + 0.2))["unitCost"]["amount"] == Decimal("0.30")


@pytest.mark.parametrize("named", ["prod-1", "INNK", "innkjøp"])
def test_the_product_is_named_by_guid_code_or_name(named: str) -> None:
    company = Company(profile({"product": named}))
    company.others.append(
        Record(
            "product",
            "severa",
            "prod-1",
            {"name": "Innkjøp", "active": True},
            number="INNK",
            kind="product",
        )
    )
    assert company.body(company.line(1))["product"] == {"guid": "prod-1"}
    assert company.findings("product_unknown") == []


@pytest.mark.parametrize("named", ["Innkjøp", "ph-1"])
def test_the_phase_is_named_by_name_or_guid(named: str) -> None:
    company = Company(profile({"phase": named}))
    company.others[1].attributes["phases"] = {"innkjøp": "ph-1"}
    assert company.body(company.line(1))["phase"] == {"guid": "ph-1"}


def test_the_cost_centre_is_that_of_the_departments_unit() -> None:
    company = Company()
    unit = Record("business_unit", "severa", "u-1", {}, attributes={"cost_center": "cc-1"})
    company.others.append(unit)
    link = company.links[0]
    company.links.append(type(link)("business_unit", "", "10", "", "u-1", "", "", ""))
    assert company.body(company.line(1, DepNo=10))["costCenter"] == {"guid": "cc-1"}
    assert "costCenter" not in company.body(company.line(2, DepNo=11))


def test_a_line_is_found_by_its_whole_number() -> None:
    line = Record(NAME, "global", "47", {}, attributes={"voucher": "7", "account": 4500})
    assert texts.number(texts.description(line)) == "47"
    assert texts.number("Visma Global ledger line 471, voucher 7") == "471"
    for other in (None, "", "ledger line 47", "visma global ledger line 47", "47"):
        assert texts.number(other) is None


def test_a_long_text_is_cut() -> None:
    assert len(texts.name("Nordvik AS", "1", "x" * 500) or "") == texts.LONGEST


def test_neither_a_fee_nor_a_line_is_ever_changed_or_made_the_other_way() -> None:
    record = Record(NAME, "global", "1", {})
    with pytest.raises(Refused):
        ENTITY.global_side.update(record, {"cost": Decimal(1)}, None)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        ENTITY.global_side.insert(None, None)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        ENTITY.severa_side.patch(record, {"cost": Decimal(1)}, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("dirt", [None, "", 0, -1, 1.5, "x", [], {}, True, "9" * 40], ids=repr)
def test_dirt_in_a_fee_or_a_line_is_read_or_collected(dirt: Any) -> None:
    company = Company()
    company.line(1)
    company.fee("f-1", 1)
    now = company.situation()
    clean = dict(company.fees[0])
    for word in clean:
        for record in ENTITY.severa_side.records([{**clean, word: dirt}], now.context):
            assert record.key
    columns = ["UniqueNo", "Amount", "VoucherDate", "ProjectNo", "AttestStatus", "Created"]
    row = {"UniqueNo": 1, "VoucherDate": datetime(2026, 3, 1), "ProjectNo": PROJECT}
    for column in columns:
        found = list(ENTITY.global_side.records({"line": [{**row, column: dirt}]}, now.context))
        assert len(found) == 1


@pytest.mark.parametrize(
    ("costs", "more", "read"),
    [
        pytest.param({"phase": "Innkjøp"}, {}, True, id="a phase is named"),
        pytest.param({}, {}, False, id="no phase is named"),
        pytest.param({"phase": "Innkjøp"}, {"isClosed": True}, False, id="a closed project"),
        pytest.param({"phase": "Innkjøp"}, {"businessUnit": "x"}, False, id="not readable"),
    ],
)
def test_phases_are_asked_for_where_they_can_count(costs: Any, more: Any, read: bool) -> None:
    ctx = Company(profile(costs)).situation().context
    phases = next(d for d in PROJECTS.details if d.into == "phases")
    assert phases.wanted({"guid": "p-1", "isClosed": False, **more}, ctx) is read


def test_whose_fee_it_is_is_told_by_its_project_in_a_narrow_sync_too() -> None:
    """Two companies of one organisation count their ledger lines each from 1."""
    company = Company()
    company.fee("theirs", 1)
    now = company.situation()
    fee = now.mirror.records("supplier_cost", "severa")["theirs"]
    assert ENTITY.draws is not None
    assert list(ENTITY.draws(fee, now.context)) == [("project", "severa", f"p-{PROJECT}")]
