"""What users of Global do with orders, invoices, payments and costs: each leaves what it would."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest

from recon.errors import Usage
from recon.sandbox import acts_global, acts_ledger, severa_server, world
from recon.sandbox.world import World
from tests.sandbox.orders import (
    EUR,
    Line,
    copies_of,
    entry,
    head_of,
    ledger_of,
    lines_of,
    order,
)

pytestmark = pytest.mark.slow

NUMBERS = count(20_101)
GROSS = 12_625.01  # 10,000 + 100.01, and 25 %


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("ledger") / "company"
    with world.open_world(world.create(folder, 12, 7)) as opened:
        yield opened
    severa_server.release(folder)


@pytest.fixture
def new(shared: World) -> str:
    """A new order of 10,100.01 net."""
    return order(shared, next(NUMBERS))


def test_the_profile_tells_how_the_company_books(shared: World) -> None:
    books, transfer = shared.profile.global_.books, shared.profile.transfer
    types = {row["VoucherTypeNo"] for row in acts_global.rows(shared, "VoucherType")}
    assert {*books.sales, *books.credits, *books.payments} <= types
    articles = {row["ArticleNo"]: row for row in acts_global.rows(shared, "Article")}
    found = [articles[number] for number in transfer.orders.articles.values()]
    assert len(found) == 4 and all(row["NonStockItemYesNo"] for row in found)
    statuses = {one["guid"]: one["name"] for one in shared.severa.all("invoicestatuses")}
    assert [statuses[guid] for guid in transfer.orders.take] == ["Klar til fakturering"]
    assert {transfer.orders.taken, transfer.orders.sent, transfer.orders.paid} <= set(
        statuses.values()
    )
    assert transfer.invoices_from is None


def test_an_export_customer_has_a_tax_class_without_vat(shared: World) -> None:
    (profile,) = acts_global.rows(shared, "CustomerProfile", CustomerProfileNo=2)
    rates = acts_global.rows(shared, "TaxRate", TaxClassNo=profile["TaxClassNo"])
    assert profile["TaxClassNo"] and [rate["OutputVATPer"] for rate in rates] == [0.0]
    (reverse,) = acts_global.rows(shared, "CustomerProfile", CustomerProfileNo=4)
    assert reverse["CustomerPaysMyOutgoingVatYesNo"] == 1


def test_costs_on_sets_the_cut_off_date_of_costs_alone(tmp_path: Path) -> None:
    path = world.create(tmp_path / "costs", 3, 7)
    world.costs_on(path, date(2025, 11, 1))
    with world.open_world(path) as opened:
        transfer, books = opened.profile.transfer, opened.profile.global_.books
    assert (transfer.costs_from, transfer.invoices_from) == (date(2025, 11, 1), None)
    assert transfer.costs.billable and transfer.costs.accounts[6800].billable is False
    types = acts_global.rows(opened, "VoucherType", VoucherTypeNo=books.suppliers[0])
    assert [row["Name"] for row in types] == ["Inngående faktura"]


def test_documents_on_sets_the_cut_off_date(shared: World, tmp_path: Path) -> None:
    path = world.create(tmp_path / "other", 3, 7)
    world.documents_on(path, date(2025, 11, 1))
    with world.open_world(path) as opened:
        transfer = opened.profile.transfer
    assert transfer.invoices_from == date(2025, 11, 1)
    assert transfer.orders == shared.profile.transfer.orders.model_copy(
        update={"take": transfer.orders.take}
    )


def test_an_invoiced_order_moves_with_its_guids(shared: World, new: str) -> None:
    guids = {line["SeveraGUID"] for line in lines_of(shared, new)}
    before = head_of(shared, new)
    number = acts_ledger.invoice_order(shared, new, day=date(2025, 11, 5))
    assert acts_global.rows(shared, "CustomerOrder", OrderNo=new) == []
    assert lines_of(shared, new) == []
    (copy,) = copies_of(shared, number)
    assert (copy["OrderCopyNo"], copy["OrderStatus"]) == (new, 1000)
    assert (copy["SeveraGUID"], copy["TotalGross"]) == (before["SeveraGUID"], GROSS)
    assert copy["InvoiceDate"] == datetime(2025, 11, 5)
    assert copy["DueDate"] == datetime(2025, 11, 19)
    lines = acts_global.rows(shared, "CustomerOrderLineCopy", OrderCopyNo=new)
    assert {line["SeveraGUID"] for line in lines} == guids
    assert [line["VATAmount"] for line in lines] == [2500.0, 25.0, 0.0]


def test_an_invoice_stands_in_the_customers_ledger(shared: World, new: str) -> None:
    numbers = acts_global.rows(shared, "LastNumbers")[0]["LastInvoiceNo"]
    number = acts_ledger.invoice_order(shared, new)
    assert number == numbers + 1
    row = ledger_of(shared, number)
    assert (row["VoucherNo"], row["VoucherTypeNo"]) == (number, 1)
    assert (row["Amount"], row["RestAmount"], row["ExchangeAmount"]) == (GROSS,) * 3
    assert row["Kid"].startswith(str(number)) and len(row["Kid"]) == len(str(number)) + 1
    assert acts_global.rows(shared, "Voucher", VoucherID=row["VoucherID"])


def test_an_order_in_euro_is_booked_in_both_currencies(shared: World) -> None:
    number = acts_ledger.invoice_order(
        shared, order(shared, next(NUMBERS), [Line("2", "100.10")], EUR, "11.7")
    )
    row = ledger_of(shared, number)
    assert (row["ExchangeAmount"], row["CurrencyNo"]) == (250.25, EUR)
    # 200.20 × 11.7 = 2,342.34, and 585.585 of VAT.
    assert row["Amount"] == 2927.93


def test_a_part_leaves_the_rest_and_both_add_up(shared: World, new: str) -> None:
    before = head_of(shared, new)
    first = acts_ledger.invoice_order(shared, new, Decimal("0.5"))
    rest = head_of(shared, new)
    (copy,) = copies_of(shared, first)
    assert copy["OrderCopyNo"] == f"{new}-1"
    assert copy["SeveraGUID"] == rest["SeveraGUID"] == before["SeveraGUID"]
    assert [line["Quantity"] for line in lines_of(shared, new)] == [5.0, 1.5, 0.0]
    second = acts_ledger.invoice_order(shared, new)
    (last,) = copies_of(shared, second)
    assert last["OrderCopyNo"] == f"{new}-2"
    for name in ("TotalAmount", "TotalVAT", "TotalGross", "ExchangeAmount"):
        assert round(copy[name] + last[name], 2) == before[name]


@pytest.mark.parametrize("part", ["0", "1", "-0.5"])
def test_a_part_is_between_nothing_and_all(shared: World, new: str, part: str) -> None:
    with pytest.raises(Usage, match="part"):
        acts_ledger.invoice_order(shared, new, Decimal(part))


def test_an_edited_line_changes_the_totals(shared: World, new: str) -> None:
    acts_ledger.edit_line(shared, new, 1, quantity=Decimal(9))
    acts_ledger.edit_line(shared, new, 2, price=Decimal(50))
    head = head_of(shared, new)
    assert [head[n] for n in ("TotalAmount", "TotalVAT", "TotalGross")] == [9150, 2287.5, 11437.5]
    assert [line["Amount"] for line in lines_of(shared, new)] == [9000, 150, 0]
    with pytest.raises(Usage, match="no line 9"):
        acts_ledger.edit_line(shared, new, 9, quantity=Decimal(1))


def test_a_fee_is_on_the_invoice(shared: World, new: str) -> None:
    acts_ledger.add_fee(shared, new, Decimal(100))
    head = head_of(shared, new)
    assert (head["InvoiceFee"], head["TotalAmount"], head["TotalVAT"]) == (100, 10200.01, 2550)
    row = ledger_of(shared, acts_ledger.invoice_order(shared, new))
    assert row["Amount"] == row["ExchangeAmount"] == 12750.01


def test_a_collective_invoice_has_one_number_and_one_entry(shared: World, new: str) -> None:
    other = order(shared, next(NUMBERS))
    number = acts_ledger.collect(shared, [new, other])
    copies = copies_of(shared, number)
    assert [copy["OrderCopyNo"] for copy in copies] == [new, other]
    assert {copy["CommonInvoiceID"] for copy in copies} == {number}
    assert ledger_of(shared, number)["Amount"] == GROSS * 2
    foreign = order(shared, next(NUMBERS), currency=EUR)
    with pytest.raises(Usage, match="several"):
        acts_ledger.collect(shared, [order(shared, next(NUMBERS)), foreign])


def test_payments_close_an_invoice(shared: World, new: str) -> None:
    number = acts_ledger.invoice_order(shared, new)
    first = entry(shared, acts_ledger.pay(shared, number, Decimal("625.01"), date(2025, 12, 1)))
    row = ledger_of(shared, number)
    assert (row["RestAmount"], first["Amount"], first["RestAmount"]) == (12000, -625.01, 0)
    assert row["ContraEntryNo"] == first["ContraEntryNo"] != 0
    assert (first["VoucherTypeNo"], first["VoucherDate"]) == (3, datetime(2025, 12, 1))
    second = entry(shared, acts_ledger.pay(shared, number))
    assert ledger_of(shared, number)["RestAmount"] == 0
    assert (second["Amount"], second["ContraEntryNo"]) == (-12000, row["ContraEntryNo"])


def test_what_is_paid_too_much_stays_open_on_the_payment(shared: World, new: str) -> None:
    number = acts_ledger.invoice_order(shared, new)
    paid = entry(shared, acts_ledger.pay(shared, number, Decimal(13_000)))
    assert (ledger_of(shared, number)["RestAmount"], paid["RestAmount"]) == (0, -374.99)


def test_a_credited_invoice_is_settled_by_its_note(shared: World, new: str) -> None:
    number = acts_ledger.invoice_order(shared, new)
    note = acts_ledger.credit(shared, number)
    row, back = ledger_of(shared, number), ledger_of(shared, note)
    assert (back["VoucherTypeNo"], back["Amount"], back["ExchangeAmount"]) == (2, -GROSS, -GROSS)
    assert (row["RestAmount"], back["RestAmount"]) == (0, 0)
    assert row["ContraEntryNo"] == back["ContraEntryNo"] != 0
    (copy,) = copies_of(shared, note)
    assert (copy["TotalGross"], copy["OrderType"], copy["SeveraGUID"]) == (-GROSS, 2, "")
    lines = acts_global.rows(shared, "CustomerOrderLineCopy", InvoiceNo=note)
    assert [line["Quantity"] for line in lines] == [-10, -3, 0]


def test_a_credit_of_a_paid_invoice_stays_open(shared: World, new: str) -> None:
    number = acts_ledger.invoice_order(shared, new)
    acts_ledger.pay(shared, number)
    note = acts_ledger.credit(shared, number)
    assert ledger_of(shared, note)["RestAmount"] == -GROSS


def test_a_loss_is_no_payment(shared: World, new: str) -> None:
    number = acts_ledger.invoice_order(shared, new)
    loss = entry(shared, acts_ledger.write_off(shared, number))
    books = shared.profile.global_.books
    assert ledger_of(shared, number)["RestAmount"] == 0
    assert loss["VoucherTypeNo"] not in [*books.payments, *books.credits, *books.sales]


def test_a_payment_can_be_undone(shared: World, new: str) -> None:
    number = acts_ledger.invoice_order(shared, new)
    with pytest.raises(Usage, match="no payment"):
        acts_ledger.reopen(shared, number)
    paid = acts_ledger.pay(shared, number)
    acts_ledger.reopen(shared, number)
    row, payment = ledger_of(shared, number), entry(shared, paid)
    assert (row["RestAmount"], row["ContraEntryNo"]) == (GROSS, 0)
    assert (payment["RestAmount"], payment["ContraEntryNo"]) == (-GROSS, 0)


def test_a_nullified_order_stays_and_a_deleted_one_goes(shared: World, new: str) -> None:
    acts_ledger.nullify(shared, new)
    assert head_of(shared, new)["OrderStatus"] == -1
    with pytest.raises(Usage, match="no open order"):
        acts_ledger.invoice_order(shared, new)
    acts_ledger.delete_order(shared, new)
    assert acts_global.rows(shared, "CustomerOrder", OrderNo=new) == []
    assert lines_of(shared, new) == []


def test_what_is_not_there_is_said(shared: World) -> None:
    with pytest.raises(Usage, match="no open order 1"):
        acts_ledger.invoice_order(shared, "1")
    with pytest.raises(Usage, match="no invoice 1"):
        acts_ledger.pay(shared, 1)
    with pytest.raises(Usage, match="no supplier 1"):
        acts_ledger.supplier_invoice(shared, acts_ledger.Bought(1, []))


# --- suppliers ----------------------------------------------------------------------------------


@pytest.fixture
def voucher(shared: World) -> int:
    """A supplier's invoice of two lines, 1,500.50 net."""
    lines = [
        acts_ledger.Cost(4500, Decimal("1000.50"), 1001, 100, "Timer uke 44"),
        acts_ledger.Cost(6800, Decimal(500), 0, 0, "Papir"),
    ]
    day = date(2025, 11, 4)
    return acts_ledger.supplier_invoice(
        shared, acts_ledger.Bought(50_001, lines, day=day, number="INV-77")
    )


