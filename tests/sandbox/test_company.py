"""The seeded company: deterministic, of the asked size, true to the contract, and dirty."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from recon import text
from recon.sandbox import company_cases, nordic_numbers
from recon.sandbox.company import DEMO, Company, make, number_base
from recon.sandbox.company_dirt import CHANGES, blurred, misspelt, untidy
from recon.sandbox.company_guids import Guids
from recon.sandbox.nordic import Register, pools, slug
from recon.sandbox.nordic_lands import LANDS, Land
from recon.sandbox.severa_contract import contract
from recon.settings import dump, parse
from recon.systems.tables import TABLES

NOT_API_LISTS = ("organizationdetails", "guidconversions")
FOREIGN_KEYS = {
    "Customer": "TermsOfPayCustNo=TermsOfPayCustomer CountryNo=Country CurrencyNo=CurrencyTable"
    " CustomerTypeNo=CustomerType CustomerGrpNo=CustomerGroup CustomerProfileNo=CustomerProfile"
    " MergeToCustomerNo=Customer InvoiceAdressNo=CustomerInvoiceAdresses"
    " DeliveryAddressNo=CustomerDeliveryAddresses",
    "Contact": "CustomerNo=Customer",
    "Project": "CustomerNo=Customer DepNo=Department PMEmployeeNo=Employee"
    " ProjectCategoryNo=ProjectCategory MainProjectNo=Project",
    "Employee": "DepNo=Department",
    "PostingTemplateArticle": "OutputTaxClassNo=TaxClass",
    "TaxRate": "TaxClassNo=TaxClass",
    "Article": "PostingTemplateNo=PostingTemplateArticle ArtTypeNo=ArtType",
}


@cache
def demo() -> Company:
    return make(DEMO, 1)


def whole(company: Company) -> str:
    parts = (company.global_rows, company.severa, company.profile)
    return json.dumps(parts, default=str, ensure_ascii=False)


def register() -> Register:
    return Register(pools(1), Guids(1).dice("test"))


@pytest.mark.parametrize("size", [0, 1, 2, 5, 7, 19, 59, 60, 61, 100, DEMO, 1000])
def test_each_side_has_just_the_asked_number_of_customers(size: int) -> None:
    company = make(size, 3)
    assert len(company.global_rows["Customer"]) == size
    assert len(company.severa["customers"]) == size


def test_size_and_seed_decide_everything() -> None:
    assert whole(make(70, 5)) == whole(make(70, 5))
    assert whole(make(70, 5)) != whole(make(70, 6))


def test_another_process_with_another_hash_seed_makes_the_same() -> None:
    code = (
        "import hashlib, json; from recon.sandbox.company import make; c = make(70, 5);"
        "print(hashlib.sha256(json.dumps((c.global_rows, c.severa, c.profile), default=str,"
        " ensure_ascii=False).encode()).hexdigest())"
    )
    root = Path(__file__).parents[2]
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_every_case_happens_from_sixty_customers_on() -> None:
    wanted = {case.__name__ for case, *_ in company_cases.SHARES}
    played = {case.__name__ for case, count in company_cases.counts(60) if count}
    assert wanted <= played


def test_a_third_of_the_customers_is_in_both() -> None:
    for size in (60, DEMO, 2000):
        both = sum(pair.entity == "customer" for pair in make(size, 2).truth)
        assert 0.28 <= both / size <= 0.42, size


def test_the_demo_costs_about_eight_hundred_calls() -> None:
    company = demo()
    won = won_projects(company)
    assert 55 <= len(won) <= 85
    ours = only_in_global(company)
    assert 50 <= len(ours) <= 66
    people = [row for row in company.global_rows["Contact"] if row["CustomerNo"] in ours]
    assert 0.9 <= len(people) / len(ours) <= 1.6
    assert 35 <= len(only_in_severa(company)) <= 50


@pytest.mark.parametrize("seed", range(1, 8))
def test_the_demo_tells_its_story_whatever_the_seed(seed: int) -> None:
    company = make(DEMO, seed)
    assert 55 <= len(won_projects(company)) <= 90
    assert 50 <= len(only_in_global(company)) <= 66
    assert 35 <= len(only_in_severa(company)) <= 50


def won_projects(company: Company) -> list[Any]:
    won = set(company.profile["transfer"]["won_statuses"])
    return [
        project
        for project in company.severa["projects"]
        if project["salesStatus"] and project["salesStatus"]["salesStatusTypeGuid"] in won
    ]


def only_in_global(company: Company) -> set[int]:
    """Customers that exist only in Global and would transfer."""
    paired = {pair.global_key for pair in company.truth if pair.entity == "customer"}
    types = company.profile["transfer"]["customer_types"]
    return {
        row["CustomerNo"]
        for row in company.global_rows["Customer"]
        if str(row["CustomerNo"]) not in paired
        and not row["InActiveYesNo"]
        and row["CustomerTypeNo"] in types
    }


def only_in_severa(company: Company) -> set[str]:
    """Customers that exist only in Severa and would transfer."""
    paired = {pair.severa_guid for pair in company.truth if pair.entity == "customer"}
    won = {project["guid"]: project["customer"]["guid"] for project in won_projects(company)}
    payers = {
        row["billingCustomer"]["guid"]
        for row in company.severa["projectbillingcustomers"]
        if row["project"]["guid"] in won
    }
    return (set(won.values()) | payers) - paired


def test_some_customers_only_pay_for_others() -> None:
    company = demo()
    owners = {project["customer"]["guid"] for project in won_projects(company)}
    assert only_in_severa(company) - owners


def test_keys_are_unique_and_point_to_rows_that_are_there() -> None:
    rows = demo().global_rows
    for name, table in rows.items():
        if name in TABLES:
            names = TABLES[name].primary_key.columns.keys()
            keys = [tuple(row[key] for key in names) for row in table]
            assert len(keys) == len(set(keys)), name
    pairs = [(name, *w.split("=")) for name, words in FOREIGN_KEYS.items() for w in words.split()]
    for name, column, target in pairs:
        (key,) = TABLES[target].primary_key.columns.keys()
        found = {row[key] for row in rows[target]} | {0}
        assert {row[column] for row in rows[name]} <= found, (name, column)


def test_global_rows_hold_only_columns_that_global_has() -> None:
    for name, table in demo().global_rows.items():
        if name in TABLES:
            columns = set(TABLES[name].columns.keys())
            assert {column for row in table for column in row} <= columns, name


def test_global_never_holds_a_null() -> None:
    for name, table in demo().global_rows.items():
        assert not [row for row in table for value in row.values() if value is None], name


def test_severa_documents_keep_the_contract() -> None:
    known = contract()
    lists = {
        operation.collection: operation.answer["items"]
        for operation in known.operations
        if operation.method == "get" and operation.many and operation.answer
    }
    for name, documents in demo().severa.items():
        if name not in NOT_API_LISTS:
            for document in documents:
                assert known.explained(lists[name], document) == [], name


def test_severa_guids_are_unique_and_references_resolve() -> None:
    severa = demo().severa
    for name, documents in severa.items():
        guids = [document["guid"] for document in documents]
        assert len(guids) == len(set(guids)), name
    for name, inner, target in (
        ("addresses", "customer", "customers"),
        ("contactpersons", "customer", "customers"),
        ("contactcommunications", "contact", "contactpersons"),
        ("projects", "customer", "customers"),
        ("projects", "projectOwner", "users"),
        ("projects", "businessUnit", "businessunits"),
        ("projectbillingcustomers", "project", "projects"),
        ("projectbillingcustomers", "billingCustomer", "customers"),
    ):
        found = {document["guid"] for document in severa[target]}
        assert {document[inner]["guid"] for document in severa[name]} <= found, (name, inner)


def test_each_customer_has_each_role_of_address_once() -> None:
    roles = ("isPostalAddress", "isBillingAddress", "isVisitAddress")
    count = Counter(
        (address["customer"]["guid"], role)
        for address in demo().severa["addresses"]
        for role in roles
        if address[role]
    )
    assert set(count.values()) == {1}
    assert len(count) == DEMO * len(roles)


def test_severa_guids_in_global_are_right_stale_old_and_double() -> None:
    company = make(1000, 1)
    live = {document["guid"] for document in company.severa["customers"]}
    old = {row["guid"]: row["converted"] for row in company.severa["guidconversions"]}
    held = [row["SeveraGUID"] for row in company.global_rows["Customer"] if row["SeveraGUID"]]
    assert set(old.values()) <= live
    assert set(old) <= set(held)
    assert [guid for guid in held if guid in live]
    assert [guid for guid in held if guid not in live and guid not in old]
    assert max(Counter(held).values()) == 2


def test_dirt_is_there() -> None:
    company = make(1000, 1)
    rows, documents = company.global_rows["Customer"], company.severa["customers"]
    ranges = company.profile["global"]["numbers"]["customer"]["severa"]
    won = only_in_severa(company)
    numbers = {row["CustomerNo"] for row in rows}
    assert any(row["MergeToCustomerNo"] for row in rows)
    assert any(row["LockedYesNo"] for row in rows)
    assert any(row["CreditBlockAllowOfferAndNewOrders"] for row in rows)
    assert any(row["Name"] != row["Name"].strip() for row in (*rows,)) or any(
        document["name"] != document["name"].strip() for document in documents
    )
    assert any(document["number"] is None for document in documents)
    assert any(
        document["guid"] in won and document["number"] and document["number"] < ranges[0]
        for document in documents
    )
    assert any(after - before > 1 for before, after in pairwise(sorted(numbers)))
    assert any(" " not in row["Name"].strip() for row in company.global_rows["Contact"])
    assert any(not row["EmailAddress"] for row in company.global_rows["Contact"])


def test_codes_of_business_units_are_as_people_left_them() -> None:
    codes = [unit["code"] for unit in demo().severa["businessunits"]]
    assert None in codes
    assert any(code and code.startswith("0") for code in codes)
    assert any(code and code.endswith(" ") for code in codes)
    assert any(code and not code.strip().isdigit() for code in codes)


def test_severa_s_numbers_start_where_global_s_cannot_reach() -> None:
    for size in (60, DEMO, 2000):
        company = make(size, 1)
        low, high = company.profile["global"]["numbers"]["customer"]["severa"]
        assert max(row["CustomerNo"] for row in company.global_rows["Customer"]) < low
        assert max(document["number"] or 0 for document in company.severa["customers"]) <= high
    assert number_base(20_000) * 4 >= 20_000 * 2


def test_the_series_stands_at_the_last_number_given() -> None:
    rows = demo().global_rows
    last = max(row["CustomerNo"] for row in rows["Customer"])
    assert rows["CommonParameter"][0]["LastUsedCustomerNo"] == last


def test_nobody_can_be_reached_and_nothing_is_secret() -> None:
    company = demo()
    mails = [row["EmailAddress"] for row in company.global_rows["Customer"]]
    mails += [row["EmailAddress"] for row in company.global_rows["Contact"]]
    mails += [document["email"] or "" for document in company.severa["customers"]]
    mails += [user["email"] for user in company.severa["users"]]
    assert all(not mail or mail.endswith(".example") for mail in mails)
    assert "file:" in company.profile["severa"]["client_secret"]


def test_the_profile_is_one_that_the_settings_take() -> None:
    company = demo()
    profile = parse(dump(company.profile), "profile.toml")
    assert profile.company.sandbox
    assert profile.master.of("customer", "name") == "severa"
    assert profile.master.of("business_unit", "name") == "global"
    units = {unit["guid"] for unit in company.severa["businessunits"]}
    assert profile.severa.defaults["parent_business_unit"] in units
    for column, table in (
        ("CustomerTypeNo", "CustomerType"),
        ("CustomerGrpNo", "CustomerGroup"),
        ("CustomerProfileNo", "CustomerProfile"),
        ("TermsOfPayCustNo", "TermsOfPayCustomer"),
    ):
        keys = {row[column] for row in company.global_rows[table]}
        assert profile.transfer.new_customers[column] in keys


def test_the_truth_names_records_that_are_there() -> None:
    company = demo()
    tables = {"customer": ("Customer", "CustomerNo", "customers")}
    tables["business_unit"] = ("Department", "DepNo", "businessunits")
    for pair in company.truth:
        if pair.entity in tables:
            table, key, collection = tables[pair.entity]
            assert pair.global_key in {str(row[key]) for row in company.global_rows[table]}
            assert pair.severa_guid in {d["guid"] for d in company.severa[collection]}


JUDGES = {
    "NO": "no.orgnr",
    "SE": "se.orgnr",
    "DK": "dk.cvr",
    "FI": "fi.alv",
    "DE": "de.vat",
    "GB": "gb.vat",
    "EE": "ee.kmkr",
}


@pytest.mark.parametrize("land", LANDS, ids=lambda land: land.code)
def test_organisation_numbers_have_the_right_check_digit(land: Land) -> None:
    judge = importlib.import_module(f"stdnum.{JUDGES[land.code]}")
    dice = Guids(1).dice(land.code)
    for _ in range(200):
        number = nordic_numbers.organisation(land, dice)
        assert judge.is_valid(number), number
        assert not judge.is_valid(nordic_numbers.spoilt(number)), number


def test_no_two_firms_share_a_name_or_number() -> None:
    drawn = register()
    firms = [drawn.firm() for _ in range(3000)]
    assert len({slug(firm.name) for firm in firms}) > 2980  # a domain is cut, a name is not
    assert len({firm.name.lower() for firm in firms}) == len(firms)
    assert len({firm.organisation for firm in firms}) == len(firms)
    assert max(len(firm.name) for firm in firms) <= 60


def test_an_untidy_name_is_the_same_and_a_misspelt_one_is_not() -> None:
    drawn, dice = register(), Guids(2).dice("dirt")
    for _ in range(500):
        name = drawn.firm().name
        assert untidy(name, dice) != name
        assert text.company(untidy(name, dice)) == text.company(name)
        assert text.company(misspelt(name, dice)) != text.company(name)


def test_equal_numbers_names_and_addresses_are_meant() -> None:
    """No pair agrees in a key by chance, but for the cases that are about just that."""
    company = make(1000, 2)
    known = {pair.global_key for pair in company.truth} | {
        row["CustomerNo"] for row in company.global_rows["Customer"] if row["MergeToCustomerNo"]
    }
    theirs = {text.company(d["name"]): d for d in company.severa["customers"]}
    chance = [
        row["Name"]
        for row in company.global_rows["Customer"]
        if text.company(row["Name"]) in theirs
        and str(row["CustomerNo"]) not in known
        and row["CustomerNo"] not in known
    ]
    assert len(chance) <= 6  # customers that are registered twice in Global


def test_each_blur_touches_one_thing_of_a_full_firm() -> None:
    drawn, dice = register(), Guids(3).dice("blur")
    full = next(
        firm
        for firm in (drawn.firm() for _ in range(5000))
        if firm.billing and firm.website and firm.phone and firm.e_address and firm.people
    )
    assert all(change(full, dice) != full for change in CHANGES)
    assert blurred(full, dice).land is full.land


@pytest.mark.slow
def test_the_numbers_of_twenty_thousand_customers_stay_in_their_range() -> None:
    company = make(20_000, 1)
    low, _ = company.profile["global"]["numbers"]["customer"]["severa"]
    assert max(row["CustomerNo"] for row in company.global_rows["Customer"]) < low
