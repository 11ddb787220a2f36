"""What the doctor says of documents: voucher types, articles, statuses, orders of users."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from recon import flow
from recon.doctor.verdict import Verdict
from recon.sandbox import acts_global, world
from tests.company import Sandbox

pytestmark = pytest.mark.slow
USER = 7


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    made = Sandbox.make(tmp_path_factory.mktemp("doctor") / "company", 20, 5)
    world.documents_on(made.profile, date(2026, 1, 1))
    yield made
    made.end()


def said(sandbox: Sandbox, name: str) -> list[Verdict]:
    with sandbox.open() as bench:
        return [v for v in flow.doctor(bench) if v.name.startswith(name)]


@pytest.mark.parametrize(
    ("old", "new", "question", "words"),
    [
        ("sales = [1]", "sales = [1, 99]", "Global: voucher types", "no voucher type 99"),
        ("payments = [3]", "payments = []", "Global: voucher types", "no invoice counts as paid"),
        ("Betalt", "Bezahlt", "Severa: invoice statuses", "no invoice status Bezahlt"),
        ("[transfer.orders.articles]\n", "[transfer.orders.articles]\nFlatRate = '0815'\n",
         "Global: articles of orders", "FlatRate: there is no article 0815"),
    ],
)  # fmt: skip
def test_a_setting_that_leads_to_nothing_is_told(
    sandbox: Sandbox, old: str, new: str, question: str, words: str
) -> None:
    before = sandbox.profile.read_text("utf-8")
    text = "\n".join(
        line for line in before.splitlines() if not ("0815" in new and "FlatRate" in line)
    )
    assert old in text
    sandbox.settings(lambda _: text.replace(old, new))
    try:
        assert any(words in v.text and v.todo for v in said(sandbox, question))
    finally:
        sandbox.settings(lambda _: before)
    assert [v.ok for v in said(sandbox, question)] == ["ok"]


def order(number: int, **more: Any) -> list[tuple[str, dict[str, Any]]]:
    """An order of one line that a user of Global made."""
    own = {"OrderNo": str(number), "OrderType": 1, "CreatedBy": USER, "SeveraGUID": ""}
    header = {"CustomerNo": 10001, "CustomerName": "K", "LanguageNo": 47, **more}
    line = {"UniqueID": number, "SeqNo": 1, "ArticleNo": "1000", "Quantity": 1, "FullCost": 3.5}
    return [("CustomerOrder", {**own, **header}), ("CustomerOrderLine", {**own, **line})]


def test_ours_are_compared_with_the_newest_orders_of_users(sandbox: Sandbox) -> None:
    (alone,) = said(sandbox, "Global: orders of users")
    assert alone.ok == "warning" and "no order that its users made" in alone.text

    def act(w: world.World) -> None:
        for n in range(5):
            for table, row in order(900_000 + n, EinvoiceYesNo=n % 2, PaymentTypeNo=n + 1):
                acts_global.create(w, table, row)

    sandbox.acts(act)
    header, lines = said(sandbox, "Global: orders of users")
    assert (header.ok, lines.ok) == ("warning", "warning")
    assert header.text == (
        "The newest 5 orders of users have, and ours would not: LanguageNo (47), PaymentTypeNo"
    )
    assert lines.text.endswith("5 lines of users have, and ours would not: FullCost")
    settings = "[transfer.orders]\nnew = { LanguageNo = 47, PaymentTypeNo = 1 }\n"
    before = sandbox.profile.read_text("utf-8")
    sandbox.settings(lambda text: text.replace("[transfer.orders]\n", settings, 1))
    assert [v.ok for v in said(sandbox, "Global: orders of users")] == ["ok", "warning"]
    sandbox.settings(lambda _: before)
