"""`recon sandbox act …` for documents: each says in one line what was done, and its numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recon.sandbox import acts_global, acts_severa, severa_server, world
from tests.conftest import Ran
from tests.sandbox.orders import copies_of, head_of, ledger_of, order

pytestmark = pytest.mark.slow

Recon = Callable[..., Ran]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = tmp_path_factory.mktemp("acts") / "company"
    world.create(made, 12, 7)
    yield made
    severa_server.release(made)


def act(recon: Recon, folder: Path, *words: str) -> str:
    ran = recon("sandbox", "act", *words, "--dir", str(folder))
    assert ran.code == 0, ran.err
    return ran.err.strip().splitlines()[-1]


def number(said: str) -> int:
    """The last number in a line."""
    return int(re.findall(r"\d+", said)[-1])


def test_an_order_is_invoiced_paid_and_credited(recon: Recon, folder: Path) -> None:
    with world.open_world(folder) as opened:
        order(opened, 20_001)
        invoice = number(act(recon, folder, "invoice-order", "20001", "--part", "0.5"))
        assert copies_of(opened, invoice)[0]["OrderCopyNo"] == "20001-1"
        assert "entry" in act(recon, folder, "pay", str(invoice), "--amount", "100,50")
        assert ledger_of(opened, invoice)["RestAmount"] == 6212.01
        note = number(act(recon, folder, "credit", str(invoice)))
        assert ledger_of(opened, note)["VoucherTypeNo"] == 2
        assert act(recon, folder, "nullify", "20001") == "Order 20001 is nullified"
        assert head_of(opened, "20001")["OrderStatus"] == -1


def test_a_suppliers_invoice(recon: Recon, folder: Path) -> None:
    words = ("supplier-invoice", "50001", "4500", "1234.50", "1001")
    voucher = number(act(recon, folder, *words))
    with world.open_world(folder) as opened:
        rows = acts_global.rows(opened, "GLAccountTransaction", VoucherID=voucher)
    assert [row["Amount"] for row in rows] == [1234.5, 308.63, -1543.13]
    line = str(rows[0]["UniqueNo"])
    said = act(recon, folder, "correct-line", line, "Amount=900", "ProjectNo=1002")
    back, new = (int(one) for one in re.findall(r"line (\d+)", said)[-2:])
    reversal = number(act(recon, folder, "reverse-voucher", str(voucher)))
    with world.open_world(folder) as opened:
        rows = acts_global.rows(opened, "GLAccountTransaction", VoucherID=voucher)
        turned = acts_global.rows(opened, "GLAccountTransaction", VoucherID=reversal)
    assert {row["UniqueNo"]: row["Amount"] for row in rows[-2:]} == {back: -1234.5, new: 900.0}
    assert sum(row["Amount"] for row in (*rows, *turned)) == 0


def test_an_invoice_in_severa(recon: Recon, folder: Path) -> None:
    with world.open_world(folder) as opened:
        customer = acts_severa.documents(opened, "customers")[0]["guid"]
        project = acts_severa.create_project(opened, customer, {})
        said = act(recon, folder, "draft-invoice", project, "--hours", "7.5")
        guid = re.findall(r"[0-9a-f-]{36}", said)[0]
        assert said.endswith("rows: 1")
        said = act(recon, folder, "invoice-status", guid, "Sendt")
        assert str(opened.severa.one("invoices", guid)["number"]) in said
        assert guid in act(recon, folder, "credit-note", guid)


@pytest.mark.parametrize(
    "words",
    [
        ("invoice-order", "1"),
        ("invoice-order", "1", "--part", "half"),
        ("pay", "1"),
        ("supplier-invoice", "1", "4500", "100", "1"),
        ("supplier-invoice", "50001", "4500", "much", "1"),
        ("correct-line", "99999", "Amount=1"),
        ("correct-line", "1", "Amount"),
        ("reverse-voucher", "99999"),
        ("invoice-status", "x", "Nei"),
    ],
)
def test_what_is_wrong_is_said(recon: Recon, folder: Path, words: tuple[str, ...]) -> None:
    ran = recon("sandbox", "act", *words, "--dir", str(folder))
    assert ran.code == 2
    assert "Traceback" not in ran.err
