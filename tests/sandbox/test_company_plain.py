"""The company without dirt: of the asked counts, true to the contract, linked where it says so."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from functools import cache

import pytest

from recon.sandbox.company import Company
from recon.sandbox.company_guids import LAST
from recon.sandbox.company_plain import LINKED, MIXED, Counts, make_plain
from recon.sandbox.severa_contract import contract
from recon.settings import dump, parse

COUNTS = Counts(customers=60, projects=50, users=20, products=30)
CARRIERS = {
    "Department": "businessunits",
    "Employee": "users",
    "Customer": "customers",
    "Contact": "contactpersons",
    "CustomerInvoiceAdresses": "addresses",
    "CustomerDeliveryAddresses": "addresses",
    "Project": "projects",
    "Article": "products worktypes travelexpensetypes",
}


@cache
def linked() -> Company:
    return make_plain(COUNTS, LINKED, 3)


@cache
def mixed() -> Company:
    return make_plain(COUNTS, MIXED, 3)


def whole(company: Company) -> str:
    return json.dumps((company.global_rows, company.severa, company.profile), default=str)


def test_counts_that_follow_from_the_customers() -> None:
    assert Counts.of(20_000) == Counts(20_000, 20_000, 2_000, 5_000)
    assert Counts.of(1) == Counts(1, 1, 1, 1)


def test_both_systems_have_the_asked_counts() -> None:
    rows, severa = linked().global_rows, linked().severa
    found = [len(rows[table]) for table in ("Customer", "Project", "Employee")]
    assert found == [60, 50, 20]
    found = [len(severa[name]) for name in ("customers", "projects", "users", "products")]
    assert found == [60, 50, 20, 30]


@pytest.mark.parametrize("table", CARRIERS)
def test_every_global_row_carries_the_guid_of_a_record_of_its_own(table: str) -> None:
    severa = linked().severa
    live = {doc["guid"] for name in CARRIERS[table].split() for doc in severa[name]}
    held = [row["SeveraGUID"] for row in linked().global_rows[table]]
    assert held and set(held) <= live
    assert len(set(held)) == len(held)


def test_without_links_no_row_carries_a_guid() -> None:
    for table in CARRIERS:
        assert not any(row.get("SeveraGUID") for row in mixed().global_rows[table]), table


def test_some_are_in_both_and_some_in_one() -> None:
    pairs = Counter(pair.entity for pair in mixed().truth)
    assert {name: pairs[name] for name in ("customer", "project", "employee")} == {
        "customer": 24,
        "project": 20,
        "employee": 8,
    }
    rows, severa = mixed().global_rows, mixed().severa
    assert (len(rows["Customer"]), len(severa["customers"])) == (48, 36)
    assert (len(rows["Project"]), len(severa["projects"])) == (40, 30)


def test_the_truth_agrees_with_the_guids() -> None:
    held = {row["SeveraGUID"]: str(row["CustomerNo"]) for row in linked().global_rows["Customer"]}
    truth = {p.severa_guid: p.global_key for p in linked().truth if p.entity == "customer"}
    assert truth == held


@pytest.mark.parametrize("company", [linked, mixed])
def test_documents_keep_the_contract_and_numbers_are_unique(company) -> None:
    known = contract()
    lists = {
        operation.collection: operation.answer["items"]
        for operation in known.operations
        if operation.method == "get" and operation.many and operation.answer
    }
    for name in ("customers", "users", "products", "worktypes", "travelexpensetypes", "projects"):
        documents = company().severa[name]
        assert [fault for d in documents for fault in known.explained(lists[name], d)] == []
        numbers = [d.get("number") or d.get("code") for d in documents]
        assert len(set(numbers)) == len(numbers) and all(numbers)


def test_nobody_shares_an_email_with_a_colleague() -> None:
    emails = Counter(
        (row["CustomerNo"], row["EmailAddress"])
        for row in make_plain(Counts(400, 0, 1, 0), LINKED, 1).global_rows["Contact"]
        if row["EmailAddress"]
    )
    assert set(emails.values()) == {1}


def test_stamps_are_old() -> None:
    rows = [row for table in CARRIERS for row in linked().global_rows[table]]
    moments = [row["LastUpdate"] for row in rows]
    assert all(isinstance(moment, datetime) and moment <= LAST for moment in moments)
    assert (max(moments) - min(moments)).days > 365


def test_counts_and_seed_decide_everything() -> None:
    assert whole(make_plain(COUNTS, MIXED, 3)) == whole(mixed())
    assert whole(make_plain(COUNTS, MIXED, 4)) != whole(mixed())


def test_the_profile_is_one_that_the_settings_take() -> None:
    profile = parse(dump(mixed().profile), "profile.toml")
    for name, collection, number in (
        ("employee", "users", "code"),
        ("project", "projects", "number"),
        ("article", "products", "code"),
        ("customer", "customers", "number"),
    ):
        low, high = profile.global_.numbers[name].severa or (0, 0)
        paired = {pair.severa_guid for pair in mixed().truth}
        alone = [d for d in mixed().severa[collection] if d["guid"] not in paired]
        assert alone and all(low <= int(d[number]) <= high for d in alone)
