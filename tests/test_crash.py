"""No kill and no lost answer leads to a double or a loss: a seeded sample of what `make kills`
does in full; and that the judge, and the test as a whole, can say no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.kills import cases as lists
from tests.kills import checker
from tests.kills.cases import ENTITIES, Case
from tests.kills.companies import Phase, Start, prepare
from tests.kills.harness import judge
from tests.kills.run import judged
from tests.kills.state import COLLECTIONS, TABLES, State

SEED, CASES = 2, 12
A, B, C, D, E, F, G, H, P = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "abcdef123")

# --- the judge --------------------------------------------------------------------------------

Change = Callable[[dict[str, dict[Any, Any]]], None]


def _plain() -> dict[str, dict[Any, Any]]:
    """One customer with a contact, an invoice address and a project, its department and manager,
    and an article, all in both systems; by table and list."""
    return {
        "Customer": {10: {"CustomerNo": 10, "Name": "Fjord AS", "SeveraGUID": A}}
        | {11: {"CustomerNo": 11, "Name": "Berg AS", "SeveraGUID": ""}},
        "Contact": {
            1: {"ContactNo": 1, "CustomerNo": 10, "Name": "Kari Vik", "Titel": "Sjef"}
            | {"SeveraGUID": B, "LastUpdate": "2026-01-01"}
        },
        "CustomerInvoiceAdresses": {
            5: {"InvoiceAdressNo": 5, "InvoiceAdressCustomerNo": 10}
            | {"InvoiceAdress1": "Storgata 1", "SeveraGUID": C}
        },
        "customers": {A: {"guid": A, "number": 10, "name": "Fjord AS"}},
        "contactpersons": {
            B: {"guid": B, "firstName": "Kari", "lastName": "Vik", "customer": {"guid": A}}
        },
        "addresses": {
            C: {"guid": C, "addressline": "Storgata 1", "customer": {"guid": A}}
            | {"isBillingAddress": True}
        },
        "contactcommunications": {
            D: {"guid": D, "value": "k@v.no", "contact": {"guid": B}, "isForbiddenToUse": False}
        },
        **_work(),
    }


def _work() -> dict[str, dict[Any, Any]]:
    price = {"amount": 9.5, "currencyCode": "NOK"}
    return {
        "Department": {
            100: {"DepNo": 100, "Name": "Salg", "SeveraGUID": F},
            110: {"DepNo": 110, "Name": "Drift", "SeveraGUID": ""},
        },
        "Employee": {
            1: {"EmployeeNo": 1, "Name": "Eva Lie", "InternalEmailAddress": "e@l.no", "DepNo": 100}
            | {"SeveraGUID": G}
        },
        "Article": {"T1": {"ArticleNo": "T1", "Name": "Fly", "ArtTypeNo": 3, "SeveraGUID": H}},
        "Project": {
            7: {"ProjectNo": 7, "Name": "Kai", "CustomerNo": 10, "PMEmployeeNo": 1, "DepNo": 100}
            | {"SeveraGUID": P}
        },
        "businessunits": {F: {"guid": F, "code": "100", "name": "Salg"}},
        "users": {
            G: {"guid": G, "firstName": "Eva", "lastName": "Lie", "email": "e@l.no", "code": "1"}
            | {"businessUnit": {"guid": F}}
        },
        "travelexpensetypes": {H: {"guid": H, "code": "T1", "name": "Fly", "unitCost": price}},
        "projects": {
            P: {"guid": P, "number": 7, "name": "Kai", "customer": {"guid": A}}
            | {"projectOwner": {"guid": G}, "businessUnit": {"guid": F}}
            | {"salesStatus": {"guid": "by project", "salesStatusTypeGuid": "won"}}
        },
    }


def _state(change: Change = lambda _: None) -> State:
    plain = _plain()
    change(plain)
    rows = {name: plain.get(name, {}) for name in TABLES}
    return State(rows, {name: plain.get(name, {}) for name in COLLECTIONS})


EMPTY = State({name: {} for name in TABLES}, {name: {} for name in COLLECTIONS})


def _other_guids(plain: dict[str, dict[Any, Any]]) -> None:
    """The same records as another run would have made them."""
    plain["contactpersons"] = {E: {**plain["contactpersons"][B], "guid": E}}
    plain["contactcommunications"][D]["contact"] = {"guid": E}
    row = {**plain["Contact"][1], "ContactNo": 7, "SeveraGUID": E.upper(), "LastUpdate": "later"}
    plain["Contact"] = {7: row}


def test_guids_free_numbers_and_times_do_not_count() -> None:
    assert checker.compare(_state(), _state(_other_guids), EMPTY) == []


def test_a_guid_that_was_there_before_counts() -> None:
    assert checker.compare(_state(), _state(_other_guids), _state()) != []


DIFFERENCES: dict[str, Change] = {
    "a title": lambda s: s["Contact"][1].update(Titel="Leder"),
    "a flag": lambda s: s["contactcommunications"][D].update(isForbiddenToUse=True),
    "a number": lambda s: s["customers"][A].update(number=12),
    "an address row less": lambda s: s["CustomerInvoiceAdresses"].clear(),
    "a contact of another customer": lambda s: s["Contact"][1].update(CustomerNo=11),
    "a link less": lambda s: s["Contact"][1].update(SeveraGUID=""),
    "a link to another record": lambda s: s["Customer"][10].update(SeveraGUID=B),
    "a manager": lambda s: s["Project"][7].update(PMEmployeeNo=0),
    "an owner": lambda s: s["projects"][P].update(projectOwner={"guid": E}),
    "a sales status": lambda s: s["projects"][P]["salesStatus"].update(salesStatusTypeGuid="lost"),
    "a price": lambda s: s["travelexpensetypes"][H]["unitCost"].update(amount=9.6),
    "one more of the same": lambda s: s["contactcommunications"].update(
        {E: {**s["contactcommunications"][D], "guid": E}}
    ),
}


@pytest.mark.parametrize("what", DIFFERENCES)
def test_a_difference_is_seen(what: str) -> None:
    assert len(checker.compare(_state(), _state(DIFFERENCES[what]), EMPTY)) >= 1


def _again(name: str, key: Any, /, **other: Any) -> Change:
    """One more record like the first of a table or list."""

    def change(plain: dict[str, dict[Any, Any]]) -> None:
        first = next(iter(plain[name].values()))
        plain[name][key] = {**first, "guid": key, **other}

    return change


def _both(*changes: Change) -> Change:
    """Several changes, one after the other."""

    def change(plain: dict[str, dict[Any, Any]]) -> None:
        for one in changes:
            one(plain)

    return change


DOUBLES: dict[str, Change] = {
    "customer in Severa": _again("customers", E, number=13),
    "contact in Severa": _again("contactpersons", E, firstName="KARI "),
    "address in Severa": _again("addresses", E),
    "communication in Severa": _again("contactcommunications", E),
    "customer in Global": _again("Customer", 99, SeveraGUID=""),
    "contact in Global": _again("Contact", 99, SeveraGUID=""),
    "invoice address in Global": _again("CustomerInvoiceAdresses", 99, SeveraGUID=""),
    "employee in Global": _again("Employee", 99, SeveraGUID=""),
    "article in Global": _again("Article", "T2", SeveraGUID=""),
    "project in Global": _again("Project", 99, SeveraGUID=""),
    "user in Severa": _again("users", E, code="2"),
    "travel expense type in Severa": _again("travelexpensetypes", E, code="T2"),
    "project in Severa": _again("projects", E, number=8),
    "code in Severa": _again("travelexpensetypes", E, name="Tog"),
    "guid in two rows": lambda s: s["Customer"][11].update(SeveraGUID=A),
    "guid to nothing": lambda s: s["Customer"][11].update(SeveraGUID=E),
    "guid of another kind": lambda s: s["Customer"][11].update(SeveraGUID=B),
}


@pytest.mark.parametrize("what", DOUBLES)
def test_a_double_is_seen(what: str) -> None:
    assert len(checker.duplicates(_state(), _state(DOUBLES[what]))) == 1


@pytest.mark.parametrize("what", DOUBLES)
def test_what_was_double_before_is_not_ours(what: str) -> None:
    assert checker.duplicates(_state(DOUBLES[what]), _state(DOUBLES[what])) == []


def test_two_of_one_name_in_the_source_are_two_in_the_target() -> None:
    before = _state(_again("Customer", 99, SeveraGUID=""))
    after = _state(_both(_again("Customer", 99, SeveraGUID=E), _again("customers", E, number=99)))
    assert checker.duplicates(before, after) == []


LOSSES: dict[str, Change] = {
    "a row": lambda s: s["Customer"].pop(11),
    "a record": lambda s: s["contactcommunications"].clear(),
    "a text": lambda s: s["Contact"][1].update(Titel=""),
    "a link": lambda s: s["Customer"][10].update(SeveraGUID=""),
    "a value": lambda s: s["contactcommunications"][D].update(value=None),
    "a project": lambda s: s["projects"].clear(),
    "a user's code": lambda s: s["users"][G].update(code=None),
    "a cost": lambda s: s["travelexpensetypes"][H].update(unitCost=None),
    "a manager that a project refers to": lambda s: s["Project"][7].update(PMEmployeeNo=6),
    "an owner who is not there": lambda s: s["projects"][P].update(projectOwner={"guid": E}),
    "an address that a customer refers to": lambda s: s["Customer"][10].update(InvoiceAdressNo=6),
}


@pytest.mark.parametrize("what", LOSSES)
def test_a_loss_is_seen(what: str) -> None:
    assert len(checker.lost(_state(), _state(LOSSES[what]))) == 1


def test_nothing_is_lost_where_nothing_changed() -> None:
    assert checker.lost(_state(), _state()) == []
    assert checker.duplicates(_state(), _state()) == []


CROSSED: dict[str, Change] = {
    "a project's customer": lambda s: s["projects"][P].update(customer={"guid": E}),
    "a project's manager": lambda s: s["projects"][P].update(projectOwner={"guid": E}),
    "a project's department": lambda s: s["projects"][P].update(businessUnit={"guid": E}),
    "an employee's department": lambda s: s["users"][G].update(businessUnit={"guid": E}),
}


@pytest.mark.parametrize("what", CROSSED)
def test_a_reference_that_leads_elsewhere_is_seen(what: str) -> None:
    assert len(checker.crossed(EMPTY, _state(CROSSED[what]))) == 1
    assert checker.crossed(_state(), _state(CROSSED[what])) == [], "the users' own difference"


def test_a_reference_that_only_one_system_needs_is_not_crossed() -> None:
    state = _state(lambda s: s["Project"][7].update(PMEmployeeNo=0, DepNo=110))
    assert checker.crossed(EMPTY, state) == []


# --- kills ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def starts(tmp_path_factory: pytest.TempPathFactory) -> dict[Phase, Start]:
    return prepare(tmp_path_factory.mktemp("kills") / "starts")


@pytest.mark.slow
def test_a_killed_run_is_resumed_without_double_or_loss(
    starts: dict[Phase, Start], tmp_path: Path
) -> None:
    wanted = lists.sample(lists.make(starts, SEED, 0.0), CASES)
    verdicts = list(judged(wanted, starts, tmp_path, 2))
    assert {v.case: v.problems for v in verdicts if v.problems} == {}
    assert sum(v.killed for v in verdicts) >= CASES // 2


@pytest.mark.slow
def test_the_kill_test_can_fail(starts: dict[Phase, Start], tmp_path: Path) -> None:
    """A workbench that takes what is open for not done is found out."""
    rule = {"methods": ["POST"], "path": ENTITIES, "action": "lose", "when": "after", "at": 4}
    case = Case("onboarding", "POST: connection reset after it", 4, rule=rule)
    assert judge(case, starts["onboarding"], tmp_path / "whole").problems == []
    broken = replace(case, broken=True)
    assert judge(broken, starts["onboarding"], tmp_path / "broken").problems != []
