"""Defaults of new records in Severa: those given exist, those needed are given."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from recon.doctor.defaults import ADDON, NEEDS, RECORDS, WORDS, Defaults
from tests import house
from tests.doctor.asked import Api, answer, only, profile

GUID = "11111111-1111-1111-1111-111111111111"
UNITS, STATUSES, CUSTOMERS = "/v1/businessunits", "/v1/salesstatustypes", "/v1/customers"
ONE_OF_EACH: dict[str, list[dict[str, Any]]] = {
    UNITS: [{"guid": GUID, "name": "Oslo"}],
    STATUSES: [{"guid": GUID, "name": "Vunnet", "salesState": "Won"}],
    CUSTOMERS: [{"guid": GUID, "name": "Oss selv", "isInternal": True}],
    "/v1/permissionprofiles": [{"guid": GUID, "name": "Ansatt"}],
}
GIVEN = {"project_owner": GUID, "user_type": "Employee", "permission_profile": "Ansatt"}


def asked(defaults: dict[str, str], transfer: dict[str, Any] | None = None) -> Any:
    return profile(severa={"defaults": defaults}, transfer=transfer or {})


@pytest.mark.parametrize(
    ("default", "value", "ok"),
    [
        ("permission_profile", "Ansatt", "ok"),
        ("permission_profile", GUID, "ok"),
        ("permission_profile", "ansatt", "failed"),
        ("won_status", "Vunnet", "ok"),
        ("user_active", "false", "ok"),
        ("user_active", "perhaps", "failed"),
        ("internal_customer", "Oss selv", "failed"),
    ],
)
def test_a_default_is_looked_up_as_it_will_be_used(default: str, value: str, ok: str) -> None:
    assert only(Defaults(asked({default: value}), Api(ONE_OF_EACH)).exist).ok == ok


def test_what_the_credentials_may_not_see_is_not_judged() -> None:
    api = Api(ONE_OF_EACH)
    api.scopes = frozenset({"settings:read"})
    verdict = only(Defaults(asked({"project_owner": GUID}), api).exist)
    assert (verdict.ok, "users:read" in verdict.todo) == ("warning", True)


def test_nothing_lacks_where_severa_leaves_no_choice() -> None:
    assert only(Defaults(asked(GIVEN), Api(ONE_OF_EACH)).lack).ok == "ok"


@pytest.mark.parametrize(
    ("lists", "transfer", "default"),
    [
        ({UNITS: [{"guid": "a"}, {"guid": "b"}]}, {}, "parent_business_unit"),
        ({STATUSES: []}, {}, "won_status"),
        ({CUSTOMERS: []}, {"internal_category": 2}, "internal_customer"),
        ({}, {"article_kinds": {3: "travel_expense_type"}}, "expense_class"),
    ],
)
def test_a_choice_that_nobody_made_is_told(
    lists: dict[str, Any], transfer: dict[str, Any], default: str
) -> None:
    defaults = Defaults(asked(GIVEN, transfer), Api(ONE_OF_EACH | lists))
    assert only(defaults.lack).name == f"q, {default}"


def test_what_does_not_go_to_severa_needs_no_default() -> None:
    off = {"entities": dict.fromkeys((need.entity for need in NEEDS), "to_global")}
    assert only(Defaults(asked({}, off), Api()).lack).ok == "ok"


def test_several_defaults_may_lack() -> None:
    found = answer(Defaults(asked({}), Api({UNITS: []})).lack)
    assert {"q, parent_business_unit", "q, project_owner"} <= {v.name for v in found}


def test_every_default_that_the_entities_use_is_known() -> None:
    """Found in their code: `….severa.defaults.get(NAME)`."""
    used = {
        name
        for source in house.sources("recon")
        if source.name.startswith("recon.entities")
        for name in _defaults(source.tree)
    }
    assert used and used <= {*RECORDS, *WORDS, ADDON}


def _defaults(tree: ast.Module) -> set[str]:
    constants = {
        target.id: value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target, value in _pairs(node)
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant)
    }
    calls = [
        node.args[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("severa.defaults.get")
    ]
    named = {constants.get(a.id, a.id) for a in calls if isinstance(a, ast.Name)}
    spelled = {c.value for a in calls for c in ast.walk(a) if isinstance(c, ast.Constant)}
    return {str(name) for name in named | {s for s in spelled if isinstance(s, str)}}


def _pairs(node: ast.Assign) -> list[tuple[ast.expr, ast.expr]]:
    pairs: list[tuple[ast.expr, ast.expr]] = []
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs += zip(target.elts, node.value.elts, strict=True)
        else:
            pairs.append((target, node.value))
    return pairs