def test_a_suppliers_invoice_is_one_voucher(shared: World, voucher: int) -> None:
    rows = acts_global.rows(shared, "GLAccountTransaction", VoucherID=voucher)
    amounts = [(row["GLAccountNo"], row["Amount"]) for row in rows]
    # 25 % of 1,500.50 is 375.125.
    assert amounts == [(4500, 1000.5), (6800, 500), (2710, 375.13), (2400, -1875.63)]
    assert (rows[0]["ProjectNo"], rows[0]["DepNo"]) == (1001, 100)
    assert (rows[0]["Description"], rows[0]["SupplierNo"]) == ("Timer uke 44", 50_001)
    assert {row["AttestStatus"] for row in rows} == {2}
    assert {row["VoucherDate"] for row in rows} == {datetime(2025, 11, 4)}
    (owed,) = acts_global.rows(shared, "CredLTransaction", VoucherID=voucher)
    assert (owed["SuppliersInvoiceNo"], owed["Amount"]) == ("INV-77", -1875.63)
    (head,) = acts_global.rows(shared, "Voucher", VoucherID=voucher)
    assert (head["TotalAmount"], head["VatAmount"]) == (1875.63, 375.13)
    keys = ("VoucherNo", "VoucherTypeNo", "AccountingYear")
    assert [owed[key] for key in keys] == [rows[0][key] for key in keys]


