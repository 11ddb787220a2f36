"""Customers: the won rule, numbers, codes, organisation numbers, and their checklist."""

from __future__ import annotations

from typing import Any

import pytest

from recon.entities.customer import ENTITY
from recon.entities.project import ENTITY as PROJECT
from recon.entities.project.severa import won
from recon.errors import Refused
from recon.shapes import Record
from recon.spec import Next, RowInsert
from tests.entities.world import World, draft, profile

PROJECTS = PROJECT.severa_side


def _theirs(guid: str, name: str, **more: Any) -> dict[str, Any]:
    return {"guid": guid, "name": name, "isActive": True, **more}


def _ours(number: str, name: str, **more: Any) -> Record:
    names = [field.name for field in ENTITY.fields]
    fields = {**dict.fromkeys(names), "name": name, "active": True}
    fields |= {key: more.pop(key) for key in list(more) if key in names}
    guid = more.pop("guid", None)
    found = Record("customer", "global", number, fields, guid=guid, number=number, row=number)
    found.attributes = {"customer_type": 1, **more}
    return found


def _project(guid: str, customer: str | None, status: str, *billing: str) -> dict[str, Any]:
    return {
        "guid": guid,
        "name": f"Prosjekt {guid}",
        "number": 1,
        "customer": {"guid": customer} if customer else None,
        "salesStatus": {"salesStatusTypeGuid": status, "name": {"w": "Order"}.get(status)},
        "billing_customers": [{"billingCustomer": {"guid": one}} for one in billing],
    }


def _with_projects(world: World, *raw: dict[str, Any]) -> World:
    return world.put(*PROJECTS.records(raw, world.context))


# --- who transfers ----------------------------------------------------------------------------


def _reasons(world: World) -> dict[str, str]:
    found = {}
    for key, record in world.records("customer", "severa").items():
        scope = ENTITY.creatable(record, world.context)
        found[key] = scope.reason if scope else ""
    return found


def test_from_severa_come_customers_of_won_projects_and_who_is_billed_for_them() -> None:
    world = World()
    world.severa("customer", *(_theirs(guid, guid) for guid in ("own", "bill", "lost", "none")))
    world.severa(
        "customer", _theirs("gone", "G", isActive=False), _theirs("us", "U", isInternal=True)
    )
    _with_projects(
        world,
        _project("1", "own", "w", "bill"),
        _project("2", "lost", "l", "none"),
        _project("3", "gone", "w"),
        _project("4", "us", "W"),
        _project("5", None, "w"),
        {"guid": "6"},
    )
    found = _reasons(world)
    assert [key for key, reason in found.items() if not reason] == ["own", "bill"]
    assert "inactive" in found["gone"] and "internal" in found["us"] and "won" in found["lost"]


@pytest.mark.parametrize(("named", "wins"), [(["w"], True), (["order"], True), (["x"], False)])
def test_the_profile_may_name_the_won_statuses(named: list[str], wins: bool) -> None:
    world = World(profile=profile(transfer={"won_statuses": named}))
    assert won(_project("1", "own", "w"), world.context) is wins


def test_a_project_of_another_company_wins_nothing() -> None:
    severa = {"base_url": "http://127.0.0.1:9", "client_id": "env:A", "client_secret": "env:B"}
    world = World(profile=profile(severa={**severa, "company": "co"}))
    raw = _project("1", "own", "w")
    assert not won(raw, world.context)
    assert won({**raw, "businessUnit": {"guid": "u", "companyGuid": "CO"}}, world.context)


@pytest.mark.parametrize("status", [None, {}, "x", ["x"], {"salesStatusTypeGuid": 5}])
def test_billing_customers_are_asked_for_won_projects_only(status: Any) -> None:
    detail = PROJECTS.details[0]
    raw = {**_project("1", "own", "w"), "salesStatus": status}
    assert detail.wanted(_project("1", "own", "w"), World().context)
    assert not detail.wanted(_project("1", "own", "l"), World().context)
    assert not detail.wanted(raw, World().context)


@pytest.mark.parametrize(
    ("types", "customer", "fine"),
    [
        ([], {}, True),
        ([1, 2], {}, True),
        ([2], {}, False),
        ([], {"active": False}, False),
        ([], {"merged_to": "5"}, False),
        ([], {"locked": True}, True),
    ],
)
def test_from_global_come_active_customers_of_the_types(
    types: list[int], customer: dict[str, Any], fine: bool
) -> None:
    world = World(profile=profile(transfer={"customer_types": types}))
    scope = ENTITY.creatable(_ours("1", "A", **customer), world.context)
    assert (scope is None) is fine


# --- writing ----------------------------------------------------------------------------------


