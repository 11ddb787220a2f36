"""Records by the names under which people know them: never a guid, never a key of ours."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from recon.report.naming import UNREAD, known_key, words
from recon.shapes import Facts, Outcome
from tests.report.conftest import GUID, OUTCOMES, operation

NAMES = {
    "customer.manager": "Manager",
    "refers:customer.manager": "employee",
    "parent:contact": "customer",
}


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("email", None, "(empty)"),
        ("email", "", "(empty)"),
        ("active", True, "yes"),
        ("credit", 0, "0"),
        ("credit", Decimal("1.50"), "1.50"),
        ("@number", "next:CustomerNo", "the next free number"),
        ("parent", "ref:customer/10001", "Fjord Rør AS (10001)"),
        ("parent", f"ref:customer/{GUID(7)}", "Østfold Tre AS (50007)"),
        ("parent", "ref:customer/4711", "4711"),
        ("manager", "112", "Ola Vik (112)"),
        ("manager", GUID(9), "Ida Moe (109)"),
        ("manager", "113", "113"),
        ("manager", GUID(5), UNREAD),
        ("manager", None, "(empty)"),
    ],
)
def test_values_read_as_a_person_says_them(facts: Facts, name: str, given: Any, said: str) -> None:
    assert words(facts, NAMES).phrase("customer", name, given) == said


@pytest.mark.parametrize(
    ("key", "said"),
    [("10001", "10001"), ("Customer/10001/postal", "10001, postal"), (GUID(1), ""), ("", "")],
)
def test_keys_of_ours_are_not_shown(key: str, said: str) -> None:
    assert known_key(key) == said


def test_a_record_of_severa_is_known_by_its_number(facts: Facts) -> None:
    said = words(facts, NAMES)
    assert said.number("customer", "severa", GUID(7)) == "50007"
    assert said.number("customer", "severa", GUID(8)) == ""
    assert said.number("customer", "both", "10001") == "10001"


def test_a_record_says_to_which_one_it_belongs(facts: Facts) -> None:
    said = words(facts, NAMES)
    assert said.owner("contact", "global", "77") == "Nordlys Kraft ASA"
    assert said.owner("customer", "global", "10001") == ""
    absent = replace(facts, outcomes=OUTCOMES[-2:-1], named={"customer/10004": "Nordlys (10004)"})
    assert words(absent, NAMES).owner("contact", "global", "77") == "Nordlys (10004)"


def test_a_name_that_is_only_a_key_is_not_shown(facts: Facts) -> None:
    empty = Outcome("contact", "global", "Contact/1/mobile", "Contact/1/mobile", "out of scope")
    assert words(replace(facts, outcomes=(empty,)), {}).record("contact", "global", empty.key) == ""


def test_operations_are_named_by_what_they_are_about(facts: Facts) -> None:
    said = words(facts, NAMES)
    assert said.target(operation(2, "link")) == "Ås Bygg AS"
    code = replace(operation(6, "code"), key="", after={"@number": "6006"})
    assert (said.target(code), said.target_number(code)) == ("Nordlys Kraft", "50006")
    made = replace(operation(9, "create", "global"), key=GUID(7))
    assert said.target(made) == "Østfold Tre AS"
    unknown = replace(operation(9, "create", "severa"), key="4711")
    assert said.target(unknown) == "Fjord Rør AS"


def test_the_parent_of_a_new_record_is_called_by_its_kind(facts: Facts) -> None:
    assert words(facts, NAMES).field("contact", "@parent") == "Customer"
    assert words(facts, NAMES).field("contact", "@number") == "Number"
