"""What users of Severa do for invoices, and what the sandbox's Severa makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from recon.errors import Refused, Usage
from recon.sandbox import acts_invoices, acts_severa, severa_server, world
from recon.sandbox.acts_invoices import Entry
from recon.sandbox.company_plain import LINKED, Counts
from recon.sandbox.world import World

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("invoices") / "company"
    with world.open_world(world.create_plain(folder, Counts(40, 40, 5, 100), LINKED, 7)) as opened:
        yield opened
    severa_server.release(folder)


def customer_from(opened: World, *, home: bool) -> str:
    known = acts_severa.documents(opened, "customers")
    return str(next(one["guid"] for one in known if (one["invoicingVat"] is None) == home))


@pytest.fixture
def project(shared: World) -> str:
    """A new project of a customer at home, in kroner."""
    return acts_severa.create_project(shared, customer_from(shared, home=True), {})


def totals(invoice: dict[str, Any]) -> list[float]:
    names = ("totalExcludingTax", "totalTax", "totalIncludingTax")
    return [invoice[name]["amount"] for name in names]


def test_an_invoice_of_all_types_of_rows(shared: World, project: str) -> None:
    acts_invoices.register_hours(shared, project, Entry(Decimal("7.5"), Decimal("1000.125")))
    acts_invoices.register_fee(shared, project, Entry(Decimal(3), Decimal("33.335")))
    acts_invoices.register_expense(shared, project, Entry(Decimal(10), Decimal("3.5")))
    acts_invoices.agree_flat_rate(shared, project, Decimal(5000))
    guid = acts_invoices.draft_invoice(shared, project, "2026-01-05")
    rows = acts_invoices.rows_of(shared, guid)
    kinds = [(row["rowType"], row["vatRate"]) for row in rows]
    assert kinds == [("Hours", 25), ("ProjectFees", 25), ("TravelExpenses", 12), ("FlatRate", 25)]
    assert [len(row["code"]) for row in rows] == [1, 1, 1, 0]
    # 7,500.94 + 100.01 + 35.00 + 5,000.00; 25 % of all but the 35.00, which has 12 %.
    invoice = shared.severa.one("invoices", guid)
    assert totals(invoice) == [12635.95, 3154.44, 15790.39]
    assert invoice["flatRatesTotalExcludingTax"]["amount"] == 5000
    assert (invoice["date"], invoice["isCreditNote"]) == ("2026-01-05", False)
    with pytest.raises(Refused, match="on an invoice"):
        source = shared.severa.call("GET", f"/v1/invoices/{guid}/workhours")[0]["guid"]
        acts_severa.edit(shared, "workhours", source, {"quantity": 1})


def test_a_flat_rate_is_invoiced_once(shared: World, project: str) -> None:
    acts_invoices.agree_flat_rate(shared, project, Decimal(5000))
    first = acts_invoices.draft_invoice(shared, project)
    second = acts_invoices.draft_invoice(shared, project)
    assert [len(acts_invoices.rows_of(shared, guid)) for guid in (first, second)] == [1, 0]
    acts_severa.vanish(shared, "invoices", first)
    third = acts_invoices.draft_invoice(shared, project)
    assert len(acts_invoices.rows_of(shared, third)) == 1


def test_a_customer_abroad_is_charged_no_vat(shared: World) -> None:
    project = acts_severa.create_project(shared, customer_from(shared, home=False), {})
    acts_invoices.register_hours(shared, project)
    guid = acts_invoices.draft_invoice(shared, project)
    assert totals(shared.severa.one("invoices", guid))[1] == 0


def test_a_project_is_sold_in_its_currency_and_at_its_rate(shared: World, project: str) -> None:
    acts_invoices.set_currency(shared, project, "EUR")
    acts_invoices.register_hours(shared, project, Entry(price=Decimal("99.9")))
    invoice = shared.severa.one("invoices", acts_invoices.draft_invoice(shared, project))
    assert (invoice["currency"]["code"], invoice["currencyRate"]) == ("EUR", 11.7)
    assert invoice["totalExcludingTax"] == {
        "amount": 99.9, "currencyCode": "EUR", "multiCurrencyInfo": None
    } | {"multiCurrencyInfo": invoice["totalExcludingTax"]["multiCurrencyInfo"]}  # fmt: skip
    with pytest.raises(Usage, match="a currency XYZ"):
        acts_invoices.set_currency(shared, project, "XYZ")


def test_statuses_by_name_by_guid_and_as_the_profile_says(shared: World, project: str) -> None:
    acts_invoices.register_hours(shared, project)
    guid = acts_invoices.draft_invoice(shared, project)
    assert acts_invoices.release(shared, guid) == "Klar til fakturering"
    assert shared.severa.one("invoices", guid)["number"] is None
    row = acts_invoices.rows_of(shared, guid)[0]["guid"]
    acts_invoices.edit_row(shared, row, {"quantity": 2})
    assert totals(shared.severa.one("invoices", guid))[0] == 2000
    assert acts_invoices.set_status(shared, guid, "sendt") == "Sendt"
    assert shared.severa.one("invoices", guid)["number"]
    with pytest.raises(Refused, match="read-only"):
        acts_invoices.edit_row(shared, row, {"quantity": 3})
    with pytest.raises(Usage, match="status 'Nei'"):
        acts_invoices.set_status(shared, guid, "Nei")


def test_a_credit_note_takes_an_invoice_back(shared: World, project: str) -> None:
    acts_invoices.register_fee(shared, project, Entry(Decimal(3), Decimal("33.335")))
    guid = acts_invoices.draft_invoice(shared, project)
    acts_invoices.set_status(shared, guid, "Sendt")
    note = shared.severa.one("invoices", acts_invoices.credit(shared, guid))
    assert totals(note) == [-100.01, -25.0, -125.01]
    assert (note["isCreditNote"], note["number"]) == (True, None)
    assert note["status"]["name"] == "Kladd"
    assert note["reimburseInvoice"]["guid"] == guid
    assert shared.severa.one("invoices", guid)["creditNoteInvoice"]["guid"] == note["guid"]
    (row,) = acts_invoices.rows_of(shared, note["guid"])
    assert row["quantity"] == -3
    for one in (guid, note["guid"]):
        with pytest.raises(Refused, match="credited already"):
            acts_invoices.credit(shared, one)
    acts_severa.vanish(shared, "invoices", note["guid"])
    assert shared.severa.one("invoices", guid)["creditNoteInvoice"] is None


def test_an_invoice_of_several_projects(shared: World, project: str) -> None:
    other = acts_severa.create_project(shared, customer_from(shared, home=True), {})
    for guid in (project, other):
        acts_invoices.register_hours(shared, guid)
    invoice = shared.severa.one("invoices", acts_invoices.draft_invoice(shared, [project, other]))
    assert {one["guid"] for one in invoice["projects"]} == {project, other}
    assert totals(invoice)[0] == 2000


def test_an_invoice_of_many_rows_with_long_texts(shared: World, project: str) -> None:
    acts_invoices.register_many(shared, project, 40)
    rows = acts_invoices.rows_of(shared, acts_invoices.draft_invoice(shared, project))
    assert len(rows) == 40 == len({row["description"] for row in rows})
    assert min(len(row["description"]) for row in rows) > 120


def test_severa_stayed_within_its_contract(shared: World) -> None:
    log = shared.severa._door.get("/log").json()
    assert [v for v in log["violations"] if v["kind"] != "request"] == []
