"""Counts, filters and duplicates on a whole company: command line, workbook, and rule 6."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest

from recon import flow
from recon.settings import load
from tests.company import Sandbox
from tests.conftest import Ran
from tests.test_cli import SCHEMA

pytestmark = pytest.mark.slow
Recon = Callable[..., Ran]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    sandbox = Sandbox.make(tmp_path_factory.mktemp("before"), 60)
    yield sandbox
    sandbox.end()


def told(ran: Ran) -> dict[str, Any]:
    found: dict[str, Any] = ran.document
    jsonschema.validate(found, SCHEMA)
    return found


def test_the_check_and_its_workbook_carry_counts_and_duplicates(company: Sandbox) -> None:
    with company.open() as bench:
        facts = flow.check(bench)
        flow.report(bench)
    document = flow.document(facts)
    jsonschema.validate({**document, "exit_code": 1}, SCHEMA)
    assert {row["entity"] for row in document["counts"]} == {
        "business_unit", "employee", "product", "customer", "project"
    }  # fmt: skip
    assert {"customer"} <= {row["entity"] for row in document["duplicates"]}
    (made,) = company.profile.parent.rglob("*-report/checklist.xlsx")
    book = openpyxl.load_workbook(made)
    assert {"Types", "Duplicates"} <= set(book.sheetnames)


def test_answers_from_the_command_line_end_in_the_profile(company: Sandbox, recon: Recon) -> None:
    before = company.profile.read_text("utf-8")
    name = ("--company", str(company.profile))
    dry = told(recon(*name, "transfer", "--dry-run", "customers=to_global", "--json"))
    assert company.profile.read_text("utf-8") == before
    (effect,) = [row for row in dry["effects"] if row["entity"] == "customer"]
    assert effect["side"] == "global" and effect["before"] > effect["after"] == 0
    made = told(recon(*name, "transfer", "customer_types=1", "--json"))
    assert load(company.profile).transfer.customer_types == [1]
    assert Path(made["files"][1]).read_text("utf-8") == before
    company.profile.write_text(before, "utf-8")


def test_what_is_not_the_same_is_said_once(company: Sandbox, recon: Recon) -> None:
    name = ("--company", str(company.profile))
    first = told(recon(*name, "duplicates", "--json"))["duplicates"]
    group = next(one for one in first if one["entity"] == "customer")
    keys = ",".join(twin["key"] for twin in group["records"])
    spot = f"customer/{group['side']}/{keys}"
    assert recon(*name, "duplicates", "--apart", spot, "--json").code == 2, "it needs a reason"
    assert recon(*name, "duplicates", "--apart", "customer/1", "--why", "x", "--json").code == 2
    left = told(recon(*name, "duplicates", "--apart", spot, "--why", "branches", "--json"))
    assert left["duplicates"] == [one for one in first if one != group]
    assert told(recon(*name, "duplicates", "--json"))["duplicates"] == left["duplicates"]
    assert recon(*name, "duplicates", "--apart", "nothing/global/1,2", "--why", "x").code == 2
    assert told(recon(*name, "duplicates", "--together", spot, "--json"))["duplicates"] == first


def test_a_narrower_filter_after_onboarding_unlinks_and_deactivates_nothing(
    company: Sandbox, recon: Recon
) -> None:
    company.onboard()
    company.sync()
    with company.open() as bench:
        links = flow.links(bench)
    assert recon("--company", str(company.profile), "transfer", "customer_types=5").code == 0
    facts = company.sync(full=True)
    assert {op.kind for op, _, _ in facts.operations} <= {"create", "link"}, (
        "only new ones of the new type"
    )
    with company.open() as bench:
        after = {(row["entity"], row["key"], row["guid"]) for row in flow.links(bench)}
        assert {(row["entity"], row["key"], row["guid"]) for row in links} <= after
        outside = [f for f in flow.check(bench).findings if f.check == "outside_filter"]
    assert json.dumps([one.text for one in outside]).count("customer type") >= 1
