"""The access token: one for all threads, refreshed in time, never shown."""

from __future__ import annotations

import pytest

from recon import settings
from recon.effects import Effects
from recon.errors import Stop, Unticked
from recon.systems.severa import Options, Severa, parallel
from tests.systems.loopback import Asked, Loopback, Reply, fault, token
from tests.systems.severa_client import (
    CUSTOMERS,
    SECRET,
    Open,
    client,
)


def test_each_call_carries_bearer_and_client_id(server: Loopback, severa: Severa) -> None:
    server.on("GET /v1/customers", Reply(data=[]))
    severa.read(CUSTOMERS)
    asked = server.asked[-1].headers
    assert asked["authorization"].startswith("Bearer access-")
    assert asked["client_id"] == "me"
    assert set(server.asked[0].body["scope"].split()) == severa.wanted
    assert severa.scopes == {"customers:read", "customers:write"}


def test_eight_threads_fetch_one_token(server: Loopback, severa: Severa) -> None:
    server.on("POST /v1/token", lambda _: slow(token()))
    server.on("GET /v1/customers", Reply(data=[]))
    parallel([lambda: severa.read(CUSTOMERS) for _ in range(8)])
    assert severa.calls == {"token": 1, "list": 8}


def slow(reply: Reply) -> Reply:
    reply.delay = 0.1
    return reply


def test_the_token_is_refreshed_before_it_ends(server: Loopback) -> None:
    now = [0.0]
    server.on("POST /v1/refreshtoken", lambda _: token(life=100))
    server.on("POST /v1/token", lambda _: token(life=100))
    server.on("GET /v1/customers", Reply(data=[]))
    options = Options(gate=Open(), clock=lambda: now[0])
    given = settings.Severa(base_url=server.url)
    with Severa(given, Effects(), client_id="me", client_secret=SECRET, options=options) as severa:
        for moment in (0.0, 79.0, 81.0, 82.0):
            now[0] = moment
            severa.read(CUSTOMERS)
    assert server.count("POST /v1/token") == server.count("POST /v1/refreshtoken") == 1
    refresh = next(a for a in server.asked if a.path == "/v1/refreshtoken")
    assert refresh.body == "refresh-1"


def test_a_refused_refresh_falls_back_on_the_credentials(server: Loopback) -> None:
    server.on("POST /v1/token", lambda _: token(life=0))
    server.on("POST /v1/refreshtoken", fault(400, "InvalidParameter"))
    server.on("GET /v1/customers", Reply(data=[]))
    with client(server) as severa:
        severa.read(CUSTOMERS)
        severa.read(CUSTOMERS)
    assert server.count("POST /v1/token") == 2


@pytest.mark.parametrize("write", [False, True])
def test_401_is_tried_once_more_with_a_new_token(
    server: Loopback, severa: Severa, write: bool
) -> None:
    expired = fault(401, "AuthenticationRequired")
    server.on("GET /v1/customers", expired, Reply(data=[]))
    server.on("POST /v1/customers", expired, Reply(status=201, data={"guid": "g"}))
    if write:
        severa.create("/v1/customers", {"name": "A"})
    else:
        severa.read(CUSTOMERS)
    assert severa.calls["token"] == 2
    assert severa.calls["retry"] == 1


def test_401_twice_stops(server: Loopback, severa: Severa) -> None:
    server.on("GET /v1/customers", fault(401, "AuthenticationRequired"))
    with pytest.raises(Stop, match="does not accept the access token"):
        severa.read(CUSTOMERS)
    assert server.count("GET /v1/customers") == 2


def test_many_threads_with_an_expired_token_fetch_one_new_token(
    server: Loopback, severa: Severa
) -> None:
    old = f"Bearer {severa._token.bearer()}"

    def answer(asked: Asked) -> Reply:
        expired = asked.headers["authorization"] == old
        return fault(401, "AuthenticationRequired") if expired else Reply(data=[])

    server.on("GET /v1/customers", answer)
    parallel([lambda: severa.read(CUSTOMERS) for _ in range(8)])
    assert severa.calls["token"] == 2


def test_where_no_scope_to_write_is_ticked_a_token_to_read_is_asked_for(
    server: Loopback, severa: Severa
) -> None:
    def answer(asked: Asked) -> Reply:
        writes = ":write" in asked.body["scope"]
        return fault(403, "InsufficientApiScope") if writes else token("customers:read")

    server.on("POST /v1/token", answer)
    server.on("GET /v1/customers", Reply(data=[]))
    severa.read(CUSTOMERS)
    assert severa.scopes == {"customers:read"}
    assert server.count("POST /v1/token") == 2


def test_where_no_scope_is_ticked_that_is_what_is_said(server: Loopback, severa: Severa) -> None:
    server.on("POST /v1/token", fault(403, "InsufficientApiScope"))
    with pytest.raises(Unticked, match="no access token for the scopes asked for"):
        severa.read(CUSTOMERS)


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_wrong_secret_is_one_clear_sentence(
    server: Loopback, severa: Severa, status: int
) -> None:
    words = f"client me with secret {SECRET} is not known"
    server.on("POST /v1/token", fault(status, "AuthenticationRequired", message=words))
    with pytest.raises(Stop, match="does not accept client_id and client_secret") as caught:
        severa.read(CUSTOMERS)
    assert SECRET not in str(caught.value)
    assert server.count("POST /v1/token") == 1
