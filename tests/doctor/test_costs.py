"""What the doctor says of supplier costs, and the rights that they take."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from recon import flow
from recon.doctor import grants
from recon.doctor.grants import Use
from recon.sandbox import acts_global, ledger_suppliers, world
from recon.sandbox.ledger_suppliers import Bought, Cost
from recon.settings import Profile, load
from tests.company import Sandbox
from tests.doctor.test_grants import SCHEMA, joined, less
from tests.doctor.watched import Watched

LEDGER = "GLAccountTransaction"
BOOKS = {"suppliers": [4], "cost_accounts": [[4000, 7999]]}


def rights(**costs: Any) -> tuple[Use, Use]:
    profile = Profile.model_validate({
        "company": {"name": "P"}, "global": {"books": BOOKS}, "severa": {},
        "transfer": {"costs_from": "2026-01-01", "costs": costs},
    })  # fmt: skip
    return grants.reading(profile), grants.writing(profile)


def test_the_ledger_gets_a_guid_and_nothing_else() -> None:
    reads, writes = rights()
    assert {LEDGER, "CredLTransaction", "Supplier", "CurrencyRate"} <= set(reads.reads)
    assert writes.sets[LEDGER] == {"SeveraGUID"}
    assert not {LEDGER, "CredLTransaction", "Supplier"} & writes.inserts


def test_without_mark_nothing_is_written_into_it() -> None:
    assert LEDGER not in rights(mark=False)[1].written


def test_without_costs_the_ledger_is_not_read() -> None:
    plain = Profile.model_validate({"company": {"name": "P"}, "global": {}, "severa": {}})
    assert not {LEDGER, "CredLTransaction", "CurrencyRate"} & set(grants.reading(plain).reads)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    made = Sandbox.make(tmp_path_factory.mktemp("doctor") / "company", 12, 5)
    made.onboard()
    world.costs_on(made.profile, date(2026, 1, 1))
    yield made
    made.end()


@pytest.mark.slow
def test_a_run_reads_and_writes_what_it_may(sandbox: Sandbox) -> None:
    projects = sandbox.acts(lambda w: acts_global.rows(w, "Project", InActiveYesNo=0))
    number = next(row["ProjectNo"] for row in projects if row["SeveraGUID"])
    lines = [Cost(4500, Decimal(90), number)]
    sandbox.acts(lambda w: ledger_suppliers.supplier_invoice(w, Bought(50_001, lines)))
    seen = Watched(SCHEMA)
    with sandbox.open(full=True) as bench:
        seen.on(bench.visma_global.engine)
        facts = flow.sync(bench)
    assert [s for op, s, _ in facts.operations if op.entity == "supplier_cost"] == ["done"] * 2
    reads, writes = (use(load(sandbox.profile)) for use in (grants.reading, grants.writing))
    assert less(seen.reads, joined(reads.reads, writes.reads)) == set()
    assert less(seen.sets, writes.sets) == set()
    assert seen.inserts - writes.inserts == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("suppliers = [4]", "suppliers = [4, 99]", "no voucher type 99"),
        ("[[4000, 7999]]", "[[4000, 7999], [9100, 9200]]", "no account lies in 9100 to 9200"),
    ],
)
def test_a_setting_that_leads_to_nothing_is_told(
    sandbox: Sandbox, old: str, new: str, words: str
) -> None:
    def said() -> list[Any]:
        with sandbox.open() as bench:
            return [v for v in flow.doctor(bench) if v.name == "Global: vouchers of suppliers"]

    assert [v.ok for v in said()] == ["ok"]
    sandbox.settings(lambda text: text.replace(old, new))
    (verdict,) = said()
    sandbox.settings(lambda text: text.replace(new, old))
    assert words in verdict.text and verdict.todo
