"""A small year, with and without faults, and that its judge sees what is wrong."""

from __future__ import annotations

import ast
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from recon.sandbox import severa_server
from recon.sandbox.year import Year
from tests.year import checker, reported
from tests.year.run import differing, report, unexplained
from tests.year.story import Story

pytestmark = pytest.mark.slow
SMALL = Year(invoices=60, rows=10, costs=40, people=12, seed=3, months=3)
KILLS = 4
INDEPENDENT = ("checker.py", "costs.py", "held.py", "ledger.py", "reported.py")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    story = Story(tmp_path_factory.mktemp("year") / "plain", SMALL)
    story.tell()
    yield story


def test_every_invoice_and_cost_is_transferred_once_and_all_totals_are_equal_or_listed(plain):
    verdict = checker.judge(plain.folder)
    assert plain.told.faults + verdict.faults == []
    assert (verdict.lost, verdict.duplicates, plain.told.unknowns) == (0, 0, [])
    assert set(unexplained(verdict).values()) == {"0.00"}
    assert len(verdict.statuses) == SMALL.invoices
    assert len(verdict.costs.outcomes) >= SMALL.costs
    assert {"NOK", "SEK", "EUR", "USD"} <= {currency for _, _, currency in verdict.totals}


def test_the_report_comes_to_the_same_sums_and_leaves_nothing_unexplained(plain):
    faults, words = reported.compare(report(plain.folder), checker.judge(plain.folder))
    severa_server.release(plain.folder)
    assert (faults, words.split()[1:4]) == ([], ["sums", "of", "invoices"])


@pytest.mark.long
def test_kills_lost_answers_and_users_meanwhile_lead_to_the_same_end(plain, tmp_path):
    story = Story(tmp_path / "faults", SMALL, KILLS)
    told = story.tell()
    one, other = checker.judge(plain.folder), checker.judge(story.folder)
    assert told.faults + other.faults == []
    assert told.figures["kills"] == KILLS
    assert told.figures["lost answers of Severa"] + told.figures["lost answers of Global"] > 0
    assert (other.lost, other.duplicates, told.unknowns) == (0, 0, [])
    assert differing({"outcomes": one.outcomes}, {"outcomes": other.outcomes}) == []


# --- the judge --------------------------------------------------------------------------------


def test_the_judge_imports_nothing_of_the_product() -> None:
    for name in INDEPENDENT:
        tree = ast.parse((Path(__file__).parent / name).read_text("utf-8"))
        found = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        found |= {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        ours = {f"tests.year.{one.removesuffix('.py')}" for one in INDEPENDENT}
        assert {one for one in found if one.startswith(("recon", "tests"))} <= {*ours, "tests.year"}


def _global(statement: str, *values: Any) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "global.db")) as ours, ours:
            ours.create_collation("GLOBAL_CI_AS", lambda a, b: (a > b) - (a < b))
            assert ours.execute(statement, values).rowcount

    return do


def _severa(collection: str, change: Callable[[dict[str, Any]], Any]) -> Callable[[Path], None]:
    """Change the first document of a list for which `change` gives another one."""

    def do(folder: Path) -> None:
        query = "SELECT guid, body FROM documents WHERE collection = ? ORDER BY guid"
        with closing(sqlite3.connect(folder / "severa.db")) as theirs, theirs:
            for guid, body in theirs.execute(query, (collection,)).fetchall():
                changed = change(json.loads(body))
                if changed:
                    text = json.dumps(changed)
                    update = "UPDATE documents SET body = ? WHERE collection = ? AND guid = ?"
                    theirs.execute(update, (text, collection, guid))
                    return
        raise AssertionError("nothing was changed")

    return do