def test_a_correction_takes_back_and_books_anew(shared: World, voucher: int) -> None:
    old = acts_global.rows(shared, "GLAccountTransaction", VoucherID=voucher)[0]
    acts_global.set_guid(shared, "GLAccountTransaction", old["UniqueNo"], "g")
    values = {"Amount": Decimal(900), "ProjectNo": 1002}
    numbers = acts_ledger.correct(shared, old["UniqueNo"], values)
    back, again = (
        acts_global.rows(shared, "GLAccountTransaction", UniqueNo=number)[0] for number in numbers
    )
    assert (back["Amount"], back["CorrectedFromUniqueNo"]) == (-1000.5, old["UniqueNo"])
    assert (again["Amount"], again["ProjectNo"], again["CorrectedFromUniqueNo"]) == (900, 1002, 0)
    assert (back["SeveraGUID"], again["SeveraGUID"]) == ("", "")


def test_a_voucher_can_be_reversed(shared: World, voucher: int) -> None:
    other = acts_ledger.reverse(shared, voucher)
    old = acts_global.rows(shared, "GLAccountTransaction", VoucherID=voucher)
    new = acts_global.rows(shared, "GLAccountTransaction", VoucherID=other)
    assert [row["Amount"] for row in new] == [-row["Amount"] for row in old]
    assert [row["CorrectedFromUniqueNo"] for row in new] == [row["UniqueNo"] for row in old]
    (owed,) = acts_global.rows(shared, "CredLTransaction", VoucherID=other)
    assert (owed["RestAmount"], owed["Amount"]) == (0, 1875.63)