def test_a_new_row_has_the_profiles_defaults_and_the_bare_organisation_number() -> None:
    (source,) = World().severa(
        "customer",
        _theirs(
            "a", "Ås AS", vatNumber="NO 974 760 673 MVA", currency={"guid": "nok"}, paymentTerm=30
        ),
    )
    (write,) = ENTITY.global_side.insert(draft(source, number="30001"), World().context)
    assert isinstance(write, RowInsert) and (write.table, write.key) == ("Customer", "CustomerNo")
    assert write.values == {
        "CustomerTypeNo": 1,
        "CustomerGrpNo": 2,
        "CountryNo": 578,
        "CustomerNo": 30001,
        "Name": "Ås AS",
        "CompanyNo": "974760673",
        "CurrencyNo": 578,
        "TermsOfPayCustNo": 2,
        "InActiveYesNo": 0,
    }
    (write,) = ENTITY.global_side.insert(draft(source), World().context)
    assert write.values["CustomerNo"] == Next("customer")


def test_a_term_whose_days_agree_is_not_replaced() -> None:
    ours = _ours("1", "A", payment_term=30)
    assert ENTITY.global_side.update(ours, {"payment_term": 30}, World().context) == []
    (write,) = ENTITY.global_side.update(ours, {"payment_term": 0}, World().context)
    assert write.values == {"TermsOfPayCustNo": 4}


def test_an_emptied_organisation_number_is_emptied_in_both_columns() -> None:
    (write,) = ENTITY.global_side.update(
        _ours("1", "A"), {"organisation_number": None}, World().context
    )
    assert write.values == {"CompanyNo": None, "VATRegNo": None}


@pytest.mark.parametrize(
    "changes", [{"currency": "XTS"}, {"payment_term": 17}, {"name": None}, {"name": ""}]
)
def test_what_global_cannot_take_is_refused_with_a_remedy(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        ENTITY.global_side.update(_ours("1", "A"), changes, World().context)
    assert caught.value.todo and caught.value.fields == tuple(changes)


def test_what_severa_cannot_take_is_refused_with_a_remedy() -> None:
    (theirs,) = World().severa("customer", _theirs("a", "A"))
    for changes in ({"currency": "XTS"}, {"name": None}):
        with pytest.raises(Refused) as caught:
            ENTITY.severa_side.patch(theirs, changes, World().context)
        assert caught.value.todo


def test_a_code_that_nobody_knows_is_left_alone_and_found() -> None:
    world = World()
    (theirs,) = world.severa("customer", _theirs("a", "A", currency={"guid": "strange"}))
    assert "currency" not in theirs.fields
    _with_projects(world, _project("1", "a", "w"))
    assert world.findings("customer", "currency_unknown") == [("severa", "a")]


def test_severas_number_is_globals() -> None:
    path, body = ENTITY.severa_side.create(
        draft(_ours("10001", "A"), number="10001"), World().context
    )
    assert (path, body) == ("/v1/customers", {"name": "A", "isActive": True, "number": 10001})


# --- pairing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "customer", "equal"),
    [
        ("number_and_name", {}, True),
        ("number_and_name", {"merged_to": "2"}, False),
        ("organisation_number", {"organisation_number": "974760673"}, True),
        ("email", {"email": "POST@aas.no"}, True),
        ("email", {"email": "ukjent"}, False),
        ("name", {}, True),
    ],
)
def test_rules(rule: str, customer: dict[str, Any], equal: bool) -> None:
    (theirs,) = World().severa(
        "customer",
        _theirs("a", "Aas og Soenn", number=7, vatNumber="NO974760673MVA", email="post@aas.no"),
    )
    found = next(one for one in ENTITY.rules if one.name == rule)
    key = found.key(_ours("7", "Ås & Sønn AS", **customer))
    assert (key == found.key(theirs)) is equal
    assert equal or key is None


# --- checks -----------------------------------------------------------------------------------


def _dirty(**more: Any) -> World:
    world = World(lengths={"Customer.Name": 12}, **more)
    world.severa(
        "customer",
        _theirs("a", "Alfa AS", number=10001, email="felles@x.no", vatNumber="974760674"),
        _theirs("b", "Beta AS", number=10002, email="felles@x.no", paymentTerm=17),
        _theirs("c", "Cappelen Łódź AS", number=10002, eInvoiceAddress="a@b.no", email="feil"),
        _theirs("d", "Delta AS", isActive=False, number=500),
        _theirs("e", "", number=10009),
        _theirs("f", "Frigg", number=None),
        _theirs("us", "Prøve AS", isInternal=True, number=1),
    )
    _with_projects(
        world,
        _project("1", "a", "w", "b", "c", "f"),
        _project("2", "d", "w"),
        _project("3", "gone", "w"),
        _project("4", "us", "w"),
    )
    return world.put(
        _ours("10001", "Alfa Bygg AS", country="NO", post_code="0150", guid="old"),
        _ours("10005", "Beta", locked=True, guid="old", organisation_number="974760673"),
        _ours(
            "10006", "Epsilon", organisation_number="NO974760673MVA", merged_to="10005", guid="x"
        ),
        _ours("10007", "Frigg", company_no="1", vat_reg_no="2", customer_type=3),
        _ours("10008", "Gamma", credit_blocked=True),
    )