COPY = "(SELECT MIN(rowid) FROM CustomerOrderCopy WHERE SeveraGUID != '')"
LINE = "(SELECT MIN(rowid) FROM CustomerOrderLineCopy WHERE SeveraGUID != '' AND Quantity != 0)"
COST = "(SELECT MIN(rowid) FROM GLAccountTransaction WHERE SeveraGUID != '')"
TAMPERED: dict[str, tuple[Callable[[Path], None], str]] = {
    "an order is gone": (
        _global(f"UPDATE CustomerOrderCopy SET SeveraGUID = '' WHERE rowid = {COPY}"),
        "has no order",
    ),
    "an order is there twice": (
        _global(
            "UPDATE CustomerOrderCopy SET SeveraGUID = (SELECT SeveraGUID FROM CustomerOrderCopy "
            f"WHERE rowid = {COPY}) WHERE rowid = (SELECT MAX(rowid) FROM CustomerOrderCopy)"
        ),
        "several orders",
    ),
    "an order belongs to nothing": (
        _global(f"UPDATE CustomerOrderCopy SET SeveraGUID = 'no such' WHERE rowid = {COPY}"),
        "belongs to no invoice",
    ),
    "a total is another one": (
        _global(f"UPDATE CustomerOrderCopy SET TotalVAT = TotalVAT + 1 WHERE rowid = {COPY}"),
        "TotalVAT is",
    ),
    "a quantity is another one": (
        _global(f"UPDATE CustomerOrderLineCopy SET Quantity = 77777 WHERE rowid = {LINE}"),
        "ordered",
    ),
    "a line has another article": (
        _global(f"UPDATE CustomerOrderLineCopy SET ArticleNo = 'x' WHERE rowid = {LINE}"),
        "article is",
    ),
    "a text is cut": (
        _global(f"UPDATE CustomerOrderLineCopy SET Name = 'x' WHERE rowid = {LINE}"),
        "text is",
    ),
    "an order is another customer's": (
        _global(
            "UPDATE CustomerOrderCopy SET CustomerNo = 1, OrgRegOrderCustomerNo = 0 "
            f"WHERE rowid = {COPY}"
        ),
        "customer is",
    ),
    "a status is not what Global says": (
        _severa("invoices", lambda doc: doc["paymentDate"] and doc | {"paymentDate": "2020-01-01"}),
        "was paid on",
    ),
    "a fee is gone": (
        _severa(
            "projectfees",
            lambda doc: "ledger line" in (doc["description"] or "") and doc | {"description": ""},
        ),
        "has no fee",
    ),
    "a fee has another cost": (
        _severa(
            "projectfees",
            lambda doc: (
                "ledger line" in (doc["description"] or "")
                and doc | {"unitCost": {"amount": 1.0, "currencyCode": "NOK"}}
            ),
        ),
        "cost of the fee is",
    ),
    "a ledger line is not the fee's": (
        _global(f"UPDATE GLAccountTransaction SET SeveraGUID = 'other' WHERE rowid = {COST}"),
        "its guid of the fee is",
    ),
    "a line transferred that must not": (
        _global(f"UPDATE GLAccountTransaction SET GLAccountNo = 8150 WHERE rowid = {COST}"),
        "though it must not transfer",
    ),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_the_judge_sees(plain, tmp_path, case):
    tamper, words = TAMPERED[case]
    for name in ("profile.toml", "global.db", "severa.db"):
        shutil.copy(plain.folder / name, tmp_path / name)
    tamper(tmp_path)
    faults = checker.judge(tmp_path).faults
    assert [text for text in faults if words in text], faults


def test_a_status_that_went_back_is_seen() -> None:
    assert checker.back({"a": 2, "b": 1}, {"a": 1, "b": 1}) == [
        "invoice a: its status went back from step 2 to 1"
    ]


# --- the product's own totals -------------------------------------------------------------------


def test_totals_of_the_report_that_are_not_the_judges_are_told(plain):
    verdict = checker.judge(plain.folder)
    keys = sorted(verdict.totals)
    lines = [
        {"month": m, "status": s, "currency": c, **verdict.totals[m, s, c], "unexplained": "0.00"}
        for m, s, c in keys
    ]
    block = {"invoices": lines, "costs": [], "unexplained": {"NOK": "0.00"}}
    assert reported.compare({}, verdict) == ([], reported.MISSING)
    assert reported.compare({"documents": block}, verdict)[0] == []
    block["unexplained"] = {"NOK": "0.01"}
    assert reported.compare({"documents": block}, verdict)[0] == [
        "the report leaves 0.01 NOK unexplained"
    ]
    block |= {"unexplained": {}, "invoices": lines[1:]}
    assert len(reported.compare({"documents": block}, verdict)[0]) == 1
