"""Each switch of the sandbox's Severa server, and its lists' paging and filters."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.severa_world import CREDENTIALS, Severa, guid

pytestmark = pytest.mark.slow

CUSTOMER = f"/v1/customers/{guid('customer', 2)}"
PROJECT = f"/v1/projects/{guid('project', 2)}"


def by_tokens(severa: Severa, path: str, **query: Any) -> list[dict[str, Any]]:
    """A whole list, page by page; a token that repeats fails."""
    found: list[dict[str, Any]] = []
    tokens: set[str] = set()
    while True:
        answer = severa.ask("GET", path, **query)
        assert answer.status_code == 200, answer.text
        found += answer.json()
        token = answer.headers.get("NextPageToken")
        if token is None:
            return found
        assert token not in tokens
        tokens.add(token)
        query["pageToken"] = token


# --- paging -----------------------------------------------------------------------------------


def test_token_pages_are_whole_and_the_last_has_no_token(severa: Severa) -> None:
    made = [severa.post("/v1/customers", {"name": f"Side {n}"})["guid"] for n in range(7)]
    whole = [one["guid"] for one in severa.get("/v1/customers", rowCount=1000)]
    assert [one["guid"] for one in by_tokens(severa, "/v1/customers", rowCount=4)] == whole
    assert set(made) <= set(whole)
    exact = severa.ask("GET", "/v1/customers", rowCount=len(whole))
    assert "NextPageToken" not in exact.headers


def test_rows_are_counted_from_the_first(severa: Severa) -> None:
    for n in range(3):
        severa.post("/v1/contactroles", {"name": f"Rolle {n}"})
    whole = severa.get("/v1/contactroles", rowCount=100)
    parts = [severa.get("/v1/contactroles", firstRow=n, rowCount=2) for n in (0, 2, 4)]
    assert [one for part in parts for one in part] == whole[:6]
    assert severa.get("/v1/contactroles", firstRow=len(whole)) == []


def test_twenty_rows_are_the_default(severa: Severa) -> None:
    for n in range(25):
        severa.post("/v1/costcenters", {"name": f"Sted {n}", "identifier": str(n)})
    assert len(severa.get("/v1/costcenters")) == 20


def test_travel_expense_types_come_all_and_countries_unpaged(severa: Severa) -> None:
    assert len(severa.get("/v1/travelexpensetypes")) == 25
    assert len(severa.get("/v1/travelexpensetypes", rowCount=3)) == 3
    assert severa.ask("GET", "/v1/localization/countries", rowCount=3).status_code == 400


@pytest.mark.parametrize(
    ("path", "count", "status"),
    [
        ("/v1/addresses", 100, 200),
        ("/v1/addresses", 101, 400),
        ("/v1/customers", 1000, 200),
        ("/v1/customers", 1001, 400),
        ("/v1/customers", 0, 400),
    ],
)
def test_the_largest_page(severa: Severa, path: str, count: int, status: int) -> None:
    assert severa.ask("GET", path, rowCount=count).status_code == status


def test_switch_page_max(severa: Severa) -> None:
    severa.switch(page_max=100)
    assert severa.ask("GET", "/v1/customers", rowCount=101).status_code == 400


def test_switch_repeat_page_token(severa: Severa) -> None:
    severa.switch(repeat_page_token=True)
    for n in range(3):
        severa.post("/v1/customers", {"name": f"Igjen {n}"})
    with pytest.raises(AssertionError):
        by_tokens(severa, "/v1/customers", rowCount=1)


def test_switch_newest_first(severa: Severa) -> None:
    usual = severa.get("/v1/communicationtypes")
    severa.switch(newest_first=True)
    assert severa.get("/v1/communicationtypes") == usual[::-1]


@pytest.mark.parametrize("token", ["nonsense", "", "YWZ0ZXI6eA=="])
def test_a_wrong_page_token_is_refused(severa: Severa, token: str) -> None:
    assert severa.ask("GET", "/v1/customers", pageToken=token).status_code == 400


# --- filters ----------------------------------------------------------------------------------


def test_changed_since_is_inclusive(severa: Severa) -> None:
    made = severa.post("/v1/customers", {"name": "Endret"})
    at = made["createdDateTime"]
    assert made["lastUpdatedDateTime"] is None
    found = [one["guid"] for one in severa.get("/v1/customers", changedSince=at)]
    assert made["guid"] in found
    changed = severa.patch(f"/v1/customers/{made['guid']}", ("name", "Endret to")).json()[0]
    at = changed["lastUpdatedDateTime"]
    assert [one["name"] for one in severa.get("/v1/customers", changedSince=at)] == ["Endret to"]
    later = at.replace("Z", "999Z")
    assert severa.get("/v1/customers", changedSince=later) != []  # Cut to milliseconds.


def test_numbers_take_several(severa: Severa) -> None:
    found = severa.get("/v1/customers", numbers=[101, 103, 999])
    assert [one["name"] for one in found] == ["Fjord AS", "Ås & Sønn"]


@pytest.mark.parametrize(
    ("path", "query", "names"),
    [
        ("/v1/customers", {"customerNames": "bre as"}, ["Bre AS"]),
        ("/v1/products", {"code": "10"}, ["Vare"]),
        ("/v1/products", {"code": "11"}, []),
        ("/v1/salesstatustypes", {"salesState": "Won"}, ["Vunnet"]),
        ("/v1/projects", {"customerGuids": guid("customer", 2)}, []),
        ("/v1/projects", {"projectGuids": guid("project", 1)}, ["Prosjekt 1"]),
        ("/v1/businessunits", {"textToSearch": "osl"}, ["Oslo"]),
        ("/v1/businessunits", {"active": "false"}, []),
    ],
)
def test_filters(severa: Severa, path: str, query: dict[str, str], names: list[str]) -> None:
    assert [one["name"] for one in severa.get(path, **query)] == names


def test_switch_ignore_filters(severa: Severa) -> None:
    severa.switch(ignore_filters=["numbers"])
    assert len(severa.get("/v1/customers", numbers=101)) > 1
    severa.switch(ignore_filters=["changedSince"])
    assert severa.get("/v1/customers", changedSince="2999-01-01T00:00:00Z")


@pytest.mark.parametrize(
    "query",
    [{"colour": "red"}, {"isActive": "maybe"}, {"numbers": "x"}, {"changedSince": "yesterday"}],
)
def test_a_wrong_parameter_is_named(severa: Severa, query: dict[str, str]) -> None:
    answer = severa.ask("GET", "/v1/customers", **query)
    location = answer.json()["error"]["details"][0]["location"]
    assert answer.status_code == 400
    assert location == {"type": "UriParameter", "name": next(iter(query)), "identifier": None}


# --- patches ----------------------------------------------------------------------------------


def test_only_replace_is_supported(severa: Severa) -> None:
    for op in ("Add", "Remove", "replace"):
        body = [{"op": op, "path": "name", "value": "A"}]
        assert severa.ask("PATCH", CUSTOMER, body).status_code == 400


def test_a_patch_takes_json_or_text(severa: Severa) -> None:
    for value in (True, "true", "false", False):
        done = severa.patch(CUSTOMER, ("/isActive", value))
        assert done.json()[0]["isActive"] is (str(value).lower() == "true")
    done = severa.patch(CUSTOMER, ("paymentTerm", "21"), ("currency", {"guid": guid("eur")}))
    assert (done.json()[0]["paymentTerm"], done.json()[0]["currency"]["code"]) == (21, "EUR")


def test_switch_strict_patch(severa: Severa) -> None:
    severa.switch(strict_patch=True)
    refused = severa.patch(CUSTOMER, ("isActive", True))
    assert refused.status_code == 400
    assert refused.json()["error"]["details"][0]["location"]["name"] == "isActive"
    assert severa.patch(CUSTOMER, ("isActive", "true")).json()[0]["isActive"] is True
    assert severa.patch(CUSTOMER, ("notes", None)).json()[0]["notes"] is None
    done = severa.patch(CUSTOMER, ("/currency/guid", guid("nok")))
    assert done.json()[0]["currency"]["code"] == "NOK"


def test_switch_patch_any_case(severa: Severa) -> None:
    assert severa.patch(CUSTOMER, ("Notes", "A")).status_code == 400
    severa.switch(patch_any_case=True)
    assert severa.patch(CUSTOMER, ("Notes", "A")).json()[0]["notes"] == "A"


@pytest.mark.parametrize("path", ["guid", "isInternal", "createdDateTime", "lastUpdatedBy"])
def test_switch_read_only_in_a_patch(severa: Severa, path: str) -> None:
    before = severa.get(CUSTOMER)
    assert severa.patch(CUSTOMER, (path, None)).status_code == 400
    severa.switch(read_only="ignore")
    assert severa.patch(CUSTOMER, (path, "x")).json()[0][path] == before[path] or "last" in path


def test_switch_read_only_in_a_post(severa: Severa) -> None:
    body = {"name": "Lest", "isInternal": True}
    refused = severa.ask("POST", "/v1/customers", body)
    assert refused.json()["error"]["details"][0]["location"]["name"] == "isInternal"
    severa.switch(read_only="ignore")
    assert severa.post("/v1/customers", body)["isInternal"] is False


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("name", "", "name"),
        ("name", None, "name"),
        ("colour", "red", "colour"),
        ("paymentTerm", "soon", "paymentTerm"),
        ("paymentTerm", 2**31, "paymentTerm"),
        ("number", 101, "number"),
        ("currency/guid", guid("nothing"), "currency.guid"),
        ("headquarterAddress/city", "Oslo", "headquarterAddress.city"),
    ],
)
def test_a_wrong_patch_names_the_field_and_changes_nothing(
    severa: Severa, path: str, value: Any, field: str
) -> None:
    before = severa.get(CUSTOMER)
    refused = severa.patch(CUSTOMER, ("notes", "changed"), (path, value))
    assert refused.status_code in (400, 409)
    assert refused.json()["error"]["details"][0]["location"]["name"] == field
    assert severa.get(CUSTOMER) == before


# --- what else is uncertain -------------------------------------------------------------------


@pytest.mark.parametrize("moves", [False, True])
def test_switch_status_moves_changed(severa: Severa, moves: bool) -> None:
    severa.switch(status_moves_changed=moves)
    before = severa.get(PROJECT)
    wanted = "won" if before["salesStatus"]["salesStatusTypeGuid"] == guid("lead") else "lead"
    after = severa.patch(PROJECT, ("salesStatusTypeGuid", guid(wanted))).json()[0]
    assert after["salesStatus"]["name"] != before["salesStatus"]["name"]
    assert (after["lastUpdatedDateTime"] != before["lastUpdatedDateTime"]) is moves
    found = severa.get("/v1/projects", salesStatusChangedSince=after["createdDateTime"])
    assert guid("project", 2) in [one["guid"] for one in found]


def test_a_status_change_is_found_by_its_own_filter(severa: Severa) -> None:
    made = severa.post("/v1/projects", project())
    at = severa.patch(f"/v1/projects/{made['guid']}", ("isClosed", True)).json()[0]
    since = at["lastUpdatedDateTime"]
    severa.patch(f"/v1/projects/{made['guid']}", ("salesStatusTypeGuid", guid("won")))
    found = severa.get("/v1/projects", salesStatusChangedSince=since)
    assert made["guid"] in [one["guid"] for one in found]
    found = severa.get("/v1/projects", projectStatusChangedSince=since)
    assert made["guid"] not in [one["guid"] for one in found]


def project() -> dict[str, Any]:
    return {
        "name": "Nytt",
        "customer": {"guid": guid("customer", 1)},
        "projectOwner": {"guid": guid("user")},
    }


def test_switch_renumber_on_post(severa: Severa) -> None:
    assert severa.post("/v1/customers", {"name": "A", "number": 5000})["number"] == 5000
    severa.switch(renumber_on_post=True)
    assert severa.post("/v1/customers", {"name": "B", "number": 6000})["number"] == 5001


def test_switch_missing_scopes(severa: Severa) -> None:
    severa.switch(missing_scopes=["customers:write"])
    for token in ("old", "new"):
        refused = severa.ask("POST", "/v1/customers", {"name": token})
        assert refused.status_code == 403
        assert "customers:write" in refused.text
        severa.sign_in("customers:read customers:write")


def test_switch_strict_scopes(severa: Severa) -> None:
    wanted = {**CREDENTIALS, "scope": "customers:read customers:write"}
    severa.switch(missing_scopes=["customers:write"])
    assert severa.ask("POST", "/v1/token", wanted).json()["scope"] == "customers:read"
    severa.switch(strict_scopes=True)
    assert severa.ask("POST", "/v1/token", wanted).status_code == 403


def test_latency_is_the_same_for_the_same_seed(severa: Severa) -> None:
    def slowest() -> int:
        severa.switch(seed=1612, latency_ms=[0, 120])  # the fourth takes 108 ms, others below 20
        found = [severa.ask("GET", "/v1/currencies").elapsed.total_seconds() for _ in range(5)]
        return found.index(max(found))

    assert (slowest(), slowest()) == (3, 3)
