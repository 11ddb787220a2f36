"""What becomes of a ledger line and of its fee: the table of docs/supplier_costs.md, a test for
each row."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.entities.costs import (
    CLOSED,
    EURO,
    LOOSE,
    NAME,
    OTHER,
    PAYMENT,
    PROJECT,
    Company,
    profile,
    project,
)

CREATED = ("created", "")
OLD = datetime(2025, 12, 31)


@pytest.fixture
def company() -> Company:
    return Company()


# --- lines that are not transferred yet ---------------------------------------------------------


def test_a_final_and_approved_line_of_a_linked_project_becomes_a_fee(company: Company) -> None:
    company.bought()
    key = company.line(1)
    assert company.outcome(key) == CREATED
    assert company.body(key) == {
        "project": {"guid": "p-101"},
        "name": "Nordvik AS INV-1: Uke 9",
        "description": "Visma Global ledger line 1, voucher 77 of 2026-03-01, account 4500",
        "eventDate": "2026-03-01",
        "quantity": 1,
        "unitCost": {"amount": Decimal(1000), "currencyCode": "NOK"},
        "unitPrice": {"amount": Decimal(1000), "currencyCode": "NOK"},
        "isBillable": False,
    }


@pytest.mark.parametrize(
    ("status", "words"),
    [({"StatusTransaction": 0}, "not final"), ({"AttestStatus": 1}, "not approved")],
)
def test_a_line_that_is_not_final_or_not_approved_waits(
    company: Company, status: Any, words: str
) -> None:
    state, detail = company.outcome(company.line(1, **status))
    assert (state, words in detail) == ("waiting", True)


def test_without_statuses_in_the_profile_all_lines_count() -> None:
    company = Company(profile(books={"final": [], "approved": []}))
    assert company.outcome(company.line(1, StatusTransaction=0, AttestStatus=0)) == CREATED


def test_a_line_of_a_project_that_is_not_linked_waits(company: Company) -> None:
    company.others += project(LOOSE)
    state, detail = company.outcome(company.line(1, ProjectNo=LOOSE))
    assert (state, "105, which is not linked yet" in detail) == ("waiting", True)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"ProjectNo": 0}, id="without project"),
        pytest.param({"GLAccountNo": 2400}, id="payables"),
        pytest.param({"GLAccountNo": 2710}, id="VAT"),
        pytest.param({"GLAccountNo": 6540}, id="between the ranges of accounts"),
        pytest.param({"VoucherTypeNo": PAYMENT}, id="another voucher type"),
        pytest.param({"VoucherDate": OLD}, id="dated before the cut-off"),
    ],
)
def test_what_is_no_cost_of_a_project_is_not_read(company: Company, other: Any) -> None:
    company.line(1, **other)
    assert company.read() == set()


def test_a_line_entered_before_the_cut_off_is_out_of_scope(company: Company) -> None:
    state, detail = company.outcome(company.line(1, Created=OLD))
    assert (state, detail.startswith("entered before the cut-off")) == ("out of scope", True)


def test_a_line_of_zero_is_out_of_scope(company: Company) -> None:
    assert company.outcome(company.line(1, 0.0)) == ("out of scope", "its amount is zero")


def test_a_suppliers_credit_note_becomes_a_negative_fee(company: Company) -> None:
    key = company.line(1, -250.0)
    assert company.outcome(key) == CREATED
    assert company.body(key)["unitCost"]["amount"] == -250
    assert company.body(key)["quantity"] == 1


def test_a_reversal_becomes_a_negative_fee_beside_the_first(company: Company) -> None:
    first, fee = company.transferred()
    back = company.line(2, -1000.0, VoucherID=10, CorrectedFromUniqueNo=1)
    assert [company.outcome(key)[0] for key in (first, back)] == ["unchanged", "created"]
    assert company.body(back)["unitCost"]["amount"] == -1000
    assert company.outcome(fee, "severa")[0] == "unchanged"


def test_a_correction_becomes_a_negative_and_a_new_fee(company: Company) -> None:
    company.transferred()
    back = company.line(2, -1000.0, CorrectedFromUniqueNo=1)
    new = company.line(3, 900.0)
    assert [company.outcome(key) for key in (back, new)] == [CREATED, CREATED]


def test_a_line_and_its_reversal_transfer_both_though_neither_has_yet(company: Company) -> None:
    first, back = company.line(1), company.line(2, -1000.0, CorrectedFromUniqueNo=1)
    assert [company.outcome(key) for key in (first, back)] == [CREATED, CREATED]


@pytest.mark.parametrize("old", [{"VoucherDate": OLD}, {"Created": OLD}])
def test_a_reversal_of_a_line_from_before_the_cut_off_is_out_of_scope(
    company: Company, old: Any
) -> None:
    company.line(1, **old)
    state, detail = company.outcome(company.line(2, -1000.0, CorrectedFromUniqueNo=1))
    assert (state, "takes back ledger line 1" in detail) == ("out of scope", True)


def test_a_correction_of_a_line_from_before_the_cut_off_is_out_of_scope(company: Company) -> None:
    company.line(1, VoucherDate=OLD)
    pair = [company.line(n, a, CorrectedFromUniqueNo=1) for n, a in ((2, -1000.0), (3, 900.0))]
    assert [company.outcome(key)[0] for key in pair] == ["out of scope"] * 2


def test_a_correction_dated_as_the_old_line_is_not_read(company: Company) -> None:
    for number, amount in ((1, 1000.0), (2, -1000.0), (3, 900.0)):
        company.line(number, amount, VoucherDate=OLD)
    assert company.read() == set()


def test_a_project_closed_in_severa_holds_its_costs(company: Company) -> None:
    state, detail = company.outcome(company.line(1, ProjectNo=CLOSED))
    assert (state, "Project 104 (104) is closed in Severa" in detail) == ("held", True)


def test_a_project_closed_in_global_alone_still_takes_costs(company: Company) -> None:
    ours = next(r for r in company.others if (r.side, r.key) == ("global", str(PROJECT)))
    ours.fields["closed"] = True
    assert company.outcome(company.line(1)) == CREATED


def test_a_foreign_voucher_counts_in_company_currency(company: Company) -> None:
    key = company.line(1, 1100.0, CurrencyNo=978, ExchangeAmount=100.0, ExchangeRate=11.0)
    assert company.body(key)["unitCost"] == {"amount": Decimal(1100), "currencyCode": "NOK"}


def test_the_price_is_in_the_projects_currency_by_the_rate_of_the_day() -> None:
    company = Company(profile({"percentage": 10}))
    body = company.body(company.line(1, 1234.56, ProjectNo=EURO))
    assert body["unitPrice"] == {"amount": Decimal("113.17"), "currencyCode": "EUR"}
    assert body["unitCost"] == {"amount": Decimal("1234.56"), "currencyCode": "NOK"}


def test_a_rate_stands_for_as_many_units_as_the_currency_says(company: Company) -> None:
    company.others += project(LOOSE, currency="SEK")
    company.links += [company.links[0].__class__("project", "", "105", "", "p-105", "", "", "")]
    price = company.body(company.line(1, 980.0, ProjectNo=LOOSE))["unitPrice"]
    assert price == {"amount": Decimal(1000), "currencyCode": "SEK"}


def test_a_currency_without_rate_holds(company: Company) -> None:
    company.others[5].attributes["currency"] = "CHF"
    state, detail = company.outcome(company.line(1, ProjectNo=EURO))
    assert (state, "no exchange rate for CHF on 2026-03-01" in detail) == ("held", True)


def test_a_product_that_severa_does_not_have_holds_and_is_listed() -> None:
    company = Company(profile({"product": "Innkjøp"}))
    state, detail = company.outcome(company.line(1))
    assert (state, "no active product Innkjøp" in detail) == ("held", True)
    assert company.findings("product_unknown") == [""]


def test_a_phase_that_the_project_does_not_have_holds() -> None:
    company = Company(profile({"phase": "Innkjøp"}))
    state, detail = company.outcome(company.line(1))
    assert (state, "has no phase" in detail) == ("held", True)


# --- lines that are transferred ------------------------------------------------------------------


def test_a_line_moved_to_another_project_is_drift_and_listed(company: Company) -> None:
    key, _ = company.transferred()
    company.edit(1, ProjectNo=OTHER)
    state, detail = company.outcome(key)
    assert state == "drift"
    assert detail.startswith("Project was changed in Visma Global, but it was transferred already")
    assert company.findings("changed_after_transfer") == [key]


@pytest.mark.parametrize("change", [{"ProjectNo": 0}, {"ProjectNo": LOOSE}])
def test_a_line_whose_project_was_taken_away_is_drift(company: Company, change: Any) -> None:
    key, _ = company.transferred()
    company.edit(1, **change)
    assert company.outcome(key)[0] == "drift"
    assert company.findings("changed_after_transfer") == [key]


def test_a_changed_amount_is_drift_and_listed(company: Company) -> None:
    key, _ = company.transferred()
    company.edit(1, Amount=1500.0)
    state, detail = company.outcome(key)
    assert (state, detail.startswith("Cost was changed in Visma Global")) == ("drift", True)
    assert company.findings("changed_after_transfer") == [key]
    assert company.planned().operations == ()


def test_a_changed_date_is_drift(company: Company) -> None:
    key, _ = company.transferred()
    company.edit(1, VoucherDate=datetime(2026, 4, 1))
    assert company.outcome(key)[0] == "drift"


def test_a_changed_text_changes_nothing(company: Company) -> None:
    key, _ = company.transferred()
    company.edit(1, Description="Rettet tekst")
    assert company.outcome(key)[0] == "unchanged"


@pytest.mark.parametrize("status", [{"StatusTransaction": 0}, {"AttestStatus": 1}])
def test_a_line_unapproved_after_transfer_is_drift(company: Company, status: Any) -> None:
    key, _ = company.transferred()
    company.edit(1, **status)
    state, detail = company.outcome(key)
    assert (state, detail.startswith("Final and approved was changed")) == ("drift", True)


def test_a_line_moved_to_another_account_stays_linked(company: Company) -> None:
    key, _ = company.transferred()
    company.edit(1, GLAccountNo=1200)
    assert company.outcome(key)[0] == "unchanged"


def test_a_line_deleted_after_transfer_has_vanished_after_two_full_reads(company: Company) -> None:
    _, fee = company.transferred()
    company.delete(1)
    assert company.outcome(fee, "severa")[0] == "waiting"
    absent = {(NAME, "global", "1"): 2}
    assert company.outcome(fee, "severa", absent=absent)[0] == "vanished"


def test_a_fee_deleted_in_severa_has_vanished_and_is_never_made_again(company: Company) -> None:
    key, fee = company.transferred()
    company.fees.clear()
    assert company.outcome(key)[0] == "waiting"
    assert company.outcome(key, absent={(NAME, "severa", "1"): 2})[0] == "vanished"
    assert company.planned().operations == ()


@pytest.mark.parametrize(
    ("edit", "title"),
    [
        ({"unitCost": {"amount": 5.0, "currencyCode": "NOK"}}, "Cost"),
        ({"quantity": 2}, "Cost"),
        ({"project": {"guid": f"p-{OTHER}"}}, "Project"),
        ({"eventDate": "2025-06-01"}, "Date"),
    ],
)
def test_a_fee_edited_in_severa_is_drift(company: Company, edit: Any, title: str) -> None:
    key, fee = company.transferred()
    company.fees[0] |= edit
    state, detail = company.outcome(fee, "severa")
    assert (state, detail.startswith(f"{title} was changed in Severa")) == ("drift", True)
    assert company.planned().operations == ()


@pytest.mark.parametrize(
    "edit",
    [
        {"name": "Bedre tekst"},
        {"unitPrice": {"amount": 1.0, "currencyCode": "NOK"}},
        {"isBillable": True},
        {"description": "Ny tekst uten linje"},
        {"invoice": {"guid": "i-1"}},
    ],
)
def test_what_people_may_change_of_a_fee_changes_nothing(company: Company, edit: Any) -> None:
    _, fee = company.transferred()
    company.fees[0] |= edit
    assert company.outcome(fee, "severa")[0] == "unchanged"


def test_a_reversal_of_an_invoiced_fee_is_made_and_listed(company: Company) -> None:
    company.transferred()
    company.fees[0]["invoice"] = {"guid": "i-1"}
    back = company.line(2, -1000.0, CorrectedFromUniqueNo=1)
    assert company.outcome(back) == CREATED
    company.delete(2)
    key, _ = company.transferred(2, -1000.0, CorrectedFromUniqueNo=1)
    assert company.findings("reversed_after_invoicing") == [key]


def test_a_later_cut_off_leaves_line_and_fee_out_of_sight(company: Company) -> None:
    company.transferred()
    company.settings = profile(costs_from=date(2027, 1, 1))
    assert company.planned().outcomes == ()


def test_a_reversal_after_a_later_cut_off_follows_the_line_that_was_transferred(
    company: Company,
) -> None:
    company.transferred()
    company.settings = profile(costs_from=date(2027, 1, 1))
    later = {"VoucherDate": datetime(2027, 2, 1), "Created": datetime(2027, 2, 1)}
    assert company.outcome(company.line(2, -1000.0, CorrectedFromUniqueNo=1, **later)) == CREATED


# --- how the two find each other ------------------------------------------------------------------


def test_peoples_own_fees_are_no_records(company: Company) -> None:
    company.fee("own")
    assert company.planned().outcomes == ()


def test_a_fee_that_names_the_line_is_linked_not_made_again(company: Company) -> None:
    key, fee = company.line(1), company.fee("f-1", 1)
    assert company.outcome(key)[0] == company.outcome(fee, "severa")[0] == "linked"


def test_a_fee_that_the_line_names_is_linked_whatever_it_says(company: Company) -> None:
    fee = company.fee("older")
    assert company.outcome(company.line(1, SeveraGUID="older"))[0] == "linked"
    assert company.outcome(fee, "severa")[0] == "linked"


def test_a_fee_that_the_line_names_by_a_guid_of_the_older_api_is_linked(company: Company) -> None:
    """An earlier integration left such guids; told to clear them, a person would get a second
    fee."""
    company.converted = {"old": "older"}
    fee = company.fee("older")
    assert company.outcome(company.line(1, SeveraGUID="old"))[0] == "linked"
    assert company.outcome(fee, "severa")[0] == "linked"


def test_two_fees_that_name_one_line_hold_it(company: Company) -> None:
    company.fee("f-1", 1)
    company.fee("f-2", 1)
    state, detail = company.outcome(company.line(1))
    assert (state, "decide it" in detail) == ("held", True)


def test_a_fee_copied_by_hand_is_out_of_scope_and_listed(company: Company) -> None:
    company.transferred()
    copied = company.fee("copy", 1)
    assert company.outcome(copied, "severa")[0] == "out of scope"
    assert set(company.findings("ledger_line_twice")) == {"copy", "f-1"}


def test_two_lines_with_one_guid_are_held(company: Company) -> None:
    company.fee("f-1", 1)
    pair = [company.line(number, SeveraGUID="f-1") for number in (1, 2)]
    assert {company.outcome(key)[0] for key in pair} == {"held"}


def test_a_guid_that_leads_to_no_fee_holds(company: Company) -> None:
    state, detail = company.outcome(company.line(1, SeveraGUID="gone"))
    assert (state, "points to nothing in Severa" in detail) == ("held", True)


def test_a_fee_of_another_companys_project_is_not_ours(company: Company) -> None:
    for record in company.others:
        if record.key == f"p-{OTHER}":
            record.attributes["ours"] = False
    company.fee("theirs", 1, project={"guid": f"p-{OTHER}"})
    assert company.outcome(company.line(1)) == CREATED


def test_a_link_that_the_row_lost_is_written_into_it_again(company: Company) -> None:
    company.transferred()
    company.edit(1, SeveraGUID="")
    assert [op.kind for op in company.planned().operations] == ["link"]


def test_without_mark_the_link_stays_in_the_store_alone() -> None:
    company = Company(profile({"mark": False}))
    company.line(1)
    assert [op.kind for op in company.planned().operations] == ["create"]
    company.transferred(2)
    company.edit(2, SeveraGUID="")
    assert [op.key for op in company.planned().operations] == ["1"]