@pytest.mark.parametrize(
    ("check", "keys"),
    [
        ("number_missing", ["f"]),
        ("number_duplicated", ["b", "c"]),
        ("name_missing", ["e"]),
        ("name_duplicated", []),
        ("organisation_number_duplicated", ["10005", "10006"]),
        ("email_shared", ["a", "b"]),
        ("same_number_different_name", ["10001"]),
        ("same_name_different_number", ["10005", "10007"]),
        ("organisation_number_missing", ["10001", "10007", "10008", "b", "c", "f"]),
        ("organisation_number_wrong", ["a"]),
        ("two_organisation_numbers", ["10007"]),
        ("email_invalid", ["c"]),
        ("country_missing", ["10005", "10007", "10008", "a", "b", "c", "f"]),
        ("post_code_missing", ["10005", "10007", "10008", "a", "b", "c", "f"]),
        ("payment_term_unknown", ["b"]),
        ("currency_not_in_the_other", []),
        ("e_invoice_address_wrong", ["c"]),
        ("text_too_long", ["c"]),
        ("text_not_encodable", ["c"]),
        ("severa_guid_astray", ["10001", "10005", "10006"]),
        ("severa_guid_twice", ["10001", "10005"]),
        ("number_series_overlap", [""]),
        ("number_outside_range", []),
        ("won_project_customer_cannot_transfer", ["d"]),
        ("won_project_customer_missing", ["3"]),
        ("inactive_with_won_project", ["d"]),
        ("locked_with_won_project", []),
        ("merged_but_linked", ["10006"]),
        ("locked", ["10005", "10008"]),
    ],
)
def test_each_check_finds_its_fault_and_nothing_else(check: str, keys: list[str]) -> None:
    assert sorted(key for _, key in _dirty().findings("customer", check)) == keys


def test_every_check_of_the_checklist_has_a_case() -> None:
    marks = test_each_check_finds_its_fault_and_nothing_else.pytestmark  # type: ignore[attr-defined]
    cased = {case[0] for mark in marks for case in mark.args[1]}
    assert {check.name for check in ENTITY.checks} - cased == {"currency_unknown"}


def test_a_customer_linked_and_locked_with_a_won_project_is_found() -> None:
    world = _dirty().connect("customer", "10005", "b")
    assert world.findings("customer", "locked_with_won_project") == [("global", "10005")]
    assert world.findings("customer", "same_name_different_number") == [("both", "10007")]


def test_a_country_may_stand_in_an_address() -> None:
    world = _dirty()
    world.severa(
        "address",
        {"guid": "x", "customer": {"guid": "a"}, "country": {"guid": "c-no"}, "postalCode": "0150"},
    )
    for check in ("country_missing", "post_code_missing"):
        assert ("severa", "a") not in world.findings("customer", check)


@pytest.mark.parametrize(
    ("low", "high", "overlap", "outside"),
    [
        (30000, 39999, False, ["a", "b", "c"]),
        (10000, 19999, True, []),
        (1, 10001, True, ["b", "c"]),
    ],
)
def test_number_ranges_of_the_profile(
    low: int, high: int, overlap: bool, outside: list[str]
) -> None:
    numbers = {"url": "sqlite://", "numbers": {"customer": {"severa": [low, high]}}}
    world = _dirty(profile=profile(**{"global": numbers}))
    assert bool(world.findings("customer", "number_series_overlap")) is overlap
    found = {key for _, key in world.findings("customer", "number_outside_range")}
    assert found <= set(outside) and (found != set()) is bool(outside)


def test_customers_that_are_plainly_the_same_do_not_overlap() -> None:
    world = World()
    world.severa("customer", _theirs("a", "Alfa", number=10001))
    world.put(_ours("10001", "Alfa AS"), _ours("10002", "Beta"))
    assert world.findings("customer", "number_series_overlap") == []


def test_two_thousand_customers_are_judged_at_once() -> None:
    world = World()
    world.severa("customer", *(_theirs(f"c{n}", f"Kunde {n}", number=n) for n in range(2000)))
    _with_projects(world, *(_project(f"p{n}", f"c{n % 1000}", "w") for n in range(2000)))
    context = world.context
    judged = [ENTITY.creatable(r, context) for r in world.records("customer", "severa").values()]
    assert judged.count(None) == 1000
    assert set(context.memo) == {"won projects", "awaited customer"}
