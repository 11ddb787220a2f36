"""Private data and secrets end in the transport."""

from __future__ import annotations

import logging
from decimal import Decimal

import pytest

from recon.errors import ReconError, Refused, Unknown
from recon.systems.severa import Severa
from tests.systems.loopback import Loopback, Reply, fault
from tests.systems.severa_client import (
    CUSTOMERS,
    SECRET,
)


def test_private_fields_never_leave_the_transport(server: Loopback, severa: Severa) -> None:
    user = {
        "guid": "u1",
        "SocialSecurityNumber": "01010112345",
        "birthDate": "1990-01-01",
        "bank_account_number": "12345678901",
        "workContract": {"title": "x", "hourCost": {"amount": 1}, "dailyHours": 7.5},
        "contacts": [{"name": "K", "dateOfBirth": "1990-01-01", "more": {"IBAN": "NO93"}}],
        "hourCost": {"amount": 5},
    }
    server.on("GET /v1/users/4b", Reply(data=user))
    assert severa.get("/v1/users/4b") == {
        "guid": "u1",
        "workContract": {"title": "x", "dailyHours": Decimal("7.5")},
        "contacts": [{"name": "K", "more": {}}],
        "hourCost": {"amount": 5},
    }


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("socialSecurityNumber", "value 01010112345 is wrong"),
        ("", "dateOfBirth 1990-01-01 must be past"),
        ("birthDate", "the value 1990-01-01 must be past"),
        ("user.bankAccountNumber", "found 1234 5678 9010 already"),
        ("code", "found 01010112345 already"),
        ("code", "found NO9386011117947 already"),
        ("code", "found 010101-1234 already"),
    ],
)
def test_private_data_stay_out_of_errors(
    server: Loopback, severa: Severa, name: str, words: str
) -> None:
    server.on("POST /v1/users", fault(400, "InvalidParameter", name, words))
    with pytest.raises(Refused) as caught:
        severa.create("/v1/users", {"firstName": "A"})
    for private in ("01010112345", "1990-01-01", "9386011117947", "010101-1234", "5678"):
        assert private not in str(caught.value)


def test_what_a_server_that_breaks_has_in_hand_is_not_shown(
    server: Loopback, severa: Severa
) -> None:
    held = fault(500, "InternalSystemError", "name", "while saving Kari, 1990-01-01, 77123.45")
    server.on("POST /v1/users", held)
    with pytest.raises(Unknown, match="fault of its own: InternalSystemError") as caught:
        severa.create("/v1/users", {"firstName": "A"})
    assert "Kari" not in str(caught.value) and "77123" not in repr(caught.value.args)


def test_nothing_secret_is_logged_or_shown(
    server: Loopback, severa: Severa, caplog: pytest.LogCaptureFixture
) -> None:
    server.on(
        "GET /v1/customers", fault(400, "InvalidRequest", message="Bearer access-1 " + SECRET)
    )
    with caplog.at_level(logging.INFO), pytest.raises(ReconError) as caught:
        severa.read(CUSTOMERS, emailAddresses=["a@b.no"])
    shown = caplog.text + str(caught.value) + repr(severa) + repr(vars(severa))
    assert SECRET not in shown
    assert "a@b.no" not in shown


def test_half_characters_are_replaced(server: Loopback, severa: Severa) -> None:
    server.on("GET /v1/customers", Reply(raw=b'[{"guid": "g1", "name": "a\\ud800b"}]'))
    assert severa.read(CUSTOMERS)[0]["name"] == "a\ufffdb"
