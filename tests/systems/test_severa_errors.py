"""Each refusal is one clear sentence: what, where, and what to do."""

from __future__ import annotations

import pytest

from recon import settings
from recon.effects import Effects
from recon.errors import Refused, Stop, Usage
from recon.systems.severa import Severa
from tests.systems.loopback import Loopback, Reply, fault
from tests.systems.severa_client import (
    CUSTOMERS,
)


@pytest.mark.parametrize("kind", ["POST", "PATCH"])
def test_other_refusals_name_the_field(server: Loopback, severa: Severa, kind: str) -> None:
    words = "The field name is too long. " + "x" * 5000
    answer = fault(400, "InvalidParameter", "name", words)
    server.on("POST /v1/customers", answer)
    server.on("PATCH /v1/customers/g1", answer)
    with pytest.raises(Refused) as caught:
        if kind == "POST":
            severa.create("/v1/customers", {"name": "A"})
        else:
            severa.patch("/v1/customers/g1", "customers", {"name": "A"})
    assert caught.value.fields == ("name",)
    assert "The field name is too long" in str(caught.value)
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/v1/customers", "customers:read"),
        ("POST", "/v1/customers/4b0e93aa-1111-2222-3333-444455556666/addresses", "customers:write"),
        ("GET", "/v1/projects/4b0e93aa/projectfees", "fees:read"),
        ("GET", "/v1/invoices/4b0e93aa/projectfees", "invoices:read"),
        ("POST", "/v1/businessunits", "settings:write"),
        ("GET", "/v1/organizationdetails", "organization:read"),
        ("GET", "/v1/localization/countries", "settings:read"),
    ],
)
def test_a_missing_scope_is_named(
    server: Loopback, severa: Severa, method: str, path: str, scope: str
) -> None:
    server.on(f"{method} {path}", fault(403, "InsufficientApiScope", message="not allowed"))
    with pytest.raises(Stop, match=f"Tick {scope} "):
        if method == "GET":
            severa.get(path)
        else:
            severa.create(path, {})


def test_the_scope_that_severa_names_counts_more(server: Loopback, severa: Severa) -> None:
    words = "The operation needs the scope invoices:read"
    server.on("GET /v1/customers", fault(403, "InsufficientApiScope", message=words))
    with pytest.raises(Stop, match="Tick invoices:read "):
        severa.read(CUSTOMERS)


@pytest.mark.parametrize(
    "type_",
    [
        "AddonMissing",
        "TermsOfServiceNotApproved",
        "OrganizationNotActive",
        "TrialExpired",
        "AddonMissingTermsOfServiceApproval",
    ],
)
def test_faults_of_the_organisation_stop_with_advice(
    server: Loopback, severa: Severa, type_: str
) -> None:
    server.on("POST /v1/customers", fault(403, type_, message="Api"))
    with pytest.raises(Stop) as caught:
        severa.create("/v1/customers", {"name": "A"})
    assert caught.value.todo


PAGE = {"Content-Type": "text/html; charset=utf-8"}


@pytest.mark.parametrize(
    "answer",
    [
        Reply(raw=b"<!DOCTYPE html><html>log in</html>", headers=PAGE),
        Reply(status=404, raw=b"<html>nothing here</html>", headers=PAGE),
        Reply(status=302, raw=b"", headers={"Location": "https://elsewhere.example/"}),
        Reply(status=404, raw=b""),
    ],
    ids=["page", "page 404", "redirect", "empty 404"],
)
@pytest.mark.parametrize("route", ["POST /v1/token", "GET /v1/customers"])
def test_a_wrong_address_is_one_clear_sentence(
    server: Loopback, severa: Severa, route: str, answer: Reply
) -> None:
    server.on(route, answer)
    with pytest.raises(Stop, match="base_url") as caught:
        severa.read(CUSTOMERS)
    assert server.count(route) == 1
    assert "<" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "severa",
        "api.severa.visma.com",
        "http://api.severa.example/x",
        "ftp://x",
        "https://h/v1",
    ],
)
def test_an_address_that_cannot_be_one_is_wrong_usage(url: str) -> None:
    with pytest.raises(Usage, match="base_url"):
        Severa(settings.Severa(base_url=url), Effects(), client_id="a", client_secret="b")
